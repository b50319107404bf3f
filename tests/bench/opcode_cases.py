"""Loop bodies that give each opcode the most to do that the VM allows; for bench_opcode_prices.py.

The static fields 0 to 7 are the case's; the loop counts in local variable 8.
"""

from collections.abc import Iterator
from typing import NamedTuple

from rpcnode.vm.opcode import Opcode

LARGEST, SMALLEST = 2**255 - 1, -(2**255)
HASH_MODULUS = 2**61 - 1  # Python's hash of a number is its remainder by this
TRUE_AT_THE_END = "PUSHDATA1 0x20" + "00" * 31 + "01"
KEY = "PUSHDATA1 0x40" + "6b" * 64
JUMPS = "JMPEQ JMPNE JMPGT JMPGE JMPLT JMPLE"
UNARY = "INVERT SIGN ABS NEGATE INC DEC SQRT NOT NZ"
BINARY = "AND OR XOR ADD SUB DIV MOD BOOLAND BOOLOR NUMEQUAL NUMNOTEQUAL LT LE GT GE MIN MAX"

LEFT_OUT = {
    Opcode.PUSH1: "is the measure",
    Opcode.ABORT: "ends the script",
    Opcode.ABORTMSG: "ends the script",
    Opcode.INITSSLOT: "is executed once a script",
    Opcode.SYSCALL: "does what the host says",
    Opcode.CALLT: "does what the host says",
}


class Case(NamedTuple):
    """What is executed once before the loop, in it with the opcode, and in it without.

    Without, PUSH1 stands for what the opcode pushes and DROP for what it pops.
    """

    opcode: str
    operands: str
    setup: str
    body: str
    rest: str


def case(opcode: str, operands: str, setup: str, body: str, rest: str = "") -> Case:
    """A case in words; `$` in the body is the opcode with its operand."""
    return Case(opcode.split(maxsplit=1)[0], operands, setup, body.replace("$", opcode), rest)


def largest(kind: str, size: int) -> str:
    return f"{size} NEWBUFFER" + (" CONVERT 0x28" if kind == "string" else "")


def text(size: int) -> str:
    """UTF-8 of two bytes a character."""
    return "PUSHDATA1 0x02c3a9 " + "DUP CAT " * 15 + f"DUP {size - 65536} LEFT CAT CONVERT 0x28"


def structs(count: int, fields: str, size: int) -> str:
    """A struct of structs that are all apart."""
    return f"{fields} {size} PACKSTRUCT " * count + f"{count} PACKSTRUCT"


def same_struct(count: int, fields: int, pack: str = "PACKSTRUCT") -> str:
    """A struct, or an array, that holds one struct many times."""
    return f"{fields} NEWSTRUCT " + "DUP " * (count - 1) + f"{count} {pack}"


def numbers(count: int) -> str:
    return " ".join(str(LARGEST - index) for index in range(count))


def number_map(count: int, step: int = 1) -> str:
    return " ".join(f"0 {1 + index * step}" for index in range(count)) + f" {count} PACKMAP"


def string_key(index: int) -> str:
    return f"PUSHDATA1 0x40{index:0128x}"


def cases() -> Iterator[Case]:
    yield from constants()
    yield from flow()
    yield from stack()
    yield from slots()
    yield from splice()
    yield from arithmetic()
    yield from comparisons()
    yield from creations()
    yield from maps()
    yield from arrays()


def constants() -> Iterator[Case]:
    for size in (8, 16, 32, 64, 128, 256):
        yield case(f"PUSHINT{size} 0x" + "7f" * (size // 8), "", "", "$ DROP", "PUSH1 DROP")
    for name in ("PUSHT", "PUSHF", "PUSHNULL", "PUSHM1", *(f"PUSH{number}" for number in range(17))):
        if name != "PUSH1":
            yield case(name, "", "", "$ DROP", "PUSH1 DROP")
    yield case("PUSHA 0x00000000", "", "", "$ DROP", "PUSH1 DROP")
    yield case("PUSHDATA1 0xff" + "61" * 255, "255 bytes", "", "$ DROP", "PUSH1 DROP")
    yield case("PUSHDATA2 0xffff" + "61" * 65535, "65535 bytes", "", "$ DROP", "PUSH1 DROP")
    yield case("PUSHDATA4 0xfeff0100" + "61" * 131070, "131070 bytes", "", "$ DROP", "PUSH1 DROP")


def flow() -> Iterator[Case]:
    yield case("NOP", "", "", "$")
    for suffix, offset in (("", "0x02"), ("_L", "0x05000000")):
        yield case(f"JMP{suffix} {offset}", "", "", "$")
        for name in ("JMPIF", "JMPIFNOT"):
            yield case(
                f"{name}{suffix} {offset}", "32 bytes", f"{TRUE_AT_THE_END} STSFLD0", "LDSFLD0 $", "LDSFLD0 DROP"
            )
        for name in JUMPS.split():
            setup = f"{TRUE_AT_THE_END} STSFLD0"
            yield case(f"{name}{suffix} {offset}", "32 bytes", setup, "LDSFLD0 DUP $", "LDSFLD0 DUP DROP DROP")
    yield case("CALL 0x04", "with RET", "", "$ JMP 0x03 RET", "JMP 0x03 RET")
    yield case("CALL_L 0x07000000", "with RET", "", "$ JMP 0x03 RET", "JMP 0x03 RET")
    yield case("CALLA", "with RET", "", "PUSHA 0x08000000 $ JMP 0x03 RET", "PUSHA 0x00000000 DROP JMP 0x03 RET")
    yield case(
        "RET", "of 510 slots, with CALL", "", f"CALL 0x07 JMP_L 0x08010000 {'PUSHNULL ' * 255} INITSLOT 0xffff $"
    )
    yield case("ASSERT", "32 bytes", f"{TRUE_AT_THE_END} STSFLD0", "LDSFLD0 $", "LDSFLD0 DROP")
    for kind, words in {
        "text of 131070 bytes": text(131070),
        "ASCII of 131070 bytes": largest("string", 131070),
        "a buffer of 131070 bytes": f"{text(131070)} CONVERT 0x30",
    }.items():
        yield case("ASSERTMSG", kind, f"{words} STSFLD0", "PUSHT LDSFLD0 $", "PUSHT LDSFLD0 DROP DROP")
    yield case("THROW", "with TRY", "", "TRY 0x0500 PUSH1 $ DROP ENDTRY 0x02")
    thrown = f"{KEY} TRY 0x0700 LDSFLD0 OVER PICKITEM NOP DROP ENDTRY 0x02 DROP"
    yield case("PICKITEM", "a key of 64 bytes that is not there, with TRY", "NEWMAP STSFLD0", thrown)
    yield case("TRY 0x0400", "with ENDTRY", "", "$ NOP ENDTRY 0x02", "NOP")
    yield case("TRY_L 0x0a00000000000000", "with ENDTRY_L", "", "$ NOP ENDTRY_L 0x05000000", "NOP")
    yield case("ENDTRY 0x02", "with TRY", "", "TRY 0x0400 NOP $", "NOP")
    yield case("ENDTRY_L 0x05000000", "with TRY", "", "TRY 0x0400 NOP $", "NOP")
    yield case("ENDFINALLY", "with TRY and ENDTRY", "", "TRY 0x0005 ENDTRY 0x03 $")


def stack() -> Iterator[Case]:
    full = numbers(2000)
    yield case("DEPTH", "2000 items", full, "$ DROP", "PUSH1 DROP")
    yield case("DROP", "600 items that KEYS made", f"{number_map(600)} STSFLD0", "LDSFLD0 KEYS $")
    yield case("NIP", "", full, "1 1 $ DROP", "1 1 DROP DROP")
    yield case("XDROP", "1998 deep", full, "PUSH1 1998 $", "PUSH1 1998 DROP DROP")
    yield case("CLEAR", "2000 numbers, with PUSH1", "", "1 " * 2000 + "$")
    yield case("CLEAR", "1000 arrays, with NEWARRAY0", "", "NEWARRAY0 " * 1000 + "$")
    yield case("CLEAR", "1000 times one array, with DUP", "", "NEWARRAY0 " + "DUP " * 1000 + "$")
    yield case("DUP", "an array", "1000 NEWARRAY", "$ DROP", "PUSH1 DROP")
    yield case("OVER", "an array", "1000 NEWARRAY 1", "$ DROP", "PUSH1 DROP")
    yield case("PICK", "1999 deep", full, "1999 $ DROP", "1999 DROP")
    yield case("TUCK", "an array", "1 1000 NEWARRAY", "$ NIP SWAP", "PUSH1 DROP SWAP")
    for name in ("SWAP", "ROT", "REVERSE3", "REVERSE4"):
        yield case(name, "", full, "$")
    yield case("ROLL", "1999 deep", full, "1999 $", "1999 DROP")
    yield case("REVERSEN", "2000 items", full, "2000 $", "2000 DROP")


def slots() -> Iterator[Case]:
    yield case("INITSLOT 0xff00", "255 variables, with CALL and RET", "", "CALL 0x04 JMP 0x06 $ RET")
    called = f"CALL 0x07 JMP_L 0x08010000 {'PUSHNULL ' * 255} $ RET"
    yield case("INITSLOT 0xffff", "255 variables and arguments, with CALL and RET", "", called)
    for family in ("SFLD", "LOC", "ARG"):
        for index in (*map(str, range(7)), " 0x07"):
            setup, load = f"1000 NEWARRAY ST{family}{index}", f"LD{family}{index}"
            yield case(load, "an array", setup, "$ DROP", "PUSH1 DROP")
            yield case(f"ST{family}{index}", "over an array", setup, f"{load} $", f"{load} DROP")


def splice() -> Iterator[Case]:
    string = f"{largest('string', 131070)} STSFLD0"
    yield case("NEWBUFFER", "131070 bytes", "", "131070 $ DROP", "131070 DROP")
    setup = f"{string} {largest('buffer', 131070)} STSFLD1"
    yield case("MEMCPY", "131070 bytes", setup, "LDSFLD1 0 LDSFLD0 0 131070 $", "0 0 131070 DROP DROP DROP")
    setup = f"{largest('string', 65535)} STSFLD0"
    yield case("CAT", "twice 65535 bytes", setup, "LDSFLD0 DUP $ DROP", "LDSFLD0 DUP DROP DROP")
    yield case("SUBSTR", "131070 bytes", string, "LDSFLD0 0 131070 $ DROP", "LDSFLD0 0 131070 DROP DROP DROP")
    for name in ("LEFT", "RIGHT"):
        yield case(name, "131070 bytes", string, "LDSFLD0 131070 $ DROP", "LDSFLD0 131070 DROP DROP")
    yield case("CONVERT 0x30", "131070 bytes", string, "LDSFLD0 $ DROP", "LDSFLD0 DROP")
    yield case("CONVERT 0x41", "an array of 1000", "1000 NEWARRAY STSFLD0", "LDSFLD0 $ DROP", "LDSFLD0 DROP")
    for name in ("ISNULL", "ISTYPE 0x21"):
        yield case(name, "an array of 1000", "1000 NEWARRAY STSFLD0", "LDSFLD0 $ DROP", "LDSFLD0 DROP")


def arithmetic() -> Iterator[Case]:
    number = "PUSHDATA1 0x20" + "ff" * 31
    setup = f"{number}3f STSFLD0 {number}2f STSFLD1 {number}1f STSFLD2"
    for name in UNARY.split():
        yield case(name, "32 bytes", setup, "LDSFLD0 $ DROP", "LDSFLD0 DROP")
    for name in BINARY.split():
        yield case(name, "32 bytes", setup, "LDSFLD0 LDSFLD1 $ DROP", "LDSFLD0 LDSFLD1 DROP DROP")
    for name in ("MODMUL", "MODPOW", "WITHIN"):
        three = "LDSFLD0 LDSFLD1 LDSFLD2"
        yield case(name, "32 bytes", setup, f"{three} $ DROP", f"{three} DROP DROP DROP")
    yield case("MODPOW", "an inverse", setup, "LDSFLD0 -1 LDSFLD2 $ DROP", "LDSFLD0 -1 LDSFLD2 DROP DROP DROP")
    yield case("MUL", "32 bytes and 1", setup, "LDSFLD0 1 $ DROP", "LDSFLD0 1 DROP DROP")
    yield case("MUL", "twice 16 bytes", f"{2**127 - 1} STSFLD0", "LDSFLD0 DUP $ DROP", "LDSFLD0 DUP DROP DROP")
    setup += f" {SMALLEST} STSFLD3 {2**127 - 1} STSFLD4"
    for name in ("DIV", "MOD"):
        yield case(name, "32 by 16 bytes", setup, "LDSFLD3 LDSFLD4 $ DROP", "LDSFLD3 LDSFLD4 DROP DROP")
    yield case("POW", "-2 to the 255", "", "-2 255 $ DROP", "-2 255 DROP DROP")
    yield case("POW", "3 to the 160", "", "3 160 $ DROP", "3 160 DROP DROP")
    yield case("POW", "1 to the 256", setup, "1 256 $ DROP", "1 256 DROP DROP")
    yield case("SHL", "-1 by 255 bits", "", "-1 255 $ DROP", "-1 255 DROP DROP")
    yield case("SHR", "32 bytes by 256 bits", setup, "LDSFLD0 256 $ DROP", "LDSFLD0 256 DROP DROP")


def comparisons() -> Iterator[Case]:
    half = largest("string", 65536)
    fields = {
        "1000 numbers": numbers(1000),
        "1000 truths": "PUSHT " * 1000,
        "1000 strings": ("PUSHDATA1 0x3c" + "61" * 60 + " ") * 1000,
        "1000 pointers": "PUSHA 0x00000000 " * 1000,
    }
    pairs = {
        "65536 bytes": half,
        **{f"structs of {name}": f"{words} 1000 PACKSTRUCT" for name, words in fields.items()},
        "structs of 1000 Nulls": "1000 NEWSTRUCT",
        "structs of 500 structs": structs(500, "1", 1),
        "structs of 1000 empty structs": structs(1000, "", 0),
        "structs of 40 times a struct of 48": same_struct(40, 48),
        "structs of 1000 times a struct of 1": same_struct(1000, 1),
    }
    for name, words in pairs.items():
        for opcode in ("EQUAL", "NOTEQUAL"):
            setup = f"{words} STSFLD0 {words} STSFLD1"
            yield case(opcode, f"two {name}", setup, "LDSFLD0 LDSFLD1 $ DROP", "LDSFLD0 LDSFLD1 DROP DROP")


def creations() -> Iterator[Case]:
    array = f"{numbers(1000)} 1000 PACK STSFLD0"
    strings = " ".join(f"0 {string_key(index)}" for index in range(400)) + " 400 PACKMAP STSFLD0"
    truths = f"{number_map(600)} DUP PUSHT 1 SETITEM STSFLD0"
    yield case("PACKMAP", "400 entries, with UNPACK", strings, "LDSFLD0 UNPACK $ DROP")
    yield case("PACKSTRUCT", "1000 items, with UNPACK", array, "LDSFLD0 UNPACK $ DROP")
    yield case("PACK", "1000 items, with UNPACK", array, "LDSFLD0 UNPACK $ DROP")
    yield case("UNPACK", "1000 items, with CLEAR", array, "LDSFLD0 $ CLEAR")
    yield case("UNPACK", "400 entries, with CLEAR", strings, "LDSFLD0 $ CLEAR")
    yield case("UNPACK", "300 structs, with CLEAR", f"{structs(300, '1', 1)} STSFLD0", "LDSFLD0 $ CLEAR")
    for name in ("NEWARRAY0", "NEWSTRUCT0", "NEWMAP"):
        yield case(name, "with DROP", "", "$ DROP")
    for name in ("NEWARRAY", "NEWARRAY_T 0x28", "NEWSTRUCT"):
        yield case(name, "2000 items, with DROP", "", "2000 $ DROP")
    yield case("KEYS", "600 numbers, with DROP", f"{number_map(600)} STSFLD0", "LDSFLD0 $ DROP")
    yield case("KEYS", "400 strings, with DROP", strings, "LDSFLD0 $ DROP")
    yield case("KEYS", "600 numbers and a truth, with DROP", truths, "LDSFLD0 $ DROP")
    yield case("VALUES", "1000 items, with DROP", array, "LDSFLD0 $ DROP")
    yield case("VALUES", "300 structs, with DROP", f"{structs(300, '1', 1)} STSFLD0", "LDSFLD0 $ DROP")
    yield case("VALUES", "900 empty structs, with DROP", f"{same_struct(900, 0)} STSFLD0", "LDSFLD0 $ DROP")


def maps() -> Iterator[Case]:
    strings = " ".join(f"0 {string_key(index)}" for index in range(600)) + f" 600 PACKMAP STSFLD0 {KEY} STSFLD1"
    colliding = f"{number_map(600, HASH_MODULUS)} STSFLD0 {1 + 600 * HASH_MODULUS} STSFLD1"
    two = "LDSFLD0 LDSFLD1"
    yield case("SIZE", "a map of 600", strings, "LDSFLD0 $ DROP", "LDSFLD0 DROP")
    yield case("SIZE", "a number", f"{LARGEST} STSFLD0", "LDSFLD0 $ DROP", "LDSFLD0 DROP")
    for name, setup in (("64 bytes", strings), ("a number whose hash 600 others have", colliding)):
        yield case("HASKEY", name, setup, f"{two} $ DROP", f"{two} DROP DROP")
        yield case("REMOVE", name, setup, f"{two} $", f"{two} DROP DROP")
        yield case("SETITEM", f"{name}, with REMOVE", setup, f"{two} 5 $ {two} REMOVE")
        found = f"{setup} LDSFLD0 LDSFLD1 5 SETITEM"
        yield case("PICKITEM", name, found, f"{two} $ DROP", f"{two} DROP DROP")
    yield case("PICKITEM", "a byte of a number", f"{LARGEST} STSFLD0", "LDSFLD0 31 $ DROP", "LDSFLD0 31 DROP DROP")
    yield case("CLEARITEMS", "600 items that KEYS made", strings, "LDSFLD0 KEYS $")


def arrays() -> Iterator[Case]:
    many = f"{structs(300, '1', 1)} STSFLD0"
    one = "NEWARRAY0 STSFLD1 600 NEWSTRUCT STSFLD0"
    appended = "LDSFLD1 LDSFLD0 $ LDSFLD1 POPITEM DROP"
    yield case("APPEND", "a struct of 600, with POPITEM", one, appended)
    yield case("APPEND", "300 structs, with POPITEM", f"NEWARRAY0 STSFLD1 {many}", appended)
    yield case("SETITEM", "300 structs", f"1 NEWARRAY STSFLD1 {many}", "LDSFLD1 0 LDSFLD0 $")
    yield case("REVERSEITEMS", "1000 items", f"{numbers(1000)} 1000 PACK STSFLD0", "LDSFLD0 $")
    yield case("REVERSEITEMS", "131070 bytes", f"{largest('buffer', 131070)} STSFLD0", "LDSFLD0 $")
    yield case("REMOVE", "the first of up to 1000", "", "1000 NEWARRAY STSFLD0 " + "LDSFLD0 0 $ " * 1000)
    yield case("CLEARITEMS", "1000 items, with NEWARRAY", "", "1000 NEWARRAY $")
    yield case("POPITEM", "of up to 1000", "", "1000 NEWARRAY STSFLD0 " + "LDSFLD0 $ DROP " * 1000)

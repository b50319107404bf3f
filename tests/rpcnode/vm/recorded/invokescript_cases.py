"""The scripts that are compared with a real node: every opcode, at work and failing.

Where neo-go is known to differ from neo-vm there is no script here; test_operations.py has those.
"""

from collections.abc import Iterator

FAMILIES = ("SFLD", "LOC", "ARG")
TYPES = {
    "0x00": "Any",
    "0x10": "Pointer",
    "0x20": "Boolean",
    "0x21": "Integer",
    "0x28": "ByteString",
    "0x30": "Buffer",
    "0x40": "Array",
    "0x41": "Struct",
    "0x48": "Map",
    "0x60": "InteropInterface",
    "0x77": "unknown",
}
VALUES = {
    "Null": "PUSHNULL",
    "true": "PUSHT",
    "false": "PUSHF",
    "zero": "0",
    "300": "300",
    "no bytes": "PUSHDATA1 0x00",
    "bytes": "'ab'",
    "zero bytes": "PUSHDATA1 0x020000",
    "33 bytes": "PUSHDATA1 0x21" + "01" * 33,
    "buffer": "'ab' CONVERT 0x30",
    "buffer of 33": "33 NEWBUFFER",
    "array": "1 2 2 PACK",
    "struct": "1 2 2 PACKSTRUCT",
    "map": "1 'a' 1 PACKMAP",
    "pointer": "PUSHA 0x00000000",
}
NUMBERS = ("0", "1", "-1", "7", "-7", "255", "-128", str(2**255 - 1), str(-(2**255)))
BINARY = "ADD SUB MUL DIV MOD AND OR XOR NUMEQUAL NUMNOTEQUAL LT LE GT GE MIN MAX"
UNARY = "INVERT SIGN ABS NEGATE INC DEC NOT NZ SQRT"
JUMPS = "JMPEQ JMPNE JMPGT JMPGE JMPLT JMPLE"
STACK = "DEPTH DROP NIP CLEAR DUP OVER TUCK SWAP ROT REVERSE3 REVERSE4"

CASES = {
    "PUSHINT8": "PUSHINT8 0x80",
    "PUSHINT16": "PUSHINT16 0x0080",
    "PUSHINT32": "PUSHINT32 0x01000080",
    "PUSHINT64": "PUSHINT64 0x0102030405060780",
    "PUSHINT128": "PUSHINT128 0x" + "01" * 15 + "80",
    "PUSHINT256": "PUSHINT256 0x" + "01" * 31 + "80",
    "PUSHA": "PUSHA 0x00000000 PUSHA 0x01000000",
    "PUSHA to the end": "PUSHA 0x05000000",
    "PUSHA past the end": "PUSHA 0x06000000",
    "PUSHA before the start": "PUSHA 0xffffffff",
    "PUSHDATA2": "PUSHDATA2 0x0300616263",
    "PUSHDATA4": "PUSHDATA4 0x03000000616263",
    "PUSHDATA1 cut": "PUSHDATA1 0x0361",
    "PUSHDATA4 of two gigabytes": "PUSHDATA4 0xffffffff",
    "an unknown opcode": "1 0xff",
    "an unknown opcode behind RET": "1 RET 0xff",
    "an empty script": "",
    "NOP": "NOP 1",
    "JMP": "JMP 0x03 ABORT 5",
    "JMP back": "JMP 0x04 1 RET JMP 0xfe",
    "JMP_L": "JMP_L 0x06000000 ABORT 5",
    "JMP to the end": "JMP 0x02",
    "JMP outside": "JMP 0x7f",
    "JMP before the start": "JMP 0x80",
    "JMP into an operand": "JMP 0x03 PUSHDATA1 0x0111 RET",
    "CALL": "2 CALL 0x04 ADD RET 3 DUP RET",
    "CALL_L": "2 CALL_L 0x07000000 ADD RET 3 DUP RET",
    "CALL outside": "1 CALL 0x03",
    "CALLA": "PUSHA 0x08000000 CALLA 9 RET 7 RET",
    "CALLA of a number": "1 CALLA",
    "CALLT without a contract": "CALLT 0x0000",
    "CALL without end": "CALL 0x00",
    "SYSCALL": "SYSCALL 0xbed35cd6",
    "SYSCALL unknown": "SYSCALL 0x00000000",
    "ABORT": "TRY 0x0400 ABORT 1",
    "ABORTMSG": "'why' ABORTMSG",
    "ASSERT true": "1 PUSHT ASSERT",
    "ASSERT false": "TRY 0x0600 PUSHF ASSERT RET 1",
    "ASSERTMSG true": "1 PUSHT 'no' ASSERTMSG",
    "ASSERTMSG false": "PUSHF 'no' ASSERTMSG",
    "ASSERTMSG of no UTF-8": "PUSHT PUSHDATA1 0x01ff ASSERTMSG",
    "THROW uncaught": "'oops' THROW",
    "THROW of an array": "'oops' 1 PACK THROW",
    "TRY CATCH": "TRY 0x0700 'oops' THROW ENDTRY 0x02 1",
    "TRY CATCH and what it catches": "TRY 0x0500 5 THROW INC ENDTRY 0x02 1",
    "TRY FINALLY": "TRY 0x0006 1 ENDTRY 0x04 2 ENDFINALLY 3",
    "TRY CATCH FINALLY": "TRY 0x0508 7 THROW INC ENDTRY 0x04 2 ENDFINALLY 3",
    "TRY_L": "TRY_L 0x0b00000000000000 5 THROW INC ENDTRY_L 0x05000000 1",
    "TRY in a function, caught by the caller": "TRY 0x0500 CALL 0x06 DROP 8 RET 9 THROW",
    "TRY with a FINALLY that ends an exception": "TRY 0x0b00 TRY 0x0005 4 THROW 6 ENDFINALLY DROP 8",
    "TRY without CATCH and FINALLY": "TRY 0x0000",
    "ENDTRY without TRY": "ENDTRY 0x02",
    "ENDTRY in FINALLY": "TRY 0x0005 ENDTRY 0x02 ENDTRY 0x02",
    "ENDFINALLY without TRY": "ENDFINALLY",
    "ENDFINALLY in TRY": "TRY 0x0004 ENDFINALLY 1",
    "THROW in CATCH": "TRY 0x0600 1 THROW RET THROW",
    "THROW in CATCH with FINALLY": "TRY 0x0b00 TRY 0x0506 1 THROW THROW 2 ENDFINALLY INC RET",
    "16 TRY": "TRY 0x0400 " * 16 + "1",
    "17 TRY": "TRY 0x0400 " * 17 + "1",
    "PICK": "1 2 3 2 PICK",
    "PICK too deep": "1 1 PICK",
    "PICK negative": "1 -1 PICK",
    "XDROP": "1 2 3 1 XDROP",
    "XDROP too deep": "1 1 XDROP",
    "XDROP negative": "1 -1 XDROP",
    "ROLL": "1 2 3 2 ROLL",
    "ROLL of the top": "1 2 0 ROLL",
    "ROLL too deep": "1 1 ROLL",
    "ROLL negative": "1 -1 ROLL",
    "REVERSEN": "1 2 3 4 3 REVERSEN",
    "REVERSEN of none": "1 2 0 REVERSEN",
    "REVERSEN of too many": "1 2 REVERSEN",
    "REVERSEN past 32 bits": f"1 {2**31} REVERSEN",
    "INITSSLOT": "INITSSLOT 0x02 LDSFLD1",
    "INITSSLOT twice": "INITSSLOT 0x02 INITSSLOT 0x02",
    "INITSSLOT of none": "INITSSLOT 0x00",
    "INITSLOT": "1 2 INITSLOT 0x0102 LDARG0 LDARG1 LDLOC0",
    "INITSLOT twice": "INITSLOT 0x0100 INITSLOT 0x0100",
    "INITSLOT of none": "INITSLOT 0x0000",
    "INITSLOT with too few arguments": "1 INITSLOT 0x0002",
    "locals are the function's own": "INITSLOT 0x0100 1 STLOC0 CALL 0x04 LDLOC0 RET INITSLOT 0x0100 LDLOC0 RET",
    "static fields are shared": "INITSSLOT 0x01 CALL 0x04 LDSFLD0 RET 5 STSFLD0 RET",
    "NEWBUFFER": "3 NEWBUFFER 0 NEWBUFFER",
    "NEWBUFFER negative": "-1 NEWBUFFER",
    "NEWBUFFER of the largest size": "131070 NEWBUFFER SIZE",
    "NEWBUFFER too large": "131071 NEWBUFFER",
    "MEMCPY": "5 NEWBUFFER DUP 1 'abcd' 2 2 MEMCPY",
    "MEMCPY to itself, overlapping": "'abcdef' CONVERT 0x30 DUP DUP 2 SWAP 0 4 MEMCPY",
    "MEMCPY past the source": "5 NEWBUFFER DUP 1 'abcd' 3 2 MEMCPY",
    "MEMCPY past the target": "5 NEWBUFFER DUP 4 'abcd' 0 2 MEMCPY",
    "MEMCPY to a string": "'abc' 0 'x' 0 1 MEMCPY",
    "CAT": "'ab' 'cd' CAT",
    "CAT of numbers": "1 300 CAT PUSHT PUSHF CAT",
    "CAT too long": "65536 NEWBUFFER DUP CAT",
    "CAT of an array": "'a' NEWARRAY0 CAT",
    "SUBSTR": "'abcde' 1 3 SUBSTR 'abc' 3 0 SUBSTR",
    "SUBSTR past the end": "'abc' 2 2 SUBSTR",
    "SUBSTR negative": "'abc' -1 2 SUBSTR",
    "SUBSTR past 32 bits": f"'abc' {2**31 - 1} 1 SUBSTR",
    "LEFT": "'abc' 2 LEFT 'abc' 0 LEFT",
    "LEFT too long": "'abc' 4 LEFT",
    "RIGHT": "'abc' 2 RIGHT 'abc' 0 RIGHT",
    "RIGHT too long": "'abc' 4 RIGHT",
    "POW": f"2 254 POW -3 3 POW 0 0 POW {2**100} 2 POW",
    "POW too large": "2 255 POW",
    "POW of a negative exponent": "2 -1 POW",
    "POW of an exponent past the limit": "0 257 POW",
    "MODMUL": "-7 3 4 MODMUL 7 3 -4 MODMUL",
    "MODMUL by 0": "7 3 0 MODMUL",
    "MODMUL of a product past 256 bits": f"{2**255 - 1} {2**255 - 1} {2**255 - 2} MODMUL",
    "MODPOW": "-2 3 5 MODPOW 2 10 -7 MODPOW 3 0 1 MODPOW -2 2 5 MODPOW",
    "MODPOW with the inverse": "19 -1 141 MODPOW",
    "MODPOW without inverse": "6 -1 9 MODPOW",
    "MODPOW with the inverse of 0": "0 -1 9 MODPOW",
    "MODPOW with the inverse by 1": "3 -1 1 MODPOW",
    "MODPOW with a negative exponent": "3 -2 7 MODPOW",
    "MODPOW by 0": "3 2 0 MODPOW",
    "SHL": "1 254 SHL -1 255 SHL 5 1 SHL",
    "SHL too far": "1 255 SHL",
    "SHL past the limit": "0 257 SHL",
    "SHL negative": "1 -1 SHL",
    "SHR": "-1 256 SHR -5 1 SHR 5 1 SHR",
    "SHR past the limit": "0 257 SHR",
    "BOOLAND": "PUSHT 'a' BOOLAND 0 PUSHT BOOLAND PUSHNULL NEWARRAY0 BOOLAND",
    "BOOLOR": "PUSHF PUSHNULL BOOLOR 0 NEWMAP BOOLOR",
    "WITHIN": "1 1 3 WITHIN 3 1 3 WITHIN 0 1 3 WITHIN",
    "PACKMAP": "1 'a' 2 'b' 2 PACKMAP",
    "PACKMAP with a key twice": "1 'a' 2 'a' 2 PACKMAP",
    "PACKMAP of too many": "1 'a' 2 PACKMAP",
    "PACKMAP with an array for a key": "1 NEWARRAY0 1 PACKMAP",
    "PACKMAP with too long a key": "1 PUSHDATA1 0x41" + "61" * 65 + " 1 PACKMAP",
    "PACKMAP with true, 1 and its bytes": "1 PUSHT 2 1 3 PUSHDATA1 0x0101 3 PACKMAP",
    "PACKSTRUCT": "1 2 2 PACKSTRUCT",
    "PACK": "1 'a' 2 PACK 0 PACK",
    "PACK of too many": "1 2 PACK",
    "PACK negative": "-1 PACK",
    "UNPACK": "1 2 3 3 PACK UNPACK",
    "UNPACK of a map": "1 'a' 2 'b' 2 PACKMAP UNPACK",
    "UNPACK of a number": "1 UNPACK",
    "NEWARRAY": "2 NEWARRAY",
    "NEWARRAY negative": "-1 NEWARRAY",
    "NEWARRAY of the most": "2047 NEWARRAY SIZE",
    "NEWARRAY of more": "2048 NEWARRAY",
    "NEWARRAY past the limit": "2049 NEWARRAY",
    "NEWSTRUCT0": "NEWSTRUCT0",
    "NEWSTRUCT": "2 NEWSTRUCT",
    "NEWMAP": "NEWMAP",
    "SIZE": "0 SIZE 300 SIZE PUSHT SIZE 'abc' SIZE 5 NEWBUFFER SIZE 2 NEWARRAY SIZE NEWMAP SIZE",
    "KEYS": "1 'a' 2 PUSHT 3 7 3 PACKMAP KEYS",
    "KEYS of an array": "NEWARRAY0 KEYS",
    "VALUES": "1 'a' 2 'b' 2 PACKMAP VALUES 5 6 2 PACK VALUES",
    "VALUES clones structs": "INITSLOT 0x0100 1 1 PACKSTRUCT DUP STLOC0 1 PACK VALUES LDLOC0 0 9 SETITEM LDLOC0",
    "PICKITEM": "4 5 6 3 PACK DUP 1 PICKITEM 'abc' 1 PICKITEM 300 1 PICKITEM PUSHT 0 PICKITEM",
    "PICKITEM of a map": "5 'a' 1 PACKMAP 'a' PICKITEM",
    "PICKITEM of a buffer": "'abc' CONVERT 0x30 2 PICKITEM",
    "PICKITEM outside, caught": "TRY 0x0700 NEWARRAY0 0 PICKITEM RET DROP ENDTRY 0x02 1",
    "PICKITEM of a key that is not there, caught": "TRY 0x0900 NEWMAP PUSHDATA1 0x0161 PICKITEM RET DROP ENDTRY 0x02 1",
    "PICKITEM of Null": "PUSHNULL 0 PICKITEM",
    "APPEND": "NEWARRAY0 DUP 5 APPEND DUP 6 APPEND",
    "APPEND clones a struct": "NEWARRAY0 1 1 PACKSTRUCT OVER OVER APPEND DUP 0 9 SETITEM",
    "APPEND to a map": "NEWMAP 1 APPEND",
    "SETITEM": "2 NEWARRAY DUP 1 'x' SETITEM",
    "SETITEM of a map": "NEWMAP DUP 'k' 1 SETITEM DUP 'k' 2 SETITEM DUP 5 3 SETITEM",
    "SETITEM of a buffer": "2 NEWBUFFER DUP 1 255 SETITEM DUP 0 -128 SETITEM",
    "SETITEM of a buffer with too much": "2 NEWBUFFER DUP 1 256 SETITEM",
    "SETITEM of a buffer with an array": "2 NEWBUFFER DUP 1 NEWARRAY0 SETITEM",
    "SETITEM outside, caught": "TRY 0x0a00 1 NEWARRAY DUP 1 5 SETITEM RET DROP ENDTRY 0x02 1",
    "SETITEM with too long a key": "NEWMAP DUP PUSHDATA1 0x41" + "61" * 65 + " 1 SETITEM",
    "SETITEM with a key of 64 bytes": "NEWMAP DUP PUSHDATA1 0x40" + "61" * 64 + " 1 SETITEM SIZE",
    "REVERSEITEMS": "1 2 3 3 PACK DUP REVERSEITEMS 'abc' CONVERT 0x30 DUP REVERSEITEMS",
    "REVERSEITEMS of a map": "NEWMAP REVERSEITEMS",
    "REMOVE": "1 2 3 3 PACK DUP 1 REMOVE 1 'a' 2 'b' 2 PACKMAP DUP 'a' REMOVE DUP 'z' REMOVE",
    "REMOVE outside": "NEWARRAY0 0 REMOVE",
    "CLEARITEMS": "1 1 PACK DUP CLEARITEMS 1 'a' 1 PACKMAP DUP CLEARITEMS",
    "POPITEM": "1 2 2 PACK DUP POPITEM",
    "POPITEM of none": "NEWARRAY0 POPITEM",
    "EQUAL of structs": "1 'a' 2 PACKSTRUCT 1 'a' 2 PACKSTRUCT EQUAL 1 1 PACKSTRUCT 2 1 PACKSTRUCT EQUAL",
    "EQUAL of arrays": "NEWARRAY0 DUP EQUAL NEWARRAY0 NEWARRAY0 EQUAL",
    "EQUAL of pointers": "PUSHA 0x00000000 PUSHA 0xfbffffff EQUAL",
    "EQUAL of too many bytes": "PUSHDATA1 0x0161 65537 NEWBUFFER CONVERT 0x28 EQUAL",
    "EQUAL of many bytes": "65536 NEWBUFFER CONVERT 0x28 DUP EQUAL",
    "EQUAL of many bytes in structs": "65535 NEWBUFFER CONVERT 0x28 DUP 1 PACKSTRUCT SWAP 1 PACKSTRUCT EQUAL",
    "2048 items": "1 " * 2048 + "CLEAR 5",
    "2049 items": "1 " * 2049,
    "1024 frames": "INITSSLOT 0x01 0 STSFLD0 CALL 0x04 RET LDSFLD0 INC DUP STSFLD0 1000 JMPGE 0x04 CALL 0xf6 RET",
}


def cases() -> Iterator[tuple[str, str]]:
    """Name and words of every script."""
    yield from CASES.items()
    yield "PUSHM1 to PUSH16", "PUSHM1 " + " ".join(f"PUSH{number}" for number in range(17))
    for opcode in UNARY.split():
        for number in NUMBERS:
            yield f"{opcode} of {number}", f"{number} {opcode}"
    for opcode in BINARY.split():
        for left in NUMBERS:
            for right in ("0", "3", "-3", str(2**255 - 1)):
                yield f"{left} {opcode} {right}", f"{left} {right} {opcode}"
    for name, value in VALUES.items():
        for opcode in (*UNARY.split(), "ISNULL", "SIZE", "JMPIF 0x02", "JMPIFNOT 0x02", "ASSERT"):
            yield f"{opcode} of {name}", f"{value} {opcode} 1"
        for opcode in ("ADD", "LT", "GE", "EQUAL", "NOTEQUAL", "BOOLAND", "BOOLOR", "CAT", "HASKEY", "VALUES"):
            yield f"{opcode} with {name}", f"1 {value} {opcode}"
            yield f"{opcode} of {name} and 1", f"{value} 1 {opcode}"
        for kind, type_name in TYPES.items():
            yield f"{name} as {type_name}", f"{value} CONVERT {kind}"
            if type_name not in ("Any", "unknown"):
                yield f"{name} is {type_name}", f"{value} ISTYPE {kind}"
    for kind, type_name in TYPES.items():
        yield f"NEWARRAY_T of {type_name}", f"2 NEWARRAY_T {kind}"
    for opcode in JUMPS.split():
        for left in ("1", "2", "3"):
            yield f"{left} {opcode} 2", f"{left} 2 {opcode} 0x04 0 RET 1"
            yield f"{left} {opcode}_L 2", f"{left} 2 {opcode}_L 0x07000000 0 RET 1"
    for opcode in ("JMPIF", "JMPIFNOT"):
        for value in ("PUSHT", "PUSHF"):
            yield f"{opcode} of {value}", f"{value} {opcode} 0x04 0 RET 1"
            yield f"{opcode}_L of {value}", f"{value} {opcode}_L 0x07000000 0 RET 1"
    for opcode in STACK.split():
        for depth in range(5):
            yield f"{opcode} of {depth}", " ".join(map(str, range(1, depth + 1))) + f" {opcode}"
    for family in FAMILIES:
        init = "INITSSLOT 0x09" if family == "SFLD" else "INITSLOT 0x0900" if family == "LOC" else ""
        init = init or "PUSHNULL " * 9 + "INITSLOT 0x0009"
        for index in (*map(str, range(7)), " 0x08"):
            yield f"ST{family}{index}", f"{init} 5 ST{family}{index} LD{family}{index}"
        yield f"LD{family} outside", f"{init} LD{family} 0x09"
        yield f"ST{family} outside", f"{init} 1 ST{family} 0x09"
        yield f"LD{family}0 of no slot", f"LD{family}0"
        yield f"ST{family}0 of no slot", f"1 ST{family}0"

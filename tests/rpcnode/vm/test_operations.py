"""What operations do where the recording of neo-go cannot tell: neo-vm's own rules, read in its sources."""

import pytest

from rpcnode.execution.scripts import script_of
from rpcnode.vm.conversions import push
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.items import Array, Map, Pointer, StackItem
from rpcnode.vm.jump_table import BEFORE_GORGON, LATEST
from rpcnode.vm.opcode import Opcode
from tests.rpcnode.vm.script_text import assemble

LONG = "PUSHDATA1 0x41" + "61" * 65
OUT_OF_RANGE = "Specified argument was out of the range of valid values. (Parameter '{0}')"
NEGATIVE = "{0} ('{1}') must be {2}. (Parameter '{0}')\nActual value was {1}."


def executed(words: str, engine: Engine | None = None) -> Engine:
    engine = engine or Engine()
    engine.load_script(script_of(assemble(words)))
    engine.execute()
    return engine


def typed(items: list[StackItem]) -> list[tuple[type, StackItem]]:
    """The items with their types, which tell True from 1."""
    return [(type(item), item) for item in items]


@pytest.mark.parametrize(
    ("words", "results"),
    [
        ("PUSHF JMPIF 0x7f 1", [1]),  # a jump that is not taken may lead anywhere; neo-go looks before
        ("1 CALL 0x02", [1]),  # a call may lead to the end, which returns; neo-go does not allow it
        ("TRY 0x0508 7 THROW INC ENDTRY 0x03 ENDFINALLY", [8]),  # the same of the end of a TRY
        ("TRY 0x0600 NEWARRAY0 0 PICKITEM ENDTRY 0x02", [b"The index of VMArray is out of range, 0/[0, 0)."]),
        ("TRY 0x0700 2 NEWBUFFER 9 PICKITEM ENDTRY 0x02", [b"The index of Buffer is out of range, 9/[0, 2)."]),
        ("TRY 0x0800 300 2 PICKITEM ENDTRY 0x02", [b"The index of PrimitiveType is out of range, 2/[0, 2)."]),
        ("TRY 0x0800 NEWMAP PUSHDATA1 0x0161 PICKITEM ENDTRY 0x02", [b'Key "a" not found in Map.']),
        ("TRY 0x0800 NEWMAP PUSHDATA1 0x01ff PICKITEM ENDTRY 0x02", [b'Key "Base64: /w==" not found in Map.']),
        ("TRY 0x0600 NEWMAP PUSHT PICKITEM ENDTRY 0x02", [b"Key True not found in Map."]),
        ("TRY 0x0700 NEWARRAY0 0 1 SETITEM ENDTRY 0x02", [b"The index of VMArray is out of range, 0/[0, 0)."]),
        ("0 ROLL", []),  # needs no item; neo-vm after 3.10.2 does
        ("PUSHT PUSHNULL ASSERTMSG", []),  # Null is an empty message; neo-go faults
        ("PUSHT 0 SHL PUSHF 0 SHR", [1, 0]),  # numbers even when they are not shifted
        ("PUSHNULL PUSHNULL LT PUSHNULL 1 GE", [False, False]),
        ("PUSHT PUSHF MAX PUSHT NEGATE", [1, -1]),
        ("PUSHT PUSHT AND PUSHT PUSHF OR PUSHT PUSHT XOR PUSHT ABS", [1, 1, 0, 1]),  # numbers, of Booleans too
        ("PUSHT PUSHF MIN PUSHT SQRT PUSHT SIGN PUSHT 1 MUL PUSHF INVERT", [0, 1, 1, 1, -1]),
        ("PUSHT 1 EQUAL 0 PUSHF EQUAL PUSHT 1 NOTEQUAL PUSHT 1 NUMEQUAL", [False, False, True, True]),
        ("1 1 PACKSTRUCT PUSHT 1 PACKSTRUCT EQUAL 0 'a' 2 PACKSTRUCT PUSHF 'a' 2 PACKSTRUCT EQUAL", [False, False]),
        ("PUSHDATA1 0x0101 1 EQUAL PUSHDATA1 0x0101 PUSHT EQUAL PUSHDATA1 0x00 0 EQUAL", [False, False, False]),
        ("2 NEWBUFFER DUP EQUAL 2 NEWBUFFER 2 NEWBUFFER EQUAL", [True, False]),  # a Buffer has an identity
        ("2 NEWBUFFER DUP CONVERT 0x28 EQUAL", [False]),
        ("2 NEWBUFFER DUP CONVERT 0x28 SWAP 0 7 SETITEM", [bytes(2)]),  # a ByteString made of a Buffer is a copy
        ("'ab' CONVERT 0x30 DUP DUP 0 7 SETITEM", [bytearray(b"\x07b"), bytearray(b"\x07b")]),
        ("5 PUSHT 6 1 7 PUSHDATA1 0x0101 3 PACKMAP DUP SIZE SWAP KEYS UNPACK", [3, True, 1, b"\x01", 3]),
        ("5 PUSHT 6 1 2 PACKMAP DUP 1 PICKITEM SWAP PUSHT PICKITEM", [6, 5]),
        ("5 PUSHT 1 PACKMAP DUP 1 HASKEY SWAP PUSHT HASKEY 6 0 1 PACKMAP PUSHF HASKEY", [False, True, False]),
        ("5 PUSHT 6 1 2 PACKMAP DUP PUSHT REMOVE KEYS UNPACK", [1, 1]),
        ("NEWMAP DUP PUSHT 5 SETITEM DUP 1 6 SETITEM VALUES UNPACK", [6, 5, 2]),
    ],
)
def test_operations_leave_what_neo_vm_leaves(words: str, results: list[StackItem]) -> None:
    engine = executed(words)
    assert engine.state is VmState.HALT, engine.fault
    assert typed(engine.results) == typed(results)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("DROP", "Out of stack bounds: 0/0 (Parameter 'index')"),
        ("1 NIP", "Out of stack bounds: 1/1 (Parameter 'index')"),
        ("DUP", "Peek index is out of stack bounds: 0/0"),
        ("1 OVER", "Peek index is out of stack bounds: 1/1"),
        ("1 1 ROLL", "Out of stack bounds: 1/1 (Parameter 'index')"),
        ("1 -1 ROLL", "The negative value -1 is invalid for OpCode.ROLL."),
        (
            "1 ROT",
            "Specified argument was out of the range of valid values. "
            "(Parameter 'Swap index is out of stack bounds: 2/1')",
        ),
        ("1 TUCK", "Insert index is out of stack bounds: 2/1"),
        ("1 -1 PICK", "The negative value -1 is invalid for OpCode.PICK."),
        ("1 2 REVERSEN", "Out of stack bounds: 2/1 (Parameter 'n')"),
        (
            "1 SWAP",
            "Specified argument was out of the range of valid values. "
            "(Parameter 'Swap index is out of stack bounds: 1/1')",
        ),
        (
            "JMP 0x7f",
            "Specified argument was out of the range of valid values. "
            "(Parameter 'Jump out of range for position: 127')",
        ),
        ("CALL 0x03", "Out of script bounds: 3/2 (Parameter 'value')"),
        ("1 CALLA", "The item can't be casted to type Neo.VM.Types.Pointer"),
        ("CALLT 0x0700", "Token not found: 7"),
        ("SYSCALL 0x01020304", "Syscall not found: 67305985"),
        ("ABORT", "ABORT is executed."),
        ("'why' ABORTMSG", "ABORTMSG is executed. Reason: why"),
        ("PUSHNULL ABORTMSG", "ABORTMSG is executed. Reason: "),
        ("PUSHF ASSERT", "ASSERT is executed with false result."),
        ("PUSHF 'no' ASSERTMSG", "ASSERTMSG is executed with false result. Reason: no"),
        ("PUSHF PUSHNULL ASSERTMSG", "ASSERTMSG is executed with false result. Reason: "),
        ("1 THROW", "An unhandled exception was thrown."),
        ("'oops' THROW", "An unhandled exception was thrown. oops"),
        ("1 'oops' 2 PACK THROW", "An unhandled exception was thrown. oops"),
        ("TRY 0x0000", "catchOffset and finallyOffset can't both be 0 in a TRY block."),
        ("ENDTRY 0x02", "The corresponding TRY block cannot be found."),
        ("ENDFINALLY", "The corresponding TRY block cannot be found."),
        ("TRY 0x0004 ENDFINALLY 1", "Out of script bounds: -1/5 (Parameter 'value')"),
        ("TRY 0x0003 ENDTRY 0x02", "The opcode ENDTRY can't be executed in a FINALLY block."),
        ("TRY 0x0300 " * 17, "MaxTryNestingDepth exceed."),
        ("CALL 0x00", "MaxInvocationStackSize exceed: 1024"),
        ("1 " * 2049, "MaxStackSize exceed: 2049/2048"),
        ("2048 NEWARRAY", "MaxStackSize exceed: 2049/2048"),
        ("2049 NEWARRAY", "The array size is out of valid range, 2049/[0, 2048]."),
        ("INITSSLOT 0x01 INITSSLOT 0x01", "INITSSLOT cannot be executed twice."),
        ("INITSLOT 0x0000", "The operand 0 is invalid for OpCode.INITSLOT."),
        ("LDLOC0", "Slot has not been initialized."),
        ("INITSLOT 0x0100 1 STLOC1", "Index out of range when storing to slot: 1, 1/[0, 1)."),
        ("INITSLOT 0x0100 LDLOC1", "Index out of range when loading from slot: 1, 1/[0, 1)."),
        ("131071 NEWBUFFER", "MaxItemSize exceed: 131071/131070"),
        ("-1 NEWBUFFER", "MaxItemSize exceed: -1/131070"),
        ("2147483648 NEWBUFFER", "Arithmetic operation resulted in an overflow."),
        ("4294967296 NEWBUFFER", "Value was either too large or too small for an Int32."),
        ("-2147483649 NEWBUFFER", "Value was either too large or too small for an Int32."),
        ("'abc' 2 2 SUBSTR", "The index + count is out of range for SUBSTR, index: 2, count: 2, 4/[0, 3]."),
        ("'abc' 2147483647 1 SUBSTR", "Arithmetic operation resulted in an overflow."),
        ("'abc' 4 LEFT", "The count is out of range for LEFT, 4/[0, 3]."),
        ("1 0 DIV", "Attempted to divide by zero."),
        ("0 257 POW", "Invalid shift value: 257/256"),
        ("-1 SQRT", "value can not be negative"),
        ("2 255 POW", "Integer size 33 bytes exceeds maximum allowed size of 32 bytes. (Parameter 'value')"),
        ("6 -1 9 MODPOW", "Operation is not valid due to the current state of the object."),
        (
            "PUSHDATA1 0x21" + "00" * 33 + " INC",
            "Can not convert ByteString to an integer, MaxSize of Integer is exceeded: 33/32.",
        ),
        ("2 NEWBUFFER INC", "Specified cast is not valid."),
        ("PUSHNULL INC", "Specified cast is not valid."),
        ("1 ISTYPE 0x00", "Invalid type: Any"),
        ("1 ISTYPE 0x77", "Invalid type: 119"),
        ("PUSHNULL CONVERT 0x00", "Type Null can't be converted to StackItemType: Any"),
        ("1 CONVERT 0x40", "Specified cast is not valid."),
        ("2 NEWARRAY_T 0x77", "Invalid type for NEWARRAY_T: 119"),
        ("PUSHNULL SIZE", "Invalid type for SIZE: Any"),
        ("NEWARRAY0 KEYS", "The item can't be casted to type Neo.VM.Types.Map"),
        ("1 UNPACK", "The item can't be casted to type Neo.VM.Types.CompoundType"),
        ("NEWARRAY0 NEWMAP PICKITEM", "The item can't be casted to type Neo.VM.Types.PrimitiveType"),
        ("NEWARRAY0 131070 HASKEY", "The index 131070 is invalid for OpCode HASKEY."),
        ("NEWARRAY0 0 REMOVE", "The index of VMArray is out of range, 0/[0, 0)."),
        ("2 NEWBUFFER 0 256 SETITEM", "Overflow in SETITEM, 256 is not a byte type."),
        ("2 NEWBUFFER 0 PUSHNULL SETITEM", "Only primitive type values can be set in Buffer in SETITEM."),
        (
            f"NEWMAP {LONG} HASKEY",
            "Key size 65 bytes exceeds maximum allowed size of 64 bytes. (Parameter 'key')",
        ),
        (
            f"NEWMAP {LONG} REMOVE",
            "Can not remove key from map, MaxKeySize of Map is exceeded: 65/64. (Parameter 'key')",
        ),
        (
            "PUSHDATA1 0x0161 65537 NEWBUFFER CONVERT 0x28 EQUAL",
            "The operand exceeds the maximum comparable size, 65537/65536.",
        ),
        # The struct itself counts 1, so 65535 are left for its field.
        (
            "65536 NEWBUFFER CONVERT 0x28 DUP 1 PACKSTRUCT SWAP 1 PACKSTRUCT EQUAL",
            "The operand exceeds the maximum comparable size, 65536/65535.",
        ),
        ("NEWSTRUCT0 DUP DUP APPEND", None),
        ("NEWSTRUCT0 DUP DUP APPEND DUP DUP APPEND NEWARRAY0 SWAP APPEND", None),
        ("0xff", "Exception of type 'Neo.VM.BadScriptException' was thrown."),
        ("PUSHDATA1 0x0261", "Instrucion out of bounds. InstructionPointer: 2, operandSize: 2, length: 3"),
        ("PUSHDATA2 0x02", "Instruction out of bounds. InstructionPointer: 1"),
        ("PUSHDATA4 0xffffffff", "Instruction out of bounds. InstructionPointer: 1, operandSize: -1"),
        (
            "NOP PUSHDATA4 0xffffff7f",  # ends past 32 bits, which the check of its length does not see
            "Specified argument was out of the range of valid values. (Parameter 'start')",
        ),
        # JumpTable.Control and .Push work positions out with `checked`; a jump's only when it is taken.
        ("NOP JMP_L 0xffffff7f", "Arithmetic operation resulted in an overflow."),
        ("NOP PUSHT JMPIF_L 0xffffff7f", "Arithmetic operation resulted in an overflow."),
        ("NOP PUSHF JMPIF_L 0xffffff7f", None),
        ("NOP CALL_L 0xffffff7f", "Arithmetic operation resulted in an overflow."),
        ("NOP PUSHA 0xffffff7f", "Arithmetic operation resulted in an overflow."),
        ("NOP TRY_L 0xffffff7f00000000 7", "Arithmetic operation resulted in an overflow."),
        ("NOP TRY_L 0x00000000ffffff7f 7", "Arithmetic operation resulted in an overflow."),
        ("TRY 0x0800 NOP ENDTRY_L 0xffffff7f", "Arithmetic operation resulted in an overflow."),
        ("JMP_L 0xffffff7f", OUT_OF_RANGE.format("Jump out of range for position: 2147483647")),
        ("2 NEWBUFFER 0 -1 SETITEM", "Arithmetic operation resulted in an overflow."),
        ("2 NEWBUFFER 0 -129 SETITEM", "Overflow in SETITEM, -129 is not a byte type."),
        # 2 * 2^30 is below zero in 32 bits, so the size passes and the first pop fails.
        ("1073741824 PACKMAP", "Out of stack bounds: 0/0 (Parameter 'index')"),
        ("1073741823 PACKMAP", "The map size is out of valid range, 2*1073741823/[0, 0]."),
        ("0 -2 23 MODPOW", NEGATIVE.format("exponent", -1, "a non-negative value")),
        ("0 -1 23 MODPOW", NEGATIVE.format("value", 0, "a non-negative and non-zero value")),
        ("3 -1 1 MODPOW", NEGATIVE.format("modulus", 1, "greater than or equal to '2'")),
    ],
)
def test_faults_have_the_text_of_neo_vm(words: str, message: str | None) -> None:
    engine = executed(words)
    assert engine.state is (VmState.FAULT if message else VmState.HALT)
    assert (str(engine.fault) if engine.fault else None) == message


@pytest.mark.parametrize(
    ("words", "before", "now"),
    [
        ("PUSHT 0 SHL", [True], [1]),
        ("NEWARRAY0 0 SHR DROP 1", [1], None),
        ("NEWARRAY0 131070 HASKEY", [False], None),
        ("TRY 0x0e00 NEWARRAY0 PUSHINT64 0x0000000001000000 PICKITEM DROP 7", None, [7]),
        ("TRY 0x0f00 NEWARRAY0 PUSHINT64 0x0000000001000000 1 SETITEM DROP 7", None, [7]),
        ("NEWMAP PUSHINT64 0x0000000001000000 HASKEY", [False], [False]),
        ("5 1 SHL 5 1 SHR", [10, 2], [10, 2]),
        ("TRY 0x0600 NEWARRAY0 0 PICKITEM DROP 7", [7], [7]),
        ("2 NEWBUFFER DUP 0 -1 SETITEM 0 PICKITEM", [255], None),
        ("2 NEWBUFFER DUP 0 200 SETITEM 0 PICKITEM", [200], [200]),
        ("TRY 0x1000 2 NEWBUFFER 2 PUSHINT64 0x0000000001000000 SETITEM DROP 7", [7], [7]),
    ],
)
def test_gorgon_changes_operations(words: str, before: list[StackItem] | None, now: list[StackItem] | None) -> None:
    for table, results in ((BEFORE_GORGON, before), (LATEST, now)):
        engine = executed(words, Engine(table=table))
        assert typed(engine.results) == typed(results) if results is not None else engine.state is VmState.FAULT


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("NEWARRAY0 -1 HASKEY", "The negative index -1 is invalid for OpCode HASKEY."),
        ("NEWMAP -1 HASKEY", None),
        ("1 -1 HASKEY", "Invalid type for HASKEY: Integer"),
        ("NEWARRAY0 4294967296 REMOVE", "Value was either too large or too small for an Int32."),
        ("2 NEWBUFFER 0 4294967296 SETITEM", "Value was either too large or too small for an Int32."),
        ("2 NEWBUFFER 0 256 SETITEM", "Overflow in SETITEM, 256 is not a byte type."),
    ],
)
def test_before_gorgon_faults_have_the_text_of_neo(words: str, message: str | None) -> None:
    # neo, ApplicationEngine: HasKey_Before543, Remove_Before543, SetItem_Before543.
    engine = executed(words, Engine(table=BEFORE_GORGON))
    assert (str(engine.fault) if engine.fault else None) == message


def test_every_opcode_has_a_function_and_nothing_else_has() -> None:
    assert set(LATEST) == set(BEFORE_GORGON) == set(Opcode)


def test_pointers_are_of_one_load_of_a_script() -> None:
    # A node makes a Script of its own for each call of a contract, and pointers compare scripts by identity.
    script = script_of(assemble("PUSHA 0x07000000 RET CALLA RET 5"))
    engine = Engine()
    engine.load_script(script)
    assert engine.execute() is VmState.HALT
    (pointer,) = engine.results
    assert isinstance(pointer, Pointer)
    engine = Engine()
    engine.load_script(script, position=6).stack.append(pointer)
    assert engine.execute() is VmState.FAULT
    assert str(engine.fault) == "Pointers can't be shared between scripts"


def test_pointers_of_one_load_are_equal_when_their_positions_are() -> None:
    engine = executed("PUSHA 0x00000000 PUSHA 0xfbffffff EQUAL PUSHA 0x00000000 PUSHA 0x00000000 EQUAL")
    assert engine.results == [True, False]


@pytest.mark.parametrize("change", ["1 APPEND", "0 1 SETITEM", "REVERSEITEMS", "0 REMOVE", "CLEARITEMS", "POPITEM"])
def test_read_only_arrays_do_not_change(change: str) -> None:
    array = Array([1])
    array.read_only = True
    assert "is readonly" in fault_of(array, change)


@pytest.mark.parametrize("change", ["1 2 SETITEM", "1 REMOVE", "CLEARITEMS"])
def test_read_only_maps_do_not_change(change: str) -> None:
    target = Map([(1, 1)])
    target.read_only = True
    assert "is readonly" in fault_of(target, change)


def fault_of(item: StackItem, words: str) -> str:
    """The text of the fault of a script that finds the item on its stack."""
    engine = Engine()
    frame = engine.load_script(script_of(assemble(words)))
    push(frame, item)
    assert engine.execute() is VmState.FAULT
    return str(engine.fault)

import pytest

from rpcnode.execution.scripts import script_of
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.faults import BadScript
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script import Script, read_instruction
from tests.rpcnode.vm.script_text import assemble


@pytest.mark.parametrize(
    ("words", "opcode", "data", "end"),
    [
        ("PUSHINT16 0x2c01", Opcode.PUSHINT16, "2c01", 3),
        ("PUSHDATA1 0x026162", Opcode.PUSHDATA1, "6162", 4),
        ("PUSHDATA2 0x02006162", Opcode.PUSHDATA2, "6162", 5),
        ("PUSHDATA4 0x020000006162", Opcode.PUSHDATA4, "6162", 7),
        ("TRY_L 0x0100000002000000", Opcode.TRY_L, "0100000002000000", 9),
        ("RET", Opcode.RET, "", 1),
    ],
)
def test_an_instruction_is_its_opcode_and_its_operand(words: str, opcode: Opcode, data: str, end: int) -> None:
    instruction = read_instruction(assemble(words), 0)
    assert (instruction.opcode, instruction.data.hex(), instruction.next) == (opcode, data, end)


def test_prices_are_those_of_the_reference() -> None:
    # neo, ApplicationEngine.OpCodePrices: a few of each size.
    assert {
        opcode.name: opcode.price
        for opcode in (Opcode.PUSH1, Opcode.RET, Opcode.JMP, Opcode.ADD, Opcode.CALL, Opcode.CAT, Opcode.CALLT)
    } == {"PUSH1": 1, "RET": 0, "JMP": 2, "ADD": 8, "CALL": 512, "CAT": 2048, "CALLT": 32768}


@pytest.mark.parametrize(
    "words",
    [
        "JMP 0x02 RET",
        "PUSHA 0x05000000 RET",
        "TRY 0x0300 RET",
        "TRY_L 0x0900000000000000 RET",
        "ENDTRY 0x00",
        "NEWARRAY_T 0x00",
        "ISTYPE 0x21",
        "CONVERT 0x60",
        "PUSHDATA1 0x00",
        "",
    ],
)
def test_strict_mode_takes_sound_scripts(words: str) -> None:
    assert Script(assemble(words), strict=True).data == assemble(words)


@pytest.mark.parametrize(
    "words",
    [
        "0xff",
        "RET 0xff",
        "PUSHDATA1 0x0161 PUSHDATA1 0x02",
        "PUSHINT32 0x0000",
        "JMP 0x02",  # the end is no instruction
        "JMP 0x03 PUSHDATA1 0x0161",  # into an operand
        "JMP_L 0xffffffff",
        "CALL_L 0x06000000",
        "PUSHA 0x7fffffff",
        "TRY 0x037f RET",
        "TRY_L 0x7f00000000000000 RET",
        "ENDTRY_L 0x06000000",
        "NEWARRAY_T 0x77",
        "ISTYPE 0x00",
        "CONVERT 0x77",
    ],
)
def test_strict_mode_refuses_unsound_scripts(words: str) -> None:
    with pytest.raises(BadScript):
        Script(assemble(words), strict=True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("NEWARRAY_T 0x77", "Exception of type 'Neo.VM.BadScriptException' was thrown."),
        ("1 CONVERT 0x77", "Exception of type 'Neo.VM.BadScriptException' was thrown."),
        ("1 CONVERT 0x00", "ip: 1, opcode: CONVERT"),
        ("NOP JMP 0x7f", "ip: 1, opcode: JMP"),
        ("NOP JMP_L 0xffffff7f", "Arithmetic operation resulted in an overflow."),
        ("NOP TRY_L 0x05000000ffffff7f", "ip: 1, opcode: TRY_L"),
    ],
)
def test_what_strict_mode_says_is_what_neo_vm_says(words: str, message: str) -> None:
    with pytest.raises(BadScript) as raised:
        Script(assemble(words), strict=True)
    assert str(raised.value) == message


def test_without_strict_mode_only_what_is_executed_must_be_sound() -> None:
    engine = Engine()
    engine.load_script(script_of(assemble("1 RET 0xff JMP 0x7f")))
    assert engine.execute() is VmState.HALT


def test_a_broken_instruction_is_a_new_fault_each_time() -> None:
    # A fault raised again would hold every engine that it was ever raised in.
    script, engines = Script(assemble("NOP 0xff")), (Engine(), Engine())
    for engine in engines:
        engine.load_script(script)
        assert engine.execute() is VmState.FAULT
        assert isinstance(engine.fault, BadScript)
    assert engines[0].fault is not engines[1].fault


def test_a_jump_into_an_operand_executes_it() -> None:
    engine = Engine()
    engine.load_script(script_of(assemble("JMP 0x04 PUSHDATA1 0x0215 0x16")))  # PUSH5, PUSH6 as data
    engine.execute()
    assert engine.results == [5, 6]


def test_the_same_bytes_are_the_same_script() -> None:
    data = assemble("1 2 ADD 33 MUL")
    assert script_of(data) is script_of(bytes(bytearray(data)))
    assert script_of(data) is not script_of(data, strict=True)

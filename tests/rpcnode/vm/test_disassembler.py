from rpcnode.primitives.uint import UInt160
from rpcnode.vm.disassembler import disassemble
from rpcnode.vm.script_builder import ScriptBuilder, syscall_id
from tests.rpcnode.vm.script_text import assemble


def test_a_call_of_a_contract_reads_as_what_it_does() -> None:
    script = ScriptBuilder().call(UInt160.ZERO, "transfer", [300, None]).to_bytes()
    name = "System.Contract.Call"
    assert list(disassemble(script, {syscall_id(name): name})) == [
        "0000 PUSHNULL",
        "0001 PUSHINT16 0x2c01  # 300",
        "0004 PUSH2",
        "0005 PACK",
        "0006 PUSH15",
        '0007 PUSHDATA1 0x7472616e73666572  # "transfer"',
        "0017 PUSHDATA1 0x" + "00" * 20,
        "0039 SYSCALL 0x627d5b52  # System.Contract.Call",
    ]


def test_operands_are_explained() -> None:
    words = "INITSLOT 0x0102 INITSSLOT 0x03 TRY 0x0400 JMP 0xfe CONVERT 0x28 ISTYPE 0x77 CALLT 0x0100 PUSHDATA1 0x00"
    assert list(disassemble(assemble(words))) == [
        "0000 INITSLOT 0x0102  # 1 locals, 2 arguments",
        "0003 INITSSLOT 0x03  # 3 static fields",
        "0005 TRY 0x0400  # to 0009, none",
        "0008 JMP 0xfe  # to 0006",
        "0010 CONVERT 0x28  # ByteString",
        "0012 ISTYPE 0x77  # no type",
        "0014 CALLT 0x0100  # token 1",
        '0017 PUSHDATA1 0x  # ""',
    ]


def test_what_is_no_instruction_ends_the_text() -> None:
    assert list(disassemble(assemble("1 0xff 2"))) == ["0000 PUSH1", "0001 bytes 0xff12"]

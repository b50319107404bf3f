from base64 import b64decode
from typing import Any

import pytest

from rpcnode.execution.serializers.item_json import item_from_json
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem
from rpcnode.vm.script_builder import MAX_ARRAY_DEPTH, Pushable, ScriptBuilder, syscall_id

GAS = UInt160.parse("0xd2a4cff31913016155e38e474a2c06d08be276cf")
GAS_CALL_END = "0c14cf76e28bd0062c4a478ee35561011319f3cfa4d241627d5b52"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "0b"),
        (True, "08"),
        (False, "09"),
        (1, "11"),
        (300, "012c01"),
        (b"\x01\x02", "0c020102"),
        ("\u00fc", "0c02c3bc"),
        (GAS, GAS_CALL_END[:44]),
        ([1, "a"], "0c01611112c0"),
        ([], "10c0"),
        ([[1], []], "10c01111c012c0"),
    ],
    ids=repr,
)
def test_values_are_pushed_as_neo_writes_them(value: Pushable, code: str) -> None:
    assert ScriptBuilder().push(value).to_bytes().hex() == code


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("System.Contract.Call", "627d5b52"),
        ("System.Crypto.CheckSig", "56e7b327"),
        ("System.Crypto.CheckMultisig", "9ed0dc3a"),
    ],
)
def test_a_system_call_is_named_by_the_start_of_its_names_hash(name: str, identifier: str) -> None:
    assert syscall_id(name).hex() == identifier
    assert ScriptBuilder().syscall(name).to_bytes().hex() == "41" + identifier


def test_a_call_without_arguments_makes_an_empty_array() -> None:
    # NEWARRAY0, PUSH15 (all flags), PUSHDATA1 "symbol", PUSHDATA1 hash, SYSCALL.
    script = ScriptBuilder().call(GAS, "symbol", []).to_bytes()
    assert script.hex() == "c21f0c0673796d626f6c" + GAS_CALL_END


def test_the_flags_of_a_call_can_be_fewer() -> None:
    # PUSH5: read states and call.
    assert ScriptBuilder().call(GAS, "symbol", [], flags=5).to_bytes().hex() == "c2150c0673796d626f6c" + GAS_CALL_END


HELDOUT = UInt160.parse("0xa311f1e54756b3fb086976943c153c2d39741f4d")
ODD = UInt160.parse("0x04a22d19a323bb638eb602b713f8842753e6cad5")
# Transactions of the recorded chain and of neo-go's test chain, as those who made them meant them.
RECORDED_CALLS = [
    (
        HELDOUT,
        "transfer",
        [
            bytes.fromhex("bff93e75631b1b84591459d20974337fd2644292"),
            bytes.fromhex("85b63d158473afc412481dfe0cb088800006bea6"),
            1_000_000_000,
            None,
        ],
        "0b0200ca9a3b0c1485b63d158473afc412481dfe0cb088800006bea60c14bff93e75631b1b84591459d20974337fd264429214c01f0c08"
        "7472616e736665720c144d1f74392d3c153c94766908fbb35647e5f111a341627d5b52",
    ),
    (ODD, "emit", [7, None, 9], "190b1713c01f0c04656d69740c14d5cae6532784f813b702b68e63bb23a3192da20441627d5b52"),
    (
        ODD,
        "emit",
        [b"", [1, 2], 9],
        "19121112c00c0013c01f0c04656d69740c14d5cae6532784f813b702b68e63bb23a3192da20441627d5b52",
    ),
    (ODD, "emit", [7, True, 1], "11081713c01f0c04656d69740c14d5cae6532784f813b702b68e63bb23a3192da20441627d5b52"),
    (
        ODD,
        "emit",
        [b"", bytes.fromhex("9375660f9ed3d7c2040b2e185b3b33c6d3a18f64"), 2**70],
        "04000000000000000040000000000000000c149375660f9ed3d7c2040b2e185b3b33c6d3a18f640c0013c01f0c04656d69740c14d5cae653"
        "2784f813b702b68e63bb23a3192da20441627d5b52",
    ),
    (
        ODD,
        "emit_other",
        [b"\x03" * 21, b"\x03" * 21, -3],
        "00fd0c150303030303030303030303030303030303030303030c1503030303030303030303030303030303030303030313c01f0c0a656d"
        "69745f6f746865720c14d5cae6532784f813b702b68e63bb23a3192da20441627d5b52",
    ),
    (
        UInt160.parse("0xc17da07ba65ba62a07134c171cf8c50d02f17995"),
        "setRecord",
        ["neo.com", 1, "1.2.3.4"],
        "0c07312e322e332e34110c076e656f2e636f6d13c01f0c097365745265636f72640c149579f1020dc5f81c174c13072aa65ba67ba07dc1"
        "41627d5b52",
    ),
]


@pytest.mark.parametrize(("contract", "method", "args", "script"), RECORDED_CALLS)
def test_calls_are_byte_for_byte_those_of_recorded_transactions(
    contract: UInt160, method: str, args: list[Pushable], script: str
) -> None:
    assert ScriptBuilder().call(contract, method, args).to_bytes().hex() == script


def test_the_scripts_of_recorded_transfers_follow_from_what_they_moved(recorded_chain: dict[str, Any]) -> None:
    # 108 of 167 transactions: the others deploy, mint, emit made-up events, or move nothing.
    assert _scripts_that_begin_with_their_first_transfer(recorded_chain) == 108


def _scripts_that_begin_with_their_first_transfer(chain: dict[str, Any]) -> int:
    found = 0
    for block in chain["blocks"]:
        for transaction in block["verbose"]["tx"]:
            script = b64decode(transaction["script"])
            for event in chain["application_logs"][transaction["hash"]]["executions"][0]["notifications"][:1]:
                state = [_pushable(item_from_json(item)) for item in event["state"]["value"]]
                contract = UInt160.parse(event["contract"])
                found += script.startswith(ScriptBuilder().call(contract, "transfer", [*state, None]).to_bytes())
    return found


def _pushable(item: StackItem) -> Pushable:
    return item if type(item) is int or isinstance(item, bytes) else None


def test_arrays_nest_to_a_limit() -> None:
    value: Pushable = []
    for _ in range(MAX_ARRAY_DEPTH - 1):
        value = [value]
    assert ScriptBuilder().push(value).to_bytes().hex() == "10c0" + "11c0" * (MAX_ARRAY_DEPTH - 1)
    with pytest.raises(FormatError, match="nested deeper than 64 levels"):
        ScriptBuilder().push([value])


def test_an_array_in_itself_cannot_be_pushed() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(FormatError, match="nested deeper"):
        ScriptBuilder().push(value)


def test_instructions_can_be_written_by_number() -> None:
    assert ScriptBuilder().op(0x38).op(0x0C, b"\x01a").to_bytes().hex() == "380c0161"

"""Entry scripts and what they cost: vectors of real nodes, and prices worked out."""

import pytest

from rpcnode.chain.format.layouts import layout_of
from rpcnode.execution.call_scripts import CALL_SCRIPTS, call_gas
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, Buffer, InteropInterface, Map, StackItem

GAS = UInt160.parse("0xd2a4cff31913016155e38e474a2c06d08be276cf")
SCRIPT_OF_GAS = GAS.hex()

# neo-go 0.120: invokefunction GAS balanceOf(GAS), script and gasconsumed
BALANCE_OF = f"0c14{SCRIPT_OF_GAS}11c01f0c0962616c616e63654f660c14{SCRIPT_OF_GAS}41627d5b52"


def test_an_n3_script_is_what_a_node_runs() -> None:
    assert CALL_SCRIPTS["n3"](GAS, "balanceOf", (bytes(GAS),)).hex() == BALANCE_OF
    assert call_gas("n3", bytes.fromhex(BALANCE_OF), "balanceOf") == 2_028_330


@pytest.mark.parametrize(
    ("profile", "arguments", "pushed"),
    [
        ("n3", (), "c2"),
        ("n3", (True, False, None), "0b090813c0"),
        ("n3", (1, 0), "101112c0"),
        ("n3", (Map([(True, 5), (1, 6)]),), "1611150812be11c0"),
        ("n3-preview", (), "10c0"),
        ("n3-preview", (True, False), "101112c0"),  # truth values are numbers there
        ("n3-preview", (Array((True, 5)),), "151112c011c0"),
        ("n2", (), "00c1"),
        ("n2", (True, False), "005152c1"),
        ("n2", (-1, 300), "022c014f52c1"),
        ("n2", (Array((1,)),), "5151c151c1"),
        ("n2", (b"\x01\x02", Buffer(b"\x03")), "010302010252c1"),
    ],
)
def test_arguments_are_pushed_from_last_to_first(
    profile: ProfileName, arguments: tuple[StackItem, ...], pushed: str
) -> None:
    assert CALL_SCRIPTS[profile](GAS, "m", arguments).hex().startswith(pushed)


@pytest.mark.parametrize(
    ("profile", "pushed"),
    [
        ("n3", "c2"),
        ("n3-preview", "10c3"),  # neo 3.0.0-preview2, VM/Helper.EmitAppCall without arguments: PUSH0 NEWARRAY
        ("n2", "00"),  # neo 2.12, VM/Helper.EmitAppCall without arguments: an empty byte array
    ],
)
def test_a_call_without_a_list_of_arguments_is_what_wallets_write(profile: ProfileName, pushed: str) -> None:
    script = CALL_SCRIPTS[profile](GAS, "m", None)
    assert script.hex().startswith(pushed + {"n3": "1f0c016d", "n3-preview": "0c016d", "n2": "016d"}[profile])
    assert layout_of(profile, 5195086).call(GAS, "m", ()) == script


@pytest.mark.parametrize(
    ("profile", "argument"),
    [
        ("n3", InteropInterface()),
        ("n3", Map([(1, InteropInterface())])),
        ("n3", Buffer(b"")),
        ("n2", Map()),
        ("n2", None),
    ],
)
def test_what_no_script_pushes_is_refused(profile: ProfileName, argument: StackItem) -> None:
    with pytest.raises(FormatError, match="cannot be pushed"):
        CALL_SCRIPTS[profile](GAS, "m", (argument,))


@pytest.mark.parametrize(
    ("argument", "units"),
    [
        (1, 1),
        (2**62, 1),  # PUSHINT64
        (2**100, 4),  # PUSHINT128
        (2**200, 4),  # PUSHINT256
        (bytes(255), 8),  # PUSHDATA1
        (bytes(256), 512),  # PUSHDATA2
        (bytes(65536), 4096),  # PUSHDATA4
        (Array(), 1 + 2048),  # PUSH0 PACK
        (Map(), 8),  # NEWMAP
        (Map([(1, None)]), 1 + 1 + 1 + 2048),
    ],
)
def test_each_push_has_its_price(argument: StackItem, units: int) -> None:
    # PUSH1 1, PACK 2048, PUSH15 1, two PUSHDATA1 8 each, System.Contract.Call 32768
    rest = 1 + 2048 + 1 + 8 + 8 + 32768
    assert call_gas("n3", CALL_SCRIPTS["n3"](GAS, "m", (argument,)), None) == (units + rest) * 30


def test_preview2_charges_by_its_own_table() -> None:
    # RpcTestCases.json of neo-plugins 3.0.0-preview2: balanceOf of GAS costs 2007570
    script = CALL_SCRIPTS["n3-preview"](GAS, "balanceOf", (bytes(20),))
    assert call_gas("n3-preview", script, "balanceOf") == 2_007_570

"""invokefunction of the older nodes: scripts, stacks and errors in their form."""

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import HOLDER, TOKEN, NodeBuilder, block, chain_of, error, result, transfers
from tests.plugins.rpc_server.invocations.invoked_chain import ABSENT, account


def test_preview2_writes_the_script_of_its_own_test_case(build: NodeBuilder) -> None:
    # RpcTestCases.json of neo-plugins 3.0.0-preview2, "invokefunction": script, state, gas and stack
    node = build(chain_of(height=1), "n3-preview")
    holder = "91b83e96f2a7c4fdf0c1688441ec61986c7cae26"
    answer = result(node, "invokefunction", "0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b", "balanceOf", account(holder))
    assert answer == {
        "script": "0c1426ae7c6c9861ec418468c1f0fdc4a7f2963eb89111c00c0962616c616e63654f660c14"
        "3b7d3711c6f0ccf9b1dca903d1bfa1d896f1238c41627d5b52",
        "state": "HALT",
        "gas_consumed": "2007570",
        "stack": [{"type": "Integer", "value": "0"}],
    }
    assert list(answer) == ["script", "state", "gas_consumed", "stack"]


@pytest.mark.parametrize(
    ("profile", "symbol"),
    [("n3-preview", {"type": "ByteArray", "value": "REVNTw=="}), ("n2", {"type": "ByteArray", "value": "44454d4f"})],
)
def test_older_nodes_call_bytes_a_byte_array(build: NodeBuilder, profile: ProfileName, symbol: Json) -> None:
    contracts = {"demo": {"hash": TOKEN, "standard": "NEP-5", "symbol": "DEMO"}}
    node = build(chain_of(contracts=contracts, height=1), profile)
    assert result(node, "invokefunction", TOKEN, "symbol")["stack"] == [symbol]


def test_neo_2_writes_its_own_opcodes(build: NodeBuilder) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 5)))), "n2")
    answer = result(node, "invokefunction", TOKEN, "balanceOf", account(HOLDER))
    # PUSHBYTES20 account, PUSH1 PACK, PUSHBYTES9 "balanceOf", APPCALL contract
    script = "14" + "a1" * 20 + "51c1" + "0962616c616e63654f66" + "67" + "77" * 20
    assert answer == {
        "script": script,
        "state": "HALT",
        "gas_consumed": "0.011",
        "stack": [{"type": "Integer", "value": "5"}],
    }


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_older_nodes_fault_without_saying_why(build_once: NodeBuilder, profile: ProfileName) -> None:
    answer = result(build_once(chain_of(height=1), profile), "invokefunction", ABSENT, "symbol")
    assert (answer["state"], answer["stack"]) == ("FAULT", [])
    assert "exception" not in answer


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        (None, {"code": -2147467261, "message": "Object reference not set to an instance of an object."}),
        (
            {"type": "Any", "value": 1},
            {"code": -2147024809, "message": "Value does not fall within the expected range."},
        ),
        ({"type": "Integer", "value": "1.5"}, {"code": -32602, "message": "Invalid params"}),
        (
            {"type": "Array", "value": "x"},
            {
                "code": -2147467262,
                "message": "Unable to cast object of type 'Neo.IO.Json.JString' to type 'Neo.IO.Json.JArray'.",
            },
        ),
    ],
)
@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_older_nodes_leak_what_their_runtime_says_of_arguments(
    build_once: NodeBuilder, profile: ProfileName, argument: Json, expected: dict[str, int | str]
) -> None:
    node = build_once(chain_of(height=1), profile)
    assert error(node, "invokefunction", TOKEN, "symbol", [argument]) == expected

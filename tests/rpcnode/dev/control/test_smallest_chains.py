"""Every dev method on the smallest chains there are: it does its work, or says what is wrong."""

import json
from contextlib import suppress
from typing import Any, Final

import pytest

from rpcnode.primitives.errors import ProfileName, RpcError
from rpcnode.primitives.json import Json
from tests.rpcnode.dev.control.small_chain_nodes import PROFILES, STANDARD, Commanded, Start

ACCOUNT: Final = "0x" + "ca" * 20

CHAINS: Final[dict[str, dict[str, Any]]] = {
    "nothing declared": {},
    "the genesis block alone": {"node": {"height": 0}},
    "a height without blocks": {"node": {"height": 5, "header_height": 9}},
    "headers alone": {"node": {"height": 0, "header_height": 5}},
}

CALLS: Final[list[tuple[str, Json]]] = [
    ("dev_mine", []),
    ("dev_mine", [2]),
    ("dev_mine", [2, 7]),
    ("dev_setBlockTime", ["manual"]),
    ("dev_setTime", [4_000_000_000_000]),
    ("dev_increaseTime", [1]),
    ("dev_setNextBlockTimestamp", [4_000_000_000_000]),
    ("dev_setTimeStep", [1000]),
    ("dev_transfer", [{"asset": "GAS", "from": None, "to": ACCOUNT, "amount": 1}]),
    ("dev_transfer", [{"asset": "gas", "from": ACCOUNT, "to": None, "amount": 1}]),
    ("dev_transfer", [{"asset": ACCOUNT, "from": ACCOUNT, "to": ACCOUNT, "amount": 0}]),
    ("dev_mint", [{"asset": "GAS", "to": ACCOUNT, "amount": 1}]),
    ("dev_mint", [{"asset": "GAS", "to": ACCOUNT, "amount": 1, "token_id": "01"}]),
    ("dev_deploy", [{"key": "a", "standard": "none"}]),
    ("dev_deploy", [{"key": "a", "standard": "NEP-5", "symbol": "A", "total_supply": 1}]),
    ("dev_deploy", [{"key": "a", "standard": "NEP-11"}]),
    ("dev_deploy", [{"key": "a", "nef": "", "manifest": {}}]),
    ("dev_invoke", [{"contract": "GAS", "method": "symbol", "signers": [ACCOUNT]}]),
    ("dev_invoke", [{"contract": ACCOUNT, "method": "a", "args": [1]}]),
    ("dev_notify", [{"contract": "GAS", "event": "E", "state": []}]),
    ("dev_notify", [{"contract": ACCOUNT, "event": "E", "state": []}]),
    ("dev_snapshot", []),
    ("dev_revert", ["none"]),
    ("dev_snapshots", []),
    ("dev_reset", []),
    ("dev_reset", [{}]),
    ("dev_rewind", [0]),
    ("dev_rewind", [5]),
    ("dev_dumpState", []),
    ("dev_loadState", ["{}"]),
    ("dev_setSync", [{}]),
    ("dev_setSync", [{"height": 0}]),
    ("dev_setSync", [{"height": 3, "header_height": 7}]),
    ("dev_setLag", [{}]),
    ("dev_setLag", [{"RpcNep5Tracker": 3}]),
    ("dev_impersonate", [ACCOUNT]),
    ("dev_stopImpersonating", [ACCOUNT]),
    ("dev_setFault", [{"method": "*", "drop": True}]),
    ("dev_clearFaults", []),
    ("dev_journal", []),
    ("dev_verify", [{"method": "*", "times": 0}]),
    ("dev_trace", ["0x" + "12" * 32]),
    ("dev_info", []),
    ("rpc.discover", []),
]


@pytest.mark.parametrize("document", CHAINS.values(), ids=CHAINS.keys())
@pytest.mark.parametrize("profile", PROFILES)
def test_every_dev_method_answers_on_the_smallest_chains(
    start: Start, profile: ProfileName, document: dict[str, Any]
) -> None:
    node = start(profile, document)
    assert node.node.dev is not None
    assert {name for name, _ in CALLS} == node.node.dev.methods.keys()
    start_state = node("dev_snapshot")
    for method, params in CALLS:
        assert isinstance(params, list)
        # What is not an RpcError is told as an internal error.
        with suppress(RpcError):
            json.dumps(node(method, *params))
        node("dev_revert", start_state)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_contract_is_deployed_where_there_is_none(start: Start, profile: ProfileName) -> None:
    node: Commanded = start(profile, {"node": {"height": 0}})
    node("dev_deploy", {"key": "first", "standard": STANDARD[profile], "symbol": "F", "decimals": 0})
    declared = [state for state in node.node.ledger.contracts() if state.contract_id > 0]
    assert [(node.node.ledger.label_of(state).key, state.contract_id) for state in declared] == [("first", 1)]

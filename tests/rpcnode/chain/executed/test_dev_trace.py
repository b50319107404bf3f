"""`dev_trace`. Logs to compare with are neo-go's, of the chain that was recorded from it."""

import gzip
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from rpcnode.testing import LocalNode, RpcCallError, in_process
from tests import PROJECT

RECORDING = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"
LOGS = {
    log["txid"]: log["executions"][0]
    for log in json.loads(gzip.decompress(RECORDING.read_bytes()))["application_logs"].values()
    if "txid" in log
}
GAS = "0xd2a4cff31913016155e38e474a2c06d08be276cf"


@pytest.fixture(scope="module")
def recorded() -> Iterator[LocalNode]:
    with in_process(RECORDING) as node:
        yield node


def events_in(call: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for step in call["steps"]:
        if "eventname" in step:
            yield step
        else:
            yield from events_in(step)


def calls_in(call: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield call
    for step in call["steps"]:
        if "steps" in step:
            yield from calls_in(step)


def test_a_trace_does_what_the_recorded_log_says(recorded: LocalNode) -> None:
    for txid in Random(16).sample(sorted(LOGS), 40):
        log, trace = LOGS[txid], recorded.call("dev_trace", txid)
        assert (trace["vmstate"], trace["gasconsumed"]) == (log["vmstate"], log["gasconsumed"])
        assert (trace["complete"], trace["exact"]) == (True, True)
        if log["vmstate"] == "HALT":
            assert list(events_in(trace["calls"])) == log["notifications"]
        spent = int(log["gasconsumed"])
        for call in calls_in(trace["calls"]):
            inner = sum(int(step["gas"]) - 1 for step in call["steps"] if "gas" in step)
            assert inner <= int(call["gas"]) <= spent  # each is rounded up


def test_a_transfer_is_a_call_with_its_events_and_rows() -> None:
    with in_process() as node:
        txid = node.call("dev_transfer", {"asset": "GAS", "from": "account1", "to": "account2", "amount": "100000000"})
        trace = node.call("dev_trace", txid)
        sender, receiver = (node.accounts[name].script_hash for name in ("account1", "account2"))
        before = {name: int(node.balance(name, "GAS")) for name in ("account1", "account2")}
    (call,) = (step for step in trace["calls"]["steps"] if "method" in step)
    assert (call["contract"], call["method"], call["result"]) == (GAS, "transfer", {"type": "Boolean", "value": True})
    assert [arg["type"] for arg in call["args"]] == ["ByteString", "ByteString", "Integer", "Any"]
    assert call["args"][2]["value"] == "100000000"
    (event,) = call["steps"]
    assert event["eventname"] == "Transfer"
    assert len(trace["storage"]) == 2
    assert {row["contract"] for row in trace["storage"]} == {GAS}
    assert trace["exact"]
    assert sender != receiver
    assert before["account2"] > before["account1"]


def test_a_declared_token_shows_its_own_call() -> None:
    fixture = {
        "accounts": {"alice": {"seed": "a"}, "bob": {"seed": "b"}},
        "contracts": {"coin": {"standard": "NEP-17", "symbol": "COIN", "decimals": 0}},
        "balances": [{"account": "alice", "asset": "coin", "amount": 9, "block": 1}],
    }
    with in_process(fixture) as node:
        txid = node.call("dev_transfer", {"asset": "coin", "from": "alice", "to": "bob", "amount": 4})
        trace = node.call("dev_trace", txid)
        coin = node.contracts["coin"]
    assert (coin, "transfer") in [(call["contract"], call["method"]) for call in calls_in(trace["calls"])]
    assert trace["exact"]


def test_what_failed_is_undone_and_says_why() -> None:
    with in_process() as node:
        failing = {"contract": "GAS", "method": "nosuch", "args": [5], "faults": True}
        trace = node.call("dev_trace", node.call("dev_invoke", failing))
    assert trace["vmstate"] == "FAULT"
    assert trace["calls"]["undone"]
    assert trace["exception"] == f'Method "nosuch" with 1 parameter(s) doesn\'t exist in the contract {GAS}.'
    assert (trace["storage"], trace["exact"]) == ([], True)


def test_a_chain_that_goes_back_keeps_its_traces(recorded: LocalNode) -> None:
    txid = next(iter(LOGS))
    first = recorded.call("dev_trace", txid)
    recorded.call("dev_snapshot", "before")
    recorded.call("dev_mine", 3)
    assert recorded.call("dev_trace", txid) == first
    recorded.call("dev_revert", "before")
    assert recorded.call("dev_trace", txid) == first


@pytest.mark.parametrize(
    ("transaction", "code", "told"),
    [
        ("0x" + "12" * 32, -32000, "is no transaction of the chain"),
        ("alice", -32602, "transaction: "),
        (5, -32602, "transaction: "),
    ],
)
def test_what_is_no_transaction_is_refused(transaction: Any, code: int, told: str, recorded: LocalNode) -> None:
    with pytest.raises(RpcCallError) as caught:
        recorded.call("dev_trace", transaction)
    assert caught.value.code == code
    assert told in str(caught.value)


def test_an_older_profile_runs_no_scripts() -> None:
    with in_process({"blocks": []}, profile="n2") as node, pytest.raises(RpcCallError, match="executed chains"):
        node.call("dev_trace", "0x" + "12" * 32)

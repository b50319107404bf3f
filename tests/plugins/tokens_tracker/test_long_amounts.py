"""An amount of over 32 bytes, on which TokensTracker of neo-cli 3.10.2 throws, and a balanceOf that writes.

The chain and what the node holds under StopPlugin and Ignore are recorded: tests/data/csharp-trackers.
"""

import logging
from collections.abc import Iterator
from typing import Any, Final

import pytest

from rpcnode.primitives.errors import NodeError
from rpcnode.testing import LocalNode, in_process
from tests.recorded_answers import DATA, read

CHAIN: Final = DATA / "csharp-trackers/stop-chain.json.gz"
ANSWERS: Final = DATA / "csharp-trackers/answers.json.xz"
ALL: Final = (1, 9_000_000_000_000_000)
NEP17_BLOCK, NEP11_BLOCK = 8, 12
"""The blocks with an amount of 33 bytes in an event of NEP-17, and of NEP-11."""


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """Of the recording: `contracts`, hashes by names, and `accounts`, A0 and so on."""
    found: dict[str, Any] = read(ANSWERS)["names"]["stop-chain"]
    return found


@pytest.fixture
def node() -> Iterator[LocalNode]:
    """A node with the settings that we ship."""
    with in_process(CHAIN) as started:
        yield started


def received(node: LocalNode, account: str) -> list[tuple[int, str]]:
    """Block and amount of what an account got of NEP-17 tokens."""
    rows = node.call("getnep17transfers", account, *ALL)["received"]
    return [(row["blockindex"], row["amount"]) for row in rows]


def long_amounts(node: LocalNode) -> list[dict[str, Any]]:
    return [each for each in node.info()["survived"]["newest"] if "amount" in each["what"]]


def test_the_event_alone_is_left_out(node: LocalNode, names: dict[str, Any]) -> None:
    """In block 8 A2 gets 12 of a coin before the bad event, which names it too, and A3 gets 13 after it."""
    a2, a3 = names["accounts"][2], names["accounts"][3]
    assert [amount for block, amount in received(node, a2) if block == NEP17_BLOCK] == ["12"]
    assert [amount for block, amount in received(node, a3) if block == NEP17_BLOCK] == ["13"]
    [coin] = [row for row in node.call("getnep17balances", a3)["balance"] if row["symbol"] == "COIN"]
    assert (coin["amount"], coin["lastupdatedblock"]) == ("13", NEP17_BLOCK)


def test_dev_info_tells_which_token_would_have_stopped_the_plugin(node: LocalNode, names: dict[str, Any]) -> None:
    assert [(each["block"], each["plugin"]) for each in long_amounts(node)] == [
        (NEP11_BLOCK, "TokensTracker"),
        (NEP17_BLOCK, "TokensTracker"),
    ]
    hashes = set(names["contracts"].values())
    assert {each["token"] for each in long_amounts(node)} <= hashes
    assert {each["what"] for each in long_amounts(node)} == {"an amount of 33 bytes, its event is left out"}
    assert {each["real_node"] for each in long_amounts(node)} == {"neo-cli 3.10.2 stops TokensTracker"}


def test_a_balance_of_that_writes_is_told_once_a_block(node: LocalNode, names: dict[str, Any]) -> None:
    """`writer` has events in blocks 3 to 6 of the recording."""
    told = [each for each in node.info()["survived"]["newest"] if "balanceOf" in each["what"]]
    assert [(each["block"], each["token"]) for each in told] == [
        (block, names["contracts"]["writer"]) for block in (6, 5, 4, 3)
    ]


def test_one_line_is_logged_of_each(caplog: pytest.LogCaptureFixture) -> None:
    settings = {"TokensTracker.TrackHistory": False}  # of its own, so that no other test has made this chain before
    with caplog.at_level(logging.WARNING, "rpcnode.plugin"), in_process(CHAIN, settings=settings) as node:
        told = node.info()["survived"]
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == told["count"] == 6
    newest = told["newest"][0]
    expected = f"TokensTracker: block 12, token {newest['token']}: {newest['what']}; {newest['real_node']}"
    assert lines[-1] == expected


def test_what_was_survived_goes_with_the_blocks_that_are_taken_back(node: LocalNode) -> None:
    node.rewind(NEP17_BLOCK - 1)
    assert long_amounts(node) == []
    assert node.info()["survived"]["count"] == 4


def test_a_tracker_that_is_fed_again_tells_it_once(node: LocalNode) -> None:
    before = node.info()["survived"]
    node.set_lag("TokensTracker", 10)
    assert node.info()["survived"]["count"] == 1
    node.set_lag("TokensTracker", 0)
    assert node.info()["survived"] == before


def test_under_stop_node_the_node_does_not_start() -> None:
    settings = {"TokensTracker.UnhandledExceptionPolicy": "StopNode"}
    failed = r"plugin TokensTracker failed at block 8: AmountTooLong: 0x\w+: an amount of 33 bytes"
    with pytest.raises(NodeError, match=failed), in_process(CHAIN, settings=settings):
        pass


@pytest.mark.parametrize("plugin", ["RpcNep5Tracker", "RpcServer", "ApplicationLogs", "Chainbase", "Teos"])
def test_no_other_plugin_has_the_policy_continue(plugin: str) -> None:
    expected = 'one of StopNode, StopPlugin, Ignore is expected, not "Continue"'
    with (
        pytest.raises(NodeError, match=expected),
        in_process(settings={f"{plugin}.UnhandledExceptionPolicy": "Continue"}),
    ):
        pass

"""RpcSystemAssetTracker's settings; its answers are held against a running node's (test_older_recorded_answers.py).

Source: neo-modules 2.12.2, RpcSystemAssetTracker: RpcSystemAssetTrackerPlugin.
"""

from typing import Any, Final

import pytest

from rpcnode.testing import in_process
from tests.plugins.node_builder import GENESIS_MS

HOLDER: Final = "0x" + "a1" * 20
DAY_MS: Final = 24 * 60 * 60 * 1000
FIRST_MS, SECOND_MS = GENESIS_MS + DAY_MS, GENESIS_MS + 30 * DAY_MS


def node_of(**settings: Any) -> Any:
    """A node of Neo 2 on which HOLDER received 1 NEO on one day, and 2 NEO a month later."""
    minted = [
        {
            "index": index,
            "timestamp": time_ms,
            "transactions": [{"transfers": [{"asset": "NEO", "to": HOLDER, "amount": index}]}],
        }
        for index, time_ms in ((1, FIRST_MS), (2, SECOND_MS))
    ]
    fixture = {"network": {"genesis_time": GENESIS_MS}, "blocks": minted}
    named = {f"RpcSystemAssetTracker.{key}": value for key, value in settings.items()}
    return in_process(fixture, profile="n2", settings=named)


def received(node: Any, *params: Any) -> list[str]:
    neo = node.call("getutxotransfers", HOLDER, *params)["received"][0]
    return [transaction["amount"] for transaction in neo["transactions"]]


@pytest.mark.parametrize(("clock", "in_window"), [("chain", ["2"]), ("wall", ["1"])])
def test_a_window_left_open_ends_at_the_time_of_the_clock(
    clock: str, in_window: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The time of day is a second after the first of the two.
    monkeypatch.setattr("rpcnode.plugin.window_clock.time.time_ns", lambda: (FIRST_MS + 1000) * 1_000_000)
    with node_of(Clock=clock) as node:
        assert received(node) == received(node, "neo") == in_window


def test_the_start_is_included_and_the_end_is_not() -> None:
    first_s, second_s = FIRST_MS // 1000, SECOND_MS // 1000
    with node_of() as node:
        assert received(node, first_s, second_s) == ["1"]
        assert received(node, first_s + 1, second_s + 1) == ["2"]


def test_the_oldest_movements_are_kept_and_the_total_is_of_those() -> None:
    with node_of(MaxResults=1) as node:
        (neo, _) = node.call("getutxotransfers", HOLDER, 0)["received"]
        assert (neo["total_amount"], len(neo["transactions"])) == ("1", 1)


@pytest.mark.parametrize(
    ("setting", "text", "method", "is_served"),
    [
        ("TrackHistory", "false", "getutxotransfers", False),
        ("TrackHistory", "True", "getutxotransfers", True),
        ("TrackUnclaimed", False, "getclaimable", False),
        ("TrackUnclaimed", "no", "getunclaimed", False),
    ],
)
def test_a_flag_is_read_as_the_node_reads_it(setting: str, text: Any, method: str, is_served: bool) -> None:
    with node_of(**{setting: text}) as node:
        assert node.call("getunspents", HOLDER)["balance"][0]["amount"] == 3
        if is_served:
            node.call(method, HOLDER)
        else:
            with pytest.raises(Exception, match="-32601: Method not found"):
                node.call(method, HOLDER)

"""Whose time bounds a window that was left open: the chain's, or the time of day.

Source: neo-node 3.10.2, plugins/TokensTracker: TrackerBase; neo-plugins v3.0.0-preview2 and v2.12.0, RpcNep5Tracker:
GetNep5Transfers. All take DateTime.UtcNow.
"""

from typing import Final

import pytest

from rpcnode.node import Node
from rpcnode.options import PluginSetting
from rpcnode.primitives.errors import ProfileName
from tests.plugins.node_builder import (
    GENESIS_MS,
    HOLDER,
    PROFILES,
    NodeBuilder,
    block,
    chain_of,
    error,
    result,
    transfers,
)

DAY_MS: Final = 24 * 60 * 60 * 1000
FIRST_MS: Final = GENESIS_MS + DAY_MS
SECOND_MS: Final = GENESIS_MS + 30 * DAY_MS
CHAIN: Final = chain_of(
    block(1, transfers((None, HOLDER, "1")), time_ms=FIRST_MS),
    block(2, transfers((None, HOLDER, "2")), time_ms=SECOND_MS),
)
NEP17_CHAIN: Final = chain_of(
    block(1, transfers((None, HOLDER, "1"), asset="GAS"), time_ms=FIRST_MS),
    block(2, transfers((None, HOLDER, "2"), asset="GAS"), time_ms=SECOND_MS),
    contracts={},
)


@pytest.fixture
def wall_ms(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of day is half a second after the first of the two transfers."""
    monkeypatch.setattr("rpcnode.plugin.window_clock.time.time_ns", lambda: (FIRST_MS + 500) * 1_000_000)


def received(node: Node, method: str, *times: int) -> list[str]:
    return [row["amount"] for row in result(node, method, HOLDER, *times)["received"]]


@pytest.mark.usefixtures("wall_ms")
@pytest.mark.parametrize(("clock", "in_window"), [("chain", ["2"]), ("wall", ["1"])])
def test_a_window_left_open_ends_at_the_time_of_the_clock(build: NodeBuilder, clock: str, in_window: list[str]) -> None:
    node = build(NEP17_CHAIN, settings=(PluginSetting("TokensTracker", "Clock", clock, "test"),))
    assert received(node, "getnep17transfers") == in_window


@pytest.mark.usefixtures("wall_ms")
@pytest.mark.parametrize("profile", ["n3", "n3-preview"])
@pytest.mark.parametrize(("clock", "in_window"), [("chain", ["2"]), ("wall", ["1"])])
def test_the_window_of_the_older_tracker_ends_at_the_time_of_the_clock(
    build: NodeBuilder, profile: ProfileName, clock: str, in_window: list[str]
) -> None:
    assert received(build(CHAIN, profile, {"Clock": clock}), "getnep5transfers") == in_window


@pytest.mark.usefixtures("wall_ms")
def test_the_time_of_day_is_in_whole_seconds_on_neo2(build: NodeBuilder) -> None:
    """DateTime.ToTimestamp drops the part of a second that has begun, and the end does not count itself."""
    node = build(CHAIN, "n2", {"Clock": "wall"})
    assert received(node, "getnep5transfers") == []
    assert received(node, "getnep5transfers", 0, FIRST_MS // 1000 + 1) == ["1"]


@pytest.mark.usefixtures("wall_ms")
def test_a_start_after_the_time_of_day_is_refused(build: NodeBuilder) -> None:
    """neo-cli 3.10.2 does so: `[A1, 4200000002001, 0]` of its recorded answers."""
    node = build(NEP17_CHAIN, settings=(PluginSetting("TokensTracker", "Clock", "wall", "test"),))
    assert error(node, "getnep17transfers", HOLDER, SECOND_MS) == {"code": -32602, "message": "Invalid params"}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_chains_clock_is_the_default(build: NodeBuilder, profile: ProfileName) -> None:
    assert received(build(CHAIN, profile), "getnep5transfers") == ["2"]

"""The time window of getnep5transfers.

Source: neo-plugins v3.0.0-preview2 and v2.12.0, RpcNep5Tracker: GetNep5Transfers, AddTransfers; neo-node 3.10,
RpcServer: ParameterConverter.ToNumeric. What the older nodes make of a time that is no number is as running ones
answered (tests/data/neo2, tests/data/preview2).
"""

from typing import Final

import pytest

from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import (
    GENESIS_MS,
    HOLDER,
    PROFILES,
    REFERENCE,
    TIME_UNIT_MS,
    NodeBuilder,
    block,
    chain_of,
    error,
    result,
    transfers,
)

SEVEN_DAYS_MS: Final = 7 * 24 * 60 * 60 * 1000
NEWEST_MS: Final = GENESIS_MS + 2 * SEVEN_DAYS_MS
OLD: Final = "1"
RECENT: Final = "2"

CHAIN: Final = chain_of(
    block(1, transfers((None, HOLDER, OLD)), time_ms=GENESIS_MS + 15_000),
    block(2, transfers((None, HOLDER, RECENT)), time_ms=NEWEST_MS),
)
"""A transfer of two weeks ago, and one in the newest block, whose time is a whole second."""

INVALID: Final[dict[str, Json]] = {"code": -32602, "message": "Invalid params"}
NULL_REFERENCE: Final[dict[str, Json]] = {
    "code": -2147467261,
    "message": "Object reference not set to an instance of an object.",
}
ALL: Final = [OLD, RECENT]
LAST_WEEK: Final = [RECENT]


@pytest.fixture(params=PROFILES)
def reference(request: pytest.FixtureRequest, build_once: NodeBuilder) -> Node:
    return build_once(CHAIN, request.param, REFERENCE)


@pytest.fixture(params=PROFILES)
def documented(request: pytest.FixtureRequest, build_once: NodeBuilder) -> Node:
    return build_once(CHAIN, request.param)


def received(node: Node, *times: Json) -> list[str]:
    return [row["amount"] for row in result(node, "getnep5transfers", HOLDER, *times)["received"]]


def ticks(node: Node, time_ms: int) -> int:
    return time_ms // TIME_UNIT_MS[node.options.profile]


def invalid_uint64(text: str) -> dict[str, Json]:
    """What neo-cli 3.10's converter raises."""
    detail = f"Invalid System.UInt64 value: {text}"
    return {"code": -32602, "message": f"Invalid params - {detail}", "data": detail}


# A start time; what n3 answers to it; what the older nodes do.
STARTS: Final[dict[str, tuple[Json, list[str] | dict[str, Json], list[str] | dict[str, Json]]]] = {
    "null": (None, LAST_WEEK, NULL_REFERENCE),
    "zero": (0, LAST_WEEK, ALL),
    "zero as text": ("0", LAST_WEEK, ALL),
    "empty text": ("", LAST_WEEK, ALL),
    "one": (1, ALL, ALL),
    "true": (True, ALL, ALL),
    "false": (False, LAST_WEEK, ALL),
    "digits": ("123", ALL, ALL),
    "digits in spaces": (" 123 ", ALL, ALL),
    "digits with an exponent": ("1.23e2", ALL, ALL),
    "whole fraction": (5.0, ALL, ALL),
    "fraction": (1.5, invalid_uint64("1.5"), ALL),
    "fraction as text": ("1.5", invalid_uint64('"1.5"'), ALL),
    "negative": (-1, invalid_uint64("-1"), INVALID),
    "word": ("abc", invalid_uint64('"abc"'), ALL),
    "not a number": ("NaN", invalid_uint64('"NaN"'), ALL),
    "object": ({}, invalid_uint64("{}"), ALL),
    "array": ([], invalid_uint64("[]"), ALL),
    "array of a number": ([1], invalid_uint64("[1]"), ALL),
}


@pytest.mark.parametrize("row", STARTS)
def test_a_source_faithful_node_reads_a_start_time_as_its_source_does(row: str, reference: Node) -> None:
    value, n3, legacy = STARTS[row]
    expected = n3 if reference.options.profile == "n3" else legacy
    if isinstance(expected, list):
        assert received(reference, value) == expected
    else:
        assert error(reference, "getnep5transfers", HOLDER, value) == expected


@pytest.mark.parametrize(
    "value",
    ["abc", -1, 1.5, 2**53, 1e300, pytest.param(10**400, id="400 digits"), {}, [], "9007199254740993", "1e999", "-0.5"],
)
def test_documented_mode_refuses_what_is_no_time_as_invalid_params(value: Json, documented: Node) -> None:
    for times in ([value], [0, value]):
        refusal = error(documented, "getnep5transfers", HOLDER, *times)
        assert refusal["code"] == -32602
        assert str(refusal["message"]).split(" - ")[0] == "Invalid params"


def test_documented_mode_takes_zero_for_the_epoch_and_null_for_absent(documented: Node) -> None:
    assert received(documented, 0) == received(documented, "0") == received(documented, "") == ALL
    assert received(documented, None) == received(documented, None, None) == received(documented) == LAST_WEEK
    assert received(documented, 0, None) == ALL


def test_more_than_a_double_holds_exactly_is_refused_by_n3_and_taken_by_preview2(build_once: NodeBuilder) -> None:
    n3 = error(build_once(CHAIN, "n3", REFERENCE), "getnep5transfers", HOLDER, 1, 2**53)
    assert n3["code"] == -32602
    assert str(n3["data"]).startswith("Invalid System.UInt64 value: 9")
    assert received(build_once(CHAIN, "n3-preview", REFERENCE), 0, 2**53) == ALL


def test_n2_keeps_the_low_32_bits_of_a_time(build_once: NodeBuilder) -> None:
    # The source casts to uint: 2^32 + 5 is 5 there, and so is a time in milliseconds some second or other.
    node = build_once(CHAIN, "n2", REFERENCE)
    assert received(node, 2**32 + 5) == ALL
    assert received(node, 2**32 + NEWEST_MS // 1000) == LAST_WEEK


def test_an_end_before_the_start_is_invalid_params(reference: Node, documented: Node) -> None:
    assert error(reference, "getnep5transfers", HOLDER, 6, 5) == INVALID
    refusal = error(documented, "getnep5transfers", HOLDER, 6, 5)
    assert (refusal["code"], str(refusal["message"]).split(" - ")[0]) == (-32602, "Invalid params")


def test_an_end_that_is_the_start_is_an_empty_window(reference: Node) -> None:
    now = ticks(reference, NEWEST_MS)
    assert received(reference, now, now) == []


def test_params_after_the_end_time_are_ignored(reference: Node, documented: Node) -> None:
    for node in (reference, documented):
        assert received(node, 1, 2**31, "x", None) == received(node, 1, 2**31)


def test_the_start_is_included_and_the_end_is_not(reference: Node) -> None:
    newest = ticks(reference, NEWEST_MS)
    assert received(reference, newest, newest + 1) == LAST_WEEK
    assert received(reference, newest + 1, newest + 2) == []
    assert received(reference, 1, newest) == [OLD]
    assert received(reference, 1, newest + 1) == ALL


def test_times_are_milliseconds_and_in_n2_seconds(reference: Node) -> None:
    rows = result(reference, "getnep5transfers", HOLDER, 1)["received"]
    assert [row["timestamp"] for row in rows] == [ticks(reference, GENESIS_MS + 15_000), ticks(reference, NEWEST_MS)]


def test_a_client_that_sends_seconds_to_a_node_of_milliseconds_gets_an_empty_list(build_once: NodeBuilder) -> None:
    node = build_once(CHAIN, "n3-preview", REFERENCE)
    assert received(node, GENESIS_MS // 1000, NEWEST_MS // 1000 + 1) == []


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("newest_ms", [NEWEST_MS, NEWEST_MS + 1, NEWEST_MS + 999])
def test_the_default_window_holds_the_newest_block_and_the_seven_days_before_it(
    profile: ProfileName, newest_ms: int, build: NodeBuilder
) -> None:
    """By the chain's clock, which stands a millisecond after the newest block: wall time plays no part."""
    now_ms = newest_ms + 1
    unit = TIME_UNIT_MS[profile]
    first_in_window_ms = (now_ms - SEVEN_DAYS_MS) // unit * unit
    node = build(
        chain_of(
            block(1, transfers((None, HOLDER, 1)), time_ms=first_in_window_ms - 1),
            block(2, transfers((None, HOLDER, 2)), time_ms=first_in_window_ms),
            block(3, transfers((None, HOLDER, 3)), time_ms=newest_ms),
        ),
        profile,
    )
    assert received(node) == ["2", "3"]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_default_window_of_a_chain_younger_than_seven_days_begins_with_the_epoch(
    profile: ProfileName, build: NodeBuilder
) -> None:
    chain = chain_of(block(1, transfers((None, HOLDER, 1))))
    chain["network"] = {"ms_per_block": 1000, "genesis_time": 0}
    assert received(build(chain, profile)) == ["1"]


@pytest.mark.parametrize("profile", PROFILES)
def test_empty_blocks_move_the_default_window_on(profile: ProfileName, build: NodeBuilder) -> None:
    # 7 days are 40,320 blocks of 15 s.
    mint = block(1, transfers((None, HOLDER, 1)))
    assert received(build(chain_of(mint, height=40_000), profile)) == ["1"]
    assert received(build(chain_of(mint, height=41_000), profile)) == []

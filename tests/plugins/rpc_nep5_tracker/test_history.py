"""The rows of getnep5transfers: shape, order, index, limits, and what of the zero hash is recorded.

Source: neo-plugins v3.0.0-preview2 and v2.12.0, RpcNep5Tracker: GetNep5Transfers, AddTransfers, Nep5TransferKey.
"""

from typing import Any, Final

import aiohttp
import pytest

from rpcnode.endpoint import Endpoint
from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import (
    HOLDER,
    OTHER,
    PROFILES,
    REFERENCE,
    TIME_UNIT_MS,
    TOKEN,
    ZERO,
    ZERO_ADDRESS,
    Document,
    NodeBuilder,
    address,
    amounts,
    balances,
    block,
    chain_of,
    error,
    event,
    history,
    notifies,
    result,
    time_of,
    transfers,
)

PREFIX: Final[dict[ProfileName, str]] = {"n3": "0x", "n3-preview": "0x", "n2": ""}


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> ProfileName:
    name: ProfileName = request.param
    return name


def transaction_hash(node: Node, block_index: int, position: int = 0) -> str:
    """The hash of a transaction, 0x in front, as the ledger has it."""
    containers = [execution.container for execution in node.ledger.executions(block_index)]
    return str([container for container in containers if container is not None][position])


# Shape


def test_members_stand_in_the_nodes_order(profile: ProfileName, build: NodeBuilder) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 50), (HOLDER, OTHER, 7)))), profile)
    answer = result(node, "getnep5transfers", HOLDER)
    assert list(answer) == ["sent", "received", "address"]
    assert answer["address"] == address(profile, HOLDER)
    (sent,) = answer["sent"]
    assert list(sent.items()) == [
        ("timestamp", time_of(1) // TIME_UNIT_MS[profile]),
        ("asset_hash", PREFIX[profile] + TOKEN[2:]),
        ("transfer_address", address(profile, OTHER)),
        ("amount", "7"),
        ("block_index", 1),
        ("transfer_notify_index", 1),
        ("tx_hash", PREFIX[profile] + transaction_hash(node, 1)[2:]),
    ]
    (received,) = answer["received"]
    assert received == {**sent, "amount": "50", "transfer_address": ZERO_ADDRESS[profile], "transfer_notify_index": 0}


def test_the_recorded_case_of_preview2s_own_tests_has_our_shape(build: NodeBuilder) -> None:
    # RpcTestCases.json of neo-plugins v3.0.0-preview2, case getnep5transfers; only its transaction hashes are others.
    holder, other = "NVVwFw6XyhtRCFQ8SpUTMdPyYt4Vd9A1XQ", "NUMK37TV9yYKbJr1Gufh74nZiM623eBLqX"
    first, second = 1579250114541, 1579406581635
    chain: Document = {
        "network": {"ms_per_block": 15000, "genesis_time": 1468595301000},
        "blocks": [
            block(1, transfers((None, holder, 5000000000), asset="GAS"), time_ms=1500000000000),
            block(603, transfers((holder, holder, 1000000000), asset="GAS"), time_ms=first),
            block(1525, transfers((holder, other, 1000000000), asset="GAS"), time_ms=second),
        ],
    }
    node = build(chain, "n3-preview")
    answer = result(node, "getnep5transfers", holder, 1500000000001, 1868595301000)

    def row(index: int, time_ms: int, counterparty: str) -> dict[str, Json]:
        return {
            "timestamp": time_ms,
            "asset_hash": "0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b",
            "transfer_address": counterparty,
            "amount": "1000000000",
            "block_index": index,
            "transfer_notify_index": 0,
            "tx_hash": transaction_hash(node, index),
        }

    assert answer == {
        "sent": [row(603, first, holder), row(1525, second, other)],
        "received": [row(603, first, holder)],
        "address": holder,
    }


# Order


def test_rows_are_in_order_of_time_then_of_the_assets_storage_bytes(profile: ProfileName, build: NodeBuilder) -> None:
    # Storage bytes are the displayed ones from the end: 01 before 02 before ff.
    assets = ["0xff" + "00" * 18 + "01", "0x11" + "00" * 18 + "02", "0x00" + "00" * 18 + "ff"]
    contracts = {f"t{number}": {"hash": found, "standard": "NEP-5"} for number, found in enumerate(assets)}
    chain = chain_of(
        block(1, *(transfers((None, HOLDER, 1), asset=f"t{number}") for number in (2, 0, 1))),
        block(2, *(transfers((None, HOLDER, 2), asset=f"t{number}") for number in (1, 2, 0))),
        contracts=contracts,
    )
    received = history(build(chain, profile), HOLDER)["received"]
    assert [(row["block_index"], "0x" + row["asset_hash"][-40:], row["transfer_notify_index"]) for row in received] == [
        (1, assets[0], 1),
        (1, assets[1], 2),
        (1, assets[2], 0),
        (2, assets[0], 2),
        (2, assets[1], 0),
        (2, assets[2], 1),
    ]


def test_within_a_block_and_asset_index_256_comes_before_1(profile: ProfileName, build: NodeBuilder) -> None:
    """The index stands in the key as two little-endian bytes: 00 01 before 01 00."""
    chain = chain_of(block(1, notifies(*(event(profile, HOLDER, OTHER, number) for number in range(514)))))
    node = build(chain, profile)
    expected = sorted(range(514), key=lambda index: (index % 256, index // 256))
    assert expected[:4] == [0, 256, 512, 1]
    for rows in (history(node, HOLDER)["sent"], history(node, OTHER)["received"]):
        assert [row["transfer_notify_index"] for row in rows] == expected
        assert [row["amount"] for row in rows] == [str(index) for index in expected]


def test_the_limit_cuts_in_key_order_too(profile: ProfileName, build: NodeBuilder) -> None:
    chain = chain_of(block(1, notifies(*(event(profile, HOLDER, OTHER, number) for number in range(514)))))
    sent = history(build(chain, profile, {"MaxResults": 4}), HOLDER)["sent"]
    assert [row["transfer_notify_index"] for row in sent] == [0, 256, 512, 1]


def test_blocks_of_one_second_share_a_timestamp_in_n2_and_lose_no_row(build: NodeBuilder) -> None:
    # No real chain of Neo 2 has them. The key has no block in it: asset and index decide within a second.
    chain = chain_of(
        block(1, transfers((None, HOLDER, 1)), transfers((None, HOLDER, 2)), time_ms=1_700_000_000_100),
        block(2, transfers((None, HOLDER, 3), asset="early"), time_ms=1_700_000_000_500),
        block(3, transfers((None, HOLDER, 4)), time_ms=1_700_000_000_900),
        contracts={
            "demo": {"hash": TOKEN, "standard": "NEP-5"},
            "early": {"hash": "0x" + "ff" * 19 + "01", "standard": "NEP-5"},
        },
    )
    received = history(build(chain, "n2"), HOLDER)["received"]
    assert [(row["timestamp"], row["amount"]) for row in received] == [
        (1_700_000_000, "3"),
        (1_700_000_000, "1"),
        (1_700_000_000, "4"),
        (1_700_000_000, "2"),
    ]


# The index


def test_the_index_counts_all_transfers_of_a_block_and_begins_anew_in_the_next(
    profile: ProfileName, build: NodeBuilder
) -> None:
    chain = chain_of(
        block(
            1,
            transfers((None, HOLDER, 10), (None, OTHER, 10)),
            transfers((None, HOLDER, 20), asset="second"),
            transfers((HOLDER, OTHER, 1)),
        ),
        block(2, transfers((HOLDER, OTHER, 2))),
        contracts={
            "demo": {"hash": TOKEN, "standard": "NEP-5"},
            "second": {"hash": "0x" + "78" * 20, "standard": "NEP-5"},
        },
    )
    node = build(chain, profile)
    holder, other = history(node, HOLDER), history(node, OTHER)

    def indexes(rows: list[dict[str, Any]]) -> dict[str, int]:
        return {row["amount"]: row["transfer_notify_index"] for row in rows}

    assert indexes(holder["received"]) == {"10": 0, "20": 2}
    assert indexes(holder["sent"]) == {"1": 3, "2": 0}
    assert indexes(other["received"]) == {"10": 1, "1": 3, "2": 0}


def test_the_index_moves_on_when_one_side_is_suppressed_and_not_for_what_is_ignored(
    profile: ProfileName, build: NodeBuilder
) -> None:
    chain = chain_of(
        block(
            1,
            notifies(
                event(profile, None, HOLDER, 1),
                event(profile, HOLDER, None, 2),
                event(profile, None, None, 3),
                event(profile, HOLDER, OTHER, True),
                event(profile, ZERO, HOLDER, 4),
                event(profile, HOLDER, OTHER, 5),
            ),
            notifies(event(profile, HOLDER, OTHER, 6), faults=True),
            notifies(event(profile, HOLDER, OTHER, 7)),
        )
    )
    listed = history(build(chain, profile), HOLDER)
    assert [(row["amount"], row["transfer_notify_index"]) for row in listed["received"]] == [("1", 0), ("4", 2)]
    assert [(row["amount"], row["transfer_notify_index"]) for row in listed["sent"]] == [("2", 1), ("5", 3), ("7", 4)]


def test_only_tracked_contracts_move_the_index(profile: ProfileName, build: NodeBuilder) -> None:
    chain = chain_of(
        block(1, transfers((None, HOLDER, 1), asset="newer"), transfers((None, HOLDER, 2))),
        contracts={
            "demo": {"hash": TOKEN, "standard": "NEP-5"},
            "newer": {"hash": "0x" + "17" * 20, "standard": "NEP-17"},
        },
    )
    for settings, index in (({}, 0), (REFERENCE, 1)):
        received = history(build(chain, profile, settings), HOLDER)["received"]
        assert {row["amount"]: row["transfer_notify_index"] for row in received}["2"] == index


# The zero hash

MINT_AND_BURN: Final = chain_of(block(1, transfers((None, HOLDER, 10))), block(2, transfers((HOLDER, None, 3))))


def test_the_zero_hash_has_no_history_by_default(profile: ProfileName, build: NodeBuilder) -> None:
    node = build(MINT_AND_BURN, profile)
    assert amounts(node, ZERO) == amounts(node, ZERO_ADDRESS[profile]) == ([], [])
    assert amounts(node, HOLDER) == (["3"], ["10"])


def test_recorded_null_addresses_show_under_the_zero_hash_and_its_address(
    profile: ProfileName, build: NodeBuilder
) -> None:
    node = build(MINT_AND_BURN, profile, {"RecordNullAddressHistory": True})
    assert amounts(node, ZERO) == amounts(node, ZERO_ADDRESS[profile]) == (["10"], ["3"])
    assert amounts(node, HOLDER) == (["3"], ["10"])
    (minted,), (burned,) = history(node, ZERO).values()
    assert minted["transfer_address"] == burned["transfer_address"] == address(profile, HOLDER)
    assert balances(node, ZERO) == []


# Limits and switches


def test_each_direction_holds_the_oldest_up_to_the_limit(profile: ProfileName, build: NodeBuilder) -> None:
    blocks = [block(index, transfers((None, HOLDER, 100 + index), (HOLDER, OTHER, index))) for index in range(1, 6)]
    node = build(chain_of(*blocks), profile, {"MaxResults": 3})
    assert amounts(node, HOLDER) == (["1", "2", "3"], ["101", "102", "103"])
    assert amounts(node, OTHER) == ([], ["1", "2", "3"])
    since = time_of(3) // TIME_UNIT_MS[profile]
    answer = result(node, "getnep5transfers", HOLDER, since)
    assert [row["amount"] for row in answer["sent"]] == ["3", "4", "5"]


def test_a_limit_of_a_thousand_is_the_default(profile: ProfileName, build: NodeBuilder) -> None:
    chain = chain_of(block(1, notifies(*(event(profile, HOLDER, OTHER, number) for number in range(1001)))))
    assert len(history(build(chain, profile), HOLDER)["sent"]) == 1000


def test_without_history_balances_are_tracked_all_the_same(profile: ProfileName, build: NodeBuilder) -> None:
    for settings in ({}, REFERENCE):
        node = build(MINT_AND_BURN, profile, {**settings, "TrackHistory": False})
        assert balances(node, HOLDER) == [(TOKEN, "7", 2)]


NOT_FOUND: Final[dict[str, Json]] = {"code": -32601, "message": "Method not found"}


def test_without_history_neo_cli_39_converts_the_parameters_before_it_finds_no_method(build: NodeBuilder) -> None:
    node = build(MINT_AND_BURN, "n3", {**REFERENCE, "TrackHistory": False})
    assert error(node, "getnep5transfers", HOLDER) == NOT_FOUND
    missing = {"code": -2147024809, "message": "Required parameter 'address' is missing"}
    assert error(node, "getnep5transfers") == missing
    assert error(node, "getnep5transfers", HOLDER, "x")["code"] == -32602


@pytest.mark.parametrize("settings", [{}, REFERENCE], ids=["documented", "reference"])
async def test_without_history_the_method_is_not_found_whatever_its_parameters(
    settings: dict[str, Json], profile: ProfileName, build: NodeBuilder
) -> None:
    node = build(
        MINT_AND_BURN,
        profile,
        {**settings, "TrackHistory": False},
        environment={"RPCNODE_RPCSERVER_PORT": "0"},
    )
    named: dict[str, Json] = {
        "code": -32601,
        "message": "Method not found - getnep5transfers",
        "data": "getnep5transfers",
    }
    takes_parameters_first = profile == "n3" and bool(settings)
    assert ("getnep5transfers" in node.methods) is takes_parameters_first
    endpoint = Endpoint(node)
    await endpoint.start()
    try:
        async with aiohttp.ClientSession() as session:
            for params in ([HOLDER],) if takes_parameters_first else ([], ["x"], [HOLDER]):
                request = {"jsonrpc": "2.0", "method": "getnep5transfers", "params": params, "id": 1}
                async with session.post(endpoint.url, json=request) as response:
                    answer = await response.json(content_type=None)
                expected = named if profile == "n3" and not settings else NOT_FOUND
                assert answer == {"jsonrpc": "2.0", "id": 1, "error": expected}
    finally:
        await endpoint.stop()

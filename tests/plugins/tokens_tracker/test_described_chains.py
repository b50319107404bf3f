"""TokensTracker on described chains.

Source: neo-node 3.10.2, plugins/TokensTracker: TrackerBase, Nep17Tracker, Nep11Tracker.
"""

import pytest

from rpcnode.primitives.json import Json
from tests.plugins.node_builder import (
    HOLDER,
    MS_PER_BLOCK,
    OTHER,
    TOKEN,
    ZERO,
    NodeBuilder,
    address,
    block,
    chain_of,
    error,
    result,
    time_of,
    transfers,
)
from tests.plugins.tokens_tracker.tracked_tokens import (
    ART,
    COIN,
    LATER,
    coin_chain,
    history17,
    nft,
    raw,
    rows17,
    setting,
)


def test_getnep17balances_names_symbol_and_decimals_of_each_asset(build: NodeBuilder) -> None:
    node = build(coin_chain(block(3, transfers((None, HOLDER, 50)))))
    answer = result(node, "getnep17balances", HOLDER)
    assert answer == {
        "address": address("n3", HOLDER),
        "balance": [
            {
                "assethash": TOKEN,
                "name": "Coin of tests",
                "symbol": "COIN",
                "decimals": "4",
                "amount": "50",
                "lastupdatedblock": 3,
            }
        ],
    }
    assert list(answer) == ["address", "balance"]
    assert list(answer["balance"][0]) == ["assethash", "name", "symbol", "decimals", "amount", "lastupdatedblock"]


def test_getnep17transfers_has_neo_clis_members_in_its_order(build: NodeBuilder) -> None:
    node = build(coin_chain(block(3, transfers((None, HOLDER, 50))), block(4, transfers((HOLDER, OTHER, 7)))))
    answer = history17(node, HOLDER)
    assert list(answer) == ["address", "sent", "received"]
    (sent,) = answer["sent"]
    assert list(sent) == [
        "timestamp",
        "assethash",
        "transferaddress",
        "amount",
        "blockindex",
        "transfernotifyindex",
        "txhash",
    ]
    assert (sent["timestamp"], sent["transferaddress"], sent["amount"]) == (time_of(4), address("n3", OTHER), "7")
    (received,) = answer["received"]
    assert received["transferaddress"] is None, "a mint comes from nobody: JSON null since preview4"


@pytest.mark.parametrize(
    "items",
    [
        ([None, HOLDER]),
        ([None, HOLDER, 5, 6]),
        ([None, None, 5]),
        ([{"type": "Buffer", "value": "oaGhoaGhoaGhoaGhoaGhoaGhoaE="}, HOLDER, 5]),
        ([7, HOLDER, 5]),
        ([None, "0x0102", 5]),
        ([None, HOLDER, True]),
        ([None, HOLDER, None]),
        ([None, HOLDER, "0x" + "01" * 33]),
    ],
    ids=[
        "two items",
        "four items",
        "both sides null",
        "a Buffer",
        "an Integer as sender",
        "two bytes as receiver",
        "a Boolean amount",
        "a Null amount",
        "an amount of 33 bytes",
    ],
)
def test_a_malformed_transfer_is_ignored_and_harms_no_other(build: NodeBuilder, items: list[Json]) -> None:
    node = build(coin_chain(block(2, transfers((None, HOLDER, 50))), block(3, raw(*items), raw(None, HOLDER, 9))))
    assert rows17(node, HOLDER) == [("50", 3)], "the well-formed event of block 3 touched the row"
    assert [row["amount"] for row in history17(node, HOLDER)["received"]] == ["9", "50"]


def test_amounts_of_events_are_history_and_balances_are_balance_of(build: NodeBuilder) -> None:
    node = build(coin_chain(block(2, transfers((None, HOLDER, 50))), block(3, raw(HOLDER, OTHER, 20))))
    assert rows17(node, HOLDER) == [("50", 3)]
    assert rows17(node, OTHER) == [], "balanceOf is 0, and a row of 0 is deleted"


def test_a_contract_without_the_standard_is_not_tracked(build: NodeBuilder) -> None:
    plain = {"hash": TOKEN, "standard": "NEP-5"}
    node = build(chain_of(block(2, transfers((None, HOLDER, 50))), contracts={"demo": plain}))
    assert rows17(node, HOLDER) == []
    assert history17(node, HOLDER)["received"] == []


def test_a_contract_destroyed_in_the_block_of_its_event_is_not_tracked(build: NodeBuilder) -> None:
    mortal = {**COIN, "destroyed_at": 3}
    chain = chain_of(block(2, transfers((None, HOLDER, 50))), block(3, raw(None, OTHER, 1)), contracts={"demo": mortal})
    node = build(chain)
    assert history17(node, OTHER)["received"] == [], "the manifest is looked up after the block"
    assert rows17(node, HOLDER) == [], "rows of a destroyed asset are hidden"
    assert len(history17(node, HOLDER)["received"]) == 1, "its transfers stay"


def test_an_explicit_zero_hash_is_not_an_account(build: NodeBuilder) -> None:
    node = build(coin_chain(block(2, transfers((None, HOLDER, 50))), block(3, raw(HOLDER, ZERO, 1))))
    assert rows17(node, ZERO) == []
    assert history17(node, ZERO) == {"address": address("n3", ZERO), "sent": [], "received": []}
    assert history17(node, HOLDER)["sent"][0]["transferaddress"] is None


def test_newest_transfers_come_first_and_those_of_one_block_in_key_order(build: NodeBuilder) -> None:
    node = build(
        coin_chain(
            block(2, transfers((None, HOLDER, 1), (None, HOLDER, 2))),
            block(5, transfers((None, HOLDER, 3), (None, HOLDER, 4))),
        )
    )
    assert [row["amount"] for row in history17(node, HOLDER)["received"]] == ["3", "4", "1", "2"]


def test_more_than_max_results_keeps_the_oldest_then_sorts(build: NodeBuilder) -> None:
    blocks = [block(index, transfers((None, HOLDER, index))) for index in range(1, 6)]
    node = build(coin_chain(*blocks), settings=(setting("MaxResults", 3),))
    assert [row["amount"] for row in history17(node, HOLDER)["received"]] == ["3", "2", "1"]


def test_max_results_caps_the_assets_of_a_balance_answer(build: NodeBuilder) -> None:
    contracts = {f"c{number}": {"standard": "NEP-17", "name": f"c{number}"} for number in range(5)}
    mints = [transfers((None, HOLDER, 1), asset=key) for key in contracts]
    node = build(chain_of(block(1, *mints), contracts=contracts), settings=(setting("MaxResults", 3),))
    assert len(result(node, "getnep17balances", HOLDER)["balance"]) == 3


def test_rows_are_in_the_order_of_storage_bytes_not_of_displayed_hashes(build: NodeBuilder) -> None:
    # displayed 0x01..ff and 0xff..01: stored, the first begins with ff and the second with 01
    contracts = {
        "a": {"hash": "0x01" + "00" * 18 + "ff", "standard": "NEP-17"},
        "b": {"hash": "0xff" + "00" * 18 + "01", "standard": "NEP-17"},
    }
    mints = [transfers((None, HOLDER, 1), asset=key) for key in contracts]
    node = build(chain_of(block(1, *mints), contracts=contracts))
    assert [row["assethash"] for row in result(node, "getnep17balances", HOLDER)["balance"]] == [
        contracts["b"]["hash"],
        contracts["a"]["hash"],
    ]


def test_the_window_holds_its_start_but_not_its_end(build: NodeBuilder) -> None:
    node = build(coin_chain(*[block(index, transfers((None, HOLDER, index))) for index in (1, 2, 3)]))
    received = history17(node, HOLDER, time_of(1), time_of(3))["received"]
    assert [row["blockindex"] for row in received] == [2, 1]


def test_zero_times_mean_the_last_seven_days_of_the_chains_clock(build: NodeBuilder) -> None:
    week = 7 * 24 * 3600 * 1000 // MS_PER_BLOCK
    node = build(coin_chain(block(1, transfers((None, HOLDER, 1))), block(week + 5, transfers((None, HOLDER, 2)))))
    for window in ((), (0,), (0, 0), (None, None)):
        received = result(node, "getnep17transfers", HOLDER, *window)["received"]
        assert [row["amount"] for row in received] == ["2"]


def test_an_end_before_the_start_is_invalid_params_without_data(build: NodeBuilder) -> None:
    node = build(coin_chain(block(1, transfers((None, HOLDER, 1)))))
    assert error(node, "getnep17transfers", HOLDER, 5, 4) == {"code": -32602, "message": "Invalid params"}


def test_notify_indexes_count_each_standard_apart(build: NodeBuilder) -> None:
    chain = chain_of(
        block(1, nft("art", None, HOLDER, 1, "a"), transfers((None, HOLDER, 1)), nft("art", None, HOLDER, 1, "b")),
        contracts={"demo": COIN, "art": ART},
    )
    node = build(chain)
    assert [row["transfernotifyindex"] for row in history17(node, HOLDER)["received"]] == [0]
    received = result(node, "getnep11transfers", HOLDER, 1, LATER)["received"]
    assert sorted((row["tokenid"], row["transfernotifyindex"]) for row in received) == [("61", 0), ("62", 1)]


def test_without_history_the_method_converts_its_parameters_and_is_then_not_found(build: NodeBuilder) -> None:
    node = build(coin_chain(block(1, transfers((None, HOLDER, 1)))), settings=(setting("TrackHistory", False),))
    assert error(node, "getnep17transfers", HOLDER) == {"code": -32601, "message": "Method not found"}
    assert error(node, "getnep17transfers", "abc")["code"] == -32602
    assert rows17(node, HOLDER) == [("1", 1)]


@pytest.mark.parametrize(
    ("enabled", "served", "missing"),
    [(["NEP-17"], "getnep17balances", "getnep11balances"), (["NEP-11"], "getnep11balances", "getnep17balances")],
)
def test_a_standard_that_is_not_enabled_has_no_methods(
    build: NodeBuilder, enabled: list[str], served: str, missing: str
) -> None:
    node = build(coin_chain(block(1)), settings=(setting("EnabledTrackers", list(enabled)),))
    assert served in node.methods
    assert missing not in node.methods


def test_older_profiles_do_not_have_the_plugin(build: NodeBuilder) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 1)))), "n3-preview")
    assert "getnep17balances" not in node.methods
    assert "TokensTracker" not in [plugin.name for plugin in node.registry]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ([], {"code": -2147024809, "message": "Required parameter 'address' is missing"}),
        ([None], {"code": -2147024809, "message": "Required parameter 'address' is missing"}),
        (
            [123],
            {"code": -32602, "message": "Invalid params - Invalid Address: 123", "data": "Invalid Address: 123"},
        ),
        (
            ["AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh"],
            {
                "code": -32602,
                "message": "Invalid params - Invalid Address: AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh",
                "data": "Invalid Address: AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh",
            },
        ),
    ],
    ids=["missing", "null", "number", "Neo 2 address"],
)
@pytest.mark.parametrize(
    "method", ["getnep17balances", "getnep17transfers", "getnep11balances", "getnep11transfers", "getnep11properties"]
)
def test_the_account_is_read_as_neo_cli_3_9_reads_it(
    build_once: NodeBuilder, method: str, params: list[Json], expected: dict[str, Json]
) -> None:
    more = ["61"] if method == "getnep11properties" and params else []
    assert error(build_once(coin_chain(block(1))), method, *params, *more) == expected


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        (-1, "-1"),
        (1.5, "1.5"),
        (2**53, "9007199254740992"),
        ("x", '"x"'),
        ([1], "[1]"),
        ({}, "{}"),
    ],
)
def test_a_time_that_is_no_safe_integer_is_refused(build_once: NodeBuilder, value: Json, detail: str) -> None:
    assert error(build_once(coin_chain(block(1))), "getnep17transfers", HOLDER, value) == {
        "code": -32602,
        "message": f"Invalid params - Invalid System.UInt64 value: {detail}",
        "data": f"Invalid System.UInt64 value: {detail}",
    }


def test_a_question_reads_what_it_returns_and_no_more_of_a_long_history(build: NodeBuilder) -> None:
    blocks = [block(index, transfers(*[(None, HOLDER, 1)] * 40)) for index in range(1, 51)]
    node = build(coin_chain(*blocks), settings=(setting("MaxResults", 10),))
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    def steps_of(*params: Json) -> int:
        nonlocal steps
        steps = 0
        node.store.connection.set_progress_handler(count, 10)
        result(node, "getnep17transfers", HOLDER, *params)
        node.store.connection.set_progress_handler(None, 10)
        return steps

    whole, narrow = steps_of(1, LATER), steps_of(time_of(40), LATER)
    assert whole <= 2 * narrow, "2,000 transfers stand in the window, or 440: ten are read either way"

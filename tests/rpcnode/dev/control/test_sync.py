"""dev_setSync and dev_setLag: a node behind its headers, a tracker behind its node."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rpcnode.chain.recorded.recorded import RecordedChain
from rpcnode.loading import read_source
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import RpcError
from rpcnode.primitives.json import Json
from tests import PROJECT
from tests.rpcnode.dev.commanded_nodes import balance, call, seen, tables_of, transfer

RECORDED = NodeOptions(fixtures=(PROJECT / "fixtures" / "recorded-n3-chain.json.gz",))
HOLDER = "0x" + "a1" * 20
COIN = "0x" + "77" * 20
LATER = "0x" + "88" * 20


def move(index: int, asset: str, amount: int) -> dict[str, Any]:
    transfer: dict[str, Any] = {"asset": asset, "from": None, "to": HOLDER, "amount": amount}
    return {"index": index, "transactions": [{"transfers": [transfer]}]}


CHAIN: dict[str, Any] = {
    "node": {"height": 12, "header_height": 20},
    "contracts": {
        "coin": {"hash": COIN, "standard": "NEP-17"},
        "later": {"hash": LATER, "standard": "NEP-5", "deployed_at": 15},
    },
    "blocks": [move(10, "coin", 5), move(14, "coin", 7), move(16, "later", 9), move(30, "coin", 100)],
}
"""Blocks above the height: two of them have headers, one is yet to come."""


@pytest.fixture(name="file")
def file_fixture(tmp_path: Path) -> Path:
    path = tmp_path / "chain.json"
    path.write_text(json.dumps(CHAIN))
    return path


@pytest.fixture(name="syncing")
def syncing_fixture(file: Path) -> Iterator[Node]:
    node = Node(NodeOptions(fixtures=(file,)))
    yield node
    node.close()


def told(node: Node) -> dict[str, Any]:
    """The story that the methods tell of a height: counts, balances, the contract that comes later, the blocks."""
    holder = node.view.address_of(next(node.ledger.contracts()).script_hash.parse(HOLDER))
    answers: dict[str, Any] = {
        "blocks": call(node, "getblockcount"),
        "headers": call(node, "getblockheadercount"),
        "nep17": [row["amount"] for row in call(node, "getnep17balances", holder)["balance"]],
        "received": len(call(node, "getnep17transfers", holder, 1)["received"]),
    }
    for name, method, params in (
        ("later", "getnep5balances", [LATER]),
        ("state", "getcontractstate", [LATER]),
        ("invoked", "invokefunction", [LATER, "totalSupply"]),
        ("block 14", "getblock", [14, 1]),
        ("header 14", "getblockheader", [14, 1]),
    ):
        try:
            answers[name] = call(node, method, *params)
        except RpcError as error:
            answers[name] = json.dumps(error.error_object("n3"))
    return answers


# A node behind its headers


def test_a_node_below_its_headers_tells_one_story(syncing: Node) -> None:
    before = told(syncing)
    assert (before["blocks"], before["headers"], before["nep17"], before["received"]) == (13, 21, ["5"], 1)
    assert "Unknown block" in before["block 14"]
    assert "Unknown contract" in before["later"]
    assert "deployed at block 15, this node stands at 12" in before["later"]
    assert "Unknown contract" in before["state"]
    assert before["invoked"]["state"] == "FAULT"
    # A node keeps headers above its height in its memory, and tells nothing of them but how many there are.
    assert "Unknown block" in before["header 14"]
    known = str(syncing.ledger.block_hash(14))

    assert call(syncing, "dev_setSync", {"height": 14}) == {"height": 14, "header_height": 20}
    after = told(syncing)
    assert (after["blocks"], after["headers"], after["nep17"], after["received"]) == (15, 21, ["12"], 2)
    assert "stands at 14" in after["later"]
    assert after["block 14"]["hash"] == known == after["header 14"]["hash"]
    assert len(after["block 14"]["tx"]) == 1

    call(syncing, "dev_setSync", {"height": 16})
    there = told(syncing)
    assert there["later"]["balance"] == []
    assert there["state"]["hash"] == LATER
    # 9 of its tokens, as an Integer on the stack
    assert there["invoked"]["stack"] == [{"type": "Integer", "value": "9"}]


def test_a_node_that_was_put_back_tells_what_it_told_then(syncing: Node) -> None:
    story, tables = told(syncing), tables_of(syncing)
    for height in (13, 14, 16, 31, 16, 13, 12):
        assert call(syncing, "dev_setSync", {"height": height})["height"] == height
    assert call(syncing, "dev_setSync", {"height": 12, "header_height": 20}) == {"height": 12, "header_height": 20}
    assert told(syncing) == story
    # Header 31 is another that will come again as it was.
    tables["chain_meta"] = [
        ("made_height", "31") if key == "made_height" else (key, value) for key, value in tables["chain_meta"]
    ]
    assert tables_of(syncing) == tables


def test_at_its_full_height_it_is_a_node_that_was_never_behind(syncing: Node, tmp_path: Path) -> None:
    path = tmp_path / "whole.json"
    path.write_text(json.dumps({**CHAIN, "node": {"height": 30}}))
    call(syncing, "dev_setSync", {"height": 30})
    with closing(Node(NodeOptions(fixtures=(path,)))) as whole:
        expected = tables_of(whole)
    found = tables_of(syncing)
    # The digest of another fixture file.
    found["chain_meta"] = [row for row in found["chain_meta"] if row[0] != "digest"]
    expected["chain_meta"] = [row for row in expected["chain_meta"] if row[0] != "digest"]
    assert found == expected


def test_blocks_declared_above_the_height_are_mined_past(syncing: Node) -> None:
    call(syncing, "dev_mine", 18)
    assert syncing.ledger.height == 30
    assert told(syncing)["nep17"] == ["112"]
    call(syncing, "dev_mine", 5, 1)
    assert told(syncing)["received"] == 3


def test_mined_past_at_times_of_their_own_they_take_those_times(syncing: Node) -> None:
    tip_ms = syncing.ledger.timestamp_ms(12)
    call(syncing, "dev_setNextBlockTimestamp", tip_ms + 10)
    call(syncing, "dev_mine", 3, 5)
    assert [syncing.ledger.timestamp_ms(index) - tip_ms for index in (13, 14, 15)] == [10, 15, 20]
    assert told(syncing)["nep17"] == ["12"]


def test_a_node_that_is_behind_is_so_after_a_restart(file: Path, tmp_path: Path) -> None:
    db = tmp_path / "chain.db"
    with closing(Node(NodeOptions(fixtures=(file,), db=db))) as node:
        call(node, "dev_setSync", {"height": 11, "header_height": 18})
        story, tables = told(node), tables_of(node)
    for fixtures in ((file,), ()):
        with closing(Node(NodeOptions(fixtures=fixtures, db=db))) as node:
            assert told(node) == story
            assert tables_of(node) == tables
    with closing(Node(NodeOptions(db=db))) as node:
        call(node, "dev_setSync", {"height": 16})
        assert told(node)["nep17"] == ["12"]


def test_a_recorded_chain_can_be_put_at_each_of_its_blocks() -> None:
    source = read_source(RECORDED)
    assert isinstance(source, RecordedChain)
    with closing(Node(RECORDED, source)) as node:
        whole, top = tables_of(node), node.ledger.height
        for height in (top - 5, top - 40, top - 20):
            call(node, "dev_setSync", {"height": height})
            found = tables_of(node)
            shorter = replace(source, blocks=source.blocks[: height - top])
            with closing(Node(RECORDED, shorter)) as other:
                expected = tables_of(other)
            # Rows of blocks that are held back stay; heights are told apart. All else is as if they had never come.
            for name in ("chain_block", "chain_transaction", "chain_execution", "chain_undo"):
                found[name] = [row for row in found[name] if row[0] <= height]
            for name in ("chain_contract", "chain_meta"):
                del found[name], expected[name]
            assert found == expected
        call(node, "dev_setSync", {"height": top})
        assert tables_of(node) == whole


def test_the_clock_stands_after_the_block_at_the_height(node: Node) -> None:
    call(node, "dev_increaseTime", 10**9)
    transfer(node)
    height = node.ledger.height
    call(node, "dev_setSync", {"height": height - 1})
    assert node.ledger.clock.now_ms == node.ledger.timestamp_ms(height - 1) + 1
    call(node, "dev_setSync", {"height": height})
    assert node.ledger.clock.now_ms == node.ledger.timestamp_ms(height) + 1


# A tracker behind its node


def test_a_tracker_behind_its_node_answers_as_it_would_have_then(node: Node) -> None:
    history = []
    for _ in range(6):
        transfer(node)
        history.append((balance(node), balance(node, tracker="getnep5balances")))
    assert call(node, "dev_setLag", {"TokensTracker": 2}) == {**call(node, "dev_setLag", {}), "TokensTracker": 2}
    assert (balance(node), balance(node, tracker="getnep5balances")) == (history[3][0], history[5][1])
    transfer(node)
    assert balance(node) == history[4][0]
    call(node, "dev_mine")
    assert balance(node) == history[5][0]
    call(node, "dev_setLag", {"TokensTracker": 7})
    assert balance(node) == history[0][0]
    assert node.ledger.height + 1 == call(node, "getblockcount")


def test_a_tracker_that_lagged_is_as_if_it_never_had(node: Node, template: Node) -> None:
    with closing(Node.from_template(template)) as other:
        call(node, "dev_setLag", {"TokensTracker": 3, "RpcNep5Tracker": 1})
        for each in (node, other):
            for asset in ("nep17", "nep5", "GAS"):
                transfer(each, asset=asset)
            call(each, "dev_mine", 2)
            transfer(each)
        call(node, "dev_setLag", {"TokensTracker": 1})
        assert call(node, "dev_setLag", {"TokensTracker": 0, "RpcNep5Tracker": 0})["TokensTracker"] == 0
        assert tables_of(node) == tables_of(other)


def test_a_lag_longer_than_the_chain_leaves_a_tracker_with_nothing(node: Node) -> None:
    call(node, "dev_setLag", {"TokensTracker": 10**6})
    assert (balance(node), balance(node, "account1", "getnep5balances") != {}) == ({}, True)
    call(node, "dev_setLag", {"TokensTracker": 0})
    assert balance(node) != {}


def test_a_lag_goes_with_the_state(node: Node, template: Node) -> None:
    transfer(node)
    call(node, "dev_snapshot", "even")
    call(node, "dev_setLag", {"TokensTracker": 1})
    call(node, "dev_snapshot", "lagging")
    lagging, state = balance(node), call(node, "dev_dumpState")
    call(node, "dev_revert", "even")
    assert balance(node) != lagging
    call(node, "dev_revert", "lagging")
    assert balance(node) == lagging
    transfer(node)
    with closing(Node.from_template(template)) as other:
        call(other, "dev_loadState", state)
        assert balance(other) == lagging
        transfer(other)
        assert seen(other) == seen(node)


def test_a_lagging_tracker_is_rewound_with_its_node(node: Node) -> None:
    call(node, "dev_setLag", {"TokensTracker": 2})
    states = []
    for _ in range(5):
        states.append((node.ledger.height, tables_of(node)))
        transfer(node)
    for height, tables in reversed(states):
        call(node, "dev_rewind", height)
        assert tables_of(node) == tables


def test_a_tracker_that_came_nearer_by_many_blocks_at_once_is_rewound_to_its_place(node: Node, template: Node) -> None:
    for _ in range(4):
        transfer(node)
    top = node.ledger.height
    call(node, "dev_setLag", {"TokensTracker": 6})
    call(node, "dev_mine")
    call(node, "dev_rewind", top)  # from the first one on, what blocks do is noted
    with closing(Node.from_template(template, node.store.image())) as other:
        call(other, "dev_setSync", {"height": top + 4})
        call(other, "dev_rewind", top + 4)
        call(node, "dev_setSync", {"height": top + 5})
        call(node, "dev_rewind", top + 4)
        assert tables_of(node) == tables_of(other)
    assert max(updated for _, updated in balance(node).values()) == top - 2


# What is refused


@pytest.mark.parametrize(
    ("method", "params", "message"),
    [
        ("dev_setSync", [], "sync is missing"),
        ("dev_setSync", [5], "sync: 5 is no object"),
        ("dev_setSync", [{"heigth": 5}], "sync: unknown member \"heigth\"; the nearest is 'height'"),
        ("dev_setSync", [{"height": -1}], "sync.height: -1 is not between 0 and 4292864895"),
        ("dev_setSync", [{"height": 2**32}], "sync.height: 4294967296 is not between"),
        ("dev_setSync", [{"height": "5"}], 'sync.height: "5" is no whole number'),
        ("dev_setSync", [{"height": 9, "header_height": 8}], "sync.header_height: 8 is below the height, 9"),
        ("dev_setSync", [{"header_height": 70009}], "sync.header_height: 70009 is below the height, 70010"),
        ("dev_setLag", [], "lags is missing"),
        ("dev_setLag", [["TokensTracker"]], 'lags: ["TokensTracker"] is no object'),
        ("dev_setLag", [{"TokenTracker": 1}], "lags: no tracker \"TokenTracker\"; the nearest is 'TokensTracker'"),
        ("dev_setLag", [{"RpcServer": 1}], 'lags: no tracker "RpcServer"'),
        ("dev_setLag", [{"TokensTracker": -1}], "lags.TokensTracker: -1 is not between 0"),
        ("dev_setLag", [{"TokensTracker": 1, "RpcNep5Tracker": True}], "lags.RpcNep5Tracker: true is no whole number"),
        ("dev_setLag", [{"TokensTracker": None}], "lags.TokensTracker: null is no whole number"),
    ],
)
def test_a_wrong_parameter_is_named_and_nothing_changes(
    node: Node, method: str, params: Sequence[Json], message: str
) -> None:
    image = node.store.image()
    with pytest.raises(RpcError) as caught:
        call(node, method, *params)
    assert message in str(caught.value.error_object("n3")["message"])
    assert node.store.image() == image


def test_headers_that_would_be_dated_after_the_last_year_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "slow.json"
    path.write_text(json.dumps({"network": {"ms_per_block": 86_400_000}}))
    with closing(Node(NodeOptions(fixtures=(path,)))) as node:
        image = node.store.image()
        with pytest.raises(RpcError) as caught:
            call(node, "dev_setSync", {"header_height": 4_000_000})
        assert "is later than a block can be dated" in str(caught.value.error_object("n3")["message"])
        assert node.store.image() == image

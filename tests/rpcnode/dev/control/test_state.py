"""dev_snapshot, dev_revert, dev_snapshots, dev_reset, dev_rewind, dev_dumpState, dev_loadState."""

import json
import resource
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rpcnode.chain.recorded.recorded import RecordedChain
from rpcnode.loading import read_source
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import RpcError
from rpcnode.primitives.json import Json
from tests import PROJECT, part_of
from tests.rpcnode.dev.commanded_nodes import balance, call, seen, tables_of, transfer

RECORDED = NodeOptions(fixtures=(PROJECT / "fixtures" / "recorded-n3-chain.json.gz",))
COIN: dict[str, Json] = {
    "contracts": {"coin": {"standard": "NEP-17"}},
    "balances": [{"account": "0x" + "11" * 20, "asset": "coin", "amount": 7, "block": 2}],
}

# Snapshots


def test_a_snapshot_can_be_gone_back_to_any_number_of_times(node: Node) -> None:
    call(node, "dev_snapshot", "a")
    tables, told = tables_of(node), seen(node)
    for _ in range(3):
        for _ in range(20):
            transfer(node)
        assert node.ledger.height == told[0] - 1 + 20
        assert call(node, "dev_revert", "a") == "a"
        assert seen(node) == told
        assert tables_of(node) == tables


def test_snapshots_are_nested_and_none_ends_with_another(node: Node) -> None:
    heights = []
    for name in ("a", "b", "c"):
        assert call(node, "dev_snapshot", name) == name
        heights.append(node.ledger.height)
        transfer(node)
    for name, height in (("b", heights[1]), ("a", heights[0]), ("c", heights[2]), ("b", heights[1])):
        call(node, "dev_revert", name)
        assert node.ledger.height == height
    assert call(node, "dev_snapshots") == ["a", "b", "c"]


def test_a_snapshot_without_a_name_gets_the_first_free_one(node: Node) -> None:
    assert call(node, "dev_snapshots") == []
    assert [call(node, "dev_snapshot"), call(node, "dev_snapshot", None)] == ["snapshot-1", "snapshot-2"]
    assert call(node, "dev_snapshots") == ["snapshot-1", "snapshot-2"]


def test_a_name_that_is_taken_again_is_the_newer_snapshot(node: Node) -> None:
    call(node, "dev_snapshot", "a")
    transfer(node)
    height = node.ledger.height
    call(node, "dev_snapshot", "a")
    transfer(node)
    call(node, "dev_revert", "a")
    assert (node.ledger.height, call(node, "dev_snapshots")) == (height, ["a"])


def test_a_snapshot_holds_what_waits_the_clock_and_the_mining_mode(node: Node) -> None:
    call(node, "dev_setBlockTime", "manual")
    transfer(node)
    call(node, "dev_increaseTime", 1234)
    call(node, "dev_setTimeStep", 7)
    call(node, "dev_snapshot", "a")
    info = call(node, "dev_info")
    call(node, "dev_setBlockTime", "instant")
    call(node, "dev_mine", 3)
    assert call(node, "dev_info") != info
    call(node, "dev_revert", "a")
    assert call(node, "dev_info") == info
    assert len(info["waiting"]) == 1


def test_the_same_calls_after_a_revert_give_the_same_hashes(node: Node) -> None:
    call(node, "dev_snapshot", "a")
    first = [transfer(node), call(node, "getbestblockhash")]
    call(node, "dev_revert", "a")
    assert [transfer(node), call(node, "getbestblockhash")] == first


@pytest.mark.slow
def test_many_reverts_take_no_more_memory_than_ten(node: Node) -> None:
    call(node, "dev_snapshot", "a")

    def cycles(count: int) -> int:
        for _ in range(count):
            transfer(node)
            call(node, "dev_mine")
            call(node, "dev_revert", "a")
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    at_first = cycles(10)
    assert cycles(part_of(1000)) <= at_first * 1.1


@pytest.mark.parametrize("in_file", [False, True], ids=["memory", "file"])
def test_a_revert_of_a_file_is_there_when_the_file_is_opened_again(in_file: bool, tmp_path: Path) -> None:
    options = NodeOptions(accounts=3, db=tmp_path / "chain.db" if in_file else None)
    with closing(Node(options)) as node:
        call(node, "dev_snapshot", "a")
        transfer(node)
        call(node, "dev_revert", "a")
        transfer(node, 9)
        tables = tables_of(node)
    if in_file:
        with closing(Node(options)) as node:
            assert tables_of(node) == tables


# Reset


def test_a_reset_is_the_start_again_and_keeps_snapshots(node: Node) -> None:
    tables = tables_of(node)
    transfer(node)
    call(node, "dev_snapshot", "later")
    for _ in range(2):
        assert call(node, "dev_reset") == node.ledger.height
        assert tables_of(node) == tables
        transfer(node)
    call(node, "dev_revert", "later")


def test_a_reset_of_a_node_from_a_fixture_plays_the_fixture(tmp_path: Path) -> None:
    fixture = tmp_path / "coin.json"
    fixture.write_text(json.dumps(COIN))
    with closing(Node(NodeOptions(fixtures=(fixture,), db=tmp_path / "chain.db"))) as node:
        tables = tables_of(node)
        call(node, "dev_mine", 5)
        assert call(node, "dev_reset") == 2
        # sqlite-utils notes when it made the tables
        assert {**tables_of(node), "_sqlite_migrations": []} == {**tables, "_sqlite_migrations": []}


def test_a_reset_takes_another_fixture_as_a_file_or_as_it_is(node: Node, tmp_path: Path) -> None:
    fixture = tmp_path / "coin.json"
    fixture.write_text(json.dumps(COIN))
    address = node.view.address_of(node.accounts[0].script_hash)
    assert call(node, "dev_reset", str(fixture)) == 2
    of_file = tables_of(node)
    call(node, "dev_reset")
    assert call(node, "dev_reset", COIN) == 2
    assert {**tables_of(node), "chain_meta": []} == {**of_file, "chain_meta": []}
    assert (node.accounts, call(node, "getnep17balances", address)["balance"]) == ([], [])
    assert call(node, "dev_mine", 2) == 4
    call(node, "dev_reset")
    assert len(node.accounts) == 3


def test_another_fixture_brings_its_own_block_time(node: Node) -> None:
    call(node, "dev_reset", {**COIN, "network": {"ms_per_block": 1000, "genesis_time": 0}})
    call(node, "dev_mine", 2)
    assert [node.ledger.timestamp_ms(index) for index in range(5)] == [0, 1000, 2000, 3000, 4000]


def test_a_database_alone_does_not_say_how_it_started(tmp_path: Path) -> None:
    fixture, db = tmp_path / "coin.json", tmp_path / "chain.db"
    fixture.write_text(json.dumps(COIN))
    Node(NodeOptions(fixtures=(fixture,), db=db)).close()
    with closing(Node(NodeOptions(db=db))) as node:
        call(node, "dev_mine", 2)
        tables = tables_of(node)
        with pytest.raises(RpcError, match=r"how the chain .* started is not known"):
            call(node, "dev_reset")
        assert tables_of(node) == tables


# Rewind


def test_a_rewind_is_seen_by_every_tracker(node: Node) -> None:
    tables, told = tables_of(node), seen(node)
    for asset in ("nep17", "nep5", "GAS"):
        transfer(node, asset=asset)
    index = told[0] - 1
    assert call(node, "dev_rewind", index) == index
    assert seen(node) == told
    assert tables_of(node) == tables


def test_what_is_rewound_after_a_first_time_is_taken_back_row_by_row(node: Node) -> None:
    call(node, "dev_rewind", node.ledger.height)
    states = [(node.ledger.height, tables_of(node))]
    for number in range(6):
        call(node, "dev_mint", {"asset": "nep17", "to": f"0x{number + 1:040x}", "amount": number})
        transfer(node, number, "nep5" if number % 2 else "nep17")
        states.append((node.ledger.height, tables_of(node)))
    for height, tables in reversed(states):
        call(node, "dev_rewind", height)
        assert tables_of(node) == tables


def branch(node: Node, seed: int, contract: str) -> None:
    """Five blocks, one of them with a contract where the chain takes declared ones, the others of events or empty."""
    for number in range(2):
        note: dict[str, Json] = {
            "contract": contract,
            "event": "Transfer",
            "state": [None, f"0x{seed:040x}", str(number + 1)],
        }
        call(node, "dev_notify", note)
    if not node.ledger.is_executed:
        call(node, "dev_deploy", {"name": f"coin{seed}", "standard": "NEP-17", "symbol": "C", "decimals": 0})
    call(node, "dev_mine", 3 if node.ledger.is_executed else 2)


@pytest.mark.parametrize("chain", ["dev", "recorded"])
def test_after_a_rewind_of_five_blocks_five_others_are_all_there_ever_was(chain: str) -> None:
    source = read_source(RECORDED) if chain == "recorded" else None
    options = RECORDED if chain == "recorded" else NodeOptions(accounts=3)
    shorter = replace(source, blocks=source.blocks[:-5]) if isinstance(source, RecordedChain) else None
    with closing(Node(options, source)) as node, closing(Node(options, shorter)) as other:
        contract = str(next(contract.script_hash for contract in node.ledger.contracts() if contract.contract_id > 0))
        if chain == "dev":
            branch(node, 1, contract)
        assert node.ledger.height == other.ledger.height + 5
        call(node, "dev_rewind", other.ledger.height)
        assert tables_of(node) == tables_of(other)
        for each in (node, other):
            branch(each, 2, contract)
        # Nothing is left out: chain, contract storage, progress, and every plugin's tables.
        assert tables_of(node) == tables_of(other)
        assert call(node, "getbestblockhash") == call(other, "getbestblockhash")


def test_transactions_that_wait_go_on_waiting_after_a_rewind(node: Node) -> None:
    height = node.ledger.height
    transfer(node)
    call(node, "dev_setBlockTime", "manual")
    waiting = transfer(node, 3)
    call(node, "dev_rewind", height)
    assert [str(each.hash) for each in node.ledger.mempool] == [waiting]
    call(node, "dev_mine")
    assert balance(node) != {}
    assert len(node.ledger.mempool) == 0


# Dump and load


def test_a_state_that_was_dumped_is_that_state_when_it_is_loaded(node: Node, template: Node) -> None:
    call(node, "dev_setBlockTime", "manual")
    transfer(node)
    call(node, "dev_mine", 3)
    transfer(node, 8)
    told, tables, state = seen(node), tables_of(node), call(node, "dev_dumpState")
    with closing(Node.from_template(template)) as other:
        transfer(other, 99)
        assert call(other, "dev_loadState", state) == node.ledger.height
        assert tables_of(other) == tables
        assert seen(other) == told
        assert call(other, "dev_dumpState") == state
        assert call(other, "dev_mine") == call(node, "dev_mine")
        assert call(other, "getbestblockhash") == call(node, "getbestblockhash")
    call(node, "dev_loadState", json.loads(state))
    assert tables_of(node) == tables


def test_rows_of_plugins_that_a_state_lacks_are_made(node: Node) -> None:
    transfer(node)
    tables, state = tables_of(node), json.loads(call(node, "dev_dumpState"))
    state["schema"] = [step for step in state["schema"] if not step.startswith("TokensTracker")]
    state["tables"] = {name: table for name, table in state["tables"].items() if not name.startswith("tokens_")}
    for name in ("plugin_progress", "token_follower"):
        rows = state["tables"][name]["rows"]
        rows[:] = [row for row in rows if row[0] != "TokensTracker"]
    call(node, "dev_loadState", state)
    assert tables_of(node)["tokens_nep17_transfer"] == tables["tokens_nep17_transfer"]
    assert seen(node)[4][1] != {}


def test_a_state_of_another_network_is_refused(node: Node) -> None:
    with closing(Node(NodeOptions(), read_source(RECORDED))) as other:
        state = call(other, "dev_dumpState")
    tables = tables_of(node)
    with pytest.raises(RpcError, match=r"that chain is of network \d+, this node's is 860833102"):
        call(node, "dev_loadState", state)
    with pytest.raises(RpcError, match=r"that chain is of network 7, this node's is 860833102"):
        call(node, "dev_reset", {"network": {"magic": 7}})
    assert tables_of(node) == tables


# What is refused


@pytest.mark.parametrize(
    ("method", "params", "message"),
    [
        ("dev_snapshot", [""], 'name: "" is no text'),
        ("dev_snapshot", [5], "name: 5 is no text"),
        ("dev_snapshot", ["a", "b"], "2 parameters given"),
        ("dev_revert", [], "name is missing"),
        ("dev_revert", ["b"], 'there is no snapshot "b"; there are: "a"'),
        ("dev_snapshots", [1], "1 parameters given; right are: none"),
        ("dev_reset", [5], "fixture: 5 is neither the path of a fixture nor an object like one"),
        ("dev_reset", ["no/such/file.yaml"], "no/such/file.yaml"),
        ("dev_reset", [{"blocks": 5}], "blocks"),
        (
            "dev_reset",
            [{"balances": [{"account": "nobody", "asset": "x", "amount": 1, "block": 1}]}],
            "no declared contract",
        ),
        ("dev_rewind", [], "index is missing"),
        ("dev_rewind", [-1], "index: -1 is not between 0 and 70010"),
        ("dev_rewind", [70011], "index: 70011 is not between 0 and 70010"),
        ("dev_rewind", [1.5], "index: 1.5 is no whole number"),
        ("dev_rewind", ["7"], 'index: "7" is no whole number'),
        ("dev_loadState", [], "state is missing"),
        ("dev_loadState", [7], "state: 7 is no text of dev_dumpState"),
        ("dev_loadState", ["{"], "state: is no JSON"),
        ("dev_loadState", [{}], "state: state: member 'rpcnode_state' is missing"),
    ],
)
def test_a_wrong_parameter_is_named_and_nothing_changes(
    node: Node, method: str, params: Sequence[Json], message: str
) -> None:
    call(node, "dev_snapshot", "a")
    image = node.store.image()
    with pytest.raises(RpcError) as caught:
        call(node, method, *params)
    assert message in str(caught.value.error_object("n3")["message"])
    assert node.store.image() == image
    assert call(node, "dev_snapshots") == ["a"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
METHODS = ("dev_revert", "dev_snapshots", "dev_reset", "dev_rewind", "dev_loadState", "dev_setSync", "dev_setLag")


@settings(deadline=None, max_examples=part_of(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(METHODS), st.lists(json_values, max_size=3))
def test_whatever_the_parameters_are_a_method_works_or_changes_nothing(
    template: Node, method: str, params: list[Json]
) -> None:
    with closing(Node.from_template(template)) as node:
        image = node.store.image()
        try:
            call(node, method, *params)
        except RpcError as error:
            assert str(error.error_object("n3")["message"])
            assert node.store.image() == image
        # Whatever chain it is by now, it can be written to.
        call(node, "dev_mine")


def test_of_many_snapshots_an_error_names_ten(node: Node) -> None:
    for number in range(12):
        call(node, "dev_snapshot", f"s{number}")
    with pytest.raises(RpcError, match=r'there are: "s0", .*"s9" and 2 more$'):
        call(node, "dev_revert", "s12")

"""Every dev method has its Python form, on a node of either kind."""

import json
from collections.abc import Iterator

import pytest

from rpcnode.testing import Account, Fault, LocalNode, RpcCallError, Snapshot, in_process, start
from tests.rpcnode.testing.shop_chain import SHOP


@pytest.fixture(params=[in_process, start], ids=["in process", "started"])
def node(request: pytest.FixtureRequest) -> Iterator[LocalNode]:
    """A node of each kind. Block n is dated 1000 n ms, and the chain stands at block 3."""
    with request.param(SHOP) as running:
        yield running


def timestamps(node: LocalNode, first: int) -> list[int]:
    return [node.call("getblock", index, True)["time"] for index in range(first, node.height + 1)]


def test_mining_makes_blocks_and_gives_the_height(node: LocalNode) -> None:
    assert node.mine() == 4
    assert node.mine(3, interval_ms=250) == 7
    assert timestamps(node, 4) == [4000, 5000, 5250, 5500]


def test_the_clock_dates_the_blocks(node: LocalNode) -> None:
    node.set_next_block_timestamp(10_001)
    node.mine()
    node.set_time_step(7)
    node.mine(2)
    node.set_time(20_000)
    node.increase_time(5)
    node.mine()
    assert timestamps(node, 4) == [10_001, 10_008, 10_015, 20_005]
    node.set_time_step(None)
    node.mine()
    assert timestamps(node, 8) == [21_005]


def test_in_manual_mode_transactions_wait(node: LocalNode) -> None:
    assert node.set_block_time("manual") == "manual"
    transaction_id = node.transfer("coin", "alice", "bob", 5)
    assert (node.height, node.info()["waiting"]) == (3, [transaction_id])
    assert node.set_block_time("instant") == "instant"
    assert (node.height, node.balance("bob", "coin")) == (4, 25)
    assert node.set_block_time(3600) == 3600


def test_transactions_are_real_ones(node: LocalNode) -> None:
    for transaction_id in (
        node.transfer("coin", "alice", "bob", 5),
        node.transfer("coin", "alice", None, "1"),
        node.mint("coin", "eve", 2**200),
        node.transfer("art", None, "bob", 1, token_id="sunrise"),
        node.notify("coin", "Greeting", ["0x68656c6c6f", 1, None]),
        node.notify("coin", "Transfer", [None, "bob", "9"], faults=True),
        node.deploy("gem", standard="NEP-17", symbol="GEM", decimals=2).transaction_id,
    ):
        assert node.call("getrawtransaction", transaction_id, True)["hash"] == transaction_id
    assert node.balances("alice") == {"coin": 94, "old": 7}
    assert node.balances("bob") == {"coin": 25}
    assert node.balances("eve") == {"coin": 2**200}
    assert (
        node.call("getnep11balances", node.accounts["bob"].address)["balance"][0]["assethash"] == node.contracts["art"]
    )
    node.mint("gem", "eve", 3)
    assert node.balance("eve", "gem") == 3


def test_what_is_refused_changes_nothing(node: LocalNode) -> None:
    with pytest.raises(RpcCallError, match="cannot move 101 of coin: alice has 100"):
        node.transfer("coin", "alice", "bob", 101)
    with pytest.raises(RpcCallError, match="did you mean coin"):
        node.transfer("coins", "alice", "bob", 1)
    assert (node.height, node.balance("alice", "coin")) == (3, 100)


def test_a_snapshot_is_gone_back_to_any_number_of_times(node: LocalNode) -> None:
    kept = node.snapshot("before")
    assert kept.name == "before"
    for _ in range(2):
        node.transfer("coin", "alice", "bob", 5)
        kept.revert()
        assert (node.height, node.balance("bob", "coin")) == (3, 20)
    node.mine()
    node.revert("before")
    assert node.height == 3
    assert node.snapshots() == ["before"]


def test_a_with_statement_goes_back_to_its_snapshot(node: LocalNode) -> None:
    with node.snapshot() as outer:
        node.mine()
        with pytest.raises(ZeroDivisionError), node.snapshot():
            node.mine()
            raise ZeroDivisionError
        assert node.height == 4
    assert node.height == 3
    assert isinstance(outer, Snapshot)
    with pytest.raises(RpcCallError, match="there is no snapshot"):
        node.revert("nobody's")


def test_reset_goes_back_to_the_start_or_to_another(node: LocalNode) -> None:
    node.mine(5)
    assert node.reset() == 3
    other = {"network": {"genesis_time": 0, "ms_per_block": 1000}, "node": {"height": 9}}
    assert node.reset(other) == 9
    assert node.reset("{node: {height: 6}, network: {genesis_time: 0, ms_per_block: 1000}}") == 6


def test_rewinding_takes_blocks_back(node: LocalNode) -> None:
    assert node.rewind(1) == 1
    assert (node.balances("alice"), node.balances("bob")) == ({"coin": 100}, {})


def test_a_dump_is_the_whole_state(node: LocalNode) -> None:
    state = node.dump()
    assert json.loads(state)["height"] == 3
    node.transfer("coin", "alice", "bob", 5)
    assert node.load(state) == 3
    assert (node.balance("bob", "coin"), node.dump()) == (20, state)


def test_a_node_may_stand_behind_its_headers(node: LocalNode) -> None:
    assert node.set_sync(height=1) == (1, 3)
    assert node.balances("bob") == {}
    assert node.set_sync(height=3, header_height=8) == (3, 8)
    assert node.balances("bob") == {"coin": 20}


def test_a_tracker_may_lag_and_balances_still_tell_the_truth(node: LocalNode) -> None:
    assert node.set_lag("TokensTracker", 2)["TokensTracker"] == 2
    assert node.call("getnep17balances", node.accounts["bob"].address)["balance"] == []
    assert node.balances("bob") == {"coin": 20}
    assert node.set_lag("TokensTracker", 0)["TokensTracker"] == 0


def test_a_fault_strikes_until_it_is_cleared(node: LocalNode) -> None:
    error = {"code": -1, "message": "busy"}
    with node.set_fault("getblockcount", error=error) as fault, pytest.raises(RpcCallError, match="busy"):
        node.call("getblockcount")
    assert isinstance(fault, Fault)
    assert node.call("getblockcount") == 4
    node.set_fault("getblock*", nth=2, error=error)
    node.set_fault("getversion", times=1, probability=1, seed="s", error=error)
    assert node.clear_faults() == 2
    node.set_fault(path="/v1/*", http_status=503)
    node.set_fault("getversion", latency_ms={"min": 0, "max": 0.1})
    assert [fault["http_status"] for fault in node.info()["faults"] if "path" in fault] == [503]


def test_the_journal_has_the_calls_of_programs_only(node: LocalNode) -> None:
    node.mine()
    node.balances("alice")
    node.call("getblockcount")
    node.call("getblockhash", 2)
    first, second = node.journal()
    assert (first.method, first.params, first.result, first.error) == ("getblockcount", [], 5, None)
    assert (second.method, second.params) == ("getblockhash", [2])
    assert node.journal("getblockhash") == node.journal(since=first.sequence) == [second]
    assert node.journal(path="/v1/*") == []


def test_a_call_that_was_not_made_is_told_with_the_nearest_that_were(node: LocalNode) -> None:
    node.call("getblockhash", 2)
    node.verify("getblockhash")
    node.verify("getblockhash", params=[None], times=1)
    node.verify("getblock", at_most=0)
    with pytest.raises(AssertionError) as caught:
        node.verify("getblockhash", params=[3], at_least=2)
    assert str(caught.value).splitlines() == [
        "expected at least 2 calls of getblockhash [3], seen 0",
        "nearest others:",
        "  #1 getblockhash [2]",
    ]


def test_verifying_tells_how_many_calls_are_forgotten(node: LocalNode) -> None:
    for _ in range(21):
        node.batch(*[("getblockcount",)] * 100)
    with pytest.raises(AssertionError, match=r"\(100 older calls are no longer in the journal\)$"):
        node.verify("getversion")


def test_accounts_and_contracts_go_by_their_names(node: LocalNode) -> None:
    assert list(node.accounts) == ["alice", "bob", "eve"]
    # Base58 of 0x35, 0xee, nineteen zeros, and the first four bytes of their double SHA-256.
    eve = Account("eve", "NhcQ1QpqqZmjgbuK8EAdiRFT915Jzbucmi", "0x00000000000000000000000000000000000000ee", None)
    assert node.accounts["eve"] == eve
    alice = node.accounts["alice"]
    assert alice.wif is not None
    assert node.balance(alice.address, "coin") == node.balance(alice.script_hash, node.contracts["coin"]) == 100
    # The N3 protocol's own constants.
    assert node.contracts["NEO"] == "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"
    assert node.contracts["GAS"] == "0xd2a4cff31913016155e38e474a2c06d08be276cf"
    with pytest.raises(RpcCallError, match="did you mean alice"):
        node.balances("alicia")


def test_a_node_begins_anew_at_its_url(node: LocalNode) -> None:
    node.set_fault("getversion", drop=True)
    node.snapshot("mine")
    node.set_block_time("manual")
    node.set_time(99_000)
    node.call("getblockcount")
    node.begin_anew()
    info = node.info()
    assert (info["height"], info["block_time"], info["clock_ms"]) == (3, "instant", 3001)
    assert (info["faults"], info["snapshots"], node.journal()) == ([], [], [])
    node.call("getversion")
    node.verify("getversion", times=1)
    with pytest.raises(AssertionError):
        node.verify("getblockcount")

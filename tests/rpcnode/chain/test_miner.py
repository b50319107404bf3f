"""The miner where no command shows it: blocks by time, and blocks that cannot be made."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from rpcnode.chain.blocks import AppliedBlock
from rpcnode.chain.declaration import DeclaredTransaction
from rpcnode.chain.mempool import Work
from rpcnode.chain.miner import Miner
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.plugin.followers import Followers, PluginFailed

NOTHING = Work(DeclaredTransaction((), (), False, ""))


class FakeLoop:
    """Calls what was put off when its time is said to have come."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, Callable[[], None], FakeTimer]] = []

    def call_later(self, seconds: float, call: Callable[[], None]) -> "FakeTimer":
        timer = FakeTimer()
        self._due.append((self.now + seconds, call, timer))
        return timer

    def pass_seconds(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [entry for entry in self._due if entry[0] <= end and not entry[2].cancelled]:
            entry = min(due, key=lambda entry: entry[0])
            self._due.remove(entry)
            self.now = entry[0]
            entry[1]()
        self.now = end


class FakeTimer:
    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    path = tmp_path / "chain.json"
    path.write_text(json.dumps({"node": {"height": 1}}), "utf-8")
    with closing(Node(NodeOptions(fixtures=(path,)))) as built:
        yield built


@pytest.fixture
def miner(node: Node) -> Miner:
    return node.miner


def test_blocks_are_made_each_so_many_seconds_while_there_is_a_loop(node: Node, miner: Miner) -> None:
    loop = FakeLoop()
    miner.set_block_time(5.0)
    loop.pass_seconds(60)
    assert node.ledger.height == 1
    miner.attach(loop.call_later)
    loop.pass_seconds(4.9)
    assert node.ledger.height == 1
    loop.pass_seconds(10.2)  # 15.1 seconds: three blocks
    assert node.ledger.height == 4
    miner.detach()
    loop.pass_seconds(60)
    assert node.ledger.height == 4


def test_the_times_of_blocks_are_the_clocks_and_not_the_loops(node: Node, miner: Miner) -> None:
    loop = FakeLoop()
    miner.attach(loop.call_later)
    miner.set_block_time(1.0)
    loop.pass_seconds(2)
    times = [node.ledger.timestamp_ms(index) for index in range(4)]
    assert [later - earlier for earlier, later in pairwise(times)] == [15_000] * 3


def test_another_mode_counts_from_now_and_stops_the_one_before(node: Node, miner: Miner) -> None:
    loop = FakeLoop()
    miner.attach(loop.call_later)
    miner.set_block_time(10.0)
    loop.pass_seconds(9)
    miner.set_block_time(3.0)
    loop.pass_seconds(2.9)
    assert node.ledger.height == 1
    loop.pass_seconds(0.1)
    assert node.ledger.height == 2
    miner.set_block_time("manual")
    loop.pass_seconds(60)
    assert node.ledger.height == 2


def test_what_waits_is_taken_in_by_the_next_block_of_time(node: Node, miner: Miner) -> None:
    loop = FakeLoop()
    miner.attach(loop.call_later)
    miner.set_block_time(5.0)
    transaction = miner.submit(NOTHING)
    assert not node.ledger.holds(transaction)
    loop.pass_seconds(5)
    assert node.ledger.holds(transaction)


def test_a_block_that_fails_does_not_stop_those_to_come(
    node: Node, miner: Miner, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = FakeLoop()
    miner.attach(loop.call_later)
    miner.set_block_time(5.0)
    with monkeypatch.context() as patched:
        patched.setattr(Followers, "passed", _fail)
        with pytest.raises(PluginFailed):
            loop.pass_seconds(5)
    assert node.ledger.height == 1
    loop.pass_seconds(5)
    assert node.ledger.height == 2


def test_a_transaction_whose_block_fails_is_not_kept(node: Node, miner: Miner, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows_of(node)
    with monkeypatch.context() as patched:
        patched.setattr(Followers, "committing", _fail)
        with pytest.raises(PluginFailed):
            miner.submit(NOTHING)
    assert rows_of(node) == before
    assert len(node.ledger.mempool) == 0
    assert node.ledger.holds(miner.submit(NOTHING))


def test_a_block_that_fails_leaves_waiting_what_it_would_have_held(
    node: Node, miner: Miner, monkeypatch: pytest.MonkeyPatch
) -> None:
    miner.set_block_time("manual")
    transaction = miner.submit(NOTHING)
    before = rows_of(node)
    with monkeypatch.context() as patched:
        patched.setattr(Followers, "committing", _fail)
        with pytest.raises(PluginFailed):
            miner.mine()
    assert rows_of(node) == before
    assert [waiting.hash for waiting in node.ledger.mempool] == [transaction]
    miner.mine()
    assert node.ledger.holds(transaction)


def test_a_mode_whose_first_block_fails_is_not_taken(node: Node, miner: Miner, monkeypatch: pytest.MonkeyPatch) -> None:
    miner.set_block_time("manual")
    miner.submit(NOTHING)
    monkeypatch.setattr(Followers, "committing", _fail)
    with pytest.raises(PluginFailed):
        miner.set_block_time("instant")
    assert miner.block_time == "manual"


def rows_of(node: Node) -> list[str]:
    """The content of every table."""
    return list(node.store.connection.iterdump())


def _fail(self: Followers, *about: AppliedBlock | object) -> None:
    raise PluginFailed("plugin Trouble failed")

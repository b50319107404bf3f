"""What a reader shows: whole commits, the newest one, and the same as long as somebody is at work on it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from rpcnode.chain.db.reading_store import ReadingStore
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json, result_of
from rpcnode.workers.state_page import StatePage, StateWriter
from rpcnode.workers.view import View


class Both(NamedTuple):
    """A writer and a reader, in one process."""

    writer: Node
    reader: Node
    view: View
    page: StatePage

    def heights(self) -> tuple[int, int]:
        return self.writer.ledger.height, self.reader.ledger.height


PLUGIN = """\
from rpcnode.plugin import Plugin, rpc_method

class Counting(Plugin):
    name = "Counting"
    known = None

    def on_committing(self, block, executions):
        self.known = None

    def on_rewound(self):
        self.known = None

    @rpc_method(of_chain=True)
    def get_count(self):
        if self.known is None:
            self.known = self.node.ledger.height
        return self.known
"""


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "counting.py").write_text(PLUGIN, "utf-8")
    options, file = NodeOptions(plugins_dirs=(tmp_path / "plugins",)), tmp_path / "chain.db"
    with closing(Node(options, shared_file=file)) as writer:
        page = StatePage.new()
        StateWriter(writer, page)
        store = ReadingStore(file)
        with closing(Node.reader_of(options, store)) as reader:
            yield Both(writer, reader, View(reader, store, page), page)


def mine(node: Node, count: int = 1) -> None:
    result_of(node.methods["dev_mine"]([count]))


def test_a_commit_is_shown_once_it_is_looked_for(both: Both) -> None:
    assert both.view.is_current()
    before, number = both.reader.ledger.height, both.view.number
    mine(both.writer)
    assert both.heights() == (before + 1, before)
    assert both.view.is_current()
    assert both.heights() == (before + 1, before + 1) and both.view.number == number + 1
    assert both.view.is_current() and both.view.number == number + 1


def test_a_plugin_that_follows_the_chain_forgets_what_it_keeps_in_memory(both: Both) -> None:
    for _ in range(3):
        assert both.view.is_current()
        counted = [node.methods["getcount"]([]) for node in (both.reader, both.writer)]
        assert counted == list(both.heights())
        result_of(both.writer.methods["dev_mint"]([{"asset": "GAS", "to": "0x" + "a1" * 20, "amount": 1}]))


def test_what_is_held_is_not_taken_away(both: Both) -> None:
    both.view.is_current()
    both.view.hold()
    both.view.hold()
    before = both.reader.ledger.height
    mine(both.writer)
    assert not both.view.is_current()
    both.view.release()
    assert not both.view.is_current()
    both.view.look_away()
    assert both.reader.ledger.block_hash(before) == both.writer.ledger.block_hash(before)
    both.view.release()
    assert both.view.is_current() and both.heights() == (before + 1, before + 1)


def test_in_the_middle_of_a_commit_nothing_is_shown(both: Both) -> None:
    both.view.is_current()
    watch = both.writer.store.watch
    assert watch is not None
    watch.begin()
    assert not both.view.is_current()
    watch.end()
    assert both.view.is_current()


def test_a_wallet_and_faults_are_the_writer_s(both: Both) -> None:
    assert both.view.is_current()
    assert both.writer.traffic is not None
    set_fault, clear_faults = both.writer.methods["dev_setFault"], both.writer.methods["dev_clearFaults"]
    result_of(set_fault([{"method": "getblockcount", "drop": True}]))
    assert not both.view.is_current()
    result_of(clear_faults([]))
    assert both.view.is_current()


def test_while_many_wait_for_a_block_the_writer_is_asked(both: Both) -> None:
    result_of(both.writer.methods["dev_setBlockTime"](["manual"]))
    payment: Json = {"asset": "GAS", "from": None, "to": "0x" + "a1" * 20, "amount": 1}
    for _ in range(100):
        result_of(both.writer.methods["dev_transfer"]([payment]))
    assert both.view.is_current()
    assert [each.hash for each in both.reader.ledger.mempool] == [each.hash for each in both.writer.ledger.mempool]
    for _ in range(2):
        result_of(both.writer.methods["dev_transfer"]([payment]))
    assert not both.view.is_current()
    mine(both.writer)
    assert both.view.is_current() and not both.reader.ledger.mempool


def test_going_back_and_forth_is_seen_and_so_is_another_chain(both: Both) -> None:
    both.view.is_current()
    state = both.writer.methods
    result_of(state["dev_snapshot"](["here"]))
    before = both.reader.ledger.height
    mine(both.writer, 3)
    assert both.view.is_current()
    new_hash, times_back = both.reader.ledger.block_hash(before + 1), both.reader.ledger.times_back
    result_of(state["dev_revert"](["here"]))
    result_of(state["dev_increaseTime"]([1_000_000]))
    mine(both.writer, 3)
    assert both.view.is_current() and both.heights() == (before + 3, before + 3)
    assert both.reader.ledger.times_back > times_back
    assert both.reader.ledger.block_hash(before + 1) == both.writer.ledger.block_hash(before + 1) != new_hash
    result_of(state["dev_reset"]([]))
    assert both.view.is_current() and both.heights() == (before, before)


def test_a_reader_writes_nothing(both: Both) -> None:
    with pytest.raises(Exception, match="readonly"):
        both.reader.store.connection.execute("DELETE FROM chain_meta")
    assert both.reader.dev is None and "dev_mine" not in both.reader.methods


def test_the_file_is_no_other_node_s_and_can_be_had_afterwards(both: Both, tmp_path: Path) -> None:
    file = tmp_path / "chain.db"
    assert both.writer.options.db is None
    for shared_file in (None, file):
        with pytest.raises(NodeError, match="in use by another process"):
            Node(NodeOptions(db=file), shared_file=shared_file)
    both.reader.close()
    both.writer.close()
    Node(NodeOptions(db=file)).close()


def test_the_log_can_be_emptied_once_the_reader_looks_away(both: Both, tmp_path: Path) -> None:
    both.view.is_current()
    mine(both.writer)

    def emptied() -> bool:
        row = both.writer.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return bool(row[0] == 0)

    assert not emptied()
    both.view.look_away()
    assert emptied()

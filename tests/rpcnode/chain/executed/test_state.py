"""The state that runs see: kept while nothing is written, the same throughout whatever is written meanwhile."""

from collections.abc import Iterator
from contextlib import closing
from typing import Final

import pytest

from rpcnode.chain.executed.state import MOST_KEPT, KeptRows
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from tests import PROJECT
from tests.oracles.world import Rows

CHAIN: Final = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with closing(Node(NodeOptions(fixtures=(CHAIN,), dev=False))) as running:
        yield running


def test_the_newest_state_is_kept_until_something_is_written(node: Node) -> None:
    ledger = node.ledger
    kept = ledger.execution_at()
    assert ledger.execution_at() is kept
    assert ledger.execution_at(ledger.height) is kept
    assert ledger.execution_at(ledger.height - 1) is not kept
    with node.store.transaction():
        node.store.set_meta("anything", "new")
    assert ledger.execution_at() is not kept


def test_a_state_has_the_rows_after_its_block_whatever_comes_later(node: Node) -> None:
    ledger = node.ledger
    before = ledger.execution_at(ledger.height - 1)
    row = (-6, b"\x0b")  # GasToken's supply: each block mints
    then, now = before.storage.get(*row), ledger.execution_at().storage.get(*row)
    assert then is not None and now is not None and then != now
    assert before.ledger.current_index == ledger.height - 1


def test_what_is_kept_of_rows_has_a_bound() -> None:
    size = MOST_KEPT // 8
    rows = KeptRows(Rows({(1, bytes((number,))): bytes(size) for number in range(20)}))
    for _ in range(2):
        for number in range(20):
            assert len(rows.get(1, bytes((number,))) or b"") == size
    assert rows.get(1, b"none") is None
    assert rows.get(1, b"none") is None

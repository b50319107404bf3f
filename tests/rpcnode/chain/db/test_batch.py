"""Transactions that are written to the file together."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import BATCH, Store


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as made:
        yield made


def test_in_a_batch_a_transaction_that_raises_leaves_those_before_it(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.batch():
        with store.transaction():
            store.set_meta("one", "1")
        with store.transaction():
            store.set_meta("two", "2")
            raise ZeroDivisionError
    assert (store.meta("one"), store.meta("two")) == ("1", None)
    assert not store.connection.in_transaction


def test_a_batch_is_written_some_transactions_at_a_time(store: Store) -> None:
    was_open = []
    with store.batch():
        for number in range(BATCH + 1):
            with store.transaction():
                store.set_meta(str(number), "")
            was_open.append(store.connection.in_transaction)
    assert was_open == [True] * (BATCH - 1) + [False, True]
    assert store.meta(str(BATCH)) == ""


def test_after_a_batch_a_transaction_is_written_at_once(store: Store) -> None:
    with store.batch(), store.transaction():
        store.set_meta("one", "1")
    with store.transaction():
        store.set_meta("two", "2")
    assert not store.connection.in_transaction

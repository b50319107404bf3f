"""Contract storage: what a block notes of what it overwrote, and balances as they were."""

from contextlib import closing
from itertools import islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.storage import BlockStorage, StorageAt
from rpcnode.chain.db.store import Store
from rpcnode.chain.state import State
from rpcnode.execution.snapshot import Snapshot
from rpcnode.models import token
from rpcnode.primitives.uint import UInt160
from tests import part_of
from tests.rpcnode.chain.chain_blocks import COIN, CONTRACT_ID, coin, new_block, new_ledger

ACCOUNTS = [UInt160(bytes([number]) * 20) for number in (0xA1, 0xA2, 0xA3)]


def test_a_block_notes_what_it_overwrote() -> None:
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        ledger = new_ledger(store)
        for index, writes in enumerate(
            [{b"kept": b"1", b"changed": b"1", b"deleted": b"1"}, {b"changed": b"2", b"kept": b"1", b"new": b"1"}]
        ):
            storage = ledger.new_storage()
            for key, value in writes.items():
                storage.put(CONTRACT_ID, key, value)
            if index == 1:
                storage.delete(CONTRACT_ID, b"deleted")
                storage.delete(CONTRACT_ID, b"never there")
            ledger.apply_block(new_block(index, storage))
        undo = store.connection.execute("SELECT key, value FROM chain_undo WHERE block_index = 1 ORDER BY key")
        assert undo.fetchall() == [(b"changed", b"1"), (b"deleted", b"1"), (b"new", None)]
        now = store.connection.execute("SELECT key, value FROM chain_storage ORDER BY key")
        assert now.fetchall() == [(b"changed", b"2"), (b"kept", b"1"), (b"new", b"1")]


def test_the_past_cannot_be_written_to() -> None:
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        ledger = new_ledger(store)
        storage = ledger.new_storage()
        storage.put(CONTRACT_ID, b"key", b"1")
        ledger.apply_block(new_block(0, storage))
        past = StorageAt(store.connection, 0, lambda: 0)
        with pytest.raises(TypeError, match="the past cannot be written to"):
            past.put(CONTRACT_ID, b"key", b"2")
        with pytest.raises(TypeError, match="the past cannot be written to"):
            past.delete(CONTRACT_ID, b"key")
        assert past.get(CONTRACT_ID, b"key") == b"1"


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("prefix", [b"", b"a", b"\xff", b"none"])
def test_a_search_of_the_past_is_the_same_however_many_rows_and_blocks_come(prefix: bytes, backwards: bool) -> None:
    random = Random(7)
    keys = [bytes((random.choice(b"ab\xff"), *number.to_bytes(2, "big"))) for number in range(500)]
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        ledger = new_ledger(store)
        storage = ledger.new_storage()
        rows = dict.fromkeys(random.sample(keys, 350), b"first")
        for key, value in rows.items():
            storage.put(CONTRACT_ID, key, value)
        ledger.apply_block(new_block(0, storage))
        past = StorageAt(store.connection, 0, ledger.storage_index)
        expected = sorted((row for row in rows.items() if row[0].startswith(prefix)), reverse=backwards)
        assert [*past.find(CONTRACT_ID, prefix, backwards)] == expected
        begun = past.find(CONTRACT_ID, prefix, backwards)
        found = [*islice(begun, 5)]
        for index in (1, 2):
            storage = ledger.new_storage()
            for key in random.sample(keys, 200):
                storage.put(CONTRACT_ID, key, b"later")
            for key in random.sample(keys, 200):
                storage.delete(CONTRACT_ID, key)
            ledger.apply_block(new_block(index, storage))
        assert [*past.find(CONTRACT_ID, prefix, backwards)] == expected
        assert [*found, *begun] == expected


Transfer = tuple[int | None, int | None, int]
"""Positions of sender and receiver in ACCOUNTS, None for a mint or burn, and the part of 100 that is moved."""

transfers = st.tuples(
    st.one_of(st.none(), st.integers(0, 2)), st.one_of(st.none(), st.integers(0, 2)), st.integers(0, 100)
).filter(lambda transfer: transfer[:2] != (None, None))
chains = st.lists(st.tuples(st.integers(1, 5), st.lists(transfers, max_size=4)), max_size=8)
"""Blocks: how far each lies above the one before, and what it moves."""


@settings(deadline=None, max_examples=part_of(60))
@given(chains)
def test_balances_at_a_block_are_what_they_were_at_that_block(blocks: list[tuple[int, list[Transfer]]]) -> None:
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        ledger = new_ledger(store)
        ledger.apply_block(new_block(0, ledger.new_storage(), contracts=[coin()]))
        model = [0, 0, 0]
        history: list[list[int]] = [model[:]]
        for distance, moved in blocks:
            storage = ledger.new_storage()
            for sender, receiver, percent in moved:
                amount = percent if sender is None else model[sender] * percent // 100
                token.move(
                    storage,
                    CONTRACT_ID,
                    None if sender is None else ACCOUNTS[sender],
                    None if receiver is None else ACCOUNTS[receiver],
                    amount,
                )
                if sender is not None:
                    model[sender] -= amount
                if receiver is not None:
                    model[receiver] += amount
            history += [history[-1]] * (distance - 1) + [model[:]]
            ledger.apply_block(new_block(ledger.height + distance, storage))
        assert [balances(ledger.state_at(index)) for index in range(ledger.height + 1)] == history
        assert balances(ledger.state()) == history[-1]
        assert [supply(ledger.state_at(index)) for index in range(ledger.height + 1)] == [sum(row) for row in history]


def balances(state: State) -> list[int]:
    return [integer(state, "balanceOf", bytes(account)) for account in ACCOUNTS]


def supply(state: State) -> int:
    return integer(state, "totalSupply")


def integer(state: State, method: str, *arguments: bytes) -> int:
    invocation = state.call(COIN, method, arguments)
    assert invocation.halted
    [item] = invocation.stack
    assert type(item) is int
    return item


KEYS_OF_FF = {b"a": b"1", b"\xfe": b"2", b"\xff": b"3", b"\xff\x00": b"4", b"\xff\xff": b"5", b"\xff" * 64: b"6"}


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        (b"\xff", [b"\xff", b"\xff\x00", b"\xff\xff", b"\xff" * 64]),
        (b"\xff\xff", [b"\xff\xff", b"\xff" * 64]),
        (b"\xff" * 64, [b"\xff" * 64]),
        (b"\xff" * 65, []),
        (b"\xfe", [b"\xfe"]),
        (b"", [b"a", b"\xfe", b"\xff", b"\xff\x00", b"\xff\xff", b"\xff" * 64]),
    ],
    ids=["one ff", "two", "as long as a key", "longer than any key", "just below", "none"],
)
@pytest.mark.parametrize("written", ["before", "in the block", "over a stored one", "later"])
def test_a_prefix_finds_the_keys_that_begin_with_it_and_no_others(
    prefix: bytes, found: list[bytes], written: str
) -> None:
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        ledger = new_ledger(store)
        storage = ledger.new_storage()
        for key, value in KEYS_OF_FF.items():
            storage.put(CONTRACT_ID, key, value)
        reader: BlockStorage | StorageAt = storage
        if written != "in the block":
            ledger.apply_block(new_block(0, storage))
            reader = storage = ledger.new_storage()
        if written == "over a stored one":
            storage.put(CONTRACT_ID, b"\xff", b"3")
            storage.put(CONTRACT_ID, b"b", b"7")
            storage.delete(CONTRACT_ID, b"b")
        if written == "later":
            storage.delete(CONTRACT_ID, b"\xff\xff")
            storage.put(CONTRACT_ID, b"\xff" * 64, b"7")
            storage.put(CONTRACT_ID, b"\xff\x01", b"8")
            ledger.apply_block(new_block(1, storage))
            reader = StorageAt(store.connection, 0, lambda: 1)
        expected = [(key, KEYS_OF_FF[key]) for key in found]
        assert list(reader.find(CONTRACT_ID, prefix)) == expected
        assert list(Snapshot(reader).find(CONTRACT_ID, prefix)) == expected


def test_rows_that_a_block_has_touched_are_known_until_anything_else_is_written() -> None:
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        ledger = new_ledger(store)
        for index in range(3):
            storage = ledger.new_storage()
            storage.put(CONTRACT_ID, b"key", bytes((index,)))
            ledger.apply_block(new_block(index, storage))
            assert ledger.new_storage().get(CONTRACT_ID, b"key") == bytes((index,))
        ledger.rewind(0)
        assert ledger.new_storage().get(CONTRACT_ID, b"key") == b"\0"
        image = store.image()
        storage = ledger.new_storage()
        storage.delete(CONTRACT_ID, b"key")
        ledger.apply_block(new_block(1, storage))
        assert ledger.new_storage().get(CONTRACT_ID, b"key") is None
        store.restore(image)
        ledger.reload()
        assert ledger.new_storage().get(CONTRACT_ID, b"key") == b"\0"

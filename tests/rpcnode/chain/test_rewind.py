"""Going back: blocks taken back for good, and blocks held back while their headers stay."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rpcnode.chain.blocks import AppliedBlock, NewTransaction
from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import Store
from rpcnode.chain.declaration import DeclaredBlock, DeclaredChain, Network
from rpcnode.chain.described.played import described_chain
from rpcnode.chain.ledger import Ledger, NoHooks
from rpcnode.chain.transfers import application_execution
from rpcnode.execution.records import Execution
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.uint import UInt256
from tests import part_of
from tests.rpcnode.chain.chain_blocks import BLOCK_MS, COIN, CONTRACT_ID, GENESIS_MS, coin, new_block, new_ledger

Writes = list[tuple[int, int]]
"""What a block puts: (key, value), 0 deletes."""

KEYS = 4
writes = st.lists(st.tuples(st.integers(0, KEYS - 1), st.integers(0, 3)), max_size=4)
branches = st.lists(st.tuples(st.integers(1, 3), writes), min_size=1, max_size=6)
"""Blocks: how far each lies above the one before, and what it writes."""


def apply(ledger: Ledger, distance: int, block_writes: Writes, seed: str = "") -> None:
    index = ledger.height + distance
    storage = ledger.new_storage()
    for key, value in block_writes:
        if value:
            storage.put(CONTRACT_ID, bytes((key,)), bytes((value,)))
        else:
            storage.delete(CONTRACT_ID, bytes((key,)))
    transaction = NewTransaction(UInt256(sha256(f"{seed} {index}".encode()).digest()), b"unsigned")
    execution = application_execution("n3", transaction.hash, (), None)
    ledger.apply_block(new_block(index, storage, transactions=[transaction], executions=(execution,)))


def apply_all(ledger: Ledger, blocks: Sequence[tuple[int, Writes]], seed: str = "") -> None:
    for distance, block_writes in blocks:
        apply(ledger, distance, block_writes, seed)


def new_chain(store: Store) -> Ledger:
    ledger = new_ledger(store)
    ledger.apply_block(new_block(0, ledger.new_storage(), contracts=[coin()]))
    return ledger


@pytest.fixture(name="ledger")
def ledger_fixture() -> Iterator[Ledger]:
    """Genesis and five blocks, each of which writes its index under the key 0, and under a key of its own."""
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        ledger = new_chain(store)
        apply_all(ledger, [(1, [(0, index), (10 + index, 1)]) for index in range(1, 6)])
        yield ledger


def tables_of(ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    connection = ledger.store.connection
    listed = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'chain_%'"
    ).fetchall()
    return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in listed}


def storage_of(ledger: Ledger) -> list[tuple[bytes, bytes]]:
    return list(ledger.state().storage_find(CONTRACT_ID, b""))


def hashes_of(ledger: Ledger, up_to: int) -> list[UInt256 | None]:
    return [ledger.block_hash(index) for index in range(up_to + 1)]


# Rewinding


@settings(deadline=None, max_examples=part_of(60))
@given(branches, branches, branches)
def test_after_a_rewind_the_other_branch_is_all_there_ever_was(
    common: list[tuple[int, Writes]], left: list[tuple[int, Writes]], other: list[tuple[int, Writes]]
) -> None:
    with (
        closing(Store.in_memory([CHAIN_MIGRATIONS])) as store,
        closing(Store.in_memory([CHAIN_MIGRATIONS])) as other_store,
    ):
        ledger, expected = new_chain(store), new_chain(other_store)
        apply_all(ledger, common)
        apply_all(expected, common)
        fork = ledger.height
        apply_all(ledger, left, "left")
        hashes_of(ledger, ledger.height)
        ledger.rewind(fork)
        assert tables_of(ledger) == tables_of(expected)
        assert ledger.clock.now_ms == expected.clock.now_ms
        apply_all(ledger, other, "other")
        apply_all(expected, other, "other")
        assert tables_of(ledger) == tables_of(expected)
        assert hashes_of(ledger, ledger.height) == hashes_of(expected, expected.height)
        assert (ledger.height, ledger.header_height) == (expected.height, expected.header_height)
        assert [list(ledger.state_at(index).storage_find(CONTRACT_ID, b"")) for index in range(ledger.height)] == [
            list(expected.state_at(index).storage_find(CONTRACT_ID, b"")) for index in range(expected.height)
        ]


def test_a_rewind_takes_hashes_transactions_contracts_and_the_clock_with_it(ledger: Ledger) -> None:
    storage = ledger.new_storage()
    other = coin(deployed_at=6)
    ledger.apply_block(new_block(6, storage, contracts=[other]))
    sixth = ledger.block_hash(6)
    assert sixth is not None
    (transaction_hash,) = ledger.store.connection.execute(
        "SELECT hash FROM chain_transaction WHERE block_index = 5"
    ).fetchone()
    assert len(list(ledger.contracts())) == 2
    ledger.rewind(4)
    assert (ledger.height, ledger.header_height) == (4, 4)
    assert (ledger.block_index(sixth), ledger.block_hash(5)) == (None, None)
    assert ledger.transaction(UInt256(transaction_hash)) is None
    assert [contract.deployed_at for contract in ledger.contracts()] == [0]
    assert ledger.clock.now_ms == GENESIS_MS + 4 * BLOCK_MS + 1


def test_empty_blocks_are_taken_back_as_others_are(ledger: Ledger) -> None:
    ledger.advance(1000, 1200)
    ledger.rewind(700)
    assert (ledger.height, ledger.header_height) == (700, 700)
    ledger.rewind(5)
    assert storage_of(ledger)[0] == (b"\0", b"\5")


@pytest.mark.parametrize("block_index", [-1, 6, 2**40])
def test_a_block_that_is_not_on_the_chain_is_no_place_to_go_back_to(ledger: Ledger, block_index: int) -> None:
    before = tables_of(ledger)
    with pytest.raises(NodeError, match="begins at block 0 and stands at 5"):
        ledger.rewind(block_index)
    assert tables_of(ledger) == before


class FailingHooks(NoHooks):
    """Fails while blocks are taken back or applied."""

    def rewinding(self, height: int) -> None:
        raise ZeroDivisionError

    def committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        raise ZeroDivisionError

    def rewound(self) -> None:
        pytest.fail("nothing was taken back")


@pytest.mark.parametrize("act", [lambda ledger: ledger.rewind(2), lambda ledger: ledger.stand(2, 5)])
def test_a_hook_that_fails_leaves_the_chain_where_it_was(ledger: Ledger, act: Any) -> None:
    before, hashes, now_ms = tables_of(ledger), hashes_of(ledger, 5), ledger.clock.now_ms
    ledger.hooks = FailingHooks()
    with pytest.raises(ZeroDivisionError):
        act(ledger)
    assert tables_of(ledger) == before
    assert (ledger.height, ledger.header_height, ledger.clock.now_ms) == (5, 5, now_ms)
    assert hashes_of(ledger, 5) == hashes
    ledger.hooks = NoHooks()
    apply(ledger, 1, [(0, 1)])


# Standing below the headers


@settings(deadline=None, max_examples=part_of(60))
@given(branches, st.data())
def test_a_node_below_its_headers_is_where_it_was_then_and_comes_back_to_what_it_was(
    blocks: list[tuple[int, Writes]], data: st.DataObject
) -> None:
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        ledger = new_chain(store)
        stood = [(0, storage_of(ledger))]
        for distance, block_writes in blocks:
            apply(ledger, distance, block_writes)
            stood.append((ledger.height, storage_of(ledger)))
        top, full, hashes = ledger.height, tables_of(ledger), hashes_of(ledger, ledger.height)
        for height in data.draw(st.lists(st.integers(0, top), max_size=6)):
            ledger.stand(height, top)
            assert (ledger.height, ledger.header_height) == (height, top)
            assert storage_of(ledger) == [storage for index, storage in stood if index <= height][-1]
            assert hashes_of(ledger, top) == hashes
            assert [
                list(ledger.state_at(index).storage_find(CONTRACT_ID, b"")) for index, _ in stood if index <= height
            ] == [storage for index, storage in stood if index <= height]
            assert ledger.clock.now_ms == ledger.timestamp_ms(height) + 1
        ledger.stand(top, top)
        assert tables_of(ledger) == full


def test_a_block_that_is_held_back_has_a_header_and_nothing_else(ledger: Ledger) -> None:
    fifth = ledger.block_hash(5)
    assert fifth is not None
    (transaction_hash,) = ledger.store.connection.execute(
        "SELECT hash FROM chain_transaction WHERE block_index = 5"
    ).fetchone()
    ledger.stand(3, 5)
    assert (ledger.first_held, ledger.block_index(fifth)) == (4, 5)
    assert ledger.transaction(UInt256(transaction_hash)) is None
    assert ledger.holds(UInt256(transaction_hash))
    assert ledger.changed_at(CONTRACT_ID, b"\0") == 3
    ledger.stand(3, 4)
    assert (ledger.block_hash(5), ledger.block_index(fifth)) == (None, None)
    ledger.stand(3, 5)
    assert ledger.block_hash(5) == fifth


class NotingHooks(NoHooks):
    """Notes the blocks it is told of."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []

    def committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        value = block.state.storage_get(CONTRACT_ID, b"\0")
        self.told.append(("committing", block.index))
        assert value == bytes((block.index,))
        assert len(executions) == 1

    def rewinding(self, height: int) -> None:
        self.told.append(("rewinding", height))

    def rewound(self) -> None:
        self.told.append(("rewound", -1))


def test_followers_are_told_of_every_step(ledger: Ledger) -> None:
    hooks = NotingHooks()
    ledger.hooks = hooks
    ledger.stand(3, 5)
    ledger.stand(5, 5)
    assert hooks.told == [("rewinding", 3), ("rewound", -1), ("committing", 4), ("committing", 5)]


@pytest.mark.parametrize(
    ("block_writes", "goes_on"),
    [([(20, 1)], True), ([(15, 1)], True), ([(0, 1)], False), ([(15, 3)], False)],
    ids=["another place", "what is there already", "a place of theirs", "another place of theirs"],
)
def test_a_new_block_that_changes_what_held_blocks_change_leads_to_another_chain(
    ledger: Ledger, block_writes: Writes, goes_on: bool
) -> None:
    ledger.advance(10)
    apply(ledger, 1, [(0, 3), (15, 2)])
    ledger.stand(5, 11)
    apply(ledger, 1, block_writes, "other")
    assert ledger.first_held == (11 if goes_on else None)
    ledger.advance(11)
    assert (ledger.state().storage_get(CONTRACT_ID, b"\0") == b"\3") is goes_on


def test_a_new_block_takes_the_place_of_one_that_is_held_back(ledger: Ledger) -> None:
    fifth = ledger.block_hash(5)
    ledger.stand(3, 5)
    apply(ledger, 1, [(20, 1)], "other")
    assert (ledger.height, ledger.first_held) == (4, None)
    ledger.advance(5)
    assert ledger.block_hash(5) != fifth
    assert ledger.executions(5) == ()


def test_blocks_that_are_mined_past_take_the_times_they_are_given(ledger: Ledger) -> None:
    ledger.stand(3, 5)
    tip_ms = ledger.timestamp_ms(3)
    ledger.append_empty([tip_ms + 1, tip_ms + 2, tip_ms + 3])
    assert (ledger.height, ledger.first_held) == (6, None)
    assert [ledger.timestamp_ms(index) for index in (4, 5, 6)] == [tip_ms + 1, tip_ms + 2, tip_ms + 3]
    assert storage_of(ledger)[0] == (b"\0", b"\5")


def test_a_block_that_is_held_back_is_dated_after_those_that_came_before_it(ledger: Ledger) -> None:
    ledger.advance(10)
    apply(ledger, 1, [(0, 3)])
    ledger.stand(5, 5)
    late_ms = ledger.timestamp_ms(5) + 1_000_000_000
    ledger.append_empty([late_ms])
    ledger.advance(11)
    assert ledger.timestamp_ms(11) == ledger.timestamp_ms(10) + BLOCK_MS == late_ms + 5 * BLOCK_MS
    assert storage_of(ledger)[0] == (b"\0", b"\3")


@pytest.mark.parametrize(("height", "header_height"), [(-1, 5), (6, 5), (4, 3)])
def test_a_height_that_cannot_be_is_refused(ledger: Ledger, height: int, header_height: int) -> None:
    before = tables_of(ledger)
    with pytest.raises(NodeError):
        ledger.stand(height, header_height)
    assert tables_of(ledger) == before


# Declared above the height


def test_blocks_declared_above_the_height_are_applied_as_it_rises() -> None:
    def play(ledger: Ledger, height: int, header_height: int) -> None:
        blocks = tuple(DeclaredBlock(index, None, (), f"block {index}") for index in (3, 7, 9))
        described_chain(ledger, DeclaredChain(Network(), height, header_height, (), (), blocks)).play()

    with (
        closing(Store.in_memory([CHAIN_MIGRATIONS])) as store,
        closing(Store.in_memory([CHAIN_MIGRATIONS])) as other_store,
    ):
        ledger, expected = new_ledger(store), new_ledger(other_store)
        play(ledger, 4, 8)
        play(expected, 9, 9)
        assert (ledger.height, ledger.header_height, ledger.first_held) == (4, 8, 7)
        assert hashes_of(ledger, 8) == hashes_of(expected, 8)
        # A process that was killed before it noted that all was played plays on.
        play(ledger, 4, 8)
        ledger.advance(7)
        assert (ledger.height, ledger.header_height, ledger.first_held) == (7, 8, 9)
        ledger.advance(9)
        assert tables_of(ledger) == tables_of(expected)
        assert hashes_of(ledger, 9) == hashes_of(expected, 9)


def test_a_chain_that_begins_above_0_goes_back_to_where_it_begins() -> None:
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        ledger = new_ledger(store)
        ledger.apply_block(new_block(100, ledger.new_storage(), contracts=[coin()]))
        ledger.advance(110)
        assert ledger.base_height == 100
        with pytest.raises(NodeError, match="begins at block 100"):
            ledger.rewind(99)
        ledger.rewind(100)
        assert ledger.state().contract(COIN) is not None

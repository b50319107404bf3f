"""The ledger: heights, what `apply_block` writes or undoes, and the cost of a height."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from rpcnode.chain.blocks import AppliedBlock, NewBlock, NewTransaction
from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import Store
from rpcnode.chain.declaration import DeclaredChain
from rpcnode.chain.described.described import hash_deriver
from rpcnode.chain.described.played import described_chain
from rpcnode.chain.headers import SPAN
from rpcnode.chain.ledger import Ledger, NoHooks
from rpcnode.dev.fixture.reader import describe
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.records import HALT, Execution, Notification, Trigger
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.uint import UInt256
from rpcnode.vm.items import Buffer
from tests.rpcnode.chain.chain_blocks import BLOCK_MS, COIN, CONTRACT_ID, GENESIS_MS, coin, new_block, new_ledger


def full_block(ledger: Ledger, index: int, contracts: Sequence[ContractState] = ()) -> NewBlock:
    """A block with a row for every table of the chain."""
    storage = ledger.new_storage()
    storage.put(CONTRACT_ID, b"key", b"%d" % index)
    transaction = NewTransaction(UInt256(bytes([index]) * 32), b"unsigned", b"witnesses")
    event = Notification(COIN, "Transfer", (b"x", 1))
    execution = Execution(Trigger.APPLICATION, transaction.hash, HALT, 0, (), None, (event,))
    return new_block(index, storage, transactions=[transaction], executions=(execution,), contracts=contracts)


def dump(ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    connection = ledger.store.connection
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables}


def standing(ledger: Ledger) -> tuple[object, ...]:
    """All that can be seen of a ledger from outside."""
    return (
        dump(ledger),
        ledger.height,
        ledger.header_height,
        ledger.clock.now_ms,
        [ledger.block_hash(index) for index in range(ledger.header_height + 1)],
        list(ledger.contracts()),
        ledger.state().contract(COIN),
    )


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """A chain of genesis and block 1."""
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        ledger = new_ledger(store)
        ledger.apply_block(full_block(ledger, 0))
        ledger.apply_block(full_block(ledger, 1))
        yield ledger


class RaisingHooks(NoHooks):
    """Looks at everything, then fails."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.seen_height = -1
        self.saw_transaction = False

    def committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        self.seen_height = self._ledger.height
        self.saw_transaction = self._ledger.store.connection.in_transaction
        self._ledger.headers.hash_of(block.index)
        raise ZeroDivisionError

    def passed(self, height: int) -> None:
        raise ZeroDivisionError

    def committed(self, block: AppliedBlock) -> None:
        pytest.fail("the block does not stand")


class NotingHooks(NoHooks):
    """Notes what it is told, with the height at that time."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.told: list[tuple[object, ...]] = []

    def committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        is_open = self._ledger.store.connection.in_transaction
        self.told.append(("committing", block.index, len(executions), self._ledger.height, is_open))

    def committed(self, block: AppliedBlock) -> None:
        is_open = self._ledger.store.connection.in_transaction
        self.told.append(("committed", block.index, self._ledger.height, is_open))

    def passed(self, height: int) -> None:
        is_open = self._ledger.store.connection.in_transaction
        self.told.append(("passed", height, self._ledger.height, is_open))


# Heights


def test_an_empty_ledger_stands_below_genesis() -> None:
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        ledger = new_ledger(store)
        assert (ledger.height, ledger.header_height, ledger.block_hash(0)) == (-1, -1, None)


def test_a_block_moves_both_heights_and_the_clock(ledger: Ledger) -> None:
    ledger.apply_block(full_block(ledger, 5))
    assert (ledger.height, ledger.header_height) == (5, 5)
    assert ledger.clock.now_ms == GENESIS_MS + 5 * BLOCK_MS + 1


def test_a_chain_may_begin_above_genesis() -> None:
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        ledger = new_ledger(store)
        ledger.apply_block(full_block(ledger, 100))
        assert ledger.height == 100


def test_empty_blocks_pass_up_to_a_height(ledger: Ledger) -> None:
    ledger.advance(20, header_height=30)
    assert (ledger.height, ledger.header_height) == (20, 30)
    assert ledger.clock.now_ms == GENESIS_MS + 20 * BLOCK_MS + 1
    assert ledger.block_hash(30) is not None
    assert ledger.block_hash(31) is None


def test_headers_never_fall_below_where_they_were(ledger: Ledger) -> None:
    ledger.advance(2, header_height=30)
    ledger.advance(3, header_height=10)
    ledger.apply_block(full_block(ledger, 5))
    assert (ledger.height, ledger.header_height) == (5, 30)


def test_the_chain_does_not_advance_backwards(ledger: Ledger) -> None:
    before = standing(ledger)
    with pytest.raises(NodeError, match="stands at block 1, it cannot advance to 0"):
        ledger.advance(0)
    assert standing(ledger) == before


def test_a_reopened_ledger_stands_where_it_stood(ledger: Ledger) -> None:
    ledger.apply_block(full_block(ledger, 4, contracts=[coin(2, 9)]))
    ledger.advance(6, header_height=12)
    assert standing(new_ledger(ledger.store)) == standing(ledger)


# What a block is


def test_hooks_run_inside_the_transaction_and_after_it(ledger: Ledger) -> None:
    hooks = NotingHooks(ledger)
    ledger.hooks = hooks
    ledger.apply_block(full_block(ledger, 2))
    ledger.advance(9)
    assert hooks.told == [
        ("committing", 2, 1, 1, True),
        ("committed", 2, 2, False),
        ("passed", 9, 2, True),
    ]


def test_the_executions_of_a_block_are_read_back_as_they_were(ledger: Ledger) -> None:
    block = full_block(ledger, 2)
    ledger.apply_block(block)
    assert ledger.executions(2) == block.executions
    assert ledger.executions(3) == ()


def test_items_are_read_back_with_their_types(ledger: Ledger) -> None:
    items = (None, True, 1, False, 0, b"\x01", Buffer(b"\x01"), -(2**255))
    event = Notification(COIN, "Facts", items)
    execution = Execution(Trigger.APPLICATION, None, HALT, 0, items, None, (event,))
    ledger.apply_block(new_block(2, ledger.new_storage(), executions=(execution,)))
    (read,) = ledger.executions(2)
    for found in (read.stack, read.notifications[0].state):
        assert [(type(item), item) for item in found] == [(type(item), item) for item in items]


def test_only_declared_blocks_are_stored(ledger: Ledger) -> None:
    ledger.apply_block(full_block(ledger, 7))
    ledger.advance(50)
    assert list(ledger.stored_blocks(after=-1, up_to=50)) == [0, 1, 7]
    assert list(ledger.stored_blocks(after=0, up_to=6)) == [1]


def test_a_contract_stands_from_its_deployment_until_before_its_destruction(ledger: Ledger) -> None:
    ledger.apply_block(full_block(ledger, 2, contracts=[coin(deployed_at=3, destroyed_at=5)]))
    ledger.advance(8)
    stands = [index for index in range(9) if ledger.state_at(index).contract(COIN) is not None]
    assert stands == [3, 4]
    assert ledger.state().contract_ever(COIN) == coin(3, 5)


def test_a_contract_is_known_by_now_from_its_deployment_on(ledger: Ledger) -> None:
    again = coin(deployed_at=7)
    ledger.apply_block(full_block(ledger, 2, contracts=[coin(deployed_at=3, destroyed_at=5), again]))
    ledger.advance(8)
    known = [ledger.state_at(index).contract_by_now(COIN) for index in range(9)]
    assert known == [None] * 3 + [coin(3, 5)] * 4 + [again] * 2


def test_a_block_below_the_header_height_takes_the_place_of_the_empty_one(ledger: Ledger) -> None:
    ledger.advance(2, header_height=20)
    hashes_of_empty = [ledger.block_hash(index) for index in range(21)]
    ledger.apply_block(full_block(ledger, 10))
    hashes = [ledger.block_hash(index) for index in range(21)]
    assert hashes[:10] == hashes_of_empty[:10]
    assert not set(hashes[10:]) & set(hashes_of_empty[10:])
    assert ledger.header(10).hash == hashes[10]
    assert ledger.header(11).to_json(0x35)["previousblockhash"] == str(hashes[10])


# What does not follow, and what fails


@pytest.mark.parametrize(
    ("index", "late_ms", "message"),
    [
        (1, 0, "block 1 does not follow: the chain stands at block 1"),
        (0, 0, "block 0 does not follow: the chain stands at block 1"),
        # Block 2 follows block 1, which is dated 15 s before it.
        (2, -15000, f"{GENESIS_MS + 15000} ms, which is not after the block before it; {GENESIS_MS + 15001} ms"),
        # Between blocks 1 and 5 lie empty ones, the last of them at 4 x 15 s.
        (5, -15000, f"{GENESIS_MS + 60000} ms, which is not after the block before it; {GENESIS_MS + 60001} ms"),
    ],
)
def test_a_block_that_does_not_follow_is_refused_and_changes_nothing(
    ledger: Ledger, index: int, late_ms: int, message: str
) -> None:
    before = standing(ledger)
    storage = ledger.new_storage()
    storage.put(CONTRACT_ID, b"key", b"other")
    with pytest.raises(NodeError) as caught:
        ledger.apply_block(new_block(index, storage, late_ms=late_ms, contracts=[coin()]))
    assert message in str(caught.value)
    assert standing(ledger) == before


def test_a_block_may_come_a_millisecond_after_the_one_before(ledger: Ledger) -> None:
    ledger.apply_block(new_block(2, ledger.new_storage(), late_ms=1 - BLOCK_MS))
    assert ledger.timestamp_ms(2) == ledger.timestamp_ms(1) + 1


def test_a_hook_that_raises_undoes_the_whole_block(ledger: Ledger) -> None:
    ledger.advance(1, header_height=4)
    before = standing(ledger)
    hooks = RaisingHooks(ledger)
    ledger.hooks = hooks
    with pytest.raises(ZeroDivisionError):
        ledger.apply_block(full_block(ledger, 2, contracts=[coin()]))
    assert standing(ledger) == before
    assert (hooks.seen_height, hooks.saw_transaction) == (1, True)
    assert not ledger.store.connection.in_transaction


def test_a_block_that_failed_can_be_applied_again(ledger: Ledger) -> None:
    block = full_block(ledger, 2, contracts=[coin()])
    ledger.hooks = RaisingHooks(ledger)
    with pytest.raises(ZeroDivisionError):
        ledger.apply_block(block)
    ledger.hooks = NoHooks()
    ledger.apply_block(block)
    assert ledger.height == 2
    assert ledger.state().contract(COIN) == coin()
    assert ledger.new_storage().get(CONTRACT_ID, b"key") == b"2"


def test_a_hook_that_raises_as_empty_blocks_pass_undoes_them(ledger: Ledger) -> None:
    before = standing(ledger)
    ledger.hooks = RaisingHooks(ledger)
    with pytest.raises(ZeroDivisionError):
        ledger.advance(9)
    assert standing(ledger) == before


def test_a_transaction_that_the_chain_has_already_undoes_its_block(ledger: Ledger) -> None:
    before = standing(ledger)
    [transaction] = full_block(ledger, 1).transactions
    with pytest.raises(Exception, match="UNIQUE constraint failed: chain_transaction"):
        ledger.apply_block(new_block(2, ledger.new_storage(), transactions=[transaction]))
    assert standing(ledger) == before


# Height is cheap


def described(height: int) -> DeclaredChain:
    """Ten declared blocks, the last at the height."""
    mint = {"transfers": [{"asset": "coin", "from": None, "to": "holder", "amount": 5}]}
    plain: dict[str, Any] = {
        "accounts": {"holder": "0x" + "a1" * 20},
        "contracts": {"coin": {"standard": "NEP-17", "symbol": "COIN", "decimals": 0}},
        "blocks": [{"index": index, "transactions": [mint]} for index in (*range(1, 10), height)],
    }
    return describe([(Path("described.json"), plain)], "n3", derive_hash=hash_deriver("n3"))


def work_of(action: Callable[[], None]) -> int:
    """How many functions, ours, Python's and those in C, an action calls."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(before)
    return calls


CALLS_OF_A_HEADER = 8
"""Of functions, for one header of a walk: its nonce, bytes and hash."""


def test_a_chain_of_seven_million_blocks_is_no_more_work_than_one_of_ten_and_a_walk() -> None:
    work, rows = [], []
    for height in (10, 10, 7_000_000):  # the first fills what Python keeps
        with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
            ledger = new_ledger(store)
            description = described(height)
            work.append(work_of(described_chain(ledger, description).play))
            rows.append({name: len(content) for name, content in dump(ledger).items()})
            assert ledger.height == height
            assert ledger.timestamp_ms(height) == GENESIS_MS + height * BLOCK_MS
    assert rows[2] == rows[1]
    assert rows[2]["chain_block"] == 11  # genesis and the ten that were declared
    assert work[2] <= work[1] * 1.05 + SPAN * CALLS_OF_A_HEADER

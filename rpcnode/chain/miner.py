"""Makes blocks: at once, when told to, or every few seconds; and of what."""

import json
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from rpcnode.chain.block_time import INSTANT, BlockTime, block_time_json, read_block_time
from rpcnode.chain.clock import Clock
from rpcnode.chain.db.contract_rows import Label
from rpcnode.chain.db.storage_failures import storage_failure, tell
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.mempool import WaitingTransaction, Work
from rpcnode.chain.writers import CallLater, Cancellable, Writers
from rpcnode.execution.contract_state import ContractState
from rpcnode.primitives.errors import NodeError, StorageFailed
from rpcnode.primitives.steps import Steps, at_once, taken
from rpcnode.primitives.uint import UInt256

if TYPE_CHECKING:
    from rpcnode.chain.block_draft import BlockDraft
    from rpcnode.chain.blocks import NewBlock

LAST_INDEX: Final = 2**32 - 1 - 2_102_400
"""The last block that can be mined: a transaction in it is valid for so many more (preview2's number), in 32 bits."""

MOST_STORED: Final = 1_000_000
"""How many blocks with times of their own are made at once; the event loop waits for it."""

_BLOCK_TIME = "block_time"


class MiningRefused(NodeError):
    """A block or transaction that cannot be made; nothing has changed."""


class Miner:
    """The one who makes blocks of a chain. Block times come from the chain's clock, whenever they are made.

    The mode is kept in the store, so that snapshots and restarts have it.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._ahead: BlockDraft | None = None
        self._ahead_of = (-1, -1)
        self._call_later: CallLater | None = None
        self._timer: Cancellable | None = None
        self._is_ticking = False
        self.writers: Final = Writers()

    @property
    def clock(self) -> Clock:
        """The clock of the chain."""
        return self._ledger.clock

    # When

    @property
    def block_time(self) -> BlockTime:
        """When blocks are made."""
        text = self._ledger.store.meta(_BLOCK_TIME)
        return INSTANT if text is None else read_block_time(json.loads(text))

    def set_block_time(self, block_time: BlockTime) -> None:
        """From now on, blocks are made so, at once."""
        at_once(self.setting_block_time(block_time))

    def setting_block_time(self, block_time: BlockTime) -> Steps[None]:
        """From now on, blocks are made so. What waits is mined first when that is `instant`."""
        return self.writers.steps(self._set_block_time(block_time))

    def _set_block_time(self, block_time: BlockTime) -> Steps[None]:
        if block_time == INSTANT:
            yield from self._mine_waiting()
        self._ledger.store.set_meta(_BLOCK_TIME, json.dumps(block_time_json(block_time)))
        self.schedule()

    def attach(self, call_later: CallLater) -> None:
        """Gives the miner a loop: without one, no block is made by time."""
        self._call_later = call_later
        self.writers.attach(call_later)
        self.schedule()

    def detach(self) -> None:
        """Takes the loop away."""
        self._call_later = None
        self.writers.detach()
        self.schedule()

    def schedule(self) -> None:
        """Begins to wait for the next block as the mode has it; for when the store's content is another."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        block_time = self.block_time
        if self._call_later is not None and isinstance(block_time, float):
            self._timer = self._call_later(block_time, self._tick)

    def _tick(self) -> None:
        # First the next one: what goes wrong with this block does not stop those to come.
        self.schedule()
        if not self._is_ticking:
            self._is_ticking = True
            self.writers.begin(self._mine_by_time(), self._tick_failed)

    def _mine_by_time(self) -> Steps[None]:
        try:
            yield from self._mine(1, None)
        finally:
            self._is_ticking = False

    def _tick_failed(self, error: Exception) -> None:
        failure = storage_failure(error) if isinstance(error, sqlite3.Error | StorageFailed) else None
        if failure is not None:
            tell(failure)
        elif self._call_later is not None:
            self._call_later(0, partial(_raise, error))

    # What

    def submit(self, work: Work) -> UInt256:
        """Takes in a transaction that does what is declared, at once."""
        return at_once(self.submitting(work))

    def submitting(self, work: Work) -> Steps[UInt256]:
        """Takes in a transaction that does what is declared, and mines it if blocks are made at once; its hash.

        It is written once, as one that waits or in its block: a process killed before that has not taken it in. Raises
        PlayError for what no contract would do, after the transactions that wait, and NodeError where the block cannot
        be made; nothing has changed then.
        """
        return self.writers.steps(self._submit(work))

    def _submit(self, work: Work) -> Steps[UInt256]:
        mempool = self._ledger.mempool
        most = self._ledger.parameters.memory_pool_max_transactions
        if len(mempool) >= most:
            raise MiningRefused(f"{most} transactions wait already, more are not taken in; mine a block")
        self._check_room(1, None)
        is_instant = self.is_instant
        if is_instant:
            yield from self._mine_waiting()
        ahead = yield from self._draft_ahead()
        try:
            waiting = yield from self._unlike_others(ahead, work)
            yield from taken(ahead.add(waiting, may_fail=False))
            if is_instant:
                yield from self._apply(ahead)
            else:
                mempool.add(waiting)
        except BaseException:
            self._ahead = None
            raise
        return waiting.hash

    def forget_ahead(self) -> None:
        """Has what is declared next be worked out again: it may not take what a client's transaction takes."""
        self._ahead = None

    @property
    def is_instant(self) -> bool:
        """Whether each transaction is mined at once."""
        return self.block_time == INSTANT

    def mine_with(self, waiting: WaitingTransaction) -> Steps[None]:
        """Makes a block of a client's transaction that was verified, behind what waits; then nothing waits.

        Raises NodeError where the block cannot be made; the transaction is not taken in then.
        """
        self._check_room(1, None)
        if self._ledger.mempool.ready():
            self._ledger.mempool.add(waiting)
            yield from self._mine_waiting()
            return
        draft = self._new_draft()
        yield from taken(draft.add(waiting, may_fail=True))
        yield from self._apply(draft)

    def make(self, made: Callable[[int, int], "NewBlock"]) -> int:
        """Makes the next block as `made` has it by its index and its time in ms, whatever waits; its index.

        Raises NodeError where it cannot be made; nothing has changed then.
        """
        self._check_room(1, None)
        timestamp_ms = self.clock.next_block_ms
        self.clock.check_end(timestamp_ms)
        self._ledger.apply_block(made(self._ledger.height + 1, timestamp_ms))
        return self._ledger.height

    @property
    def contracts(self) -> list[tuple[ContractState, Label]]:
        """Every contract that stands or will, those that wait included, and what a fixture calls it."""
        known = [(contract, self._ledger.label_of(contract)) for contract in self._ledger.contracts()]
        ahead = self.writers.at_once(self._draft_ahead())
        waiting = [(each, ahead.labels[each.script_hash, each.deployed_at]) for each in ahead.contracts]
        return known + waiting

    def mine(self, count: int = 1, interval_ms: int | None = None) -> int:
        """Makes blocks at once, and gives the new height."""
        return at_once(self.mining(count, interval_ms))

    def mining(self, count: int = 1, interval_ms: int | None = None) -> Steps[int]:
        """Makes `count` blocks and gives the new height.

        The first holds what waits, as far as it has room, and so on. The first is dated by the clock, each other
        `interval_ms` after the one before, or one time step; in profile n2 at least the second in which headers count.
        Raises NodeError where that is not possible; nothing has changed then.
        """
        return self.writers.steps(self._mine(count, interval_ms))

    def _mine(self, count: int, interval_ms: int | None) -> Steps[int]:
        if interval_ms is not None:
            interval_ms = max(interval_ms, self._ledger.clock.tick_ms)
        self._check_room(count, interval_ms)
        made = 0
        while made < count and self._ledger.mempool.ready():
            yield from self._mine_some(self._next_ms(made, interval_ms))
            made += 1
        pace_ms = self._ledger.clock.step_ms if interval_ms is None else interval_ms
        while made < count and self._is_apart(next_ms := self._next_ms(made, interval_ms), pace_ms, interval_ms):
            self._ledger.append_empty([next_ms])
            made += 1
        if made < count:
            self._mine_empty(count - made, pace_ms)
        return self._ledger.height

    def _next_ms(self, made: int, interval_ms: int | None) -> int:
        if made == 0 or interval_ms is None:
            return self._ledger.clock.next_block_ms
        return self._ledger.timestamp_ms(self._ledger.height) + interval_ms

    def _is_apart(self, next_ms: int, pace_ms: int, interval_ms: int | None) -> bool:
        """Whether the next block is not the first of a row that come at one pace."""
        if interval_ms is None and self._ledger.clock.is_put:
            return True
        return next_ms != self._ledger.timestamp_ms(self._ledger.height) + pace_ms

    def _mine_waiting(self) -> Steps[None]:
        while self._ledger.mempool.ready():
            yield from self._mine_some(self._ledger.clock.next_block_ms)

    def _mine_some(self, timestamp_ms: int) -> Steps[None]:
        """Makes a block of what waits, as far as it has room, and sees to what waits on."""
        draft = self._new_draft()
        room = self._ledger.parameters.max_transactions_per_block
        for waiting in self._ledger.mempool.ready()[:room]:
            if draft.can_pay(waiting):
                yield from taken(draft.add(waiting, may_fail=True))
            else:
                # As a real node gives up what is not valid any more.
                self._ledger.mempool.drop((waiting.hash,))
        yield from self._apply(draft, timestamp_ms)
        yield from self.writers.behind()

    def _apply(self, draft: "BlockDraft", timestamp_ms: int | None = None) -> Steps[None]:
        """Makes the block, dated by the clock where no time is given."""
        if timestamp_ms is None:
            timestamp_ms = self._ledger.clock.next_block_ms
        self._ledger.clock.check_end(timestamp_ms)
        self._ledger.apply_block((yield from taken(draft.close(timestamp_ms))))

    def _mine_empty(self, count: int, step_ms: int) -> None:
        """Makes empty blocks; at the network's pace they need not be stored."""
        ledger = self._ledger
        if step_ms == ledger.parameters.ms_per_block:
            ledger.advance(ledger.height + count)
        else:
            tip_ms = ledger.timestamp_ms(ledger.height)
            ledger.append_empty([tip_ms + step_ms * position for position in range(1, count + 1)])

    def _check_room(self, count: int, interval_ms: int | None) -> None:
        """Raises NodeError for blocks that come after the last index or the last time there is, or are too many."""
        ledger, clock = self._ledger, self._ledger.clock
        if ledger.height + count > LAST_INDEX:
            raise MiningRefused(
                f"block {ledger.height + count} cannot be made, {LAST_INDEX} is the last; the chain stands at block"
                f" {ledger.height}"
            )
        step_ms = clock.step_ms if interval_ms is None else interval_ms
        if count > MOST_STORED and step_ms != ledger.parameters.ms_per_block:
            raise MiningRefused(
                f"{count} blocks at once are too many where they lie {step_ms} ms apart; at the network's"
                f" {ledger.parameters.ms_per_block} ms any number can be had, otherwise {MOST_STORED}"
            )
        clock.check_end(max(clock.next_block_ms, clock.now_ms) + (count - 1) * step_ms)

    def _draft_ahead(self) -> "Steps[BlockDraft]":
        """The draft in which all have run that are declared and wait; kept as long as it holds."""
        ledger = self._ledger
        if self._ahead is None or self._ahead_of != (ledger.height, ledger.mempool.revision):
            draft = self._new_draft()
            for waiting in ledger.mempool.declared():
                yield from taken(draft.add(waiting, may_fail=True))
            self._ahead, self._ahead_of = draft, (ledger.height, ledger.mempool.revision)
        return self._ahead

    def _new_draft(self) -> "BlockDraft":
        # Loaded with the first block: a node that only answers starts without it.
        if self._ledger.is_executed:
            from rpcnode.chain.executed_draft import ExecutedDraft

            return ExecutedDraft(self._ledger)

        from rpcnode.chain.modelled_draft import ModelledDraft

        return ModelledDraft(self._ledger)

    def _unlike_others(self, draft: "BlockDraft", work: Work) -> Steps[WaitingTransaction]:
        """The transaction, with a nonce that makes it unlike all that wait and all on the chain."""
        position = len(self._ledger.mempool)
        while True:
            waiting = WaitingTransaction((yield from taken(draft.make(position, work))), work)
            if self._ledger.mempool.get(waiting.hash) is None and not self._ledger.holds(waiting.hash):
                return waiting
            position += 1


def _raise(error: Exception) -> None:
    raise error

"""Tells subscribers what happens on the chain: after the fact, and in pieces, so that nobody else has to wait."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from functools import partial
from time import perf_counter
from typing import Final

from rpcnode.chain.ledger import Ledger
from rpcnode.chain.mempool import WaitingTransaction
from rpcnode.execution.records import Execution
from rpcnode.primitives.errors import StateGone, StorageFailed
from rpcnode.primitives.uint import UInt256
from rpcnode.server.jsonrpc.reply import TURN
from rpcnode.server.websocket.block_events import BlockEvents
from rpcnode.server.websocket.events import OF_EVERY_BLOCK, Event, MakeJson, Stream, WriteJson, mempool_json
from rpcnode.server.websocket.subscriber import Subscriber

MOST_BEHIND: Final = 1024
"""Of more blocks that come at once, empty ones are told of if they are among the newest so many."""

_NEXT_WITH_TRANSACTIONS: Final = (
    "SELECT min(block_index) FROM chain_transaction WHERE block_index >= ? AND block_index <= ?"
)

log: Final = logging.getLogger("rpcnode.websocket")


class EventFeed:
    """An observer of a chain for any number of subscribers; while there is no subscription it does next to nothing.

    What it is told in the middle of a call it only notes. Events are read back from the chain later, by a task that
    stops whenever its turn is over. Where the chain goes back below what was told, or another takes its place, every
    subscriber gets an `event_missed`, and the blocks that then come are news.
    """

    def __init__(self, ledger: Ledger, write: WriteJson) -> None:
        """Begins to look at the chain; needs a running loop."""
        self._ledger = ledger
        self._write = write
        self._block_events = BlockEvents(ledger, write)
        self._subscribers: set[Subscriber] = set()
        self._wanted: set[Stream] = set()
        self._told = ledger.height  # the block up to which all is told
        self._telling = ledger.height  # the block that is being told of, or was last
        self._went_back = 0  # how often
        self._pooled: set[UInt256] = set()  # those that wait, as far as that was told
        self._touched: dict[UInt256, WaitingTransaction] = {}  # those that came or went since
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._is_woken = False
        self.missed = 0
        """How often clients that are gone were told that they missed something."""
        ledger.observers.append(self)

    @property
    def height(self) -> int:
        """The height of the chain."""
        return self._ledger.height

    @property
    def subscribers(self) -> set[Subscriber]:
        """The clients."""
        return self._subscribers

    def add(self, subscriber: Subscriber) -> None:
        """Takes in a client."""
        self._subscribers.add(subscriber)

    def remove(self, subscriber: Subscriber) -> None:
        """Forgets a client."""
        self._subscribers.discard(subscriber)
        self.missed += subscriber.missed
        self.look()

    def look(self) -> None:
        """Finds out what is wanted, after subscriptions have come or gone."""
        before, self._wanted = self._wanted, set().union(*(each.streams for each in self._subscribers))
        if not before:
            self._told = self._telling = self._ledger.height
        watches = Stream.MEMPOOL in self._wanted
        if watches != (Stream.MEMPOOL in before):
            self._ledger.mempool.watch = self._touch if watches else None
            self._take_up_pool()

    async def close(self) -> None:
        """Stops looking."""
        self._ledger.observers.remove(self)
        self._ledger.mempool.watch = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    # What the chain says

    def moved(self, executions: tuple[Execution, ...]) -> None:
        height = self._ledger.height
        if not self._wanted:
            return
        if height < self._telling:
            self._go_back(height)
        self._wake()

    def replaced(self) -> None:
        if self._wanted:
            self._told = self._telling = self._ledger.height
            self._go_back(self._ledger.height)

    def _touch(self, waiting: WaitingTransaction) -> None:
        self._touched[waiting.hash] = waiting
        self._wake()

    def _go_back(self, height: int) -> None:
        self._went_back += 1
        self._told = self._telling = min(self._told, height)
        self._take_up_pool()
        for subscriber in self._subscribers:
            subscriber.chain_went_back(height)

    def _take_up_pool(self) -> None:
        """What waits now is no news."""
        self._touched = {}
        self._pooled = {each.hash for each in self._ledger.mempool} if Stream.MEMPOOL in self._wanted else set()

    # What subscribers are told

    def _wake(self) -> None:
        self._is_woken = True
        if self._task is None or self._task.done():
            self._task = self._loop.create_task(self._tell())

    async def _tell(self) -> None:
        while self._is_woken:
            self._is_woken = False
            try:
                turn_ends = perf_counter() + TURN
                for _ in self._steps():
                    if perf_counter() > turn_ends:
                        await asyncio.sleep(0)
                        turn_ends = perf_counter() + TURN
            except (StateGone, StorageFailed, sqlite3.Error) as error:
                # The disk's fault, or a block that is no more: the clients learn that something is missing.
                log.warning("events of block %d were not told: %s", self._telling, error)
                self._told = self._telling = self._ledger.height
                for subscriber in self._subscribers:
                    subscriber.miss()

    def _steps(self) -> Iterator[None]:
        """Tells all that is new, an event a step; ends early where the chain goes back."""
        went_back = self._went_back
        while self._told < self._ledger.height:
            self._telling = self._next_block()
            for event in self._events_of(self._telling):
                if went_back != self._went_back:
                    return
                self._offer(event)
                yield
            if went_back != self._went_back:
                return
            self._told = self._telling
        while self._touched and went_back == self._went_back:
            transaction_hash = next(iter(self._touched))
            for event in self._events_of_waiting(self._touched.pop(transaction_hash)):
                self._offer(event)
            yield

    def _next_block(self) -> int:
        """The next block to tell of: of very many, empty ones are left out, and those who want them are told so."""
        first, newest = self._told + 1, self._ledger.height - MOST_BEHIND
        if first > newest:
            return first
        row = self._ledger.store.connection.execute(_NEXT_WITH_TRANSACTIONS, (first, newest)).fetchone()
        found: int = newest + 1 if row[0] is None else row[0]
        if found > first:
            for subscriber in self._subscribers:
                subscriber.miss(OF_EVERY_BLOCK)
        return found

    def _events_of(self, block_index: int) -> Iterator[Event]:
        wanted = frozenset(self._wanted)
        pooled = []
        if Stream.MEMPOOL in wanted:
            # What a block holds has waited, be it for no time; but not what the profile's blocks add by themselves.
            holds, version = self._ledger.holds, self._ledger.parameters.address_version
            pooled = [
                (each.hash, partial(each.to_json, version))
                for each in self._block_events.transactions_of(block_index)
                if holds(each.hash)
            ]
        for transaction_hash, make in pooled:
            self._touched.pop(transaction_hash, None)
            if transaction_hash not in self._pooled:
                yield self._of_pool("added", make)
        yield from self._block_events.of_block(block_index, wanted)
        for transaction_hash, make in pooled:
            self._pooled.discard(transaction_hash)
            yield self._of_pool("removed", make)

    def _events_of_waiting(self, waiting: WaitingTransaction) -> Iterator[Event]:
        """What there is to tell of a transaction that came or went: both, where it did both since."""
        kept, ledger = waiting.transaction, self._ledger
        transaction = ledger.layout.transaction((kept.unsigned, kept.witnesses), ledger.keyring.witness)
        make = partial(transaction.to_json, ledger.parameters.address_version)
        is_there = ledger.mempool.get(waiting.hash) is not None
        if waiting.hash not in self._pooled:
            self._pooled.add(waiting.hash)
            yield self._of_pool("added", make)
        if not is_there:
            self._pooled.discard(waiting.hash)
            yield self._of_pool("removed", make)

    def _of_pool(self, kind: str, make: MakeJson) -> Event:
        return Event(Stream.MEMPOOL, -1, lambda: mempool_json(kind, make()), self._write)

    def _offer(self, event: Event) -> None:
        for subscriber in self._subscribers:
            subscriber.offer(event)

"""How much memory a run holds: no script that only asks may hold more than `MOST_HELD` bytes.

A real node bounds items, not bytes: 2,048 of 131,070 bytes each. Nothing is counted while instructions are executed.
Between two pieces of a run it is known what the piece can have added at most, by its price; only when that might be too
much, all that the run holds is looked at, each object once.
"""

import gc
from collections.abc import Iterable, Iterator
from typing import Final

from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.context import Context
from rpcnode.execution.iterators import StorageIterator
from rpcnode.execution.records import Notification
from rpcnode.execution.snapshot import Snapshot
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import Code
from rpcnode.vm.engine import VmState
from rpcnode.vm.items import Buffer, Compound, StackItem

MOST_HELD: Final = 64 * 1024 * 1024
"""Bytes that one run may hold."""

BYTES_PER_UNIT: Final = 512
"""Bytes that a unit of opcode prices buys at most: NEWBUFFER makes 131,070 for 256."""

STORED_PER_UNIT: Final = 3
"""The same of storage: 65,535 for 32,768, and what is around them."""

_AROUND_ITEM: Final = 60  # bytes of an item and of its place in a list
_AROUND_COMPOUND: Final = 150
_AROUND_CELL: Final = 250  # a row in a layer of storage: key, cell, their places
_AROUND_STEP: Final = 300  # an instruction made ready to run
_CIRCLED: Final = 65_535  # bytes that one counted item can keep in a circle: each takes two, one of them a buffer
_ITERATOR: Final = 1000
_LARGE: Final = 1024


class HeldMemory:
    """Watches one run, which it ends with a fault."""

    __slots__ = ("_collected", "_events", "_in_events", "_possible", "_run", "_stored")

    def __init__(self, run: ApplicationEngine) -> None:
        self._run: Final = run
        self._possible = 0  # bytes that the run may hold
        self._stored = 0  # those among them that are rows
        self._collected = 0  # items in circles when those were looked for last
        self._events: Final[list[tuple[Notification, int]]] = []  # those that were looked at, with their bytes
        self._in_events = 0

    def spent(self, price: int) -> None:
        """The run has spent so many units of opcode prices. Ends it where it holds too much."""
        self._possible += price * BYTES_PER_UNIT
        self._stored += price * STORED_PER_UNIT
        run = self._run
        if self._possible > MOST_HELD and run.state is VmState.NONE:
            self._possible = self._measured()
            if self._possible > MOST_HELD:
                run.state = VmState.FAULT
                run.fault = VmFault(f"The script holds more than {MOST_HELD >> 20} MB of memory, which one call may.")

    def _measured(self) -> int:
        run = self._run
        if self._stored > MOST_HELD // 2:
            self._stored = _rows_size(_layers(_own_layers(run)))
        size, count = _items_size(_held_items(run))
        circled = run.counter.count - count
        if circled > self._collected and size + (circled - self._collected) * _CIRCLED > MOST_HELD:
            gc.collect()
            self._collected = circled
        self._look_at_events()
        return size + self._in_events + self._stored + sum(_code_size(code) for code in _codes(run))

    def _look_at_events(self) -> None:
        """Events come behind the others, and only the last are taken back."""
        known, events = self._events, self._run.notifications
        while known and (len(known) > len(events) or known[-1][0] is not events[len(known) - 1]):
            self._in_events -= known.pop()[1]
        for event in events[len(known) :]:
            size, _ = _items_size([event.state])
            known.append((event, size))
            self._in_events += size


def _held_items(run: ApplicationEngine) -> Iterator[Iterable[StackItem]]:
    """The lists of items that a run holds; those that frames share come once for each."""
    yield run.results
    yield run.thrown or ()
    yield run.texts.values()
    seen: set[int] = set()
    for frame in run.frames:
        for items in (frame.stack, *frame.slots):
            if items and id(items) not in seen:
                seen.add(id(items))
                yield items


def _items_size(lists: Iterable[Iterable[StackItem]]) -> tuple[int, int]:
    """Bytes of all items that are in lists or reached from there, and how many places hold them."""
    size = count = 0
    seen: set[int] = set()
    pending = list(lists)
    for items in pending:
        for item in items:
            count += 1
            kind = type(item)
            if kind is bytes or kind is Buffer:
                if len(item) >= _LARGE:  # type: ignore[arg-type]
                    if id(item) in seen:
                        continue
                    seen.add(id(item))
                size += len(item)  # type: ignore[arg-type]
            elif isinstance(item, Compound) and id(item) not in seen:
                seen.add(id(item))
                size += _AROUND_COMPOUND
                pending.append(item.elements())
    return size + count * _AROUND_ITEM, count


def iterators_size(iterators: Iterable[StorageIterator]) -> int:
    """Bytes that iterators keep in memory: themselves, and the layers of storage that they look at."""
    found = list(iterators)
    return len(found) * _ITERATOR + _rows_size(_layers(iterator.layer for iterator in found))


def _rows_size(layers: Iterable[Snapshot]) -> int:
    """Bytes of the rows that layers of storage keep; layers share the values that they have read."""
    size = 0
    seen: set[int] = set()
    for layer in layers:
        for value in layer.values():
            size += _AROUND_CELL
            if id(value) not in seen:
                seen.add(id(value))
                size += len(value)
    return size


def _layers(uppermost: Iterable[Snapshot | None]) -> Iterator[Snapshot]:
    """These layers and all below them, each once."""
    seen: set[int] = set()
    for first in uppermost:
        layer = first
        while layer is not None and id(layer) not in seen:
            seen.add(id(layer))
            yield layer
            layer = layer.below


def _own_layers(run: ApplicationEngine) -> Iterator[Snapshot | None]:
    for frame in run.frames:
        context = frame.shared.host
        assert isinstance(context, Context)
        yield context.own_layer


def _codes(run: ApplicationEngine) -> Iterable[Code]:
    return {id(frame.shared.code): frame.shared.code for frame in run.frames}.values()


def _code_size(code: Code) -> int:
    return len(code.decoded) * _AROUND_STEP + len(code.blocks) * 10

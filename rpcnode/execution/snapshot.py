"""Storage in layers: each loaded script writes into its own, which is kept when it returns and dropped when it throws.

A layer keeps what it has read, too: an iterator shows what is in a row's cell of the layer that it was made in.
Source: neo 3.10.2, Persistence/DataCache.cs, Persistence/ClonedCache.cs.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol, TypeAlias

Place: TypeAlias = tuple[int, bytes]
"""A contract's id and a key of its storage."""

READ, ADDED, CHANGED, DELETED, DROPPED, MISSING = range(6)
"""What a layer knows of a row: read from below; put where there was none; put over another; deleted; added, then
deleted; looked for and not found. Those from DELETED on are no row; the last is for speed, searches do not know it."""

_HOLE: Final = 2**40  # no contract has such an id

MAX_FILLED: Final = 16
"""Layers that remember a row which one above them has read; those further down are read again."""

MAX_NESTED: Final = 200
"""Layers that a search goes through one by one; what is below them is looked at once, at its beginning."""


class StorageReader(Protocol):
    """What lies under all layers."""

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        """The value under a key."""

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix, in storage order or against it, with their values."""


class Cell:
    """A row as one layer holds it. One put again after it was deleted gets a new cell: iterators keep the old."""

    __slots__ = ("state", "value")

    def __init__(self, value: bytes, state: int) -> None:
        self.value = value
        self.state = state


class Snapshot:
    """One layer over another, or over what is stored."""

    __slots__ = ("_below", "_cells", "_changed", "_holes", "_stored")

    def __init__(self, stored: StorageReader, below: "Snapshot | None" = None) -> None:
        self._stored: Final = stored
        self._below: Final = below
        self._cells: Final[dict[int, dict[bytes, Cell]]] = {}  # by contract, by key
        self._changed: dict[Place, None] = {}
        self._holes: Final[list[Place]] = []

    @property
    def below(self) -> "Snapshot | None":
        """The layer under this one, None for the lowest."""
        return self._below

    def values(self) -> Iterator[bytes]:
        """The values of all rows that this layer knows, written or read."""
        return (cell.value for cells in self._cells.values() for cell in cells.values())

    def child(self) -> "Snapshot":
        """A layer over this one."""
        return Snapshot(self._stored, self)

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        """The value under a key, None where there is none."""
        cells = self._cells.get(contract_id)
        cell = self._read(contract_id, key) if cells is None else cells.get(key) or self._read(contract_id, key)
        return cell.value if cell.state < DELETED else None

    def put(self, contract_id: int, key: bytes, value: bytes) -> None:
        """Writes a row; it changes in the hands of iterators too, unless it was deleted meanwhile."""
        cells = self._cells.get(contract_id)
        cell = cells.get(key) if cells is not None else None
        if cell is None:
            cell = self._read(contract_id, key)
        state = cell.state
        if state < DELETED:
            cell.value = value
            if state == READ:
                cell.state = CHANGED
        else:
            self._cells[contract_id][key] = Cell(value, CHANGED if state == DELETED else ADDED)
        if self._holes:
            self._fill((contract_id, key))
        else:
            self._changed[contract_id, key] = None

    def delete(self, contract_id: int, key: bytes) -> None:
        """Takes a row away, if there is one."""
        cells = self._cells.get(contract_id)
        cell = cells.get(key) if cells is not None else None
        if cell is None:
            cell = self._read(contract_id, key)
        if cell.state == ADDED:
            cell.state = DROPPED
            self._leave((contract_id, key))
        elif cell.state < DELETED:
            cell.state = DELETED
            if self._holes:
                self._fill((contract_id, key))
            else:
                self._changed[contract_id, key] = None

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix, in storage order, with their values as they are when they are taken.

        Nothing is looked up before the first row is asked for; which rows there are is decided then.
        """
        for key, cell in self.cells(contract_id, prefix, backwards):
            yield key, cell.value

    def cells(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, Cell]]:
        """Like `find`, but rows with their cells: this layer's own, for others one with a copy of the value.

        What a layer below has is copied when its turn comes: a later write there is seen as long as the row is ahead.
        """
        layers = self._layers_with(contract_id)
        rows = _stored_rows(layers[MAX_NESTED:], self._stored, contract_id, prefix, backwards)
        for layer in reversed(layers[:MAX_NESTED]):
            rows = _merged(layer._cells[contract_id], layer is self, rows, prefix, backwards)
        yield from rows

    def commit(self) -> None:
        """Puts what was changed into the layer below. What was deleted is no longer known here, all else is."""
        below = self._below
        assert below is not None
        for contract_id, key in self._places():
            cells = self._cells[contract_id]
            cell = cells[key]
            if cell.state == DELETED:
                below.delete(contract_id, key)
                del cells[key]
            else:
                below.put(contract_id, key, cell.value)
                cell.state = READ
        self._changed.clear()
        self._holes.clear()

    def changes(self) -> dict[Place, bytes | None]:
        """What this layer has written: values, None for rows that were deleted."""
        cells = ((place, self._cells[place[0]][place[1]]) for place in self._places())
        return {place: cell.value if cell.state < DELETED else None for place, cell in cells}

    def tracked(self) -> Iterator[tuple[Place, Cell]]:
        """The same in the order of the first change, as cells: what was deleted has the value that it had."""
        return ((place, self._cells[place[0]][place[1]]) for place in self._places())

    def _places(self) -> Iterable[Place]:
        """The rows that were changed, in the order in which the node goes through them."""
        return [place for place in self._changed if place[0] < _HOLE] if self._holes else self._changed

    # The node keeps them in a .NET HashSet: what comes after a row has left takes its place in the order.

    def _leave(self, place: Place) -> None:
        """A row is not changed any more."""
        if place in self._changed:
            hole = (_HOLE + len(self._holes), b"")
            self._holes.append(hole)
            self._changed = {hole if other == place else other: None for other in self._changed}

    def _fill(self, place: Place) -> None:
        """A row is changed, while others have left."""
        if place not in self._changed:
            hole = self._holes.pop()
            self._changed = {place if other == hole else other: None for other in self._changed}

    def _read(self, contract_id: int, key: bytes) -> Cell:
        """The new cell of a row that this layer does not know."""
        if self._below is None:
            stored = self._stored.get(contract_id, key)
            new = Cell(b"", MISSING) if stored is None else Cell(stored, READ)
            self._cells.setdefault(contract_id, {})[key] = new
            return new
        passed = [self]
        layer: Snapshot | None = self._below
        while layer is not None:
            cells = layer._cells.get(contract_id)
            cell = cells.get(key) if cells is not None else None
            if cell is not None:
                value = cell.value if cell.state < DELETED else None
                break
            if len(passed) < MAX_FILLED:
                passed.append(layer)
            layer = layer._below
        else:
            value = self._stored.get(contract_id, key)
        state = READ
        if value is None:
            value, state = b"", MISSING
        for layer in passed:
            cells = layer._cells.get(contract_id)
            if cells is None:
                layer._cells[contract_id] = {key: Cell(value, state)}
            else:
                cells[key] = Cell(value, state)
        return self._cells[contract_id][key]

    def _layers_with(self, contract_id: int) -> "list[Snapshot]":
        """The layers that know rows of a contract, from this one down."""
        found = []
        layer: Snapshot | None = self
        while layer is not None:
            if layer._cells.get(contract_id):
                found.append(layer)
            layer = layer._below
        return found


def _stored_rows(
    layers: list[Snapshot], stored: StorageReader, contract_id: int, prefix: bytes, backwards: bool
) -> Iterator[tuple[bytes, Cell]]:
    """The stored rows with what some layers, the uppermost first, know of them now. Only those are all in memory."""
    rows = ((key, Cell(value, READ)) for key, value in stored.find(contract_id, prefix, backwards))
    known: dict[bytes, Cell] = {}
    for layer in reversed(layers):
        for key, cell in layer._cells[contract_id].items():
            if cell.state < DELETED:
                known[key] = Cell(cell.value, READ)
            elif cell.state == DELETED:
                known[key] = Cell(b"", DELETED)
    return _merged(known, True, rows, prefix, backwards) if known else rows


def _merged(
    cells: dict[bytes, Cell], is_own: bool, below: Iterator[tuple[bytes, Cell]], prefix: bytes, backwards: bool
) -> Iterator[tuple[bytes, Cell]]:
    """A layer's rows and, of the rows below, those that it does not know. Source: neo 3.10.2, DataCache.Seek."""
    known = {key for key, cell in cells.items() if cell.state != MISSING}
    keys = sorted((key for key in known if cells[key].state < DELETED and key.startswith(prefix)), reverse=backwards)
    own = iter([(key, cells[key]) for key in keys])
    others = (row for row in below if row[0] not in known)
    first, second = next(own, None), next(others, None)
    while first is not None or second is not None:
        if second is None or (first is not None and (first[0] < second[0]) is not backwards):
            assert first is not None
            key, cell = first
            yield key, cell if is_own else Cell(cell.value, READ)
            first = next(own, None)
        else:
            yield second
            second = next(others, None)

"""Storage in layers: each loaded script writes into its own, which is kept when it returns and dropped when it throws.

Source: neo 3.10.2, Persistence/DataCache.cs, Persistence/ClonedCache.cs.
"""

from collections.abc import Iterator
from typing import Final, Protocol

Place = tuple[int, bytes]
"""A contract's id and a key of its storage."""

MAX_FILLED: Final = 16
"""Layers that remember a row which one above them has read; those further down are read again."""


class StorageReader(Protocol):
    """What lies under all layers."""

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        """The value under a key."""

    def find(self, contract_id: int, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix, in storage order, with their values."""


class Cell:
    """A row as one layer holds it: iterators that were handed the row see what is put there later.

    `value` is None where there is no row; `is_changed` says that it is to go into the layer below.
    """

    __slots__ = ("is_changed", "value")

    def __init__(self, value: bytes | None, is_changed: bool) -> None:
        self.value = value
        self.is_changed = is_changed


class Snapshot:
    """One layer over another, or over what is stored."""

    __slots__ = ("_below", "_cells", "_stored")

    def __init__(self, stored: StorageReader, below: "Snapshot | None" = None) -> None:
        self._stored: Final = stored
        self._below: Final = below
        self._cells: Final[dict[Place, Cell]] = {}

    def child(self) -> "Snapshot":
        """A layer over this one."""
        return Snapshot(self._stored, self)

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        """The value under a key, None where there is none."""
        place = (contract_id, key)
        cell = self._cells.get(place)
        return cell.value if cell is not None else self._read(place)

    def put(self, contract_id: int, key: bytes, value: bytes) -> None:
        """Writes a row; it changes in the hands of iterators too, unless it was deleted meanwhile."""
        cell = self._cells.get((contract_id, key))
        if cell is None or cell.value is None:
            self._change((contract_id, key), Cell(value, is_changed=True))
        else:
            cell.value = value
            if not cell.is_changed:
                self._change((contract_id, key), cell)
                cell.is_changed = True

    def delete(self, contract_id: int, key: bytes) -> None:
        """Takes a row away, if there is one."""
        if self.get(contract_id, key) is not None:
            self._change((contract_id, key), Cell(None, is_changed=True))

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix, in storage order, with their values as they are when they are taken."""
        for key, cell in self.cells(contract_id, prefix, backwards):
            assert cell.value is not None
            yield key, cell.value

    def cells(self, contract_id: int, prefix: bytes, backwards: bool = False) -> list[tuple[bytes, Cell]]:
        """The rows under a prefix as they are now: this layer's own cells, the values of the others."""
        layers: list[Snapshot] = []
        layer: Snapshot | None = self
        while layer is not None:
            if layer._cells:
                layers.append(layer)
            layer = layer._below
        found: dict[bytes, Cell] = {
            key: Cell(value, is_changed=False) for key, value in self._stored.find(contract_id, prefix)
        }
        is_sorted = True
        for layer in reversed(layers):
            for (owner, key), cell in layer._cells.items():
                if owner == contract_id and key.startswith(prefix):
                    if cell.value is None:
                        found.pop(key, None)
                    else:
                        is_sorted = is_sorted and key in found
                        found[key] = cell if layer is self else Cell(cell.value, is_changed=False)
        rows = list(found.items()) if is_sorted else sorted(found.items(), key=_key)
        if backwards:
            rows.reverse()
        return rows

    def commit(self) -> None:
        """Puts what was changed into the layer below."""
        below = self._below
        assert below is not None
        for (contract_id, key), cell in self._cells.items():
            if cell.is_changed:
                if cell.value is None:
                    below.delete(contract_id, key)
                else:
                    below.put(contract_id, key, cell.value)

    def changes(self) -> dict[Place, bytes | None]:
        """What this layer has written, in the order of the first change: values, None for rows that were deleted."""
        return {place: cell.value for place, cell in self._cells.items() if cell.is_changed}

    def before(self, place: Place) -> bytes | None:
        """The value of a row below this layer."""
        return self._stored.get(*place) if self._below is None else self._below.get(*place)

    def _change(self, place: Place, cell: Cell) -> None:
        held = self._cells.get(place)
        if held is not None and not held.is_changed:
            del self._cells[place]  # what was only read comes behind what is changed already
        self._cells[place] = cell

    def _read(self, place: Place) -> bytes | None:
        passed = [self]
        layer = self._below
        while layer is not None:
            cell = layer._cells.get(place)
            if cell is not None:
                value = cell.value
                break
            if len(passed) < MAX_FILLED:
                passed.append(layer)
            layer = layer._below
        else:
            value = self._stored.get(*place)
        for layer in passed:
            layer._cells[place] = Cell(value, is_changed=False)
        return value


def _key(row: tuple[bytes, Cell]) -> bytes:
    return row[0]

"""Storage writes that may yet be undone."""

from collections.abc import Iterator
from typing import Final

from rpcnode.execution.storage import Storage

Place = tuple[int, bytes]
"""A contract's id and a key of its storage."""


class Overlay:
    """A storage over another one: reads through, keeps writes until `commit`, and can go back to an earlier mark."""

    __slots__ = ("_below", "_undo", "_writes")

    def __init__(self, below: Storage) -> None:
        self._below: Final = below
        self._writes: Final[dict[Place, bytes | None]] = {}
        self._undo: Final[list[tuple[Place, bool, bytes | None]]] = []  # place, whether written before, and what

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        place = (contract_id, key)
        return self._writes[place] if place in self._writes else self._below.get(contract_id, key)

    def put(self, contract_id: int, key: bytes, value: bytes) -> None:
        self._write((contract_id, key), value)

    def delete(self, contract_id: int, key: bytes) -> None:
        self._write((contract_id, key), None)

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix, in storage order or against it, with their values."""
        found: dict[bytes, bytes | None] = dict(self._below.find(contract_id, prefix))
        found.update(
            (key, value)
            for (owner, key), value in self._writes.items()
            if owner == contract_id and key.startswith(prefix)
        )
        rows = ((key, value) for key, value in found.items() if value is not None)
        return iter(sorted(rows, reverse=backwards))

    def take(self, contract_id: int) -> dict[bytes, bytes]:
        """What was written under an id, by key; it is not committed then."""
        taken = {key: value for (owner, key), value in self._writes.items() if owner == contract_id}
        for key in taken:
            del self._writes[contract_id, key]
        return {key: value for key, value in taken.items() if value is not None}

    def mark(self) -> int:
        """What `revert_to` takes to undo every write since."""
        return len(self._undo)

    def revert_to(self, mark: int) -> None:
        """Undoes the writes since a mark."""
        while len(self._undo) > mark:
            place, was_written, before = self._undo.pop()
            if was_written:
                self._writes[place] = before
            else:
                del self._writes[place]

    def commit(self) -> None:
        """Makes the writes in the storage below; marks taken before are worth nothing then."""
        for (contract_id, key), value in self._writes.items():
            if value is None:
                self._below.delete(contract_id, key)
            else:
                self._below.put(contract_id, key, value)
        self._writes.clear()
        self._undo.clear()

    def _write(self, place: Place, value: bytes | None) -> None:
        self._undo.append((place, place in self._writes, self._writes.get(place)))
        self._writes[place] = value

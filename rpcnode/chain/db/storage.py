"""Contract storage: as it is now, as a block is changing it, and as it was after an earlier block."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping

from rpcnode.chain.db.mark_rows import Mark

_NOW = "SELECT value FROM chain_storage WHERE contract_id = ? AND key = ?"
_OVERWRITTEN_LATER = """
    SELECT value FROM chain_undo WHERE contract_id = ? AND key = ? AND block_index > ? AND block_index <= ?
    ORDER BY block_index LIMIT 1
"""


_INDEX_OF_THE_PAST = "CREATE INDEX IF NOT EXISTS chain_undo_by_key ON chain_undo (contract_id, key, block_index)"
"""Made by the first who reads the past: until then, blocks are written without it."""

_FIND = "SELECT key, value FROM chain_storage WHERE contract_id = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?"
_FIND_TO_THE_END = "SELECT key, value FROM chain_storage WHERE contract_id = ? AND key >= ? ORDER BY key LIMIT ?"
_FIRST_PAGE = 64
_LARGEST_PAGE = 1024
_PAGE, _PAGE_BACKWARDS = (
    f"SELECT key, value FROM chain_storage WHERE contract_id = ? AND key >= ? AND key < ? ORDER BY key {order} LIMIT ?"
    for order in ("ASC", "DESC")
)
_CHANGED_LATER = """
    SELECT DISTINCT key FROM chain_undo
    WHERE contract_id = ? AND block_index > ? AND block_index <= ? AND key >= ? AND key < ?
"""
_BEHIND_ALL = b"\xff" * 65  # a key has at most 64 bytes
_MOST_ROWS = 128  # that are read at once of the past


def _found(connection: sqlite3.Connection, contract_id: int, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Rows in pages: a statement that is still at work when its reader is done would keep the file open.

    The first page is read at once.
    """
    end = key_after(prefix)
    page = _page(connection, contract_id, prefix, end, _FIRST_PAGE)
    return iter(page) if len(page) < _FIRST_PAGE else _pages(connection, contract_id, page, end)


def _pages(
    connection: sqlite3.Connection, contract_id: int, page: list[tuple[bytes, bytes]], end: bytes | None
) -> Iterator[tuple[bytes, bytes]]:
    size = len(page)
    while True:
        yield from page
        if len(page) < size:
            return
        size = min(4 * size, _LARGEST_PAGE)
        page = _page(connection, contract_id, page[-1][0] + b"\0", end, size)


def _page(
    connection: sqlite3.Connection, contract_id: int, first: bytes, end: bytes | None, size: int
) -> list[tuple[bytes, bytes]]:
    if end is None:
        return connection.execute(_FIND_TO_THE_END, (contract_id, first, size)).fetchall()
    return connection.execute(_FIND, (contract_id, first, end, size)).fetchall()


def key_after(prefix: bytes) -> bytes | None:
    """The first key, in storage order, that is behind all that begin with a prefix; None where there is no such key."""
    trimmed = prefix.rstrip(b"\xff")
    return trimmed[:-1] + bytes((trimmed[-1] + 1,)) if trimmed else None


_NONE: Mapping[tuple[int, bytes], bytes | None] = {}

MOST_NEWEST = 20_000
"""Rows that are kept from block to block, but for those of one block."""


class NewestRows:
    """Rows that the newest blocks have read or written, and their marks, as long as nothing else is written.

    Whoever writes in another way than through the connection forgets them.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows: dict[tuple[int, bytes], bytes | None] = {}
        self._marks: set[Mark] = set()
        self._written = -1

    def after(self, storage: "BlockStorage", marks: Iterable[Mark]) -> None:
        """A block is stored, and what follows the chain has seen it."""
        if len(self._marks) > MOST_NEWEST:
            self._marks = set()
        self._marks.update(marks)
        if not storage.is_over(self._rows) or len(self._rows) > MOST_NEWEST:
            self._rows = {}
        self._rows.update(storage.known)
        self._written = self._connection.total_changes

    def forget(self) -> None:
        """Storage may be another."""
        self._rows = {}
        self._marks = set()

    def new_marks(self, marks: Iterable[Mark]) -> list[Mark]:
        """Those of a block that none of the newest blocks has: a chain's accounts sign again and again."""
        return [mark for mark in marks if mark not in self._marks]

    def storage(self) -> "BlockStorage":
        """A place for the writes of the next block."""
        if self._written != self._connection.total_changes:
            self.forget()
        return BlockStorage(self._connection, self._rows)


class BlockStorage:
    """The storage that a block's executions read and write.

    Writes stay here until `flush`, which stores them with what they overwrote, so that the block can be undone.
    """

    def __init__(
        self, connection: sqlite3.Connection, stored: Mapping[tuple[int, bytes], bytes | None] = _NONE
    ) -> None:
        """`stored` are rows as they are before the block."""
        self._connection = connection
        self._stored = stored
        self._before: dict[tuple[int, bytes], bytes | None] = {}
        self._now: dict[tuple[int, bytes], bytes | None] = {}
        self._is_written = False

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        place = (contract_id, key)
        if place in self._now:
            return self._now[place]
        if place in self._stored:
            value = self._stored[place]
        else:
            row = self._connection.execute(_NOW, place).fetchone()
            value = None if row is None else row[0]
        self._before[place] = self._now[place] = value
        return value

    def put(self, contract_id: int, key: bytes, value: bytes) -> None:
        place = (contract_id, key)
        if place not in self._now:
            self.get(contract_id, key)
        self._now[place] = value
        self._is_written = True

    def delete(self, contract_id: int, key: bytes) -> None:
        place = (contract_id, key)
        if place not in self._now:
            self.get(contract_id, key)
        self._now[place] = None
        self._is_written = True

    def take(self, changes: Mapping[tuple[int, bytes], bytes | None]) -> None:
        """Writes what a layer over it has changed; None deletes a row."""
        now = self._now
        for place in changes:
            if place not in now:
                self.get(*place)
        now.update(changes)
        self._is_written = True

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix, in storage order or against it; what this block wrote included."""
        written = {}
        if self._is_written:
            written = {
                key: value
                for (owner, key), value in self._now.items()
                if owner == contract_id and key.startswith(prefix)
            }
        if not written and not backwards:
            return _found(self._connection, contract_id, prefix)
        found: dict[bytes, bytes | None] = dict(_found(self._connection, contract_id, prefix))
        found.update(written)
        rows = ((key, value) for key, value in found.items() if value is not None)
        return iter(sorted(rows, reverse=backwards))

    def is_over(self, rows: Mapping[tuple[int, bytes], bytes | None]) -> bool:
        """Whether it takes these for the rows before the block."""
        return self._stored is rows

    @property
    def known(self) -> Mapping[tuple[int, bytes], bytes | None]:
        """The rows that were read or written, as they are now; None for one that is not there."""
        return self._now

    def changed_places(self) -> list[tuple[int, bytes]]:
        """Contract id and key of everything that the block changes."""
        return [place for place, before in self._before.items() if self._now[place] != before]

    def flush(self, block_index: int) -> None:
        """Writes the changes of a block, inside its transaction."""
        undone: list[tuple[int, int, bytearray, bytearray | None]] = []
        written: list[tuple[int, bytes, bytes]] = []
        overwritten: list[tuple[bytearray, int, bytearray]] = []
        deleted: list[tuple[int, bytes]] = []
        for place in sorted(self.changed_places()):
            contract_id, key = place
            before, value = self._before[place], self._now[place]
            # SQLite's module for Python takes a bytearray at once, and asks around what to make of bytes.
            bound_key = bytearray(key)
            undone.append((block_index, contract_id, bound_key, None if before is None else bytearray(before)))
            if value is None:
                deleted.append(place)
            elif before is None:
                written.append((contract_id, key, value))
            else:
                overwritten.append((bytearray(value), contract_id, bound_key))
        run = self._connection.executemany
        run("INSERT INTO chain_undo (block_index, contract_id, key, value) VALUES (?, ?, ?, ?)", undone)
        run("INSERT INTO chain_storage (contract_id, key, value) VALUES (?, ?, ?)", written)
        # A row that was there is changed where it stands: twice as fast as another in its place.
        run("UPDATE chain_storage SET value = ? WHERE contract_id = ? AND key = ?", overwritten)
        run("DELETE FROM chain_storage WHERE contract_id = ? AND key = ?", deleted)


class StorageAt:
    """Storage as it stood after a block, read-only: as it is now, less what later blocks overwrote.

    `storage_index` tells up to which block storage has been written by now.
    """

    def __init__(self, connection: sqlite3.Connection, block_index: int, storage_index: Callable[[], int]) -> None:
        self._connection = connection
        self._block_index = block_index
        self._storage_index = storage_index
        if storage_index() != block_index:
            connection.execute(_INDEX_OF_THE_PAST)

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        now, row = self._storage_index(), None
        if now > self._block_index:
            row = self._connection.execute(_OVERWRITTEN_LATER, (contract_id, key, self._block_index, now)).fetchone()
        if row is None:
            row = self._connection.execute(_NOW, (contract_id, key)).fetchone()
        return None if row is None else row[0]

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Keys that began with a prefix, in storage order or against it, with their values.

        Some rows at a time are read, when the first of them is asked for.
        """
        low, high = prefix, key_after(prefix) or _BEHIND_ALL
        size = _FIRST_PAGE
        while low < high:
            page = self._connection.execute(
                _PAGE_BACKWARDS if backwards else _PAGE, (contract_id, low, high, size)
            ).fetchall()
            # The page reaches from `low` to `behind`, or backwards from `high` to `begins`.
            is_last = len(page) < size
            begins = low if is_last or not backwards else page[-1][0]
            behind = high if is_last or backwards else page[-1][0] + b"\0"
            yield from self._as_it_was(contract_id, page, begins, behind, backwards)
            low, high = (low, begins) if backwards else (behind, high)
            size = _MOST_ROWS

    def _as_it_was(
        self, contract_id: int, page: list[tuple[bytes, bytes]], begins: bytes, behind: bytes, backwards: bool
    ) -> list[tuple[bytes, bytes]]:
        """All rows of a range that was just read, without what later blocks did."""
        now = self._storage_index()
        if now <= self._block_index:
            return page
        found: dict[bytes, bytes | None] = dict(page)
        where = (contract_id, self._block_index, now, begins, behind)
        for (key,) in self._connection.execute(_CHANGED_LATER, where).fetchall():
            found[key] = self.get(contract_id, key)
        return sorted(((key, value) for key, value in found.items() if value is not None), reverse=backwards)

    def put(self, contract_id: int, key: bytes, value: bytes) -> None:
        raise TypeError("the past cannot be written to")

    def delete(self, contract_id: int, key: bytes) -> None:
        raise TypeError("the past cannot be written to")

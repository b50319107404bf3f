"""Hashes on the way that are stored with the blocks they belong to, so that no reader walks far (headers.py)."""

import sqlite3
from collections.abc import Iterable
from typing import Final

from rpcnode.chain.headers import SPAN, Headers

MOST_LINKED: Final = 1 << 13
"""How many empty blocks that come to be at once are linked throughout: it takes up to 30 ms on one core."""

_STORED_FROM = """
    SELECT block_index, timestamp_ms, merkle_root, hash,
        EXISTS (SELECT 1 FROM chain_execution AS ran WHERE ran.block_index = block.block_index)
    FROM chain_block AS block WHERE block_index >= ? ORDER BY block_index
"""
_Row = tuple[int, int, bytes, bytes | None, int]
"""Index, time, merkle root, hash where the block has its own, whether it was executed."""

_INSERT = "INSERT INTO chain_link (block_index, hash) VALUES (?, ?)"


class Links:
    """Writes `chain_link`, always inside the transaction that makes the blocks.

    A block that is not recorded has a row, but for those among many stored at once that hold nothing: of them each
    `SPAN`-th has one, and the last. Of empty blocks that are not stored, those below a multiple of `SPAN` have one
    where no more than `MOST_LINKED` came to be at once.
    """

    def __init__(self, connection: sqlite3.Connection, headers: Headers) -> None:
        self._connection = connection
        self._headers = headers

    def renew(self, first: int, header_height: int) -> None:
        """Brings the rows up to date where blocks from `first` on are new or others; headers reach `header_height`."""
        self._headers.forget_from(first)
        self.cut(first - 1)
        gap = first
        rows = self._connection.execute(_STORED_FROM, (first,)).fetchall()
        self._connection.executemany(_INSERT, self._of_runs(rows, gap))
        if rows:
            gap = rows[-1][0] + 1
        self._link_gap(gap, header_height)

    def cut(self, height: int) -> None:
        """Drops the rows above a block."""
        self._connection.execute("DELETE FROM chain_link WHERE block_index > ?", (height,))

    def complete(self, header_height: int) -> None:
        """Makes the rows of a database whose program had none."""
        if self._connection.execute("SELECT 1 FROM chain_link LIMIT 1").fetchone() is not None:
            return
        row = self._connection.execute(
            "SELECT block_index FROM chain_block WHERE hash IS NULL ORDER BY block_index LIMIT 1"
        ).fetchone()
        if row is not None:
            self.renew(row[0], header_height)

    def _of_runs(self, rows: Iterable[_Row], gap: int) -> Iterable[tuple[int, bytes]]:
        """The rows of stored blocks; those of empty ones before them are written on the way."""
        headers = self._headers
        index, known = gap - 1, b""
        waiting: tuple[int, bytes] | None = None
        for block_index, timestamp_ms, merkle_root, stored, has_run in rows:
            is_next = bool(known) and block_index == index + 1
            if waiting is not None and not is_next:
                yield waiting
            if not is_next:
                self._link_gap(index + 1, block_index - 1)
                known = headers.hash_of(block_index - 1) if block_index else bytes(32)
            waiting, index = None, block_index
            if stored is not None:
                known = stored
                continue
            known = headers.digest(headers.new_header(block_index, known, merkle_root, timestamp_ms))
            is_empty = not has_run and merkle_root == headers.merkle_root(block_index, ())
            if (block_index + 1) % SPAN and is_empty:
                waiting = block_index, known
            else:
                yield block_index, known
        if waiting is not None:
            yield waiting

    def _link_gap(self, first: int, last: int) -> None:
        """Links the empty blocks from `first` to `last`, both included, unless they are too many."""
        if last - first >= MOST_LINKED:
            return
        for edge in range(-(-first // SPAN) * SPAN, last + 1, SPAN):
            if edge and self._headers.is_unlinked(edge):
                self._connection.execute(_INSERT, (edge - 1, self._headers.hash_of(edge - 1)))

"""What of a chain is not as on a real node, noted with the block that it came with: `chain_mark`.

A mark is of the chain: it goes with blocks that are taken back, and comes with restarts, snapshots and dumps.
"""

import sqlite3
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from rpcnode.primitives.uint import UInt160


class MarkKind(StrEnum):
    """What happened past all scripts, or past a missing witness; what it happened to is a contract or an account."""

    PLACED = "placed"  # a contract that no transaction deployed
    TAKEN = "taken"  # a contract that no transaction destroyed
    STORAGE = "storage"  # rows of a contract were written
    EVENT = "event"  # a contract shows events that its script did not give
    SIGNER = "signer"  # an account signed with an empty witness


class Mark(NamedTuple):
    """One such thing, of a contract or of an account."""

    kind: MarkKind
    script_hash: UInt160


class Marks(NamedTuple):
    """How many contracts or accounts have a mark of one kind, and the first of them, each with its first block."""

    total: int
    first: list[tuple[UInt160, int]]


_INSERT: Final = """
    INSERT OR IGNORE INTO chain_mark (kind, script_hash, block_index)
    SELECT :kind, :script_hash, :block_index WHERE NOT EXISTS (
        SELECT 1 FROM chain_mark
        WHERE kind = :kind AND script_hash = :script_hash AND block_index <= :block_index
    )
"""
# An account whose key has become known since signs what it has signed: its witnesses are made when they are asked for.
_MARKED: Final = """
    FROM chain_mark WHERE kind = ? AND block_index <= ? AND NOT (
        kind = 'signer' AND script_hash IN (SELECT script_hash FROM chain_account WHERE private_key IS NOT NULL)
    )
"""
_COUNT: Final = f"SELECT count(DISTINCT script_hash) {_MARKED}"
_FIRST: Final = f"""
    SELECT script_hash, min(block_index) AS first {_MARKED} GROUP BY script_hash ORDER BY first, script_hash LIMIT ?
"""


def insert_marks(connection: sqlite3.Connection, block_index: int, marks: Iterable[Mark]) -> None:
    """Notes the marks of a block, those that an earlier block has not got already; inside its transaction."""
    connection.executemany(
        _INSERT,
        [{"kind": kind.value, "script_hash": script_hash, "block_index": block_index} for kind, script_hash in marks],
    )


def marks_of(connection: sqlite3.Connection, kind: MarkKind, height: int, most: int) -> Marks:
    """The marks of one kind up to a height, the oldest first, `most` of them at most."""
    (count,) = connection.execute(_COUNT, (kind.value, height)).fetchone()
    rows = connection.execute(_FIRST, (kind.value, height, most)).fetchall()
    return Marks(int(count), [(UInt160(script_hash), int(block_index)) for script_hash, block_index in rows])

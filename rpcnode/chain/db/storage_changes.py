"""What blocks changed in contract storage, told by `chain_undo`."""

import sqlite3
from typing import Final

Place = tuple[int, bytes]
"""Contract id and key."""

_NEWEST: Final = "SELECT max(block_index) FROM chain_undo WHERE block_index <= ?"
_ROWS: Final = "SELECT contract_id, key, value FROM chain_storage"
_CHANGED: Final = "SELECT DISTINCT contract_id, key FROM chain_undo WHERE block_index > ? AND block_index <= ?"
# With min(), SQLite takes the other columns from the row that has the least.
_OVERWRITTEN: Final = """
    SELECT contract_id, key, value, min(block_index) FROM chain_undo WHERE block_index > ? AND block_index <= ?
    GROUP BY contract_id, key
"""


def newest_change(connection: sqlite3.Connection, up_to: int) -> int | None:
    """The newest block, up to one, that changed anything."""
    row = connection.execute(_NEWEST, (up_to,)).fetchone()
    return None if row[0] is None else int(row[0])


def rows_now(connection: sqlite3.Connection) -> list[tuple[Place, bytes]]:
    """All rows of all contracts as they are now."""
    return [((contract_id, key), value) for contract_id, key, value in connection.execute(_ROWS)]


def places_changed(connection: sqlite3.Connection, after: int, up_to: int) -> list[Place]:
    """What the blocks above `after`, up to `up_to`, changed."""
    return connection.execute(_CHANGED, (after, up_to)).fetchall()


def values_overwritten(connection: sqlite3.Connection, after: int, up_to: int) -> list[tuple[Place, bytes | None]]:
    """The same places with what they held after the block `after`; None where they were absent."""
    rows = connection.execute(_OVERWRITTEN, (after, up_to))
    return [((contract_id, key), value) for contract_id, key, value, _ in rows]

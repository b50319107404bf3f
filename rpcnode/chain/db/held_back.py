"""Blocks above the height: their rows are there, what they did to contract storage is not.

A node that stands below its headers holds them back, and applies them as its height rises. `chain_undo` keeps, for a
block that stands, what it overwrote; for one that is held back, what it will write. So holding a block back and putting
it in place are one exchange of those values with the present ones.
"""

import sqlite3
from collections.abc import Iterable

_VALUES = """
    SELECT undo.contract_id, undo.key, undo.value, storage.value
    FROM chain_undo AS undo LEFT JOIN chain_storage AS storage
        ON storage.contract_id = undo.contract_id AND storage.key = undo.key
    WHERE undo.block_index = ?
"""
_PUT = "INSERT OR REPLACE INTO chain_storage (contract_id, key, value) VALUES (?, ?, ?)"
_DELETE = "DELETE FROM chain_storage WHERE contract_id = ? AND key = ?"
_EXCHANGE = "UPDATE chain_undo SET value = ? WHERE block_index = ? AND contract_id = ? AND key = ?"
_OVERWRITTEN = """
    SELECT contract_id, key, value FROM chain_undo WHERE block_index > ? AND block_index <= ? ORDER BY block_index DESC
"""
_CHANGES = "SELECT 1 FROM chain_undo WHERE contract_id = ? AND key = ? AND block_index > ?"

_TABLES = (
    "chain_block",
    "chain_transaction",
    "chain_execution",
    "chain_undo",
    "chain_contract",
    "chain_coin",
    "chain_system_fee",
    "chain_mark",
)
_UNDONE = (
    "UPDATE chain_coin SET spent_at = NULL, spent_by = NULL, spent_position = NULL WHERE spent_at > ?",
    "UPDATE chain_coin SET claimed_at = NULL WHERE claimed_at > ?",
    "UPDATE chain_contract SET ended_at = NULL WHERE ended_at > ?",
)


class HeldBlocks:
    """The rows of blocks that do not stand, or will not stand any more; all inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def first_above(self, height: int) -> int | None:
        """The lowest block that is held back."""
        row = self._connection.execute(
            "SELECT block_index FROM chain_block WHERE block_index > ? ORDER BY block_index LIMIT 1", (height,)
        ).fetchone()
        return None if row is None else int(row[0])

    def hold_back(self, height: int, up_to: int) -> None:
        """Takes back what the blocks above `height` did to storage, down from `up_to`."""
        rows = self._connection.execute(
            "SELECT DISTINCT block_index FROM chain_undo WHERE block_index > ? AND block_index <= ?"
            " ORDER BY block_index DESC",
            (height, up_to),
        )
        for (block_index,) in rows.fetchall():
            self.exchange(block_index)

    def exchange(self, block_index: int) -> None:
        """Puts a block in place that is held back, or the other way about; its neighbours in order, one by one."""
        values = self._connection.execute(_VALUES, (block_index,)).fetchall()
        self._restore((contract_id, key, value) for contract_id, key, value, _ in values)
        self._connection.executemany(
            _EXCHANGE, [(present, block_index, contract_id, key) for contract_id, key, _, present in values]
        )

    def undo(self, height: int, up_to: int) -> None:
        """Takes the blocks above `height` back for good, those that are held back above `up_to` included."""
        self._restore(self._connection.execute(_OVERWRITTEN, (height, up_to)).fetchall())
        self.drop_above(height)

    def drop_above(self, height: int) -> None:
        """Forgets blocks that are held back."""
        for table in _TABLES:
            self._connection.execute(f"DELETE FROM {table} WHERE block_index > ?", (height,))
        for statement in _UNDONE:
            self._connection.execute(statement, (height,))

    def conflict(self, height: int, places: Iterable[tuple[int, bytes]]) -> bool:
        """Whether a block that changes these places of storage leads away from the blocks held back above `height`.

        So does every new block where the held ones have headers of their own, which name the block before.
        """
        linked = self._connection.execute(
            "SELECT 1 FROM chain_block WHERE block_index > ? AND hash IS NOT NULL", (height,)
        )
        if linked.fetchone() is not None:
            return True
        return any(self._connection.execute(_CHANGES, (*place, height)).fetchone() is not None for place in places)

    def _restore(self, rows: Iterable[tuple[int, bytes, bytes | None]]) -> None:
        """Writes earlier values, in order; None where there was none."""
        for contract_id, key, value in rows:
            if value is None:
                self._connection.execute(_DELETE, (contract_id, key))
            else:
                self._connection.execute(_PUT, (contract_id, key, value))

"""Contract storage: as it is now, as a block is changing it, and as it was after an earlier block."""

import sqlite3

_NOW = "SELECT value FROM chain_storage WHERE contract_id = ? AND key = ?"
_OVERWRITTEN_LATER = """
    SELECT value FROM chain_undo WHERE contract_id = ? AND key = ? AND block_index > ? ORDER BY block_index LIMIT 1
"""


class BlockStorage:
    """The storage that a block's executions read and write.

    Writes stay here until `flush`, which stores them with what they overwrote, so that the block can be undone.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._before: dict[tuple[int, bytes], bytes | None] = {}
        self._now: dict[tuple[int, bytes], bytes | None] = {}

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        place = (contract_id, key)
        if place in self._now:
            return self._now[place]
        row = self._connection.execute(_NOW, place).fetchone()
        value = None if row is None else row[0]
        self._before[place] = self._now[place] = value
        return value

    def put(self, contract_id: int, key: bytes, value: bytes) -> None:
        self.get(contract_id, key)
        self._now[contract_id, key] = value

    def delete(self, contract_id: int, key: bytes) -> None:
        self.get(contract_id, key)
        self._now[contract_id, key] = None

    def flush(self, block_index: int) -> None:
        """Writes the changes of a block, inside its transaction."""
        changed = [(place, before) for place, before in self._before.items() if self._now[place] != before]
        self._connection.executemany(
            "INSERT INTO chain_undo (contract_id, key, block_index, value) VALUES (?, ?, ?, ?)",
            [(contract_id, key, block_index, before) for (contract_id, key), before in changed],
        )
        writes = [(*place, value) for place, _ in changed if (value := self._now[place]) is not None]
        self._connection.executemany(
            "INSERT OR REPLACE INTO chain_storage (contract_id, key, value) VALUES (?, ?, ?)", writes
        )
        self._connection.executemany(
            "DELETE FROM chain_storage WHERE contract_id = ? AND key = ?",
            [place for place, _ in changed if self._now[place] is None],
        )


class StorageAt:
    """Storage as it stood after a block, read-only: the present one, less what later blocks overwrote."""

    def __init__(self, connection: sqlite3.Connection, block_index: int) -> None:
        self._connection = connection
        self._block_index = block_index

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        row = self._connection.execute(_OVERWRITTEN_LATER, (contract_id, key, self._block_index)).fetchone()
        if row is None:
            row = self._connection.execute(_NOW, (contract_id, key)).fetchone()
        return None if row is None else row[0]

    def put(self, contract_id: int, key: bytes, value: bytes) -> None:
        raise TypeError("the past cannot be written to")

    def delete(self, contract_id: int, key: bytes) -> None:
        raise TypeError("the past cannot be written to")

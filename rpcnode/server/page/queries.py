"""What the page reads of the chain's tables: a bounded number of rows each time."""

import sqlite3
from typing import Final, NamedTuple

from rpcnode.chain.db.execution_rows import log_length
from rpcnode.primitives.uint import UInt160, UInt256

_NEWEST: Final = """
    SELECT hash, block_index FROM chain_transaction WHERE block_index <= ?
    ORDER BY block_index DESC, position DESC LIMIT ?
"""
_OF_BLOCK: Final = """
    SELECT hash, block_index FROM chain_transaction WHERE block_index = ? AND position >= ? ORDER BY position LIMIT ?
"""
_COUNTS: Final = """
    SELECT block_index, count(*) FROM chain_transaction WHERE block_index BETWEEN ? AND ? GROUP BY block_index
"""
_NAMES: Final = "SELECT script_hash, name FROM chain_account ORDER BY name DESC LIMIT ?"
_NAMED: Final = "SELECT script_hash FROM chain_account WHERE name = ?"
_HOLDINGS: Final = """
    SELECT account, asset, amount FROM token_balance WHERE (account, asset) > (?, ?) ORDER BY account, asset LIMIT ?
"""
_MOST_NAMES: Final = 20_000
_LOOKED_THROUGH: Final = 5_000
"""Rows of balances that are looked through for holders of a token at a time."""


class Found(NamedTuple):
    """A transaction and its block."""

    hash: UInt256
    block_index: int


class Holders(NamedTuple):
    """Some who hold a token, and the row after which to look further, None where none follow."""

    amounts: list[tuple[UInt160, int]]
    next_after: bytes | None


class PageQueries:
    """Asks one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names: tuple[int, dict[bytes, str]] | None = None

    def newest_transactions(self, height: int, limit: int) -> list[Found]:
        """Those of blocks up to a height, the newest first."""
        return [Found(UInt256(row[0]), row[1]) for row in self._connection.execute(_NEWEST, (height, limit))]

    def transactions_of(self, block_index: int, offset: int, limit: int) -> list[Found]:
        """A page of a block's transactions, in order."""
        rows = self._connection.execute(_OF_BLOCK, (block_index, offset, limit))
        return [Found(UInt256(row[0]), row[1]) for row in rows]

    def transaction_counts(self, first: int, last: int) -> dict[int, int]:
        """How many transactions blocks hold; those with none are not in it."""
        return dict(self._connection.execute(_COUNTS, (first, last)).fetchall())

    def log_size(self, block_index: int, container: UInt256 | None) -> int:
        """The characters of what a transaction left, or the block itself: stack and events."""
        return log_length(self._connection, block_index, container)

    def account_names(self) -> dict[bytes, str]:
        """The names of accounts by script hash: of two, the first of the alphabet."""
        changes = self._connection.total_changes
        if self._names is None or self._names[0] != changes:
            self._names = changes, dict(self._connection.execute(_NAMES, (_MOST_NAMES,)).fetchall())
        return self._names[1]

    def account_named(self, name: str) -> UInt160 | None:
        """The account with a name."""
        row = self._connection.execute(_NAMED, (name,)).fetchone()
        return None if row is None else UInt160(row[0])

    def holders(self, asset: UInt160, after: bytes = b"") -> Holders:
        """Who holds a token, of those rows that come after one: account and asset, as they are stored."""
        size = UInt160.SIZE
        rows = self._connection.execute(_HOLDINGS, (after[:size], after[size:], _LOOKED_THROUGH)).fetchall()
        amounts = [(UInt160(row[0]), int(row[2])) for row in rows if row[1] == asset and row[2] != "0"]
        last = rows[-1][0] + rows[-1][1] if len(rows) == _LOOKED_THROUGH else None
        return Holders(sorted(amounts, key=lambda held: -held[1]), last)

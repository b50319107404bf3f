"""The tracker's SQL, and its rows as records."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rpcnode.plugin import UInt160, UInt256

_MAX_SQLITE_INTEGER = 2**63 - 1

_BALANCES_OF = """
    SELECT asset, amount, last_updated_block FROM nep5_balance
    WHERE account = ? AND amount <> '0' ORDER BY asset
"""
_SET_BALANCE = """
    INSERT OR REPLACE INTO nep5_balance (account, asset, amount, last_updated_block) VALUES (?, ?, ?, ?)
"""
_TRANSFERS_OF = """
    SELECT timestamp, asset, counterparty, amount, block_index, notify_key, transaction_hash FROM nep5_transfer
    WHERE account = ? AND is_received = ? AND timestamp >= ? AND timestamp < ?
    ORDER BY timestamp, asset, notify_key, block_index LIMIT ?
"""
_ADD_TRANSFER = """
    INSERT OR REPLACE INTO nep5_transfer
        (account, is_received, timestamp, asset, notify_key, counterparty, block_index, transaction_hash, amount)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds of an asset, and the block in which a transfer last touched it."""

    asset: UInt160
    amount: str
    last_updated_block: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """One side of a movement. `counterparty` is the zero hash for a mint or burn."""

    timestamp: int
    asset: UInt160
    counterparty: UInt160
    amount: str
    block_index: int
    notify_index: int
    transaction_hash: UInt256


def balances_of(db: sqlite3.Connection, account: UInt160) -> Iterator[Balance]:
    """The holdings of an account that are not zero, by the asset's storage bytes."""
    for asset, amount, last_updated_block in db.execute(_BALANCES_OF, (account,)):
        yield Balance(UInt160(asset), amount, last_updated_block)


def set_balances(db: sqlite3.Connection, rows: Iterable[tuple[UInt160, UInt160, str, int]]) -> None:
    """Writes (account, asset, amount, block index) rows over what stood there."""
    db.executemany(_SET_BALANCE, rows)


def transfers_of(
    db: sqlite3.Connection, account: UInt160, *, is_received: bool, start: int, end: int, limit: int
) -> Iterator[Transfer]:
    """The oldest `limit` transfers of an account from `start` up to, not including, `end`, in the node's key order."""
    window = (min(start, _MAX_SQLITE_INTEGER), min(end, _MAX_SQLITE_INTEGER))
    for timestamp, asset, counterparty, amount, block_index, notify_key, transaction_hash in db.execute(
        _TRANSFERS_OF, (account, is_received, *window, limit)
    ):
        yield Transfer(
            timestamp,
            UInt160(asset),
            UInt160(counterparty),
            amount,
            block_index,
            int.from_bytes(notify_key, "little"),
            UInt256(transaction_hash),
        )


def add_transfers(
    db: sqlite3.Connection, rows: Iterable[tuple[UInt160, bool, int, UInt160, bytes, UInt160, int, UInt256, str]]
) -> None:
    """Writes history rows, in the order of the table's columns."""
    db.executemany(_ADD_TRANSFER, rows)


def clear(db: sqlite3.Connection) -> None:
    """Empties the tracker's tables."""
    db.execute("DELETE FROM nep5_balance")
    db.execute("DELETE FROM nep5_transfer")

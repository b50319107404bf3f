"""The tracker's SQL for balances, and its rows as records."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rpcnode.plugin import UInt160

_BALANCES_OF = """
    SELECT asset, amount, last_updated_block FROM nep5_balance
    WHERE account = ? AND amount <> '0' ORDER BY asset
"""
_SET_BALANCE = """
    INSERT OR REPLACE INTO nep5_balance (account, asset, amount, last_updated_block) VALUES (?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds of an asset, and the block in which a transfer last touched it."""

    asset: UInt160
    amount: str
    last_updated_block: int


def balances_of(db: sqlite3.Connection, account: UInt160) -> Iterator[Balance]:
    """The holdings of an account that are not zero, by the asset's storage bytes."""
    for asset, amount, last_updated_block in db.execute(_BALANCES_OF, (account,)):
        yield Balance(UInt160(asset), amount, last_updated_block)


def set_balances(db: sqlite3.Connection, rows: Iterable[tuple[UInt160, UInt160, str, int]]) -> None:
    """Writes (account, asset, amount, block index) rows over what stood there."""
    db.executemany(_SET_BALANCE, rows)


def clear(db: sqlite3.Connection) -> None:
    """Empties the table of balances."""
    db.execute("DELETE FROM nep5_balance")

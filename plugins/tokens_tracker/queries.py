"""The SQL of NEP-11 balances, and its rows as records."""

import sqlite3
from collections.abc import Iterable, Iterator

from rpcnode.plugin import UInt160
from rpcnode.plugin.transfer_history import token_key
from rpcnode.primitives.records import dataclass

_NEP11_BALANCES_OF = """
    SELECT asset, token_id, amount, last_updated_block FROM tokens_nep11_balance
    WHERE account = ? AND is_listed ORDER BY asset, token_key
"""
_SET_NEP11_BALANCE = """
    INSERT OR REPLACE INTO tokens_nep11_balance
        (account, asset, token_key, token_id, amount, last_updated_block, is_listed)
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class Nep11Balance:
    """What an account holds of a token.

    `is_listed`: whether the node has the row, which it drops for indivisible tokens.
    """

    account: UInt160
    asset: UInt160
    token_id: bytes
    amount: str
    last_updated_block: int
    is_listed: bool = True


def nep11_balances_of(db: sqlite3.Connection, account: UInt160) -> Iterator[Nep11Balance]:
    """The tokens of an account, by the asset's storage bytes, then by length and bytes of the token id."""
    for asset, token_id, amount, last_updated_block in db.execute(_NEP11_BALANCES_OF, (account,)):
        yield Nep11Balance(account, UInt160(asset), token_id, amount, last_updated_block)


def set_nep11_balances(db: sqlite3.Connection, balances: Iterable[Nep11Balance]) -> None:
    """Writes rows over what stood there, in order."""
    db.executemany(
        _SET_NEP11_BALANCE,
        [
            (
                balance.account,
                balance.asset,
                token_key(balance.token_id),
                balance.token_id,
                balance.amount,
                balance.last_updated_block,
                balance.is_listed,
            )
            for balance in balances
        ],
    )


def clear(db: sqlite3.Connection) -> None:
    """Empties the table of balances."""
    db.execute("DELETE FROM tokens_nep11_balance")

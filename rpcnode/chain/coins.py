"""Coins of Neo 2: the outputs of its transactions, who spent and claimed them, and the system fees of its blocks.

Rows are written with their block. A row says at which block it came, was spent and was claimed, so what stands at a
height is a matter of comparison, and blocks that are held back above the height need no exchange.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from rpcnode.chain.format.layout import CoinLayout, CoinMoves
from rpcnode.payloads.neo2.coins import NEO_ASSET, ONE, CoinReference, TransactionOutput
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160, UInt256

_COLUMNS: Final = "transaction_hash, position, asset, value, account, block_index, spent_at, claimed_at"
_IS_UNSPENT: Final = "block_index <= :height AND (spent_at IS NULL OR spent_at > :height)"

_ADD: Final = """
    INSERT INTO chain_coin (transaction_hash, position, asset, value, account, block_index) VALUES (?, ?, ?, ?, ?, ?)
"""
_SPEND: Final = """
    UPDATE chain_coin SET spent_at = ?, spent_by = ?, spent_position = ? WHERE transaction_hash = ? AND position = ?
"""
_CLAIM: Final = "UPDATE chain_coin SET claimed_at = ? WHERE transaction_hash = ? AND position = ?"
_ADD_FEE: Final = "INSERT INTO chain_system_fee (block_index, fee) VALUES (?, ?)"
_FEES: Final = "SELECT coalesce(sum(fee), 0) FROM chain_system_fee WHERE block_index <= ?"
_ONE: Final = f"SELECT {_COLUMNS} FROM chain_coin WHERE transaction_hash = ? AND position = ?"
_UNSPENT: Final = f"""
    SELECT {_COLUMNS} FROM chain_coin WHERE account = :account AND {_IS_UNSPENT} ORDER BY transaction_hash, position
"""
_CLAIMABLE: Final = f"""
    SELECT {_COLUMNS} FROM chain_coin
    WHERE account = :account AND asset = :asset AND spent_at <= :height AND (claimed_at IS NULL OR claimed_at > :height)
    ORDER BY transaction_hash, position
"""
_KEPT: Final = f"""
    SELECT {_COLUMNS} FROM chain_coin
    WHERE account = :account AND block_index <= :height AND (claimed_at IS NULL OR claimed_at > :height)
    AND (asset = :neo OR spent_at IS NULL OR spent_at > :height) ORDER BY id
"""
_ALL_OF: Final = """
    SELECT asset, value, block_index, spent_at, id FROM chain_coin WHERE account = ? AND block_index <= ? ORDER BY id
"""
_RECEIVED: Final = """
    SELECT block_index, transaction_hash, value FROM chain_coin
    WHERE account = ? AND asset = ? AND block_index BETWEEN ? AND ? ORDER BY block_index, transaction_hash, position
    LIMIT ?
"""
_SENT: Final = """
    SELECT spent_at, spent_by, value FROM chain_coin
    WHERE account = ? AND asset = ? AND spent_at BETWEEN ? AND ? ORDER BY spent_at, spent_by, spent_position
    LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Coin:
    """An output: `value` in units of 10^-8. `spent_at` is the block that spent it, at whatever height."""

    transaction_hash: UInt256
    position: int
    asset: UInt256
    value: int
    account: UInt160
    block_index: int
    spent_at: int | None
    claimed_at: int | None


@dataclass(frozen=True, slots=True)
class CoinMovement:
    """What one input or output moved."""

    block_index: int
    transaction_hash: UInt256
    value: int


class Coins(Mapping[CoinReference, TransactionOutput]):
    """The coins of one chain; as a mapping, every output there ever was by its reference."""

    def __init__(self, connection: sqlite3.Connection, layout: CoinLayout) -> None:
        """Coins as `layout` writes them; they are the outputs behind its inputs from now on."""
        self._connection = connection
        self.layout = layout
        layout.coins = self

    def __getitem__(self, reference: CoinReference) -> TransactionOutput:
        coin = self.coin(reference)
        if coin is None:
            raise KeyError(reference)
        return TransactionOutput(coin.asset, coin.value, coin.account)

    def __iter__(self) -> Iterator[CoinReference]:
        for transaction_hash, position in self._connection.execute("SELECT transaction_hash, position FROM chain_coin"):
            yield CoinReference(UInt256(transaction_hash), position)

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM chain_coin").fetchone()[0])

    def add(self, block_index: int, transactions: Iterable[CoinMoves]) -> None:
        """Stores what the transactions of a block did to coins, in order; inside the block's transaction."""
        execute = self._connection.executemany
        fee = 0
        for moves in transactions:
            execute(
                _ADD,
                [
                    (moves.transaction_hash, position, output.asset, output.value, output.account, block_index)
                    for position, output in enumerate(moves.outputs)
                ],
            )
            execute(
                _SPEND,
                [
                    (block_index, moves.transaction_hash, position, coin.transaction_hash, coin.output_index)
                    for position, coin in enumerate(moves.inputs)
                ],
            )
            execute(_CLAIM, [(block_index, coin.transaction_hash, coin.output_index) for coin in moves.claims])
            fee += moves.system_fee
        # A block's fees count in whole GAS. Source: neo 2.12, Neo: Ledger/Blockchain.Persist.
        if fee >= ONE:
            self._connection.execute(_ADD_FEE, (block_index, fee // ONE))

    def coin(self, reference: CoinReference) -> Coin | None:
        """An output there ever was, by its reference."""
        row = self._connection.execute(_ONE, (reference.transaction_hash, reference.output_index)).fetchone()
        return None if row is None else _coin(row)

    def unspent(self, reference: CoinReference, height: int) -> Coin | None:
        """A coin that nobody has spent by a height."""
        coin = self.coin(reference)
        if coin is None or coin.block_index > height or (coin.spent_at is not None and coin.spent_at <= height):
            return None
        return coin

    def unspent_of(self, account: UInt160, height: int) -> list[Coin]:
        """What an account can spend at a height, by the transaction's hash in storage order, then position."""
        return [*map(_coin, self._connection.execute(_UNSPENT, {"account": account, "height": height}))]

    def kept_of(self, account: UInt160, height: int) -> list[Coin]:
        """What a wallet knows of an account at a height, as it came: what is unspent, and NEO that nobody claimed."""
        found = self._connection.execute(_KEPT, {"account": account, "height": height, "neo": NEO_ASSET})
        return [*map(_coin, found)]

    def claimable_of(self, account: UInt160, asset: UInt256, height: int) -> list[Coin]:
        """The spent coins whose earnings nobody has claimed by a height, in the same order."""
        found = self._connection.execute(_CLAIMABLE, {"account": account, "asset": asset, "height": height})
        return [*map(_coin, found)]

    def movements(
        self, account: UInt160, asset: UInt256, first: int, last: int, limit: int, *, is_received: bool
    ) -> Iterator[CoinMovement]:
        """What an account sent or received in blocks `first` to `last`, the oldest `limit`; in a block by hash."""
        rows = self._connection.execute(_RECEIVED if is_received else _SENT, (account, asset, first, last, limit))
        for block_index, transaction_hash, value in rows:
            yield CoinMovement(block_index, UInt256(transaction_hash), value)

    def system_fees(self, block_index: int) -> int:
        """The system fees of all blocks up to one, in whole GAS."""
        return int(self._connection.execute(_FEES, (block_index,)).fetchone()[0])

    def holdings_of(self, account: UInt160, height: int) -> dict[UInt256, int]:
        """What an account holds of each asset at a height, first of all what it has held for the longest."""
        changes: dict[UInt256, dict[int, int]] = {}
        order: dict[tuple[UInt256, int], int] = {}
        for asset, value, came_at, spent_at, row_id in self._connection.execute(_ALL_OF, (account, height)):
            of_asset = changes.setdefault(UInt256(asset), {})
            of_asset[came_at] = of_asset.get(came_at, 0) + value
            order.setdefault((UInt256(asset), came_at), row_id)
            if spent_at is not None and spent_at <= height:
                of_asset[spent_at] = of_asset.get(spent_at, 0) - value
        held: list[tuple[int, int, UInt256, int]] = []
        for asset_id, of_asset in changes.items():
            total = since = 0
            for block_index, change in sorted(of_asset.items()):
                since = block_index if total == 0 else since
                total += change
            if total:
                held.append((since, order.get((asset_id, since), 0), asset_id, total))
        return {asset_id: total for _, _, asset_id, total in sorted(held)}


def _coin(row: tuple[bytes, int, bytes, int, bytes, int, int | None, int | None]) -> Coin:
    transaction_hash, position, asset, value, account, block_index, spent_at, claimed_at = row
    return Coin(
        UInt256(transaction_hash),
        position,
        UInt256(asset),
        value,
        UInt160(account),
        block_index,
        spent_at,
        claimed_at,
    )

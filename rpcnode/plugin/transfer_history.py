"""Tables that trackers share: a history of transfers, in the order of the node's own database keys.

A transfer is stored once, in block order. What is kept per account is an index entry: account, direction, timestamp,
asset, then the tracker's own bytes, which is how the node's keys sort. So a block is written to few pages, and a query
costs what it returns.
"""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from rpcnode.chain.db.migrations import Migration
from rpcnode.primitives.uint import UInt160, UInt256

_MAX_SQLITE_INTEGER = 2**63 - 1
_TRANSFERS_PER_BLOCK = 1 << 20


class HistoryRow(NamedTuple):
    """One movement, as a notification told it. A side that is None minted or burned; `amount` is a decimal text."""

    timestamp: int
    asset: UInt160
    sender: UInt160 | None
    receiver: UInt160 | None
    amount: str
    block_index: int
    notify_index: int
    transaction_hash: UInt256
    token_id: bytes | None = None


class TransferHistory:
    """The history tables of one tracker, under its prefix.

    `notify_index_size`: bytes of the index in the node's keys.
    """

    def __init__(self, prefix: str, notify_index_size: int) -> None:
        self.prefix = prefix
        self._notify_index_size = notify_index_size
        self._notify_indexes = 1 << 8 * notify_index_size
        self._add = f"""
            INSERT INTO {prefix}_transfer
                (id, timestamp, asset, sender, receiver, amount, block_index, notify_index, transaction_hash, token_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
        self._add_entry = f"""
            INSERT INTO {prefix}_history (account, is_received, timestamp, asset, order_key, transfer_id)
            VALUES (?, ?, ?, ?, ?, ?)
        """
        self._of_account = f"""
            SELECT transfer.timestamp, transfer.asset, sender, receiver, amount, block_index, notify_index,
                   transaction_hash, token_id
            FROM {prefix}_history AS entry JOIN {prefix}_transfer AS transfer ON transfer.id = entry.transfer_id
            WHERE account = ? AND is_received = ? AND entry.timestamp >= ? AND entry.timestamp < ?
            ORDER BY entry.timestamp, entry.asset, entry.order_key, transfer_id LIMIT ?
        """

    def migration(self, name: str) -> Migration:
        """The step that makes the tables."""
        return Migration(
            name,
            (
                f"""CREATE TABLE {self.prefix}_transfer (
                    id INTEGER PRIMARY KEY, timestamp INTEGER NOT NULL, asset BLOB NOT NULL, sender BLOB, receiver BLOB,
                    amount TEXT NOT NULL, block_index INTEGER NOT NULL, notify_index INTEGER NOT NULL,
                    transaction_hash BLOB NOT NULL, token_id BLOB
                )""",
                f"""CREATE TABLE {self.prefix}_history (
                    account BLOB NOT NULL, is_received INTEGER NOT NULL, timestamp INTEGER NOT NULL,
                    asset BLOB NOT NULL, order_key BLOB NOT NULL, transfer_id INTEGER NOT NULL,
                    PRIMARY KEY (account, is_received, timestamp, asset, order_key, transfer_id)
                ) WITHOUT ROWID""",
            ),
        )

    def add(self, db: sqlite3.Connection, transfers: list[HistoryRow], *, with_null_address: bool = False) -> None:
        """Stores the transfers of a block. A null side has entries, under the zero hash, only `with_null_address`."""
        rows = []
        entries = []
        for transfer in transfers:
            transfer_id = transfer.block_index * _TRANSFERS_PER_BLOCK + transfer.notify_index
            order_key = (transfer.notify_index % self._notify_indexes).to_bytes(self._notify_index_size, "little")
            if transfer.token_id is not None:
                order_key += token_key(transfer.token_id)
            rows.append(
                (
                    transfer_id,
                    transfer.timestamp,
                    transfer.asset,
                    transfer.sender,
                    transfer.receiver,
                    transfer.amount,
                    transfer.block_index,
                    transfer.notify_index,
                    transfer.transaction_hash,
                    transfer.token_id,
                )
            )
            for is_received, side in ((0, transfer.sender), (1, transfer.receiver)):
                account = side or UInt160.ZERO
                if account != UInt160.ZERO or with_null_address:
                    entries.append((account, is_received, transfer.timestamp, transfer.asset, order_key, transfer_id))
        db.executemany(self._add, rows)
        entries.sort()
        db.executemany(self._add_entry, entries)

    def of_account(
        self, db: sqlite3.Connection, account: UInt160, *, is_received: bool, start: int, end: int, limit: int
    ) -> Iterator[HistoryRow]:
        """The oldest `limit` transfers of an account from `start` up to but not including `end`, in key order."""
        window = (min(start, _MAX_SQLITE_INTEGER), min(end, _MAX_SQLITE_INTEGER))
        for row in db.execute(self._of_account, (account, int(is_received), *window, limit)):
            timestamp, asset, sender, receiver, amount, block_index, notify_index, transaction_hash, token_id = row
            yield HistoryRow(
                timestamp,
                UInt160(asset),
                None if sender is None else UInt160(sender),
                None if receiver is None else UInt160(receiver),
                amount,
                block_index,
                notify_index % self._notify_indexes,
                UInt256(transaction_hash),
                token_id,
            )

    def clear(self, db: sqlite3.Connection) -> None:
        """Empties the tables."""
        db.execute(f"DELETE FROM {self.prefix}_transfer")
        db.execute(f"DELETE FROM {self.prefix}_history")


def token_key(token_id: bytes) -> bytes:
    """A token id as it stands in the node's keys: its length first, so shorter ids sort before longer ones."""
    size = len(token_id)
    return (bytes((size,)) if size < 0xFD else b"\xfd" + size.to_bytes(2, "little")) + token_id

"""Tables that trackers share: a history of transfers, in the order of the node's own database keys.

A transfer is stored once, in block order. What is kept per account is an index entry: account, direction, timestamp,
asset, then the tracker's own bytes, which is how the node's keys sort. So a block is written to few pages, and a query
costs what it returns. Both are packed: SQLite takes one value in a third of the time of five.
"""

import sqlite3
from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

from rpcnode.chain.db.migrations import Migration
from rpcnode.primitives.uint import UInt160, UInt256

_MAX_SQLITE_INTEGER = 2**63 - 1
_TRANSFERS_PER_BLOCK = 1 << 20
_SENT, _RECEIVED = b"\0", b"\1"
_TIME: Final = Struct(">Q")
_ID: Final = Struct(">Q")
_TIME_AT: Final = UInt160.SIZE + 1  # in an entry, behind account and direction
_DETAILS: Final = Struct("20s20s20s32s")  # asset, sender, receiver, the transaction's hash; a null side is zero


class HistoryRow(NamedTuple):
    """One movement, as a notification told it.

    A side that is None minted or burned, and so is one that is the zero hash; `amount` is a decimal text.
    """

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
        self._add = f"INSERT INTO {prefix}_transfer (id, amount, details, token_id) VALUES (?, ?, ?, ?)"
        self._add_entry = f"INSERT INTO {prefix}_history (entry, transfer_id) VALUES (?, ?)"
        self._of_account = f"""
            SELECT entry, transfer_id, amount, details, token_id
            FROM {prefix}_history JOIN {prefix}_transfer AS transfer ON transfer.id = transfer_id
            WHERE entry >= ? AND entry < ? ORDER BY entry LIMIT ?
        """

    def migration(self, name: str) -> Migration:
        """The step that makes the tables."""
        return Migration(
            name,
            (
                f"""CREATE TABLE {self.prefix}_transfer (
                    id INTEGER PRIMARY KEY, amount TEXT NOT NULL, details BLOB NOT NULL, token_id BLOB
                )""",
                f"""CREATE TABLE {self.prefix}_history (
                    entry BLOB PRIMARY KEY, transfer_id INTEGER NOT NULL
                ) WITHOUT ROWID""",
            ),
        )

    def add(self, db: sqlite3.Connection, transfers: list[HistoryRow], *, with_null_address: bool = False) -> None:
        """Stores the transfers of a block. A null side has entries, under the zero hash, only `with_null_address`."""
        rows = []
        entries = []
        zero, size, indexes = UInt160.ZERO, self._notify_index_size, self._notify_indexes
        for timestamp, asset, from_, to, amount, block_index, notify_index, transaction_hash, token_id in transfers:
            sender, receiver = from_ or zero, to or zero
            transfer_id = block_index * _TRANSFERS_PER_BLOCK + notify_index
            # SQLite's module for Python takes a bytearray at once, and asks around what to make of bytes.
            rows.append((transfer_id, amount, bytearray().join((asset, sender, receiver, transaction_hash)), token_id))
            token = b"" if token_id is None else token_key(token_id)
            index = (notify_index % indexes).to_bytes(size, "little")
            ending = b"".join((_TIME.pack(timestamp), asset, index, token, _ID.pack(transfer_id)))
            if with_null_address or sender != zero:
                entries.append((bytearray().join((sender, _SENT, ending)), transfer_id))
            if with_null_address or receiver != zero:
                entries.append((bytearray().join((receiver, _RECEIVED, ending)), transfer_id))
        db.executemany(self._add, rows)
        entries.sort()
        db.executemany(self._add_entry, entries)

    def of_account(
        self, db: sqlite3.Connection, account: UInt160, *, is_received: bool, start: int, end: int, limit: int
    ) -> Iterator[HistoryRow]:
        """The oldest `limit` transfers of an account from `start` up to but not including `end`, in key order."""
        first = account + (_RECEIVED if is_received else _SENT)
        window = [first + _TIME.pack(min(time, _MAX_SQLITE_INTEGER)) for time in (start, end)]
        for entry, transfer_id, amount, details, token_id in db.execute(self._of_account, (*window, limit)):
            asset, sender, receiver, transaction_hash = _DETAILS.unpack(details)
            block_index, notify_index = divmod(transfer_id, _TRANSFERS_PER_BLOCK)
            yield HistoryRow(
                _TIME.unpack_from(entry, _TIME_AT)[0],
                UInt160(asset),
                _side(sender),
                _side(receiver),
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


def _side(stored: bytes) -> UInt160 | None:
    return UInt160(stored) if any(stored) else None


def token_key(token_id: bytes) -> bytes:
    """A token id as it stands in the node's keys: its length first, so shorter ids sort before longer ones."""
    size = len(token_id)
    return (bytes((size,)) if size < 0xFD else b"\xfd" + size.to_bytes(2, "little")) + token_id

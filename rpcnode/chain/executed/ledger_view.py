"""The chain as scripts see it: blocks and transactions up to one block."""

from collections.abc import Callable
from functools import cached_property
from sqlite3 import Connection
from typing import Final, Protocol

from rpcnode.chain.executed.older_blocks import OlderBlocks
from rpcnode.payloads.header import Header
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt256

_HASHES: Final = "SELECT hash FROM chain_transaction WHERE block_index = ? ORDER BY position"
_FIRST: Final = "SELECT min(block_index) FROM chain_block"
_TRANSACTION: Final = "SELECT block_index, unsigned FROM chain_transaction WHERE hash = ? AND block_index <= ?"


class Hashes(Protocol):
    """The headers of a chain."""

    def hash_of(self, block_index: int) -> UInt256:
        """The hash of the block at an index."""

    def index_of(self, block_hash: UInt256, header_height: int) -> int | None:
        """The index of a block by its hash, up to a height; None where there is none."""

    def hashed_part_of(self, block_index: int) -> bytes:
        """The hashed part of a header."""

    def timestamp_ms(self, block_index: int) -> int:
        """The time of the block at an index."""


class ChainView:
    """A LedgerView of a chain of N3 as it was after a block; headers and transactions come without their witnesses.

    It stays what it is while blocks are added to the chain. `standing` raises after a rewind below that block.
    Of blocks below the first that is stored, where a chain begins above genesis, LedgerContract's rows tell, if they
    are there; `current_hash` is for one of them, of which the next block tells.
    """

    def __init__(
        self,
        connection: Connection,
        headers: Hashes,
        block_index: int,
        current_hash: UInt256 | None = None,
        standing: Callable[[], object] = lambda: None,
    ) -> None:
        self._connection: Final = connection
        self._headers: Final = headers
        self._index: Final = block_index
        self._current_hash: Final = current_hash
        self._standing: Final = standing

    @property
    def current_index(self) -> int:
        """The newest block that is done."""
        return self._index

    @cached_property
    def current_hash(self) -> UInt256:
        """Its hash."""
        self._standing()
        return self._headers.hash_of(self._index) if self._current_hash is None else self._current_hash

    def hash_of(self, block_index: int) -> UInt256 | None:
        """The hash of a block; None above the newest."""
        if block_index == self._index >= 0:
            return self.current_hash
        self._standing()
        if block_index > self._index:
            return None
        return self._headers.hash_of(block_index) if block_index >= self._first else self._older.hash_of(block_index)

    def index_of(self, block_hash: UInt256) -> int | None:
        """The index of a block; None for a hash that is no block's."""
        self._standing()
        found = self._headers.index_of(block_hash, self._index)
        return self._older.index_of(block_hash) if found is None and self._first else found

    def header(self, block_index: int) -> Header | None:
        """A block's header; None above the newest."""
        self._standing()
        if block_index > self._index:
            return None
        if block_index < self._first:
            return self._older.header(block_index)
        return Header.parse_unsigned(self._headers.hashed_part_of(block_index))

    def transaction_hashes(self, block_index: int) -> tuple[UInt256, ...]:
        """The hashes of a block's transactions, in order."""
        self._standing()
        if block_index < self._first:
            return self._older.transaction_hashes(block_index)
        return tuple(UInt256(row[0]) for row in self._connection.execute(_HASHES, (block_index,)))

    def transaction(self, transaction_hash: UInt256) -> tuple[int, Transaction] | None:
        """A transaction with the index of its block; None for one that is not on the chain."""
        self._standing()
        row = self._connection.execute(_TRANSACTION, (transaction_hash, self._index)).fetchone()
        if row is None:
            return self._older.transaction(transaction_hash) if self._first else None
        return int(row[0]), Transaction.parse_unsigned(row[1])

    @cached_property
    def _older(self) -> OlderBlocks:
        return OlderBlocks(self._connection)

    @cached_property
    def _first(self) -> int:
        (first,) = self._connection.execute(_FIRST).fetchone()
        return self._index + 1 if first is None else int(first)

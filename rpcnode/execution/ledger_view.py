"""What execution reads of the chain below it: blocks and transactions, which LedgerContract answers from."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from rpcnode.payloads.header import Header
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160, UInt256


class LedgerView(Protocol):
    """The blocks up to the newest one that is done, as they were at one moment."""

    @property
    def current_index(self) -> int:
        """The newest block that is done."""

    @property
    def current_hash(self) -> UInt256:
        """Its hash."""

    def hash_of(self, block_index: int) -> UInt256 | None:
        """The hash of a block; None above the newest."""

    def index_of(self, block_hash: UInt256) -> int | None:
        """The index of a block; None for a hash that is no block's."""

    def header(self, block_index: int) -> Header | None:
        """A block's header; None above the newest."""

    def transaction_hashes(self, block_index: int) -> tuple[UInt256, ...]:
        """The hashes of a block's transactions, in order."""

    def transaction(self, transaction_hash: UInt256) -> tuple[int, Transaction] | None:
        """A transaction with the index of its block; None for one that is not on the chain."""


class ListedLedger(LedgerView, Protocol):
    """A ledger that also knows its conflicts, and whose hashes can be listed.

    Lists are in the order of the hashes' bytes, and have those only that begin with `prefix`.
    """

    def conflicts(self, transaction_hash: UInt256) -> Mapping[UInt160, int]:
        """Who signed transactions that name a hash in a Conflicts attribute, with the index of the newest such block.

        Whether there is a transaction with that hash as well makes no difference.
        """

    def block_hashes(self, prefix: bytes) -> Iterator[UInt256]:
        """The hashes of all blocks."""

    def all_transaction_hashes(self, prefix: bytes) -> Iterator[UInt256]:
        """The hashes of all transactions."""

    def conflicting_hashes(self, prefix: bytes) -> Iterator[UInt256]:
        """The hashes that Conflicts attributes name, each once."""

"""The chain in the store, as LedgerContract and its rows see it. For N3: its headers and transactions are."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from rpcnode.chain.db.storage import key_after
from rpcnode.chain.ledger import Ledger
from rpcnode.primitives.uint import UInt160, UInt256

if TYPE_CHECKING:
    from rpcnode.payloads.header import Header
    from rpcnode.payloads.transaction import Transaction

_HASHES_OF_BLOCK = "SELECT hash FROM chain_transaction WHERE block_index = ? ORDER BY position"
_HASHES_FROM = "SELECT hash FROM chain_transaction WHERE hash >= ? AND block_index <= ? ORDER BY hash"
_HASHES_BETWEEN = "SELECT hash FROM chain_transaction WHERE hash >= ? AND hash < ? AND block_index <= ? ORDER BY hash"
_NAMING = """
    SELECT block_index, unsigned FROM chain_transaction
    WHERE block_index > ? AND block_index <= ? AND instr(unsigned, ?) > 0
    ORDER BY block_index, position
"""
_CONFLICTS_TYPE: Final = b"\x21"  # of the attribute, whose hash follows


class ChainLedger:
    """A ListedLedger of a chain up to its height, as it is whenever it is asked.

    Conflicts have no table of their own: whoever asks for them has all transactions searched. Hashes of empty blocks
    are worked out, so that listing those of a long chain takes time and memory.
    """

    __slots__ = ("_chain",)

    def __init__(self, chain: Ledger) -> None:
        self._chain: Final = chain

    @property
    def current_index(self) -> int:
        """The newest block; -1 before genesis."""
        return self._chain.height

    @property
    def current_hash(self) -> UInt256:
        """Its hash; zero before genesis."""
        return self.hash_of(self._chain.height) or UInt256.ZERO

    def hash_of(self, block_index: int) -> UInt256 | None:
        """The hash of a block."""
        return self._chain.block_hash(block_index) if self._has(block_index) else None

    def index_of(self, block_hash: UInt256) -> int | None:
        """The index of a block; headers above the height do not count."""
        block_index = self._chain.block_index(block_hash)
        return block_index if block_index is not None and self._has(block_index) else None

    def header(self, block_index: int) -> "Header | None":
        """A block's header, with its witness."""
        from rpcnode.payloads.header import Header  # loaded with the first question

        if not self._has(block_index):
            return None
        header = self._chain.header(block_index)
        assert isinstance(header, Header)
        return header

    def transaction_hashes(self, block_index: int) -> tuple[UInt256, ...]:
        """The hashes of a block's transactions, in order."""
        if not self._has(block_index):
            return ()
        rows = self._chain.store.connection.execute(_HASHES_OF_BLOCK, (block_index,))
        return tuple(UInt256(row[0]) for row in rows)

    def transaction(self, transaction_hash: UInt256) -> "tuple[int, Transaction] | None":
        """A transaction, with its witnesses, and the index of its block."""
        from rpcnode.payloads.transaction import Transaction

        found = self._chain.transaction(transaction_hash)
        if found is None:
            return None
        transaction, block_index = found
        assert isinstance(transaction, Transaction)
        return block_index, transaction

    def conflicts(self, transaction_hash: UInt256, after: int = -1) -> Mapping[UInt160, int]:
        """Who signed transactions that name a hash as a conflict, with the newest such block, of those `after` one."""
        signers: dict[UInt160, int] = {}
        for block_index, transaction in self._naming(transaction_hash, after):
            if transaction_hash in _conflicts_of(transaction):
                signers |= {signer.account: block_index for signer in transaction.signers}
        return signers

    def block_hashes(self, prefix: bytes) -> Iterator[UInt256]:
        """The hashes of all blocks, in the order of their bytes."""
        hashes = map(self._chain.block_hash, range(self._chain.base_height, self._chain.height + 1))
        return iter(sorted(found for found in hashes if found is not None and found.startswith(prefix)))

    def all_transaction_hashes(self, prefix: bytes) -> Iterator[UInt256]:
        """The hashes of all transactions, in the order of their bytes."""
        connection, height, end = self._chain.store.connection, self._chain.height, key_after(prefix)
        if end is None:
            rows = connection.execute(_HASHES_FROM, (prefix, height))
        else:
            rows = connection.execute(_HASHES_BETWEEN, (prefix, end, height))
        return (UInt256(row[0]) for row in rows)

    def conflicting_hashes(self, prefix: bytes) -> Iterator[UInt256]:
        """The hashes that are named as conflicts, in the order of their bytes."""
        named = {found for _, transaction in self._naming(prefix) for found in _conflicts_of(transaction)}
        return iter(sorted(found for found in named if found.startswith(prefix)))

    def _has(self, block_index: int) -> bool:
        return self._chain.base_height <= block_index <= self._chain.height

    def _naming(self, prefix: bytes, after: int = -1) -> "Iterator[tuple[int, Transaction]]":
        """Transactions of blocks after one that may name a hash that begins so, the oldest first, without witnesses.

        Those that do are among them.
        """
        from rpcnode.payloads.transaction import Transaction

        rows = self._chain.store.connection.execute(_NAMING, (after, self._chain.height, _CONFLICTS_TYPE + prefix))
        for block_index, unsigned in rows:
            yield block_index, Transaction.parse_unsigned(unsigned)


def _conflicts_of(transaction: "Transaction") -> list[UInt256]:
    from rpcnode.payloads.attribute import Conflicts

    return [attribute.hash for attribute in transaction.attributes if isinstance(attribute, Conflicts)]

"""A chain of blocks in memory, as LedgerContract and its rows see it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rpcnode.payloads.attribute import Conflicts
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160, UInt256


class BlockList:
    """A ListedLedger of blocks that follow each other from genesis on."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks: Final = blocks
        self._indexes: Final = {block.hash: block.index for block in blocks}
        self._transactions: Final[dict[UInt256, tuple[int, Transaction]]] = {}
        self._conflicts: Final[dict[UInt256, dict[UInt160, int]]] = {}
        for block in blocks:
            for transaction in block.transactions:
                self._transactions[transaction.hash] = block.index, transaction
                for attribute in transaction.attributes:
                    if isinstance(attribute, Conflicts):
                        accounts = self._conflicts.setdefault(attribute.hash, {})
                        accounts |= {signer.account: block.index for signer in transaction.signers}

    @property
    def current_index(self) -> int:
        return len(self._blocks) - 1

    @property
    def current_hash(self) -> UInt256:
        return self._blocks[-1].hash if self._blocks else UInt256.ZERO

    def header(self, block_index: int) -> Header | None:
        return self._blocks[block_index].header if 0 <= block_index < len(self._blocks) else None

    def hash_of(self, block_index: int) -> UInt256 | None:
        return self._blocks[block_index].hash if 0 <= block_index < len(self._blocks) else None

    def index_of(self, block_hash: UInt256) -> int | None:
        return self._indexes.get(block_hash)

    def transaction(self, transaction_hash: UInt256) -> tuple[int, Transaction] | None:
        return self._transactions.get(transaction_hash)

    def transaction_hashes(self, block_index: int) -> tuple[UInt256, ...]:
        if not 0 <= block_index < len(self._blocks):
            return ()
        return tuple(transaction.hash for transaction in self._blocks[block_index].transactions)

    def conflicts(self, transaction_hash: UInt256) -> Mapping[UInt160, int]:
        return self._conflicts.get(transaction_hash, {})

    def block_hashes(self, prefix: bytes) -> Iterator[UInt256]:
        return _beginning(self._indexes, prefix)

    def all_transaction_hashes(self, prefix: bytes) -> Iterator[UInt256]:
        return _beginning(self._transactions, prefix)

    def conflicting_hashes(self, prefix: bytes) -> Iterator[UInt256]:
        return _beginning(self._conflicts, prefix)


def _beginning(hashes: Iterable[UInt256], prefix: bytes) -> Iterator[UInt256]:
    return iter(sorted(one for one in hashes if one.startswith(prefix)))

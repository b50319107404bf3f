"""The blocks before the first of a chain that begins above genesis, as LedgerContract's rows tell of them.

They are there where the storage that the chain began with has them; no later block writes them.
"""

from sqlite3 import Connection
from typing import Final

from rpcnode.execution.serializers.binary import deserialize
from rpcnode.natives.ledger import LEDGER
from rpcnode.natives.ledger_rows import BLOCK_HASH_PREFIX, BLOCK_PREFIX, TRANSACTION_PREFIX
from rpcnode.payloads.header import Header
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.binary import BinaryReader
from rpcnode.primitives.uint import UInt256
from rpcnode.vm.items import Struct

_ROW: Final = "SELECT value FROM chain_storage WHERE contract_id = ? AND key = ?"
_INDEX_SIZE: Final = 4
_MEMBERS_OF_TRANSACTION: Final = 3
_MOST_TRANSACTIONS: Final = 0xFFFF


class OlderBlocks:
    """Blocks and transactions in LedgerContract's rows. Source: neo 3.10.2, SmartContract/Native/TrimmedBlock.cs."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    def hash_of(self, block_index: int) -> UInt256 | None:
        """The hash of a block."""
        if block_index < 0:
            return None
        row = self._row(BLOCK_HASH_PREFIX + block_index.to_bytes(_INDEX_SIZE, "big"))
        return None if row is None else UInt256(row)

    def index_of(self, block_hash: UInt256) -> int | None:
        """The index of a block."""
        found = self._block(block_hash)
        return None if found is None else found[0].index

    def header(self, block_index: int) -> Header | None:
        """A block's header."""
        block_hash = self.hash_of(block_index)
        found = None if block_hash is None else self._block(block_hash)
        return None if found is None else found[0]

    def transaction_hashes(self, block_index: int) -> tuple[UInt256, ...]:
        """The hashes of a block's transactions, in order."""
        block_hash = self.hash_of(block_index)
        found = None if block_hash is None else self._block(block_hash)
        return () if found is None else found[1]

    def transaction(self, transaction_hash: UInt256) -> tuple[int, Transaction] | None:
        """A transaction with the index of its block; the row of a hash that others only name has no transaction."""
        row = self._row(TRANSACTION_PREFIX + transaction_hash)
        state = None if row is None else deserialize(row)
        if not isinstance(state, Struct) or len(state.items) != _MEMBERS_OF_TRANSACTION:
            return None
        block_index, raw = state.items[:2]
        assert isinstance(block_index, int)
        assert isinstance(raw, bytes)
        return block_index, Transaction.parse(raw)

    def _block(self, block_hash: UInt256) -> tuple[Header, tuple[UInt256, ...]] | None:
        row = self._row(BLOCK_PREFIX + block_hash)
        if row is None:
            return None
        reader = BinaryReader(row)
        header = Header.read_from(reader)
        return header, tuple(reader.var_array(BinaryReader.uint256, _MOST_TRANSACTIONS))

    def _row(self, key: bytes) -> bytes | None:
        row = self._connection.execute(_ROW, (LEDGER.id, key)).fetchone()
        return None if row is None else bytes(row[0])

"""Headers and blocks of Neo 2.

Source: neo 2.12.0, Neo: Network/P2P/Payloads: BlockBase, Header, Block.
"""

from dataclasses import replace
from typing import Self

from rpcnode.payloads.merkle import merkle_root
from rpcnode.payloads.neo2.transaction import Neo2Hashed, Neo2Transaction, Neo2Witness
from rpcnode.payloads.neo2.transaction_data import MinerTransaction
from rpcnode.payloads.payload import Payload
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.address import address_of
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160, UInt256

MAX_TRANSACTIONS = 0xFFFF

NO_WITNESS = Neo2Witness()
"""Stands where nobody has signed yet."""


@dataclass(frozen=True, slots=True)
class Neo2Header(Neo2Hashed):
    """What a block's hash commits to. Its time is in seconds. `witness` is `NO_WITNESS` while nobody has signed."""

    previous_hash: UInt256
    merkle_root: UInt256
    timestamp_s: int
    index: int
    nonce: int
    next_consensus: UInt160
    witness: Witness = NO_WITNESS
    version: int = 0

    @property
    def size(self) -> int:
        """Bytes of the header by itself on the wire: with its witness and the byte that ends it."""
        return len(self.serialize())

    def with_witness(self, witness: Witness) -> Self:
        """The same header with that witness: the same hash and the same unsigned part."""
        return self._with_same_unsigned(replace(self, witness=witness))

    @classmethod
    def parse_unsigned(cls, data: bytes) -> Self:
        """The header, without a witness, whose unsigned part `data` is; raises FormatError."""
        reader = BinaryReader(data)
        header = cls._read_unsigned_from(reader)
        reader.expect_end()
        return header

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        """The header that stands by itself: 00 ends it, as if an empty list of transactions followed."""
        header = cls.read_in_block_from(reader)
        end = reader.u8()
        if end != 0:
            raise FormatError(f"a header by itself ends with 00, got {end:02x}")
        return header

    @classmethod
    def read_in_block_from(cls, reader: BinaryReader) -> Self:
        """The header that a block begins with; raises FormatError."""
        header = cls._read_unsigned_from(reader)
        count = reader.u8()
        if count != 1:
            raise FormatError(f"a header has one witness, got {count}")
        return header.with_witness(Neo2Witness.read_from(reader))

    @classmethod
    def _read_unsigned_from(cls, reader: BinaryReader) -> Self:
        version = reader.u32()
        return cls(
            previous_hash=reader.uint256(),
            merkle_root=reader.uint256(),
            timestamp_s=reader.u32(),
            index=reader.u32(),
            nonce=reader.u64(),
            next_consensus=reader.uint160(),
            version=version,
        )

    def write_unsigned_to(self, writer: BinaryWriter) -> None:
        writer.u32(self.version).write(self.previous_hash).write(self.merkle_root)
        writer.u32(self.timestamp_s).u32(self.index).u64(self.nonce).write(self.next_consensus)

    def write_in_block_to(self, writer: BinaryWriter) -> None:
        """Append the form that a block begins with."""
        writer.write(self.serialize_unsigned()).u8(1)
        self.witness.write_to(writer)

    def write_to(self, writer: BinaryWriter) -> None:
        self.write_in_block_to(writer)
        writer.u8(0)

    def to_json(self, address_version: int) -> dict[str, Json]:
        """As neo-cli 2.12 prints it, without confirmations and nextblockhash, which the ledger knows."""
        return {
            "hash": str(self.hash),
            "size": self.size,
            "version": self.version,
            "previousblockhash": str(self.previous_hash),
            "merkleroot": str(self.merkle_root),
            "time": self.timestamp_s,
            "index": self.index,
            "nonce": f"{self.nonce:016x}",
            "nextconsensus": address_of(self.next_consensus, address_version),
            "script": self.witness.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Neo2Block(Payload):
    """A header and its transactions, in order; the first, and no other, is a miner transaction.

    A parsed block's merkle root is that of its transactions; whoever makes one sees to that himself.
    """

    header: Neo2Header
    transactions: tuple[Neo2Transaction, ...]

    def __post_init__(self) -> None:
        miners = [isinstance(transaction.data, MinerTransaction) for transaction in self.transactions]
        if miners[:1] != [True] or any(miners[1:]):
            raise FormatError("a block's first transaction, and no other, is a miner transaction")

    @property
    def hash(self) -> UInt256:
        """The header's hash."""
        return self.header.hash

    @property
    def index(self) -> int:
        return self.header.index

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.serialize())

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        block = cls(
            Neo2Header.read_in_block_from(reader), reader.var_array(Neo2Transaction.read_from, MAX_TRANSACTIONS)
        )
        hashes = [transaction.hash for transaction in block.transactions]
        if len(set(hashes)) != len(hashes):
            raise FormatError("a block has each transaction once")
        root, named = merkle_root(hashes), block.header.merkle_root
        if root != named:
            raise FormatError(f"the header's merkle root is {named}, that of the transactions {root}")
        return block

    def write_to(self, writer: BinaryWriter) -> None:
        self.header.write_in_block_to(writer)
        writer.var_int(len(self.transactions)).array(self.transactions)

    def to_json(self, address_version: int) -> dict[str, Json]:
        """As neo-cli 2.12 prints it, without confirmations and nextblockhash, which the ledger appends.

        Raises FormatError where a transaction spends a coin: its network fee needs the ledger.
        """
        json = self.header.to_json(address_version)
        json["size"] = self.size
        json["tx"] = [transaction.to_json(address_version) for transaction in self.transactions]
        return json

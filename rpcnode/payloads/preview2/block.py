"""Headers and blocks of Neo 3.0.0-preview2: what the consensus added stands in the block, not in its header.

Source: neo 3.0.0-preview2, Neo: Network/P2P/Payloads: BlockBase, Header, Block, ConsensusData.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from rpcnode.payloads.merkle import merkle_root
from rpcnode.payloads.payload import Payload
from rpcnode.payloads.preview2.transaction import NetworkHashed, Preview2Transaction, Preview2Witness
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.address import address_of
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160, UInt256

MAX_CONTENTS = 0xFFFF  # of a block: the consensus data and the transactions
MAX_VALIDATORS = 1024

NO_WITNESS = Preview2Witness()
"""Stands where nobody has signed yet."""


@dataclass(frozen=True, slots=True)
class ConsensusData(Payload):
    """Who proposed the block, and a random number: the first leaf of the block's merkle tree."""

    primary_index: int
    nonce: int

    @property
    def hash(self) -> UInt256:
        """hash256 of the bytes; the network has no part in it."""
        return UInt256(hash256(self.serialize()))

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        return cls(reader.var_int(MAX_VALIDATORS - 1), reader.u64())

    def write_to(self, writer: BinaryWriter) -> None:
        writer.var_int(self.primary_index).u64(self.nonce)

    def to_json(self) -> dict[str, Json]:
        return {"primary": self.primary_index, "nonce": f"{self.nonce:016x}"}


@dataclass(frozen=True, slots=True)
class Preview2Header(NetworkHashed):
    """What a block's hash commits to. `witness` is `NO_WITNESS` while nobody has signed."""

    magic: int
    previous_hash: UInt256
    merkle_root: UInt256
    timestamp_ms: int
    index: int
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
    def parse(cls, data: bytes, magic: int) -> Self:
        """The header that stands by itself in `data`, of the network with that magic number; raises FormatError."""
        reader = BinaryReader(data)
        header = cls.read_in_block_from(reader, magic)
        end = reader.u8()
        if end != 0:
            raise FormatError(f"a header by itself ends with 00, got {end:02x}")
        reader.expect_end()
        return header

    @classmethod
    def parse_unsigned(cls, data: bytes, magic: int) -> Self:
        """The header, without a witness, whose unsigned part `data` is; raises FormatError."""
        reader = BinaryReader(data)
        header = cls._read_unsigned_from(reader, magic)
        reader.expect_end()
        return header

    @classmethod
    def read_in_block_from(cls, reader: BinaryReader, magic: int) -> Self:
        """The header that a block begins with; raises FormatError."""
        header = cls._read_unsigned_from(reader, magic)
        count = reader.var_int()
        if count != 1:
            raise FormatError(f"a header has one witness, got {count}")
        return header.with_witness(Preview2Witness.read_from(reader))

    @classmethod
    def _read_unsigned_from(cls, reader: BinaryReader, magic: int) -> Self:
        version = reader.u32()
        return cls(
            magic=magic,
            previous_hash=reader.uint256(),
            merkle_root=reader.uint256(),
            timestamp_ms=reader.u64(),
            index=reader.u32(),
            next_consensus=reader.uint160(),
            version=version,
        )

    def write_unsigned_to(self, writer: BinaryWriter) -> None:
        writer.u32(self.version).write(self.previous_hash).write(self.merkle_root)
        writer.u64(self.timestamp_ms).u32(self.index).write(self.next_consensus)

    def write_in_block_to(self, writer: BinaryWriter) -> None:
        """Append the form that a block begins with."""
        writer.write(self.serialize_unsigned()).var_int(1)
        self.witness.write_to(writer)

    def serialize(self) -> bytes:
        """The form of a header by itself: it ends with 00, as if an empty list of transactions followed."""
        writer = BinaryWriter()
        self.write_in_block_to(writer)
        return writer.u8(0).to_bytes()

    def to_json(self, address_version: int) -> dict[str, Json]:
        """As neo-cli 3.0.0-preview2 prints it, without confirmations and nextblockhash, which the ledger knows."""
        return {
            "hash": str(self.hash),
            "size": self.size,
            "version": self.version,
            "previousblockhash": str(self.previous_hash),
            "merkleroot": str(self.merkle_root),
            "time": self.timestamp_ms,
            "index": self.index,
            "nextconsensus": address_of(self.next_consensus, address_version),
            "witnesses": [self.witness.to_json()],
        }


@dataclass(frozen=True, slots=True)
class Preview2Block:
    """A header, what the consensus added, and the transactions, in order.

    A parsed block's merkle root is that of its contents; whoever makes one sees to that himself.
    """

    header: Preview2Header
    consensus_data: ConsensusData
    transactions: tuple[Preview2Transaction, ...]

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
    def parse(cls, data: bytes, magic: int) -> Self:
        """The block that `data` is, of the network with that magic number; raises FormatError."""
        reader = BinaryReader(data)
        block = cls.read_from(reader, magic)
        reader.expect_end()
        return block

    @classmethod
    def read_from(cls, reader: BinaryReader, magic: int) -> Self:
        """The block that begins where `reader` stands; raises FormatError, EndOfData when the bytes are too few."""
        header = Preview2Header.read_in_block_from(reader, magic)
        count = reader.var_int(MAX_CONTENTS)
        if count == 0:
            raise FormatError("a block has consensus data, got a header by itself")
        consensus_data = ConsensusData.read_from(reader)
        transactions = tuple(Preview2Transaction.read_from(reader, magic) for _ in range(count - 1))
        hashes = [transaction.hash for transaction in transactions]
        if len(set(hashes)) != len(hashes):
            raise FormatError("a block has each transaction once")
        root = block_merkle_root(consensus_data, hashes)
        if root != header.merkle_root:
            raise FormatError(f"the header's merkle root is {header.merkle_root}, that of the contents {root}")
        return cls(header, consensus_data, transactions)

    def serialize(self) -> bytes:
        """The binary form."""
        writer = BinaryWriter()
        self.header.write_in_block_to(writer)
        writer.var_int(len(self.transactions) + 1)
        self.consensus_data.write_to(writer)
        return writer.array(self.transactions).to_bytes()

    def to_json(self, address_version: int) -> dict[str, Json]:
        """As neo-cli 3.0.0-preview2 prints it, without confirmations and nextblockhash, which the ledger appends."""
        json = self.header.to_json(address_version)
        json["size"] = self.size
        json["consensus_data"] = self.consensus_data.to_json()
        json["tx"] = [transaction.to_json(address_version) for transaction in self.transactions]
        return json


def block_merkle_root(consensus_data: ConsensusData, transaction_hashes: Sequence[UInt256]) -> UInt256:
    """The merkle root of a block; an empty block's follows from its consensus data alone."""
    return merkle_root([consensus_data.hash, *transaction_hashes])

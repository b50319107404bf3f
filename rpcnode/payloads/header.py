"""Block headers of Neo N3."""

from dataclasses import replace
from typing import Self

from rpcnode.payloads.payload import Verifiable
from rpcnode.payloads.witness import NO_WITNESS, Witness
from rpcnode.primitives.address import address_of
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160, UInt256


@dataclass(frozen=True, slots=True)
class Header(Verifiable):
    """What a block's hash commits to. `witness` is `NO_WITNESS` while nobody has signed.

    Source: neo, Neo: Network/P2P/Payloads/Header.
    """

    previous_hash: UInt256
    merkle_root: UInt256
    timestamp_ms: int
    nonce: int
    index: int
    primary_index: int
    next_consensus: UInt160
    witness: Witness = NO_WITNESS
    version: int = 0

    def __post_init__(self) -> None:
        _check_version(self.version)

    @property
    def size(self) -> int:
        """Bytes of the header by itself on the wire, witness included."""
        return len(self.serialize())

    def with_witness(self, witness: Witness) -> Self:
        """The same header with that witness: the same hash and the same unsigned part."""
        return self._with_same_unsigned(replace(self, witness=witness))

    @classmethod
    def parse_unsigned(cls, data: bytes) -> Self:
        """The header, without a witness, whose unsigned part `data` is; raises FormatError."""
        reader = BinaryReader(data)
        header = cls.read_unsigned_from(reader)
        reader.expect_end()
        return header

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        header = cls.read_unsigned_from(reader)
        count = reader.var_int()
        if count != 1:
            raise FormatError(f"a header has one witness, got {count}")
        return header.with_witness(Witness.read_from(reader))

    @classmethod
    def read_unsigned_from(cls, reader: BinaryReader) -> Self:
        """The header that begins where the reader stands, without a witness; raises FormatError."""
        version = reader.u32()
        _check_version(version)
        return cls(
            previous_hash=reader.uint256(),
            merkle_root=reader.uint256(),
            timestamp_ms=reader.u64(),
            nonce=reader.u64(),
            index=reader.u32(),
            primary_index=reader.u8(),
            next_consensus=reader.uint160(),
            version=version,
        )

    def write_unsigned_to(self, writer: BinaryWriter) -> None:
        writer.u32(self.version).write(self.previous_hash).write(self.merkle_root)
        writer.u64(self.timestamp_ms).u64(self.nonce).u32(self.index).u8(self.primary_index)
        writer.write(self.next_consensus)

    def write_to(self, writer: BinaryWriter) -> None:
        writer.write(self.serialize_unsigned()).var_int(1)
        self.witness.write_to(writer)

    def to_json(self, address_version: int) -> dict[str, Json]:
        """As neo-cli 3.10 prints it, without confirmations and nextblockhash, which the ledger knows."""
        return {
            "hash": str(self.hash),
            "size": self.size,
            "version": self.version,
            "previousblockhash": str(self.previous_hash),
            "merkleroot": str(self.merkle_root),
            "time": self.timestamp_ms,
            "nonce": f"{self.nonce:016X}",
            "index": self.index,
            "primary": self.primary_index,
            "nextconsensus": address_of(self.next_consensus, address_version),
            "witnesses": [self.witness.to_json()],
        }


def _check_version(version: int) -> None:
    if version != 0:
        raise FormatError(f"`version`({version}) in Header must be 0")

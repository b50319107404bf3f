"""What nodes of Neo N3 send each other besides blocks and transactions."""

from dataclasses import dataclass, replace
from typing import Self

from rpcnode.payloads.payload import Verifiable
from rpcnode.payloads.witness import NO_WITNESS, Witness
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.uint import UInt160

_MOST_OF_CATEGORY = 32  # bytes


@dataclass(frozen=True, slots=True)
class ExtensiblePayload(Verifiable):
    """A message of one account, which may be passed on while the blocks of its span come.

    Source: neo, Neo: Network/P2P/Payloads/ExtensiblePayload.
    """

    category: str
    valid_block_start: int
    valid_block_end: int
    sender: UInt160
    data: bytes
    witness: Witness = NO_WITNESS

    def __post_init__(self) -> None:
        if self.valid_block_start >= self.valid_block_end:
            start, end = self.valid_block_start, self.valid_block_end
            raise FormatError(f"Invalid valid block range: {start} >= {end}.")

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        unsigned = cls.read_unsigned_from(reader)
        count = reader.u8()
        if count != 1:
            raise FormatError(f"Expected 1 witness, got {count}.")
        return unsigned._with_same_unsigned(replace(unsigned, witness=Witness.read_from(reader)))

    def write_unsigned_to(self, writer: BinaryWriter) -> None:
        writer.var_bytes(self.category.encode()).u32(self.valid_block_start).u32(self.valid_block_end)
        writer.write(self.sender).var_bytes(self.data)

    def write_to(self, writer: BinaryWriter) -> None:
        writer.write(self.serialize_unsigned()).u8(1)
        self.witness.write_to(writer)

    @classmethod
    def read_unsigned_from(cls, reader: BinaryReader) -> Self:
        """The message that begins where the reader stands, without a witness; raises FormatError."""
        return cls(
            reader.var_string(_MOST_OF_CATEGORY), reader.u32(), reader.u32(), reader.uint160(), reader.var_bytes()
        )

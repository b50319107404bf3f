"""What everything with wire bytes can do, and what everything that is signed can."""

from abc import ABC, abstractmethod
from typing import Self

from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.hashes import sha256
from rpcnode.primitives.uint import UInt256


class Payload(ABC):
    """An object with a binary form."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        """The object that begins where `reader` stands; raises FormatError, EndOfData when the bytes are too few."""

    @abstractmethod
    def write_to(self, writer: BinaryWriter) -> None:
        """Append the binary form."""

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The object that `data` is, all of it; raises FormatError, EndOfData when the bytes are too few."""
        reader = BinaryReader(data)
        payload = cls.read_from(reader)
        reader.expect_end()
        return payload

    def serialize(self) -> bytes:
        """The binary form."""
        writer = BinaryWriter()
        self.write_to(writer)
        return writer.to_bytes()


class Hashed(ABC):
    """An object whose hash is that of its unsigned part, so that witnesses may come later.

    Hash and unsigned part are computed once.
    """

    __slots__ = ("_hash", "_unsigned")

    _hash: UInt256
    _unsigned: bytes

    @abstractmethod
    def write_unsigned_to(self, writer: BinaryWriter) -> None:
        """Append the part that is hashed and signed."""

    @abstractmethod
    def _digest(self, unsigned: bytes) -> bytes:
        """The hash of an unsigned part: 32 bytes as they come."""

    def serialize_unsigned(self) -> bytes:
        """The part that is hashed and signed."""
        unsigned: bytes | None = getattr(self, "_unsigned", None)
        if unsigned is None:
            unsigned = self._written_unsigned()
            # The records are frozen; what follows from their fields may still be kept beside them.
            object.__setattr__(self, "_unsigned", unsigned)
        return unsigned

    def _written_unsigned(self) -> bytes:
        writer = BinaryWriter()
        self.write_unsigned_to(writer)
        return writer.to_bytes()

    @property
    def hash(self) -> UInt256:
        """The hash of the unsigned part; a form that was not the shortest when parsed does not count."""
        value: UInt256 | None = getattr(self, "_hash", None)
        if value is None:
            value = UInt256(self._digest(self.serialize_unsigned()))
            object.__setattr__(self, "_hash", value)
        return value

    @property
    def was_hashed(self) -> bool:
        """Whether the hash was asked for."""
        return hasattr(self, "_hash")

    def _with_same_unsigned(self, other: Self) -> Self:
        """`other`, which differs from this in its witnesses only, with what this one has computed."""
        object.__setattr__(other, "_unsigned", self.serialize_unsigned())
        object.__setattr__(other, "_hash", self.hash)
        return other


class Verifiable(Hashed, Payload):
    """An object of Neo N3 whose witnesses sign what stands in front of them. Its hash is a single SHA-256."""

    __slots__ = ()

    def _digest(self, unsigned: bytes) -> bytes:
        return sha256(unsigned)

    def sign_data(self, network_magic: int) -> bytes:
        """The message that witnesses sign: the network's magic number and the hash."""
        return network_magic.to_bytes(4, "little") + self.hash

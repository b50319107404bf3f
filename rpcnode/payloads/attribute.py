"""Transaction attributes.

Source: neo, Neo: Network/P2P/Payloads/TransactionAttribute and its subclasses.
"""

from abc import abstractmethod
from base64 import b64encode
from enum import IntEnum
from typing import ClassVar, Self

from rpcnode.payloads.payload import Payload
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt256

MAX_ORACLE_RESULT_SIZE = 0xFFFF


class TransactionAttributeType(IntEnum):
    """The type byte of each attribute; the names are those of the JSON form."""

    HighPriority = 0x01
    OracleResponse = 0x11
    NotValidBefore = 0x20
    Conflicts = 0x21
    NotaryAssisted = 0x22


class OracleResponseCode(IntEnum):
    """How an oracle request ended; the names are those of the JSON form."""

    Success = 0x00
    ProtocolNotSupported = 0x10
    ConsensusUnreachable = 0x12
    NotFound = 0x14
    Timeout = 0x16
    Forbidden = 0x18
    ResponseTooLarge = 0x1A
    InsufficientFunds = 0x1C
    ContentTypeNotSupported = 0x1F
    Error = 0xFF


class TransactionAttribute(Payload):
    """An attribute; parsed, it may be any of its kinds. A transaction has one of a kind, unless `allow_multiple`."""

    __slots__ = ()
    type: ClassVar[TransactionAttributeType]
    allow_multiple: ClassVar[bool] = False

    @classmethod
    def read_from(cls, reader: BinaryReader) -> "TransactionAttribute":
        """An attribute of any kind."""
        type_byte = reader.u8()
        if type_byte not in _ATTRIBUTES:
            raise FormatError(f"no transaction attribute has type {type_byte:#04x}")
        return _ATTRIBUTES[type_byte]._read_body(reader)

    def write_to(self, writer: BinaryWriter) -> None:
        writer.u8(self.type)
        self._write_body(writer)

    def to_json(self) -> dict[str, Json]:
        return {"type": self.type.name, **self._json_body()}

    @classmethod
    @abstractmethod
    def _read_body(cls, reader: BinaryReader) -> Self:
        """What follows the type byte."""

    @abstractmethod
    def _write_body(self, writer: BinaryWriter) -> None: ...

    @abstractmethod
    def _json_body(self) -> dict[str, Json]: ...


@dataclass(frozen=True, slots=True)
class HighPriority(TransactionAttribute):
    """Goes before all others; only the committee may."""

    type = TransactionAttributeType.HighPriority

    @classmethod
    def _read_body(cls, reader: BinaryReader) -> Self:
        return cls()

    def _write_body(self, writer: BinaryWriter) -> None:
        """Nothing follows the type."""

    def _json_body(self) -> dict[str, Json]:
        return {}


@dataclass(frozen=True, slots=True)
class OracleResponse(TransactionAttribute):
    """The answer to oracle request `id`; only a success has a result."""

    type = TransactionAttributeType.OracleResponse
    id: int
    code: OracleResponseCode
    result: bytes

    def __post_init__(self) -> None:
        if len(self.result) > MAX_ORACLE_RESULT_SIZE:
            raise FormatError(f"an oracle's result has at most {MAX_ORACLE_RESULT_SIZE} bytes, got {len(self.result)}")
        if self.result and self.code != OracleResponseCode.Success:
            raise FormatError(f"an oracle response {self.code.name} has no result, got {len(self.result)} bytes")

    @classmethod
    def _read_body(cls, reader: BinaryReader) -> Self:
        request_id, code = reader.u64(), reader.u8()
        if code not in _ORACLE_RESPONSE_CODES:
            raise FormatError(f"no oracle response has code {code:#04x}")
        return cls(request_id, OracleResponseCode(code), reader.var_bytes(MAX_ORACLE_RESULT_SIZE))

    def _write_body(self, writer: BinaryWriter) -> None:
        writer.u64(self.id).u8(self.code).var_bytes(self.result)

    def _json_body(self) -> dict[str, Json]:
        return {"id": self.id, "code": self.code.name, "result": b64encode(self.result).decode()}


@dataclass(frozen=True, slots=True)
class NotValidBefore(TransactionAttribute):
    """Not valid before the block of index `height`."""

    type = TransactionAttributeType.NotValidBefore
    height: int

    @classmethod
    def _read_body(cls, reader: BinaryReader) -> Self:
        return cls(reader.u32())

    def _write_body(self, writer: BinaryWriter) -> None:
        writer.u32(self.height)

    def _json_body(self) -> dict[str, Json]:
        return {"height": self.height}


@dataclass(frozen=True, slots=True)
class Conflicts(TransactionAttribute):
    """Excludes another transaction of the same sender."""

    type = TransactionAttributeType.Conflicts
    allow_multiple = True
    hash: UInt256

    @classmethod
    def _read_body(cls, reader: BinaryReader) -> Self:
        return cls(reader.uint256())

    def _write_body(self, writer: BinaryWriter) -> None:
        writer.write(self.hash)

    def _json_body(self) -> dict[str, Json]:
        return {"hash": str(self.hash)}


@dataclass(frozen=True, slots=True)
class NotaryAssisted(TransactionAttribute):
    """The notary service completes it; `key_count` keys are still to sign."""

    type = TransactionAttributeType.NotaryAssisted
    key_count: int

    @classmethod
    def _read_body(cls, reader: BinaryReader) -> Self:
        return cls(reader.u8())

    def _write_body(self, writer: BinaryWriter) -> None:
        writer.u8(self.key_count)

    def _json_body(self) -> dict[str, Json]:
        return {"nkeys": self.key_count}


_ORACLE_RESPONSE_CODES = frozenset(OracleResponseCode)
_ATTRIBUTES: dict[int, type[TransactionAttribute]] = {
    attribute.type: attribute for attribute in (HighPriority, OracleResponse, NotValidBefore, Conflicts, NotaryAssisted)
}

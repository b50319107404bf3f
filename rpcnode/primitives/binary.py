"""Reads and writes Neo's binary form: little-endian integers, lengths in front of what has one."""

from collections.abc import Callable, Iterable
from typing import Protocol, Self, TypeVar

from rpcnode.primitives.errors import EndOfData, FormatError
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.primitives.utf8 import strict_text

MAX_VAR_SIZE = 0x1000000  # what the node takes where a format names no limit of its own

T = TypeVar("T")


class Serializable(Protocol):
    """What can write itself."""

    def write_to(self, writer: "BinaryWriter") -> None: ...


class BinaryReader:
    """Reads one value after another from bytes it was given.

    Raises EndOfData when they are too short, FormatError when a value is not allowed where it stands, in the node's
    words: contracts hand over bytes too, and what they fail with is shown.
    Source: neo, Neo: IO/MemoryReader.
    """

    __slots__ = ("_data", "position")

    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data = data
        self.position = position

    @property
    def remaining(self) -> int:
        """How many bytes are left."""
        return len(self._data) - self.position

    def read(self, size: int) -> bytes:
        """The next `size` bytes."""
        start = self.position
        end = start + size
        if end > len(self._data):
            raise EndOfData(f"Position {start} + Wanted {size} is exceeded boundary({len(self._data)})")
        self.position = end
        return self._data[start:end]

    def since(self, start: int) -> bytes:
        """The bytes already read from offset `start` on."""
        return self._data[start : self.position]

    def expect_end(self) -> None:
        """Raises FormatError if bytes are left."""
        if self.remaining:
            raise FormatError(f"{self.remaining} bytes too many after offset {self.position}")

    def boolean(self) -> bool:
        """One byte, 0 or 1."""
        value = self.u8()
        if value > 1:
            raise FormatError(f"Invalid boolean value: {value}")
        return value == 1

    def u8(self) -> int:
        return self.read(1)[0]

    def u16(self) -> int:
        return int.from_bytes(self.read(2), "little")

    def u32(self) -> int:
        return int.from_bytes(self.read(4), "little")

    def u64(self) -> int:
        return int.from_bytes(self.read(8), "little")

    def i64(self) -> int:
        return int.from_bytes(self.read(8), "little", signed=True)

    def uint160(self) -> UInt160:
        return UInt160(self.read(20))

    def uint256(self) -> UInt256:
        return UInt256(self.read(32))

    def var_int(self, maximum: int = 0xFFFF_FFFF_FFFF_FFFF) -> int:
        """1, 3, 5 or 9 bytes; as on the node the form need not be the shortest."""
        prefix = self.u8()
        value = prefix if prefix < 0xFD else (self.u16, self.u32, self.u64)[prefix - 0xFD]()
        if value > maximum:
            raise FormatError(f"VarInt value is greater than max: {value}/{maximum}")
        return value

    def var_bytes(self, maximum: int = MAX_VAR_SIZE) -> bytes:
        """A length of at most `maximum`, then as many bytes."""
        return self.read(self.var_int(maximum))

    def var_string(self, maximum: int = MAX_VAR_SIZE) -> str:
        """As `var_bytes`, its bytes strict UTF-8."""
        return strict_text(self.var_bytes(maximum))

    def fixed_string(self, size: int) -> str:
        """`size` bytes of strict UTF-8, of which those from the first zero on must be zeros."""
        start = self.position
        text, _, padding = self.read(size).partition(b"\0")
        if padding.strip(b"\0"):
            offset = start + len(text) + 1 + len(padding) - len(padding.lstrip(b"\0"))
            raise FormatError(f"The padding is not 0 at fixed string offset {offset}")
        return strict_text(text)

    def var_array(self, read_item: Callable[["BinaryReader"], T], maximum: int) -> tuple[T, ...]:
        """A count of at most `maximum`, then as many items."""
        return tuple(read_item(self) for _ in range(self.var_int(maximum)))


class BinaryWriter:
    """Appends one value after another; every method returns the writer, so that calls chain."""

    __slots__ = ("_data",)

    def __init__(self) -> None:
        self._data = bytearray()

    @property
    def size(self) -> int:
        """How many bytes were written so far."""
        return len(self._data)

    def to_bytes(self) -> bytes:
        """What was written so far."""
        return bytes(self._data)

    def write(self, data: bytes) -> Self:
        """The bytes as they are; a hash goes this way too."""
        self._data += data
        return self

    def boolean(self, value: bool) -> Self:
        return self.u8(int(value))

    def u8(self, value: int) -> Self:
        self._data.append(value)
        return self

    def u16(self, value: int) -> Self:
        return self.write(value.to_bytes(2, "little"))

    def u32(self, value: int) -> Self:
        return self.write(value.to_bytes(4, "little"))

    def u64(self, value: int) -> Self:
        return self.write(value.to_bytes(8, "little"))

    def i64(self, value: int) -> Self:
        return self.write(value.to_bytes(8, "little", signed=True))

    def var_int(self, value: int) -> Self:
        """The shortest form."""
        if value < 0xFD:
            return self.u8(value)
        if value <= 0xFFFF:
            return self.u8(0xFD).u16(value)
        if value <= 0xFFFF_FFFF:
            return self.u8(0xFE).u32(value)
        return self.u8(0xFF).u64(value)

    def var_bytes(self, data: bytes) -> Self:
        """The length, then the bytes."""
        return self.var_int(len(data)).write(data)

    def var_string(self, text: str) -> Self:
        """The length in bytes, then the text as UTF-8."""
        return self.var_bytes(text.encode())

    def array(self, items: Iterable[Serializable]) -> Self:
        """The items one after another, without their count."""
        for item in items:
            item.write_to(self)
        return self


def var_length(length: int) -> bytes:
    """The bytes of a length of up to 32 bits, as written before what is so long."""
    if length < 0xFD:
        return bytes((length,))
    if length < 0x10000:
        return b"\xfd" + length.to_bytes(2, "little")
    return b"\xfe" + length.to_bytes(4, "little")

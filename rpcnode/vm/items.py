"""Stack items: the values of the VM, as contracts compute them, notifications carry them and RPC answers print them.

Primitive items (Boolean, Integer, ByteString) are values: never changed, equal when type and value are. The others
(Buffer, Array, Struct, Map, Pointer, InteropInterface) have an identity: two that look alike differ.
Source: neo-vm, Types.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import ClassVar, Final, Generic, TypeAlias, TypeVar

from rpcnode.primitives.errors import VmFault

T = TypeVar("T", bool, int, bytes)
Data = TypeVar("Data", bytes, bytearray)

MAX_INTEGER_SIZE = 32  # bytes, two's complement


class StackItemType(IntEnum):
    """The type byte of each kind of item; the names are those of the JSON form."""

    Any = 0x00
    Pointer = 0x10
    Boolean = 0x20
    Integer = 0x21
    ByteString = 0x28
    Buffer = 0x30
    Array = 0x40
    Struct = 0x41
    Map = 0x48
    InteropInterface = 0x60


def integer_bytes(value: int) -> bytes:
    """The shortest little-endian two's complement of `value`; zero has no bytes."""
    if value == 0:
        return b""
    return value.to_bytes((value if value > 0 else ~value).bit_length() // 8 + 1, "little", signed=True)


def integer_of(data: bytes | bytearray) -> int:
    """The number that little-endian two's complement of any length stands for."""
    return int.from_bytes(data, "little", signed=True)


class StackItem:
    """A value of the VM. The conversions raise VmFault where the type has none."""

    __slots__ = ()
    type: ClassVar[StackItemType]

    def to_boolean(self) -> bool:
        """Whether a conditional jump takes the item for true."""
        return True

    def to_integer(self) -> int:
        """The item as a number."""
        raise VmFault(f"{self.type.name} cannot be converted to Integer")

    def to_bytes(self) -> bytes:
        """The item as bytes."""
        raise VmFault(f"{self.type.name} cannot be converted to ByteString")


class Null(StackItem):
    """No value; there is one instance, `NULL`."""

    __slots__ = ()
    type = StackItemType.Any
    _instance: ClassVar["Null | None"] = None

    def __new__(cls) -> "Null":
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def to_boolean(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "NULL"


class _PrimitiveItem(StackItem, Generic[T]):
    """An item that is its value."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value: Final[T] = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _PrimitiveItem) and type(other) is type(self) and bool(other.value == self.value)

    def __hash__(self) -> int:
        return hash((type(self), self.value))

    def __repr__(self) -> str:
        return f"{self.type.name}({self.value!r})"


class Boolean(_PrimitiveItem[bool]):
    """True or false."""

    __slots__ = ()
    type = StackItemType.Boolean

    def to_boolean(self) -> bool:
        return self.value

    def to_integer(self) -> int:
        return int(self.value)

    def to_bytes(self) -> bytes:
        return b"\x01" if self.value else b"\x00"


class Integer(_PrimitiveItem[int]):
    """A signed integer of at most 256 bits; more is a VmFault."""

    __slots__ = ()
    type = StackItemType.Integer

    def __init__(self, value: int) -> None:
        if (value if value >= 0 else ~value).bit_length() >= 8 * MAX_INTEGER_SIZE:
            raise VmFault(f"an integer has at most {8 * MAX_INTEGER_SIZE} bits with its sign: {value}")
        super().__init__(value)

    def to_boolean(self) -> bool:
        return self.value != 0

    def to_integer(self) -> int:
        return self.value

    def to_bytes(self) -> bytes:
        return integer_bytes(self.value)


class ByteString(_PrimitiveItem[bytes]):
    """Bytes that do not change; text is UTF-8 in them."""

    __slots__ = ()
    type = StackItemType.ByteString

    def to_boolean(self) -> bool:
        return any(_at_most_32(self.value, "a Boolean"))

    def to_integer(self) -> int:
        return integer_of(_at_most_32(self.value, "an Integer"))

    def to_bytes(self) -> bytes:
        return self.value


class Buffer(StackItem):
    """Bytes that may change."""

    __slots__ = ("value",)
    type = StackItemType.Buffer

    def __init__(self, value: bytes | bytearray) -> None:
        self.value: Final = bytearray(value)

    def to_integer(self) -> int:
        return integer_of(_at_most_32(self.value, "an Integer"))

    def to_bytes(self) -> bytes:
        return bytes(self.value)

    def __repr__(self) -> str:
        return f"Buffer({bytes(self.value)!r})"


class Array(StackItem):
    """Items in order. It may come to contain itself, so its repr shows its length only."""

    __slots__ = ("items",)
    type = StackItemType.Array

    def __init__(self, items: Iterable[StackItem] = ()) -> None:
        self.items: Final = list(items)

    def __repr__(self) -> str:
        return f"<{self.type.name} of {len(self.items)}>"


class Struct(Array):
    """An array that contracts copy by value."""

    __slots__ = ()
    type = StackItemType.Struct


class Map(StackItem):
    """Items by primitive keys, in the order in which the keys came."""

    __slots__ = ("entries",)
    type = StackItemType.Map

    def __init__(self, entries: Iterable[tuple["Primitive", StackItem]] = ()) -> None:
        self.entries: Final = dict(entries)

    def __repr__(self) -> str:
        return f"<Map of {len(self.entries)}>"


class Pointer(StackItem):
    """A position in a script, in bytes from its start; `script` is None when only its JSON is known."""

    __slots__ = ("position", "script")
    type = StackItemType.Pointer

    def __init__(self, position: int, script: object = None) -> None:
        self.position: Final = position
        self.script: Final = script

    def __repr__(self) -> str:
        return f"Pointer({self.position})"


class InteropInterface(StackItem):
    """An object of the node in a contract's hands, such as an iterator; `value` is None when only its JSON is known."""

    __slots__ = ("value",)
    type = StackItemType.InteropInterface

    def __init__(self, value: object = None) -> None:
        self.value: Final = value

    def __repr__(self) -> str:
        return f"<InteropInterface of {type(self.value).__name__}>"


Primitive: TypeAlias = Boolean | Integer | ByteString
"""What a map's keys may be."""

NULL: Final = Null()
TRUE: Final = Boolean(True)
FALSE: Final = Boolean(False)


def _at_most_32(data: Data, wanted: str) -> Data:
    if len(data) > MAX_INTEGER_SIZE:
        raise VmFault(f"{len(data)} bytes are too many for {wanted}, the most is {MAX_INTEGER_SIZE}")
    return data

"""Stack items: the values of the VM, as contracts compute them, notifications carry them and RPC answers print them.

Null is None, Boolean is bool, Integer is int, ByteString is bytes: items that are values are Python's own, so that an
addition is an addition. The others have an identity: two that look alike differ. Buffer is bytearray. bool is checked
before int wherever both may come, since Python takes a bool for an int. Source: neo-vm, Types.
"""

from abc import abstractmethod
from base64 import b64encode
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final, TypeAlias

from rpcnode.primitives.errors import VmFault

MAX_INTEGER_SIZE: Final = 32  # bytes, two's complement
MIN_INTEGER: Final = -(2**255)
MAX_INTEGER: Final = 2**255 - 1
MAX_KEY_SIZE: Final = 64  # bytes of a map's key


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


Buffer: TypeAlias = bytearray

Primitive: TypeAlias = bool | int | bytes
"""What a map's keys may be."""

Key: TypeAlias = int | bytes | tuple[bool] | tuple[int, bytes]
"""A primitive item in `Map.entries`: a Boolean in a tuple, for Python takes True for 1; a large number with bytes."""

MAX_PLAIN_KEY: Final = 2**61 - 2  # from here on Python's hashes repeat, and a script could have all its keys share one


class Compound:
    """An Array, a Struct or a Map.

    `references` is how often stacks, slots and counted compounds hold it; its elements count while it is not zero.
    `is_flat` says that none of its elements is a compound, so that counting need not look at each; False says nothing.
    """

    __slots__ = ("is_flat", "read_only", "references")
    is_flat: bool
    read_only: bool
    references: int

    # No ABC: asking whether a value is one of these would cost four times as much.
    @abstractmethod
    def elements(self) -> "list[StackItem]":
        """What the compound holds, in the order in which it is counted; not to be changed."""


class Array(Compound):
    """Items in order. It may come to contain itself, so its repr shows its length only."""

    __slots__ = ("items",)

    def __init__(self, items: "Iterable[StackItem]" = ()) -> None:
        self.references = 0
        self.is_flat = self.read_only = False
        self.items: Final[list[StackItem]] = list(items)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self.items)}>"

    def elements(self) -> "list[StackItem]":
        return self.items


class Struct(Array):
    """An array that is copied when it is put into another compound."""

    __slots__ = ("__weakref__",)


class Map(Compound):
    """Items by primitive keys, in the order in which the keys came.

    `keys` has them as items once KEYS was executed, until one comes or goes.
    """

    __slots__ = ("entries", "keys")

    def __init__(self, pairs: "Iterable[tuple[Primitive, StackItem]]" = ()) -> None:
        self.references = 0
        self.is_flat = self.read_only = False
        self.keys: list[StackItem] | None = None
        self.entries: Final[dict[Key, StackItem]] = {key_of(key): value for key, value in pairs}

    def __repr__(self) -> str:
        return f"<Map of {len(self.entries)}>"

    def pairs(self) -> "Iterator[tuple[Primitive, StackItem]]":
        """Each key with its value."""
        return ((primitive_of(key), value) for key, value in self.entries.items())

    def elements(self) -> "list[StackItem]":
        return [*map(primitive_of, self.entries), *self.entries.values()]


class Pointer:
    """A position in a script, in bytes from its start.

    `script` is the script as it was loaded, once more each time; None when only the pointer's JSON is known.
    """

    __slots__ = ("position", "script")

    def __init__(self, position: int, script: object = None) -> None:
        self.position: Final = position
        self.script: Final = script


class InteropInterface:
    """An object of the node in a contract's hands, such as an iterator; `value` is None when only its JSON is known."""

    __slots__ = ("value",)

    def __init__(self, value: object = None) -> None:
        self.value: Final = value


StackItem: TypeAlias = bool | int | bytes | Buffer | Compound | Pointer | InteropInterface | None

TYPES: Final[dict[type, StackItemType]] = {
    type(None): StackItemType.Any,
    **{kind: StackItemType[kind.__name__] for kind in (Pointer, Array, Struct, Map, InteropInterface)},
    **{bool: StackItemType.Boolean, int: StackItemType.Integer},
    **{bytes: StackItemType.ByteString, Buffer: StackItemType.Buffer},
}
TYPE_CODES: Final = frozenset(map(int, StackItemType))


def type_of(item: StackItem) -> StackItemType:
    """The item's type. A hash is bytes of a class of its own and no item: `bytes(hash)` is one."""
    return TYPES[type(item)]


def key_of(item: StackItem) -> Key:
    """The key in `Map.entries` for an item. Raises VmFault for one that is not primitive."""
    if isinstance(item, bool):
        return (item,)
    if isinstance(item, bytes):
        return bytes(item)  # a hash is bytes of a class of its own
    if isinstance(item, int):
        return key_of_integer(int(item))
    raise VmFault("The item can't be casted to type Neo.VM.Types.PrimitiveType")


def key_of_integer(number: int) -> Key:
    """The key in `Map.entries` for a number. The hash of its bytes is one that nobody can foretell."""
    return number if -MAX_PLAIN_KEY <= number <= MAX_PLAIN_KEY else (number, integer_bytes(number))


def primitive_of(key: Key) -> Primitive:
    """The item that a key in `Map.entries` stands for."""
    return key[0] if isinstance(key, tuple) else key


def integer_bytes(value: int) -> bytes:
    """The shortest little-endian two's complement of `value`; zero has no bytes."""
    if value == 0:
        return b""
    return value.to_bytes((value if value > 0 else ~value).bit_length() // 8 + 1, "little", signed=True)


def integer_of(data: bytes | Buffer) -> int:
    """The number that little-endian two's complement of any length stands for."""
    return int.from_bytes(data, "little", signed=True)


def primitive_bytes(value: Primitive) -> bytes:
    """The bytes of a primitive item, as CAT sees them."""
    if isinstance(value, bytes):
        return value
    return bytes((value,)) if isinstance(value, bool) else integer_bytes(value)


def primitive_text(value: Primitive) -> str:
    """The item as messages show it. Source: neo-vm, Types: PrimitiveType.ToString."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return f'"{value.decode()}"'
    except UnicodeDecodeError:
        return f'"Base64: {b64encode(value).decode()}"'

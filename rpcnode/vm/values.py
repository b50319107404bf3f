"""What the engine computes with: Python's own values where the VM's are values, objects where they have an identity.

Null is None, Boolean is bool, Integer is int, ByteString is bytes; an addition is then an addition. Arrays, structs and
maps count how often they are held. `stack_items.py` turns them into the items of `items.py` and back.
"""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Final, TypeAlias

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.faults import wrong_type
from rpcnode.vm.items import FALSE, TRUE, Boolean, Buffer, InteropInterface, Pointer, StackItemType, integer_bytes

MAX_KEY_SIZE: Final = 64  # bytes of a map's key
INTEGER_BITS: Final = 256  # with the sign: a number of fewer bits is one for certain
MIN_INTEGER: Final = -(2**255)
MAX_INTEGER: Final = 2**255 - 1

Primitive: TypeAlias = bool | int | bytes
"""What may be a key; in a map's `entries` a bool is TRUE or FALSE of `items.py`, for Python takes True for 1."""

Key: TypeAlias = int | bytes | Boolean


class Compound:
    """An Array, a Struct or a Map.

    `references` is how often stacks, slots and counted compounds hold it; its elements count while it is not zero.
    """

    __slots__ = ("read_only", "references")

    def __init__(self) -> None:
        self.references = 0
        self.read_only = False

    # No ABC: asking whether a value is one of these would cost four times as much.
    @abstractmethod
    def elements(self) -> "list[Value]":
        """What the compound holds, in the order in which it is counted; not to be changed."""


class VmArray(Compound):
    """Values in order."""

    __slots__ = ("items",)

    def __init__(self, items: "Iterable[Value]" = ()) -> None:
        super().__init__()
        self.items: Final[list[Value]] = list(items)

    def elements(self) -> "list[Value]":
        return self.items


class VmStruct(VmArray):
    """An array that is copied when it is put into another compound."""

    __slots__ = ()


class VmMap(Compound):
    """Values by primitive keys, in the order in which the keys came."""

    __slots__ = ("entries",)

    def __init__(self) -> None:
        super().__init__()
        self.entries: Final[dict[Key, Value]] = {}

    def elements(self) -> "list[Value]":
        return [*map(primitive_of, self.entries), *self.entries.values()]


Value: TypeAlias = bool | int | bytes | Buffer | Compound | Pointer | InteropInterface | None

TYPES: Final[dict[type, StackItemType]] = {
    type(None): StackItemType.Any,
    Pointer: StackItemType.Pointer,
    bool: StackItemType.Boolean,
    int: StackItemType.Integer,
    bytes: StackItemType.ByteString,
    Buffer: StackItemType.Buffer,
    VmArray: StackItemType.Array,
    VmStruct: StackItemType.Struct,
    VmMap: StackItemType.Map,
    InteropInterface: StackItemType.InteropInterface,
}

TYPE_CODES: Final = frozenset(map(int, StackItemType))


def type_name(value: Value) -> str:
    """The name of the value's type, as messages give it."""
    return TYPES[type(value)].name


def key_of(value: Value) -> Key:
    """The key in `VmMap.entries` for a value. Raises VmFault for one that is not primitive."""
    if type(value) is bool:
        return TRUE if value else FALSE
    if isinstance(value, int | bytes):
        return value
    raise wrong_type("PrimitiveType")


def checked_key(key: Key) -> Key:
    """The same key. Raises VmFault for one of more bytes than a map takes."""
    if isinstance(key, bytes) and len(key) > MAX_KEY_SIZE:
        raise VmFault(
            f"Key size {len(key)} bytes exceeds maximum allowed size of {MAX_KEY_SIZE} bytes. (Parameter 'key')"
        )
    return key


def primitive_of(key: Key) -> Primitive:
    """The value that a key in `VmMap.entries` stands for."""
    return key.value if isinstance(key, Boolean) else key


def primitive_text(value: Primitive) -> str:
    """The value as messages show it. Source: neo-vm, Types: PrimitiveType.ToString."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return f'"{value.decode()}"'
    except UnicodeDecodeError:
        from base64 import b64encode

        return f'"Base64: {b64encode(value).decode()}"'


def primitive_bytes(value: Primitive) -> bytes:
    """The bytes of a primitive value, as CAT sees them."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, bool):
        return b"\x01" if value else b"\x00"
    return integer_bytes(value)

"""Stack items: the values of the VM, as contracts compute them, notifications carry them and RPC answers print them.

Primitive items (Boolean, Integer, ByteString) are values: never changed, equal when type and value are. The others
(Buffer, Array, Struct, Map, Pointer, InteropInterface) have an identity: two that look alike differ.
Source: neo-vm, Types.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from enum import IntEnum
from typing import ClassVar, Final, TypeAlias

from rpcnode.primitives.errors import FormatError, ItemTooLarge, RecursiveReference, VmFault
from rpcnode.primitives.json import Json

MAX_INTEGER_SIZE = 32  # bytes, two's complement
MAX_JSON_SIZE = 65_535  # characters; neo-cli's MaxStackSize
MAX_JSON_DEPTH = 128  # of items in items


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


class Boolean(StackItem):
    """True or false."""

    __slots__ = ("value",)
    type = StackItemType.Boolean

    def __init__(self, value: bool) -> None:
        self.value: Final = value

    def to_boolean(self) -> bool:
        return self.value

    def to_integer(self) -> int:
        return int(self.value)

    def to_bytes(self) -> bytes:
        return b"\x01" if self.value else b"\x00"

    def __eq__(self, other: object) -> bool:
        return type(other) is Boolean and other.value == self.value

    def __hash__(self) -> int:
        return hash((Boolean, self.value))

    def __repr__(self) -> str:
        return f"Boolean({self.value})"


class Integer(StackItem):
    """A signed integer of at most 256 bits; more is a VmFault."""

    __slots__ = ("value",)
    type = StackItemType.Integer

    def __init__(self, value: int) -> None:
        if (value if value >= 0 else ~value).bit_length() >= 8 * MAX_INTEGER_SIZE:
            raise VmFault(f"an integer has at most {8 * MAX_INTEGER_SIZE} bits with its sign: {value}")
        self.value: Final = value

    def to_boolean(self) -> bool:
        return self.value != 0

    def to_integer(self) -> int:
        return self.value

    def to_bytes(self) -> bytes:
        return integer_bytes(self.value)

    def __eq__(self, other: object) -> bool:
        return type(other) is Integer and other.value == self.value

    def __hash__(self) -> int:
        return hash((Integer, self.value))

    def __repr__(self) -> str:
        return f"Integer({self.value})"


class ByteString(StackItem):
    """Bytes that do not change; text is UTF-8 in them."""

    __slots__ = ("value",)
    type = StackItemType.ByteString

    def __init__(self, value: bytes) -> None:
        self.value: Final = value

    def to_boolean(self) -> bool:
        if len(self.value) > MAX_INTEGER_SIZE:
            raise VmFault(f"{len(self.value)} bytes are too many for a Boolean, the most is {MAX_INTEGER_SIZE}")
        return any(self.value)

    def to_integer(self) -> int:
        return _integer_of_at_most_32(self.value)

    def to_bytes(self) -> bytes:
        return self.value

    def __eq__(self, other: object) -> bool:
        return type(other) is ByteString and other.value == self.value

    def __hash__(self) -> int:
        return hash((ByteString, self.value))

    def __repr__(self) -> str:
        return f"ByteString({self.value!r})"


class Buffer(StackItem):
    """Bytes that may change."""

    __slots__ = ("value",)
    type = StackItemType.Buffer

    def __init__(self, value: bytes | bytearray) -> None:
        self.value: Final = bytearray(value)

    def to_integer(self) -> int:
        return _integer_of_at_most_32(self.value)

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


def _integer_of_at_most_32(data: bytes | bytearray) -> int:
    if len(data) > MAX_INTEGER_SIZE:
        raise VmFault(f"{len(data)} bytes are too many for an Integer, the most is {MAX_INTEGER_SIZE}")
    return integer_of(data)


def item_to_json(item: StackItem, max_size: int = MAX_JSON_SIZE) -> dict[str, Json]:
    """`{"type", "value"}` as neo-cli prints it; Any and InteropInterface have no value.

    Raises RecursiveReference for an item that contains itself, ItemTooLarge when the text, without spaces, is longer
    than `max_size` characters or items are nested deeper than `MAX_JSON_DEPTH`.
    Source: neo, Neo: VM/Helper.ToJson(StackItem).
    """
    return _JsonWriter(max_size).write(item, MAX_JSON_DEPTH)


def item_from_json(json: Json) -> StackItem:
    """The item that `item_to_json` prints so, as in recorded application logs; an InteropInterface comes back empty.

    Raises FormatError for anything else, and when items are nested deeper than `MAX_JSON_DEPTH`.
    """
    return _read_item(json, MAX_JSON_DEPTH)


class _JsonWriter:
    """Prints one item; holds what is left of its size and which items are being printed."""

    __slots__ = ("_max_size", "_open", "_size_left")

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._size_left = max_size
        self._open: set[int] = set()  # ids, since equal is not the same here

    def write(self, item: StackItem, depth_left: int) -> dict[str, Json]:
        if depth_left == 0:
            raise ItemTooLarge(f"the item is nested deeper than {MAX_JSON_DEPTH} levels")
        name = item.type.name
        self._spend(len(name) + 11)  # {"type":""}
        match item:
            case Boolean():
                return self._with_value(name, item.value, 4 if item.value else 5)
            case Integer():
                digits = str(item.value)
                return self._with_value(name, digits, len(digits) + 2)
            case ByteString() | Buffer():
                text = b64encode(item.value).decode()
                return self._with_value(name, text, len(text) + 2)
            case Pointer():
                return self._with_value(name, item.position, len(str(item.position)))
            case Array() | Map():
                if id(item) in self._open:
                    raise RecursiveReference("recursive reference")
                self._open.add(id(item))
                value = self._elements(item, depth_left - 1)
                self._open.remove(id(item))
                return self._with_value(name, value, max(2, len(value) + 1))
        return {"type": name}

    def _elements(self, item: Array | Map, depth_left: int) -> list[Json]:
        if isinstance(item, Array):
            return [self.write(element, depth_left) for element in item.items]
        entries: list[Json] = []
        for key, value in item.entries.items():
            self._spend(17)  # {"key":,"value":}
            entries.append({"key": self.write(key, depth_left), "value": self.write(value, depth_left)})
        return entries

    def _with_value(self, name: str, value: Json, size: int) -> dict[str, Json]:
        self._spend(size + 9)  # ,"value":
        return {"type": name, "value": value}

    def _spend(self, size: int) -> None:
        self._size_left -= size
        if self._size_left < 0:
            raise ItemTooLarge(f"the item's JSON is longer than {self._max_size} characters")


def _read_item(json: Json, depth_left: int) -> StackItem:
    if depth_left == 0:
        raise FormatError(f"stack items are nested deeper than {MAX_JSON_DEPTH} levels")
    if not isinstance(json, dict):
        raise FormatError(f"a stack item is an object, got {type(json).__name__}")
    value = json.get("value")
    match json.get("type"), value:
        case "Any", None:
            return NULL
        case "InteropInterface", None:
            return InteropInterface()
        case "Boolean", bool():
            return TRUE if value else FALSE
        case "Integer", str() | int() if not isinstance(value, bool):
            return _read_integer(value)
        case "ByteString", str():
            return ByteString(_read_base64(value))
        case "Buffer", str():
            return Buffer(_read_base64(value))
        case "Pointer", int() if not isinstance(value, bool):
            return Pointer(value)
        case "Array", list():
            return Array(_read_item(element, depth_left - 1) for element in value)
        case "Struct", list():
            return Struct(_read_item(element, depth_left - 1) for element in value)
        case "Map", list():
            return Map(_read_entry(entry, depth_left - 1) for entry in value)
    raise FormatError(f"no stack item has type {json.get('type')!r} and a value of {type(value).__name__}")


def _read_entry(json: Json, depth_left: int) -> tuple[Primitive, StackItem]:
    if not isinstance(json, dict):
        raise FormatError(f"an entry of a Map is an object, got {type(json).__name__}")
    key = _read_item(json.get("key"), depth_left)
    if not isinstance(key, Primitive):
        raise FormatError(f"a key of a Map is a Boolean, an Integer or a ByteString, got {key.type.name}")
    return key, _read_item(json.get("value"), depth_left)


def _read_integer(value: str | int) -> Integer:
    try:
        return Integer(int(value))
    except (ValueError, VmFault) as error:
        raise FormatError(f"not a value of a stack item's Integer: {error}") from None


def _read_base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise FormatError(f"{text[:80]!r} is not Base64: {error}") from None

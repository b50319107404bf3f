"""Stack items as JSON, as neo-cli prints them, and back. Source: neo, Neo: VM/Helper."""

from base64 import b64decode, b64encode

from rpcnode.primitives.errors import FormatError, ItemTooLarge, RecursiveReference
from rpcnode.primitives.json import Json
from rpcnode.vm.items import (
    MAX_INTEGER,
    MIN_INTEGER,
    Array,
    Buffer,
    InteropInterface,
    Map,
    Pointer,
    Primitive,
    StackItem,
    Struct,
    type_of,
)

MAX_JSON_SIZE = 65_535  # characters; neo-cli's MaxStackSize
MAX_JSON_DEPTH = 128  # of items in items


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
        name = type_of(item).name
        self._spend(len(name) + 11)  # {"type":""}
        match item:
            case bool():
                return self._with_value(name, item, 4 if item else 5)
            case int():
                digits = str(item)
                return self._with_value(name, digits, len(digits) + 2)
            case bytes() | Buffer():
                text = b64encode(item).decode()
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
        for key, value in item.pairs():
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
            return None
        case "InteropInterface", None:
            return InteropInterface()
        case "Boolean", bool():
            return value
        case "Integer", str() | int() if not isinstance(value, bool):
            return _read_integer(value)
        case "ByteString", str():
            return _read_base64(value)
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
        raise FormatError(f"a key of a Map is a Boolean, an Integer or a ByteString, got {type_of(key).name}")
    return key, _read_item(json.get("value"), depth_left)


def _read_integer(value: str | int) -> int:
    try:
        number = int(value)
        if not MIN_INTEGER <= number <= MAX_INTEGER:
            raise ValueError(f"an integer has at most 256 bits with its sign: {number}")
    except ValueError as error:
        raise FormatError(f"not a value of a stack item's Integer: {error}") from None
    return number


def _read_base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise FormatError(f"{text[:80]!r} is not Base64: {error}") from None

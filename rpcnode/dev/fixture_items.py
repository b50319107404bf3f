"""The state of a declared notification: what a fixture writes for a stack item."""

import re
from base64 import b64decode
from collections.abc import Callable
from typing import Final

from rpcnode.dev.fixture_errors import nearest, shown
from rpcnode.dev.fixture_names import Names
from rpcnode.dev.place import Place
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import (
    MAX_INTEGER,
    MAX_INTEGER_SIZE,
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

MAX_DEPTH: Final = 64
"""Items in items; the JSON of an answer ends at twice that."""

_ABSENT: Final[dict[ProfileName, tuple[str, ...]]] = {"n3": (), "n3-preview": (), "n2": ("Buffer", "Pointer")}
"""The types that a profile's VM has not. Source: neo-vm 2.4, Types."""

FORMS: Final = (
    "an item is null, true, false, an integer or its digits, a name, an address, 0x and the 40 hex digits of a script "
    "hash, 0x and other hex bytes, a list, or {type, value}"
)

_is_integer = re.compile(r"-?[0-9]{1,100}").fullmatch
_is_script_hash = re.compile(r"0x[0-9a-fA-F]{40}").fullmatch
_is_hex = re.compile(r"0x(?:[0-9a-fA-F]{2})*").fullmatch
_ADDRESS_LENGTHS: Final = range(33, 36)


class ItemReader:
    """Reads items of a profile's VM, in which names of accounts and contracts may stand."""

    def __init__(self, names: Names, profile: ProfileName) -> None:
        self._names = names
        self._absent = _ABSENT[profile]
        self._bytes_of = _hex if profile == "n2" else _base64  # as the node's own JSON has a ByteArray
        self._typed: dict[str, Callable[[Json, Place, int], StackItem]] = {
            "Any": self._any,
            "Boolean": self._boolean,
            "Integer": self._typed_integer,
            "ByteString": lambda value, place, _: _base64(value, place),
            "ByteArray": self._byte_array,
            "Buffer": lambda value, place, _: Buffer(_base64(value, place)),
            "Signature": self._signature,
            "String": lambda value, place, _: _utf8(value, place),
            "Hash160": self._hash160,
            "Hash256": self._hash256,
            "PublicKey": self._public_key,
            "Array": lambda value, place, depth: Array(self._items(value, place, depth)),
            "Struct": lambda value, place, depth: Struct(self._items(value, place, depth)),
            "Map": self._map,
            "Pointer": self._pointer,
            "InteropInterface": self._interop_interface,
        }
        for name in self._absent:
            del self._typed[name]

    def read(self, value: Json, place: Place, depth: int = MAX_DEPTH) -> StackItem:
        """The item that `value` stands for; raises FixtureError for what is none, and below `depth` items in items."""
        if depth == 0:
            raise place.error(f"items are nested deeper than {MAX_DEPTH} levels")
        match value:
            case None:
                return None
            case bool():
                return value
            case int():
                return _integer(value, place)
            case str():
                return self._text(value, place)
            case list():
                return Array(self._items(value, place, depth))
            case dict():
                return self._typed_item(value, place, depth)
        raise place.error(f"{shown(value)} is no item; {FORMS}")

    def _text(self, value: str, place: Place) -> StackItem:
        named = self._names.named_account(value, place)
        if named is not None:
            return bytes(named)
        if _is_integer(value):
            return _integer(int(value), place)
        if _is_script_hash(value):
            return bytes(UInt160.parse(value))
        if _is_hex(value):
            return bytes.fromhex(value[2:])
        if len(value) in _ADDRESS_LENGTHS:
            return bytes(self._names.account(value, place))
        raise place.error(f"{shown(value)} is no item; {FORMS}; a text is {{type: String, value: ...}}")

    def _typed_item(self, value: dict[str, Json], place: Place, depth: int) -> StackItem:
        for key in value:
            if key not in ("type", "value"):
                raise place.member(key).error(f"unknown key; {nearest(key, ['type', 'value'])}")
        kind = value.get("type")
        if kind in self._absent:
            right = ", ".join(self._typed)
            raise place.member("type").error(f"{shown(kind)} is no type of an item of Neo 2; right are {right}")
        if not isinstance(kind, str) or kind not in self._typed:
            known = nearest(kind if isinstance(kind, str) else "", list(self._typed))
            raise place.member("type").error(f"{shown(kind)} is no type of an item; {known}")
        return self._typed[kind](value.get("value"), place.member("value"), depth)

    def _items(self, value: Json, place: Place, depth: int) -> list[StackItem]:
        if not isinstance(value, list):
            raise place.error(f"{shown(value)} stands where a list of items belongs")
        return [self.read(item, place.item(position), depth - 1) for position, item in enumerate(value)]

    def _any(self, value: Json, place: Place, depth: int) -> StackItem:
        if value is not None:
            raise place.error(f"{shown(value)} stands in an item of type Any, which has no value")
        return None

    def _boolean(self, value: Json, place: Place, depth: int) -> StackItem:
        if not isinstance(value, bool):
            raise place.error(f"{shown(value)} stands where true or false belongs")
        return value

    def _typed_integer(self, value: Json, place: Place, depth: int) -> StackItem:
        if isinstance(value, str) and _is_integer(value):
            return _integer(int(value), place)
        if isinstance(value, int) and not isinstance(value, bool):
            return _integer(value, place)
        raise place.error(f"{shown(value)} stands where an integer or its digits belong")

    def _byte_array(self, value: Json, place: Place, depth: int) -> StackItem:
        return self._bytes_of(value, place)

    def _signature(self, value: Json, place: Place, depth: int) -> StackItem:
        data = self._bytes_of(value, place)
        if len(data) != 64:
            raise place.error(f"a signature has 64 bytes, this {len(data)}")
        return data

    def _hash160(self, value: Json, place: Place, depth: int) -> StackItem:
        return bytes(self._names.account(_text_of(value, place), place))

    def _hash256(self, value: Json, place: Place, depth: int) -> StackItem:
        try:
            return bytes(UInt256.parse(_text_of(value, place)))
        except FormatError as error:
            raise place.error(str(error)) from None

    def _public_key(self, value: Json, place: Place, depth: int) -> StackItem:
        try:
            return bytes(ECPoint.parse(_text_of(value, place)))
        except FormatError as error:
            raise place.error(str(error)) from None

    def _map(self, value: Json, place: Place, depth: int) -> StackItem:
        if not isinstance(value, list):
            raise place.error(f"{shown(value)} stands where a list of {{key, value}} belongs")
        entries: list[tuple[Primitive, StackItem]] = []
        for position, entry in enumerate(value):
            inner = place.item(position)
            if not isinstance(entry, dict) or entry.keys() != {"key", "value"}:
                raise inner.error("a Map's entry is a mapping with key and value, and nothing else")
            key = self.read(entry["key"], inner.member("key"), depth - 1)
            if not isinstance(key, Primitive):
                right = "right is a Boolean, an Integer or a ByteString"
                raise inner.member("key").error(f"a Map's key cannot be of type {type_of(key).name}; {right}")
            entries.append((key, self.read(entry["value"], inner.member("value"), depth - 1)))
        return Map(entries)

    def _pointer(self, value: Json, place: Place, depth: int) -> StackItem:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
            raise place.error(f"{shown(value)} stands where a position in a script belongs, an integer from 0")
        return Pointer(value)

    def _interop_interface(self, value: Json, place: Place, depth: int) -> StackItem:
        if value is not None:
            raise place.error(f"{shown(value)} stands in an item of type InteropInterface, which has no value")
        return InteropInterface()


def _integer(value: int, place: Place) -> int:
    if not MIN_INTEGER <= value <= MAX_INTEGER:
        raise place.error(f"an integer has at most {8 * MAX_INTEGER_SIZE} bits with its sign: {value}")
    return value


def _text_of(value: Json, place: Place) -> str:
    if not isinstance(value, str):
        hint = "; write it in quotes" if isinstance(value, int | float) else ""
        raise place.error(f"{shown(value)} stands where a text belongs{hint}")
    return value


def _utf8(value: Json, place: Place) -> bytes:
    try:
        return _text_of(value, place).encode()
    except UnicodeEncodeError:
        raise place.error(f"{shown(value)} holds half a character (a lone surrogate)") from None


def _hex(value: Json, place: Place) -> bytes:
    try:
        return bytes.fromhex(_text_of(value, place))
    except ValueError as error:
        raise place.error(f"{shown(value)} is not hex, as a ByteArray of Neo 2 is: {error}") from None


def _base64(value: Json, place: Place) -> bytes:
    try:
        return b64decode(_text_of(value, place), validate=True)
    except ValueError as error:
        raise place.error(f"{shown(value)} is not Base64: {error}") from None

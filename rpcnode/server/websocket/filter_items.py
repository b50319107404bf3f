"""Parameters of a notification filter: types and values from JSON, and whether they are those of an event.

Source: neo-go 0.120, pkg/smartcontract/parameter.go: Parameter.UnmarshalJSON; param_type.go: ParseParamType.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from rpcnode.primitives.json import Json
from rpcnode.server.websocket.refusals import BadSubscription, is_no
from rpcnode.vm.items import MAX_INTEGER, MIN_INTEGER, StackItem

MOST_PARAMETERS: Final = 16

ReadHash = Callable[[Json, str, int], str]
"""(value, its place, hex digits) to 0x and hex."""

_TYPES: Final = {
    "signature": "Signature",
    "bool": "Boolean",
    "boolean": "Boolean",
    "int": "Integer",
    "integer": "Integer",
    "hash160": "Hash160",
    "hash256": "Hash256",
    "bytes": "ByteArray",
    "bytearray": "ByteArray",
    "bytestring": "ByteArray",
    "filebytes": "ByteArray",
    "key": "PublicKey",
    "publickey": "PublicKey",
    "string": "String",
    "array": "Array",
    "struct": "Array",
    "map": "Map",
    "interopinterface": "InteropInterface",
    "void": "Void",
    "any": "Any",
}
_NOT_SIMPLE: Final = frozenset(("Array", "Map", "InteropInterface", "Void"))
_DIGITS: Final = re.compile(r"[+-]?[0-9]+").fullmatch


class ParameterItem(NamedTuple):
    """One parameter; a value of None is any."""

    type_name: str
    value: bool | int | bytes | None

    @property
    def is_simple(self) -> bool:
        """Whether a filter can have one of its type."""
        return self.type_name not in _NOT_SIMPLE


def read_parameters(value: Json, place: str, read_hash: ReadHash) -> tuple[ParameterItem, ...]:
    """The parameters of a filter. Raises BadSubscription."""
    if not isinstance(value, list):
        raise is_no("[]smartcontract.Parameter", value, place)
    return tuple(_parameter(each, place, read_hash) for each in value)


def matches_items(parameters: Sequence[ParameterItem], state: Sequence[StackItem]) -> bool:
    """Whether a state begins with those parameters: each of its type, bytes of any type alike."""
    if len(parameters) > len(state):
        return False
    return all(
        parameter.value is None or (type(parameter.value) is type(item) and parameter.value == item)
        for parameter, item in zip(parameters, state, strict=False)
    )


def _parameter(given: Json, place: str, read_hash: ReadHash) -> ParameterItem:
    if not isinstance(given, dict):
        raise is_no("smartcontract.rawParameter", given, place)
    members = {name.lower(): value for name, value in given.items()}
    type_text, value = members.get("type"), members.get("value")
    if type_text is not None and not isinstance(type_text, str):
        raise is_no("string", type_text, place)
    type_name = "Any" if type_text is None else _TYPES.get(type_text.lower())
    if type_name is None:
        raise BadSubscription(f"bad parameter type: {str(type_text)[:100]}")
    if value is None or type_name == "Any" or type_name in _NOT_SIMPLE:
        return ParameterItem(type_name, None)
    return ParameterItem(type_name, _value(type_name, value, place, read_hash))


def _value(type_name: str, value: Json, place: str, read_hash: ReadHash) -> bool | int | bytes:
    match type_name:
        case "Boolean":
            if not isinstance(value, bool):
                raise is_no("bool", value, place)
            return value
        case "Integer":
            return _integer(value, place)
        case "Hash160":
            return bytes.fromhex(read_hash(value, place, 40)[2:])[::-1]
        case "Hash256":
            return bytes.fromhex(read_hash(value, place, 64)[2:])[::-1]
    if not isinstance(value, str):
        raise is_no("string", value, place)
    if type_name == "String":
        return value.encode("utf-8", "replace")
    try:
        return bytes.fromhex(value) if type_name == "PublicKey" else b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        form = "hex" if type_name == "PublicKey" else "Base64"
        raise BadSubscription(f"a parameter of type {type_name} is no {form}: {value[:100]}") from None


def _integer(value: Json, place: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise is_no("string", value, place)
    number = int(value) if len(value) < 80 and _DIGITS(value) else None
    if number is None:
        raise is_no("int64", value, place)
    if not MIN_INTEGER <= number <= MAX_INTEGER:
        raise BadSubscription(f"an integer has at most 32 bytes: {value}")
    return number

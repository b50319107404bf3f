"""Stack items as JSON and back, as StdLib does it. Source: neo 3.9, Neo: SmartContract/JsonSerializer."""

import json
from typing import Final, NoReturn

from rpcnode.contracts.script_engine import NotModelled
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.json import Json
from rpcnode.vm.conversions import to_text
from rpcnode.vm.items import Array, Buffer, Map, Primitive, StackItem
from rpcnode.vm.limits import DEFAULT_LIMITS

MAX_SAFE_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 10  # of JSON that is read
_WRITTEN_AS_IS: Final = frozenset(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz !#$%()*,-./:;=?@[]^_{|}~"
)
_ESCAPES: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\"}
"""What .NET's JSON writer leaves as it is, and what it has short escapes for; the rest it writes as UTF-16 in hex."""


def json_bytes(item: StackItem) -> bytes:
    """The JSON of an item, without spaces.

    Raises VmFault for what has none: interfaces, keys that are no bytes, integers past 2^53 - 1. Raises NotModelled for
    integers that .NET may write with an exponent.
    """
    text = dotnet_json(_plain(item, DEFAULT_LIMITS.max_stack_size))
    if len(text) > DEFAULT_LIMITS.max_item_size:
        raise VmFault("Operation is not valid due to the current state of the object.")
    return text.encode()


def dotnet_json(value: Json) -> str:
    """JSON without spaces, with the escapes of .NET's writer."""
    if isinstance(value, str):
        return f'"{"".join(map(_escaped, value))}"'
    if isinstance(value, list):
        return f"[{','.join(map(dotnet_json, value))}]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{dotnet_json(key)}:{dotnet_json(held)}" for key, held in value.items()) + "}"
    return json.dumps(value)


def _escaped(character: str) -> str:
    if character in _WRITTEN_AS_IS:
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    in_hex = "".join(f"\\u{units[at : at + 2].hex().upper()}" for at in range(0, len(units), 2))
    return _ESCAPES.get(character, in_hex)


def value_of_json(data: bytes) -> StackItem:
    """The stack item of a JSON text. Raises VmFault for bad JSON, and for numbers that are not whole."""
    try:
        return _item(json.loads(data.decode(), parse_float=_whole, parse_constant=_refuse), MAX_DEPTH)
    except (ValueError, RecursionError) as error:
        raise VmFault(str(error)) from None


def _plain(item: StackItem, depth_left: int) -> Json:
    if depth_left == 0:
        raise VmFault("Operation is not valid due to the current state of the object.")
    if item is None or isinstance(item, bool):
        return item
    if isinstance(item, int):
        if abs(item) > MAX_SAFE_INTEGER:
            raise VmFault("Operation is not valid due to the current state of the object.")
        if abs(item) >= 10**15:
            raise NotModelled("a number that .NET may write with an exponent")
        return item
    if isinstance(item, bytes | Buffer):
        return to_text(item)
    if isinstance(item, Map):
        return {_key(key): _plain(value, depth_left - 1) for key, value in item.pairs()}
    if isinstance(item, Array):
        return [_plain(element, depth_left - 1) for element in item.items]
    raise VmFault("Invalid StackItemType")


def _key(key: Primitive) -> str:
    if not isinstance(key, bytes):
        raise VmFault("Key is not a ByteString")
    return to_text(key)


def _item(value: Json, depth_left: int) -> StackItem:
    if isinstance(value, list | dict) and depth_left == 0:
        raise VmFault("the JSON is nested too deeply")
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, list):
        return Array(_item(element, depth_left - 1) for element in value)
    if isinstance(value, dict):
        return Map((key.encode(), _item(held, depth_left - 1)) for key, held in value.items())
    if isinstance(value, int) and abs(value) > MAX_SAFE_INTEGER:
        raise NotModelled("a JSON number that a double does not hold")
    assert not isinstance(value, float)
    return value


def _whole(text: str) -> int:
    number = float(text)
    if number % 1 != 0:
        raise ValueError("Decimal value is not allowed")
    return int(number)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")

"""Stack items as JSON and back, as StdLib does it. Source: neo 3.9, Neo: SmartContract/JsonSerializer."""

import json
from collections.abc import Iterator
from typing import Final, NoReturn

from rpcnode.execution.engine import NotModelled
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.json import Json
from rpcnode.vm.conversions import to_text
from rpcnode.vm.items import Array, Buffer, Map, StackItem
from rpcnode.vm.limits import DEFAULT_LIMITS

MAX_SAFE_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 10  # of JSON that is read
MAX_WRITTEN_DEPTH: Final = 1000  # .NET's JsonWriterOptions.MaxDepth where it is not set
_INVALID_OPERATION: Final = "Operation is not valid due to the current state of the object."
_WRITTEN_AS_IS: Final = frozenset(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz !#$%()*,-./:;=?@[]^_{|}~"
)
_ESCAPES: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\"}
"""What .NET's JSON writer leaves as it is, and what it has short escapes for; the rest it writes as UTF-16 in hex."""


def json_bytes(item: StackItem) -> bytes:
    """The JSON of an item, without spaces.

    Raises VmFault for what has none: interfaces, keys that are no bytes, integers past 2^53 - 1, what is too long or
    deep, as an item is that contains itself. Raises NotModelled for integers that .NET may write with an exponent.
    """
    written: list[str] = []
    size_left = DEFAULT_LIMITS.max_item_size
    left: list[Iterator[StackItem | str]] = [iter((item,))]  # of each compound that is open, what is yet to be written
    while left:
        for part in left[-1]:
            if isinstance(part, Array | Map):
                _check_depth(len(left) - 1)
                left.append(_parts(part))
                break
            text = part if isinstance(part, str) else dotnet_json(_plain(part))
            written.append(text)
            size_left -= len(text)
            if size_left < 0:
                raise VmFault(_INVALID_OPERATION)
        else:
            left.pop()
    return "".join(written).encode()


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


def _check_depth(depth: int) -> None:
    if depth >= MAX_WRITTEN_DEPTH:
        limit = f"is equal to or larger than the maximum allowed depth of {MAX_WRITTEN_DEPTH}"
        raise VmFault(f"CurrentDepth ({depth}) {limit}. Cannot write the next JSON object or array.")


def _parts(item: Array | Map) -> Iterator[StackItem | str]:
    """What a compound is written as: items, with the texts before, between and behind them."""
    if isinstance(item, Array):
        yield "["
        for index, element in enumerate(item.items):
            if index:
                yield ","
            yield element
        yield "]"
        return
    if not all(isinstance(key, bytes) for key in item.entries):
        raise VmFault("Key is not a ByteString")
    yield "{"
    for index, (key, value) in enumerate(item.pairs()):
        if index:
            yield ","
        yield key
        yield ":"
        yield value
    yield "}"


def _plain(item: StackItem) -> Json:
    if item is None or isinstance(item, bool):
        return item
    if isinstance(item, int):
        if abs(item) > MAX_SAFE_INTEGER:
            raise VmFault(_INVALID_OPERATION)
        if abs(item) >= 10**15:
            raise NotModelled("a number that .NET may write with an exponent")
        return item
    if isinstance(item, bytes | Buffer):
        return to_text(item)
    raise VmFault("Invalid StackItemType")


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

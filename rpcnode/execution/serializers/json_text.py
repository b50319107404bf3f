"""JSON as .NET's writer has it, of stack items and of documents.

Source: neo 3.10.2, SmartContract/JsonSerializer.cs, SerializeToByteArray; .NET 10, Utf8JsonWriter, JavaScriptEncoder.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

from rpcnode.primitives.dotnet_text import double_text
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.json import Json
from rpcnode.vm.conversions import to_text
from rpcnode.vm.items import Array, Buffer, InteropInterface, Map, StackItem
from rpcnode.vm.limits import DEFAULT_LIMITS

MAX_SAFE_INTEGER: Final = 2**53 - 1
MAX_WRITTEN_DEPTH: Final = 1000  # .NET's JsonWriterOptions.MaxDepth where it is not set
_INVALID_OPERATION: Final = "Operation is not valid due to the current state of the object."
_ESCAPED: Final = re.compile(r"""[\b\t\n\f\r\\]|[^\b\t\n\f\r\\ !#$%()*,\-./0-9:;=?@A-Z\[\]^_a-z{|}~]+""")
_END: Final = InteropInterface()  # no item of a script is this one
_ESCAPES: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\"}
"""What .NET's JSON writer has short escapes for; the rest it writes as UTF-16 in hex, but most of ASCII."""


def json_bytes(item: StackItem) -> bytes:
    """The JSON of an item, without spaces.

    Raises VmFault for what has none: interfaces, keys that are no bytes, integers past 2^53 - 1, bytes that are no
    UTF-8, what is too long, or too deep, as an item is that contains itself. What comes first is the fault.
    """
    written: list[str] = []
    size_left = DEFAULT_LIMITS.max_item_size
    left: list[Iterator[StackItem | str]] = [iter((item,))]  # of each compound that is open, what is yet to come
    ends: list[str] = []
    before = ""
    while True:
        part = next(left[-1], _END)
        if part is _END:
            if not ends:
                return "".join(written).encode()
            left.pop()
            text, before = ends.pop(), ","
        elif isinstance(part, str):
            text, before = f"{before}{json_string(part)}:", ""
        elif isinstance(part, Array | Map):
            _check_depth(len(ends))
            start, end = ("[", "]") if isinstance(part, Array) else ("{", "}")
            left.append(iter(part.items) if isinstance(part, Array) else _members(part))
            ends.append(end)
            text, before = before + start, ""
        else:
            text, before = before + _plain(part), ","
        written.append(text)
        size_left -= len(text)
        if size_left < 0:
            raise VmFault(_INVALID_OPERATION)


def dotnet_json(value: Json) -> str:
    """JSON without spaces, with the escapes and numbers of .NET's writer."""
    if isinstance(value, str):
        return json_string(value)
    if isinstance(value, list):
        return f"[{','.join(map(dotnet_json, value))}]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json_string(key)}:{dotnet_json(held)}" for key, held in value.items()) + "}"
    return double_text(value) if isinstance(value, float) else json.dumps(value)


def json_string(text: str) -> str:
    """A text in quotes, with the escapes of .NET's writer."""
    return f'"{_ESCAPED.sub(_escaped, text)}"'


def _escaped(match: re.Match[str]) -> str:
    characters = match[0]
    short = _ESCAPES.get(characters)
    if short:
        return short
    units = characters.encode("utf-16-be", "surrogatepass").hex(" ", 2).upper()
    return f"\\u{units}".replace(" ", "\\u")


def _check_depth(depth: int) -> None:
    if depth >= MAX_WRITTEN_DEPTH:
        limit = f"is equal to or larger than the maximum allowed depth of {MAX_WRITTEN_DEPTH}"
        raise VmFault(f"CurrentDepth ({depth}) {limit}. Cannot write the next JSON object or array.")


def _members(item: Map) -> Iterator[StackItem | str]:
    """Each key, which is the only text among items, and its value. Raises VmFault for keys that are no bytes."""
    if not all(isinstance(key, bytes) for key in item.entries):
        raise VmFault("Key is not a ByteString")
    return (part for key, value in item.pairs() for part in (to_text(key), value))


def _plain(item: StackItem) -> str:
    if item is None:
        return "null"
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, int):
        if abs(item) > MAX_SAFE_INTEGER:
            raise VmFault(_INVALID_OPERATION)
        return str(item)
    if isinstance(item, bytes | Buffer):
        return json_string(to_text(item))
    raise VmFault("Invalid StackItemType")

"""JSON as .NET's System.Text.Json reads it for Neo, with its words for what is no JSON.

What StdLib.jsonDeserialize and contract manifests are read with. Comments are skipped; a comma in front of a closing
bracket, a byte order mark, and a member named twice are faults.
Source: neo 3.10.2, Neo.Json/JToken.Parse; .NET 10, System.Text.Json, Utf8JsonReader.
"""

import json
import re
from typing import Final, NoReturn

from rpcnode.primitives.dotnet_json_reader import JsonReader, JsonValue

DEFAULT_DEPTH: Final = 64  # of arrays and objects in each other, where JToken.Parse is given no other

_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


def read_json(data: bytes, max_depth: int = DEFAULT_DEPTH) -> JsonValue:
    """The value of a JSON text in UTF-8.

    Raises FormatError with the innermost words of the node's exception for anything else, for arrays and objects more
    than `max_depth` in each other, and for numbers that no double holds.
    """
    try:
        return _read_quickly(data, max_depth)
    except (ValueError, RecursionError):  # it may still be JSON, with comments
        return JsonReader(data, max_depth).document()


def _read_quickly(data: bytes, max_depth: int) -> JsonValue:
    """The same by Python's scanner, which is written in C. Raises ValueError where there is any doubt."""
    value: JsonValue = _DECODER.decode(data.decode())
    if _SURROGATE.search(data):
        json.dumps(value, ensure_ascii=False).encode()  # which half a character does not let itself be
    if data.count(b"[") + data.count(b"{") > max_depth:
        level: list[JsonValue] = [value]
        for _ in range(max_depth):
            level = [
                part
                for held in level
                if isinstance(held, list | dict)
                for part in (held.values() if isinstance(held, dict) else held)
                if isinstance(part, list | dict)
            ]
            if not level:
                return value
        raise ValueError("nested too deeply")
    return value


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:
        raise ValueError("no double holds the number")
    return number


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


_DECODER: Final = json.JSONDecoder(
    parse_int=_finite, parse_float=_finite, parse_constant=_refuse, object_pairs_hook=_unique
)

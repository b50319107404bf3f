"""Reads the parameters of dev methods: each function gives the value, or raises BadArgument that names it."""

import json
from collections.abc import Iterable, Mapping

from rpcnode.dev.control.method import BadArgument
from rpcnode.plugin.config import nearest_of
from rpcnode.primitives.json import Json
from rpcnode.primitives.secrecy import without_keys

_SHOWN = 80  # characters of a wrong value


def integer(value: Json, name: str, least: int, most: int) -> int:
    """A whole number within bounds; a boolean or a number with a fraction is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise BadArgument(f"{name}: {shown(value)} is no whole number")
    number = int(value)
    if not least <= number <= most:
        raise BadArgument(f"{name}: {shown(number)} is not between {least} and {most}")
    return number


def number(value: Json, name: str, least: float, most: float) -> float:
    """A number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise BadArgument(f"{name}: {shown(value)} is no number between {least} and {most}")
    return value


def text(value: Json, name: str, *, most: int = 256) -> str:
    """A text that is not empty, of at most so many characters."""
    if not isinstance(value, str) or not value or len(value) > most:
        raise BadArgument(f"{name}: {shown(value)} is no text of 1 to {most} characters")
    return value


def boolean(value: Json, name: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise BadArgument(f"{name}: {shown(value)} is neither true nor false")
    return value


def array(value: Json, name: str) -> list[Json]:
    """An array."""
    if not isinstance(value, list):
        raise BadArgument(f"{name}: {shown(value)} is no array")
    return value


def members(value: Json, name: str, allowed: Iterable[str], required: Iterable[str] = ()) -> Mapping[str, Json]:
    """An object with no members but those allowed, and all those required."""
    if not isinstance(value, dict):
        raise BadArgument(f"{name}: {shown(value)} is no object")
    known = list(allowed)
    for key in value:
        if key not in known:
            raise BadArgument(f"{name}: unknown member {shown(key)}; the nearest is {nearest_of(key, known)!r}")
    for key in required:
        if value.get(key) is None:
            raise BadArgument(f"{name}: member {key!r} is missing")
    return value


def shown(value: Json) -> str:
    """A value as messages show it: its JSON, without keys and cut short."""
    written = without_keys(json.dumps(value))
    return written if len(written) <= _SHOWN else f"{written[: _SHOWN - 1]}…"

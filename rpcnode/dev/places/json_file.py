"""JSON to plain data. A key may be there once in an object, and a number is finite."""

import json
import re
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any, Final, NoReturn

from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.limits import MAX_DIGITS, MAX_VALUES, TOO_MANY, is_too_deep, nesting_error, too_long
from rpcnode.dev.places.path import Node, Position, Steps, member_path, positions_of
from rpcnode.primitives.json import Json

# A text that is not closed goes on to the end: no character is looked at twice.
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_TOKEN: Final = re.compile(rf'\n|{_STRING.pattern}|[{{}}\[\]]|[^\s{{}}\[\]",:]+', re.DOTALL)
_OPENING: Final = {"{": Node.MAPPING, "[": Node.LIST}
_MANY_DIGITS: Final = re.compile(rf"(?<![0-9])[0-9]{{{MAX_DIGITS + 1}}}")
_TRAILING_COMMA: Final = re.compile(r",\s*[}\]]")


class _RepeatedKeyError(Exception):
    pass


class _NumberError(Exception):
    """`written` is a number that cannot be taken."""

    def __init__(self, written: str, message: str) -> None:
        super().__init__(message)
        self.written = written


def load(text: str, file: Path, *, max_values: int = MAX_VALUES) -> Json:
    """The data that `text` holds; raises FixtureError with the line of the fault."""
    if _most_values(text) > max_values:
        raise FixtureError(file, TOO_MANY if max_values == MAX_VALUES else f"holds more than {max_values:,} values")
    numbers: dict[str, Any] = {"parse_int": _bounded_integer} if _MANY_DIGITS.search(text) else {}
    try:
        data: Json = json.loads(
            text, object_pairs_hook=_object, parse_constant=_refuse_constant, parse_float=_finite, **numbers
        )
    except _RepeatedKeyError:
        raise _repeated_key(text, file) from None
    except _NumberError as error:
        raise FixtureError(file, f"not JSON that can be read: {error}", line=_line_of(error.written, text)) from None
    except json.JSONDecodeError as error:
        raise _syntax_error(error, text, file) from None
    except RecursionError:
        raise nesting_error(positions(text), file) from None
    if is_too_deep(data):
        raise nesting_error(positions(text), file)
    return data


def positions(text: str) -> Iterator[Position]:
    """Every value of valid JSON, with its line."""
    return positions_of(_nodes(text))


def _nodes(text: str) -> Iterator[tuple[Node, str, int]]:
    for token, line in _tokens(text):
        if token in _OPENING:
            yield _OPENING[token], "", line
        elif token in "}]":
            yield Node.END, "", line
        else:
            yield Node.SCALAR, json.loads(token) if token[0] == '"' else token, line


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """What is no comma or colon, with its line."""
    line = 1
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "\n":
            line += 1
        else:
            yield token, line


def _most_values(text: str) -> int:
    """At least as many as there are values and keys; exact, less empty lists, where that may matter."""
    most = _separators(text)
    return most if most <= MAX_VALUES else _separators(_STRING.sub("", text))


def _separators(text: str) -> int:
    return sum(map(text.count, "[{,:"))


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RepeatedKeyError
    return members


def _bounded_integer(written: str) -> int:
    if len(written) > MAX_DIGITS:
        raise _NumberError(written, too_long(len(written.lstrip("-"))))
    return int(written)


def _finite(written: str) -> float:
    if len(written) > MAX_DIGITS:
        raise _NumberError(written, too_long(len(written)))
    number = float(written)
    if not isfinite(number):
        raise _NumberError(written, f"{written:.40} is too large for a number; write a text in quotes")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise _NumberError(name, f"{name} is no number of JSON")


def _line_of(written: str, text: str) -> int | None:
    return next((line for token, line in _tokens(text) if token == written), None)


def _syntax_error(error: json.JSONDecodeError, text: str, file: Path) -> FixtureError:
    # Python 3.13 blames the comma, and older ones what comes after it.
    at = text.rfind(",", 0, error.pos + 1)
    if at >= 0 and (found := _TRAILING_COMMA.match(text, at)) and error.pos in (at, found.end() - 1):
        kind = "an object" if found[0].endswith("}") else "an array"
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        message = f"a comma is the last thing in {kind}; leave it out"
    else:
        line, column, message = error.lineno, error.colno, error.msg
    return FixtureError(file, f"not JSON: {message}, column {column}", line=line)


def _repeated_key(text: str, file: Path) -> FixtureError:
    seen: list[set[str | int]] = []  # the members of each open list and mapping, from the outside in
    for steps, line in positions(text):
        depth = len(steps)
        del seen[depth:]
        seen += [set() for _ in range(depth - len(seen))]
        if steps[-1] in seen[-1]:
            message = "this key stands here twice; leave one of the two out"
            return FixtureError(file, message, line=line, path=_path_of(steps))
        seen[-1].add(steps[-1])
    return FixtureError(file, "a key stands twice in one object; leave one of the two out")


def _path_of(steps: Steps) -> str:
    path = ""
    for step in steps:
        path = member_path(path, step) if isinstance(step, str) else f"{path}[{step}]"
    return path

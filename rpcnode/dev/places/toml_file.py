"""TOML to plain data; dates and times become their ISO 8601 texts."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from math import isfinite
from pathlib import Path
from typing import Any

from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.limits import (
    MAX_DIGITS,
    MAX_NESTING,
    MAX_VALUES,
    TOO_DEEP,
    TOO_MANY,
    is_too_deep,
    nesting_error,
    too_long,
)
from rpcnode.dev.places.path import Position, Steps
from rpcnode.primitives.json import Json

# A text that is not closed goes on to the end: no character is looked at twice.
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{0,5}|\'\'\'(?:[^\']|\'{1,2}(?!\'))*+\'{0,5}'
    r'|"(?:[^"\\\n]|\\.)*+"?|\'[^\'\n]*+\'?'
    r"|#[^\n]*|\n|[\[\]{},=.]|[^\s\[\]{},=.#\"']+",
    re.DOTALL,
)
_LINE_OF_ERROR = re.compile(r" \(at line (\d+), column \d+\)")
_NUMBER = re.compile(r"[-+]?[0-9][0-9a-fA-Fxo_]*").fullmatch
_STRUCTURE = frozenset("[{,=.")


def load(text: str, file: Path) -> Json:
    """The data that `text` holds; raises FixtureError with the line of the fault."""
    _check_limits(text, file)
    try:
        data = _plain(tomllib.loads(text, parse_float=_finite))
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _LINE_OF_ERROR.search(message)
        line = int(found[1]) if found else None
        raise FixtureError(file, f"not TOML: {_LINE_OF_ERROR.sub('', message)}", line=line) from None
    except RecursionError:
        raise FixtureError(file, TOO_DEEP) from None
    except ValueError as error:
        raise FixtureError(file, f"not TOML that can be read: {error}") from None
    if is_too_deep(data):
        raise nesting_error(positions(text), file)
    return data


def positions(text: str) -> Iterator[Position]:
    """Every value of valid TOML that has a key or a place in an array, with its line."""
    return _Scanner(text).positions()


def _check_limits(text: str, file: Path) -> None:
    """Raises FixtureError for what would take tomllib minutes or gigabytes, or what it names in words of Python's."""
    values = parts = 0
    for token, line in _tokens(text):
        if token in _STRUCTURE:
            values += 1
            parts += 1 if token == "." else 0
        elif token == "\n":
            parts = 0
        elif len(token) > MAX_DIGITS and _NUMBER(token):
            raise FixtureError(file, too_long(len(token.lstrip("+-"))), line=line)
        if parts >= MAX_NESTING:
            raise FixtureError(file, TOO_DEEP, line=line)
        if values > MAX_VALUES:
            raise FixtureError(file, TOO_MANY, line=line)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """What TOML consists of, without comments, and the line of each."""
    line = 1
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token[0] != "#":
            yield token, line
        line += token.count("\n")
    yield "\n", line


def _finite(written: str) -> float:
    number = float(written)
    if not isfinite(number):
        raise ValueError(f"{written:.40} is no number that a chain can hold; write a text in quotes")
    return number


def _plain(value: Any) -> Json:
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    plain: Json = value
    return plain


class _Scanner:
    """Walks over TOML that is known to be valid, and so need not look closely."""

    def __init__(self, text: str) -> None:
        self._tokens = [*_tokens(text)]
        self._at = 0
        self._tables: dict[Steps, int] = {}  # arrays of tables, and how many there are so far

    def positions(self) -> Iterator[Position]:
        table: Steps = ()
        while self._at < len(self._tokens):
            token, line = self._tokens[self._at]
            if token == "\n":
                self._at += 1
            elif token == "[":
                table = self._header()
                yield table, line
            else:
                steps = table + self._key()
                yield steps, line
                yield from self._value(steps)

    def _header(self) -> Steps:
        """The table that `[a.b]` or `[[a.b]]` opens, the last one of each array of tables on the way."""
        is_array = self._tokens[self._at + 1][0] == "["
        self._at += 2 if is_array else 1
        parts = self._key()
        self._at += 1 if is_array else 0
        steps: Steps = ()
        for part in parts[:-1]:
            steps = self._last((*steps, part))
        steps += parts[-1:]
        if is_array:
            self._tables[steps] = self._tables.get(steps, 0) + 1
        return self._last(steps)

    def _last(self, steps: Steps) -> Steps:
        return (*steps, self._tables[steps] - 1) if steps in self._tables else steps

    def _key(self) -> Steps:
        """The parts of a dotted key; moves past the `=` or `]` after it."""
        parts: list[str] = []
        while (token := self._tokens[self._at][0]) not in ("=", "]"):
            self._at += 1
            if token[0] == '"':
                parts.append(str(tomllib.loads(f"key = {token}")["key"]))
            elif token != ".":
                parts.append(token.strip("'"))
        self._at += 1
        return tuple(parts)

    def _value(self, steps: Steps) -> Iterator[Position]:
        """What a value holds, one level of brackets after the other; moves past the end of its line."""
        brackets: list[tuple[Steps, int | None]] = []  # inside an array with the index of the next item, or a table
        is_next = False
        while True:
            token, line = self._tokens[self._at]
            if token == "\n" and not brackets:
                return
            if is_next and token not in ("\n", "]", "}"):
                is_next = False
                outer, index = brackets[-1]
                if index is None:
                    steps = outer + self._key()
                    yield steps, line
                    continue
                steps = (*outer, index)
                brackets[-1] = (outer, index + 1)
                yield steps, line
            self._at += 1
            if token in ("[", "{"):
                brackets.append((steps, 0 if token == "[" else None))
                is_next = True
            elif token in ("]", "}"):
                brackets.pop()
                is_next = False
            elif token == ",":
                is_next = True

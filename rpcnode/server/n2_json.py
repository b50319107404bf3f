"""JSON text as neo 2.x reads it, with a hand-written and lenient parser.

Single quotes open strings too; commas may be missing or lead; text after the first value is not looked at; a number
ends before its exponent; only the escapes \\n, \\r and \\u are understood, any other stands for its second character.
"""

import json
import re
from collections.abc import Callable
from typing import Final

from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.server.json_text import double, integer, refuse_constant

_SPACE: Final = " \t\r\n"
_SPACES: Final = re.compile("[ \t\r\n]*")
_NUMBER: Final = re.compile(r"[0-9.\-]+")
_PLAIN_NUMBER: Final = re.compile(r"-?(?:[0-9]+\.?[0-9]*)")
_HEXADECIMAL: Final = re.compile("[0-9A-Fa-f]{4}")
_UNTIL: Final = {quote: re.compile(rf"[^\\\uffff{quote}]*") for quote in "\"'"}
_ESCAPES: Final = {"n": "\n", "r": "\r"}
_WORDS: Final[tuple[tuple[str, Json], ...]] = (("true", True), ("false", False), ("null", None))


class NodeCrashError(Exception):
    """The emulated node throws where nothing catches: it answers HTTP 500 with an empty body."""


class _ReadDifferentlyError(ValueError):
    """Sound JSON that this parser reads in its own way."""


def parse_n2_json(text: str, max_depth: int) -> Json:
    """The first value in `text`; raises FormatError, or NodeCrashError for an object with one key twice.

    Source: neo 2.12, neo/IO/Json: JObject.Parse, JArray.Parse, JString.Parse, JNumber.Parse.
    """
    # Most requests are sound JSON that both parsers read alike, and Python's is in C.
    if "\\" not in text and "\uffff" not in text and text.count("[") + text.count("{") <= max_depth:
        try:
            return _decode(text)
        except ValueError:
            pass
    return _Parser(text).value(max_depth)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise NodeCrashError("ArgumentException: an item with the same key has already been added")
    return result


def _plain_double(text: str) -> int | float:
    if "e" in text or "E" in text:
        raise _ReadDifferentlyError(text)
    return double(text)


_decode: Final[Callable[[str], Json]] = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=integer, parse_float=_plain_double, parse_constant=refuse_constant
).decode


class _Parser:
    """The descent of JObject.Parse over one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def value(self, levels_left: int) -> Json:
        if levels_left < 0:
            raise FormatError("nested too deep")
        self._skip_spaces()
        first = self._text[self._at : self._at + 1]
        if first in ('"', "'"):
            return self._string()
        if first == "[":
            return self._array(levels_left)
        if first == "{":
            return self._object(levels_left)
        if first == "-" or "0" <= first <= "9":
            return self._number()
        for word, value in _WORDS:
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return value
        raise FormatError(f"no value at character {self._at}")

    def _skip_spaces(self) -> None:
        match = _SPACES.match(self._text, self._at)
        assert match is not None
        self._at = match.end()

    def _next_is(self, character: str) -> bool:
        return self._text.startswith(character, self._at)

    def _array(self, levels_left: int) -> list[Json]:
        self._at += 1
        self._skip_spaces()
        items: list[Json] = []
        while not self._next_is("]"):
            if self._next_is(","):
                self._at += 1
            items.append(self.value(levels_left - 1))
            self._skip_spaces()
        self._at += 1
        return items

    def _object(self, levels_left: int) -> dict[str, Json]:
        self._at += 1
        self._skip_spaces()
        members: dict[str, Json] = {}
        while not self._next_is("}"):
            if self._next_is(","):
                self._at += 1
            self._skip_spaces()
            key = self._string()
            self._skip_spaces()
            if not self._next_is(":"):
                raise FormatError(f"no colon at character {self._at}")
            self._at += 1
            value = self.value(levels_left - 1)
            if key in members:
                raise NodeCrashError(f"ArgumentException: the key {key[:40]!r} has already been added")
            members[key] = value
            self._skip_spaces()
        self._at += 1
        return members

    def _string(self) -> str:
        quote = self._text[self._at : self._at + 1]
        if quote not in _UNTIL:
            raise FormatError(f"no string at character {self._at}")
        self._at += 1
        parts = []
        while True:
            plain = _UNTIL[quote].match(self._text, self._at)
            assert plain is not None
            parts.append(plain[0])
            self._at = plain.end()
            if self._next_is(quote):
                self._at += 1
                break
            if not self._next_is("\\"):
                raise FormatError("a string without end")
            parts.append(self._escaped())
        text = "".join(parts)
        # .NET's characters are UTF-16 units: two escapes may make one character of ours.
        return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _escaped(self) -> str:
        character = self._text[self._at + 1 : self._at + 2]
        self._at += 2
        if character != "u":
            return _ESCAPES.get(character, character)
        digits = _HEXADECIMAL.match(self._text, self._at)
        if digits is None:
            raise FormatError(f"not four hexadecimal digits at character {self._at}")
        self._at = digits.end()
        return chr(int(digits[0], 16))

    def _number(self) -> int | float:
        match = _NUMBER.match(self._text, self._at)
        assert match is not None
        if _PLAIN_NUMBER.fullmatch(match[0]) is None:
            raise FormatError(f"{match[0][:40]} is not a number")
        self._at = match.end()
        return double(match[0])

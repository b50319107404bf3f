"""JSON text as neo 2.x reads it, with a hand-written and lenient parser.

Single quotes open strings too; commas may be missing or lead; text after the first value is not looked at; a number
ends before its exponent; only the escapes \\n, \\r and \\u are understood, any other stands for its second character.
"""

import gc
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.failures import NodeCrashError
from rpcnode.server.jsonrpc.json_text import double, integer, nests_deeper, refuse_constant

# The tokens of a document, each without the space before it. An empty one is what no value has in it, or the end.
# Nothing goes back over what it matched, and the first text that is no token takes all the rest with it.
_TOKENS: Final[Callable[[str], list[str]]] = re.compile(
    r"""
    [ \t\r\n]*+
    (?:
        (
            [\[\]{},:]
          | "[^"\\\uffff]*+(?:\\(?:u[0-9A-Fa-f]{4}|[^u])[^"\\\uffff]*+)*+"
          | '[^'\\\uffff]*+(?:\\(?:u[0-9A-Fa-f]{4}|[^u])[^'\\\uffff]*+)*+'
          | [0-9\-][0-9.\-]*+
          | true | false | null
        )
      | [\s\S]*+
    )
    """,
    re.VERBOSE,
).findall
_PLAIN_NUMBER: Final = re.compile(r"-?[0-9]++\.?[0-9]*+").fullmatch
_ESCAPE: Final = re.compile(r"\\(?:u(....)|(.))", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "r": "\r"}
_WORDS: Final[dict[str, Json]] = {"true": True, "false": False, "null": None}
_QUOTES: Final = ('"', "'")


class _ReadDifferentlyError(ValueError):
    """Sound JSON that this parser reads in its own way."""


def parse_n2_json(text: str, max_depth: int) -> Json:
    """The first value in `text`; raises FormatError, or NodeCrashError for an object with one key twice.

    Takes time in proportion to the length.
    Source: neo 2.12, neo/IO/Json: JObject.Parse, JArray.Parse, JString.Parse, JNumber.Parse.
    """
    # Most requests are sound JSON that both parsers read alike, and Python's is in C.
    if "\\" not in text and "\uffff" not in text:
        try:
            if not nests_deeper(text, max_depth):
                return _decode(text)
        except ValueError:
            pass
    with _no_collection():
        tokens = iter(_TOKENS(text))
        return _value(next(tokens), tokens, max_depth)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Python's collector off: while a document is read nothing dies, and looking for it takes most of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _object_of_sound_text(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise _ReadDifferentlyError
    return result


def _plain_double(text: str) -> int | float:
    if "e" in text or "E" in text:
        raise _ReadDifferentlyError(text)
    return double(text)


_decode: Final[Callable[[str], Json]] = json.JSONDecoder(
    object_pairs_hook=_object_of_sound_text,
    parse_int=integer,
    parse_float=_plain_double,
    parse_constant=refuse_constant,
    strict=False,
).decode


def _value(token: str, tokens: Iterator[str], levels_left: int) -> Json:
    """The value that begins with a token."""
    if levels_left < 0:
        raise FormatError("nested too deep")
    if token == "[":
        return _array(tokens, levels_left - 1)
    if token == "{":
        return _object(tokens, levels_left - 1)
    return _string(token) if token[:1] in _QUOTES else _word_or_number(token)


def _array(tokens: Iterator[str], levels_left: int) -> list[Json]:
    """The items up to the closing bracket, when the opening one is read."""
    items: list[Json] = []
    # Written out, not by `_value`: a megabyte may hold a million tokens.
    for following in tokens:
        if following == "]":
            return items
        token = next(tokens) if following == "," else following
        if levels_left < 0:
            raise FormatError("nested too deep")
        if token == "[":
            items.append(_array(tokens, levels_left - 1))
        elif token == "{":
            items.append(_object(tokens, levels_left - 1))
        elif token[:1] in _QUOTES:
            items.append(token[1:-1] if "\\" not in token else _string(token))
        elif token.isdigit() and len(token) < 16:
            items.append(int(token))
        else:
            items.append(_word_or_number(token))
    raise FormatError("an array without end")


def _object(tokens: Iterator[str], levels_left: int) -> dict[str, Json]:
    """The members up to the closing brace, when the opening one is read."""
    members: dict[str, Json] = {}
    for following in tokens:
        if following == "}":
            return members
        token = next(tokens) if following == "," else following
        if token[:1] not in _QUOTES:
            raise FormatError("a key is no string")
        key = _string(token)
        if next(tokens) != ":":
            raise FormatError(f"no colon after the key {key[:40]!r}")
        value = _value(next(tokens), tokens, levels_left)
        if key in members:
            raise NodeCrashError(f"ArgumentException: the key {key[:40]!r} has already been added")
        members[key] = value
    raise FormatError("an object without end")


def _string(token: str) -> str:
    """What a string with its quotes says."""
    if "\\" not in token:
        return token[1:-1]
    text = _ESCAPE.sub(_unescaped, token[1:-1])
    # .NET's characters are UTF-16 units: two escapes may make one character of ours.
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _unescaped(escape: re.Match[str]) -> str:
    code, character = escape.groups()
    return chr(int(code, 16)) if character is None else _ESCAPES.get(character, character)


def _word_or_number(token: str) -> Json:
    if token in _WORDS:
        return _WORDS[token]
    if _PLAIN_NUMBER(token) is None:
        raise FormatError(f"{token[:40]!r} is no value")
    try:
        return integer(token) if token.isdigit() else double(token)
    except FormatError as error:
        raise NodeCrashError(f"OverflowException: {error}") from error

"""JSON text as the N3 nodes read and write it: System.Text.Json under Neo.Json.

Numbers are IEEE doubles there. An integer that a double is sure to hold exactly arrives as `int` (5.0 too, a double
cannot tell them apart), everything else as `float`. What Neo's parser does not take for JSON raises FormatError, where
it throws FormatException.
"""

import json
import re
from collections.abc import Callable
from functools import partial
from math import isfinite
from typing import Final, NoReturn

from rpcnode.primitives.dotnet_text import double_text, double_text_of_net_8
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json

LARGEST_EXACT_INTEGER: Final = 2**53 - 1
"""Up to here no other integer reads as the same double (RFC 8259, section 6): 2^53 may have been 2^53 + 1."""

# A string (its end may be missing, so that no search starts inside it), or a comment and whether it is closed.
_STRING_OR_COMMENT: Final = re.compile(
    r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|//[^\n\r]*+|/\*(?:.*?(?P<closed>\*/)|.*)', re.DOTALL
)
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_TO_SQUARE_BRACKETS: Final = bytes.maketrans(b"{}", b"[]")
_NO_STRUCTURE: Final = bytes(set(range(256)) - set(b'[]{}"\\'))

# What a float looks like at its end; a string may look so too, hence only a reason to look closer.
_FRACTION: Final = re.compile(r"\.[0-9]+(?:e[+-][0-9]+)?(?:[,\]}]|\Z)")
_EXPONENT: Final = re.compile(r"e[+-][0-9]+(?:[,\]}]|\Z)")
_STRING_OR_NUMBER: Final = re.compile(r'"[^"]*"|-?[0-9]+(?:\.[0-9]+)?(?:e[+-][0-9]+)?')
_WRITTEN_TOKEN: Final = re.compile(r'"[^"]*"|-?[0-9]+(?:\.[0-9]+)?(?:E[+-][0-9]+)?')
_LONG_INTEGER: Final = re.compile("[0-9]{16}").search
_AS_IN_DOTNET: Final = 17  # characters up to which Python and .NET write a number alike, but for a last `.0`


def double(text: str) -> int | float:
    """The double a JSON number stands for; raises FormatError when it is beyond the largest one."""
    value = float(text)
    if not isfinite(value):
        raise FormatError(f"{text[:40]} is more than a double holds")
    if value.is_integer() and abs(value) <= LARGEST_EXACT_INTEGER and (value or text[0] != "-"):
        return int(value)
    return value


def integer(text: str) -> int | float:
    """As `double`, for number text without fraction and exponent."""
    return int(text) if len(text) < 16 and text != "-0" else double(text)


def refuse_constant(name: str) -> NoReturn:
    """Raises FormatError: `NaN` and the infinities, which Python reads, are not JSON."""
    raise FormatError(f"{name} is not JSON")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise FormatError("an object has one key twice")
    return result


_decode: Final[Callable[[str], Json]] = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=integer, parse_float=double, parse_constant=refuse_constant
).decode


def parse_json(text: str, max_depth: int) -> Json:
    """The value of a document, read as `JToken.Parse` reads it.

    Comments are skipped; trailing commas, a key given twice, half a surrogate pair and nesting beyond `max_depth` are
    errors: FormatError.
    Source: neo, Neo.Json/JToken.cs: Parse; System.Text.Json, Utf8JsonReader.
    """
    if "/" in text and ("//" in text or "/*" in text):
        text = _STRING_OR_COMMENT.sub(_without_comment, text)
    # Depth comes first: Python's parser recurses.
    if nests_deeper(text, max_depth):
        raise FormatError(f"nested more than {max_depth} deep")
    try:
        value = _decode(text)
    except FormatError:
        raise
    except ValueError as error:
        raise FormatError(str(error)) from error
    if "\\ud" in text or "\\uD" in text:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise FormatError("half a surrogate pair in a string") from error
    return value


def nests_deeper(text: str, limit: int) -> bool:
    """Whether arrays and objects nest more than `limit` deep in a document without comments.

    Raises FormatError when brackets do not pair up. Takes no stack, and time in proportion to length times `limit`.
    """
    if text.count("[") + text.count("{") <= limit:
        return False
    data = text.encode()
    structure = data.translate(_TO_SQUARE_BRACKETS, _NO_STRUCTURE)
    # Strings without brackets and escapes are bare pairs of quotes by now; others have to be cut out properly.
    structure = structure.replace(b'""', b"")
    if b'"' in structure or b"\\" in structure:
        structure = _STRING.sub(b"", data).translate(_TO_SQUARE_BRACKETS, _NO_STRUCTURE)
    if b"[" * (limit + 1) in structure:
        return True
    for _ in range(limit):
        if not structure:
            return False
        peeled = structure.replace(b"[]", b"")
        if len(peeled) == len(structure):
            raise FormatError("brackets do not pair up")
        structure = peeled
    return bool(structure)


def _without_comment(match: re.Match[str]) -> str:
    token = match[0]
    if token[0] == '"' or (token[1] == "*" and match["closed"] is None):
        return token
    return " "


_PIECE: Final = 64 * 1024  # characters
_encode: Final = json.JSONEncoder(separators=(",", ":"), check_circular=False, allow_nan=False).encode


def write_json(value: Json, number_text: Callable[[float], str] = double_text) -> str:
    r"""Compact text, escaped as System.Text.Json does by default: `"` is \u0022, `+` \u002B, any non-ASCII \uXXXX.

    An `int` is written in full, a `float` as .NET prints it (5, 0.5, 1E+17). ASCII only.
    Raises ValueError for an infinite float or NaN, TypeError for what is not JSON.
    """
    if type(value) is int:
        return str(value)
    text = _encode(value)
    if "\\" in text:
        text = "\\\\".join([_dotnet_escapes(part) if "\\" in part else part for part in text.split("\\\\")])
    if ("." in text and _FRACTION.search(text)) or (("e+" in text or "e-" in text) and _EXPONENT.search(text)):
        text = _STRING_OR_NUMBER.sub(partial(_dotnet_number, number_text), text)
    elif "+" in text:
        text = text.replace("+", "\\u002B")
    return (
        text.replace("'", "\\u0027")
        .replace("<", "\\u003C")
        .replace(">", "\\u003E")
        .replace("&", "\\u0026")
        .replace("`", "\\u0060")
    )


def _dotnet_escapes(text: str) -> str:
    """Escapes as .NET has them, of a text without escaped backslashes.

    Split, not matched one by one, and a piece at a time: an answer of megabytes may be nothing but escapes.
    """
    pieces = []
    at = 0
    while at < len(text):
        cut = text.find("\\u", at + _PIECE)
        end = len(text) if cut < 0 else cut
        first, *others = text[at:end].split("\\u")
        pieces.append(first + "".join([f"\\u{other[:4].upper()}{other[4:]}" for other in others]))
        at = end
    return "".join(pieces).replace('\\"', "\\u0022")


def _dotnet_number(number_text: Callable[[float], str], match: re.Match[str]) -> str:
    token = match[0]
    if token[0] == '"':
        return token.replace("+", "\\u002B")
    if "e" in token or len(token) > _AS_IN_DOTNET:
        return number_text(float(token)) if "." in token or "e" in token else token
    return token.removesuffix(".0")


def write_double(value: Json, number_text: Callable[[float], str] = double_text) -> str:
    """As `write_json`, with every number printed as the double it was when a request was read.

    For what a node gives back unchanged, like the id: 123456789012345678 is 1.2345678901234568E+17 there.
    """
    text = write_json(value, number_text)
    return _WRITTEN_TOKEN.sub(partial(_as_double, number_text), text) if _LONG_INTEGER(text) else text


def write_double_of_net_8(value: Json) -> str:
    """The same as preview2 prints it."""
    return write_double(value, double_text_of_net_8)


def _as_double(number_text: Callable[[float], str], match: re.Match[str]) -> str:
    token = match[0]
    return number_text(float(token)) if _LONG_INTEGER(token) and token.lstrip("-").isdigit() else token

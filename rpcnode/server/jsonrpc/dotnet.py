"""How .NET reads text that clients send."""

import codecs
import re
from typing import Final

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST_BYTES_OF_MARKS: Final = frozenset(mark[0] for mark, _ in _BYTE_ORDER_MARKS)
_ESCAPES: Final = "(?:%[0-9A-Fa-f]{2})+"
_NO_UTF8: Final = frozenset(map(chr, range(0xDC80, 0xDD00)))  # what `surrogateescape` makes of bytes


def unescape_query(text: str) -> str:
    """A key or value of a query as ASP.NET reads it: `+` is a space, and escapes of what is no UTF-8 stay as they are.

    Source: dotnet/aspnetcore, QueryStringEnumerable; dotnet/runtime, Uri.UnescapeDataString.
    """
    text = text.replace("+", " ")
    return re.sub(_ESCAPES, _unescaped, text) if "%" in text else text


def _unescaped(escapes: re.Match[str]) -> str:
    run = escapes[0]
    text = bytes.fromhex(run.replace("%", " ")).decode("utf-8", "surrogateescape")
    if text.isascii() or _NO_UTF8.isdisjoint(text):
        return text
    parts = []
    at = 0  # in the run
    for character in text:
        end = at + 3 * (1 if character in _NO_UTF8 else len(character.encode()))
        parts.append(run[at:end] if character in _NO_UTF8 else character)
        at = end
    return "".join(parts)


def decode_text(body: bytes) -> str:
    """A body as `StreamReader` reads it: UTF-8 unless a byte order mark says otherwise; bad bytes become U+FFFD."""
    if body and body[0] in _FIRST_BYTES_OF_MARKS:
        for mark, encoding in _BYTE_ORDER_MARKS:
            if body.startswith(mark):
                return body[len(mark) :].decode(encoding, "replace")
    return body.decode("utf-8", "replace")

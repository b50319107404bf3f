"""Base64 as .NET decodes it: what it skips, what it wants of the padding, and what it does with bits left over."""

import re
from base64 import b64decode
from typing import Final

_SPACE: Final = re.compile(r"[ \t\r\n]+")
_GROUPS: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_URL_GROUPS: Final = re.compile(r"((?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?)([=%]{0,2})")
_URL_DIGITS: Final = str.maketrans("-_", "+/")
_WITHOUT_REST: Final = {2: frozenset("AQgw"), 3: frozenset("AEIMQUYcgkosw048")}
"""By the digits of the last group: the last ones whose bits that reach no byte are 0."""


def decode_base64(text: str) -> bytes | None:
    """The bytes of `Convert.FromBase64String(text)`, or None where that throws.

    Blanks, tabs and line ends are skipped anywhere; padding must be complete and no more; no other character is
    tolerated. Bits that are left over are ignored.
    """
    digits = _SPACE.sub("", text)
    return b64decode(digits) if _GROUPS.fullmatch(digits) else None


def decode_base64_url(text: str) -> bytes | None:
    """The bytes of IdentityModel's `Base64UrlEncoder.DecodeBytes(text)`, or None where that throws.

    With `-` and `_` the padding, of `=` or `%`, may be left out in whole or in part. With `+` and `/` it has to be
    complete, and the text, spaces counted, a multiple of four. Spaces are skipped; bits that are left over must be 0.
    Source: Microsoft.IdentityModel.Tokens 8.15, Base64UrlEncoder; .NET 10, Base64Url.DecodeFromChars.
    """
    stripped = _SPACE.sub("", text)
    match = _URL_GROUPS.fullmatch(stripped)
    if match and _is_whole(match[1], len(match[2])):
        digits = match[1].translate(_URL_DIGITS)
    elif len(text) % 4 == 0 and _GROUPS.fullmatch(stripped) and _is_whole(stripped.rstrip("="), 0):
        digits = stripped.rstrip("=")
    else:
        return None
    return b64decode(digits + "=" * (-len(digits) % 4))


def _is_whole(digits: str, padding: int) -> bool:
    """Whether so much padding may follow, and no bit is left over that is not 0."""
    last_group = len(digits) % 4
    if last_group == 0:
        return padding == 0
    return last_group + padding <= 4 and digits[-1] in _WITHOUT_REST[last_group]

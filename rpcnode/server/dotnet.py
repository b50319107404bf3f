"""How .NET prints numbers and reads text, where clients can see it."""

import base64
import binascii
import codecs
import re
from collections.abc import Mapping
from typing import Final

from rpcnode.primitives.errors import FormatError

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST_BYTES_OF_MARKS: Final = frozenset(mark[0] for mark, _ in _BYTE_ORDER_MARKS)
_BASE64_SPACE: Final = re.compile("[ \t\r\n]+")
_GENERAL_DIGITS: Final = 15
_WHITE_SPACE: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_ENUM_NUMBER: Final = re.compile(r"([+-]?+)(?=[0-9])0*+([0-9]*+)[\t-\r ]*+\0*+").fullmatch


def double_text(value: float) -> str:
    """A double as `Double.ToString()` prints it in the invariant culture: `1`, `0.5`, `1E+15`, `-0`.

    The shortest digits that read back as the same double; an exponent when the number has more than 15 places before
    the point (and more than it has digits) or more than 3 zeros after it.
    Source: dotnet/runtime, Number.Formatting.cs: FormatDouble, FormatGeneral.
    """
    text = repr(value)  # the shortest digits, as [-]WHOLE[.FRACTION][eEXPONENT]
    minus = "-" if text[0] == "-" else ""
    mantissa, _, exponent = text.removeprefix("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The number is 0.DIGITS times ten to the `scale`.
    scale = len(digits) - len(fraction) + int(exponent or 0)
    digits = digits.rstrip("0")
    if not digits:
        return minus + "0"
    if scale > max(len(digits), _GENERAL_DIGITS) or scale < -3:
        point = "." if len(digits) > 1 else ""
        return f"{minus}{digits[0]}{point}{digits[1:]}E{scale - 1:+03d}"
    if scale <= 0:
        return f"{minus}0.{'0' * -scale}{digits}"
    point = "." if len(digits) > scale else ""
    return f"{minus}{digits[:scale].ljust(scale, '0')}{point}{digits[scale:]}"


def decode_base64(text: str) -> bytes | None:
    """The bytes of `Convert.FromBase64String(text)`, or None where that throws.

    Blanks, tabs and line ends are skipped anywhere; padding must be complete and no more; no other character is
    tolerated.
    """
    digits = _BASE64_SPACE.sub("", text)
    if len(digits) % 4 or digits[-3:-2] == "=":
        return None
    try:
        return base64.b64decode(digits, validate=True)
    except (binascii.Error, ValueError):
        return None


def decode_text(body: bytes) -> str:
    """A body as `StreamReader` reads it: UTF-8 unless a byte order mark says otherwise; bad bytes become U+FFFD."""
    if body and body[0] in _FIRST_BYTES_OF_MARKS:
        for mark, encoding in _BYTE_ORDER_MARKS:
            if body.startswith(mark):
                return body[len(mark) :].decode(encoding, "replace")
    return body.decode("utf-8", "replace")


def parse_enum(text: str, members: Mapping[str, int]) -> int:
    """What `Enum.Parse` makes of a text, for an enumeration of bytes: names joined by commas, or a number.

    White space around a name counts for nothing, letters are compared with their case, several names are united bit by
    bit, and a number need be no member's. Raises FormatError for anything else.
    Source: dotnet/runtime, Enum.cs: TryParse, TryParseByName.
    """
    stripped = text.lstrip(_WHITE_SPACE)
    found = _ENUM_NUMBER(stripped)
    if found is not None:
        number = int(found[2][:4] or "0")
        if number > 0xFF or (found[1] == "-" and number):
            raise FormatError(f"{stripped[:20]} is no byte")
        return number
    united = 0
    for name in stripped.split(","):
        member = members.get(name.strip(_WHITE_SPACE))
        if member is None:
            raise FormatError(f"{name[:40]!r} is none of {', '.join(members)}")
        united |= member
    return united

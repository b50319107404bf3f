"""Numbers as .NET prints them, and enumerations as it reads them."""

import re
from collections.abc import Mapping
from typing import Final

from rpcnode.primitives.errors import FormatError

_GENERAL_DIGITS: Final = 15
_WHITE_SPACE: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_ENUM_NUMBER: Final = re.compile(r"([+-]?+)(?=[0-9])0*+([0-9]*+)[\t-\r ]*+\0*+").fullmatch
_SHOWN: Final = 100  # characters of a text in a message


def double_text(value: float, most_places: int = 17) -> str:
    """A double as `Double.ToString()` of .NET 10 prints it in the invariant culture: `1`, `0.5`, `1E+17`, `-0`.

    The shortest digits that read back as the same double; an exponent when the number has more than `most_places`
    before the point (and more than it has digits) or more than 3 zeros after it.
    Source: dotnet/runtime, Number.Formatting.cs: FormatDouble, FormatGeneral; neo-cli 3.10.2.
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
    return minus + _general(digits, scale, max(len(digits), most_places))


def double_text_of_net_8(value: float) -> str:
    """The same from .NET Core 3.0 to .NET 9, which have an exponent from `1E+15` on."""
    return double_text(value, _GENERAL_DIGITS)


def double_text_of_15_digits(value: float) -> str:
    """The same before .NET Core 3.0: `1`, `0.3`, `1.23456789012346E+15`, and `0` for minus zero.

    Raises OverflowError for an int that no double is near.
    Source: dotnet/coreclr 2.1, Number.Formatting.cs: FormatDouble.
    """
    mantissa, exponent = f"{float(value):.{_GENERAL_DIGITS - 1}e}".split("e")
    minus = "-" if mantissa[0] == "-" else ""
    digits = mantissa.removeprefix("-").replace(".", "").rstrip("0")
    return minus + _general(digits, int(exponent) + 1, _GENERAL_DIGITS) if digits else "0"


def _general(digits: str, scale: int, most_places: int) -> str:
    """The number 0.DIGITS times ten to the `scale`, in the general format."""
    if scale > most_places or scale < -3:
        point = "." if len(digits) > 1 else ""
        return f"{digits[0]}{point}{digits[1:]}E{scale - 1:+03d}"
    if scale <= 0:
        return f"0.{'0' * -scale}{digits}"
    point = "." if len(digits) > scale else ""
    return f"{digits[:scale].ljust(scale, '0')}{point}{digits[scale:]}"


def parse_enum(text: str, members: Mapping[str, int]) -> int:
    """What `Enum.Parse` makes of a text, for an enumeration of bytes: names joined by commas, or a number.

    White space around a name counts for nothing, letters are compared with their case, several names are united bit by
    bit, and a number need be no member's. Raises FormatError for anything else, in .NET's words.
    Source: dotnet/runtime, Enum.cs: TryParse, TryParseByName.
    """
    stripped = text.lstrip(_WHITE_SPACE)
    found = _ENUM_NUMBER(stripped)
    if found is not None:
        number = int(found[2][:4] or "0")
        if number > 0xFF or (found[1] == "-" and number):
            raise FormatError("Value was either too large or too small for an unsigned byte.")
        return number
    if not stripped:
        raise FormatError("Must specify valid information for parsing in the string. (Parameter 'value')")
    united = 0
    for name in stripped.split(","):
        member = members.get(name.strip(_WHITE_SPACE))
        if member is None:
            raise FormatError(f"Requested value '{text[:_SHOWN]}' was not found.")
        united |= member
    return united

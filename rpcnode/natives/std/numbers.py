"""Integers as text and back, in base 10 and 16. Source: neo 3.10.2, StdLib.cs; .NET 10, BigInteger."""

import re
from typing import Final

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import checked

_DECIMAL: Final = re.compile(r"[+-]?[0-9]+\0*", re.ASCII)
_HEX: Final = re.compile(r"[0-9A-Fa-f]+\0*", re.ASCII)


def integer_text(value: int, base: int) -> str:
    """The digits. In base 16 two's complement: a digit more where the first would give the other sign; -1 is f."""
    if base == 10:
        return str(value)
    if base != 16:
        raise _invalid_base(base)
    digits = ((value if value >= 0 else ~value).bit_length()) // 4 + 1
    return f"{value & (1 << 4 * digits) - 1:0{digits}x}"


def integer_of_text(text: str, base: int) -> int:
    """The number; in base 10 with or without a sign, in base 16 two's complement of as many digits as there are.

    NULs behind the digits are skipped. Raises VmFault for what is no number, and for one of more than 32 bytes.
    """
    if base == 10:
        if not _DECIMAL.fullmatch(text):
            raise _no_number()
        return checked(int(text.rstrip("\0")))
    if base != 16:
        raise _invalid_base(base)
    if not _HEX.fullmatch(text):
        raise _no_number()
    digits = text.rstrip("\0")
    number = int(digits, 16)
    return checked(number - (1 << 4 * len(digits)) if int(digits[0], 16) >= 8 else number)


def _invalid_base(base: int) -> VmFault:
    return VmFault(f"Invalid base: {base} (Parameter 'base')")


def _no_number() -> VmFault:
    return VmFault("The value could not be parsed.")

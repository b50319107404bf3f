"""Integers as text and back, in base 10 and 16. Source: neo 3.10.2, StdLib.cs; .NET 10, BigInteger."""

import re
from typing import Final

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import checked

_DECIMAL: Final = re.compile(r"[+-]?[0-9]+\0*", re.ASCII)
_HEX: Final = re.compile(r"([0-9A-Fa-f]+)")
_FRONT_BLOCK: Final = re.compile(r"([0-9A-Fa-f]+)\0*")
_BLOCK: Final = 8
_NEGATIVE: Final = frozenset("89abcdefABCDEF")


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

    NULs may follow the digits. Raises VmFault for what is no number, and for one of more than 32 bytes.
    """
    if base == 10:
        if not _DECIMAL.fullmatch(text):
            raise _no_number()
        return checked(int(text.rstrip("\0")))
    if base != 16:
        raise _invalid_base(base)
    return checked(_integer_of_hex(text))


def _integer_of_hex(text: str) -> int:
    """Two's complement, read as .NET reads it: in blocks of 8 digits, the first of which may be shorter.

    The blocks at the front, up to the first that says more than the sign, may end in NULs, which are no digits and yet
    count as some where the sign goes on: f and a NUL are -241.
    """
    size = len(text) % _BLOCK
    blocks = [text[at : at + _BLOCK] for at in range(size, len(text), _BLOCK)]
    if size:
        blocks.insert(0, text[:size])
    sign = -1 if text[:1] in _NEGATIVE else 0
    number = sign
    for block in blocks:
        pattern = _FRONT_BLOCK if number == sign else _HEX
        match = pattern.fullmatch(block)
        if match is None:
            raise _no_number()
        number = (number << 4 * len(block)) | int(match[1], 16)
    if not blocks:
        raise _no_number()
    return number


def _invalid_base(base: int) -> VmFault:
    return VmFault(f"Invalid base: {base} (Parameter 'base')")


def _no_number() -> VmFault:
    return VmFault("The value could not be parsed.")

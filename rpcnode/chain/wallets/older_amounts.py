"""Amounts of older wallets: decimal texts, as whole numbers of an asset's smallest unit.

Source: neo 2.12.0 and 3.0.0-preview2, Neo: BigDecimal.TryParse; of the first also Fixed8.Parse.
"""

import re
from decimal import Decimal
from typing import Final

from rpcnode.primitives.errors import InvalidParams

_EXPONENT: Final = re.compile(r"\s*[+-]?[0-9]{1,3}\s*", re.ASCII).fullmatch
_WHOLE: Final = re.compile(r"\s*[+-]?[0-9]+\s*", re.ASCII).fullmatch
_FIXED8: Final = re.compile(r"\s*[+-]?(?:[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)\s*", re.ASCII).fullmatch
_MOST_OF_EXPONENT: Final = 127
_MOST_CHARACTERS: Final = 4096
_MOST_OF_FIXED8: Final = 2**63 - 1


def amount_of(text: str, decimals: int) -> int:
    """The amount in the smallest unit of an asset with so many decimals; raises InvalidParams for what is none."""
    exponent = 0
    at = next((place for place, character in enumerate(text) if character in "eE"), -1)
    if at >= 0:
        if _EXPONENT(text[at + 1 :]) is None or not -128 <= int(text[at + 1 :]) <= _MOST_OF_EXPONENT:
            raise InvalidParams
        exponent, text = int(text[at + 1 :]), text[:at]
    point = text.find(".")
    if point >= 0:
        text = text.rstrip("0")
        exponent -= len(text) - point - 1
        text = text[:point] + text[point + 1 :]
    places = exponent + decimals
    if places < 0 or len(text) > _MOST_CHARACTERS:
        raise InvalidParams
    text += "0" * places
    if _WHOLE(text) is None:
        raise InvalidParams
    return int(text)


def fixed8_of(text: str) -> int:
    """A fee of Neo 2 in units of 10^-8 GAS; raises InvalidParams for what is none."""
    if _FIXED8(text) is None:
        raise InvalidParams
    value = int(Decimal(text.strip().replace(",", "")) * 10**8)
    if abs(value) > _MOST_OF_FIXED8:
        raise InvalidParams
    return value


def decimal_text(amount: int, decimals: int) -> str:
    """An amount as a decimal number: no exponent, no zeros at its end. Source: BigDecimal.ToString."""
    whole, rest = divmod(abs(amount), 10**decimals)
    text = f"{whole}.{rest:0{decimals}d}".rstrip("0").rstrip(".") if decimals else str(whole)
    return f"-{text}" if amount < 0 else text

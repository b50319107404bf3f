"""Reads the parameters of a request by the documentation's rules; Refused, with 422, is what breaks them.

Patterns are matched whole and take ASCII digits only. A parameter that is not known is ignored, one that stands twice
is refused: which of the two counts, nobody says.
"""

import re
from typing import Final
from urllib.parse import parse_qsl

from rpcnode.plugin import UInt160
from rpcnode.plugins.chainbase.answers import Refused

MOST_CONTRACTS: Final = 100
MOST_ROWS: Final = 100
DEFAULT_ROWS: Final = 20

_ADDRESS: Final = "0x and 40 hex digits"
_SHOWN: Final = 100  # characters of a wrong value
_MOST_DIGITS: Final = 19  # of a number that can matter: rows and blocks are counted in 63 bits

_is_address = re.compile(r"0[xX][0-9a-fA-F]{40}").fullmatch
_is_number = re.compile(r"[0-9]+").fullmatch
_is_hex_number = re.compile(r"0[xX][0-9a-fA-F]+").fullmatch


class Query:
    """The query of a request, percent-decoded once."""

    def __init__(self, text: str) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in parse_qsl(text, keep_blank_values=True):
            self._values.setdefault(name, []).append(value)

    def chain_id(self) -> str:
        """`chain_id`: any text, the empty one too."""
        return self._required("chain_id")

    def address(self, name: str = "address") -> UInt160:
        """One address, in any letter case."""
        return _address(name, self._required(name))

    def contracts(self) -> list[UInt160] | None:
        """`contract_address`, 1 to 100 between commas, each once. None, no filter, where it is absent or empty.

        Empty is what clients send that have nothing to filter by.
        """
        text = self._given("contract_address")
        if not text:
            return None
        pieces = text.split(",")
        if len(pieces) > MOST_CONTRACTS:
            raise _wrong("contract_address", f"{len(pieces)} addresses are too many, {MOST_CONTRACTS} may be given")
        return list(dict.fromkeys(_address("contract_address", piece) for piece in pieces))

    def limit(self) -> int:
        """`limit`, 1 to 100."""
        text = self._given("limit")
        limit = DEFAULT_ROWS if text is None else _number("limit", text)
        if not 1 <= limit <= MOST_ROWS:
            raise _wrong("limit", f"{_shown(text)} is not 1 to {MOST_ROWS}")
        return limit

    def page(self) -> int:
        """`page`, from 1; every page past the last possible one is as good as another."""
        text = self._given("page")
        page = 1 if text is None else _number("page", text)
        if page < 1:
            raise _wrong("page", f"{_shown(text)} is not 1 or more")
        return page

    def to_block(self) -> int | None:
        """`to_block`, decimal or 0x and hex digits. None, the newest block, where it is absent or `latest`."""
        text = self._given("to_block")
        if text in (None, "latest"):
            return None
        if _is_hex_number(text):
            return int(text, 16)
        if _is_number(text):
            return _number("to_block", text)
        raise _wrong("to_block", f"{_shown(text)} is neither a number, nor 0x and hex digits, nor latest")

    def _given(self, name: str) -> str | None:
        values = self._values.get(name)
        if values is None:
            return None
        if len(values) > 1:
            raise _wrong(name, "is given twice")
        return values[0]

    def _required(self, name: str) -> str:
        value = self._given(name)
        if value is None:
            raise _wrong(name, "is required")
        return value


def _address(name: str, text: str) -> UInt160:
    if not _is_address(text):
        raise _wrong(name, f"{_shown(text)} is not {_ADDRESS}")
    return UInt160.parse(text)


def _number(name: str, text: str) -> int:
    if not _is_number(text):
        raise _wrong(name, f"{_shown(text)} is not a number, of the digits 0 to 9 alone")
    digits = text.lstrip("0") or "0"
    # Python refuses to read thousands of digits, and no answer depends on those of a number that is too large.
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _shown(text: str | None) -> str:
    cut = text or ""
    return repr(cut if len(cut) <= _SHOWN else f"{cut[:_SHOWN]}…")


def _wrong(name: str, what: str) -> Refused:
    return Refused(422, f"{name}: {what}")

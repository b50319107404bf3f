"""Hashes read from text, with the C# node's words for what is none.

Source: neo 3.10.2, UInt160.cs, UInt256.cs: Parse.
"""

from typing import TypeVar

from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.uint import UInt160, UInt256

H = TypeVar("H", UInt160, UInt256)


def parse_uint(kind: type[H], text: str) -> H:
    """As `kind.parse`; what it raises is what a client of the node reads."""
    try:
        return kind.parse(text)
    except FormatError:
        raise FormatError(_words(kind.__name__, 2 * kind.SIZE, text)) from None


def _words(name: str, size: int, text: str) -> str:
    digits = text[2:] if text[:2] in ("0x", "0X") else text
    if len(digits) == size:
        return (
            "Failed to convert hex span to reversed bytes: The input contains invalid hexadecimal characters."
            f" Input: '{digits}'. Valid hex characters are 0-9, A-F, and a-f."
        )
    return (
        f"Invalid {name} string format: expected {size} hexadecimal characters, but got {len(digits)}."
        f" {name} values must be represented as {size} hexadecimal characters (with or without '0x' prefix)."
    )

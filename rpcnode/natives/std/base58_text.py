"""Base58, with a checksum or without. Source: neo 3.10.2, Cryptography/Base58.cs."""

from typing import Final

from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.hashes import checksum4

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS: Final = {character: digit for digit, character in enumerate(_ALPHABET)}
_CHECKSUM_SIZE: Final = 4
_CHUNK: Final = 10  # digits at a time, whose number fits 64 bits
_CHUNK_FACTOR: Final = 58**_CHUNK


def encode_base58(data: bytes) -> str:
    """The digits; each 0 that the bytes begin with is a 1."""
    number = int.from_bytes(data, "big")
    chunks: list[str] = []
    while number:
        number, rest = divmod(number, _CHUNK_FACTOR)
        digits = []
        for _ in range(_CHUNK):
            rest, digit = divmod(rest, 58)
            digits.append(_ALPHABET[digit])
        chunks += digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + "".join(reversed(chunks)).lstrip("1")


def decode_base58(text: str) -> bytes:
    """The bytes. Raises VmFault with the first character that is no digit, and where it is in UTF-16."""
    try:
        digits = [_DIGITS[character] for character in text]
    except KeyError:
        raise _no_digit(text) from None
    number = 0
    for start in range(0, len(digits), _CHUNK):
        chunk = digits[start : start + _CHUNK]
        part = 0
        for digit in chunk:
            part = part * 58 + digit
        number = number * 58 ** len(chunk) + part
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_base58_check(data: bytes) -> str:
    """The digits of the bytes with the first four of their double SHA-256 behind them."""
    return encode_base58(data + checksum4(data))


def decode_base58_check(text: str) -> bytes:
    """The bytes without their checksum. Raises VmFault where it is missing or another."""
    data = decode_base58(text)
    if len(data) < _CHECKSUM_SIZE:
        raise VmFault(
            f"Invalid Base58Check format: decoded data length ({len(data)} bytes) is too short. "
            f"Base58Check requires at least {_CHECKSUM_SIZE} bytes for the checksum."
        )
    payload, checksum = data[:-_CHECKSUM_SIZE], data[-_CHECKSUM_SIZE:]
    if checksum4(payload) != checksum:
        raise VmFault(
            "Invalid Base58Check checksum: the provided checksum does not match the calculated checksum. "
            "The data may be corrupted or the Base58Check string is invalid."
        )
    return payload


def _no_digit(text: str) -> VmFault:
    at = next(at for at, character in enumerate(text) if character not in _DIGITS)  # before it all is ASCII
    # Half a character, all that .NET has of one beyond U+FFFF, leaves the node as U+FFFD.
    shown = text[at] if ord(text[at]) < 0x10000 else "\ufffd"
    return VmFault(f"Invalid Base58 character '{shown}' at position {at}")

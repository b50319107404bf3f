"""MurmurHash3 of 128 bits, the form for 64-bit machines. Source: neo 3.10.2, Cryptography/Murmur128.cs."""

from typing import Final

_C1: Final = 0x87C37B91114253D5
_C2: Final = 0x4CF5AD432745937F
_MASK: Final = 2**64 - 1


def murmur128(data: bytes, seed: int) -> bytes:
    """The 16 bytes of the hash, both halves little-endian; `seed` has 32 bits."""
    first = second = seed & 0xFFFF_FFFF
    whole = len(data) & ~15
    for start in range(0, whole, 16):
        first ^= _mixed(data[start : start + 8], _C1, 31, _C2)
        first = ((_rotated(first, 27) + second) * 5 + 0x52DCE729) & _MASK
        second ^= _mixed(data[start + 8 : start + 16], _C2, 33, _C1)
        second = ((_rotated(second, 31) + first) * 5 + 0x38495AB5) & _MASK
    second ^= _mixed(data[whole + 8 :], _C2, 33, _C1)
    first ^= _mixed(data[whole : whole + 8], _C1, 31, _C2)
    first ^= len(data)
    second ^= len(data)
    first = (first + second) & _MASK
    second = (second + first) & _MASK
    first, second = _finished(first), _finished(second)
    first = (first + second) & _MASK
    second = (second + first) & _MASK
    return first.to_bytes(8, "little") + second.to_bytes(8, "little")


def _mixed(part: bytes, factor: int, shift: int, last: int) -> int:
    return _rotated(int.from_bytes(part, "little") * factor & _MASK, shift) * last & _MASK


def _rotated(value: int, by: int) -> int:
    value &= _MASK
    return (value << by | value >> (64 - by)) & _MASK


def _finished(value: int) -> int:
    value = (value ^ value >> 33) * 0xFF51AFD7ED558CCD & _MASK
    value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53 & _MASK
    return value ^ value >> 33

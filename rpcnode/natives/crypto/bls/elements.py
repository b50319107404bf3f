"""What contracts hold of BLS12-381: points of G1 and G2, elements of the target group, and what is done with them.

The C# node keeps points in two forms and equates none of one with one of the other. A point is affine when it was read
from bytes, and projective when it was computed.
Source: neo 3.10.2, SmartContract/Native/CryptoLib.BLS12_381.cs; Neo.Cryptography.BLS12_381 3.9.0.
"""

from typing import Final

from rpcnode.natives.crypto.bls import fp12
from rpcnode.natives.crypto.bls.fp2 import Fp2, P, is_larger, is_larger2, root, root2
from rpcnode.natives.crypto.bls.groups import G1, G2, ORDER, in_g1, in_g2
from rpcnode.natives.crypto.bls.pairing import pairing
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.records import dataclass

MISMATCH: Final = "BLS12-381 type mismatch"
_BAD_FORMAT: Final = "One of the identified items was in an invalid format."
_NO_ROOT: Final = "Overflow or underflow in the arithmetic operation."
_COMPRESSED, _INFINITE, _LARGER = 0x80, 0x40, 0x20


@dataclass(frozen=True, slots=True)
class G1Point:
    """A point of G1: x and y, or None for that at infinity."""

    at: tuple[int, int] | None
    is_affine: bool = False


@dataclass(frozen=True, slots=True)
class G2Point:
    """A point of G2: x and y, or None for that at infinity."""

    at: tuple[Fp2, Fp2] | None
    is_affine: bool = False


@dataclass(frozen=True, slots=True)
class Gt:
    """An element of the field that pairings end in; what bytes give need not be of the target group."""

    value: fp12.Fp12


Element = G1Point | G2Point | Gt


def deserialize(data: bytes) -> Element:
    """The point or element of 48, 96 or 576 bytes; VmFault for anything else and for what is no point of a group."""
    match len(data):
        case 48:
            return _g1_point(data)
        case 96:
            return _g2_point(data)
        case fp12.SIZE:
            value = fp12.parse(data)
            if value is None:
                raise VmFault(_BAD_FORMAT)
            return Gt(value)
    raise VmFault("Invalid BLS12-381 point length")


def serialize(element: object) -> bytes:
    """The 48, 96 or 576 bytes that `deserialize` reads."""
    match element:
        case G1Point(None):
            return bytes((_COMPRESSED | _INFINITE,)) + bytes(47)
        case G2Point(None):
            return bytes((_COMPRESSED | _INFINITE,)) + bytes(95)
        case G1Point((x, y)):
            return _flagged(x.to_bytes(48, "big"), is_larger(y))
        case G2Point((x, y)):
            return _flagged(x[1].to_bytes(48, "big") + x[0].to_bytes(48, "big"), is_larger2(y))
        case Gt(value):
            return fp12.serialize(value)
    raise VmFault(MISMATCH)


def equal(a: object, b: object) -> bool:
    """Whether two of the same kind, and of the same form, are the same."""
    match a, b:
        case (G1Point(is_affine=form), G1Point(is_affine=other)) | (G2Point(is_affine=form), G2Point(is_affine=other)):
            if form != other:
                raise VmFault(MISMATCH)
        case Gt(), Gt():
            pass
        case _:
            raise VmFault(MISMATCH)
    return a == b


def add(a: object, b: object) -> Element:
    """The sum of two points of one group, or the product of two elements of the target group."""
    match a, b:
        case G1Point(first), G1Point(second):
            return G1Point(G1.add(first, second))
        case G2Point(left), G2Point(right):
            return G2Point(G2.add(left, right))
        case Gt(value), Gt(other):
            return Gt(fp12.multiply(value, other))
    raise VmFault(MISMATCH)


def multiply(element: object, scalar: bytes, *, negative: bool) -> Element:
    """The multiple of a point, or the power of an element, by 32 bytes, the least significant first.

    A negative scalar is the order of the groups less the scalar, also for an element that is not of the target group.
    """
    if len(scalar) != 32:
        raise VmFault("The argument `data` must contain 32 bytes.")
    factor = int.from_bytes(scalar, "little")
    if factor >= ORDER:
        raise VmFault(_BAD_FORMAT)
    if negative:
        factor = -factor % ORDER
    match element:
        case G1Point(first):
            return G1Point(G1.times(first, factor))
        case G2Point(second):
            return G2Point(G2.times(second, factor))
        case Gt(value):
            return Gt(fp12.power(value, factor))
    raise VmFault(MISMATCH)


def pair(a: object, b: object) -> Gt:
    """The pairing of a point of G1 and one of G2."""
    match a, b:
        case G1Point(first), G2Point(second):
            return Gt(pairing(first, second))
    raise VmFault(MISMATCH)


def _flagged(data: bytes, is_larger_root: bool) -> bytes:
    return bytes((data[0] | _COMPRESSED | (_LARGER if is_larger_root else 0),)) + data[1:]


def _g1_point(data: bytes) -> G1Point:
    flags, x = data[0], _number(bytes((data[0] & 0x1F,)) + data[1:])
    y = root(x**3 + 4)
    if y is None:
        raise VmFault(_NO_ROOT)
    if is_larger(y) != bool(flags & _LARGER):
        y = P - y
    point = None if flags & _INFINITE else (x, y)
    if not _flags_fit(flags, x == 0) or not in_g1(point):
        raise VmFault(_BAD_FORMAT)
    return G1Point(point, is_affine=True)


def _g2_point(data: bytes) -> G2Point:
    flags = data[0]
    imaginary = _number(bytes((flags & 0x1F,)) + data[1:48])
    real = _number(data[48:])
    x = real, imaginary
    # C# quirk: the point at infinity has no bytes, since 4(u + 1) has no root.
    y = root2(_right_side(x))
    if y is None:
        raise VmFault(_NO_ROOT)
    if is_larger2(y) != bool(flags & _LARGER):
        y = -y[0] % P, -y[1] % P
    point = None if flags & _INFINITE else (x, y)
    if not _flags_fit(flags, x == (0, 0)) or not in_g2(point):
        raise VmFault(_BAD_FORMAT)
    return G2Point(point, is_affine=True)


def _right_side(x: Fp2) -> Fp2:
    """x³ + 4(u + 1)."""
    r, i = x
    return (r * r * r - 3 * r * i * i + 4) % P, (3 * r * r * i - i * i * i + 4) % P


def _flags_fit(flags: int, is_zero: bool) -> bool:
    if not flags & _COMPRESSED:
        return False
    return not flags & _INFINITE or (is_zero and not flags & _LARGER)


def _number(data: bytes) -> int:
    value = int.from_bytes(data, "big")
    if value >= P:
        raise VmFault(_BAD_FORMAT)
    return value

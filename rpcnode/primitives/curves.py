"""The two curves of Neo's signatures, and how their public keys are read from bytes.

The texts of the errors are those of the C# node, since a contract's failure shows them.
Source: neo 3.10.2, Cryptography/ECC: ECCurve, ECPoint.DecodePoint, ECFieldElement.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.records import dataclass

_NOT_ON_CURVE: Final = "error:0800006B:elliptic curve routines::point is not on curve"


class OutOfField(FormatError):
    """A coordinate is not below the prime of the curve: .NET's ArgumentException, which some callers catch."""


class NotOnCurve(FormatError):
    """The two coordinates of an uncompressed key are of no point; OpenSSL says so, once the key is used.

    Since Gorgon the node has an ArgumentException around it.
    """

    def __init__(self) -> None:
        super().__init__(_NOT_ON_CURVE)
        self.logged = f"{_NOT_ON_CURVE} (Parameter 'pubkey')"


@dataclass(frozen=True, slots=True)
class Curve:
    """y² = x³ + ax + b over the field of a prime that is 3 modulo 4; the points are a group of prime order."""

    name: str
    prime: int
    a: int
    b: int
    order: int
    base: "Point"

    def has(self, point: "Point") -> bool:
        """Whether the coordinates are of a point on the curve."""
        return (point.y**2 - (point.x**2 + self.a) * point.x - self.b) % self.prime == 0

    def y_of(self, x: int, *, odd: bool) -> int | None:
        """The odd or the even Y that belongs to X, which is below the prime; None when no point has it."""
        square = (x**3 + self.a * x + self.b) % self.prime
        y = pow(square, (self.prime + 1) // 4, self.prime)
        if y * y % self.prime != square:
            return None
        return y if y % 2 == odd else self.prime - y


class Point(NamedTuple):
    """The coordinates of a public key."""

    x: int
    y: int


SECP256R1: Final = Curve(
    "secp256r1",
    2**256 - 2**224 + 2**192 + 2**96 - 1,
    -3,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    Point(
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
)
SECP256K1: Final = Curve(
    "secp256k1",
    2**256 - 2**32 - 977,
    0,
    7,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
    Point(
        0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
        0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
    ),
)


def decode_key(data: bytes, curve: Curve) -> Point:
    """The point that 33 or 65 bytes mean; one that is given by both coordinates need not lie on the curve.

    Raises OutOfField, and FormatError for anything else that is no point.
    """
    if not data:
        raise FormatError("Index was outside the bounds of the array.")
    form, size = data[0], len(data)
    if form in (2, 3):
        if size != 33:
            raise FormatError(
                f"Invalid compressed ECPoint encoding length: expected 33 bytes, but got {size} bytes. "
                "Compressed points must be exactly 33 bytes long."
            )
        return _decompressed(bytes(data), curve)
    if form == 4:
        if size != 65:
            raise FormatError(
                f"Invalid uncompressed ECPoint encoding length: expected 65 bytes, but got {size} bytes. "
                "Uncompressed points must be exactly 65 bytes long."
            )
        return Point(_coordinate(data[1:33], curve), _coordinate(data[33:], curve))
    raise FormatError(
        f"Invalid ECPoint encoding format: unknown prefix byte 0x{form:02X}. "
        "Expected 0x02, 0x03 (compressed), or 0x04 (uncompressed)."
    )


def encode_key(point: Point) -> bytes:
    """The 33 bytes of a point in its compressed form."""
    return bytes((2 + point.y % 2,)) + point.x.to_bytes(32, "big")


def on_curve(point: Point, curve: Curve) -> Point:
    """The point itself; raises NotOnCurve."""
    if not curve.has(point):
        raise NotOnCurve
    return point


@lru_cache(maxsize=1024)
def _decompressed(data: bytes, curve: Curve) -> Point:
    x = _coordinate(data[1:], curve)
    y = curve.y_of(x, odd=data[0] == 3)
    if y is None:
        raise FormatError(
            "Failed to decompress ECPoint: the provided X coordinate does not correspond to a valid point on the "
            "curve. The point compression is invalid."
        )
    return Point(x, y)


def _coordinate(data: bytes, curve: Curve) -> int:
    value = int.from_bytes(data, "big")
    if value >= curve.prime:
        raise OutOfField(
            f"Invalid field element value: {value}. The value must be less than the curve's prime field size "
            f"{curve.prime}."
        )
    return value

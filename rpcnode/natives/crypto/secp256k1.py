"""Signatures of secp256k1: verified, and the key recovered from them.

The library, pycryptodome, takes half of OpenSSL's time for a verification on this curve, and gives the points that a
recovery needs. It is loaded by the first call.
Source: neo 3.10.2, Cryptography/Crypto.ECRecover; https://eips.ethereum.org/EIPS/eip-2098.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

from rpcnode.natives.crypto.points import library_point
from rpcnode.primitives.curves import SECP256K1, Point, encode_key

if TYPE_CHECKING:
    from Crypto.PublicKey._point import EccPoint

_ORDER: Final = SECP256K1.order


def verify_digest(key: Point, digest: bytes, signature: bytes) -> bool:
    """Whether 64 bytes, r and s, are a signature of a digest of 32 bytes; the key has to be a point of the curve."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < _ORDER and 0 < s < _ORDER):
        return False
    inverse = pow(s, -1, _ORDER)
    point = _sum_of_products(int.from_bytes(digest, "big") * inverse, r * inverse, key)
    return point is not None and point.x % _ORDER == r


def recover(digest: bytes, signature: bytes) -> bytes | None:
    """The compressed key that made a signature of a digest of 32 bytes, or None.

    65 bytes are r, s and which of the four keys is meant: 0 to 3, or 27 to 30. 64 bytes are r, and s with one more bit
    before it, that chooses between the first two. Neither r nor s need be below the order of the curve.
    """
    if len(digest) != 32 or len(signature) not in (64, 65):
        return None
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    if len(signature) == 65:
        which = signature[64] - 27 if signature[64] >= 27 else signature[64]
    else:
        which, s = divmod(s, 1 << 255)
    x = r + which // 2 * _ORDER
    if which > 3 or r % _ORDER == 0 or x >= SECP256K1.prime:
        return None
    y = SECP256K1.y_of(x, odd=which % 2 == 1)
    if y is None:
        return None
    inverse = pow(r, -1, _ORDER)
    key = _sum_of_products(-int.from_bytes(digest, "big") * inverse, s * inverse, Point(x, y))
    return None if key is None else encode_key(key)


def _sum_of_products(of_base: int, of_point: int, point: Point) -> Point | None:
    """A multiple of the base point plus one of another point; None is the point at infinity."""
    result = _base() * (of_base % _ORDER) + library_point(*point, SECP256K1.name) * (of_point % _ORDER)
    return None if result.is_point_at_infinity() else Point(*map(int, result.xy))


@cache
def _base() -> "EccPoint":
    return library_point(*SECP256K1.base, SECP256K1.name)

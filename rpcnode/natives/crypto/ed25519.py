"""Signatures of Ed25519 as BouncyCastle 2.6.2 verifies them, which the C# node asks.

It multiplies the equation by the cofactor 8, so parts of small order do not matter in key and signature; but it takes
no key that is of small order altogether. The library, pycryptodome, is loaded by the first call.
Source: https://www.rfc-editor.org/rfc/rfc8032, 5.1; neo 3.10.2, SmartContract/Native/CryptoLib.cs.
"""

import hashlib
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from rpcnode.natives.crypto.points import library_point
from rpcnode.primitives.errors import VmFault

if TYPE_CHECKING:
    from Crypto.PublicKey._point import EccPoint

_P: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_1: Final = pow(2, (_P - 1) // 4, _P)
_BASE: Final = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)
_NAME: Final = "Ed25519"
_ORDER_8_Y: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_Y: Final = frozenset((0, 1, _P - 1, _ORDER_8_Y, _P - _ORDER_8_Y))
"""The y of the points whose order divides 8."""

SIGNATURE_SIZE: Final = 64
KEY_SIZE: Final = 32


def verify(message: bytes, key: bytes, signature: bytes) -> bool:
    """Until Gorgon: False for whatever is wrong."""
    if len(signature) != SIGNATURE_SIZE or len(key) != KEY_SIZE:
        return False
    minus_key = _negated_key(key)
    return minus_key is not None and _is_signed(message, key, minus_key, signature)


def verify_strictly(message: bytes, key: bytes, signature: bytes) -> bool:
    """Since Gorgon: VmFault for a wrong size of the signature or the key, and for a bad key."""
    if len(signature) != SIGNATURE_SIZE:
        raise VmFault("Signature size should be 64")
    if len(key) != KEY_SIZE:
        raise VmFault("Public key size should be 32")
    minus_key = _negated_key(key)
    if minus_key is None:
        raise VmFault("invalid public key")
    return _is_signed(message, key, minus_key, signature)


def _is_signed(message: bytes, key: bytes, minus_key: "EccPoint", signature: bytes) -> bool:
    first, scalar = signature[:32], int.from_bytes(signature[32:], "little")
    if scalar >= _ORDER:
        return False
    hashed = hashlib.sha512(first + key)
    hashed.update(message)
    wanted = _base() * scalar + minus_key * (int.from_bytes(hashed.digest(), "little") % _ORDER)
    if _encoded(wanted) == first:
        return True
    point = _decoded(first)
    return point is not None and _times_8(wanted) == _times_8(library_point(*point, _NAME))


@lru_cache(maxsize=1024)
def _negated_key(key: bytes) -> "EccPoint | None":
    """The negative of the point that a key of 32 bytes is, or None."""
    point = _decoded(key)
    return None if point is None or point[1] in _SMALL_Y else library_point(_P - point[0], point[1], _NAME)


def _decoded(data: bytes) -> tuple[int, int] | None:
    """The x and y that 32 bytes mean; None if y is not below the prime or no point of the curve has it."""
    sign, y = divmod(int.from_bytes(data, "little"), 1 << 255)
    if y >= _P:
        return None
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * v**3 * pow(u * v**7, (_P - 5) // 8, _P) % _P
    square = v * x * x % _P
    if square == -u % _P:
        x = x * _ROOT_OF_MINUS_1 % _P
    elif square != u:
        return None
    if x == 0 and sign:
        return None
    return (x if x % 2 == sign else _P - x), y


def _encoded(point: "EccPoint") -> bytes:
    x, y = map(int, point.xy)
    return (y | x % 2 << 255).to_bytes(32, "little")


def _times_8(point: "EccPoint") -> "EccPoint":
    return point.double().double().double()


@cache
def _base() -> "EccPoint":
    return library_point(*_BASE, _NAME)

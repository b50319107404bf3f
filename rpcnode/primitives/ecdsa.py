"""ECDSA signatures of digests, on both curves: a public key is a point, a signature r and s, 32 bytes each.

The library, OpenSSL's, is loaded by the first call.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from rpcnode.primitives.curves import SECP256K1, SECP256R1, Curve, Point

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurve, EllipticCurvePublicKey

SIGNATURE_SIZE = 64


def verify_digest(curve: Curve, key: Point, digest: bytes, signature: bytes) -> bool:
    """Whether the signature is that of a digest of 32 bytes; False for any other size of the signature.

    The key has to be a point of the curve. A signature with a high s is as good as its other form.
    """
    if len(signature) != SIGNATURE_SIZE:
        return False
    return _verified(_public_key(curve, key), digest, signature)


def _verified(key: "EllipticCurvePublicKey", digest: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key.verify(encode_dss_signature(r, s), digest, _scheme())
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=1024)
def _public_key(curve: Curve, key: Point) -> "EllipticCurvePublicKey":
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicNumbers

    return EllipticCurvePublicNumbers(key.x, key.y, library_curve(curve)).public_key()


@lru_cache(maxsize=2)
def library_curve(curve: Curve) -> "EllipticCurve":
    """The library's name of a curve."""
    from cryptography.hazmat.primitives.asymmetric import ec

    return {SECP256R1.name: ec.SECP256R1, SECP256K1.name: ec.SECP256K1}[curve.name]()


@lru_cache(maxsize=1)
def _scheme() -> "ECDSA":
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
    from cryptography.hazmat.primitives.hashes import SHA256

    return ECDSA(Prehashed(SHA256()))

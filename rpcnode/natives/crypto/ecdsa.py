"""CryptoLib's verifyWithECDsa in its three forms.

Source: neo 3.10.2, SmartContract/Native/CryptoLib.cs, Cryptography/Crypto.cs.
"""

from collections.abc import Callable
from typing import Final

from rpcnode.natives.crypto import secp256k1
from rpcnode.natives.crypto.digests import keccak256
from rpcnode.primitives.curves import SECP256K1, SECP256R1, Curve, NotOnCurve, OutOfField, Point, decode_key, on_curve
from rpcnode.primitives.ecdsa import SIGNATURE_SIZE, verify_digest
from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.primitives.hashes import sha256

_CURVES: Final[dict[int, tuple[Curve, Callable[[bytes], bytes]]]] = {
    22: (SECP256K1, sha256),
    23: (SECP256R1, sha256),
    122: (SECP256K1, keccak256),
    123: (SECP256R1, keccak256),
}
_FIRST_CURVES: Final = (22, 23)


def verify_of_first_curves(message: bytes, key: bytes, signature: bytes, curve: int) -> bool:
    """Until Cockatrice: SHA-256 only, another curve is out of range."""
    if curve not in _FIRST_CURVES:
        raise VmFault("Specified argument was out of the range of valid values. (Parameter 'curve')")
    return verify(message, key, signature, curve)


def verify(message: bytes, key: bytes, signature: bytes, curve_hash: int) -> bool:
    """Until Gorgon: False for a signature of another size and for a coordinate outside the field.

    VmFault for an unknown curve, and for a key that is no point in any other way.
    """
    if curve_hash not in _CURVES:
        raise VmFault(f"The given key '{curve_hash}' was not present in the dictionary.")
    curve, digest = _CURVES[curve_hash]
    try:
        point = decode_key(key, curve)
        return len(signature) == SIGNATURE_SIZE and _is_signed(
            curve, on_curve(point, curve), digest(message), signature
        )
    except OutOfField:
        return False
    except NotOnCurve as error:
        if digest is keccak256:  # BouncyCastle looks at the point then, and the node takes its exception for false
            return False
        raise VmFault(str(error)) from None
    except FormatError as error:
        raise VmFault(str(error)) from None


def verify_sized(message: bytes, key: bytes, signature: bytes, curve_hash: int) -> bool:
    """Since Gorgon: VmFault for an unknown curve, then a bad key, then a signature of another size."""
    if curve_hash not in _CURVES:
        raise VmFault(f"Unsupported curve or hash algorithm: {curve_hash}")
    curve, digest = _CURVES[curve_hash]
    try:
        point = decode_key(key, curve)
        if len(signature) != SIGNATURE_SIZE:
            raise VmFault("Signature size should be 64 bytes.")
        return _is_signed(curve, on_curve(point, curve), digest(message), signature)
    except FormatError as error:
        raise VmFault(str(error), logged=error.logged) from None


def _is_signed(curve: Curve, key: Point, digest: bytes, signature: bytes) -> bool:
    if curve is SECP256K1:
        return secp256k1.verify_digest(key, digest, signature)
    return verify_digest(curve, key, digest, signature)

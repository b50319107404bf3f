"""The signatures that a script checks: keys decoded with the C# node's texts, and CheckSig of both its forms.

Source: neo 3.10.2, SmartContract/ApplicationEngine.Crypto.cs, Cryptography/Crypto.cs.
"""

from rpcnode.primitives.curves import SECP256R1, Point, decode_key, encode_key, on_curve
from rpcnode.primitives.ecdsa import SIGNATURE_SIZE, verify_digest
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.primitives.hashes import sha256


def decode_point(data: bytes) -> ECPoint:
    """The key of secp256r1 that 33 or 65 bytes mean; raises VmFault with the C# node's text."""
    try:
        return ECPoint(encode_key(on_curve(decode_key(data, SECP256R1), SECP256R1)))
    except FormatError as error:
        raise VmFault(str(error)) from None


def verify_p256(message: bytes, signature: bytes, key: ECPoint) -> bool:
    """Whether `signature` is that of SHA-256(`message`); False for one that has not 64 bytes."""
    return verify_digest(SECP256R1, Point(key.x, key.y), sha256(message), signature)


def check_signature(message: bytes, signature: bytes, public_key: bytes) -> bool:
    """CheckSig until Gorgon: a signature of another size is false; a bad key fails with VmFault."""
    key = _decoded(public_key)
    try:
        return len(signature) == SIGNATURE_SIZE and _is_signed(message, signature, key)
    except FormatError as error:
        raise VmFault(str(error)) from None


def check_sized_signature(message: bytes, signature: bytes, public_key: bytes) -> bool:
    """CheckSig since Gorgon: a signature of another size fails with VmFault too, after a bad key."""
    key = _decoded(public_key)
    if len(signature) != SIGNATURE_SIZE:
        raise VmFault("Signature size should be 64 bytes.")
    try:
        return _is_signed(message, signature, key)
    except FormatError as error:
        raise VmFault(str(error), logged=error.logged) from None


def _decoded(public_key: bytes) -> Point:
    try:
        return decode_key(public_key, SECP256R1)
    except FormatError as error:
        raise VmFault(str(error)) from None


def _is_signed(message: bytes, signature: bytes, key: Point) -> bool:
    return verify_digest(SECP256R1, on_curve(key, SECP256R1), sha256(message), signature)

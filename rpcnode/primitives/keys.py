"""Private keys, their WIF form, and signatures on secp256r1.

The elliptic-curve library is loaded by the function that first needs it.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

import base58

from rpcnode.primitives.curves import SECP256R1, Point, encode_key
from rpcnode.primitives.ecdsa import library_curve, verify_digest
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import checksum4, sha256

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey

_WIF_VERSION, _WIF_COMPRESSED = 0x80, 0x01
_WIF_MAX_LENGTH = 53  # 38 bytes of 0xff


def private_key_from_wif(wif: str) -> bytes:
    """The 32 bytes of the private key in a WIF; raises FormatError that says what is wrong, without repeating the key.

    Source: neo, Neo: Wallets/Wallet.GetPrivateKeyFromWIF.
    """
    try:
        data = base58.b58decode(wif) if len(wif) <= _WIF_MAX_LENGTH and not wif[-1:].isspace() else b""
    except ValueError:
        data = b""
    if len(data) != 38 or data[0] != _WIF_VERSION or data[33] != _WIF_COMPRESSED:
        raise FormatError("a WIF is Base58 of 80, a private key, 01 and a checksum")
    if data[34:] != checksum4(data[:34]):
        raise FormatError("the WIF's checksum is wrong, so a character is")
    return _checked(data[1:33])


def wif_of(private_key: bytes) -> str:
    """The WIF of a private key of 32 bytes."""
    payload = bytes((_WIF_VERSION,)) + _checked(private_key) + bytes((_WIF_COMPRESSED,))
    return base58.b58encode(payload + checksum4(payload)).decode()


@lru_cache(maxsize=1024)
def public_key_of(private_key: bytes) -> ECPoint:
    """The public key that belongs to a private key of 32 bytes."""
    point = _library_key(private_key).public_key().public_numbers()
    return ECPoint(encode_key(Point(point.x, point.y)))


@lru_cache(maxsize=8192)
def sign(private_key: bytes, message: bytes) -> bytes:
    """The signature of SHA-256(`message`): r and s, 32 bytes each, most significant first.

    It is deterministic: one key and one message give the same signature everywhere. A block's transactions are signed
    whenever the block is read, so the newest are kept. Source: RFC 6979, 2.4 and 3.2.
    """
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    r, s = decode_dss_signature(_library_key(private_key).sign(sha256(message), _deterministic()))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verify(public_key: ECPoint, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (r and s) of SHA-256(`message`) was made with the private key of `public_key`."""
    return verify_digest(SECP256R1, Point(public_key.x, public_key.y), sha256(message), signature)


def derive_private_key(seed: str, index: int) -> bytes:
    """Private key number `index` of `seed`: the same 32 bytes on every machine, for anybody who knows the seed."""
    key = sha256(f"rpcnode/{seed}/{index}".encode())
    while not 0 < int.from_bytes(key, "big") < SECP256R1.order:
        key = sha256(key)
    return key


def _checked(private_key: bytes) -> bytes:
    if len(private_key) != 32:
        raise FormatError(f"a private key has 32 bytes, got {len(private_key)}")
    if not 0 < int.from_bytes(private_key, "big") < SECP256R1.order:
        raise FormatError("a private key lies between 1 and the order of the curve")
    return private_key


@lru_cache(maxsize=256)
def _library_key(private_key: bytes) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ec import derive_private_key as library_key

    return library_key(int.from_bytes(_checked(private_key), "big"), library_curve(SECP256R1))


@lru_cache(maxsize=1)
def _deterministic() -> "ECDSA":
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
    from cryptography.hazmat.primitives.hashes import SHA256

    return ECDSA(Prehashed(SHA256()), deterministic_signing=True)

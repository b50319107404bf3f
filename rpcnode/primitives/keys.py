"""Private keys, their WIF form, and signatures on secp256r1.

The elliptic-curve library takes longer to load than the rest of the node, so functions import it when they run.
"""

import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import base58

from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import checksum4, sha256

if TYPE_CHECKING:
    from Crypto.PublicKey.ECC import EccKey

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_BASE_POINT = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
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
    point = _ecc_key(private_key).pointQ
    return ECPoint(bytes((2 + int(point.y) % 2,)) + int(point.x).to_bytes(32, "big"))


@lru_cache(maxsize=8192)
def sign(private_key: bytes, message: bytes) -> bytes:
    """The signature of SHA-256(`message`): r and s, 32 bytes each, most significant first.

    It is deterministic: one key and one message give the same signature everywhere. A block's transactions are signed
    whenever the block is read, so the newest are kept, and nothing but the multiplication on the curve is the
    library's, whose own signing takes three times as long. Source: RFC 6979, 2.4 and 3.2.
    """
    digest = sha256(message)
    nonce = _nonce(private_key, digest)
    r = int((_base_point() * nonce).x) % _ORDER
    proof = int.from_bytes(digest, "big") + r * int.from_bytes(_checked(private_key), "big")
    s = pow(nonce, -1, _ORDER) * proof % _ORDER
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verify(public_key: ECPoint, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (r and s) of SHA-256(`message`) was made with the private key of `public_key`."""
    from Crypto.Hash import SHA256
    from Crypto.PublicKey import ECC
    from Crypto.Signature import DSS

    verifier = DSS.new(ECC.construct(curve="P-256", point_x=public_key.x, point_y=public_key.y), "fips-186-3")
    try:
        verifier.verify(SHA256.new(message), signature)
    except ValueError:
        return False
    return True


def derive_private_key(seed: str, index: int) -> bytes:
    """Private key number `index` of `seed`: the same 32 bytes on every machine, for anybody who knows the seed."""
    key = sha256(f"rpcnode/{seed}/{index}".encode())
    while not 0 < int.from_bytes(key, "big") < _ORDER:
        key = sha256(key)
    return key


def _checked(private_key: bytes) -> bytes:
    if len(private_key) != 32:
        raise FormatError(f"a private key has 32 bytes, got {len(private_key)}")
    if not 0 < int.from_bytes(private_key, "big") < _ORDER:
        raise FormatError("a private key lies between 1 and the order of the curve")
    return private_key


@lru_cache(maxsize=256)
def _ecc_key(private_key: bytes) -> "EccKey":
    from Crypto.PublicKey import ECC

    return ECC.construct(curve="P-256", d=int.from_bytes(_checked(private_key), "big"))


@lru_cache(maxsize=1)
def _base_point() -> Any:  # an EccPoint, which stands in another module in each version of the library
    from Crypto.PublicKey import ECC

    return ECC.EccPoint(*_BASE_POINT, curve="P-256")  # type: ignore[attr-defined]


def _nonce(private_key: bytes, digest: bytes) -> int:
    """The number that makes a signature, drawn from what it signs."""
    drawn_from = private_key + (int.from_bytes(digest, "big") % _ORDER).to_bytes(32, "big")
    key, value = bytes(32), b"\1" * 32
    for mark in (b"\0", b"\1"):
        key = hmac.digest(key, value + mark + drawn_from, "sha256")
        value = hmac.digest(key, value, "sha256")
    while True:
        value = hmac.digest(key, value, "sha256")
        nonce = int.from_bytes(value, "big")
        if 0 < nonce < _ORDER:
            return nonce
        key = hmac.digest(key, value + b"\0", "sha256")
        value = hmac.digest(key, value, "sha256")

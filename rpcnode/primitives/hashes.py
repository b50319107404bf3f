"""The hash functions of Neo; each returns the digest as it comes, not reversed."""

import hashlib
from collections.abc import Callable
from functools import cache


def sha256(data: bytes) -> bytes:
    """SHA-256: 32 bytes."""
    return hashlib.sha256(data).digest()


def hash256(data: bytes) -> bytes:
    """SHA-256 of SHA-256: 32 bytes."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def ripemd160(data: bytes) -> bytes:
    """RIPEMD-160: 20 bytes."""
    return _ripemd160_function()(data)


def hash160(data: bytes) -> bytes:
    """RIPEMD-160 of SHA-256: 20 bytes, the script hash of `data`."""
    return _ripemd160_function()(hashlib.sha256(data).digest())


def checksum4(data: bytes) -> bytes:
    """The first four bytes of hash256, as Base58Check and NEF files end with."""
    return hash256(data)[:4]


@cache
def _ripemd160_function() -> Callable[[bytes], bytes]:
    try:
        # OpenSSL 3 need not have it. Where it has, the larger library need not be loaded.
        hashlib.new("ripemd160")
    except ValueError:
        return _ripemd160_of_pycryptodome()
    return lambda data: hashlib.new("ripemd160", data).digest()


def _ripemd160_of_pycryptodome() -> Callable[[bytes], bytes]:
    from Crypto.Hash import RIPEMD160

    new = RIPEMD160.new
    return lambda data: new(data).digest()

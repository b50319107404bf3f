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
    """RIPEMD-160: 20 bytes. OpenSSL 3 need not have it, so it is never asked."""
    return _ripemd160_function()(data)


def hash160(data: bytes) -> bytes:
    """RIPEMD-160 of SHA-256: 20 bytes, the script hash of `data`."""
    return _ripemd160_function()(hashlib.sha256(data).digest())


def checksum4(data: bytes) -> bytes:
    """The first four bytes of hash256, as Base58Check and NEF files end with."""
    return hash256(data)[:4]


@cache
def _ripemd160_function() -> Callable[[bytes], bytes]:
    # Imported at the first use: loading the library takes longer than all else in this package.
    from Crypto.Hash import RIPEMD160

    new = RIPEMD160.new
    return lambda data: new(data).digest()

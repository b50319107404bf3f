"""Private keys encrypted by a password: NEP-2. The profiles differ in the address alone that a key belongs to.

Source: NEP-2; neo 3.10.2, Wallets/Wallet.cs: GetPrivateKeyFromNEP2; Wallets/KeyPair.cs: Export.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import base58

from rpcnode.primitives.curves import SECP256R1
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import checksum4
from rpcnode.primitives.keys import public_key_of

AddressOf = Callable[[ECPoint], str]
"""The address of the account that one key opens, as a profile and its network write it."""

_PREFIX: Final = bytes.fromhex("0142e0")
_SIZE: Final = 39  # prefix, checksum of the address, encrypted key
_MAX_LENGTH: Final = 60  # characters of 43 bytes
_DERIVED: Final = 64
_MEMORY_OF_BLOCK: Final = 128  # bytes, for each of n and of r
_MOST_MEMORY: Final = 128 * 1024 * 1024
_MOST_WORK: Final = 2**23  # n * r * p; eight times the usual, and some seconds
_QUICK_WORK: Final = 2**10  # half a millisecond


class WrongPassword(FormatError):
    """A key does not open with the password that was given, or is not that of the address it was made for."""


@dataclass(frozen=True, slots=True)
class Scrypt:
    """How much work and memory a password costs; the usual parameters take half a second and 16 MB.

    Raises FormatError for parameters that scrypt does not have, and for those that cost more than a node has to give.
    """

    n: int = 16384
    r: int = 8
    p: int = 8

    def __post_init__(self) -> None:
        if self.n < 2 or self.n & (self.n - 1) or self.r < 1 or self.p < 1:
            raise FormatError(f"scrypt takes a power of 2 over 1 for n, and r and p over 0, got {self._shown}")
        if _MEMORY_OF_BLOCK * self.n * self.r > _MOST_MEMORY or self.n * self.r * self.p > _MOST_WORK:
            raise FormatError(f"scrypt with {self._shown} costs more than n 16384, r 8, p 64")

    @property
    def is_quick(self) -> bool:
        """Whether a key is derived in so little time that nobody has to wait for it."""
        return self.n * self.r * self.p <= _QUICK_WORK

    @property
    def _shown(self) -> str:
        return f"n {self.n}, r {self.r}, p {self.p}"

    def derive(self, password: str, salt: bytes) -> bytes:
        """64 bytes of a password and a salt. Other threads go on meanwhile."""
        memory = _MEMORY_OF_BLOCK * self.r * (self.n + self.p + 2)
        # Half a character counts as U+FFFD, as in .NET.
        text = password.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return hashlib.scrypt(text.encode(), salt=salt, n=self.n, r=self.r, p=self.p, maxmem=memory, dklen=_DERIVED)


QUICK: Final = Scrypt(2, 1, 1)
"""For keys that are public anyway."""


def encrypted_key(private_key: bytes, password: str, scrypt: Scrypt, address_of: AddressOf) -> str:
    """The NEP-2 text, 58 characters, of a private key of 32 bytes."""
    salt = checksum4(address_of(public_key_of(private_key)).encode())
    derived = scrypt.derive(password, salt)
    payload = _PREFIX + salt + _encrypted(_mixed(private_key, derived), derived[32:])
    return base58.b58encode(payload + checksum4(payload)).decode()


def decrypted_key(nep2: str, password: str, scrypt: Scrypt, address_of: AddressOf) -> bytes:
    """The private key, 32 bytes, in a NEP-2 text.

    Raises WrongPassword where the key it comes to has another address, and FormatError for what is no such text.
    """
    salt, encrypted = _parts_of(nep2)
    derived = scrypt.derive(password, salt)
    private_key = _mixed(_decrypted(encrypted, derived[32:]), derived)
    is_key = 0 < int.from_bytes(private_key, "big") < SECP256R1.order
    if not is_key or checksum4(address_of(public_key_of(private_key)).encode()) != salt:
        raise WrongPassword("the password is wrong, or the key is of another network or profile")
    return private_key


def _parts_of(nep2: str) -> tuple[bytes, bytes]:
    """Checksum of the address and encrypted key."""
    try:
        data = base58.b58decode(nep2) if len(nep2) <= _MAX_LENGTH else b""
    except ValueError:
        data = b""
    payload, checksum = data[:-4], data[-4:]
    if len(payload) != _SIZE or not payload.startswith(_PREFIX) or checksum4(payload) != checksum:
        raise FormatError("an encrypted key is Base58 of 0142e0, 36 bytes and a checksum")
    return payload[3:7], payload[7:]


def _mixed(key: bytes, derived: bytes) -> bytes:
    return (int.from_bytes(key, "big") ^ int.from_bytes(derived[:32], "big")).to_bytes(32, "big")


def _encrypted(data: bytes, key: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import ECB

    cipher = Cipher(AES(key), ECB()).encryptor()  # as NEP-2 has it
    return cipher.update(data) + cipher.finalize()


def _decrypted(data: bytes, key: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import ECB

    cipher = Cipher(AES(key), ECB()).decryptor()  # as NEP-2 has it
    return cipher.update(data) + cipher.finalize()

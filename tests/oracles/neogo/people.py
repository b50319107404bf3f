"""Keys, the accounts that they open alone or together, and the transactions that those sign."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import scrypt, sha256
from typing import Final

import base58

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.attribute import TransactionAttribute
from rpcnode.payloads.signer import Signer
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.address import address_of
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.keys import derive_private_key, public_key_of, sign
from rpcnode.primitives.uint import UInt160

PASSWORD: Final = "one"
ADDRESS_VERSION: Final = 53
_SCRIPTS: Final = ACCOUNT_SCRIPTS["n3"]


@dataclass(frozen=True)
class Key:
    """A private key of 32 bytes."""

    private: bytes

    @cached_property
    def public(self) -> ECPoint:
        """Its public key."""
        return public_key_of(self.private)

    @cached_property
    def script(self) -> bytes:
        """The verification script of its account."""
        return _SCRIPTS.single_key(self.public)

    @property
    def script_base64(self) -> str:
        """The same, as wallets hold it."""
        return b64encode(self.script).decode()

    @cached_property
    def account(self) -> UInt160:
        """The account that it opens alone."""
        return UInt160(hash160(self.script))

    @property
    def address(self) -> str:
        """The account's address."""
        return address_of(self.account, ADDRESS_VERSION)

    def witness(self, message: bytes) -> Witness:
        """Its signature."""
        return Witness(_SCRIPTS.invocation((sign(self.private, message),)), self.script)


@dataclass(frozen=True)
class Together:
    """An account of several keys, of which some have to sign."""

    required: int
    keys: tuple[Key, ...]

    @cached_property
    def script(self) -> bytes:
        """The verification script."""
        return _SCRIPTS.multisig(self.required, [key.public for key in self.keys])

    @cached_property
    def account(self) -> UInt160:
        """The account."""
        return UInt160(hash160(self.script))

    def witness(self, message: bytes) -> Witness:
        """As many signatures as it takes, in the order of the keys."""
        chosen = sorted(self.keys, key=lambda key: key.public.sort_key)[: self.required]
        return Witness(_SCRIPTS.invocation(sign(key.private, message) for key in chosen), self.script)


@dataclass(frozen=True)
class Contracted:
    """A contract whose `verify` takes no arguments, or whatever stands for a witness that is already made."""

    account: UInt160
    made: Witness = field(default_factory=Witness)

    def witness(self, message: bytes) -> Witness:
        """The witness."""
        return self.made


Person = Key | Together | Contracted


@dataclass(frozen=True)
class Draft:
    """A transaction but for its nonce and its last block."""

    script: bytes
    signers: tuple[Signer, ...]
    people: tuple[Person, ...]
    system_fee: int
    network_fee: int
    attributes: tuple[TransactionAttribute, ...] = ()
    label: str = ""

    def signed(self, nonce: int, valid_until: int, network: int) -> Transaction:
        """The transaction, with the witness of each of `people`, who are the signers' in their order."""
        unsigned = Transaction(
            nonce, self.system_fee, self.network_fee, valid_until, self.signers, self.attributes, self.script
        )
        message = network.to_bytes(4, "little") + unsigned.hash
        return unsigned.with_witnesses(tuple(person.witness(message) for person in self.people))


def keys_of(seed: str, count: int) -> tuple[Key, ...]:
    """Keys, the same for the same seed."""
    return tuple(Key(derive_private_key(f"neogo/{seed}", index)) for index in range(count))


def majority(keys: Sequence[Key]) -> Together:
    """The account of a committee."""
    return Together(len(keys) - (len(keys) - 1) // 2, tuple(keys))


def nep2_of(key: Key) -> str:
    """The key as a wallet holds it, with scrypt's n 2, r 1, p 1. Source: NEP-2."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import ECB

    salt = sha256(sha256(key.address.encode()).digest()).digest()[:4]
    derived = scrypt(PASSWORD.encode(), salt=salt, n=2, r=1, p=1, dklen=64)
    mixed = bytes(one ^ other for one, other in zip(key.private, derived[:32], strict=True))
    encryptor = Cipher(AES(derived[32:]), ECB()).encryptor()
    payload = b"\x01\x42\xe0" + salt + encryptor.update(mixed) + encryptor.finalize()
    return base58.b58encode_check(payload).decode()

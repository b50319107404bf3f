"""A private key from its WIF, with the C# node's words for what is none.

Source: neo 3.10.2, Wallets/Wallet.cs: GetPrivateKeyFromWIF; Cryptography/Base58.cs.
"""

from typing import Final

import base58

from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import checksum4
from rpcnode.primitives.keys import private_key_from_wif

_ALPHABET: Final = frozenset(base58.BITCOIN_ALPHABET.decode())
_MAX_LENGTH: Final = 64  # no longer text is a WIF, and decoding takes the square of the time
_CHECKSUM_SIZE: Final = 4


def private_key_of_wif(text: str) -> bytes:
    """The 32 bytes of the key; raises FormatError."""
    for position, character in enumerate(text):
        if character not in _ALPHABET:
            raise FormatError(f"Invalid Base58 character '{character}' at position {position}")
    data = base58.b58decode(text) if len(text) <= _MAX_LENGTH else bytes(_MAX_LENGTH)
    if len(data) < _CHECKSUM_SIZE:
        raise FormatError(
            f"Invalid Base58Check format: decoded data length ({len(data)} bytes) is too short."
            " Base58Check requires at least 4 bytes for the checksum."
        )
    payload, checksum = data[:-_CHECKSUM_SIZE], data[-_CHECKSUM_SIZE:]
    if checksum4(payload) != checksum:
        raise FormatError(
            "Invalid Base58Check checksum: the provided checksum does not match the calculated checksum."
            " The data may be corrupted or the Base58Check string is invalid."
        )
    try:
        return private_key_from_wif(text)
    except FormatError:
        raise FormatError("Invalid WIF key") from None

"""Addresses: Base58Check of a version byte and a script hash.

The version byte tells networks apart: 0x35 in Neo N3 (addresses begin with N), 0x17 in Neo 2 (A); a private network may
have any other.
"""

from functools import lru_cache

import base58

from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import checksum4
from rpcnode.primitives.uint import UInt160

N3_VERSION = 0x35
N2_VERSION = 0x17

_ALPHABET = frozenset(base58.BITCOIN_ALPHABET.decode())
_MAX_LENGTH = 35  # 25 bytes of 0xff
_MAX_SHOWN = 40  # characters of a text in a message


@lru_cache(maxsize=16384)
def address_of(script_hash: UInt160, version: int) -> str:
    """The address of `script_hash` in networks with that version byte."""
    payload = bytes((version,)) + script_hash
    return base58.b58encode(payload + checksum4(payload)).decode()


@lru_cache(maxsize=16384)
def script_hash_of(address: str, version: int) -> UInt160:
    """The script hash that `address` stands for in networks with that version byte.

    Raises FormatError that names the first fault: its length, a character and where, the checksum, or the version byte
    it has instead.
    Source: neo, Neo: Wallets/Helper.ToScriptHash.
    """
    if len(address) > _MAX_LENGTH:
        shown, length = repr(address[:_MAX_SHOWN]), len(address)
        raise FormatError(f"{shown} is no address: it has {length} characters, an address at most {_MAX_LENGTH}")
    for position, character in enumerate(address):
        if character not in _ALPHABET:
            raise FormatError(f"{address!r} is no address: {character!r} at {position} is not a Base58 character")
    data = base58.b58decode(address)
    if len(data) != 25:
        raise FormatError(f"{address!r} is no address: it holds {len(data)} bytes, an address 25")
    payload, checksum = data[:21], data[21:]
    if checksum != checksum4(payload):
        raise FormatError(f"{address!r} is no address: its checksum is wrong, so a character is")
    if payload[0] != version:
        raise FormatError(f"{address!r} is of address version {payload[0]:#04x}, this network has {version:#04x}")
    return UInt160(payload[1:])

"""The named accounts of a fixture, and the keys of those that gave one."""

from collections.abc import Mapping
from typing import Final

from rpcnode.chain.description import Account
from rpcnode.chain.network import network_defaults
from rpcnode.dev.fixture_schema import AccountData, SeedData
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.primitives.address import script_hash_of
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.uint import UInt160

_LONGEST_SHOWN: Final = 42
"""Characters of a hash; what is longer is a WIF, or one with a slip in it, or another key: no error repeats it."""

_HASH_LENGTHS: Final = (40, 42)


def read_accounts(accounts: Mapping[str, AccountData], profile: ProfileName) -> dict[str, Account]:
    """The accounts by their names; raises FixtureError for a value that is none on the profile's network."""
    return {name: _account(name, data, profile) for name, data in accounts.items()}


def single_key_account(private_key: bytes, profile: ProfileName) -> UInt160:
    """The account that a private key of 32 bytes opens on the profile's network."""
    from rpcnode.primitives.keys import public_key_of

    return ACCOUNT_SCRIPTS[profile].account(public_key_of(private_key))


def _account(name: str, data: AccountData, profile: ProfileName) -> Account:
    try:
        if isinstance(data.value, SeedData):
            from rpcnode.primitives.keys import derive_private_key

            return _account_with_key(name, derive_private_key(data.value.seed, 0), profile)
        if len(data.value) > _LONGEST_SHOWN:
            from rpcnode.primitives.keys import private_key_from_wif

            return _account_with_key(name, private_key_from_wif(data.value), profile)
        if len(data.value) in _HASH_LENGTHS:
            return Account(name, UInt160.parse(data.value))
        return Account(name, script_hash_of(data.value, network_defaults(profile).address_version))
    except FormatError as error:
        right = "an account is an address, a WIF, a 0x script hash or {seed: any text}"
        raise data.place.error(f"{error}; {right}") from None


def _account_with_key(name: str, private_key: bytes, profile: ProfileName) -> Account:
    return Account(name, single_key_account(private_key, profile), private_key)

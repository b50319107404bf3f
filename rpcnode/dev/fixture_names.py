"""What the names, addresses and hashes in a fixture stand for."""

import re
from collections.abc import Mapping
from typing import Final

from rpcnode.chain.description import Account, Contract
from rpcnode.chain.network import network_defaults
from rpcnode.dev.fixture_contracts import Contracts
from rpcnode.dev.fixture_errors import nearest, shown
from rpcnode.dev.place import Place
from rpcnode.primitives.address import script_hash_of
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.uint import UInt160

_is_hash = re.compile(r"(?:0[xX])?[0-9a-fA-F]{40}").fullmatch
_ADDRESS_LENGTHS: Final = range(30, 38)
"""A text of about an address's length that is no name is taken for an address that was mistyped."""


class Names:
    """The accounts and contracts that texts of a fixture may name."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        contracts: Contracts,
        profile: ProfileName,
        address_version: int | None = None,
    ) -> None:
        """Addresses are of the profile's version, unless another is said."""
        self._accounts = accounts
        self._contracts = contracts
        self._version = network_defaults(profile).address_version if address_version is None else address_version
        self._key_of_hash = {
            contract.script_hash: key for key, contract in contracts.known.items() if contract.script_hash is not None
        }

    def named_account(self, name: str, place: Place) -> UInt160 | None:
        """The script hash of a named account or contract, None for a text that is no name."""
        account = self._accounts.get(name)
        if account is not None:
            return account.script_hash
        contract = self._contracts.known.get(self._contracts.key_of_native.get(name, name))
        if contract is None:
            return None
        if contract.script_hash is None:
            raise place.error(f"{name} is a contract without a hash; give it one to use it as an account")
        return contract.script_hash

    def account(self, written: str, place: Place, address_version: int | None = None) -> UInt160:
        """The script hash of an account: a name, a hash, or an address (of the network's version, if none is said)."""
        named = self.named_account(written, place)
        if named is not None:
            return named
        if _is_hash(written):
            return UInt160.parse(written)
        if len(written) in _ADDRESS_LENGTHS:
            try:
                return script_hash_of(written, self._version if address_version is None else address_version)
            except FormatError as error:
                raise place.error(f"{error}; an account is a name, an address or a 0x script hash") from None
        names = [*self._accounts, *self._contracts.known]
        raise place.error(f"{shown(written)} is no account, address or 0x script hash; {nearest(written, names)}")

    def asset(self, written: str, place: Place) -> Contract:
        """The contract that a name or a hash stands for; it must be declared, or be a native token."""
        key = self._contracts.key_of_native.get(written, written)
        if key not in self._contracts.known and _is_hash(written):
            key = self._key_of_hash.get(UInt160.parse(written), key)
        contract = self._contracts.known.get(key)
        if contract is None:
            names = [*self._contracts.known]
            raise place.error(f"{shown(written)} is no declared contract; {nearest(written, names)}")
        return contract

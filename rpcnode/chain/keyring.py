"""The keys a node knows, and the witnesses it makes with them."""

from collections.abc import Mapping
from functools import cached_property, lru_cache

from rpcnode.chain.format.layout import PayloadLayout
from rpcnode.chain.network import VALIDATOR_PUBLIC_KEY, VALIDATOR_SEED, NetworkParameters
from rpcnode.payloads.account_scripts import AccountScripts, required_of
from rpcnode.payloads.verification import script_hash
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160


def validators_address(scripts: AccountScripts, parameters: NetworkParameters) -> UInt160:
    """The account of the validators: who mints on a described chain, and what headers name as next consensus."""
    return script_hash(scripts.bft(parameters.validators))


class Keyring:
    """Private keys (32 bytes) by the script hash of their single-key account, and that of the dev chain's validator."""

    def __init__(
        self, layout: PayloadLayout, parameters: NetworkParameters, private_keys: Mapping[UInt160, bytes]
    ) -> None:
        self._layout = layout
        self._parameters = parameters
        self._validators = validators_address(layout.account_scripts, parameters)
        self._private_keys = dict(private_keys)

    def can_sign(self, account: UInt160) -> bool:
        """Whether there are the keys for an account's witness."""
        if account == self._validators:
            return len(self._known_validators) >= required_of(len(self._parameters.validators))
        return account in self._private_keys

    def witness(self, account: UInt160, unsigned: bytes) -> Witness:
        """The witness of an account for a transaction or header, by its unsigned part; empty without its keys.

        Signatures are deterministic (RFC 6979) over what the profile signs.
        """
        scripts, message = self._layout.account_scripts, self._layout.sign_data(unsigned)
        if account == self._validators:
            return self._of_validators(message)
        private_key = self._private_keys.get(account)
        if private_key is None:
            return self._layout.witness_type()
        from rpcnode.primitives.keys import public_key_of, sign

        verification = scripts.single_key(public_key_of(private_key))
        return self._layout.witness_type(scripts.invocation([sign(private_key, message)]), verification)

    def _of_validators(self, message: bytes) -> Witness:
        """The signatures of as many validators as there have to be, in the order of their keys."""
        scripts, validators = self._layout.account_scripts, self._parameters.validators
        known = self._known_validators
        required = required_of(len(validators))
        if len(known) < required:
            return self._layout.witness_type()
        from rpcnode.primitives.keys import sign

        signatures = [sign(private_key, message) for private_key in known[:required]]
        return self._layout.witness_type(scripts.invocation(signatures), scripts.bft(validators))

    @cached_property
    def _known_validators(self) -> list[bytes]:
        """The private keys of validators that are known, in the order of their public keys."""
        validators = sorted(self._parameters.validators, key=lambda key: key.sort_key)
        return [key for key in map(self._key_of, validators) if key is not None]

    def _key_of(self, validator: ECPoint) -> bytes | None:
        if str(validator) == VALIDATOR_PUBLIC_KEY:
            return _validator_key()
        return self._private_keys.get(self._layout.account_scripts.account(validator))


@lru_cache(maxsize=1)
def _validator_key() -> bytes:
    from rpcnode.primitives.keys import derive_private_key

    return derive_private_key(VALIDATOR_SEED, 0)

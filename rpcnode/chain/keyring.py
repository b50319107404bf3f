"""The keys a node knows, and the witnesses it makes with them."""

from collections.abc import Mapping, Sequence
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
    """Private keys (32 bytes) by the script hash of their single-key account, and that of the dev chain's validator.

    With them it opens these accounts, and those of several keys of which it has enough.
    """

    def __init__(
        self, layout: PayloadLayout, parameters: NetworkParameters, private_keys: Mapping[UInt160, bytes]
    ) -> None:
        self._layout = layout
        self._parameters = parameters
        self._validators = validators_address(layout.account_scripts, parameters)
        self._private_keys = dict(private_keys)

    def can_sign(self, account: UInt160) -> bool:
        """Whether there are the keys for an account's witness: of one key, or one of the committee's two accounts."""
        if account in self._private_keys:
            return True
        shared = self._shared.get(account)
        return shared is not None and self.can_open(*shared)

    def can_open(self, required: int, public_keys: Sequence[ECPoint]) -> bool:
        """Whether so many of these keys are known."""
        return len(self._known(public_keys)) >= required

    def public_key(self, account: UInt160) -> ECPoint | None:
        """The public key of an account with one key that is known."""
        private_key = self._private_keys.get(account)
        if private_key is None:
            return None
        from rpcnode.primitives.keys import public_key_of

        return public_key_of(private_key)

    def witness(self, account: UInt160, unsigned: bytes) -> Witness:
        """The witness of an account for a transaction or header, by its unsigned part; empty without its keys.

        Signatures are deterministic (RFC 6979) over what the profile signs.
        """
        private_key = self._private_keys.get(account)
        if private_key is None:
            shared = self._shared.get(account)
            return self._layout.witness_type() if shared is None else self.shared_witness(*shared, unsigned)
        from rpcnode.primitives.keys import public_key_of, sign

        scripts, message = self._layout.account_scripts, self._layout.sign_data(unsigned)
        verification = scripts.single_key(public_key_of(private_key))
        return self._layout.witness_type(scripts.invocation([sign(private_key, message)]), verification)

    def shared_witness(self, required: int, public_keys: Sequence[ECPoint], unsigned: bytes) -> Witness:
        """The witness of the account that so many of these keys open, signed in their order; empty without so many."""
        known = self._known(public_keys)
        if len(known) < required:
            return self._layout.witness_type()
        from rpcnode.primitives.keys import sign

        scripts, message = self._layout.account_scripts, self._layout.sign_data(unsigned)
        signatures = [sign(private_key, message) for private_key in known[:required]]
        return self._layout.witness_type(scripts.invocation(signatures), scripts.multisig(required, public_keys))

    @cached_property
    def _shared(self) -> dict[UInt160, tuple[int, tuple[ECPoint, ...]]]:
        """The accounts of the validators, and of more than half of the committee that the network begins with."""
        scripts, parameters = self._layout.account_scripts, self._parameters
        committee = parameters.standby_committee
        majority = len(committee) - (len(committee) - 1) // 2
        return {
            script_hash(scripts.multisig(majority, committee)): (majority, committee),
            self._validators: (required_of(len(parameters.validators)), parameters.validators),
        }

    def _known(self, public_keys: Sequence[ECPoint]) -> list[bytes]:
        """The private keys that are known of some public ones, in the order of these."""
        ordered = sorted(public_keys, key=lambda key: key.sort_key)
        return [key for key in map(self._key_of, ordered) if key is not None]

    def _key_of(self, public_key: ECPoint) -> bytes | None:
        if str(public_key) == VALIDATOR_PUBLIC_KEY:
            return _validator_key()
        return self._private_keys.get(self._layout.account_scripts.account(public_key))


@lru_cache(maxsize=1)
def _validator_key() -> bytes:
    from rpcnode.primitives.keys import derive_private_key

    return derive_private_key(VALIDATOR_SEED, 0)

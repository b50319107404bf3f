"""The keys a node knows, and the witnesses it makes with them."""

from collections.abc import Mapping
from functools import lru_cache

from rpcnode.chain.format.layout import PayloadLayout
from rpcnode.chain.network import VALIDATOR_SEED, NetworkParameters
from rpcnode.payloads.account_scripts import AccountScripts
from rpcnode.payloads.verification import script_hash
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.uint import UInt160


def validators_address(scripts: AccountScripts, parameters: NetworkParameters) -> UInt160:
    """The account of the validators: who mints on a described chain, and what headers name as next consensus."""
    return script_hash(scripts.bft(parameters.validators))


class Keyring:
    """Private keys (32 bytes) by the script hash of their single-key account, and the validator's."""

    def __init__(
        self, layout: PayloadLayout, parameters: NetworkParameters, private_keys: Mapping[UInt160, bytes]
    ) -> None:
        self._layout = layout
        self._validators = validators_address(layout.account_scripts, parameters)
        self._committee = parameters.standby_committee
        self._private_keys = dict(private_keys)

    def witness(self, account: UInt160, unsigned: bytes) -> Witness:
        """The witness of an account for a transaction or header, by its unsigned part; empty without its key.

        Signatures are deterministic (RFC 6979) over what the profile signs.
        """
        scripts, message = self._layout.account_scripts, self._layout.sign_data(unsigned)
        if account == self._validators and len(self._committee) == 1:
            from rpcnode.primitives.keys import sign

            signature, verification = sign(_validator_key(), message), scripts.bft(self._committee)
            return self._layout.witness_type(scripts.invocation([signature]), verification)
        private_key = self._private_keys.get(account)
        if private_key is None:
            return self._layout.witness_type()
        from rpcnode.primitives.keys import public_key_of, sign

        verification = scripts.single_key(public_key_of(private_key))
        return self._layout.witness_type(scripts.invocation([sign(private_key, message)]), verification)


@lru_cache(maxsize=1)
def _validator_key() -> bytes:
    from rpcnode.primitives.keys import derive_private_key

    return derive_private_key(VALIDATOR_SEED, 0)

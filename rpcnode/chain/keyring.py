"""The keys a node knows, and the witnesses it makes with them."""

from collections.abc import Mapping
from functools import lru_cache

from rpcnode.chain.network import VALIDATOR_SEED, NetworkParameters
from rpcnode.payloads.verification import bft_script, invocation_script, script_hash, single_key_script
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.uint import UInt160, UInt256

NO_WITNESS = Witness(b"", b"")
"""Stands where the key of a signer is not known."""


def validators_address(parameters: NetworkParameters) -> UInt160:
    """The account of the validators: who mints on a described chain, and what headers name as next consensus."""
    return script_hash(bft_script(parameters.standby_committee[: parameters.validators_count]))


class Keyring:
    """Private keys (32 bytes) by the script hash of their single-key account, and the validator's."""

    def __init__(self, parameters: NetworkParameters, private_keys: Mapping[UInt160, bytes]) -> None:
        self._magic = parameters.magic
        self._validators = validators_address(parameters)
        self._committee = parameters.standby_committee
        self._private_keys = dict(private_keys)

    def witness(self, account: UInt160, signed_hash: UInt256) -> Witness:
        """The witness of an account for a transaction or header; `NO_WITNESS` where its key is not known.

        Signatures are deterministic (RFC 6979) over network magic and hash.
        """
        message = self._magic.to_bytes(4, "little") + signed_hash
        if account == self._validators and len(self._committee) == 1:
            return Witness(invocation_script([_validator_signature(message)]), bft_script(self._committee))
        private_key = self._private_keys.get(account)
        if private_key is None:
            return NO_WITNESS
        from rpcnode.primitives.keys import public_key_of, sign

        return Witness(invocation_script([sign(private_key, message)]), single_key_script(public_key_of(private_key)))


@lru_cache(maxsize=4096)
def _validator_signature(message: bytes) -> bytes:
    from rpcnode.primitives.keys import derive_private_key, sign

    return sign(derive_private_key(VALIDATOR_SEED, 0), message)

"""Committee, validators, candidates and the GAS that NEO earns.

A described chain holds no elections: its committee is the network's standby committee, nobody is a candidate.
Source: neo-node 3.10, plugins/RpcServer: RpcServer.Blockchain, RpcServer.SmartContract; neo 3.10, Neo:
SmartContract/Native/NeoToken.
"""

from rpcnode.plugin import NATIVE_TOKENS, Account, Fidelity, Json, rpc_method
from rpcnode.plugin.items import to_integer
from rpcnode.plugin.preview2 import registered_validators
from rpcnode.plugins.rpc_server.group import MethodGroup
from rpcnode.primitives.ecpoint import ECPoint

_NO_CANDIDATE = -1
_NEO_ID = -5
_ACCOUNT_PREFIX = b"\x14"
_NEO_SUPPLY = 100_000_000
_GAS_PER_BLOCK_DATOSHI = 500_000_000
_HOLDERS_PERCENT = 10


class GovernanceMethods(MethodGroup):
    """Who makes blocks, and what holding NEO pays."""

    @rpc_method(profiles=("n3",), fidelity=Fidelity.MODELLED)
    def get_committee(self) -> Json:
        """The keys of the committee, in the order of their points: the standby committee."""
        return [str(key) for key in self._committee()]

    @rpc_method(profiles=("n3",), fidelity=Fidelity.MODELLED)
    def get_next_block_validators(self) -> Json:
        """The validators of the next block, the first of the standby committee; -1 votes: none is a candidate."""
        return [{"publickey": str(key), "votes": _NO_CANDIDATE} for key in self._validators()]

    @rpc_method(profiles=("n3",), fidelity=Fidelity.MODELLED)
    def get_candidates(self) -> Json:
        """The candidates for the committee: none."""
        return []

    @rpc_method(profiles=("n3-preview",), fidelity=Fidelity.MODELLED)
    def get_validators(self) -> Json:
        """The registered validators and their votes, after a recorded chain; else the standby ones, without votes.

        As many as there are standby validators are active: those with the most votes, of the registered ones that have
        some or are standby ones. That votes may ask for more of them is not in the model.
        Source: neo 3.0.0-preview2, Neo: NeoToken.GetValidators.
        """
        standby = self._ledger.parameters.standby_committee
        known = registered_validators(self._ledger.state()) or [(key, 0) for key in self._validators()]
        able = [(votes, key) for key, votes in known if votes > 0 or key in standby]
        able.sort(key=lambda each: (-each[0], each[1].sort_key))
        active = {key for _, key in able[: self._ledger.parameters.validators_count]}
        return [{"publickey": str(key), "votes": str(votes), "active": key in active} for key, votes in known]

    @rpc_method(profiles=("n3",), fidelity=Fidelity.MODELLED)
    def get_unclaimed_gas(self, address: Account) -> Json:
        """What an account's NEO has earned since its balance last changed, in datoshi.

        That is the holders' tenth of 5 GAS a block. Rewards for votes, and claims that moved no NEO, are not in the
        model.
        """
        balance = self._ledger.state().call(NATIVE_TOKENS["n3"]["NEO"], "balanceOf", (bytes(address.script_hash),))
        unclaimed = 0
        if balance.halted:
            since = self._ledger.changed_at(_NEO_ID, _ACCOUNT_PREFIX + address.script_hash)
            blocks = self._ledger.height + 1 - since
            generated = to_integer(balance.stack[0]) * _GAS_PER_BLOCK_DATOSHI * blocks
            unclaimed = generated * _HOLDERS_PERCENT // 100 // _NEO_SUPPLY
        return {"unclaimed": str(unclaimed), "address": self._address(address.script_hash)}

    def _committee(self) -> list[ECPoint]:
        return sorted(self._ledger.parameters.standby_committee, key=lambda key: key.sort_key)

    def _validators(self) -> list[ECPoint]:
        parameters = self._ledger.parameters
        chosen = parameters.standby_committee[: parameters.validators_count]
        return sorted(chosen, key=lambda key: key.sort_key)

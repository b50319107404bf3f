"""Committee, validators, candidates and the GAS that NEO earns, from the storage of the native contracts.

Where that is not known no elections are held: the committee is the network's standby committee, nobody a candidate.
Source: neo-node 3.10, plugins/RpcServer: RpcServer.Blockchain, RpcServer.SmartContract; neo 3.10, Neo:
SmartContract/Native/NeoToken.
"""

from rpcnode.plugin import NATIVE_TOKENS, Account, Answer, Fidelity, Json, errors, rpc_method
from rpcnode.plugin.items import Array, to_bytes, to_integer
from rpcnode.plugins.rpc_server.group import MethodGroup
from rpcnode.primitives.ecpoint import ECPoint

_NO_CANDIDATE = -1
_NEO_ID = -5
_ACCOUNT_PREFIX = b"\x14"
_NEO_SUPPLY = 100_000_000
_GAS_PER_BLOCK_DATOSHI = 500_000_000
_HOLDERS_PERCENT = 10
_OVERFLOW = -2146233066
_MOST_VOTES = 2**31 - 1


class GovernanceMethods(MethodGroup):
    """Who makes blocks, and what holding NEO pays."""

    @rpc_method(profiles=("n3",), of_chain=True)
    def get_committee(self) -> Json:
        """The keys of the committee, in the order of their points."""
        state = self.node.execution_at()
        if state is None:
            return [str(key) for key in self._committee()]
        from rpcnode.plugin.runs import committee

        return [str(key) for key in committee(state.storage)]

    @rpc_method(profiles=("n3",), of_chain=True)
    def get_next_block_validators(self) -> Json:
        """The validators of the next block, the first of the committee; -1 votes for one that is no candidate."""
        state = self.node.execution_at()
        if state is None:
            return [{"publickey": str(key), "votes": _NO_CANDIDATE} for key in self._validators()]
        from rpcnode.plugin.runs import candidate_votes, next_block_validators

        validators: list[Json] = []
        for key in next_block_validators(state.storage, state.settings):
            votes = candidate_votes(state.storage, key)
            if votes > _MOST_VOTES:
                raise errors.LeakedException(_OVERFLOW, "Value was either too large or too small for an Int32.")
            validators.append({"publickey": str(key), "votes": votes})
        return validators

    @rpc_method(profiles=("n3",), of_chain=True)
    def get_candidates(self) -> Answer:
        """The candidates for the committee and their votes; an empty object where asking takes over MaxGasInvoke."""
        state = self.node.execution_at()
        if state is None:
            return []
        from rpcnode.plugin.calls import CALL_SCRIPTS
        from rpcnode.plugin.runs import answer_of_run, next_block_validators, run_of_natives

        run = run_of_natives(state, CALL_SCRIPTS["n3"](NATIVE_TOKENS["n3"]["NEO"], "getCandidates", ()), self._max_gas)

        def result() -> Json:
            if not run.results:
                return {}
            validators = next_block_validators(state.storage, state.settings)
            listed = run.results[0]
            assert isinstance(listed, Array)
            candidates: list[Json] = []
            for item in listed.items:
                assert isinstance(item, Array)
                key = ECPoint(bytes(to_bytes(item.items[0])))
                votes = str(to_integer(item.items[1]))
                candidates.append({"publickey": str(key), "votes": votes, "active": key in validators})
            return candidates

        return answer_of_run(run, result)

    @rpc_method(profiles=("n3-preview",), fidelity=Fidelity.MODELLED, of_chain=True)
    def get_validators(self) -> Json:
        """The registered validators and their votes, after a recorded chain; else the standby ones, without votes.

        As many as there are standby validators are active: those with the most votes, of the registered ones that have
        some or are standby ones. That votes may ask for more of them is not in the model.
        Source: neo 3.0.0-preview2, Neo: NeoToken.GetValidators.
        """
        standby = self._ledger.parameters.standby_committee
        from rpcnode.plugin.preview2 import registered_validators  # of an older profile, and slow to load

        known = registered_validators(self._ledger.state()) or [(key, 0) for key in self._validators()]
        able = [(votes, key) for key, votes in known if votes > 0 or key in standby]
        able.sort(key=lambda each: (-each[0], each[1].sort_key))
        active = {key for _, key in able[: self._ledger.parameters.validators_count]}
        return [{"publickey": str(key), "votes": str(votes), "active": key in active} for key, votes in known]

    @rpc_method(profiles=("n3",), of_chain=True)
    def get_unclaimed_gas(self, address: Account) -> Json:
        """What an account's NEO has earned since its balance last changed, in datoshi.

        On a chain whose storage is not known that is the holders' tenth of 5 GAS a block. Rewards for votes, and claims
        that moved no NEO, are not in the model.
        """
        state = self.node.execution_at()
        if state is not None:
            from rpcnode.plugin.runs import unclaimed_gas

            ledger = state.ledger
            earned = unclaimed_gas(state.storage, ledger, address.script_hash, ledger.current_index + 1)
            return {"unclaimed": str(earned), "address": self._address(address.script_hash)}
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

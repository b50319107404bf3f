"""Invocations: methods of contracts whose scripts are run, safe ones of modelled tokens, a plain word about the rest.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.SmartContract, RpcServer.Wallet.InvokeContractVerify.
"""

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING

from rpcnode.plugin import (
    Answer,
    Base64Bytes,
    ContractArguments,
    Fidelity,
    Guid,
    HexBytes,
    Int32,
    Json,
    NodeView,
    OtherHashes,
    PluginConfig,
    Result,
    ScriptHashes,
    SignersAndWitnesses,
    UInt160,
    Written,
    errors,
    rpc_method,
)
from rpcnode.plugin.items import StackItem
from rpcnode.plugin.steps import Steps
from rpcnode.plugins.rpc_server.group import NOT_BUILT
from rpcnode.plugins.rpc_server.invocation import INVOCATION_JSON, InvocationResult
from rpcnode.plugins.rpc_server.sends import NOT_SIGNED, SendMethods, Signed
from rpcnode.plugins.rpc_server.sessions import Sessions

if TYPE_CHECKING:
    from random import Random

    from rpcnode.plugin.runs import ExecutionState
    from rpcnode.plugin.wallets import Signer, Wallet

_NO_ARGUMENTS = ContractArguments()
_NO_HASHES = OtherHashes()


class SmartContractMethods(SendMethods):
    """The methods of the C# node's SmartContract group."""

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        self._sessions = Sessions(self.config.session_expiration_time, monotonic)
        self._random: Random | None = None

    def on_rewound(self) -> None:
        super().on_rewound()
        self._sessions.clear()

    def on_closing(self) -> None:
        super().on_closing()
        self._sessions.clear()

    @rpc_method(profiles=("n3",), of_chain=True)
    def invoke_function(
        self,
        script_hash: UInt160,
        operation: str,
        args: ContractArguments = _NO_ARGUMENTS,
        signers_and_witnesses: SignersAndWitnesses | None = None,
        use_diagnostic: bool = False,
    ) -> Answer:
        """What a method leaves, called in a transaction and a block that are made up; what it writes is dropped.

        A contract or method that is not there is a FAULT, not an error.

        On a chain whose storage is not known it is what a recorded contract's script or a token's model answers: nobody
        signs then, and `gasconsumed` is that of the native tokens. Raises NotYet where neither answers.
        """
        state = self.node.execution_at()
        if state is None:
            return self._invoke(script_hash, operation, args, use_diagnostic)
        from rpcnode.plugin.calls import CALL_SCRIPTS

        script = CALL_SCRIPTS["n3"](script_hash, operation, args)
        return self._run(state, script, signers_and_witnesses, with_diagnostics=use_diagnostic)

    @rpc_method(name="invokefunction", profiles=("n3-preview",), fidelity=Fidelity.MODELLED, of_chain=True)
    def invoke_function_of_preview2(
        self,
        script_hash: UInt160,
        operation: str,
        args: ContractArguments = _NO_ARGUMENTS,
        check_witness_hashes: ScriptHashes | None = None,
    ) -> Json:
        """What a safe method of a token answers now, in preview2's form."""
        return self._invoke(script_hash, operation, args)

    @rpc_method(name="invokefunction", profiles=("n2",), fidelity=Fidelity.MODELLED, of_chain=True)
    def invoke_function_of_neo2(
        self,
        script_hash: UInt160,
        operation: str,
        args: ContractArguments = _NO_ARGUMENTS,
        check_witness_hashes: OtherHashes = _NO_HASHES,
    ) -> Json:
        """What a safe method of a token answers now, in Neo 2's form; hashes that count as signers may follow."""
        return self._invoke(script_hash, operation, args)

    @rpc_method(profiles=("n3",), of_chain=True)
    def invoke_script(
        self,
        script: Base64Bytes,
        signers_and_witnesses: SignersAndWitnesses | None = None,
        use_diagnostic: bool = False,
    ) -> Answer:
        """What a script leaves, in a transaction and a block that are made up; what it writes is dropped.

        Raises NotYet on a chain whose storage is not known.
        """
        state = self.node.execution_at()
        if state is None:
            raise errors.NotYet(f"invokescript {NOT_BUILT}")
        return self._run(state, script, signers_and_witnesses, with_diagnostics=use_diagnostic)

    @rpc_method(name="invokescript", profiles=("n3-preview",), fidelity=Fidelity.NOT_YET)
    def invoke_script_of_preview2(self, script: HexBytes, check_witness_hashes: ScriptHashes | None = None) -> Json:
        """What a script leaves."""
        raise errors.NotYet(f"invokescript {NOT_BUILT}")

    @rpc_method(name="invokescript", profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def invoke_script_of_neo2(self, script: HexBytes, check_witness_hashes: OtherHashes = _NO_HASHES) -> Json:
        """What a script leaves."""
        raise errors.NotYet(f"invokescript {NOT_BUILT}")

    @rpc_method(profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def invoke(
        self, script_hash: UInt160, params: ContractArguments, check_witness_hashes: OtherHashes = _NO_HASHES
    ) -> Json:
        """What a contract leaves when it is given these parameters."""
        raise errors.NotYet(f"invoke {NOT_BUILT}")

    @rpc_method(profiles=("n3",), of_chain=True)
    def invoke_contract_verify(
        self,
        script_hash: UInt160,
        args: ContractArguments = _NO_ARGUMENTS,
        signers_and_witnesses: SignersAndWitnesses | None = None,
    ) -> Answer:
        """Whether a contract agrees to sign; one without a fitting `verify` method is refused.

        It may spend 20 GAS whatever MaxGasInvoke is. Raises NotYet on a chain whose storage is not known.
        """
        state = self.node.execution_at()
        if state is None:
            if not self._contract(script_hash).has_method("verify", len(args)):
                raise _no_verify(script_hash, len(args))
            raise errors.NotYet(f"invokecontractverify {NOT_BUILT}")
        from rpcnode.plugin.runs import answer_of_run, contract_of, push_script, run_of_verify
        from rpcnode.plugins.rpc_server.run_text import RunText

        contract = contract_of(state.storage, script_hash)
        if contract is None:
            raise errors.UnknownContract
        method = contract.manifest.method("verify", len(args))
        if method is None:
            raise _no_verify(script_hash, len(args))
        if method.return_type != "Boolean":
            raise errors.InvalidContractVerification("The verify method doesn't return boolean value.")
        script = push_script(args)
        signing = signers_and_witnesses
        signers, witnesses = (None, ()) if signing is None else (signing.signers, signing.witnesses)
        run = run_of_verify(state, contract, method, script, signers, witnesses)

        def result() -> Result:
            made = RunText(run, self._new_id, most=self._most)
            written = made.of_verification(script, self.config.max_stack_size)
            return Written(written.text, written.depth, lasts=not run.depends_on_transaction)

        return answer_of_run(run, result, self._most)

    @rpc_method(profiles=("n3",))
    def traverse_iterator(self, session_id: Guid, iterator_id: Guid, count: Int32) -> Answer:
        """The next items of an iterator that an invocation left, in the state in which that ran.

        Sessions are disabled unless the configuration enables them. One ends when the chain goes back.
        """
        self._check_sessions()
        if count > self.config.max_iterator_result_items:
            raise errors.InvalidParams("Invalid iterator items count count")
        iterator = self._sessions.iterator(session_id, iterator_id)
        from rpcnode.plugins.rpc_server.run_text import items_of

        try:
            return items_of(iterator, count, self._most)
        except errors.ItemTooLarge:
            raise errors.AnswerTooLong.than(self._most) from None

    @rpc_method(profiles=("n3",))
    def terminate_session(self, session_id: Guid) -> Json:
        """Whether a session was ended; sessions are disabled unless the configuration enables them."""
        self._check_sessions()
        return self._sessions.end(session_id)

    def _check_sessions(self) -> None:
        if not self.config.session_enabled:
            raise errors.SessionsDisabled

    def _run(
        self,
        state: "ExecutionState",
        script: bytes,
        signing: SignersAndWitnesses | None,
        *,
        with_diagnostics: bool,
    ) -> Answer:
        """What a script leaves, or the steps to it."""
        signers, witnesses = (None, ()) if signing is None else (signing.signers, signing.witnesses)
        wallet = self.node.wallet if signers else None
        from rpcnode.plugin.runs import Diagnostics, VmState, answer_of_run, iterators_size, run_of_script
        from rpcnode.plugins.rpc_server.run_text import RunText

        listener = Diagnostics(self._most) if with_diagnostics else None
        run = run_of_script(state, script, self._max_gas, signers, witnesses, self._draw_nonce, listener)
        config = self.config
        expands = not config.session_enabled and self._expands_iterators
        expanded = config.max_iterator_result_items if expands else None

        def result() -> Answer:
            if wallet is None or not signers or run.state is not VmState.HALT:
                return answer(NOT_SIGNED)
            return signed(wallet, signers)

        def signed(wallet: "Wallet", signers: "tuple[Signer, ...]") -> "Steps[Result]":
            return answer((yield from self._signed_invocation(wallet, state, script, signers)))

        def answer(signed: Signed) -> Written:
            made = RunText(run, self._new_id, most=self._most, expanded=expanded)
            text, depth = made.of_invocation(script, listener, signed)
            if config.session_enabled and made.iterators:
                session_id = self._new_id()
                self._sessions.add(session_id, made.iterators, iterators_size(made.iterators.values()))
                text += f',"session":"{session_id}"'
            lasts = wallet is None and not (made.iterators or run.depends_on_transaction or run.asked_time)
            return Written(text + "}", depth, lasts=lasts)

        return answer_of_run(run, result, self._most)

    def _seeded(self) -> "Random":
        """What nonces and ids are drawn from: the same on every run of a chain."""
        if self._random is None:
            from random import Random

            self._random = Random(self._ledger.parameters.nonce)
        return self._random

    def _draw_nonce(self) -> int:
        return self._seeded().getrandbits(31)

    def _new_id(self) -> str:
        """An id of a session or an iterator: a random GUID."""
        from uuid import UUID

        return str(UUID(int=self._seeded().getrandbits(128), version=4))

    def _invoke(
        self, script_hash: UInt160, operation: str, args: Sequence[StackItem], with_diagnostics: bool = False
    ) -> Json:
        from rpcnode.plugin.calls import CALL_SCRIPTS, call_gas  # loaded by the first call

        profile = self.node.profile
        script = CALL_SCRIPTS[profile](script_hash, operation, args)
        state = self._ledger.state()
        called = state.contract(script_hash)
        execution = state.call(script_hash, operation, args)
        if execution.needs_script:
            raise errors.NotYet(str(execution.exception))
        ran = called is not None and called.has_method(operation, len(args))
        gas_consumed = call_gas(profile, script, operation if ran else None)
        result = InvocationResult(
            script,
            execution._replace(gas_consumed=gas_consumed),
            script_hash if ran else None,
            with_diagnostics=with_diagnostics,
        )
        return INVOCATION_JSON[profile](result)


def _no_verify(script_hash: UInt160, count: int) -> errors.InvalidContractVerification:
    told = f"The smart contract {script_hash} haven't got verify method with {count} input parameters."
    return errors.InvalidContractVerification(told)

"""Invocations: methods of contracts whose scripts are run, safe ones of modelled tokens, a plain word about the rest.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.SmartContract, RpcServer.Wallet.InvokeContractVerify.
"""

from collections.abc import Sequence
from dataclasses import replace

from rpcnode.plugin import (
    Base64Bytes,
    ContractArguments,
    Fidelity,
    Guid,
    HexBytes,
    Int32,
    Json,
    OtherHashes,
    ScriptHashes,
    SignersAndWitnesses,
    UInt160,
    errors,
    rpc_method,
)
from rpcnode.plugin.items import StackItem
from rpcnode.plugins.rpc_server.group import NOT_BUILT, MethodGroup
from rpcnode.plugins.rpc_server.invocation import INVOCATION_JSON, InvocationResult

_NO_ARGUMENTS = ContractArguments()
_NO_HASHES = OtherHashes()


class SmartContractMethods(MethodGroup):
    """The methods of the C# node's SmartContract group."""

    @rpc_method(profiles=("n3",), fidelity=Fidelity.MODELLED)
    def invoke_function(
        self,
        script_hash: UInt160,
        operation: str,
        args: ContractArguments = _NO_ARGUMENTS,
        signers_and_witnesses: SignersAndWitnesses | None = None,
        use_diagnostic: bool = False,
    ) -> Json:
        """What a method answers now, from a recorded contract's script or a token's model; what it writes is dropped.

        A contract or method that is not there is a FAULT, not an error. Nobody signs: signers are read and make no
        difference. `gasconsumed` is exact for native tokens and modelled after them for all others. Raises NotYet where
        neither script nor model answers.
        """
        return self._invoke(script_hash, operation, args, use_diagnostic)

    @rpc_method(name="invokefunction", profiles=("n3-preview",), fidelity=Fidelity.MODELLED)
    def invoke_function_of_preview2(
        self,
        script_hash: UInt160,
        operation: str,
        args: ContractArguments = _NO_ARGUMENTS,
        check_witness_hashes: ScriptHashes | None = None,
    ) -> Json:
        """What a safe method of a token answers now, in preview2's form."""
        return self._invoke(script_hash, operation, args)

    @rpc_method(name="invokefunction", profiles=("n2",), fidelity=Fidelity.MODELLED)
    def invoke_function_of_neo2(
        self,
        script_hash: UInt160,
        operation: str,
        args: ContractArguments = _NO_ARGUMENTS,
        check_witness_hashes: OtherHashes = _NO_HASHES,
    ) -> Json:
        """What a safe method of a token answers now, in Neo 2's form; hashes that count as signers may follow."""
        return self._invoke(script_hash, operation, args)

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def invoke_script(
        self,
        script: Base64Bytes,
        signers_and_witnesses: SignersAndWitnesses | None = None,
        use_diagnostic: bool = False,
    ) -> Json:
        """What a script leaves."""
        raise errors.NotYet(f"invokescript {NOT_BUILT}")

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

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def invoke_contract_verify(
        self,
        script_hash: UInt160,
        args: ContractArguments = _NO_ARGUMENTS,
        signers_and_witnesses: SignersAndWitnesses | None = None,
    ) -> Json:
        """Whether a contract agrees to sign; one without a fitting `verify` method is refused as on a node."""
        contract = self._contract(script_hash)
        count = len(args)
        if not contract.has_method("verify", count):
            raise errors.InvalidContractVerification(
                f"The smart contract {script_hash} haven't got verify method with {count} input parameters."
            )
        raise errors.NotYet(f"invokecontractverify {NOT_BUILT}")

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def traverse_iterator(self, session_id: Guid, iterator_id: Guid, count: Int32) -> Json:
        """The next items of an iterator; sessions are disabled unless the configuration enables them.

        Only a script leaves an iterator, and none is run for a client: no session is known.
        """
        self._check_sessions()
        if count > self.config.max_iterator_result_items:
            raise errors.InvalidParams("Invalid iterator items count count")
        raise errors.UnknownSession

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def terminate_session(self, session_id: Guid) -> Json:
        """Whether a session was ended; sessions are disabled unless the configuration enables them."""
        self._check_sessions()
        return False

    def _check_sessions(self) -> None:
        if not self.config.session_enabled:
            raise errors.SessionsDisabled

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
            replace(execution, gas_consumed=gas_consumed),
            script_hash if ran else None,
            with_diagnostics=with_diagnostics,
        )
        return INVOCATION_JSON[profile](result)

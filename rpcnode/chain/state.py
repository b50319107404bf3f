"""What stands after a block: which contracts exist, and what their methods answer."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.native_hashes import NATIVE_HASHES_OF_N3
from rpcnode.execution.records import FAULT, HALT, Execution
from rpcnode.execution.storage import Storage
from rpcnode.payloads.flags import CallFlags
from rpcnode.primitives.errors import ScriptNeeded, VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem

if TYPE_CHECKING:
    from rpcnode.chain.executed.kept_calls import KeptCalls
    from rpcnode.chain.executed.state import ExecutionState

CALL_GAS = 100_000_000
"""What a call may use in scripts unless it says otherwise, in datoshi."""


class MethodCall(NamedTuple):
    """A call of a contract's method; `flags` are what it may do."""

    contract: UInt160
    method: str
    args: Sequence[StackItem] = ()
    flags: int = CallFlags.All


class State:
    """The state after the block at `block_index`: contracts and their safe methods."""

    __slots__ = ("_contracts", "_execution", "_kept", "_storage", "block_index")

    def __init__(
        self,
        block_index: int,
        contracts: Mapping[UInt160, Sequence[ContractState]],
        storage: Storage,
        execution: "Callable[[], ExecutionState] | None" = None,
        kept: "KeptCalls | None" = None,
    ) -> None:
        self.block_index = block_index
        self._contracts = contracts
        self._storage = storage
        self._execution = execution  # of a chain whose blocks are executed
        self._kept = kept

    def contract(self, script_hash: UInt160) -> ContractState | None:
        """The contract with a hash, or None if there is none: never deployed, not yet, or destroyed."""
        for contract in self._contracts.get(script_hash, ()):
            if contract.exists_at(self.block_index):
                is_known = contract.contract_id >= 0 or self._execution is None
                return contract if is_known else self._native(script_hash, contract)
        is_native = self._execution is not None and script_hash in NATIVE_HASHES_OF_N3
        return self._native(script_hash, None) if is_native else None

    def _native(self, script_hash: UInt160, known: ContractState | None) -> ContractState | None:
        """A native contract as it is stored: a hardfork may have changed it in a block that nobody stored."""
        from rpcnode.chain.executed.contracts import contract_state_of
        from rpcnode.execution.contract import contract_of

        assert self._execution is not None
        stored = contract_of(self._execution().storage, script_hash)
        if stored is None:
            return known
        return contract_state_of(stored, self.block_index if known is None else known.deployed_at)

    def contract_ever(self, script_hash: UInt160) -> ContractState | None:
        """The newest contract with a hash, whether it exists by now or not: deployed later, standing, or destroyed."""
        known = self._contracts.get(script_hash)
        return known[-1] if known else None

    def contract_by_now(self, script_hash: UInt160) -> ContractState | None:
        """The newest contract that was deployed with a hash by now, whether it stands or was destroyed."""
        for contract in reversed(self._contracts.get(script_hash, ())):
            if contract.deployed_at <= self.block_index:
                return contract
        return None

    def call(
        self, script_hash: UInt160, method: str, args: Sequence[StackItem], gas_datoshi: int = CALL_GAS
    ) -> Execution:
        """Calls a method, whose writes are dropped. A contract or method that is not there is a FAULT as on a node."""
        if self._execution is not None:
            answer = self._execution().twins.answer(script_hash, method, args, gas_datoshi)
            if answer is not None:
                return answer
        return self.run((MethodCall(script_hash, method, args),), gas_datoshi)

    def balances(self, asset: UInt160, gas_datoshi: int = CALL_GAS) -> Callable[[UInt160], int | None] | None:
        """A function that reads what `balanceOf` answers of an account; its None means that `call` is to be used.

        There is no such function of assets whose every balance takes a `call`.
        """
        return None if self._execution is None else self._execution().twins.balances(asset, gas_datoshi)

    def run(self, calls: Sequence[MethodCall], gas_datoshi: int = CALL_GAS) -> Execution:
        """Calls methods one after another, in one script where scripts are run; what they write is dropped."""
        if self._execution is not None:
            from rpcnode.chain.executed.calls import run_calls

            return run_calls(self._execution(), calls, gas_datoshi)
        from rpcnode.chain.invocation import invoke, left  # models are for older profiles, and slow to load

        stack: list[StackItem] = []
        for script_hash, method, args, _ in calls:
            contract = self.contract(script_hash)
            if contract is None:
                return left(FAULT, exception=f"Called Contract Does Not Exist: {script_hash}.{method}")
            try:
                stack += invoke(contract, self._storage, method, args).stack
            except VmFault as fault:
                return left(FAULT, exception=str(fault), needs_script=isinstance(fault, ScriptNeeded))
        return left(HALT, *stack)

    def run_in_steps(
        self, calls: Sequence[MethodCall], gas_datoshi: int = CALL_GAS
    ) -> Generator[None, None, Execution]:
        """The same in pieces, each a step, for what asks with much GAS.

        Calls without arguments may be answered by what was kept of the same before.
        """
        if self._execution is None:
            return self.run(calls, gas_datoshi)
        if self._kept is not None and not any(call.args for call in calls):
            return (yield from self._kept.run_in_steps(self._execution(), tuple(calls), gas_datoshi))
        from rpcnode.chain.executed.calls import run_calls_in_steps

        return (yield from run_calls_in_steps(self._execution(), calls, gas_datoshi))

    def storage_get(self, contract_id: int, key: bytes) -> bytes | None:
        """The value under a key of a contract's storage."""
        return self._storage.get(contract_id, key)

    def storage_find(self, contract_id: int, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix, in storage order, with their values."""
        return self._storage.find(contract_id, prefix)

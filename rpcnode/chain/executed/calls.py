"""Calls of contracts that a node makes for itself, as its trackers do: nobody signs, nothing stays."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from rpcnode.chain.executed.state import ExecutionState
from rpcnode.execution.records import Execution
from rpcnode.execution.test_invocation import finished, run_of_natives
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.engine import VmState
from rpcnode.vm.items import StackItem
from rpcnode.vm.script_builder import ScriptBuilder

Call: TypeAlias = "tuple[UInt160, str, Sequence[StackItem], int]"
"""(contract, method, arguments, call flags)."""


def run_calls(state: ExecutionState, calls: Iterable[Call], gas_datoshi: int) -> Execution:
    """What a script of these calls leaves, in the block that would follow; `wrote` says whether it wrote.

    Source: neo 3.10.2, ApplicationEngine.Run; neo-node, plugins/TokensTracker.
    """
    builder = ScriptBuilder()
    for script_hash, method, args, flags in calls:
        builder.call(script_hash, method, args, flags)
    engine = run_of_natives(state, builder.to_bytes(), gas_datoshi)
    halted = finished(engine) is VmState.HALT
    return engine.execution(wrote=halted and bool(engine.storage.changes()))

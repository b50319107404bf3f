"""Calls of contracts that a node makes for itself, as its trackers do: nobody signs, nothing stays."""

from collections.abc import Generator, Iterable, Sequence
from typing import TypeAlias

from rpcnode.chain.executed.state import ExecutionState
from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.records import Execution
from rpcnode.execution.test_invocation import finished, pieces, run_of_natives
from rpcnode.payloads.flags import CallFlags
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.engine import VmState
from rpcnode.vm.items import StackItem
from rpcnode.vm.script_builder import ScriptBuilder

Call: TypeAlias = "tuple[UInt160, str, Sequence[StackItem], int]"
"""(contract, method, arguments, call flags)."""


def run_calls(state: ExecutionState, calls: Sequence[Call], gas_datoshi: int) -> Execution:
    """What a script of these calls leaves, in the block that would follow; `wrote` says whether it wrote.

    Source: neo 3.10.2, ApplicationEngine.Run; neo-node, plugins/TokensTracker.
    """

    if len(calls) == 1 and calls[0][3] == CallFlags.All:
        answer = state.twins.answer(*calls[0][:3], gas_datoshi)
        if answer is not None:
            return answer
    engine = loaded_run(state, calls, gas_datoshi)
    finished(engine)
    return left_of(engine)


def run_calls_in_steps(
    state: ExecutionState, calls: Iterable[Call], gas_datoshi: int
) -> Generator[None, None, Execution]:
    """The same in pieces, each a step."""
    engine = loaded_run(state, calls, gas_datoshi)
    yield from pieces(engine)
    return left_of(engine)


def loaded_run(state: ExecutionState, calls: Iterable[Call], gas_datoshi: int) -> ApplicationEngine:
    """A run with the script of these calls loaded."""
    builder = ScriptBuilder()
    for script_hash, method, args, flags in calls:
        builder.call(script_hash, method, args, flags)
    return run_of_natives(state, builder.to_bytes(), gas_datoshi)


def left_of(engine: ApplicationEngine) -> Execution:
    """What a run has left that has ended."""
    halted = engine.state is VmState.HALT
    return engine.execution(wrote=halted and bool(engine.storage.changes()))

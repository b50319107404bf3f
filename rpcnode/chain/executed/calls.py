"""Calls of contracts that a node makes for itself, as its trackers do: nobody signs, nothing stays."""

from collections.abc import Sequence

from rpcnode.chain.executed.state import ExecutionState
from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.records import Execution, Trigger
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives import policy_values
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import StackItem
from rpcnode.vm.script_builder import ScriptBuilder


def call_method(
    state: ExecutionState, script_hash: UInt160, method: str, args: Sequence[StackItem], gas_datoshi: int
) -> Execution:
    """What calling a contract's method leaves, in the block that would follow; `wrote` says whether it wrote.

    Source: neo 3.10.2, ApplicationEngine.Run; neo-node, plugins/TokensTracker.
    """
    snapshot = Snapshot(state.storage)
    engine = ApplicationEngine(
        Trigger.APPLICATION,
        None,
        snapshot,
        next_block(state, snapshot),
        state.settings,
        gas_datoshi,
        state.natives,
        state.ledger,
    )
    engine.load_entry(ScriptBuilder().call(script_hash, method, args).to_bytes())
    engine.execute()
    return engine.execution(wrote=bool(snapshot.changes()))


def next_block(state: ExecutionState, snapshot: Snapshot) -> Block:
    """The block that a script runs in which only asks. Source: neo, ApplicationEngine.CreateDummyBlock."""
    ledger = state.ledger
    newest = ledger.header(ledger.current_index)
    assert newest is not None
    header = Header(
        previous_hash=ledger.current_hash,
        merkle_root=UInt256.ZERO,
        timestamp_ms=newest.timestamp_ms + policy_values.ms_per_block(snapshot, state.settings),
        nonce=0,
        index=newest.index + 1,
        primary_index=0,
        next_consensus=newest.next_consensus,
    )
    return Block(header, ())

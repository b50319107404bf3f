"""A transaction of an executed chain, run again as its block ran it, to see what it called and wrote."""

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from rpcnode.chain.executed.state import ExecutionState
from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.block_run import BlockRun
from rpcnode.execution.call_trace import CallTrace
from rpcnode.execution.records import Execution, Trigger
from rpcnode.execution.snapshot import Place, Snapshot
from rpcnode.execution.test_invocation import pieces
from rpcnode.payloads.block import Block

if TYPE_CHECKING:
    from rpcnode.payloads.transaction import Transaction


class Written(NamedTuple):
    """A row that a transaction wrote: its value before and after, None where there was no such row."""

    before: bytes | None
    after: bytes | None


class Traced(NamedTuple):
    """What a transaction did: its execution, its calls, and the rows that it wrote, in the order of the first write.

    A transaction that failed has rows too: what it had written until then, and what was dropped with it.
    """

    execution: Execution
    calls: CallTrace
    written: Mapping[Place, Written]
    state: Snapshot
    """Storage as it was before the transaction."""


def traced(before: ExecutionState, block: Block, position: int) -> Generator[None, None, Traced]:
    """The transaction at a position of a block, in steps; `before` is the state that the block stands on."""
    snapshot = Snapshot(before.storage)
    run = BlockRun(block, snapshot, before.settings, before.natives, before.ledger)
    run.own(Trigger.ON_PERSIST)
    for transaction in block.transactions[:position]:
        yield
        run.transaction(transaction)
    yield
    transaction = block.transactions[position]
    calls = CallTrace()
    layer = snapshot.child()
    engine = _engine(before, block, transaction, layer, calls)
    yield from pieces(engine)
    calls.end(engine)
    rows = {place: Written(snapshot.get(*place), value) for place, value in layer.changes().items()}
    changed = {place: row for place, row in rows.items() if row.before != row.after}
    return Traced(engine.execution(as_logged=True), calls, changed, snapshot)


def _engine(
    before: ExecutionState, block: Block, transaction: "Transaction", layer: Snapshot, calls: CallTrace
) -> ApplicationEngine:
    engine = ApplicationEngine(
        Trigger.APPLICATION,
        transaction,
        layer,
        block,
        before.settings,
        transaction.system_fee_datoshi,
        before.natives,
        before.ledger,
        calls,
    )
    engine.load_entry(transaction.script)
    return engine

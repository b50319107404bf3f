"""Executes a block: what natives do before its transactions, the transactions, what natives do after them.

Source: neo 3.10.2, Ledger/Blockchain.cs: Persist.
"""

from collections.abc import Iterator
from typing import Final

from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.ledger_view import LedgerView
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.records import Execution, Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.payloads.block import Block
from rpcnode.vm.script_builder import ScriptBuilder

ON_PERSIST_SCRIPT: Final = ScriptBuilder().syscall("System.Contract.NativeOnPersist").to_bytes()
POST_PERSIST_SCRIPT: Final = ScriptBuilder().syscall("System.Contract.NativePostPersist").to_bytes()
_SCRIPTS: Final = {Trigger.ON_PERSIST: ON_PERSIST_SCRIPT, Trigger.POST_PERSIST: POST_PERSIST_SCRIPT}


class NativesFailed(Exception):
    """A native contract failed in a block's own run: the block cannot be."""


def run_block(
    block: Block, snapshot: Snapshot, settings: ProtocolSettings, natives: NativeSet, ledger: LedgerView
) -> Iterator[Execution]:
    """Executes a block over `snapshot`, which gets all that it writes; `ledger` has the blocks before it.

    A transaction that fails leaves nothing but its fees. Raises NativesFailed where the block's own runs fail.
    """
    yield _own_run(Trigger.ON_PERSIST, block, snapshot, settings, natives, ledger)
    for transaction in block.transactions:
        layer = snapshot.child()
        engine = ApplicationEngine(
            Trigger.APPLICATION, transaction, layer, block, settings, transaction.system_fee_datoshi, natives, ledger
        )
        engine.load_entry(transaction.script)
        engine.execute()
        execution = engine.execution(as_logged=True)
        if execution.halted:
            layer.commit()
        yield execution
    yield _own_run(Trigger.POST_PERSIST, block, snapshot, settings, natives, ledger)


def _own_run(
    trigger: Trigger,
    block: Block,
    snapshot: Snapshot,
    settings: ProtocolSettings,
    natives: NativeSet,
    ledger: LedgerView,
) -> Execution:
    engine = ApplicationEngine(trigger, None, snapshot, block, settings, 0, natives, ledger)
    engine.load_entry(_SCRIPTS[trigger])
    engine.execute()
    execution = engine.execution(as_logged=True)
    if not execution.halted:
        raise NativesFailed(f"{trigger} of block {block.index}: {execution.exception}")
    return execution

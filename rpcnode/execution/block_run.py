"""Executes a block: what natives do before its transactions, the transactions, what natives do after them.

Source: neo 3.10.2, Ledger/Blockchain.cs: Persist.
"""

from collections.abc import Iterator
from typing import Final

from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.in_pieces import executed
from rpcnode.execution.ledger_view import LedgerView
from rpcnode.execution.native_set import BlockTwins, NativeSet
from rpcnode.execution.records import Execution, Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.payloads.block import Block
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.steps import Steps, at_once
from rpcnode.vm.script_builder import ScriptBuilder

ON_PERSIST_SCRIPT: Final = ScriptBuilder().syscall("System.Contract.NativeOnPersist").to_bytes()
POST_PERSIST_SCRIPT: Final = ScriptBuilder().syscall("System.Contract.NativePostPersist").to_bytes()
_SCRIPTS: Final = {Trigger.ON_PERSIST: ON_PERSIST_SCRIPT, Trigger.POST_PERSIST: POST_PERSIST_SCRIPT}


class NativesFailed(Exception):
    """A native contract failed in a block's own run: the block cannot be."""


class BlockRun:
    """A block while it is executed over `snapshot`, which gets what it writes; `ledger` has the blocks before it."""

    def __init__(
        self, block: Block, snapshot: Snapshot, settings: ProtocolSettings, natives: NativeSet, ledger: LedgerView
    ) -> None:
        self.block: Final = block
        self.snapshot: Final = snapshot
        self._settings: Final = settings
        self._natives: Final = natives
        self._ledger: Final = ledger
        self._twins: BlockTwins | None = None

    def own(self, trigger: Trigger) -> Execution:
        """What natives do before or after the transactions. Raises NativesFailed where one of them fails."""
        engine = ApplicationEngine(
            trigger, None, self.snapshot, self.block, self._settings, 0, self._natives, self._ledger
        )
        engine.load_entry(_SCRIPTS[trigger])
        engine.execute()
        execution = engine.execution(as_logged=True)
        if not execution.halted:
            raise NativesFailed(f"{trigger} of block {self.block.index}: {execution.exception}")
        return execution

    def asking(self, trigger: Trigger, gas_datoshi: int) -> ApplicationEngine:
        """An engine for a script that only asks: it writes into a layer that nobody keeps."""
        layer = self.snapshot.child()
        return ApplicationEngine(
            trigger, None, layer, self.block, self._settings, gas_datoshi, self._natives, self._ledger
        )

    def transaction(self, transaction: Transaction) -> Execution:
        """One transaction, at once."""
        return at_once(self.transaction_in_steps(transaction))

    def transaction_in_steps(self, transaction: Transaction) -> Steps[Execution]:
        """One transaction; one that fails leaves nothing but its fees."""
        if self._twins is None:
            self._twins = self._natives.twins.of_block(self.block, self.snapshot, self._settings, self._natives)
        done = self._twins.execution(transaction)
        if done is not None:
            return done
        layer = self.snapshot.child()
        execution = yield from self._executed(transaction, layer)
        if execution.halted:
            layer.commit()
        return execution

    def trial(self, transaction: Transaction) -> Steps[Execution]:
        """What a transaction would do next; nothing of it stays."""
        return (yield from self._executed(transaction, self.snapshot.child()))

    def _executed(self, transaction: Transaction, layer: Snapshot) -> Steps[Execution]:
        engine = ApplicationEngine(
            Trigger.APPLICATION,
            transaction,
            layer,
            self.block,
            self._settings,
            transaction.system_fee_datoshi,
            self._natives,
            self._ledger,
        )
        engine.load_entry(transaction.script)
        yield from executed(engine)
        return engine.execution(as_logged=True)


def run_block(
    block: Block, snapshot: Snapshot, settings: ProtocolSettings, natives: NativeSet, ledger: LedgerView
) -> Iterator[Execution]:
    """Executes a whole block, run by run. Raises NativesFailed where the block's own runs fail."""
    run = BlockRun(block, snapshot, settings, natives, ledger)
    yield run.own(Trigger.ON_PERSIST)
    yield from map(run.transaction, block.transactions)
    yield run.own(Trigger.POST_PERSIST)

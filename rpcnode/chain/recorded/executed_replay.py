"""Applies a chain of raw blocks: every block is executed, nothing else is believed."""

from typing import Final

from rpcnode.chain.ledger import BlockRefused, Ledger
from rpcnode.chain.persist import Persist
from rpcnode.chain.recorded.recorded import RecordedChain
from rpcnode.execution.block_run import NativesFailed
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.progress import counted


class NotExecuted(NodeError):
    """A block that reads well cannot be executed, and so is none of the network's that the recording tells of."""


class ExecutedReplay:
    """One recording on its way into one ledger."""

    def __init__(self, ledger: Ledger, recording: RecordedChain) -> None:
        self._ledger: Final = ledger
        self._recording: Final = recording

    def play(self) -> None:
        """Brings the ledger to the recording's height, from wherever it stands; each block is one transaction.

        Raises NotExecuted for a block that cannot be.
        """
        ledger, recording = self._ledger, self._recording
        if ledger.height < 0:
            ledger.set_executed()
        persist = Persist(ledger)
        first = recording.blocks[0].block.index
        done = max(ledger.height + 1 - first, 0)
        blocks = recording.blocks[done:]
        for position, recorded in enumerate(counted(blocks, "executing blocks", len(blocks)), done):
            before = recording.storage_before if position == 0 else None
            try:
                persist.apply(recorded.block, before or {})
            except (BlockRefused, NativesFailed) as error:
                raise NotExecuted(f"block {recorded.block.index} cannot be executed: {error}") from error

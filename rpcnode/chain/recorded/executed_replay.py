"""Applies a chain that was recorded from its first block on: every block is executed, nothing else is believed."""

from typing import Final

from rpcnode.chain.ledger import Ledger
from rpcnode.chain.persist import Persist
from rpcnode.chain.recorded.recorded import RecordedChain
from rpcnode.primitives.progress import counted


class ExecutedReplay:
    """One recording on its way into one ledger."""

    def __init__(self, ledger: Ledger, recording: RecordedChain) -> None:
        self._ledger: Final = ledger
        self._recording: Final = recording

    def play(self) -> None:
        """Brings the ledger to the recording's height, from wherever it stands; each block is one transaction."""
        ledger = self._ledger
        if ledger.height < 0:
            ledger.set_executed()
        persist = Persist(ledger)
        blocks = self._recording.blocks[ledger.height + 1 :]
        for recorded in counted(blocks, "executing blocks", len(blocks)):
            persist.apply(recorded.block)

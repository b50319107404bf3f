"""The seam between the blocks of a chain and what runs them."""

from typing import Protocol, TypeVar

from rpcnode.chain.blocks import NewBlock
from rpcnode.chain.db.storage import BlockStorage
from rpcnode.chain.ledger import Ledger
from rpcnode.execution.records import Execution

BlockT_contra = TypeVar("BlockT_contra", contravariant=True)


class BlockRunner(Protocol[BlockT_contra]):
    """Runs the blocks of one chain: `Persist` by scripts and natives, `ModelledRun` by models of tokens."""

    def run(self, block: BlockT_contra, storage: BlockStorage) -> tuple[Execution, ...]:
        """Runs the next block over `storage`, which has what it wrote then; the executions in the node's order."""

    def new_block(self, block: BlockT_contra, storage: BlockStorage, executions: tuple[Execution, ...]) -> NewBlock:
        """A block that was run, for the ledger."""


def run_block(ledger: Ledger, runner: BlockRunner[BlockT_contra], block: BlockT_contra) -> NewBlock:
    """The next block of a chain, run on what is stored and ready to be applied."""
    storage = ledger.new_storage()
    return runner.new_block(block, storage, runner.run(block, storage))

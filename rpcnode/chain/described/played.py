"""Plays a description into a ledger: genesis, then every block up to the height; those above it are held back."""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from rpcnode.chain.blocks import NewBlock
from rpcnode.chain.declaration import DeclaredChain, PlayError
from rpcnode.chain.ledger import BlockRefused, Ledger
from rpcnode.primitives.progress import counted


class DescribedBlocks(Protocol):
    """The blocks of a description, which a runner runs: `indexes` are those of all that it has above the first."""

    @property
    def indexes(self) -> Sequence[int]: ...

    def genesis(self) -> NewBlock:
        """The first block, run."""

    def new_block(self, index: int) -> NewBlock:
        """The block of an index, run as the next one. Raises PlayError where there can be no such block."""

    def where(self, index: int) -> str:
        """The path of what is declared for a block."""


class DescribedChain:
    """One description on its way into one ledger."""

    def __init__(self, ledger: Ledger, description: DeclaredChain, blocks: DescribedBlocks) -> None:
        self._ledger: Final = ledger
        self._description: Final = description
        self._blocks: Final = blocks

    def play(self) -> None:
        """Brings the ledger to the description's height, from wherever it stands.

        Each block with something declared in it is one transaction of the database. Raises PlayError where the
        description cannot be played.
        """
        ledger, height = self._ledger, self._description.height
        if ledger.height < 0:
            ledger.apply_block(self._blocks.genesis())
        now = [index for index in self._blocks.indexes if ledger.height < index <= height]
        for index in counted(now, "playing blocks", len(now)):
            self._apply(index)
        if ledger.height < height:
            ledger.advance(height, self._description.header_height)
        elif ledger.header_height < self._description.header_height:
            ledger.advance(ledger.height, self._description.header_height)
        later = [index for index in self._blocks.indexes if index > height]
        if later and ledger.first_held is None:
            self._hold(later)

    def _apply(self, index: int) -> None:
        try:
            self._ledger.apply_block(self._blocks.new_block(index))
        except BlockRefused as error:
            raise PlayError(self._blocks.where(index), str(error)) from error

    def _hold(self, later: Sequence[int]) -> None:
        """Gives the ledger the blocks above the height, which it applies as the height rises."""
        index = later[0]

        def made() -> Iterator[NewBlock]:
            nonlocal index
            # So that a refusal finds the block it is about.
            for index in counted(later, "making the blocks above the height", len(later)):
                yield self._blocks.new_block(index)

        try:
            self._ledger.hold(made())
        except BlockRefused as error:
            raise PlayError(self._blocks.where(index), str(error)) from error


def described_chain(ledger: Ledger, description: DeclaredChain) -> DescribedChain:
    """A description for a ledger: its blocks are executed on N3, and modelled on the older profiles."""
    if ledger.profile == "n3":
        from rpcnode.chain.described.executed_blocks import ExecutedBlocks

        return DescribedChain(ledger, description, ExecutedBlocks(ledger, description))
    from rpcnode.chain.described.modelled_blocks import ModelledBlocks

    return DescribedChain(ledger, description, ModelledBlocks(ledger, description))

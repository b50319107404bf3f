"""Blocks that come one after the other."""

from collections.abc import Callable, Iterable

from rpcnode.dev.places.errors import FixtureError
from rpcnode.payloads.block import Block

ErrorAt = Callable[[int, str], FixtureError]
"""Makes the error that says something of the block at a position."""


def linked(blocks: Iterable[Block], error_at: ErrorAt) -> tuple[Block, ...]:
    """The blocks, each of which names the one before it. Raises FixtureError where one does not follow."""
    done: list[Block] = []
    for position, block in enumerate(blocks):
        if done and block.index != done[-1].index + 1:
            raise error_at(
                position, f"block {block.index} stands here, after block {done[-1].index}; blocks are consecutive"
            )
        if done and block.header.previous_hash != done[-1].hash:
            wrong = f"its previous hash, {block.header.previous_hash}, is not that of the block before"
            raise error_at(position, f"{wrong}, {done[-1].hash}")
        done.append(block)
    return tuple(done)

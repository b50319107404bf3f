"""Commands for blocks and time. Nothing waits, nothing reads the wall's clock: the same calls make the same blocks."""

from collections.abc import Callable
from typing import Final

from rpcnode.chain.block_time import block_time_json, read_block_time
from rpcnode.chain.miner import Miner
from rpcnode.dev.control.arguments import integer
from rpcnode.dev.control.method import BadArgument, DevFailed, dev_method
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json
from rpcnode.primitives.steps import Steps

MOST_BLOCKS: Final = 10_000_000
MOST_STEP_MS: Final = 100 * 366 * 24 * 60 * 60 * 1000
MOST_MS: Final = 2**53 - 1


class MiningControl:
    """When blocks are made, how many, and what they are dated."""

    def __init__(self, miner: Miner) -> None:
        self._miner = miner

    @dev_method("dev_mine")
    def mine(self, n: Json = 1, interval_ms: Json = None) -> Steps[Json]:
        """Makes n blocks; waiting transactions go into the first. The index of the newest block.

        The first block is dated as any next one, each other `interval_ms` later, or one time step.
        """
        count = integer(n, "n", 1, MOST_BLOCKS)
        interval = None if interval_ms is None else integer(interval_ms, "interval_ms", 1, MOST_STEP_MS)
        return (yield from self._miner.mining(count, interval))

    @dev_method("dev_setBlockTime")
    def set_block_time(self, mode: Json) -> Steps[Json]:
        """Makes blocks for each transaction ("instant"), by dev_mine only ("manual"), or each so many seconds.

        What waits is mined when the mode becomes "instant". The mode.
        """
        try:
            block_time = read_block_time(mode)
        except ValueError as error:
            raise BadArgument(f"mode: {error}") from None
        yield from self._miner.setting_block_time(block_time)
        return block_time_json(self._miner.block_time)

    @dev_method("dev_setTime")
    def set_time(self, time_ms: Json) -> Json:
        """Puts the clock, to any time after the newest block; the next block is not dated earlier. The clock, in ms."""
        return self._put(lambda: self._miner.clock.put(integer(time_ms, "time_ms", 0, MOST_MS)))

    @dev_method("dev_increaseTime")
    def increase_time(self, by_ms: Json) -> Json:
        """Puts the clock on. The clock, in ms."""
        return self._put(lambda: self._miner.clock.put_on(integer(by_ms, "by_ms", 0, MOST_MS)))

    @dev_method("dev_setNextBlockTimestamp")
    def set_next_block_timestamp(self, timestamp_ms: Json) -> Json:
        """Dates the next block, to the millisecond; those after it go on from there. The clock, in ms."""
        return self._put(lambda: self._miner.clock.put_next_block(integer(timestamp_ms, "timestamp_ms", 0, MOST_MS)))

    @dev_method("dev_setTimeStep")
    def set_time_step(self, step_ms: Json = None) -> Json:
        """Sets what lies between a block and the next; null for the network's own time. The clock, in ms."""
        step = None if step_ms is None else integer(step_ms, "step_ms", 1, MOST_STEP_MS)
        return self._put(lambda: self._miner.clock.put_step(step))

    def _put(self, put: Callable[[], None]) -> Json:
        try:
            put()
        except NodeError as error:
            raise DevFailed(str(error)) from error
        return self._miner.clock.now_ms

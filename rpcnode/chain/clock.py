"""The chain's own time, and the times of the blocks to come."""

from typing import Final

from rpcnode.chain.db.store import Store
from rpcnode.primitives.errors import NodeError, ProfileName

LAST_MS: Final[dict[ProfileName, int]] = {
    "n3": 253_402_300_799_999,
    "n3-preview": 253_402_300_799_999,
    "n2": (2**32 - 1) * 1000 + 999,
}
"""The last millisecond that a block may have: the end of the year 9999; Neo 2 counts seconds in 32 bits, until 2106."""

TICK_MS: Final[dict[ProfileName, int]] = {"n3": 1, "n3-preview": 1, "n2": 1000}
"""In what a header counts its time, which is later in each block than in the one before."""

_SET, _NEXT, _STEP = "clock_ms", "next_block_ms", "time_step_ms"


class ClockRefused(NodeError):
    """A time that the chain cannot take; nothing has changed."""


class Clock:
    """What "now" is for everything on this chain, in ms since 1970, and what the next block is dated.

    It stands one millisecond after the newest block, so that a window that ends now, its end excluded, holds that
    block, unless it was put further on. Wall time plays no part: the same chain gives the same answers on any day.
    What was set is kept in the store, so that snapshots and restarts have it.
    """

    __slots__ = ("_default_step_ms", "_last_ms", "_next_ms", "_set_ms", "_step_ms", "_store", "_tip_ms", "tick_ms")

    def __init__(self, store: Store, profile: ProfileName, ms_per_block: int) -> None:
        self._store = store
        self._last_ms = LAST_MS[profile]
        self.tick_ms = TICK_MS[profile]
        self._default_step_ms = ms_per_block
        self._tip_ms = -1
        self._set_ms: int | None = None
        self._next_ms: int | None = None
        self._step_ms: int | None = None

    @property
    def now_ms(self) -> int:
        return self._tip_ms + 1 if self._set_ms is None else max(self._set_ms, self._tip_ms + 1)

    @property
    def step_ms(self) -> int:
        """What lies between a block and the next, unless the clock was put further on."""
        return max(self._default_step_ms if self._step_ms is None else self._step_ms, self.tick_ms)

    @property
    def is_put(self) -> bool:
        """Whether a time was set that is still to come."""
        return self._set_ms is not None or self._next_ms is not None

    @property
    def next_block_ms(self) -> int:
        """The time of the next block: what was set for it, else the clock, but one time step after the newest."""
        if self._next_ms is not None:
            return self._next_ms
        return max(self.now_ms, self._tip_ms + self.step_ms, self.earliest_ms)

    @property
    def earliest_ms(self) -> int:
        """The first time that the next block can have."""
        return (self._tip_ms // self.tick_ms + 1) * self.tick_ms

    def load(self, tip_ms: int) -> None:
        """Takes up what the store holds, on a chain whose newest block is dated `tip_ms` (-1 without blocks)."""
        self._tip_ms = tip_ms
        set_ms, next_ms, self._step_ms = (
            None if text is None else int(text) for text in map(self._store.meta, (_SET, _NEXT, _STEP))
        )
        self._set_ms, self._next_ms = self._still_to_come(set_ms, next_ms)

    def stand_after(self, block_timestamp_ms: int) -> None:
        """Takes note of the newest block."""
        self._tip_ms = block_timestamp_ms
        # What the store says of a time that is over is left there: it is not taken up again.
        self._set_ms, self._next_ms = self._still_to_come(self._set_ms, self._next_ms)

    def stand_again_after(self, block_timestamp_ms: int) -> None:
        """Takes note that an earlier block is the newest again; a time that was set is forgotten, the step is not."""
        self._write(_SET, None)
        self._write(_NEXT, None)
        self._set_ms = self._next_ms = None
        self._tip_ms = block_timestamp_ms

    def put(self, now_ms: int) -> None:
        """Puts the clock on or back, though not before the newest block. Raises ClockRefused."""
        self._check(now_ms, self._tip_ms + 1)
        self._put(now_ms, self._next_ms)

    def put_on(self, by_ms: int) -> None:
        """Puts the clock on. Raises ClockRefused at the end of time."""
        self.put(self.now_ms + by_ms)

    def put_next_block(self, timestamp_ms: int) -> None:
        """Dates the next block, exactly; a clock that is further on goes back with it. Raises ClockRefused."""
        self._check(timestamp_ms, self.earliest_ms)
        self._put(None if self._set_ms is None else min(self._set_ms, timestamp_ms), timestamp_ms)

    def put_step(self, step_ms: int | None) -> None:
        """Sets what lies between blocks from now on; None: the network's time between blocks."""
        self._write(_STEP, step_ms)
        self._step_ms = step_ms

    def check_end(self, timestamp_ms: int) -> None:
        """Raises ClockRefused for a time that no header can hold."""
        if timestamp_ms > self._last_ms:
            raise ClockRefused(f"{timestamp_ms} ms is later than a block can be dated; {self._last_ms} is the last")

    def _check(self, timestamp_ms: int, earliest_ms: int) -> None:
        if timestamp_ms < earliest_ms:
            raise ClockRefused(
                f"{timestamp_ms} ms is not after the newest block, dated {self._tip_ms}; {earliest_ms} is the earliest"
            )
        self.check_end(timestamp_ms)

    def _put(self, set_ms: int | None, next_ms: int | None) -> None:
        """Writes what is set, all of it or nothing."""
        set_ms, next_ms = self._still_to_come(set_ms, next_ms)
        with self._store.transaction():
            self._write(_SET, set_ms)
            self._write(_NEXT, next_ms)
        self._set_ms, self._next_ms = set_ms, next_ms

    def _still_to_come(self, set_ms: int | None, next_ms: int | None) -> tuple[int | None, int | None]:
        """What was set, less what was set for a time that is over."""
        return (
            None if set_ms is None or set_ms <= self._tip_ms + 1 else set_ms,
            None if next_ms is None or next_ms <= self._tip_ms else next_ms,
        )

    def _write(self, key: str, value: int | None) -> None:
        if value is None:
            self._store.clear_meta(key)
        else:
            self._store.set_meta(key, str(value))

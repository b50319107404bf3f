"""Whose time bounds a window that the caller left open."""

import time
from enum import StrEnum

from rpcnode.chain.ledger import Ledger


class WindowClock(StrEnum):
    """The values of a tracker's setting `Clock`.

    Every real tracker takes the time of day. In a chain that was made on another day no window that was left open would
    hold anything then, so the chain's own time is the default.
    """

    CHAIN = "chain"
    """The chain's clock: a millisecond after the newest block, unless it was put further on."""

    WALL = "wall"
    """The time of day, as on a real node."""

    def now_ms(self, ledger: Ledger) -> int:
        """Now, in ms since 1970; no part of a ms that has begun only."""
        return ledger.clock.now_ms if self is WindowClock.CHAIN else time.time_ns() // 1_000_000

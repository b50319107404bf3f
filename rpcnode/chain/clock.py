"""The chain's own time."""


class Clock:
    """What "now" is for everything on this chain, in ms since 1970.

    It stands one millisecond after the newest block, so that a window that ends now, its end excluded, holds that
    block. Wall time plays no part: the same chain gives the same answers on any day.
    """

    __slots__ = ("_now_ms",)

    def __init__(self, now_ms: int = 0) -> None:
        self._now_ms = now_ms

    @property
    def now_ms(self) -> int:
        return self._now_ms

    def stand_after(self, block_timestamp_ms: int) -> None:
        """Puts the clock after a block; it never goes back."""
        self._now_ms = max(self._now_ms, block_timestamp_ms + 1)

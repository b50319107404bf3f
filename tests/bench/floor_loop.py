"""The loop that times on different machines are compared by."""

import time
from typing import Final

ITERATIONS: Final = 10_000_000


def loop_seconds() -> float:
    """The CPU seconds that this Python takes for the loop."""
    started = time.process_time()
    _loop()
    return time.process_time() - started


def _loop() -> int:
    x = 0
    for i in range(ITERATIONS):
        x += i & 7
    return x

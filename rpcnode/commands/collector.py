"""The garbage collector of a process that starts and then serves."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

OBJECTS_OF_A_START: Final = 100_000
"""More than a start imports and makes. Loading a long chain leaves more behind, and is collected now and then."""

_USUAL: Final = gc.get_threshold()


@contextmanager
def starting() -> Iterator[None]:
    """Collects seldom, until `started`: nearly all that a start makes is there to stay, and walking it takes time.

    It is a quarter of the time to the first answer.
    """
    gc.set_threshold(OBJECTS_OF_A_START)
    try:
        yield
    finally:
        gc.set_threshold(*_USUAL)


def started() -> None:
    """Collects as usual, but never looks again at what was made until here: it lives as long as the process."""
    gc.freeze()
    gc.set_threshold(*_USUAL)

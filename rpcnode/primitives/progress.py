"""What this process is busy with, for whoever shows it. The work itself only counts: that costs next to nothing."""

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

T = TypeVar("T")


class Progress:
    """The work in hand: what it is, how much of it is done, and of how much, None where nobody knows."""

    __slots__ = ("done", "total", "what")

    def __init__(self) -> None:
        self.begin("starting")

    def begin(self, what: str, total: int | None = None) -> None:
        """Another piece of work begins."""
        self.what = what
        self.done = 0
        self.total = total


work: Final = Progress()
"""The one of this process. Nodes of several threads would tell it in turn; there is no one then who looks."""


def counted(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """The items, counted as they are asked for."""
    work.begin(what, total)
    for work.done, item in enumerate(items):
        yield item

"""Work that stops after each piece of it, so that others may have their turn."""

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")

Steps = Generator[None, None, T]
"""Work in steps; it returns what comes of it."""


def taken(work: T | Steps[T]) -> Steps[T]:
    """What is there already, or what comes of work."""
    return (yield from work) if isinstance(work, Generator) else work


def at_once(steps: Steps[T]) -> T:
    """What comes of work, all steps of it taken at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

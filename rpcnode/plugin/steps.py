"""Answers that may take long: given at once, or in steps between which others are answered."""

from inspect import GEN_CLOSED, getgeneratorstate
from time import perf_counter
from typing import Final
from weakref import WeakSet

from rpcnode.primitives.json import Answer, Result
from rpcnode.primitives.steps import Steps

__all__ = ["Steps", "answer_of_steps"]

FIRST_TURN: Final = 0.002
"""Seconds after which work goes on in steps, so that others may be answered; where others do already, one piece."""

_UNDER_WAY: Final["WeakSet[Steps[Result]]"] = WeakSet()


def answer_of_steps(steps: Steps[Result]) -> Answer:
    """What the steps end with, or the steps, begun, where that takes long."""
    # Those that were closed may be there yet.
    is_alone = all(getgeneratorstate(others) == GEN_CLOSED for others in _UNDER_WAY)
    turn_ends = perf_counter() + (FIRST_TURN if is_alone else 0)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        if perf_counter() > turn_ends:
            _UNDER_WAY.add(steps)
            return steps

"""Answers to invocations that were given before: in one state the same script leaves the same, and clients poll."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from rpcnode.plugin import Written

if TYPE_CHECKING:
    from rpcnode.plugin.runs import ExecutionState

MOST_ANSWERS: Final = 1024
LONGEST_ANSWER: Final = 4096
"""Characters; of scripts it is the bytes."""


class AnswersOfState:
    """What scripts were answered in one state, by what they were asked with."""

    __slots__ = ("_answers", "state")

    def __init__(self, state: "ExecutionState") -> None:
        self.state: Final = state
        self._answers: Final[dict[Hashable, Written]] = {}

    def get(self, asked: Hashable) -> Written | None:
        """The answer that was given to the same."""
        return self._answers.get(asked)

    def keep(self, asked: Hashable, script: bytes, answer: Written) -> None:
        """Keeps an answer that depends on nothing but the state and what was asked."""
        if len(answer.text) <= LONGEST_ANSWER >= len(script):
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()
            self._answers[asked] = answer

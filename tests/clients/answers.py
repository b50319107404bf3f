"""What a client made of the node's answers."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.clients.installation import ClientMissing

Plan = dict[str, Any]
"""What a client is told to ask for: the URL of a node, and what there is on its chain."""

READ_TIMEOUT_S: Final = 60


@dataclass(frozen=True, slots=True)
class Answers:
    """A client's reads of one chain, by what it asked: those that should answer, and those that should be refused."""

    reads: dict[str, Any]
    refusals: dict[str, Any]

    def __getitem__(self, query: str) -> Any:
        """What the client parsed. Raises KeyError with the error where it could not."""
        answer = self.reads[query]
        if "error" in answer:
            raise KeyError(f"{query}: {answer['error']}")
        return answer["value"]

    @property
    def failures(self) -> dict[str, Any]:
        """Reads that should have answered, with their errors."""
        return {query: answer["error"] for query, answer in self.reads.items() if "error" in answer}

    def refusal(self, query: str) -> dict[str, Any]:
        """The error as the client gives it to its user; empty where there was none."""
        error: dict[str, Any] = self.refusals[query].get("error", {})
        return error


ReadsChain = Callable[[str], Answers]
"""Lets a client read the chain of that name."""


def answers_of(command: list[str | Path], plan: Plan) -> Answers:
    """Runs a client's script over a plan."""
    text = json.dumps(plan)
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=READ_TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stderr
    return Answers(**json.loads(done.stdout))


def installed(client: Callable[[], Path]) -> Path:
    """Where a client is; skips where it is not."""
    try:
        return client()
    except ClientMissing as missing:
        pytest.skip(str(missing))

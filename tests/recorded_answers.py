"""Asks a node of ours what a real node was asked, and compares the texts.

    RUN = "default"
    recorded = read(DATA / "csharp-trackers/answers.json.xz")
    calls = calls_in(recorded["runs"][0]["calls"])
    with in_process(DATA / "csharp-trackers/chain.json.gz", settings={"TokensTracker.Clock": "wall"}) as node:
        outcomes = replay(node.post, RUN, calls, Masks(recorded.get("masks", ())))
    Waiting.read(DATA / "csharp-trackers/waiting.txt").check(outcomes, {RUN})

Where nothing waits, `check_exact(outcomes)` is all. `check` fails for an answer that is wrong and not listed as
waiting, and as well for one that is listed and exact, or is not asked any more: so the list shrinks with what is built.
The report shows by method where the first texts differ, and ends with the lines that a list of all that is wrong would
have.

What waits is a text file. A line that begins with `#` says for what the lines below it wait; every other line is the
run, the method and the parameters of one call, as `Call.line` writes them, or `*` in the place of the parameters: all
calls of that method, none of which is exact. A run's name has no space. `compare` takes answers that were got in any
other way than by `replay`: a raw HTTP request, say, as a call of method `raw` with its number as `params`.
"""

import gzip
import json
import lzma
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from rpcnode.primitives.json import Json
from rpcnode.testing.answer import Answer
from tests import PROJECT

DATA: Final = PROJECT / "tests" / "data"

_MOST_SHOWN: Final = 3
"""Differences that a report shows of each method."""

_MOST_OF_PARAMETERS: Final = 200
"""Characters of a call's parameters that a list shows."""

_AROUND: Final = 60
"""Characters before a difference, and twice as many after it, that a report shows."""


class Call(NamedTuple):
    """One call, and the body that a real node answered it with."""

    method: str
    params: Json
    answer: str

    @property
    def body(self) -> bytes:
        """What was posted."""
        return json.dumps({"jsonrpc": "2.0", "id": 1, "method": self.method, "params": self.params}).encode()

    def line(self, run: str) -> str:
        """The call in a list of what waits; long parameters end in a digest of all of them."""
        params = json.dumps(self.params, separators=(",", ":"))
        if len(params) > _MOST_OF_PARAMETERS:
            params = f"{params[:_MOST_OF_PARAMETERS]}… {sha256(params.encode()).hexdigest()[:12]}"
        return f"{run} {self.method} {params}"


class Outcome(NamedTuple):
    """One call of a run: what is right, and what we answer, both masked."""

    run: str
    call: Call
    expected: str
    got: str

    @property
    def is_exact(self) -> bool:
        """Whether the texts are equal."""
        return self.expected == self.got


class Masks:
    """Regular expressions over both texts, for what moves from node to node.

    Each is `[method or null, pattern, replacement]`, as recordings list them.
    """

    def __init__(self, listed: Iterable[Sequence[str | None]] = ()) -> None:
        self._masks = [(method, re.compile(str(pattern)), str(new)) for method, pattern, new in listed]

    def apply(self, method: str, text: str) -> str:
        """The text with what moves replaced."""
        for of_method, pattern, new in self._masks:
            if of_method in (None, method):
                text = pattern.sub(new, text)
        return text


def read(file: Path) -> Any:
    """A recording: JSON, as it is or packed as .gz or .xz."""
    packed = file.read_bytes()
    unpack: Mapping[str, Callable[[bytes], bytes]] = {".gz": gzip.decompress, ".xz": lzma.decompress}
    return json.loads(unpack.get(file.suffix, bytes)(packed))


def calls_in(listed: Iterable[Mapping[str, Any]]) -> list[Call]:
    """The calls of a recording's list of {method, params, answer}."""
    return [Call(entry["method"], entry["params"], entry["answer"]) for entry in listed]


def replay(
    post: Callable[[bytes], Answer], run: str, calls: Iterable[Call], masks: Masks | None = None
) -> list[Outcome]:
    """Posts every call; a status other than 200 stands before the text. `run` names the calls in reports and lists."""
    outcomes = []
    for call in calls:
        answer = post(call.body)
        text = answer.body.decode("utf-8", "surrogateescape")
        outcomes.append(compare(run, call, text if answer.status == 200 else f"{answer.status} {text}", masks))
    return outcomes


def compare(run: str, call: Call, got: str, masks: Masks | None = None) -> Outcome:
    """What became of one call."""
    mask = (masks or Masks()).apply
    return Outcome(run, call, mask(call.method, call.answer), mask(call.method, got))


@dataclass(frozen=True, slots=True)
class Waiting:
    """The answers that are known to be wrong, each with what it waits for."""

    file: Path
    reasons: Mapping[str, str]
    """By the line of the call."""

    @classmethod
    def read(cls, file: Path) -> "Waiting":
        """The list in a file; without a file nothing waits."""
        reason = ""
        reasons: dict[str, str] = {}
        for line in file.read_text("utf-8").splitlines() if file.exists() else ():
            if line.startswith("#"):
                reason = line.lstrip("# ")
            elif line:
                reasons[line] = reason
        return cls(file, reasons)

    def check(self, outcomes: Sequence[Outcome], runs: set[str]) -> None:
        """Fails with a report unless exactly the listed answers of these runs, all asked, are wrong."""
        lines = {outcome.call.line(outcome.run): outcome for outcome in outcomes}
        wholes = {_whole(outcome) for outcome in outcomes}
        wrong: list[tuple[str, Outcome]] = []
        exact: list[tuple[str, Outcome]] = []
        for line, outcome in lines.items():
            waits = line in self.reasons or _whole(outcome) in self.reasons
            if outcome.is_exact is waits:
                (exact if waits else wrong).append((line, outcome))
        absent = [
            line for line in self.reasons if line.split(" ", 1)[0] in runs and line not in lines and line not in wholes
        ]
        told = [report([outcome for _, outcome in wrong])] if wrong else []
        if exact:
            listed = "\n".join(line for line, _ in exact)
            told.append(f"exact by now, so no longer to be listed in {self.file.name}:\n{listed}")
        if absent:
            told.append(f"listed in {self.file.name}, and asked nowhere:\n" + "\n".join(absent))
        assert not told, "\n\n".join(told)


def _whole(outcome: Outcome) -> str:
    """The line that stands for all calls of a method."""
    return f"{outcome.run} {outcome.call.method} *"


def check_exact(outcomes: Iterable[Outcome]) -> None:
    """Fails with a report where an answer is wrong."""
    wrong = [outcome for outcome in outcomes if not outcome.is_exact]
    assert not wrong, report(wrong)


def report(wrong: Sequence[Outcome]) -> str:
    """What is wrong, by method: how many, the first of them where they differ, and the lines of all."""
    by_method: dict[str, list[Outcome]] = {}
    for outcome in wrong:
        by_method.setdefault(outcome.call.method, []).append(outcome)
    parts = [f"{len(wrong)} answers are not the real node's"]
    for method, outcomes in sorted(by_method.items()):
        parts.append(f"{method}: {len(outcomes)}")
        parts += [_difference(outcome) for outcome in outcomes[:_MOST_SHOWN]]
    parts.append("as lines of a list:")
    parts += [outcome.call.line(outcome.run) for outcome in wrong]
    return "\n".join(parts)


def _difference(outcome: Outcome) -> str:
    expected, got = outcome.expected, outcome.got
    pairs = zip(expected, got, strict=False)
    at = next((place for place, (right, ours) in enumerate(pairs) if right != ours), min(len(expected), len(got)))
    span = slice(max(at - _AROUND, 0), at + 2 * _AROUND)
    return f"  {outcome.call.line(outcome.run)}\n    at {at}\n    right {expected[span]!r}\n    ours  {got[span]!r}"

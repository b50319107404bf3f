"""The journal as people and tests read it: entries as JSON, and what is different from what was expected."""

import json
from collections.abc import Sequence
from difflib import SequenceMatcher
from operator import itemgetter
from typing import Final

from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.server.traffic.call_pattern import CallPattern, same_json
from rpcnode.server.traffic.journal import Entry

_SHOWN_CALLS: Final = 5  # of each kind, in a difference
_SHOWN_PARAMS: Final = 200  # characters
_LEAST_LIKENESS: Final = 0.6  # of two names, as difflib has it
_MOST_COMPARED: Final = 100  # names, the newest: the time for each goes with the product of their lengths,
_LONGEST_COMPARED: Final = 100  # of which so many characters count


@dataclass(frozen=True, slots=True)
class Times:
    """How often something should have happened; `most` None: as often as it likes."""

    least: int
    most: int | None

    def __str__(self) -> str:
        if self.most == self.least:
            return f"{self.least} {'call' if self.least == 1 else 'calls'}"
        if self.most is None:
            return f"at least {self.least} {'call' if self.least == 1 else 'calls'}"
        if self.least == 0:
            return f"at most {self.most} {'call' if self.most == 1 else 'calls'}"
        return f"{self.least} to {self.most} calls"

    def holds(self, seen: int) -> bool:
        """Whether so many are right."""
        return self.least <= seen and (self.most is None or seen <= self.most)


def entry_json(entry: Entry) -> Json:
    """One entry of the journal.

    Of a call `method` and `params` as it sent them, and `result` or `error` as it was answered, neither where there was
    no answer: a notification, or a request lost to a fault. Of a REST request `verb`, `path` with its query, and `body`
    as text. `duration_ms` is what making the answer took, without a fault's latency; `http_status` stands in a REST
    request's entry and where it is not 200; `client`, address and port, and the beginning of `user_agent`, where it
    came over a socket; `faults` are the ids of those that struck. With `shortened`, what was too long to be kept is
    missing.
    """
    shown: dict[str, Json] = {"sequence": entry.sequence, "time_ms": entry.time_ms}
    if entry.verb is None:
        shown |= {"method": entry.method, "params": entry.params}
        if entry.answer:
            answer: dict[str, Json] = json.loads(entry.answer)
            shown |= {name: answer[name] for name in ("result", "error") if name in answer}
    else:
        shown |= {"verb": entry.verb, "path": entry.target}
        if isinstance(entry.answer, bytes):
            shown["body"] = entry.answer.decode("utf-8", "replace")
    if entry.status != 200 or entry.verb is not None:
        shown["http_status"] = entry.status
    if entry.client is not None:
        shown["client"] = entry.client.address
        if entry.client.agent:
            shown["user_agent"] = entry.client.agent
    shown["duration_ms"] = round(entry.seconds * 1000, 3)
    if entry.fault_ids:
        shown["faults"] = list(entry.fault_ids)
    if not entry.whole:
        shown["shortened"] = True
    return shown


def difference(entries: Sequence[Entry], pattern: CallPattern, times: Times) -> str | None:
    """What is different from the expectation, on a line each; None where nothing is."""
    meant = [entry for entry in entries if is_meant(entry, pattern)]
    if times.holds(len(meant)):
        return None
    lines = [f"expected {times} of {_described(pattern)}, seen {len(meant)}", *_listed(meant)]
    others = [entry for entry in entries if not is_meant(entry, pattern)]
    nearest = _nearest(others, pattern)
    if nearest and len(meant) < times.least:
        lines += ["nearest others:", *_listed(nearest)]
    elif not meant:
        lines.append(f"nothing like it among {len(entries)} calls")
    return "\n".join(lines)


def is_meant(entry: Entry, pattern: CallPattern) -> bool:
    """Whether an entry is of a call that the pattern means; nobody knows about one that was too long to be kept."""
    if entry.target is not None:
        return pattern.means_path(entry.target)
    return pattern.means_call(entry.method, [] if entry.params is None else entry.params)


def _nearest(entries: Sequence[Entry], pattern: CallPattern) -> list[Entry]:
    """Those whose name is like the pattern's, and of these first whose params are."""
    likenesses: dict[str, float] = {}
    found: list[tuple[tuple[float, int], Entry]] = []
    for entry in reversed(entries):
        name = entry.target if entry.method is None else entry.method
        if name is None or (entry.target is None) != (pattern.path is None):
            continue
        if name not in likenesses:
            likenesses[name] = _likeness(name, pattern) if len(likenesses) < _MOST_COMPARED else 0.0
        if likenesses[name] >= _LEAST_LIKENESS:
            params = entry.params if isinstance(entry.params, list) else []
            same = sum(same_json(one, other) for one, other in zip(pattern.params or (), params, strict=False))
            found.append(((likenesses[name], same), entry))
    found.reverse()
    return [entry for _, entry in sorted(found, key=itemgetter(0), reverse=True)]


def _likeness(name: str, pattern: CallPattern) -> float:
    """How like the pattern a name is, 0 to 1."""
    if pattern.means_name(name):
        return 1.0
    wanted = pattern.path if pattern.method is None else pattern.method
    likeness = SequenceMatcher(None, str(wanted)[:_LONGEST_COMPARED], name[:_LONGEST_COMPARED])
    if likeness.real_quick_ratio() < _LEAST_LIKENESS or likeness.quick_ratio() < _LEAST_LIKENESS:
        return 0.0
    return likeness.ratio()


def _described(pattern: CallPattern) -> str:
    if pattern.method is None:
        return f"path {pattern.path}"
    if pattern.params is None:
        return pattern.method
    return f"{pattern.method} {_cut(json.dumps(list(pattern.params)))}"


def _listed(entries: Sequence[Entry]) -> list[str]:
    lines = [f"  #{entry.sequence} {_call_text(entry)}" for entry in entries[:_SHOWN_CALLS]]
    if len(entries) > _SHOWN_CALLS:
        lines.append(f"  and {len(entries) - _SHOWN_CALLS} more")
    return lines


def _call_text(entry: Entry) -> str:
    if entry.verb is not None:
        return _cut(f"{entry.verb} {entry.target}")
    return f"{entry.method} {_cut(json.dumps(entry.params))}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_PARAMS else f"{text[: _SHOWN_PARAMS - 1]}…"

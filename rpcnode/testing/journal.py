"""The journal of a node, as tests read it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from rpcnode.primitives.records import dataclass

_SHOWN: Final = 400
"""Characters of each part of a call in the report of a test."""

_LISTED: Final = 100
"""Calls in the report of a test, the newest."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One call that the node has seen.

    A JSON-RPC call has a `method`, its `params`, and a `result` or an `error`, or neither where there was no answer; a
    REST request has a `verb`, a `path` with its query, and a `body`. `time_ms` is the chain's clock. Of an entry that
    is `shortened` params and answer were too long to be kept.
    """

    sequence: int
    time_ms: int
    method: str | None = None
    params: Any = None
    result: Any = None
    error: Mapping[str, Any] | None = None
    verb: str | None = None
    path: str | None = None
    body: str | None = None
    http_status: int = 200
    duration_ms: float = 0.0
    faults: tuple[str, ...] = ()
    """The ids of the faults that struck it."""

    shortened: bool = False
    client: str | None = None
    """Address and port; None for a call in the process."""

    user_agent: str | None = None
    """The beginning of that header; None where the request has none."""

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> "JournalEntry":
        """An entry as dev_journal writes it."""
        return cls(**{**members, "faults": tuple(members.get("faults", ()))})

    def __str__(self) -> str:
        struck = f" [{', '.join(self.faults)}]" if self.faults else ""
        status = f" {self.http_status}" if self.verb is not None or self.http_status != 200 else ""
        return f"#{self.sequence} {self._call()} -> {self._outcome()}{status}{struck}"

    def _call(self) -> str:
        if self.verb is not None:
            return _cut(f"{self.verb} {self.path}")
        return f"{self.method} {'(too long to be kept)' if self.shortened else _cut(_text(self.params))}"

    def _outcome(self) -> str:
        if self.verb is not None:
            return _cut(self.body or "")
        if self.error is not None:
            return f"error {_cut(_text(self.error))}"
        return _cut(_text(self.result))


def journal_text(entries: Iterable[JournalEntry]) -> str:
    """A journal as the report of a test has it: a call a line, the newest hundred."""
    listed = list(entries)
    left_out = len(listed) - _LISTED
    lines = [str(entry) for entry in listed[-_LISTED:]]
    return "\n".join([f"({left_out} calls before these)", *lines] if left_out > 0 else lines)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"

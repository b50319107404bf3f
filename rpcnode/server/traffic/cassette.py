"""Cassettes: calls to a real node with its answers, kept in a file of JSON lines and answered from there.

The first line is `{"rpcnode_cassette": 1, "upstream": URL}`, each other one a call, `{"method", "params", "result"}` or
with `error`. The same call may have other answers later: they are given in their order, each as often as it was, and
the last one from then on. `{"method", "params", "again": 3}` says that the answer before was given three times more.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.files import make_private, open_regular
from rpcnode.primitives.json import Json
from rpcnode.primitives.secrecy import HIDDEN, is_secret, without_keys, without_valid_keys

VERSION: Final = 1
_HEAD: Final = "rpcnode_cassette"
_LARGEST: Final = 256 * 1024 * 1024  # bytes of a file
_HASH: Final = re.compile("0[xX](?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64})").fullmatch

Secrets = Mapping[str, frozenset[int]]
"""By method, the positions of parameters that are passwords or keys."""


Call = tuple[str, str]
"""A method and its normalized parameters as text: hashes in lower case, members in order, no nulls behind."""


class _Kept:
    """An answer, how many times in a row it was given, and how many of these the file says."""

    __slots__ = ("answer", "times", "written")

    def __init__(self, answer: dict[str, Json]) -> None:
        self.answer: Final = answer
        self.times = self.written = 1


class Asked:
    """A call that is under way: its `answer`, once there is one, is kept behind those of the same call before it."""

    __slots__ = ("answer", "has_ended", "method", "params")

    def __init__(self, method: str, params: list[Json]) -> None:
        self.method: Final = method
        self.params: Final = params
        self.answer: dict[str, Json] | None = None
        self.has_ended = False


class NoSuchCall(Exception):
    """A call that a cassette does not have; its text says so, and names the nearest that it has."""


class Cassette:
    """The calls of one file, in memory. `is_recording`: what is kept goes into the file too, at once.

    Passwords and keys are kept as `***`, by `secrets` and by what looks like one, and are found so again. In results
    a key is only what has a right checksum, for they are to be given as they were.
    """

    def __init__(self, path: Path, secrets: Secrets, upstream: str | None = None) -> None:
        """Reads the file; with an `upstream`, which has no password in it, it is written on, or made.

        Raises NodeError for a file that is no cassette, or cannot be read or written.
        """
        self.path: Final = path
        self._secrets: Final = secrets
        self._answers: Final[dict[Call, list[_Kept]]] = {}
        self._given: Final[dict[Call, tuple[int, int]]] = {}  # the answer whose turn it is, and how often it was given
        self._under_way: Final[dict[Call, deque[Asked]]] = {}
        self._file: BinaryIO | None = None
        try:
            exists = upstream is None or path.exists()
            size = self._read() if exists else 0
            if upstream is not None and not exists:
                self._file = make_private(path)
                self._write({_HEAD: VERSION, "upstream": upstream})
            elif upstream is not None:
                self._file = path.open("r+b")
                self._file.truncate(size)
                self._file.seek(size)
        except OSError as error:
            what = "written" if upstream is not None else "read"
            raise NodeError(f"{path}: cannot be {what}: {error.strerror}") from None

    def close(self) -> None:
        """Ends recording."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def rewind(self) -> None:
        """Each call's answers begin with the first again."""
        self._given.clear()

    def answer(self, method: str, params: list[Json]) -> dict[str, Json]:
        """What was answered: an object with `result` or `error`. Raises NoSuchCall."""
        call = self.call(method, params)
        answers = self._answers.get(call)
        if answers is None:
            raise NoSuchCall(self._miss(*call))
        position, times = self._given.get(call, (0, 0))
        kept = answers[position]
        is_last_time = times + 1 >= kept.times and position + 1 < len(answers)
        self._given[call] = (position + 1, 0) if is_last_time else (position, times + 1)
        return kept.answer

    def asked(self, method: str, params: list[Json]) -> Asked:
        """A call that is asked now; it has to be ended, whatever comes of it."""
        asked = Asked(method, params)
        self._under_way.setdefault(self.call(method, params), deque()).append(asked)
        return asked

    def end(self, asked: Asked) -> None:
        """Keeps its answer if it has one: when all that asked the same before have ended.

        Raises OSError for a file that cannot be written.
        """
        asked.has_ended = True
        call = self.call(asked.method, asked.params)
        queue = self._under_way[call]
        while queue and queue[0].has_ended:
            first = queue.popleft()
            if first.answer is not None:
                self.keep(first.method, first.params, first.answer)
        if not queue:
            del self._under_way[call]

    def keep(self, method: str, params: list[Json], answer: dict[str, Json]) -> None:
        """Keeps `result` or `error` of an answer; one that was given before is counted, for when another one comes.

        Raises OSError for a file that cannot be written.
        """
        kept: dict[str, Json]
        if "result" in answer:
            kept = {"result": _redacted(answer["result"], without_valid_keys)}
        else:
            kept = {"error": _redacted(answer.get("error"), without_keys)}
        call = self.call(method, params)
        answers = self._answers.setdefault(call, [])
        last = answers[-1] if answers else None
        if last is not None and last.answer == kept and json.dumps(last.answer) == json.dumps(kept):
            last.times += 1
            return
        line: dict[str, Json] = {"method": method, "params": json.loads(call[1])}
        if last is not None and last.times > last.written:
            self._write({**line, "again": last.times - last.written})
            last.written = last.times
        answers.append(_Kept(kept))
        self._write({**line, **kept})

    def _write(self, line: dict[str, Json]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
            self._file.flush()

    def _read(self) -> int:
        """How many bytes of the file are whole lines: what a recorder was killed in the middle of is not looked at."""
        with open_regular(self.path) as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise NodeError(f"{self.path}: larger than {_LARGEST // 1024 // 1024} MB")
        size = content.rfind(b"\n") + 1
        lines = enumerate(content[:size].splitlines(), start=1)
        if (head := _object(next(lines, (1, b""))[1])) is None or head.get(_HEAD) != VERSION:
            raise NodeError(f"{self.path}: is no cassette: its first line has no {_HEAD} of {VERSION}")
        for number, line in lines:
            entry = _object(line)
            method, params = (None, None) if entry is None else (entry.get("method"), entry.get("params"))
            if entry is None or not isinstance(method, str) or not isinstance(params, list):
                raise NodeError(f"{self.path}:{number}: no call with method, params and answer")
            answers = self._answers.setdefault(self.call(method, params), [])
            again = entry.get("again", 0)
            for member in ("result", "error"):
                if member in entry:
                    answers.append(_Kept({member: entry[member]}))
                    break
            else:
                if not answers or not again:
                    raise NodeError(f"{self.path}:{number}: a call without an answer")
            if isinstance(again, bool) or not isinstance(again, int) or again < 0:
                raise NodeError(f"{self.path}:{number}: `again` is to be an integer from 1 on")
            answers[-1].times += again
            answers[-1].written += again
        return size

    def call(self, method: str, params: list[Json]) -> Call:
        """What a call is found by."""
        secrets = self._secrets.get(method, frozenset())
        shown = [
            HIDDEN if position in secrets else _redacted(value, without_keys) for position, value in enumerate(params)
        ]
        while shown and shown[-1] is None:
            shown.pop()
        return method, json.dumps(_normalized(shown), sort_keys=True, separators=(",", ":"))

    def _miss(self, method: str, params: str) -> str:
        # 3 ms that a call which is there does without.
        from difflib import get_close_matches

        told = f"{self.path.name} has no call {method} {params}"
        of_method = {text: text for name, text in self._answers if name == method}
        if of_method:
            (nearest,) = get_close_matches(params, list(of_method), 1, 0.0)
            return f"{told}; the nearest is {method} {nearest}"
        methods = sorted({name for name, _ in self._answers})
        if not methods:
            return f"{told}; it has no calls at all"
        (nearest,) = get_close_matches(method, methods, 1, 0.0)
        return f"{told}; the nearest method is {nearest}"


def _object(line: bytes) -> dict[str, Json] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _redacted(value: Json, hide: Callable[[str], str]) -> Json:
    """JSON with private keys hidden, and the values of members with secret names."""
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, list):
        return [_redacted(each, hide) for each in value]
    if isinstance(value, dict):
        return {
            name: HIDDEN if is_secret(name) and each is not None else _redacted(each, hide)
            for name, each in value.items()
        }
    return value


def _normalized(value: Json) -> Json:
    if isinstance(value, str):
        return value.lower() if _HASH(value) else value
    if isinstance(value, list):
        return [_normalized(each) for each in value]
    if isinstance(value, dict):
        return {name: _normalized(each) for name, each in value.items()}
    return value

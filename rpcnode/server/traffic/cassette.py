"""Cassettes: calls to a real node with its answers, kept in a file of JSON lines and answered from there.

The first line is `{"rpcnode_cassette": 1, "upstream": URL}`, each other one a call, `{"method", "params", "result"}` or
with `error`. The same call may have other answers later: they are given in their order, and the last one from then on.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.files import make_private, open_regular
from rpcnode.primitives.json import Json
from rpcnode.primitives.secrecy import HIDDEN, is_secret, without_keys

VERSION: Final = 1
_HEAD: Final = "rpcnode_cassette"
_LARGEST: Final = 256 * 1024 * 1024  # bytes of a file
_HASH: Final = re.compile("0[xX](?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64})").fullmatch

Secrets = Mapping[str, frozenset[int]]
"""By method, the positions of parameters that are passwords or keys."""


class NoSuchCall(Exception):
    """A call that a cassette does not have; its text says so, and names the nearest that it has."""


class Cassette:
    """The calls of one file, in memory. `is_recording`: what is kept goes into the file too, at once.

    Passwords and keys are kept as `***`, by `secrets` and by what looks like one, and are found so again.
    """

    def __init__(self, path: Path, secrets: Secrets, upstream: str | None = None) -> None:
        """Reads the file; with an `upstream`, which has no password in it, it is written on, or made.

        Raises NodeError for a file that is no cassette, or cannot be read or written.
        """
        self.path: Final = path
        self._secrets: Final = secrets
        self._answers: Final[dict[tuple[str, str], list[dict[str, Json]]]] = {}
        self._given: Final[dict[tuple[str, str], int]] = {}
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
        key = self._key(method, params)
        answers = self._answers.get(key)
        if answers is None:
            raise NoSuchCall(self._miss(*key))
        given = self._given.get(key, 0)
        self._given[key] = min(given + 1, len(answers) - 1)
        return answers[given]

    def keep(self, method: str, params: list[Json], answer: dict[str, Json]) -> None:
        """Keeps `result` or `error` of an answer, unless it is what this call was answered the last time.

        Raises OSError for a file that cannot be written.
        """
        member = "result" if "result" in answer else "error"
        kept: dict[str, Json] = {member: _redacted(answer.get(member))}
        key = self._key(method, params)
        answers = self._answers.setdefault(key, [])
        if not answers or answers[-1] != kept:
            answers.append(kept)
            self._write({"method": method, "params": json.loads(key[1]), **kept})

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
            member = "result" if "result" in entry else "error"
            if member not in entry:
                raise NodeError(f"{self.path}:{number}: a call without an answer")
            self._answers.setdefault(self._key(method, params), []).append({member: entry[member]})
        return size

    def _key(self, method: str, params: list[Json]) -> tuple[str, str]:
        """A method and its normalized parameters as text: hashes in lower case, members in order, no nulls behind."""
        secrets = self._secrets.get(method, frozenset())
        shown = [HIDDEN if position in secrets else _redacted(value) for position, value in enumerate(params)]
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


def _redacted(value: Json) -> Json:
    """JSON with private keys hidden, and the values of members with secret names."""
    if isinstance(value, str):
        return without_keys(value)
    if isinstance(value, list):
        return [_redacted(each) for each in value]
    if isinstance(value, dict):
        return {
            name: HIDDEN if is_secret(name) and each is not None else _redacted(each) for name, each in value.items()
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

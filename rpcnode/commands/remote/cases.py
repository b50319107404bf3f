"""The calls of `rpcnode diff`, from a file."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rpcnode.dev.places.errors import FixtureError, shown
from rpcnode.dev.places.file import read_plain, read_text
from rpcnode.primitives.json import Json

Step = str | int | None
"""Of a path: a member, the position of an element, or None for all elements."""

_LINES: Final = (".jsonl", ".ndjson")
_MEMBERS: Final = frozenset(("method", "params", "volatile"))
_PATH: Final = re.compile(r"(?:\.?(?P<name>[^.\[\]]+)|\[(?P<at>\d+|\*)\])")


@dataclass(frozen=True, slots=True)
class Case:
    """A call, and the paths of its answer that are not compared."""

    method: str
    params: tuple[Json, ...]
    volatile: tuple[tuple[Step, ...], ...] = ()


def read_cases(file: Path) -> list[Case]:
    """The calls in a file: a list of `{method, params, volatile?}`, an object with one under `calls`, or JSON lines.

    A path of `volatile` is like `result.nonce`, `result.peers[0].port` or, for each element, `result.tx[*].hash`.
    Raises FixtureError for what is no such file.
    """
    plain: Json = _lines(file) if _is_of_lines(file) else read_plain(file)
    listed = plain.get("calls") if isinstance(plain, dict) else plain
    if not isinstance(listed, list):
        raise FixtureError(file, "a list of calls is expected, or an object that has one under `calls`")
    if not listed:
        raise FixtureError(file, "has no calls")
    return [_case(entry, number, file) for number, entry in enumerate(listed, start=1)]


def _is_of_lines(file: Path) -> bool:
    kinds = [each.lower() for each in file.suffixes if each.lower() != ".gz"]
    return kinds[-1:] in ([kind] for kind in _LINES)


def _lines(file: Path) -> list[Json]:
    found: list[Json] = []
    for number, line in enumerate(read_text(file).splitlines(), start=1):
        if line.strip():
            try:
                found.append(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise FixtureError(file, f"no JSON: {error}", line=number) from None
    return found


def _case(entry: Json, number: int, file: Path) -> Case:
    def wrong(told: str) -> FixtureError:
        return FixtureError(file, f"call {number}: {told}")

    if not isinstance(entry, dict):
        raise wrong(f"{shown(entry)} stands where an object with method and params belongs")
    unknown = sorted(entry.keys() - _MEMBERS)
    if unknown:
        raise wrong(f"{unknown[0]} is unknown; right are {', '.join(sorted(_MEMBERS))}")
    method, params, volatile = entry.get("method"), entry.get("params", []), entry.get("volatile", [])
    if not isinstance(method, str) or not method:
        raise wrong(f"method: {shown(method)} stands where the name of a method belongs")
    if not isinstance(params, list):
        raise wrong(f"params: {shown(params)} stands where a list belongs")
    if not isinstance(volatile, list):
        raise wrong(f"volatile: {shown(volatile)} stands where a list of paths belongs")
    paths = []
    for text in volatile:
        steps = tuple(_steps(text)) if isinstance(text, str) else ()
        if not steps:
            raise wrong(f"volatile: {shown(text)} is no path; one is like result.nonce or result.tx[*].hash")
        paths.append(steps)
    return Case(method, tuple(params), tuple(paths))


def _steps(path: str) -> Iterator[Step]:
    """The steps of a path; none where it is no path."""
    steps: list[Step] = []
    at = 0
    while at < len(path):
        found = _PATH.match(path, at)
        if found is None:
            return
        name, position = found["name"], found["at"]
        steps.append(name if name is not None else None if position == "*" else int(position))
        at = found.end()
    yield from steps

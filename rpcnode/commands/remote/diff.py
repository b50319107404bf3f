"""`rpcnode diff`: the same calls to a real node and to a running one of ours, and what their answers differ in."""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from rpcnode.commands.progress_bar import progress_bar
from rpcnode.commands.recorded_check import shown
from rpcnode.commands.remote.cases import Case, Step, read_cases
from rpcnode.commands.remote.peer import NoAnswer, connected
from rpcnode.dev.places.errors import FixtureError
from rpcnode.primitives.json import Json
from rpcnode.primitives.progress import counted
from rpcnode.server.traffic.node_client import Target, target_of

DRIFT: Final = 1
"""Exit code: an answer differs."""

NOT_COMPARED: Final = 2
"""Exit code: a node does not answer, or the file has no calls that could be made."""

_SHOWN: Final = 10  # differences of one answer; --json has all
_NOT_COMPARED: Final = frozenset(("id", "jsonrpc"))


class _Missing(Enum):
    HERE = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A place of an answer at which the two have something else; `ours` or `theirs` is left out where nothing is."""

    path: str
    sides: dict[str, Json]

    def text(self) -> str:
        """As a line for people."""
        one, other = (shown(self.sides[side]) if side in self.sides else "not there" for side in ("ours", "theirs"))
        return f"{self.path}: ours is {one}; theirs is {other}"


def diff(against: str, url: str, file: Path, *, as_json: bool, is_watched: bool) -> int:
    """Prints what differs between two nodes over the calls of a file; 0 where nothing does.

    Calls are made in order, each to both at the same time, so that they may follow from each other.
    """
    try:
        cases = read_cases(file)
        targets = target_of(url), target_of(against)
        with progress_bar(is_shown=is_watched):
            found = asyncio.run(_found(targets, cases))
    except (NoAnswer, FixtureError) as error:
        sys.stderr.write(f"rpcnode: {error}\n")
        return NOT_COMPARED
    differing = [(number, case, told) for number, (case, told) in enumerate(zip(cases, found, strict=True), 1) if told]
    if as_json:
        _print_json(targets, len(cases), differing)
    else:
        for number, case, told in differing:
            sys.stdout.write(f"{number}: {case.method} {json.dumps(list(case.params), ensure_ascii=False)}\n")
            sys.stdout.writelines(f"    {difference.text()}\n" for difference in told[:_SHOWN])
            if len(told) > _SHOWN:
                sys.stdout.write(f"    and {len(told) - _SHOWN} more\n")
        equal = len(cases) - len(differing)
        sys.stdout.write(f"{len(cases)} calls: {equal} equal, {len(differing)} not\n")
    return DRIFT if differing else 0


async def _found(targets: Sequence[Target], cases: Sequence[Case]) -> list[list[Difference]]:
    found = []
    async with connected(*targets) as peers:
        for case in counted(cases, "comparing answers", len(cases)):
            ours, theirs = await asyncio.gather(*(peer.answer(case.method, case.params) for peer in peers))
            found.append(list(differences(ours, theirs, case.volatile)))
    return found


def differences(
    ours: dict[str, Json], theirs: dict[str, Json], volatile: Sequence[tuple[Step, ...]] = ()
) -> Iterator[Difference]:
    """Where two answers differ, but for their envelope and for what is volatile."""
    for key in _joined(ours, theirs):
        if key not in _NOT_COMPARED:
            yield from _between(ours.get(key, _Missing.HERE), theirs.get(key, _Missing.HERE), (key,), volatile)


def _between(
    one: "Json | _Missing", other: "Json | _Missing", at: tuple[str | int, ...], volatile: Sequence[tuple[Step, ...]]
) -> Iterator[Difference]:
    if any(_matches(path, at) for path in volatile):
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for key in _joined(one, other):
            yield from _between(one.get(key, _Missing.HERE), other.get(key, _Missing.HERE), (*at, key), volatile)
    elif isinstance(one, list) and isinstance(other, list):
        for position in range(max(len(one), len(other))):
            first, second = (side[position] if position < len(side) else _Missing.HERE for side in (one, other))
            yield from _between(first, second, (*at, position), volatile)
    elif type(one) is not type(other) or one != other:  # True is no 1, and 1.0 is another text than 1
        named = (("ours", one), ("theirs", other))
        yield Difference(_path(at), {name: side for name, side in named if not isinstance(side, _Missing)})


def _matches(path: Sequence[Step], at: Sequence[str | int]) -> bool:
    return len(path) == len(at) and all(
        isinstance(place, int) if step is None else step == place for step, place in zip(path, at, strict=True)
    )


def _joined(one: dict[str, Json], other: dict[str, Json]) -> list[str]:
    return [*one, *(key for key in other if key not in one)]


def _path(at: Sequence[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at).removeprefix(".")


def _print_json(
    targets: Sequence[Target], count: int, differing: Sequence[tuple[int, Case, Sequence[Difference]]]
) -> None:
    ours, theirs = targets
    report = {
        "url": ours.url,
        "against": theirs.url,
        "calls": count,
        "differing": [
            {
                "call": number,
                "method": case.method,
                "params": list(case.params),
                "differences": [{"path": each.path, **each.sides} for each in told],
            }
            for number, case, told in differing
        ],
    }
    sys.stdout.write(json.dumps(report, indent=2, ensure_ascii=False) + "\n")

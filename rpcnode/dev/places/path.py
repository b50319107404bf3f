"""The way to a value in a file: as a text (`blocks[1].transactions[0]`) and as the keys and indexes it consists of."""

import json
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

Steps: TypeAlias = tuple[str | int, ...]
"""A key for each mapping, an index for each list, from the outside in."""

Position: TypeAlias = tuple[Steps, int]
"""A value and the line, counted from 1, where its key stands, or itself where it has none."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_STEP = re.compile(rf'\.?({_PLAIN_KEY.pattern})|\[(\d{{1,15}})\]|\[("(?:[^"\\]|\\.)*")\]')


def member_path(path: str, key: str) -> str:
    """The path of a mapping's member; a key that is not a plain word is written `["key"]`."""
    step = _step_to(key)
    return path + step if path or step[0] == "[" else key


@lru_cache(maxsize=1024)
def _step_to(key: str) -> str:
    """What a member's path has behind that of its mapping; keys come again and again."""
    return f".{key}" if _PLAIN_KEY.fullmatch(key) else f"[{json.dumps(key)}]"


def steps_of(path: str) -> Steps:
    """The steps of a path's text, up to where the text stops being one."""
    steps: list[str | int] = []
    position = 0
    while match := _STEP.match(path, position):
        plain, index, quoted = match.groups()
        steps.append(plain if plain is not None else int(index) if index is not None else json.loads(quoted))
        position = match.end()
    return tuple(steps)


class Node(Enum):
    """What comes next in a file, whatever its format."""

    MAPPING = "mapping"
    LIST = "list"
    SCALAR = "scalar"
    END = "end"


def positions_of(nodes: Iterable[tuple[Node, str, int]]) -> Iterator[Position]:
    """The position of every value in a stream of (kind, text of a scalar, line); keys of mappings are scalars too."""
    open_steps: list[Steps] = []
    next_steps: list[str | int | None] = []  # in a list the next index, in a mapping the key just read
    key_line = 0
    for kind, text, line in nodes:
        if kind is Node.END:
            open_steps.pop()
            next_steps.pop()
            continue
        if not open_steps:
            steps: Steps = ()
        elif next_steps[-1] is None:
            next_steps[-1], key_line = text, line
            continue
        else:
            step = next_steps[-1]
            steps = (*open_steps[-1], step)
            if isinstance(step, int):
                next_steps[-1] = step + 1
                yield steps, line
            else:
                next_steps[-1] = None
                yield steps, key_line
        if kind is not Node.SCALAR:
            open_steps.append(steps)
            next_steps.append(0 if kind is Node.LIST else None)

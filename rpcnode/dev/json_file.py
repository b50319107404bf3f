"""JSON to plain data. A key may stand once in an object, and a number is finite."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from rpcnode.dev.fixture_errors import FixtureError
from rpcnode.dev.steps import Node, Position, member_path, positions_of
from rpcnode.primitives.json import Json

_TOKEN = re.compile(r'\n|"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\]",:]+')
_OPENING = {"{": Node.MAPPING, "[": Node.LIST}


class _RepeatedKeyError(Exception):
    pass


def load(text: str, file: Path) -> Json:
    """The data that `text` holds; raises FixtureError with the line of the fault."""
    try:
        data: Json = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except _RepeatedKeyError:
        raise _repeated_key(text, file) from None
    except json.JSONDecodeError as error:
        raise FixtureError(file, f"not JSON: {error.msg}, column {error.colno}", line=error.lineno) from None
    except RecursionError:
        raise FixtureError(file, "nested too deep to be read") from None
    except ValueError as error:
        raise FixtureError(file, f"not JSON that can be read: {error}") from None
    return data


def positions(text: str) -> Iterator[Position]:
    """Every value of valid JSON, with its line."""
    return positions_of(_nodes(text))


def _nodes(text: str) -> Iterator[tuple[Node, str, int]]:
    line = 1
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "\n":
            line += 1
        elif token in _OPENING:
            yield _OPENING[token], "", line
        elif token in "}]":
            yield Node.END, "", line
        else:
            yield Node.SCALAR, json.loads(token) if token[0] == '"' else token, line


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RepeatedKeyError
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _repeated_key(text: str, file: Path) -> FixtureError:
    seen = set()
    for steps, line in positions(text):
        if steps in seen:
            path = ""
            for step in steps:
                path = member_path(path, step) if isinstance(step, str) else f"{path}[{step}]"
            return FixtureError(file, "this key stands here twice; leave one of the two out", line=line, path=path)
        seen.add(steps)
    return FixtureError(file, "a key stands twice in one object; leave one of the two out")

"""The chain that a test asks for: files, or what would stand in one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final, NamedTuple

from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.file import read_plain
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json

Fixture = str | PathLike[str] | Mapping[str, Any]
"""The path of a fixture file, its text in YAML, or its data.

A text holds a line break or begins with a brace; any other is a path, in the current folder unless it says where.
"""

UNNAMED: Final = Path("<fixture>")
"""What errors call a fixture that is in no file."""


class Written(NamedTuple):
    """A fixture that is in no file."""

    text: str
    is_json: bool  # else YAML


class ChainSource(NamedTuple):
    """Fixtures as they were given; two that are equal make the same chain."""

    parts: tuple[Path | Written, ...]

    versions: tuple[tuple[int, int] | None, ...]
    """Of each file when it was last written, in ns, and its size."""

    def build(self, options: NodeOptions) -> Node:
        """A node on this chain. Raises NodeError, which names file, line and path of what is wrong."""
        if all(isinstance(part, Path) for part in self.parts):
            return Node(replace(options, fixtures=tuple(part for part in self.parts if isinstance(part, Path))))
        from rpcnode.chain.declaration import PlayError
        from rpcnode.chain.described.described import hash_deriver
        from rpcnode.dev.fixture.reader import chain_of

        read = [_read(part) for part in self.parts]
        try:
            return Node(
                options, chain_of(_told_apart(read), options.profile, derive_hash=hash_deriver(options.profile))
            )
        except PlayError as error:
            raise FixtureError(UNNAMED, error.message, path=error.where) from None


def chain_source(fixture: Fixture | Sequence[Fixture] | None) -> ChainSource:
    """The source that some fixtures make together, later ones over earlier ones; without any the dev chain.

    Raises NodeError for what is no fixture at all.
    """
    given: Sequence[Any] = (fixture,)
    if fixture is None:
        given = ()
    elif isinstance(fixture, Sequence) and not isinstance(fixture, str):
        given = fixture
    parts = tuple(map(_part, given))
    return ChainSource(parts, tuple(map(_version, parts)))


def is_path(fixture: Fixture) -> bool:
    """Whether a fixture is given by the path of its file."""
    return isinstance(fixture, str | PathLike) and isinstance(_part(fixture), Path)


def plain_fixture(fixture: Fixture) -> Json:
    """A fixture as dev_reset takes it: a path, or data. Raises NodeError for what is none."""
    part = _part(fixture)
    return str(part) if isinstance(part, Path) else _read(part)[1]


def _part(fixture: Fixture) -> Path | Written:
    if isinstance(fixture, Mapping):
        try:
            # As text it cannot change under us.
            return Written(json.dumps(fixture, default=dict, allow_nan=False), is_json=True)
        except (TypeError, ValueError) as error:
            raise NodeError(f"{UNNAMED}: holds what JSON cannot: {error}") from None
    if isinstance(fixture, str) and ("\n" in fixture or fixture.lstrip().startswith("{")):
        return Written(fixture, is_json=False)
    if isinstance(fixture, str | PathLike):
        return Path(fspath(fixture)).absolute()
    raise NodeError(f"a fixture is a path, a text of YAML or a mapping, and not {fixture!r}")


def _version(part: Path | Written) -> tuple[int, int] | None:
    if isinstance(part, Written):
        return None
    try:
        found = part.stat()
    except OSError:
        return None  # whoever reads it says what is wrong
    return found.st_mtime_ns, found.st_size


def _read(part: Path | Written) -> tuple[Path, Json]:
    if isinstance(part, Path):
        return part, read_plain(part)
    if part.is_json:
        plain: Json = json.loads(part.text)
        return UNNAMED, plain
    from rpcnode.dev.places import yaml_file

    return UNNAMED, yaml_file.load(part.text, UNNAMED)


def _told_apart(read: list[tuple[Path, Json]]) -> list[tuple[Path, Json]]:
    """With a number in the name of each fixture without a file, where there are several."""
    if len(read) == 1:
        return read
    return [
        (Path(f"<fixture {number}>") if file is UNNAMED else file, plain)
        for number, (file, plain) in enumerate(read, start=1)
    ]

"""`rpcnode check`: reads and plays fixtures, and says where they are wrong."""

import gzip
import io
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rpcnode.chain.format.block_file import is_block_file
from rpcnode.commands.progress_bar import progress_bar
from rpcnode.dev.places.limits import MAX_FILE_SIZE
from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.plugin.discovery import discover
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.primitives.json import Json

_RECORDED_ANSWERS: Final = ("queries", "balances_by_height")

STANDARD_INPUT: Final = Path("-")
_NAME_OF_INPUT: Final = "<stdin>"

_GZIP: Final = b"\x1f\x8b"
_PEEKED: Final = 4096  # bytes, by which the format is told
_JSON: Final = re.compile(rb'\s*\{\s*["}]')
_TOML: Final = re.compile(rb'(?:\s|#[^\n]*\n)*(?:\[+[\w."-]+\]+\s*$|[\w."-]+\s*=)', re.MULTILINE)


def check(fixtures: Sequence[Path], profile: ProfileName, *, is_watched: bool) -> int:
    """Prints a line for each fixture, `-` being standard input; 1 if any is broken, or recorded what is not so.

    Chain files of raw blocks are read together with the fixture before them, which has their network.
    With `is_watched` somebody looks at a terminal, and sees how far a long one is.
    """
    broken = 0
    for paths in _chains_of(fixtures):
        if paths != [STANDARD_INPUT]:
            broken += not _is_good(paths, " ".join(map(str, paths)), profile, is_watched)
            continue
        with _kept_input() as kept:
            broken += not _is_good([kept], _NAME_OF_INPUT, profile, is_watched)
    return 1 if broken else 0


def _chains_of(fixtures: Sequence[Path]) -> list[list[Path]]:
    chains: list[list[Path]] = []
    for path in fixtures:
        if is_block_file(path) and chains and chains[-1] != [STANDARD_INPUT]:
            chains[-1].append(path)
        else:
            chains.append([path])
    return chains


def _is_good(paths: Sequence[Path], name: str, profile: ProfileName, is_watched: bool) -> bool:
    try:
        told = _told_of(paths, profile, is_watched)
    except NodeError as error:
        told_of = str(error) if len(paths) > 1 else str(error).replace(str(paths[0]), name)
        sys.stderr.write(f"{told_of}\n")
        return False
    sys.stdout.write(f"{name}: {told}\n")
    return True


def _told_of(paths: Sequence[Path], profile: ProfileName, is_watched: bool) -> str:
    """What there is to say of a fixture that is right. Raises NodeError for one that is not."""
    with progress_bar(is_shown=is_watched):
        recording = _recording(paths[0], profile) if len(paths) == 1 else None
        settings = () if recording is None else _as_recorded(profile)
        with closing(Node(NodeOptions(fixtures=tuple(paths), profile=profile, settings=settings))) as node:
            difference = None if recording is None else _difference(node, recording, paths[0])
            if difference is not None:
                raise NodeError(f"{paths[0]}: {difference}")
            contracts = sum(1 for contract in node.ledger.contracts() if contract.contract_id > 0)
            noun = "contract" if contracts == 1 else "contracts"
            return f"ok: height {node.ledger.height}, {contracts} {noun}, profile {profile}"


def _difference(node: Node, recording: dict[str, Json], path: Path) -> str | None:
    if node.options.profile != "n3":
        from rpcnode.commands.recorded_check import first_difference

        return first_difference(node, recording)
    if not node.ledger.is_executed:
        return None
    from rpcnode.commands.executed_check import first_difference_of_execution
    from rpcnode.dev.places.place import Place

    return first_difference_of_execution(node, recording, Place(path))


def _recording(path: Path, profile: ProfileName) -> dict[str, Json] | None:
    """What a recording holds, if it has something to compare with: on the older profiles, answers."""
    from rpcnode.dev.fixture.reader import RECORDING_KEYS
    from rpcnode.dev.places.file import read_plain

    if is_block_file(path):
        return None
    plain = read_plain(path)
    if not isinstance(plain, dict) or not plain.keys() >= RECORDING_KEYS:
        return None
    return plain if profile == "n3" or any(key in plain for key in _RECORDED_ANSWERS) else None


def _as_recorded(profile: ProfileName) -> tuple[PluginSetting, ...]:
    return tuple(
        PluginSetting(kind.name, key, value, "rpcnode check")
        for kind in discover(())
        if profile in kind.profiles
        for key, value in kind.as_recorded.items()
    )


@contextmanager
def _kept_input() -> Iterator[Path]:
    """Standard input as a file, named for its format: errors look for their lines in it."""
    if sys.stdin is None:
        raise NodeError("-: standard input is closed")
    content = sys.stdin.buffer.read(MAX_FILE_SIZE + 1)
    with TemporaryDirectory(prefix="rpcnode-") as folder:
        path = Path(folder) / f"stdin{_suffix_of(content)}"
        path.write_bytes(content)
        yield path


def _suffix_of(content: bytes) -> str:
    compressed = content.startswith(_GZIP)
    begin = content[:_PEEKED]
    if compressed:
        try:
            with gzip.open(io.BytesIO(content)) as stream:
                begin = stream.read(_PEEKED)
        except (OSError, EOFError, zlib.error):
            begin = b""
    form = ".json" if _JSON.match(begin) else ".toml" if _TOML.match(begin) else ".yaml"
    return f"{form}.gz" if compressed else form

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

from rpcnode.commands.progress_bar import progress_bar
from rpcnode.dev.places.limits import MAX_FILE_SIZE
from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.plugin.discovery import discover
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.primitives.json import Json

_RECORDED_ANSWERS = ("queries", "balances_by_height")

STANDARD_INPUT: Final = Path("-")
_NAME_OF_INPUT: Final = "<stdin>"

_GZIP: Final = b"\x1f\x8b"
_PEEKED: Final = 4096  # bytes, by which the format is told
_JSON: Final = re.compile(rb'\s*\{\s*["}]')
_TOML: Final = re.compile(rb'(?:\s|#[^\n]*\n)*(?:\[+[\w."-]+\]+\s*$|[\w."-]+\s*=)', re.MULTILINE)


def check(fixtures: Sequence[Path], profile: ProfileName, *, is_watched: bool) -> int:
    """Prints a line for each fixture, `-` being standard input; 1 if any is broken, or recorded another answer.

    With `is_watched` somebody looks at a terminal, and sees how far a long one is.
    """
    broken = 0
    for path in fixtures:
        if path != STANDARD_INPUT:
            broken += not _is_good(path, str(path), profile, is_watched)
            continue
        with _kept_input() as kept:
            broken += not _is_good(kept, _NAME_OF_INPUT, profile, is_watched)
    return 1 if broken else 0


def _is_good(path: Path, name: str, profile: ProfileName, is_watched: bool) -> bool:
    try:
        told = _told_of(path, profile, is_watched)
    except NodeError as error:
        sys.stderr.write(f"{str(error).replace(str(path), name)}\n")
        return False
    sys.stdout.write(f"{name}: {told}\n")
    return True


def _told_of(path: Path, profile: ProfileName, is_watched: bool) -> str:
    """What there is to say of a fixture that is right. Raises NodeError for one that is not."""
    with progress_bar(is_shown=is_watched):
        recording = _recording(path, profile)
        settings = () if recording is None else _as_recorded(profile)
        node = Node(NodeOptions(fixtures=(path,), profile=profile, settings=settings))
    with closing(node):
        if recording is not None:
            from rpcnode.commands.recorded_check import first_difference

            difference = first_difference(node, recording)
            if difference is not None:
                raise NodeError(f"{path}: {difference}")
        contracts = sum(1 for contract in node.ledger.contracts() if contract.contract_id > 0)
        noun = "contract" if contracts == 1 else "contracts"
        return f"ok: height {node.ledger.height}, {contracts} {noun}, profile {profile}"


def _recording(path: Path, profile: ProfileName) -> dict[str, Json] | None:
    """What an older node's recording holds, if it has answers to compare with."""
    from rpcnode.dev.fixture.reader import RECORDING_KEYS
    from rpcnode.dev.places.file import read_plain

    # N3's are compared once their scripts are run as on the node.
    if profile == "n3":
        return None
    plain = read_plain(path)
    is_recording = isinstance(plain, dict) and plain.keys() >= RECORDING_KEYS
    return plain if is_recording and any(key in plain for key in _RECORDED_ANSWERS) else None  # type: ignore[operator, return-value]  # it is a dict


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

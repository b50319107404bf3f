"""`rpcnode check`: reads and plays fixtures, and says where they are wrong."""

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.plugin.discovery import discover
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.primitives.json import Json

_RECORDED_ANSWERS = ("queries", "balances_by_height")


def check(fixtures: Sequence[Path], profile: ProfileName) -> int:
    """Prints a line for each fixture; 1 if any is broken, or if it recorded another answer than this node gives."""
    broken = 0
    for path in fixtures:
        try:
            told = _told_of(path, profile)
        except NodeError as error:
            broken += 1
            sys.stderr.write(f"{error}\n")
            continue
        sys.stdout.write(f"{told}\n")
    return 1 if broken else 0


def _told_of(path: Path, profile: ProfileName) -> str:
    """The line of a fixture that is right. Raises NodeError for one that is not."""
    recording = _recording(path, profile)
    settings = () if recording is None else _as_recorded(profile)
    with closing(Node(NodeOptions(fixtures=(path,), profile=profile, settings=settings))) as node:
        if recording is not None:
            from rpcnode.commands.recorded_check import first_difference

            difference = first_difference(node, recording)
            if difference is not None:
                raise NodeError(f"{path}: {difference}")
        contracts = sum(1 for contract in node.ledger.contracts() if contract.contract_id > 0)
        noun = "contract" if contracts == 1 else "contracts"
        return f"{path}: ok: height {node.ledger.height}, {contracts} {noun}, profile {profile}"


def _recording(path: Path, profile: ProfileName) -> dict[str, Json] | None:
    """What an older node's recording holds, if it has answers to compare with."""
    from rpcnode.dev.fixture_file import read_plain
    from rpcnode.dev.fixture_reader import RECORDING_KEYS

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

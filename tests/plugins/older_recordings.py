"""The chains of running nodes of Neo 2 and preview2, and what those answered about them."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from rpcnode.primitives.errors import ProfileName
from tests.recorded_answers import DATA, Call, Masks, Waiting, calls_in, read
from tests.recorded_exchanges import Exchange

FOLDERS: Final[dict[ProfileName, str]] = {"n2": "neo2", "n3-preview": "preview2"}
WAITING: Final = DATA / "older-waiting.txt"
AS_THE_NODE: Final = {"RpcNep5Tracker.ErrorSemantics": "reference", "RpcNep5Tracker.Clock": "wall"}


class Setting(NamedTuple):
    """Settings of plugins, and what was asked of a node that had them."""

    run: str
    profile: ProfileName
    settings: dict[str, Any]
    entries: list[Mapping[str, Any]]


def chain_of_node(profile: ProfileName) -> Path:
    """The recorded chain, as a fixture file."""
    return DATA / FOLDERS[profile] / "chain.json.gz"


@cache
def answers_of(profile: ProfileName) -> Any:
    """What the node of a profile answered."""
    return read(DATA / FOLDERS[profile] / "answers.json.gz")


@cache
def settings_of(profile: ProfileName) -> list[Setting]:
    """The settings under which the node was asked, in the order of the recording."""
    found: dict[str, Setting] = {}
    for entry in answers_of(profile)["settings"]:
        text = json.dumps(entry["settings"])
        if text not in found:
            plain = {
                f"{plugin}.{key}": value for plugin, keys in entry["settings"].items() for key, value in keys.items()
            }
            found[text] = Setting(f"{FOLDERS[profile]}-settings-{len(found) + 1}", profile, plain, [])
        found[text].entries.append(entry)
    return list(found.values())


def calls_of(entries: Iterable[Mapping[str, Any]]) -> list[Call]:
    """Those that were posted as usual."""
    return calls_in(entry for entry in entries if "method" in entry)


def exchanges_of(entries: Iterable[Mapping[str, Any]]) -> list[Exchange]:
    """Those of raw bytes, numbered as they come; one without an answer is kept for checking."""
    return [
        Exchange(number, entry["raw"].encode("latin-1"), entry["answer"].encode("latin-1"))
        for number, entry in enumerate(entries)
        if entry.get("raw") is not None and entry.get("answer") is not None
    ]


def masks_of(profile: ProfileName) -> Masks:
    """What moves in its answers."""
    return Masks(answers_of(profile)["masks"])


def waiting() -> Waiting:
    """What is not there yet, of both."""
    return Waiting.read(WAITING)

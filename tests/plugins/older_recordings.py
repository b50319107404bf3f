"""The chains of running nodes of Neo 2 and preview2, and what those answered about them."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from recorded_answers import DATA, Masks, Waiting, read

from rpcnode.primitives.errors import ProfileName

FOLDERS: Final[dict[ProfileName, str]] = {"n2": "neo2", "n3-preview": "preview2"}
WAITING: Final = DATA / "older-waiting.txt"
AS_THE_NODE: Final = {"RpcNep5Tracker.ErrorSemantics": "reference", "RpcNep5Tracker.Clock": "wall"}


def chain_of_node(profile: ProfileName) -> Path:
    """The recorded chain, as a fixture file."""
    return DATA / FOLDERS[profile] / "chain.json.gz"


@cache
def answers_of(profile: ProfileName) -> Any:
    """What the node of a profile answered."""
    return read(DATA / FOLDERS[profile] / "answers.json.gz")


def masks_of(profile: ProfileName) -> Masks:
    """What moves in its answers."""
    return Masks(answers_of(profile)["masks"])


def waiting() -> Waiting:
    """What is not there yet, of both."""
    return Waiting.read(WAITING)

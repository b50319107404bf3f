"""The tests of the project: a package whose folders are those of the tree."""

import os
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[1]
"""The checkout."""

EVERYTHING: Final = bool(os.environ.get("RPCNODE_EVERYTHING"))
"""Whether a run takes all random cases, in three times as long; else it takes a part of them."""


def part_of(cases: int) -> int:
    """How many of so many random cases a run takes: a third, or all where everything is asked for."""
    return cases if EVERYTHING else -(-cases // 3)

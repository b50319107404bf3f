"""What a file may hold at most, in any format: small files can stand for more than a machine holds."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.path import Position
from rpcnode.primitives.json import Json

MAX_FILE_SIZE: Final = 64 * 1024 * 1024
"""Bytes, after decompression."""

MAX_VALUES: Final = 10_000_000
"""Values and keys. A million rows of four members each are nine million, and about as long as a file may be."""

MAX_NESTING: Final = 256
"""Lists and mappings in each other."""

MAX_DIGITS: Final = 1000
"""Digits of a number. Nothing in a chain has over 78."""

TOO_MANY: Final = f"holds more than {MAX_VALUES:,} values"
TOO_DEEP: Final = f"nested deeper than {MAX_NESTING} levels"


def too_long(digits: int) -> str:
    """What is said of a number with so many characters."""
    return f"a number of {digits} digits is too long to be read"


def is_too_deep(data: Json) -> bool:
    """Whether lists and mappings are nested deeper than `MAX_NESTING`."""
    level = [data] if isinstance(data, list | dict) else []
    for _ in range(MAX_NESTING):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, list | dict)
        ]
        if not level:
            return False
    return True


def nesting_error(positions: Iterable[Position], file: Path) -> FixtureError:
    """The error for data that is too deep; `positions` are those of its values."""
    line = next((line for steps, line in positions if len(steps) >= MAX_NESTING), None)
    return FixtureError(file, TOO_DEEP, line=line)

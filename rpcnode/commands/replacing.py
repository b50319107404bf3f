"""A file that a command writes: whole, or as it was before."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.files import check_replaceable


@contextmanager
def replacing(path: Path, option: str) -> Iterator[BinaryIO]:
    """A file that takes the place of the one at a path when it is whole. Raises NodeError where it cannot be."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        check_replaceable(path)
        with unfinished.open("xb") as file:
            yield file
        unfinished.replace(path)
    except OSError as error:
        raise NodeError(f"{option} {path}: cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            unfinished.unlink()

"""What `rpcnode record` has so far, in a file beside the one to come: a line of JSON for each block.

The first line says whose blocks they are. What a recorder was killed in the middle of, a line without its end, is
dropped when it is read again.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.files import open_regular
from rpcnode.primitives.json import Json

SUFFIX: Final = ".partial"


class PartialFile:
    """The blocks that were recorded, in order, each an object; open until it is closed.

    `head` says whose blocks they are. Raises NodeError for a file with another head, or one that cannot be written.
    """

    def __init__(self, out: Path, head: dict[str, Json]) -> None:
        self.path: Final = out.with_name(out.name + SUFFIX)
        try:
            kept = self._kept(head)
            self._file: Final = self.path.open("r+b" if kept else "wb")
            self._file.truncate(kept)
            self._file.seek(kept)
            if not kept:
                self._write(head)
        except OSError as error:
            raise NodeError(f"{self.path}: cannot be written: {error.strerror}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self._file.tell()

    def add(self, block: dict[str, Json]) -> None:
        """Writes the next block; it is on its way to the disk then."""
        try:
            self._write(block)
        except OSError as error:
            raise NodeError(f"{self.path}: cannot be written: {error.strerror}") from None

    def blocks(self) -> Iterator[dict[str, Json]]:
        """All blocks so far, in order."""
        with self.path.open("rb") as file:
            next(file)
            for line in file:
                yield json.loads(line)

    def remove(self) -> None:
        """Deletes the file: what it has stands elsewhere now."""
        self._file.close()
        with suppress(OSError):
            self.path.unlink()

    def _write(self, line: dict[str, Json]) -> None:
        self._file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        self._file.flush()

    def _kept(self, head: dict[str, Json]) -> int:
        """How many bytes of a file that exists are whole lines."""
        try:
            file = open_regular(self.path)
        except FileNotFoundError:
            return 0
        with file:
            kept = 0
            for number, line in enumerate(file):
                if not line.endswith(b"\n"):
                    break
                if number == 0 and _read(line) != head:
                    raise NodeError(f"{self.path}: is what another recording has so far; delete it to begin anew")
                kept += len(line)
            return kept


def _read(line: bytes) -> Json:
    try:
        found: Json = json.loads(line)
    except ValueError:
        return None
    return found

"""Where in which file a value stands."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.path import member_path


class Place(NamedTuple):
    """A value's file and its path in there; the empty path is the whole file."""

    file: Path
    path: str = ""
    is_one_of_several: bool = False

    @property
    def where(self) -> str:
        """The path, after the file's name where a chain is read from several files."""
        return f"{self.file}: {self.path}" if self.is_one_of_several else self.path

    def member(self, key: str) -> "Place":
        """The place of a mapping's member."""
        return Place(self.file, member_path(self.path, key), self.is_one_of_several)

    def item(self, position: int) -> "Place":
        """The place of a list's item."""
        return Place(self.file, f"{self.path}[{position}]", self.is_one_of_several)

    def error(self, message: str) -> FixtureError:
        """The error that says `message` of this value; its line is looked up now."""
        from rpcnode.dev.places.lines import locate

        return FixtureError(self.file, message, line=locate(self.file, self.path), path=self.path)


def error_at(files: Sequence[Path], where: str, message: str) -> FixtureError:
    """The error that says `message` of the value at `where`, as a ChainDescription read from `files` has it."""
    for file in files:
        if where.startswith(f"{file}: "):
            return Place(file, where.removeprefix(f"{file}: ")).error(message)
    return Place(files[0], where).error(message)

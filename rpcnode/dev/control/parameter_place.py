"""Where in a dev method's parameters a value stands, for the readers of fixtures: what they read is written alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rpcnode.dev.control.method import BadArgument
from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.path import member_path
from rpcnode.dev.places.place import Place

_NO_FILE: Final = Path()


class ParameterPlace(Place):
    """A value of a parameter; there are no lines to look up."""

    __slots__ = ()

    def member(self, key: str) -> "ParameterPlace":
        return ParameterPlace(self.file, member_path(self.path, key))

    def item(self, position: int) -> "ParameterPlace":
        return ParameterPlace(self.file, f"{self.path}[{position}]")

    def error(self, message: str) -> FixtureError:
        return FixtureError(self.file, message, path=self.path)


def parameter(name: str) -> ParameterPlace:
    """The place of a whole parameter."""
    return ParameterPlace(_NO_FILE, name)


@contextmanager
def reading_parameters() -> Iterator[None]:
    """Says as BadArgument what the fixture's readers say of a value."""
    try:
        yield
    except FixtureError as error:
        raise BadArgument(f"{error.path}: {error.message}") from None

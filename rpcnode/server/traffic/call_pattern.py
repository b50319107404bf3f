"""Which calls are meant: by the name of a method or by a path, and by parameters."""

from collections.abc import Sequence
from dataclasses import field
from typing import Final

from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass

DEV_PREFIX: Final = "dev_"
"""What the names of the methods that command the node begin with."""


@dataclass(frozen=True, slots=True)
class CallPattern:
    """Calls of the JSON-RPC methods that `method` means, or REST requests whose path `path` means; one of the two.

    In both `*` stands for any text, the empty one too, and every other character for itself. A path ends before the `?`
    of its query, unless the pattern holds a `?`; it is compared as it was sent, percent-encoding and all.

    `params` None: any. Otherwise position by position, where null stands for anything; a call with fewer parameters is
    read as if nulls followed, one with more is not meant.
    """

    method: str | None = None
    path: str | None = None
    params: tuple[Json, ...] | None = None
    _named: tuple[tuple[int, Json], ...] = field(init=False, repr=False, compare=False)  # of `params`, by position

    def __post_init__(self) -> None:
        named = tuple((position, value) for position, value in enumerate(self.params or ()) if value is not None)
        object.__setattr__(self, "_named", named)

    def means_call(self, method: str | None, params: Json) -> bool:
        """Whether a JSON-RPC call is meant; `method` None is a request that could not be read."""
        if self.method is None or method is None or not _stands_for(self.method, method):
            return False
        return self.params is None or (isinstance(params, list) and self.means_params(params))

    def means_params(self, params: Sequence[Json]) -> bool:
        """Whether those parameters are meant."""
        wanted = self.params
        return wanted is None or (
            len(params) <= len(wanted)
            and all(position < len(params) and same_json(value, params[position]) for position, value in self._named)
        )

    def means_path(self, target: str) -> bool:
        """Whether a REST request is meant; `target` is its path and query."""
        if self.path is None:
            return False
        return _stands_for(self.path, target if "?" in self.path else target.partition("?")[0])

    def means_name(self, name: str) -> bool:
        """Whether a method of that name, or a path, is meant, whatever its parameters."""
        return self.means_path(name) if self.method is None else _stands_for(self.method, name)


def _stands_for(pattern: str, name: str) -> bool:
    if "*" not in pattern:
        return pattern == name
    # Not a regular expression: those take exponential time for some patterns. The first place is as good as any later.
    first, *middle, last = pattern.split("*")
    if len(name) < len(first) + len(last) or not name.startswith(first) or not name.endswith(last):
        return False
    position, end = len(first), len(name) - len(last)
    for part in middle:
        found = name.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True


def same_json(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal: 1 and 1.0 are, 1 and true are not, and the order of members does not count."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(value, other[key]) for key, value in one.items())
    return one == other

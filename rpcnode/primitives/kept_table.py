"""A table of what may be asked again, bounded in memory."""

from collections.abc import Hashable
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class KeptTable(Generic[K, V]):
    """Values by key, of at most so many bytes together; those that nobody has asked for lately go first.

    There are two generations. What is put in or asked for is in the young one; once that is full it becomes the old
    one, and what was the old one is forgotten. What alone takes more than a quarter of all is not kept.
    """

    __slots__ = ("_half", "_left", "_old", "_young")

    def __init__(self, most_bytes: int) -> None:
        self._half: Final = most_bytes // 2
        self._left = self._half
        self._young: dict[K, tuple[V, int]] = {}
        self._old: dict[K, tuple[V, int]] = {}

    def __len__(self) -> int:
        return len(self._young.keys() | self._old.keys())

    def get(self, key: K) -> V | None:
        """What is kept under a key; None for nothing."""
        found = self._young.get(key)
        if found is not None:
            return found[0]
        found = self._old.pop(key, None) if self._old else None
        if found is None:
            return None
        self.keep(key, *found)
        return found[0]

    def keep(self, key: K, value: V, size: int) -> None:
        """Puts a value in that takes so many bytes, with its key."""
        if size > self._half // 2:
            return
        if self._left < size:
            self._old, self._young = self._young, {}
            self._left = self._half
        self._left -= size
        self._young[key] = value, size

    def clear(self) -> None:
        """Forgets all."""
        if self._young or self._old:
            self._young, self._old = {}, {}
            self._left = self._half

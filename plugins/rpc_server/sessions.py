"""Iterators that invocations left, kept for a while so that a client may go through them.

Source: neo-node 3.10.2, plugins/RpcServer: RpcServer.SmartContract.cs, Session.cs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rpcnode.plugin import errors

if TYPE_CHECKING:
    from rpcnode.plugin.runs import StorageIterator


MOST_KEPT: Final = 64 * 1024 * 1024
"""Bytes that all sessions keep in memory."""


@dataclass(slots=True)
class Session:
    """The iterators of one invocation by their ids; `started` is when it was last used, in seconds.

    `size` is how many bytes it keeps in memory.
    """

    iterators: "Mapping[str, StorageIterator]"
    started: float
    size: int


class Sessions:
    """The sessions by their ids.

    A timer that strikes every `lifetime` seconds ends those that were not used for as long: they live up to twice that.
    The oldest end before, unlike on a real node, when all together keep more than `most` bytes in memory.
    """

    def __init__(self, lifetime: float, now: Callable[[], float], most: int = MOST_KEPT) -> None:
        self._left = most
        self._lifetime: Final = lifetime
        self._now: Final = now
        self._began: Final = now()
        self._last_strike = self._began
        self._sessions: Final[dict[str, Session]] = {}

    def __len__(self) -> int:
        self._sweep()
        return len(self._sessions)

    def add(self, session_id: str, iterators: "Mapping[str, StorageIterator]", size: int = 0) -> None:
        """Keeps the iterators of an invocation, which take so many bytes."""
        self._sessions[session_id] = Session(iterators, self._sweep(), size)
        self._left -= size
        while self._left < 0 and len(self._sessions) > 1:
            self._drop(next(iter(self._sessions)))

    def iterator(self, session_id: str, iterator_id: str) -> "StorageIterator":
        """An iterator, whose session is used. Raises UnknownSession, UnknownIterator."""
        now = self._sweep()
        session = self._sessions.get(session_id)
        if session is None:
            raise errors.UnknownSession
        session.started = now
        iterator = session.iterators.get(iterator_id)
        if iterator is None:
            raise errors.UnknownIterator
        return iterator

    def end(self, session_id: str) -> bool:
        """Ends a session; false where there is none."""
        self._sweep()
        return self._drop(session_id)

    def clear(self) -> None:
        """Ends all."""
        for session_id in list(self._sessions):
            self._drop(session_id)

    def _drop(self, session_id: str) -> bool:
        session = self._sessions.pop(session_id, None)
        if session is None:
            return False
        self._left += session.size
        return True

    def _sweep(self) -> float:
        """Does what the timer would have done by now, and says when that is."""
        now = self._now()
        strike = self._began + (now - self._began) // self._lifetime * self._lifetime
        if strike > self._last_strike:
            self._last_strike = strike
            over = [key for key, session in self._sessions.items() if strike >= session.started + self._lifetime]
            for key in over:
                self._drop(key)
        return now

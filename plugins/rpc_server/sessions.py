"""Iterators that invocations left, kept for a while so that a client may go through them.

Source: neo-node 3.10.2, plugins/RpcServer: RpcServer.SmartContract.cs, Session.cs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rpcnode.plugin import errors

if TYPE_CHECKING:
    from rpcnode.plugin.runs import StorageIterator


@dataclass(slots=True)
class Session:
    """The iterators of one invocation by their ids; `started` is when it was last used, in seconds."""

    iterators: "Mapping[str, StorageIterator]"
    started: float


class Sessions:
    """The sessions by their ids.

    A timer that strikes every `lifetime` seconds ends those that were not used for as long: they live up to twice that.
    """

    def __init__(self, lifetime: float, now: Callable[[], float]) -> None:
        self._lifetime: Final = lifetime
        self._now: Final = now
        self._began: Final = now()
        self._last_strike = self._began
        self._sessions: Final[dict[str, Session]] = {}

    def __len__(self) -> int:
        self._sweep()
        return len(self._sessions)

    def add(self, session_id: str, iterators: "Mapping[str, StorageIterator]") -> None:
        """Keeps the iterators of an invocation."""
        self._sessions[session_id] = Session(iterators, self._sweep())

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
        return self._sessions.pop(session_id, None) is not None

    def clear(self) -> None:
        """Ends all."""
        self._sessions.clear()

    def _sweep(self) -> float:
        """Does what the timer would have done by now, and says when that is."""
        now = self._now()
        strike = self._began + (now - self._began) // self._lifetime * self._lifetime
        if strike > self._last_strike:
            self._last_strike = strike
            over = [key for key, session in self._sessions.items() if strike >= session.started + self._lifetime]
            for key in over:
                del self._sessions[key]
        return now

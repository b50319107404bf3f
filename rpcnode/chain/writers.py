"""Those who write to one chain, one after the other: what they do may take long, and stops after each piece of it."""

from collections import deque
from collections.abc import Callable
from typing import Any, Final, Generic, Protocol, TypeVar

from rpcnode.primitives.steps import Steps, at_once

T = TypeVar("T")


class Cancellable(Protocol):
    """What a scheduled call can be called off with."""

    def cancel(self) -> None: ...


CallLater = Callable[[float, Callable[[], None]], Cancellable]
"""(seconds, what to call then), as of an event loop."""


Failed = Callable[[Exception], None]
"""Is told what went wrong."""


class _Write(Generic[T]):
    """Something to be written. `is_awaited`: somebody takes the steps to it, and is told himself how it ends."""

    def __init__(self, steps: Steps[T], failed: Failed | None) -> None:
        self.steps: Final = steps
        self.failed: Final = failed
        self.is_awaited = failed is None
        self.is_done = False
        self.value: T
        self.error: Exception | None = None

    def step(self) -> None:
        try:
            next(self.steps)
        except StopIteration as end:
            self.value, self.is_done = end.value, True
        except Exception as error:
            self.error, self.is_done = error, True
            if self.failed is not None:
                self.failed(error)


class Writers:
    """The queue of those who write. Whoever waits in it takes steps of the first, so that all come to their end.

    Nobody reads anything of a write before it is whole: its last step alone touches the database. `behind` are steps
    that follow each write. What nobody waits for any more goes on where there is a loop.
    """

    def __init__(self) -> None:
        self._queue: Final[deque[_Write[Any]]] = deque()
        self._call_later: CallLater | None = None
        self._timer: Cancellable | None = None
        self._is_stepping = False
        self.behind: Callable[[], Steps[None]] = _nothing

    @property
    def is_busy(self) -> bool:
        """Whether somebody writes."""
        return bool(self._queue)

    def steps(self, work: Steps[T]) -> Steps[T]:
        """The steps to what comes of work, in its turn; whatever it raises is raised here.

        Work that is a part of what is written now is done in the midst of it.
        """
        if self._is_stepping:
            return (yield from work)
        write = _Write(self._whole(work), None)
        self._queue.append(write)
        try:
            while not write.is_done:
                self._step()
                if not write.is_done:
                    yield
        finally:
            if not write.is_done:
                write.is_awaited = False
                self._drive()
        if write.error is not None:
            raise write.error
        return write.value

    def at_once(self, work: Steps[T]) -> T:
        """What comes of work, behind all that is under way, at once."""
        return at_once(self.steps(work))

    def begin(self, work: Steps[None], failed: Failed) -> None:
        """Has work done in its turn, for which nobody waits: a first piece of it at once where nobody else writes."""
        is_first = not self._queue
        self._queue.append(_Write(self._whole(work), failed))
        if is_first:
            self._step()
        self._drive()

    def attach(self, call_later: CallLater) -> None:
        """Gives them a loop."""
        self._call_later = call_later
        self._drive()

    def detach(self) -> None:
        """Takes the loop away; what is not done yet is dropped, and nothing of it is written."""
        self._call_later = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for write in [write for write in self._queue if not write.is_awaited]:
            write.steps.close()
            self._queue.remove(write)

    def _whole(self, work: Steps[T]) -> Steps[T]:
        """The work, and what follows it."""
        failed: Exception | None = None
        try:
            value = yield from work
        except Exception as error:
            failed = error
        yield from self.behind()
        if failed is not None:
            raise failed
        return value

    def _step(self) -> None:
        first = self._queue[0]
        self._is_stepping = True
        try:
            first.step()
        finally:
            self._is_stepping = False
        if first.is_done:
            self._queue.popleft()

    def _drive(self) -> None:
        is_left = any(not write.is_awaited for write in self._queue)
        if is_left and self._timer is None and self._call_later is not None:
            self._timer = self._call_later(0, self._on_turn)

    def _on_turn(self) -> None:
        self._timer = None
        if self._queue:
            self._step()
            self._drive()


def _nothing() -> Steps[None]:
    yield from ()

"""Work that would hold up the event loop and lets other threads run meanwhile, as deriving a key does."""

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Final, TypeVar

from rpcnode.primitives.json import Pause

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")

_AT_WORK: "Final[list[Future[Any]]]" = []


def in_thread(work: Callable[[], T]) -> Generator[Pause, None, T]:
    """What `work` returns or raises, as steps that wait for it; one such work is done at a time.

    The thread does not keep the process from ending.
    """
    from concurrent.futures import Future
    from threading import Thread

    while _AT_WORK and not _AT_WORK[0].done():
        yield _AT_WORK[0]
    outcome: Future[T] = Future()
    outcome.set_running_or_notify_cancel()
    _AT_WORK[:] = [outcome]
    Thread(target=_do, args=(work, outcome), daemon=True).start()
    while not outcome.done():
        yield outcome
    return outcome.result()


def _do(work: Callable[[], T], outcome: "Future[T]") -> None:
    try:
        outcome.set_result(work())
    except BaseException as error:  # raised where it is waited for
        outcome.set_exception(error)

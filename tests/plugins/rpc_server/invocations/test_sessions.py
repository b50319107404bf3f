"""How long sessions live, and what becomes of their iterators."""

from typing import Final

import pytest

from rpcnode.execution.iterators import StorageIterator
from rpcnode.plugins.rpc_server.sessions import Sessions
from rpcnode.primitives.errors import UnknownIterator, UnknownSession

LIFETIME: Final = 10


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(LIFETIME, clock)


def an_iterator() -> StorageIterator:
    return StorageIterator(iter(()), 0, 0)


def test_an_iterator_is_found_by_both_ids(sessions: Sessions) -> None:
    iterator = an_iterator()
    sessions.add("a", {"1": iterator})
    assert sessions.iterator("a", "1") is iterator
    with pytest.raises(UnknownIterator):
        sessions.iterator("a", "2")
    with pytest.raises(UnknownSession):
        sessions.iterator("b", "1")


@pytest.mark.parametrize(
    ("made_at", "asked_at", "is_there"),
    [
        # The timer strikes at 10, 20, 30 and ends what was not used for 10 seconds by then.
        (0.0, 9.9, True),
        (0.0, 10.0, False),
        (0.1, 19.9, True),
        (0.1, 20.0, False),
        (9.0, 19.9, True),
        (9.0, 20.0, False),
        (0.1, 500.0, False),
    ],
)
def test_a_session_ends_at_a_strike_of_the_timer(
    sessions: Sessions, clock: Clock, made_at: float, asked_at: float, is_there: bool
) -> None:
    clock.now += made_at
    sessions.add("a", {"1": an_iterator()})
    clock.now += asked_at - made_at
    assert len(sessions) == is_there


def test_each_use_starts_its_time_anew(sessions: Sessions, clock: Clock) -> None:
    sessions.add("a", {"1": an_iterator()})
    for _ in range(5):
        clock.now += 9
        sessions.iterator("a", "1")
    clock.now += 20
    with pytest.raises(UnknownSession):
        sessions.iterator("a", "1")


def test_a_session_that_is_ended_is_gone(sessions: Sessions) -> None:
    sessions.add("a", {"1": an_iterator()})
    assert sessions.end("a") is True
    assert sessions.end("a") is False
    with pytest.raises(UnknownSession):
        sessions.iterator("a", "1")

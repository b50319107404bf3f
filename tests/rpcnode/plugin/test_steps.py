"""Work that is short is answered at once; what takes longer is begun, and goes on in steps."""

from collections.abc import Generator
from weakref import WeakSet

import pytest

from rpcnode.plugin.steps import FIRST_TURN, Steps, answer_of_steps
from rpcnode.primitives.json import result_of


class Clock:
    """Seconds that pass only where a test says so: how busy the machine is does not count."""

    now = 0.0


@pytest.fixture(autouse=True)
def nothing_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rpcnode.plugin.steps._UNDER_WAY", WeakSet())
    monkeypatch.setattr("rpcnode.plugin.steps.perf_counter", lambda: Clock.now)


def pieces(*seconds: float) -> Steps[int]:
    """Works for so long before each stop; ends with the number of stops."""
    for each in seconds:
        Clock.now += each + 1e-6  # no work is done in no time
        yield None
    return len(seconds)


def test_what_ends_in_its_first_turn_is_an_answer() -> None:
    assert answer_of_steps(pieces(0, 0)) == 2


def test_what_does_not_is_steps_that_go_on_where_they_were() -> None:
    begun = answer_of_steps(pieces(2 * FIRST_TURN, 0, 0))
    assert isinstance(begun, Generator)
    assert [*zip(begun, "ab", strict=True)] == [(None, "a"), (None, "b")]


def test_others_have_one_piece_while_steps_are_under_way() -> None:
    begun = answer_of_steps(pieces(2 * FIRST_TURN, 0))
    other = answer_of_steps(pieces(0))
    assert isinstance(other, Generator)
    assert (result_of(other), result_of(begun)) == (1, 2)


def test_what_was_closed_is_not_under_way() -> None:
    begun = answer_of_steps(pieces(2 * FIRST_TURN, 0))
    assert isinstance(begun, Generator)
    begun.close()
    assert answer_of_steps(pieces(0)) == 1


def test_what_goes_wrong_is_raised_where_it_does() -> None:
    def wrong() -> Steps[int]:
        yield None
        raise ValueError("later")

    with pytest.raises(ValueError, match="later"):
        answer_of_steps(wrong())

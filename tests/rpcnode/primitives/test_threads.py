"""Work in another thread: nobody else waits for it, and one such work is done at a time."""

import threading
from collections.abc import Callable

import pytest

from rpcnode.primitives.json import result_of
from rpcnode.primitives.threads import in_thread


def test_the_steps_end_with_what_the_work_returns_and_it_ran_elsewhere() -> None:
    assert result_of(in_thread(threading.get_ident)) != threading.get_ident()


def test_what_the_work_raises_the_steps_raise() -> None:
    def wrong() -> int:
        raise ValueError("no key")

    with pytest.raises(ValueError, match="no key"):
        result_of(in_thread(wrong))


def held(by: threading.Event, names: list[str], name: str) -> Callable[[], str]:
    def work() -> str:
        names.append(name)
        by.wait()
        return name

    return work


def test_the_steps_stop_at_once_and_the_second_work_begins_when_the_first_is_done() -> None:
    begun: list[str] = []
    gates = threading.Event(), threading.Event()
    first, second = (in_thread(held(gate, begun, name)) for gate, name in zip(gates, "ab", strict=True))
    waited_for = next(first)
    assert waited_for is next(second)
    assert begun == ["a"]
    gates[0].set()
    assert result_of(first) == "a"
    gates[1].set()
    assert result_of(second) == "b"
    assert begun == ["a", "b"]


def test_work_that_nobody_waits_for_any_more_does_not_hold_up_the_next() -> None:
    gate = threading.Event()
    given_up = in_thread(held(gate, [], "a"))
    next(given_up)
    given_up.close()
    gate.set()
    assert result_of(in_thread(lambda: "b")) == "b"

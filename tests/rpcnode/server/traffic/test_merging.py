"""What several processes have seen of one node's calls, put together."""

from typing import Any

import pytest

from rpcnode.primitives.json import Json
from rpcnode.server.traffic import journal as journal_module
from rpcnode.server.traffic.journal import Journal, Source
from rpcnode.server.traffic.meter import OTHER, UNKNOWN, CallMeter


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time at which calls end: its one element."""
    now = [0.0]
    monkeypatch.setattr(journal_module, "perf_counter", lambda: now[0])
    return now


def read(source: Source) -> Json:
    return {"method": str(source), "params": []}


def note(journal: Journal, clock: list[float], ended: float, size: int = 0) -> None:
    """A call that ends then, and whose answer says so."""
    clock[0] = ended
    journal.add("asked", read, f"at {ended:g}", ended, size)


def told(journal: Journal, since: int = 0) -> list[tuple[int, Any]]:
    return [(entry.sequence, entry.answer) for entry in journal.since(since)]


def test_rows_of_another_journal_come_in_by_their_time(clock: list[float]) -> None:
    ours, theirs = Journal(lambda: 7), Journal(lambda: 7)
    for ended in (1, 4, 6):
        note(ours, clock, ended)
    for ended in (2, 3, 5, 8):
        note(theirs, clock, ended)
    ours.merge(*theirs.take(), read)
    assert [answer for _, answer in told(ours)] == [f"at {ended}" for ended in (1, 2, 3, 4, 5, 6, 8)]
    assert {entry.method for entry in ours.since()} == {"asked"}
    assert len(theirs) == theirs.last_sequence == 0 and theirs.take() == (0, [])


def test_rows_that_were_read_keep_their_numbers(clock: list[float]) -> None:
    ours, theirs = Journal(lambda: 7), Journal(lambda: 7)
    note(theirs, clock, 1)
    note(ours, clock, 2)
    assert told(ours) == [(1, "at 2")]
    note(ours, clock, 3)
    ours.merge(*theirs.take(), read)
    assert told(ours) == [(1, "at 2"), (2, "at 1"), (3, "at 3")]


def test_what_the_other_has_forgotten_counts_and_nothing_older_is_kept(clock: list[float]) -> None:
    ours, theirs = Journal(lambda: 7), Journal(lambda: 7, most_entries=2)
    for ended in (1, 2, 9):
        note(ours, clock, ended)
    for ended in (3, 4, 5, 6):
        note(theirs, clock, ended)
    ours.merge(*theirs.take(), read)
    assert told(ours) == [(5, "at 5"), (6, "at 6"), (7, "at 9")]
    assert ours.forgotten_since(0) == 4


def test_a_journal_stays_within_its_bounds_when_another_comes_in(clock: list[float]) -> None:
    ours = Journal(lambda: 7, most_entries=5, most_bytes=4_000)
    for turn in range(20):
        theirs = Journal(lambda: 7)
        for number in range(3):
            note(theirs, clock, turn * 3 + number, size=400)
        ours.merge(*theirs.take(), read)
        assert len(ours) <= 5 and ours.size <= 4_000
    assert ours.last_sequence == 60 and told(ours)[-1] == (60, "at 59")


def test_a_rest_request_stays_one(clock: list[float]) -> None:
    ours, theirs = Journal(lambda: 7), Journal(lambda: 7)
    theirs.add("/v1/path", None, b"{}", 0.0, 10)
    ours.merge(*theirs.take(), read)
    (entry,) = ours.since()
    assert (entry.target, entry.method) == ("/v1/path", None)


def test_meters_add_up() -> None:
    ours, theirs, both = CallMeter(("a", "b")), CallMeter(("a", "b")), CallMeter(("a", "b"))
    for meter, calls in ((ours, [("a", 0.002), ("c", 1.0)]), (theirs, [("a", 0.2), ("b", 20.0), ("a", 0.002)])):
        for name, seconds in calls:
            meter.count(name, seconds)
            both.count(name, seconds)
    for meter, codes in ((ours, [-32601, -1]), (theirs, [-1, "x"])):
        for code in codes:
            meter.count_error(code)
            both.count_error(code)
    ours.merge(*theirs.take())
    assert ours.errors == both.errors == {-32601: 1, -1: 2, OTHER: 1}
    assert ours.calls.keys() == both.calls.keys() == {"a", "b", UNKNOWN}
    for name, times in both.calls.items():
        assert ours.calls[name].classes == times.classes
        assert ours.calls[name].seconds == pytest.approx(times.seconds)
    assert not theirs.calls and not theirs.errors

"""Tests of execution/overlay.py."""

from rpcnode.execution.overlay import Overlay
from tests.rpcnode.models.dict_storage import DictStorage


def _over(**entries: bytes) -> tuple[DictStorage, Overlay]:
    below = DictStorage()
    for key, value in entries.items():
        below.put(1, key.encode(), value)
    return below, Overlay(below)


def test_writes_are_read_back_and_change_nothing_below_until_they_are_committed() -> None:
    below, overlay = _over(a=b"old", b=b"gone")
    overlay.put(1, b"a", b"new")
    overlay.delete(1, b"b")
    assert (overlay.get(1, b"a"), overlay.get(1, b"b")) == (b"new", None)
    assert (below.get(1, b"a"), below.get(1, b"b")) == (b"old", b"gone")
    overlay.commit()
    assert below.entries == {(1, b"a"): b"new"}


def test_a_search_sees_writes_and_deletions_in_the_order_of_keys() -> None:
    _, overlay = _over(pb=b"1", pc=b"2", q=b"3")
    overlay.put(1, b"pa", b"0")
    overlay.delete(1, b"pc")
    overlay.put(2, b"pd", b"other contract")
    assert list(overlay.find(1, b"p")) == [(b"pa", b"0"), (b"pb", b"1")]


def test_going_back_to_a_mark_restores_what_was_written_before_it_and_no_more() -> None:
    _, overlay = _over(a=b"below")
    overlay.put(1, b"a", b"first")
    mark = overlay.mark()
    overlay.put(1, b"a", b"second")
    overlay.put(1, b"b", b"third")
    overlay.delete(1, b"a")
    overlay.revert_to(mark)
    assert (overlay.get(1, b"a"), overlay.get(1, b"b")) == (b"first", None)


def test_what_is_taken_is_not_committed() -> None:
    below, overlay = _over()
    overlay.put(-5, b"a", b"x")
    overlay.put(1, b"a", b"y")
    overlay.delete(-5, b"b")
    assert overlay.take(-5) == {b"a": b"x"}
    overlay.commit()
    assert below.entries == {(1, b"a"): b"y"}

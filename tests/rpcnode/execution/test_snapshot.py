"""Layers of storage: what is read, what is committed, and what searches show of later writes."""

from collections.abc import Iterator

import pytest

from rpcnode.execution.snapshot import Cell, Snapshot
from tests.oracles.world import Rows

ID = 5


@pytest.fixture
def snapshot() -> Snapshot:
    """A layer over the rows a to d, whose values are their keys."""
    return Snapshot(Rows({(ID, key): key for key in (b"a", b"b", b"c", b"d")}))


def keys_of(rows: Iterator[tuple[bytes, Cell]]) -> bytes:
    """The keys of the rows that are left, each a byte."""
    return b"".join(key for key, _ in rows)


def test_writes_are_read_in_their_layer_and_below_once_committed(snapshot: Snapshot) -> None:
    layer = snapshot.child()
    layer.put(ID, b"a", b"new")
    layer.delete(ID, b"b")
    assert [layer.get(ID, key) for key in (b"a", b"b", b"c")] == [b"new", None, b"c"]
    assert [snapshot.get(ID, key) for key in (b"a", b"b", b"c")] == [b"a", b"b", b"c"]
    layer.commit()
    assert [snapshot.get(ID, key) for key in (b"a", b"b", b"c")] == [b"new", None, b"c"]
    assert snapshot.changes() == {(ID, b"a"): b"new", (ID, b"b"): None}


def test_a_row_that_was_put_and_deleted_again_is_no_change(snapshot: Snapshot) -> None:
    snapshot.put(ID, b"x", b"1")
    snapshot.delete(ID, b"x")
    snapshot.delete(ID, b"y")
    assert snapshot.changes() == {}


def test_a_row_that_was_looked_for_in_vain_is_found_once_it_is_there(snapshot: Snapshot) -> None:
    layer = snapshot.child()
    assert layer.get(ID, b"e") is None
    snapshot.put(ID, b"e", b"e")
    assert keys_of(layer.cells(ID, b"")) == b"abcde"


@pytest.mark.parametrize(("backwards", "keys"), [(False, b"abcde"), (True, b"edcba")])
def test_a_search_goes_through_all_layers_in_the_order_of_the_keys(
    snapshot: Snapshot, backwards: bool, keys: bytes
) -> None:
    layer = snapshot.child().child()
    layer.put(ID, b"e", b"")
    layer.put(ID + 1, b"f", b"")
    assert keys_of(layer.cells(ID, b"", backwards)) == keys


def test_a_search_begins_at_its_first_row(snapshot: Snapshot) -> None:
    rows = snapshot.cells(ID, b"")
    snapshot.put(ID, b"0", b"")
    snapshot.delete(ID, b"b")
    assert keys_of(rows) == b"0acd"


def test_rows_put_after_the_first_are_not_seen_and_deleted_ones_are(snapshot: Snapshot) -> None:
    rows = snapshot.cells(ID, b"")
    assert next(rows)[0] == b"a"
    snapshot.put(ID, b"bb", b"")
    snapshot.delete(ID, b"c")
    assert keys_of(rows) == b"bcd"


def test_a_row_shows_later_values_if_its_layer_knew_it_before_the_search(snapshot: Snapshot) -> None:
    snapshot.get(ID, b"b")
    rows = snapshot.cells(ID, b"")
    next(rows)
    snapshot.put(ID, b"b", b"new")
    snapshot.put(ID, b"c", b"new")
    assert [cell.value for _, cell in rows] == [b"new", b"c", b"d"]


def test_a_row_that_was_deleted_and_put_again_shows_its_value_of_before(snapshot: Snapshot) -> None:
    snapshot.get(ID, b"b")
    rows = snapshot.cells(ID, b"b")
    _, cell = next(rows)
    snapshot.delete(ID, b"b")
    snapshot.put(ID, b"b", b"new")
    assert (cell.value, snapshot.get(ID, b"b")) == (b"b", b"new")


def test_a_layer_that_is_done_still_shows_what_it_knew(snapshot: Snapshot) -> None:
    layer = snapshot.child()
    layer.put(ID, b"b", b"1")
    layer.delete(ID, b"c")
    layer.commit()
    snapshot.put(ID, b"b", b"2")
    snapshot.put(ID, b"c", b"2")
    assert [cell.value for _, cell in layer.cells(ID, b"")] == [b"a", b"1", b"2", b"d"]


def test_hundreds_of_layers_are_searched_and_read(snapshot: Snapshot) -> None:
    layer = snapshot
    for index in range(1100):
        layer = layer.child()
        layer.put(ID, index.to_bytes(2, "big"), b"")
    assert len(list(layer.cells(ID, b""))) == 1100 + 4
    assert len(list(layer.find(ID, b"", True))) == 1100 + 4
    assert layer.get(ID, b"a") == b"a"


def test_what_is_changed_after_a_row_has_left_takes_its_place(snapshot: Snapshot) -> None:
    # .NET's HashSet, in which neo keeps them, fills the place that was left last first.
    for key in (b"1", b"2", b"3", b"4"):
        snapshot.put(ID, key, key)
    snapshot.delete(ID, b"2")
    snapshot.delete(ID, b"3")
    snapshot.put(ID, b"a", b"")
    assert [key for (_, key), _ in snapshot.tracked()] == [b"1", b"a", b"4"]
    snapshot.put(ID, b"b", b"")
    snapshot.delete(ID, b"c")
    assert [key for (_, key), _ in snapshot.tracked()] == [b"1", b"b", b"a", b"4", b"c"]
    assert list(snapshot.changes()) == [(ID, key) for key in (b"1", b"b", b"a", b"4", b"c")]

"""The table of what may be asked again."""

from rpcnode.primitives.kept_table import KeptTable


def test_what_is_kept_is_found_until_all_is_forgotten() -> None:
    table: KeptTable[str, int] = KeptTable(1000)
    table.keep("a", 1, 10)
    assert (table.get("a"), table.get("b"), len(table)) == (1, None, 1)
    table.clear()
    assert (table.get("a"), len(table)) == (None, 0)


def test_never_more_than_the_bound_is_kept_and_what_was_asked_for_lately_stays() -> None:
    table: KeptTable[int, int] = KeptTable(1000)
    for number in range(500):
        table.keep(number, number, 10)
        assert table.get(0) == 0
        assert len(table) <= 100
    assert table.get(1) is None
    assert table.get(499) == 499


def test_what_takes_more_than_a_quarter_is_not_kept() -> None:
    table: KeptTable[str, int] = KeptTable(1000)
    table.keep("fits", 1, 250)
    table.keep("does not", 2, 251)
    assert (table.get("fits"), table.get("does not")) == (1, None)


def test_a_table_without_room_keeps_nothing() -> None:
    table: KeptTable[str, int] = KeptTable(0)
    table.keep("a", 1, 1)
    assert table.get("a") is None

"""What blocks do to rows is undone, whatever they do."""

from contextlib import closing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rpcnode.chain.db.migrations import Migration, Migrations
from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import Store
from rpcnode.plugin import row_journal
from rpcnode.plugin.row_journal import RowJournal
from tests import part_of

TABLES = Migrations(
    "Test",
    (
        Migration(
            "m001",
            (
                "CREATE TABLE keyed (a BLOB NOT NULL, b TEXT NOT NULL, value, PRIMARY KEY (a, b)) WITHOUT ROWID",
                'CREATE TABLE "rows of ""one"" value" (value)',
                "CREATE TABLE counted (a BLOB PRIMARY KEY, rows INTEGER NOT NULL) WITHOUT ROWID",
                """CREATE TRIGGER keyed_appears AFTER INSERT ON keyed BEGIN
                    INSERT INTO counted VALUES (new.a, 1) ON CONFLICT DO UPDATE SET rows = rows + 1;
                END""",
                """CREATE TRIGGER keyed_goes AFTER DELETE ON keyed BEGIN
                    UPDATE counted SET rows = rows - 1 WHERE a = old.a;
                END""",
            ),
        ),
    ),
)

values = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.binary(max_size=4),
    st.text(st.characters(codec="utf-8"), max_size=4),
)
keys = st.tuples(st.binary(max_size=1), st.sampled_from(["", "x", "it's", '"']))
statements = st.one_of(
    st.tuples(st.just("INSERT OR REPLACE INTO keyed VALUES (?, ?, ?)"), st.tuples(keys, values)),
    st.tuples(
        st.just("INSERT INTO keyed VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"),
        st.tuples(keys, values),
    ),
    st.tuples(st.just("UPDATE OR REPLACE keyed SET a = ?, b = ? WHERE value IS ?"), st.tuples(keys, values)),
    st.tuples(st.just("DELETE FROM keyed WHERE a = ? AND b = ? OR value = ?"), st.tuples(keys, values)),
    st.tuples(
        st.just('INSERT INTO "rows of ""one"" value" SELECT column3 FROM (VALUES (?, ?, ?)) WHERE column1 <> column2'),
        st.tuples(keys, values),
    ),
    st.tuples(st.just('DELETE FROM "rows of ""one"" value" WHERE ? <> ? AND value <> ?'), st.tuples(keys, values)),
)
blocks = st.lists(st.lists(statements, max_size=5), min_size=1, max_size=6)

Statements = list[tuple[str, tuple[tuple[bytes, str], Any]]]


def rows_of(store: Store) -> list[list[tuple[Any, ...]]]:
    tables = ("keyed", '"rows of ""one"" value"', "counted")
    return [sorted(store.connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in tables]


def write(store: Store, journal: RowJournal, index: int, done: Statements) -> None:
    with store.transaction():
        journal.begin(index, index - 1)
        for statement, (key, value) in done:
            store.connection.execute(statement, (*key, value))
        journal.end()


@settings(deadline=None, max_examples=part_of(100))
@given(blocks, st.data())
def test_rows_are_what_they_were_before_the_blocks_that_are_taken_back(
    done: list[Statements], data: st.DataObject
) -> None:
    with closing(Store.in_memory([CHAIN_MIGRATIONS, TABLES])) as store:
        journal = RowJournal(store.connection)
        # Rows of before the first note.
        store.connection.execute("INSERT INTO keyed VALUES (x'00', 'x', 1.5)")
        states = [rows_of(store)]
        for index, statements_of_block in enumerate(done, start=1):
            write(store, journal, index, statements_of_block)
            states.append(rows_of(store))
        schema = store.connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        height = len(done)
        while height:
            height = data.draw(st.integers(0, height - 1))
            with store.transaction():
                assert journal.take_back(height)
            assert rows_of(store) == states[height]
            if data.draw(st.booleans()):
                write(store, journal, height + 1, done[height])
                assert rows_of(store) == states[height + 1]
                height += 1
                with store.transaction():
                    assert journal.take_back(height - 1)
                height -= 1
                assert rows_of(store) == states[height]
        assert store.connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall() == schema


def insert(number: int) -> Statements:
    return [("INSERT INTO keyed VALUES (?, ?, ?)", ((bytes((number,)), "x"), number))]


@pytest.fixture(name="store")
def store_fixture() -> Any:
    with closing(Store.in_memory([CHAIN_MIGRATIONS, TABLES])) as store:
        yield store


def test_what_was_not_noted_is_not_taken_back(store: Store) -> None:
    journal = RowJournal(store.connection)
    assert not journal.take_back(0)
    write(store, journal, 5, insert(5))
    write(store, journal, 6, insert(6))
    rows = rows_of(store)
    assert not journal.take_back(3)
    assert rows_of(store) == rows
    assert journal.take_back(4)
    assert rows_of(store)[0] == []


def test_a_block_that_is_rolled_back_leaves_no_note(store: Store) -> None:
    journal = RowJournal(store.connection)
    for index in (1, 2):
        with pytest.raises(ZeroDivisionError), store.transaction():
            journal.begin(index, index - 1)
            store.connection.execute("INSERT INTO keyed VALUES (x'ff', 'x', 1)")
            raise ZeroDivisionError
        write(store, journal, index, insert(index))
    assert journal.take_back(0)
    assert rows_of(store)[0] == []


def test_after_forgetting_only_newer_blocks_are_taken_back(store: Store) -> None:
    journal = RowJournal(store.connection)
    write(store, journal, 1, insert(1))
    journal.forget(1)
    write(store, journal, 2, insert(2))
    assert not journal.take_back(0)
    assert journal.take_back(1)
    assert [row[2] for row in rows_of(store)[0]] == [1]


def test_the_oldest_notes_make_room_for_new_ones(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_journal, "MOST_ROWS", 20)
    journal = RowJournal(store.connection)
    for index in range(1, 49):
        write(store, journal, index, insert(index))
    (count,) = store.connection.execute("SELECT count(*) FROM row_journal").fetchone()
    # two a block: the row, and the count that a trigger keeps
    assert count == 20
    assert not journal.take_back(37)
    assert journal.take_back(38)
    assert len(rows_of(store)[0]) == 38


def test_notes_are_no_part_of_an_image(store: Store) -> None:
    before = len(store.image())
    journal = RowJournal(store.connection)
    write(store, journal, 1, [])
    with closing(Store.from_image(store.image())) as copied:
        assert copied.connection.execute("SELECT name FROM sqlite_master WHERE name GLOB 'row_*'").fetchall() == []
    assert len(store.image()) == before

"""The store: transactions, schema steps in memory and in files, and files that cannot be used."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rpcnode.chain.db.migrations import MIGRATIONS_TABLE, Migration, Migrations
from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import APPLICATION_ID, Store, file_errors
from rpcnode.plugin.discovery import discover
from rpcnode.primitives.errors import NodeError

TABLE = Migration("m001_things", ("CREATE TABLE things (name TEXT PRIMARY KEY) WITHOUT ROWID",))
INDEXED = Migration(
    "m002_sizes", ("ALTER TABLE things ADD COLUMN size INTEGER", "CREATE INDEX by_size ON things (size)")
)
FIRST = Migrations("Things", (TABLE,))
SECOND = Migrations("Things", (TABLE, INDEXED))
HOLD_THE_FILE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def every_step() -> list[Migrations]:
    """The steps of the chain and of every built-in plugin."""
    return [CHAIN_MIGRATIONS, *(kind.migrations for kind in discover(()) if kind.migrations is not None)]


def names(store: Store) -> list[str]:
    return [name for (name,) in store.connection.execute("SELECT name FROM things ORDER BY name")]


def schema(store: Store) -> list[tuple[str, str, str, str]]:
    """Everything that the database was told to have; SQLite keeps the words."""
    return store.connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    ).fetchall()


def add(store: Store, name: str) -> None:
    store.connection.execute("INSERT INTO things (name) VALUES (?)", (name,))


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store.in_memory([CHAIN_MIGRATIONS, FIRST])) as store:
        yield store


# Transactions


def test_what_a_transaction_wrote_stands_after_it(store: Store) -> None:
    with store.transaction():
        add(store, "one")
    assert names(store) == ["one"]
    assert not store.connection.in_transaction


def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():
        add(store, "one")
        raise ZeroDivisionError
    assert names(store) == []
    assert not store.connection.in_transaction


def test_a_transaction_that_is_interrupted_leaves_nothing(store: Store) -> None:
    with pytest.raises(KeyboardInterrupt), store.transaction():
        add(store, "one")
        raise KeyboardInterrupt
    assert names(store) == []


def test_a_transaction_inside_another_is_refused_and_harms_neither(store: Store) -> None:
    with store.transaction():
        add(store, "one")
        with pytest.raises(sqlite3.OperationalError, match="within a transaction"), store.transaction():
            pytest.fail("it must not begin")
        add(store, "two")
    assert names(store) == ["one", "two"]


def test_a_savepoint_that_raises_undoes_its_own_part_only(store: Store) -> None:
    with store.transaction():
        add(store, "before")
        with pytest.raises(ZeroDivisionError), store.savepoint():
            add(store, "inside")
            raise ZeroDivisionError
        with store.savepoint():
            add(store, "after")
    assert names(store) == ["after", "before"]


def test_savepoints_nest(store: Store) -> None:
    with store.transaction(), store.savepoint():
        add(store, "outer")
        with pytest.raises(ZeroDivisionError), store.savepoint():
            add(store, "inner")
            raise ZeroDivisionError
    assert names(store) == ["outer"]


def test_the_cause_shows_when_sqlite_has_rolled_back_by_itself(store: Store) -> None:
    # RAISE(ROLLBACK) ends the transaction under our feet, as a full disk does.
    store.connection.execute("CREATE TRIGGER full BEFORE INSERT ON things BEGIN SELECT RAISE(ROLLBACK, 'full'); END")
    with pytest.raises(sqlite3.IntegrityError, match="full"), store.transaction(), store.savepoint():
        add(store, "one")
    assert not store.connection.in_transaction


def test_a_meta_value_is_part_of_the_open_transaction(store: Store) -> None:
    store.set_meta("height", "1")
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.set_meta("height", "2")
        raise ZeroDivisionError
    assert (store.meta("height"), store.meta("absent")) == ("1", None)


# Images


def test_a_store_made_from_an_image_has_its_rows_and_can_be_written_to(store: Store) -> None:
    add(store, "one")
    with closing(Store.from_image(store.image())) as copy:
        with copy.transaction():
            add(copy, "two")
        assert names(copy) == ["one", "two"]
    assert names(store) == ["one"]


# Schema steps


def test_a_file_and_a_chain_in_memory_have_the_same_schema(tmp_path: Path) -> None:
    with (
        closing(Store.in_memory(every_step())) as memory,
        closing(Store.in_file(tmp_path / "chain.db", every_step())) as file,
    ):
        assert schema(file) == schema(memory)
        assert len(schema(memory)) > 10


@pytest.mark.parametrize("is_in_memory", [True, False], ids=["in memory", "in a file"])
def test_sqlite_utils_finds_nothing_left_to_do(tmp_path: Path, is_in_memory: bool) -> None:
    import sqlite_utils

    path = tmp_path / "chain.db"
    with closing(Store.in_memory(every_step()) if is_in_memory else Store.in_file(path, every_step())) as store:
        database = sqlite_utils.Database(store.connection, execute_plugins=False)
        for owned in every_step():
            steps = sqlite_utils.Migrations(owned.owner)
            for step in owned.steps:
                steps(name=step.name)(lambda database: pytest.fail("nothing is left to run"))
            assert [step.name for step in steps.applied(database)] == [step.name for step in owned.steps]
            steps.apply(database)


def test_a_file_of_an_older_program_is_brought_up_and_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "chain.db"
    with closing(Store.in_file(path, [CHAIN_MIGRATIONS, FIRST])) as old:
        add(old, "one")
    with closing(Store.in_file(path, [CHAIN_MIGRATIONS, SECOND])) as new:
        assert new.connection.execute("SELECT name, size FROM things").fetchall() == [("one", None)]
        assert {name: sql for _, name, _, sql in schema(new)}["by_size"] == INDEXED.statements[1]


def test_a_file_gets_the_tables_of_a_plugin_that_is_added_later(tmp_path: Path) -> None:
    path = tmp_path / "chain.db"
    Store.in_file(path, [CHAIN_MIGRATIONS]).close()
    with closing(Store.in_file(path, [CHAIN_MIGRATIONS, FIRST])) as later:
        assert names(later) == []


def test_a_file_keeps_the_tables_of_a_plugin_that_is_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "chain.db"
    with closing(Store.in_file(path, [CHAIN_MIGRATIONS, FIRST])) as first:
        add(first, "one")
    Store.in_file(path, [CHAIN_MIGRATIONS]).close()
    with closing(Store.in_file(path, [CHAIN_MIGRATIONS, FIRST])) as again:
        assert names(again) == ["one"]


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "chain.db"
    Store.in_file(path, [CHAIN_MIGRATIONS, FIRST]).close()
    broken = Migration("m002_sizes", (*INDEXED.statements, "CREATE TABLE things (name TEXT)"))
    with pytest.raises(NodeError, match=r"chain\.db: .* table things already exists"):
        Store.in_file(path, [CHAIN_MIGRATIONS, Migrations("Things", (TABLE, broken))])
    with closing(Store.in_file(path, [CHAIN_MIGRATIONS, SECOND])) as mended:
        assert mended.connection.execute("SELECT name, size FROM things").fetchall() == []


# Files that are ours


def test_a_file_keeps_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "chain.db"
    with closing(Store.in_file(path, [CHAIN_MIGRATIONS, FIRST])) as store:
        assert store.is_new
        with store.transaction():
            add(store, "one")
    with closing(Store.in_file(path, [CHAIN_MIGRATIONS, FIRST])) as again:
        assert names(again) == ["one"]
        assert not again.is_new


def make_no_file(path: Path) -> None:
    """Nothing was made yet."""


def make_empty_file(path: Path) -> None:
    path.touch()


def make_file_without_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def make_file_with_migrations_table(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for statement in MIGRATIONS_TABLE:
            connection.execute(statement)


def make_file_of_the_chain_alone(path: Path) -> None:
    Store.in_file(path, [CHAIN_MIGRATIONS]).close()


@pytest.mark.parametrize(
    "make",
    [
        make_no_file,
        make_empty_file,
        make_file_without_tables,
        make_file_with_migrations_table,
        make_file_of_the_chain_alone,
    ],
)
def test_a_file_whose_making_was_cut_off_is_made_whole(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "chain.db"
    make(path)
    with (
        closing(Store.in_file(path, [CHAIN_MIGRATIONS, FIRST])) as file,
        closing(Store.in_memory([CHAIN_MIGRATIONS, FIRST])) as memory,
    ):
        assert schema(file) == schema(memory)


def test_discarding_a_store_removes_its_file(tmp_path: Path) -> None:
    store = Store.in_file(tmp_path / "chain.db", [CHAIN_MIGRATIONS, FIRST])
    add(store, "one")
    store.discard()
    assert list(tmp_path.iterdir()) == []


# Files that cannot be used


def make_folder(path: Path) -> None:
    path.mkdir()


def make_text(path: Path) -> None:
    path.write_text("node: {height: 7}\n" * 100)


def make_database_of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")


def make_damaged_file(path: Path) -> None:
    with closing(Store.in_file(path, every_step())) as store, store.transaction():
        store.connection.executemany(
            "INSERT INTO chain_meta (key, value) VALUES (?, ?)", [(str(number), "x" * 100) for number in range(1000)]
        )
    content = bytearray(path.read_bytes())
    half = len(content) // 2
    content[half:] = b"\xa5" * (len(content) - half)
    path.write_bytes(content)


def make_truncated_file(path: Path) -> None:
    Store.in_file(path, every_step()).close()
    path.write_bytes(path.read_bytes()[:6000])


def make_file_of_a_newer_program(path: Path) -> None:
    Store.in_file(path, [CHAIN_MIGRATIONS, SECOND]).close()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (make_folder, "chain.db: a folder; --db takes a file"),
        (make_text, "chain.db: not a database; give --db a file that does not exist yet"),
        (make_database_of_another_program, "chain.db: a database, but not one of rpcnode's; give --db"),
        (make_damaged_file, "chain.db: a damaged database; give --db a copy of it"),
        (make_truncated_file, "chain.db: a damaged database; give --db a copy of it"),
        (
            make_file_of_a_newer_program,
            "chain.db: made by a newer rpcnode, whose step m002_sizes of Things this one does not know",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_in_one_line_and_left_alone(
    tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    path = tmp_path / "chain.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(NodeError) as caught:
        Store.in_file(path, [CHAIN_MIGRATIONS, FIRST])
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_file_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match=r"there is no folder .*/absent$"):
        Store.in_file(tmp_path / "absent" / "chain.db", [CHAIN_MIGRATIONS])


def test_two_nodes_do_not_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "chain.db"
    with (
        closing(Store.in_file(path, [CHAIN_MIGRATIONS])),
        pytest.raises(NodeError, match=r"chain\.db: in use by another process"),
    ):
        Store.in_file(path, [CHAIN_MIGRATIONS])


@pytest.mark.parametrize("is_fresh", [True, False], ids=["fresh", "made before"])
def test_a_file_that_another_process_writes_to_is_refused(tmp_path: Path, is_fresh: bool) -> None:
    path = tmp_path / "chain.db"
    if not is_fresh:
        Store.in_file(path, [CHAIN_MIGRATIONS]).close()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_FILE, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(NodeError, match="in use by another process"):
            Store.in_file(path, [CHAIN_MIGRATIONS])
        holder.communicate()
    Store.in_file(path, [CHAIN_MIGRATIONS]).close()


def test_errors_that_are_not_the_files_fault_stay_loud(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), file_errors(Path("chain.db")):
        store.connection.execute("SELECT * FROM absent")


@pytest.mark.parametrize(
    ("profile", "missing", "told"),
    [
        ("n3", "m007_contract_end", "did not execute the blocks of N3; give --db a file that does not exist yet"),
        ("n3", "m009_packed_rows", "made by an earlier version; give --db a file that does not exist yet"),
        ("n2", "m009_packed_rows", "made by an earlier version; give --db a file that does not exist yet"),
    ],
)
def test_a_chain_of_an_earlier_version_is_refused_and_stays_as_it_is(
    profile: str, missing: str, told: str, tmp_path: Path
) -> None:
    file = tmp_path / "chain.db"
    with closing(Store.in_file(file, [CHAIN_MIGRATIONS])) as store:
        store.set_meta("profile", profile)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = ?", (missing,))
        connection.commit()
    before = file.read_bytes()
    with pytest.raises(NodeError, match=told):
        Store.in_file(file, [CHAIN_MIGRATIONS])
    assert file.read_bytes() == before

"""Images of a whole database: taken, put back, opened as another chain."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import APPLICATION_ID, Store


def new_store(place: str, folder: Path) -> Store:
    return (
        Store.in_memory([CHAIN_MIGRATIONS]) if place == "memory" else Store.in_file(folder / place, [CHAIN_MIGRATIONS])
    )


def metas(store: Store) -> list[tuple[str, str]]:
    return store.connection.execute("SELECT key, value FROM chain_meta ORDER BY key").fetchall()


@pytest.mark.parametrize("place", ["memory", "chain.db"])
def test_a_restored_store_is_what_it_was_and_can_be_written_to(place: str, tmp_path: Path) -> None:
    with closing(new_store(place, tmp_path)) as store:
        store.set_meta("kept", "1")
        image = store.image()
        for round_ in range(3):
            store.set_meta("kept", "2")
            store.set_meta("added", str(round_))
            store.restore(image)
            assert metas(store) == [("kept", "1")]
            with store.transaction():
                store.set_meta("written", "after")
            assert metas(store) == [("kept", "1"), ("written", "after")]


def test_a_file_that_was_restored_is_opened_again_as_it_was(tmp_path: Path) -> None:
    with closing(new_store("chain.db", tmp_path)) as store:
        store.set_meta("kept", "1")
        image = store.image()
        store.set_meta("kept", "2")
        store.restore(image)
        store.set_meta("written", "after")
    with closing(new_store("chain.db", tmp_path)) as store:
        assert metas(store) == [("kept", "1"), ("written", "after")]
        assert store.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("origin", ["memory", "origin.db"])
@pytest.mark.parametrize("place", ["memory", "chain.db"])
def test_an_image_goes_into_any_store(origin: str, place: str, tmp_path: Path) -> None:
    with closing(new_store(origin, tmp_path)) as one, closing(new_store(place, tmp_path)) as other:
        one.set_meta("of", "one")
        other.set_meta("of", "other")
        other.restore(one.image())
        other.set_meta("written", "after")
        assert metas(other) == [("of", "one"), ("written", "after")]
        assert metas(one) == [("of", "one")]
        # Otherwise the file would be refused when it is opened again.
        assert other.connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_a_chain_in_memory_made_from_the_image_of_a_file_can_be_written_to(tmp_path: Path) -> None:
    with closing(new_store("chain.db", tmp_path)) as store:
        store.set_meta("kept", "1")
        with closing(Store.from_image(store.image())) as copy:
            copy.set_meta("written", "after")
            assert metas(copy) == [("kept", "1"), ("written", "after")]
        assert metas(store) == [("kept", "1")]


@pytest.mark.parametrize("place", ["memory", "chain.db"])
def test_a_store_whose_rows_are_being_read_is_not_restored(place: str, tmp_path: Path) -> None:
    with closing(new_store(place, tmp_path)) as store:
        image = store.image()
        store.connection.executemany("INSERT INTO chain_meta VALUES (?, '')", [(str(number),) for number in range(9)])
        rows = store.connection.execute("SELECT key FROM chain_meta")
        assert rows.fetchone() == ("0",)
        with pytest.raises(sqlite3.OperationalError, match="in use"):
            store.restore(image)
        assert len(rows.fetchall()) == 8


@pytest.mark.parametrize("place", ["memory", "chain.db"])
def test_what_is_no_image_leaves_the_store_as_it_was(place: str, tmp_path: Path) -> None:
    with closing(new_store(place, tmp_path)) as store:
        store.set_meta("kept", "1")
        with pytest.raises(sqlite3.DatabaseError):
            store.restore(b"no image" * 1024)
        assert metas(store) == [("kept", "1")]
        store.set_meta("written", "after")

"""Names of database files that mean something else to SQLite."""

from contextlib import closing
from pathlib import Path

import pytest

from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import Store
from rpcnode.primitives.errors import NodeError


def test_sqlites_name_for_a_database_in_memory_is_refused_and_makes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NodeError, match=r"^:memory:: SQLite's name for no file; leave --db out for a chain in memory$"):
        Store.in_file(Path(":memory:"), [CHAIN_MIGRATIONS])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["file:chain.db", "file::memory:"])
def test_a_name_that_sqlite_takes_for_something_else_is_a_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(Store.in_file(Path(name), [CHAIN_MIGRATIONS])) as store:
        store.set_meta("kind", "one")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with closing(Store.in_file(tmp_path / name, [CHAIN_MIGRATIONS])) as store:
        assert store.meta("kind") == "one"

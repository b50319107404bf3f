"""The packaged dev chain is the one that is executed, and a node that starts from it loads no engine."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from rpcnode.chain.db.store import Store
from rpcnode.commands.dev_chain_image import executed_image
from rpcnode.dev.accounts import accounts_of
from rpcnode.dev.dev_chain_image import PACKAGED, packaged_image
from rpcnode.dev.fixture.dev_chain import dev_chain
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.json import document_of
from tests import PROJECT

HEAVY = (
    "Crypto",
    "cryptography",
    "rpcnode.chain.persist",
    "rpcnode.execution.application_engine",
    "rpcnode.models.declared",
    "rpcnode.natives.registry",
    "rpcnode.vm.machine",
    "sqlite_utils",
)
STARTED = f"""
import sys
from rpcnode.node import Node
from rpcnode.options import NodeOptions
import rpcnode.endpoint
Node(NodeOptions()).methods["getblockcount"]([])
print(*(name for name in {HEAVY!r} if name in sys.modules))
"""
TESTED = f"""
import sys
from rpcnode.testing import in_process
with in_process() as node:
    node.call("getblockcount")
print(*(name for name in {HEAVY!r} if name in sys.modules))
"""


def tables_of(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """The rows of all tables."""
    tables = store.connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        f"{name}: {sql}": sorted(store.connection.execute(f"SELECT * FROM {name}"), key=repr) for name, sql in tables
    }


def rows_of_chain(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """The same, but for when which step has made the tables."""
    return {name: rows for name, rows in tables_of(store).items() if not name.startswith("_sqlite_migrations")}


def test_the_packaged_dev_chain_is_its_execution_from_genesis_in_every_table() -> None:
    """Where it is not, `python -m rpcnode.commands.dev_chain_image` makes the file again."""
    with closing(Node(NodeOptions())) as node, closing(Store.from_image(executed_image())) as executed:
        assert tables_of(node.store) == tables_of(executed)
        assert node.accounts == accounts_of(executed.connection, dev_chain(*PACKAGED).accounts)


@pytest.mark.parametrize("script", [STARTED, TESTED], ids=["a node", "in_process"])
def test_a_start_with_the_dev_chain_loads_neither_engine_nor_curves(script: str) -> None:
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert not done.stdout.split()


@pytest.mark.parametrize(
    ("profile", "seed", "accounts"), [("n2", "rpcnode", 10), ("n3", "other", 10), ("n3", "rpcnode", 9)]
)
def test_other_dev_chains_are_not_packaged(profile: str, seed: str, accounts: int) -> None:
    with closing(Node(NodeOptions())) as node:
        assert packaged_image(profile, seed, accounts, node.plugins.migrations) is None  # type: ignore[arg-type]


def test_with_other_tables_the_dev_chain_is_executed() -> None:
    with closing(Node(NodeOptions())) as node:
        migrations = node.plugins.migrations
        assert packaged_image(*PACKAGED, migrations) is not None
        assert packaged_image(*PACKAGED, migrations[:-1]) is None


def test_the_dev_chain_goes_on_where_it_came_from_an_image(tmp_path: Path) -> None:
    """Mining writes to it, in memory as in a file, where it is executed; both have the same blocks."""
    with (
        closing(Node(NodeOptions(dev=True))) as memory,
        closing(Node(NodeOptions(dev=True, db=tmp_path / "db"))) as file,
    ):
        for node in (memory, file):
            document_of(node.methods["dev_mine"]([2]))
        assert memory.methods["getbestblockhash"]([]) == file.methods["getbestblockhash"]([])
        assert rows_of_chain(memory.store) == rows_of_chain(file.store)

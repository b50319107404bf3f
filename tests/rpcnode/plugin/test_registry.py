"""Loading order, duplicates, hooks inside the block's transaction, and what happens when one raises."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from rpcnode.chain.blocks import NewBlock
from rpcnode.node import Node
from rpcnode.plugin import Plugin
from rpcnode.plugin.followers import PluginFailed
from rpcnode.plugin.registry import in_dependency_order
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.uint import UInt256
from tests.rpcnode.plugin.plugin_files import HOLDER, chain_file, node_with, write_plugin


def kind(name: str, *requires: str) -> type[Plugin]:
    """A plugin class of that name."""
    made: type[Plugin] = type(name, (Plugin,), {"name": name, "requires": requires})
    return made


# Order


def test_plugins_come_after_what_they_require_and_by_name_otherwise() -> None:
    kinds = [kind("Alpha", "Zeta"), kind("Zeta"), kind("Mid", "Alpha", "Beta"), kind("Beta")]
    assert [found.name for found in in_dependency_order(kinds)] == ["Zeta", "Alpha", "Beta", "Mid"]


def test_the_order_does_not_depend_on_where_plugins_came_from() -> None:
    kinds = [kind("C", "A"), kind("B"), kind("A")]
    assert [found.name for found in in_dependency_order(reversed(kinds))] == ["A", "B", "C"]


def test_a_missing_requirement_names_both() -> None:
    with pytest.raises(NodeError, match="plugin Tracker requires Server, which is not there"):
        in_dependency_order([kind("Tracker", "Server")])


def test_a_circle_of_requirements_is_shown() -> None:
    with pytest.raises(NodeError, match="plugins require each other: A -> B -> C -> A"):
        in_dependency_order([kind("A", "B"), kind("B", "C"), kind("C", "A")])


def test_two_classes_of_one_name_are_both_named() -> None:
    first, second = kind("Same"), kind("Same")
    second.__qualname__ = "Other"
    with pytest.raises(NodeError, match=r"two plugins are named Same: Same in .*test_registry\.py and Other in "):
        in_dependency_order([first, second])


def test_a_class_that_was_found_twice_is_one_plugin() -> None:
    same = kind("Same")
    assert in_dependency_order([same, same]) == [same]


# Methods


def test_one_method_of_two_plugins_stops_the_start_and_names_both(tmp_path: Path) -> None:
    folder = write_plugin(
        tmp_path,
        "taker.py",
        """
        class Taker(Plugin):
            name = "Taker"

            @rpc_method(name="getblockcount")
            def count(self) -> Json:
                return 0
        """,
    )
    with pytest.raises(NodeError, match="two plugins declare the method getblockcount: RpcServer and Taker"):
        node_with(folder)


def test_a_method_may_be_of_some_profiles_only(tmp_path: Path) -> None:
    folder = write_plugin(
        tmp_path,
        "some.py",
        """
        class Some(Plugin):
            name = "Some"

            @rpc_method(profiles=("n2",))
            def only_there(self) -> Json:
                return 0

            @rpc_method(profiles=("n3", "n2"))
            def here_too(self) -> Json:
                return 1

            def not_declared(self) -> Json:
                return 2
        """,
    )
    node = node_with(folder)
    assert {"onlythere", "heretoo", "notdeclared"} & set(node.methods) == {"heretoo"}
    node.close()


# Hooks

NOTER = """
    class Noter(Plugin):
        name = "Noter"
        requires = ("RpcNep5Tracker",)
        seen = []

        def on_loaded(self):
            self.seen.append("loaded")

        def on_committing(self, block, executions):
            (rows,) = self.db.execute("SELECT count(*) FROM token_balance").fetchone()
            self.seen.append(("committing", block.index, len(executions), rows, self.db.in_transaction))

        def on_committed(self, block):
            self.seen.append(("committed", block.index, self.db.in_transaction))

        def on_closing(self):
            self.seen.append("closing")
"""


def plugin_of(node: Node, name: str) -> Any:
    (found,) = [plugin for plugin in node.registry if plugin.name == name]
    return found


def test_hooks_run_in_dependency_order_inside_the_transaction_and_after_it(tmp_path: Path) -> None:
    node = node_with(write_plugin(tmp_path, "noter.py", NOTER), chain=chain_file(tmp_path, 2))
    seen = plugin_of(node, "Noter").seen
    node.close()
    assert seen == [
        "loaded",
        ("committing", 0, 2, 0, True),  # what natives do before and after transactions
        ("committed", 0, False),
        ("committing", 1, 3, 4, True),  # the coin's holder; GAS of genesis, of the committee and of who pays
        ("committed", 1, False),
        ("committing", 2, 3, 4, True),
        ("committed", 2, False),
        "closing",
    ]


# Policies

FLAKY = """
    class Flaky(Plugin):
        name = "Flaky"
        fails_at = {2}
        migrations = Migrations("Flaky", (
            Migration("m001", ("CREATE TABLE flaky_block (block_index INTEGER PRIMARY KEY)",)),
        ))

        def on_reset(self):
            self.db.execute("DELETE FROM flaky_block")

        def on_committing(self, block, executions):
            self.db.execute("INSERT INTO flaky_block VALUES (?)", (block.index,))
            if block.index in self.fails_at:
                raise RuntimeError("out of luck")

        @rpc_method()
        def get_flaky(self) -> Json:
            return [index for (index,) in self.db.execute("SELECT block_index FROM flaky_block ORDER BY 1")]
"""


@pytest.fixture
def flaky(tmp_path: Path) -> Path:
    return write_plugin(tmp_path / "plugins", "flaky.py", FLAKY)


def standing(node: Node) -> tuple[int, list[Any], Any]:
    """The height, what Flaky wrote, and what the tracker says the holder has."""
    balances: Any = node.methods["getnep5balances"]([HOLDER])
    flaky_blocks: Any = node.methods["getflaky"]([])
    (row,) = balances["balance"]
    return node.ledger.height, flaky_blocks, (row["amount"], row["last_updated_block"])


def test_ignore_undoes_what_the_plugin_wrote_in_that_block_and_goes_on(flaky: Path, tmp_path: Path) -> None:
    node = node_with(flaky, chain=chain_file(tmp_path), settings=[("Flaky.UnhandledExceptionPolicy", "Ignore")])
    assert standing(node) == (3, [0, 1, 3], ("3", 3))
    node.close()


def test_stop_plugin_leaves_it_at_its_last_whole_block_while_the_chain_goes_on(flaky: Path, tmp_path: Path) -> None:
    node = node_with(flaky, chain=chain_file(tmp_path), settings=[("Flaky.UnhandledExceptionPolicy", "StopPlugin")])
    assert standing(node) == (3, [0, 1], ("3", 3))
    assert [plugin.name for plugin in node.registry if node.followers.is_stopped(plugin)] == ["Flaky"]
    node.close()


def test_a_stopped_plugin_catches_up_at_the_next_start(flaky: Path, tmp_path: Path) -> None:
    db = tmp_path / "chain.db"
    node_with(
        flaky, chain=chain_file(tmp_path), db=db, settings=[("Flaky.UnhandledExceptionPolicy", "StopPlugin")]
    ).close()
    write_plugin(flaky, "flaky.py", FLAKY.replace("fails_at = {2}", "fails_at = set()"))
    node = node_with(flaky, db=db)
    assert standing(node) == (3, [0, 1, 2, 3], ("3", 3))
    node.close()


def test_stop_node_undoes_the_block_for_the_chain_and_for_every_plugin(flaky: Path, tmp_path: Path) -> None:
    node = node_with(flaky, chain=chain_file(tmp_path, 1))
    before = standing(node)
    tables_before = _dump(node)
    block = NewBlock(
        index=2,
        timestamp_ms=node.ledger.timestamp_ms(2),
        merkle_root=UInt256.ZERO,
        transactions=(),
        executions=(),
        storage=node.ledger.new_storage(),
    )
    with pytest.raises(PluginFailed, match="plugin Flaky failed at block 2: RuntimeError: out of luck"):
        node.ledger.apply_block(block)
    assert (standing(node), _dump(node)) == (before, tables_before)
    plugin_of(node, "Flaky").fails_at.clear()
    node.ledger.apply_block(block)
    assert standing(node) == (2, [0, 1, 2], ("1", 1))
    node.close()


def test_a_start_that_a_plugin_stops_blames_the_plugin_in_one_line_not_the_fixture(flaky: Path, tmp_path: Path) -> None:
    with pytest.raises(NodeError) as caught:
        node_with(flaky, chain=chain_file(tmp_path))
    assert str(caught.value) == "plugin Flaky failed at block 2: RuntimeError: out of luck"


@pytest.mark.parametrize("policy", ["StopNode", "StopPlugin", "Ignore"])
def test_a_plugin_that_fails_while_it_catches_up_is_dealt_with_by_its_policy(
    policy: str, flaky: Path, tmp_path: Path
) -> None:
    db = tmp_path / "chain.db"
    node_with(chain=chain_file(tmp_path), db=db).close()
    settings = [("Flaky.UnhandledExceptionPolicy", policy)]
    if policy == "StopNode":
        with pytest.raises(NodeError, match="plugin Flaky failed at block 2"):
            node_with(flaky, db=db, settings=settings)
        settings = [("Flaky.UnhandledExceptionPolicy", "Ignore")]
    node = node_with(flaky, db=db, settings=settings)
    blocks = [0, 1] if policy == "StopPlugin" else [0, 1, 3]
    assert standing(node) == (3, blocks, ("3", 3))
    node.close()


def test_a_failed_hook_is_logged_with_its_traceback(
    flaky: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    node_with(flaky, chain=chain_file(tmp_path), settings=[("Flaky.UnhandledExceptionPolicy", "Ignore")]).close()
    (record,) = [record for record in caplog.records if record.name == "rpcnode.plugin"]
    assert record.getMessage() == "plugin Flaky failed at block 2 (Ignore)"
    assert record.exc_info is not None


# Index settings


def test_changed_index_settings_reset_a_plugin_and_feed_it_every_block(tmp_path: Path) -> None:
    code = FLAKY.replace("{2}", "set()")
    folder = write_plugin(tmp_path / "plugins", "flaky.py", code + '        index_settings = "a"\n')
    db = tmp_path / "chain.db"
    node_with(folder, chain=chain_file(tmp_path), db=db).close()
    connection = sqlite3.connect(db)
    connection.execute("DELETE FROM flaky_block WHERE block_index = 1")
    connection.commit()
    connection.close()
    node = node_with(folder, db=db)
    assert standing(node)[1] == [0, 2, 3]
    node.close()
    write_plugin(folder, "flaky.py", code + '        index_settings = "b"\n')
    node = node_with(folder, db=db)
    assert standing(node)[1] == [0, 1, 2, 3]
    node.close()


def _dump(node: Node) -> list[str]:
    return list(node.store.connection.iterdump())

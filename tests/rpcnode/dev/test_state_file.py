"""States as text: stable, one row a line, validated when they are read."""

import copy
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rpcnode.chain.db.migrations import Migration, Migrations
from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import Store
from rpcnode.dev.dump import StateError, dump_state, load_state, read_state_file
from rpcnode.node import Node
from tests import part_of
from tests.rpcnode.dev.commanded_nodes import call, tables_of, transfer

State = dict[str, Any]


def test_a_state_is_json_with_one_row_a_line(node: Node) -> None:
    text = dump_state(node.store)
    state = json.loads(text)
    assert (state["rpcnode_state"], state["profile"], state["network"], state["height"]) == (1, "n3", 860833102, 70010)
    lines = text.splitlines()
    account = state["tables"]["chain_account"]["rows"][0]
    (script_hash,) = (each.script_hash for each in node.accounts if each.name == account[0])
    assert account[1] == script_hash.hex()
    assert [line for line in lines if line.startswith('["account1",')] == [
        json.dumps(account, separators=(",", ":")) + ","
    ]
    assert max(len(json.loads(line.rstrip(","))) for line in lines if line.startswith("[")) <= 15


def test_the_same_chain_gives_the_same_text(node: Node, template: Node) -> None:
    with closing(Node.from_template(template)) as other:
        transfer(node)
        # Rows come up in another order when they are written in another order.
        transfer(other, 9)
        call(other, "dev_rewind", other.ledger.height - 1)
        transfer(other)
        assert dump_state(other.store) == dump_state(node.store)


def test_states_differ_in_the_lines_that_differ(node: Node) -> None:
    before = {line.rstrip(",") for line in dump_state(node.store).splitlines()}
    call(node, "dev_setTimeStep", 7)
    assert {line.rstrip(",") for line in dump_state(node.store).splitlines()} - before == {'["time_step_ms","7"]'}


def test_a_state_is_read_as_it_was_written(node: Node) -> None:
    transfer(node)
    text = dump_state(node.store)
    with closing(load_state(text, "n3", node.plugins.migrations)) as store:
        assert dump_state(store) == text
        triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        assert store.connection.execute(triggers).fetchall() == node.store.connection.execute(triggers).fetchall()
        store.set_meta("written", "after")


@pytest.mark.parametrize(
    ("method", "by_ms"), [("dev_increaseTime", 0), ("dev_increaseTime", 1), ("dev_setTimeStep", 1)]
)
def test_a_node_that_takes_a_state_up_leaves_it_as_it_is(node: Node, method: str, by_ms: int) -> None:
    call(node, method, by_ms)
    text = dump_state(node.store)
    with closing(Node.from_template(node, node.state_image(text))) as other:
        assert dump_state(other.store) == text


ODD_VALUES = (
    (1, "text", b"\x00\xff", 2**63 - 1, "1"),
    (2, 'é\u2028"\\\n\x1f\U0001f600', b"", -(2**63), None),
    (3, b"a blob in a text", "a text in a blob", 0.1, -0.0),
    (4, "", None, 1e308, float("inf")),
)
"""Values that SQLite keeps whatever their column says, and texts that JSON escapes."""


def test_any_value_that_sqlite_holds_comes_back_as_it_was(node: Node) -> None:
    table = Migrations(
        "Odd",
        (Migration("m001", ("CREATE TABLE odd_row (id INTEGER PRIMARY KEY, a TEXT, b BLOB, c INTEGER, d TEXT)",)),),
    )
    migrations = (*node.plugins.migrations, table)
    with closing(Store.in_memory(migrations)) as store:
        rows = [row for name, found in tables_of(node).items() if name == "chain_meta" for row in found]
        store.connection.executemany("INSERT INTO chain_meta VALUES (?, ?)", rows)
        blocks = node.store.connection.execute("SELECT * FROM chain_block").fetchall()
        store.connection.executemany("INSERT INTO chain_block VALUES (?, ?, ?, ?, ?, ?, ?)", blocks)
        store.connection.executemany("INSERT INTO odd_row VALUES (?, ?, ?, ?, ?)", ODD_VALUES)
        kept = store.connection.execute("SELECT *, typeof(a), typeof(b), typeof(c), typeof(d) FROM odd_row").fetchall()
        with closing(load_state(dump_state(store), "n3", migrations)) as copied:
            select = "SELECT *, typeof(a), typeof(b), typeof(c), typeof(d) FROM odd_row"
            assert copied.connection.execute(select).fetchall() == kept


# What is refused


def without(key: str) -> Callable[[State], None]:
    def change(state: State) -> None:
        del state[key]

    return change


def with_value(value: object, *path: str | int) -> Callable[[State], None]:
    def change(state: State) -> None:
        inner: Any = state
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value

    return change


def without_meta(key: str) -> Callable[[State], None]:
    def change(state: State) -> None:
        meta = state["tables"]["chain_meta"]
        meta["rows"] = [row for row in meta["rows"] if row[0] != key]

    return change


def with_meta(key: str, value: str) -> Callable[[State], None]:
    def change(state: State) -> None:
        without_meta(key)(state)
        state["tables"]["chain_meta"]["rows"].append([key, value])

    return change


ACCOUNTS = ("tables", "chain_account", "rows")

REFUSED: list[tuple[Callable[[State], None], str]] = [
    (without("tables"), "state: member 'tables' is missing"),
    (with_value(1, "tabels"), "state: unknown member \"tabels\"; the nearest is 'tables'"),
    (with_value(2, "rpcnode_state"), "rpcnode_state: 2 is not the format that is read, 1"),
    (with_value(True, "rpcnode_state"), "rpcnode_state: true is not the format"),
    (with_value("n2", "profile"), 'profile: the state is of profile "n2", this node\'s is n3'),
    (with_value(7, "network"), "network: 7 is not what tables.chain_meta says, 860833102"),
    (with_value(7, "height"), "height: 7 is not what tables.chain_meta says, 70010"),
    (with_value("chain", "schema"), 'schema: "chain" is no array of schema steps'),
    (with_value(["chain/m001_chain"], "schema"), "schema: step chain/m002_contract_block is missing"),
    (with_value("Other/m001", "schema", 0), "schema: the state has tables of Other, which this node has not"),
    (with_value("chain/m999", "schema", 0), "schema: made by a newer rpcnode, whose step chain/m999"),
    (with_value([], "tables"), "tables: [] is no object"),
    (with_value({}, "tables", "chain_blok"), "tables.chain_blok: there is no such table; the nearest is 'chain_block'"),
    (with_value({}, "tables", "sqlite_master"), "tables.sqlite_master: there is no such table"),
    (with_value({}, "tables", "chain_meta"), "tables.chain_meta: member 'columns' is missing"),
    (with_value(["name"], "tables", "chain_account", "columns"), 'tables.chain_account.columns: ["name"] is not'),
    (with_value(5, *ACCOUNTS), "tables.chain_account.rows: 5 is no array"),
    (with_value(["a"], *ACCOUNTS, 1), 'tables.chain_account.rows[1]: ["a"] is no array of 3 values'),
    (with_value(5, *ACCOUNTS, 1, 1), "tables.chain_account.rows[1]: 5 is no BLOB for script_hash"),
    (with_value("xy", *ACCOUNTS, 1, 1), 'tables.chain_account.rows[1]: "xy" is no BLOB for script_hash'),
    (with_value({"blub": "00"}, *ACCOUNTS, 1, 1), 'tables.chain_account.rows[1]: {"blub": "00"} is no BLOB'),
    (with_value("account1", *ACCOUNTS, 1, 0), "cannot be stored: UNIQUE constraint failed: chain_account.name"),
    (with_value(None, *ACCOUNTS, 1, 1), "cannot be stored: NOT NULL constraint failed: chain_account.script_hash"),
    (with_value("\ud800", *ACCOUNTS, 1, 0), "cannot be stored: 'utf-8' codec can't encode"),
    (with_value("00", *ACCOUNTS, 1, 1), "tables: the rows are of no chain: FormatError"),
    (with_value(2**63, "tables", "chain_block", "rows", 0, 0), f"{2**63} is no INTEGER for block_index"),
    (without_meta("height"), "tables.chain_meta: there is no value 'height'"),
    (without_meta("loaded"), "tables.chain_meta: there is no value 'loaded'"),
    (with_meta("parameters", "{"), "tables.chain_meta: JSONDecodeError"),
    (with_meta("parameters", '{"magic": 860833102}'), "tables: the rows are of no chain"),
    (with_meta("header_height", "3"), "height 70010 and header_height 3 are of no chain"),
    (with_meta("waiting 000000000000", "[]"), "tables: the rows are of no chain"),
    (with_value([], "tables", "chain_block", "rows"), "tables.chain_block: there is no block up to the height"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED, ids=[message[:50] for _, message in REFUSED])
def test_what_is_no_state_for_this_node_is_refused_by_name(
    template: Node, change: Callable[[State], None], message: str
) -> None:
    state = json.loads(dump_state(template.store))
    change(state)
    with pytest.raises(StateError) as caught:
        load_state(json.dumps(state), "n3", template.plugins.migrations)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "is no JSON"), ("[1", "is no JSON"), ("[]", "state: [] is no object"), ("[" * 100_000, "is no JSON")],
    ids=["empty", "cut off", "an array", "deep"],
)
def test_a_text_that_is_no_state_is_refused(template: Node, text: str, message: str) -> None:
    with pytest.raises(StateError) as caught:
        load_state(text, "n3", template.plugins.migrations)
    assert message in str(caught.value)


def test_chain_tables_of_an_older_program_are_refused(template: Node) -> None:
    migrations = (
        Migrations("chain", (*CHAIN_MIGRATIONS.steps, Migration("m999_later", ()))),
        *template.plugins.migrations[1:],
    )
    with pytest.raises(StateError, match=r"step chain/m999_later is missing; an older rpcnode made the state"):
        load_state(dump_state(template.store), "n3", migrations)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=4,
)


def places_of(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of everything in a value, outermost first."""
    found = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += places_of(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += places_of(inner, (*path, number))
    return found


@settings(deadline=None, max_examples=part_of(200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_state_with_anything_in_it_loads_or_is_refused(template: Node, data: st.DataObject) -> None:
    state = json.loads(dump_state(template.store))
    # Rows are most of a state: first what is around them, then a row.
    table = data.draw(st.sampled_from(sorted(state["tables"])))
    within = data.draw(st.sampled_from([(), ("tables", table), ("tables", table, "rows")]))
    inner: Any = state
    for key in within:
        inner = inner[key]
    path = data.draw(st.sampled_from(places_of(inner)[1:] or [()]))
    changed = copy.deepcopy(state)
    if path:
        with_value(data.draw(json_values), *within, *path)(changed)
    try:
        load_state(json.dumps(changed), "n3", template.plugins.migrations).close()
    except StateError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read: No such file or directory"), (b"\xff", "is no UTF-8 text"), (b"{", "is no JSON")],
    ids=["absent", "bytes", "cut off"],
)
def test_a_file_that_holds_no_state_is_named(
    template: Node, tmp_path: Path, content: bytes | None, message: str
) -> None:
    path = tmp_path / "state.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StateError) as caught:
        read_state_file(path, "n3", template.plugins.migrations)
    assert str(caught.value).startswith(f"--load-state {path}: ")
    assert message in str(caught.value)


def test_the_tables_of_a_state_are_those_of_its_chain(node: Node) -> None:
    listed = node.store.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert set(json.loads(dump_state(node.store))["tables"]) == {name for (name,) in listed} - {"_sqlite_migrations"}

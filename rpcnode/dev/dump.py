"""A whole chain as JSON text: one row a line, in the order of keys, so that two states can be compared line by line.

A value is written as its column is declared: BLOB as hex digits, INTEGER as a number, TEXT as it is; another kind of
value, which SQLite would hold as well, as an object that names its kind. Schema steps are named, not written out: a
state is read by a program that makes the same tables.
"""

import json
import math
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

from rpcnode.chain.chain_meta import kept_network, kept_private_keys
from rpcnode.chain.db.migrations import Migrations
from rpcnode.chain.db.store import Store
from rpcnode.chain.ledger import Ledger
from rpcnode.dev.places import json_file
from rpcnode.dev.places.errors import FixtureError
from rpcnode.plugin.config import nearest_of
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.primitives.files import open_regular
from rpcnode.primitives.json import Json
from rpcnode.primitives.progress import counted, work

FORMAT: Final = 1
"""Rises when a state of before can no longer be read."""

_MEMBERS: Final = ("rpcnode_state", "profile", "network", "height", "schema", "tables")
_OWN_TABLES: Final = ("_sqlite_migrations", "sqlite_sequence", "sqlite_stat1")
MAX_STATE_SIZE: Final = 512 * 1024 * 1024
"""Bytes of a file: the rows of some million balances."""

MAX_STATE_VALUES: Final = 25_000_000

_MOST_INTEGER: Final = 2**63
_SHOWN: Final = 80  # characters of a wrong value


class StateError(NodeError):
    """A text that is no state, or one of another node; nothing has changed."""


class _Column(NamedTuple):
    name: str
    kind: str
    """As declared: TEXT, INTEGER or BLOB."""


def dump_state(store: Store) -> str:
    """The state of a chain, which `load_state` reads. The same chain gives the same text."""
    return "".join(_lines(store))


def load_state(text: str, profile: ProfileName, migrations: Sequence[Migrations]) -> Store:
    """A chain in memory from the text of a state; `migrations` are those of the node that will have it.

    Raises StateError, which names the place, for what is no state, or is of another profile or of other plugins.
    """
    store = Store.in_memory(migrations)
    try:
        state = _read(text)
        _check_profile(state, profile)
        _check_schema(state["schema"], migrations)
        with store.transaction():
            _fill(store.connection, state["tables"])
        _check_chain(store, state)
        _check_opens(store, profile)
    except BaseException:
        store.close()
        raise
    return store


def read_state_file(path: Path, profile: ProfileName, migrations: Sequence[Migrations]) -> bytes:
    """The image of the chain in a state file. Raises StateError that names the file."""
    work.begin(f"reading {path.name}")
    try:
        with open_regular(path) as file:
            content = file.read(MAX_STATE_SIZE + 1)
        if len(content) > MAX_STATE_SIZE:
            raise StateError(f"--load-state {path}: larger than {MAX_STATE_SIZE // 1024 // 1024} MB")
        text = content.decode()
    except OSError as error:
        raise StateError(f"--load-state {path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise StateError(f"--load-state {path}: is no UTF-8 text: {error.reason} at byte {error.start}") from None
    try:
        with closing(load_state(text, profile, migrations)) as store:
            return store.image()
    except StateError as error:
        raise StateError(f"--load-state {path}: {error}") from None


# Writing


def _lines(store: Store) -> Iterator[str]:
    parameters = json.loads(store.meta("parameters") or "{}")
    yield "{\n"
    yield f'"rpcnode_state": {FORMAT},\n'
    yield f'"profile": {_text(store.meta("profile"))},\n'
    yield f'"network": {_text(parameters.get("magic"))},\n'
    yield f'"height": {store.meta("height") or -1},\n'
    steps = store.connection.execute("SELECT migration_set || '/' || name FROM _sqlite_migrations ORDER BY 1")
    yield f'"schema": [{_indented(_text(step) for (step,) in steps)}],\n'
    yield '"tables": {'
    for number, table in enumerate(sorted(_tables(store.connection))):
        columns = _columns(store.connection, table)
        names = _text([column.name for column in columns])
        rows = (
            _text([_written(value, column) for value, column in zip(row, columns, strict=True)])
            for row in store.connection.execute(_select(store.connection, table, columns))
        )
        yield f'{"," if number else ""}\n{_text(table)}: {{"columns": {names}, "rows": [{_indented(rows)}]}}'
    yield "\n}\n}\n"


def _indented(lines: Iterator[str]) -> str:
    joined = ",\n".join(lines)
    return f"\n{joined}\n" if joined else ""


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _tables(connection: sqlite3.Connection) -> list[str]:
    listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [name for (name,) in listed if name not in _OWN_TABLES]


def _columns(connection: sqlite3.Connection, table: str) -> list[_Column]:
    return [
        _Column(name, kind) for name, kind in connection.execute(f"SELECT name, type FROM pragma_table_info('{table}')")
    ]


def _select(connection: sqlite3.Connection, table: str, columns: Sequence[_Column]) -> str:
    """Every row of a table, in the order of its primary key; of all columns where it has none."""
    rows = connection.execute(f"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk")
    keys = [name for (name,) in rows] or [column.name for column in columns]
    return f"SELECT {_quoted(column.name for column in columns)} FROM {table} ORDER BY {_quoted(iter(keys))}"


def _quoted(names: Iterator[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _written(value: object, column: _Column) -> Json:
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.hex() if column.kind == "BLOB" else {"blob": value.hex()}
    if isinstance(value, int):
        return value if column.kind == "INTEGER" else {"integer": value}
    if isinstance(value, str):
        return value if column.kind == "TEXT" else {"text": value}
    assert isinstance(value, float)
    return {"real": value.hex()}


# Reading


def _read(text: str) -> dict[str, Any]:
    try:
        state: Any = json_file.load(text, Path("state"), max_values=MAX_STATE_VALUES)
    except FixtureError as error:
        where = "" if error.line is None else f"line {error.line}: "
        raise StateError(f"is no JSON that can be read: {where}{error.message}") from None
    _check_members(state, "state", _MEMBERS)
    if state["rpcnode_state"] != FORMAT or isinstance(state["rpcnode_state"], bool):
        raise StateError(f"rpcnode_state: {_shown(state['rpcnode_state'])} is not the format that is read, {FORMAT}")
    return dict(state)


def _check_members(value: object, where: str, members: Sequence[str]) -> None:
    if not isinstance(value, dict):
        raise StateError(f"{where}: {_shown(value)} is no object")
    for key in value:
        if key not in members:
            raise StateError(f"{where}: unknown member {_shown(key)}; the nearest is {nearest_of(key, members)!r}")
    for key in members:
        if key not in value:
            raise StateError(f"{where}: member {key!r} is missing")


def _check_profile(state: Mapping[str, Any], profile: ProfileName) -> None:
    if state["profile"] != profile:
        raise StateError(f"profile: the state is of profile {_shown(state['profile'])}, this node's is {profile}")


def _check_schema(steps: object, migrations: Sequence[Migrations]) -> None:
    """A state of fewer plugins can be read: what it lacks is made anew. One of more, or of other steps, cannot."""
    if not isinstance(steps, list) or not all(isinstance(step, str) and "/" in step for step in steps):
        raise StateError(f"schema: {_shown(steps)} is no array of schema steps")
    known = {owned.owner: {f"{owned.owner}/{step.name}" for step in owned.steps} for owned in migrations}
    for step in steps:
        owner = step.partition("/")[0]
        if owner not in known:
            raise StateError(f"schema: the state has tables of {owner}, which this node has not")
        if step not in known[owner]:
            raise StateError(f"schema: made by a newer rpcnode, whose step {step} this one does not know")
    for owner, owned_steps in known.items():
        missing = owned_steps.difference(steps)
        if missing and (missing != owned_steps or owner == "chain"):
            raise StateError(f"schema: step {min(missing)} is missing; an older rpcnode made the state")


def _fill(connection: sqlite3.Connection, tables: object) -> None:
    if not isinstance(tables, dict):
        raise StateError(f"tables: {_shown(tables)} is no object")
    known = _tables(connection)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    # What triggers keep is in the state as well.
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for table, content in tables.items():
        where = f"tables.{table}"
        if table not in known:
            raise StateError(f"{where}: there is no such table; the nearest is {nearest_of(table, known)!r}")
        _check_members(content, where, ("columns", "rows"))
        _insert(connection, table, where, content["columns"], content["rows"])
    for _, sql in triggers:
        connection.execute(sql)


def _insert(connection: sqlite3.Connection, table: str, where: str, names: object, rows: object) -> None:
    columns = _columns(connection, table)
    if names != [column.name for column in columns]:
        raise StateError(f"{where}.columns: {_shown(names)} is not {_shown([column.name for column in columns])}")
    if not isinstance(rows, list):
        raise StateError(f"{where}.rows: {_shown(rows)} is no array")
    statement = f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})"
    for number, row in enumerate(counted(rows, f"loading {table}", len(rows))):
        place = f"{where}.rows[{number}]"
        if not isinstance(row, list) or len(row) != len(columns):
            raise StateError(f"{place}: {_shown(row)} is no array of {len(columns)} values")
        values = [_value(value, column, place) for value, column in zip(row, columns, strict=True)]
        try:
            connection.execute(statement, values)
        except (sqlite3.IntegrityError, UnicodeEncodeError) as error:
            raise StateError(f"{place}: {_shown(row)} cannot be stored: {error}") from None


def _value(value: object, column: _Column, place: str) -> object:
    if value is None:
        return None
    kind, plain = column.kind, value
    if isinstance(value, dict) and len(value) == 1:
        ((named, plain),) = value.items()
        kind = str(named).upper()
    try:
        return _READERS[kind](plain)
    except (KeyError, ValueError):
        raise StateError(f"{place}: {_shown(value)} is no {column.kind} for {column.name}") from None


def _blob(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError
    return bytes.fromhex(value)


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -_MOST_INTEGER <= value < _MOST_INTEGER:
        raise ValueError
    return value


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _real(value: object) -> float:
    number = float.fromhex(_string(value))
    if math.isnan(number):
        raise ValueError
    return number


_READERS: Final = {"BLOB": _blob, "INTEGER": _integer, "TEXT": _string, "REAL": _real}


def _check_chain(store: Store, state: Mapping[str, Any]) -> None:
    """The header says what the rows do: a state whose rows do not hold a chain is refused."""
    for key in ("profile", "parameters", "kind", "height", "header_height", "loaded"):
        if store.meta(key) is None:
            raise StateError(f"tables.chain_meta: there is no value {key!r}")
    try:
        magic = json.loads(store.meta("parameters") or "")["magic"]
        height, header_height = int(store.meta("height") or ""), int(store.meta("header_height") or "")
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        raise StateError(f"tables.chain_meta: {type(error).__name__}: {error}") from None
    told = {"profile": store.meta("profile"), "network": magic, "height": height}
    for key, value in told.items():
        if state[key] != value:
            raise StateError(f"{key}: {_shown(state[key])} is not what tables.chain_meta says, {_shown(value)}")
    if not 0 <= height <= header_height:
        raise StateError(f"tables.chain_meta: height {height} and header_height {header_height} are of no chain")
    stored = store.connection.execute("SELECT 1 FROM chain_block WHERE block_index <= ?", (height,)).fetchone()
    if stored is None:
        raise StateError("tables.chain_block: there is no block up to the height")


def _check_opens(store: Store, profile: ProfileName) -> None:
    """A ledger can be opened over the rows, and its newest header and executions read; a block would be signed."""
    try:
        network = kept_network(store, profile)
        assert network is not None
        ledger = Ledger(
            store,
            profile,
            network.parameters,
            constant_contracts=network.constant_contracts,
            private_keys=kept_private_keys(store),
        )
        ledger.header(ledger.height)
        ledger.executions(ledger.height)
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        sqlite3.Error,
    ) as error:
        raise StateError(f"tables: the rows are of no chain: {type(error).__name__}: {error}") from None


def _shown(value: object) -> str:
    written = json.dumps(value, default=repr)
    return written if len(written) <= _SHOWN else f"{written[: _SHOWN - 1]}…"

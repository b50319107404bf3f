"""What the newest blocks did to the rows of plugins, and to how far these have come; taking it back costs what it was.

SQLite's triggers note, for each row that a block changes, the statement that undoes it; the idea is of
sqlite.org/undoredo.html. The notes are temporary tables: no part of the chain, of its images or its file.
"""

import sqlite3
from collections.abc import Iterable
from typing import Final

MOST_ROWS: Final = 100_000
"""How many notes are kept, in whole blocks, the newest; some 30 MB. What is older is taken back the long way."""

_TRIM_EVERY: Final = 16  # blocks

_SET_UP: Final = (
    "CREATE TEMP TABLE row_journal (id INTEGER PRIMARY KEY, block_index INTEGER NOT NULL, statement TEXT NOT NULL)",
    # a row while a block is being written: triggers note nothing at other times
    "CREATE TEMP TABLE row_journal_block (block_index INTEGER NOT NULL)",
    # the first block from which on all is noted; in a table, so that it is rolled back as the notes are
    "CREATE TEMP TABLE row_journal_since (block_index INTEGER NOT NULL)",
)
_IS_SET_UP: Final = "SELECT 1 FROM sqlite_temp_master WHERE name = 'row_journal'"
_TABLES: Final = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND name NOT GLOB 'chain_*' AND name NOT GLOB '*sqlite_*'
"""


class RowJournal:
    """The notes of one chain. All is part of the open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._blocks = 0

    def begin(self, block_index: int, height: int) -> None:
        """Notes what is written from here on, as done by a block that follows `height`."""
        if not self._is_set_up():
            self._set_up()
            self._connection.execute("INSERT INTO row_journal_since VALUES (?)", (height + 1,))
        self._connection.execute("INSERT INTO row_journal_block VALUES (?)", (block_index,))

    def end(self) -> None:
        """The block has written all it writes."""
        self._connection.execute("DELETE FROM row_journal_block")
        self._blocks += 1
        if self._blocks % _TRIM_EVERY == 0:
            self._trim()

    def take_back(self, height: int) -> bool:
        """Undoes what blocks above `height` did; False, and nothing done, where not all of it was noted."""
        if not self._is_set_up():
            return False
        (since,) = self._connection.execute("SELECT block_index FROM row_journal_since").fetchone()
        if height < since - 1:
            return False
        statements = self._connection.execute(
            "SELECT statement FROM row_journal WHERE block_index > ? ORDER BY id DESC", (height,)
        ).fetchall()
        # What the chain's own triggers did was noted as well.
        triggers = self._connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            self._connection.execute(f"DROP TRIGGER main.{_quoted(name)}")
        for (statement,) in statements:
            self._connection.execute(statement)
        for _, sql in triggers:
            self._connection.execute(sql)
        self._connection.execute("DELETE FROM row_journal WHERE block_index > ?", (height,))
        return True

    def forget(self, height: int) -> None:
        """Rows were changed by other ways, or are another chain's: begins anew above `height`."""
        if self._is_set_up():
            self._connection.execute("DELETE FROM row_journal")
            self._connection.execute("UPDATE row_journal_since SET block_index = ?", (height + 1,))

    def _is_set_up(self) -> bool:
        return self._connection.execute(_IS_SET_UP).fetchone() is not None

    def _set_up(self) -> None:
        # Otherwise INSERT OR REPLACE would take a row away without a trigger.
        self._connection.execute("PRAGMA recursive_triggers = ON")
        for statement in _SET_UP:
            self._connection.execute(statement)
        for (table,) in self._connection.execute(_TABLES).fetchall():
            for statement in _triggers_of(self._connection, table):
                self._connection.execute(statement)

    def _trim(self) -> None:
        row = self._connection.execute(
            "SELECT block_index FROM row_journal WHERE id <= (SELECT max(id) FROM row_journal) - ?"
            " ORDER BY id DESC LIMIT 1",
            (MOST_ROWS,),
        ).fetchone()
        if row is not None:
            self._connection.execute("DELETE FROM row_journal WHERE block_index <= ?", row)
            self._connection.execute("UPDATE row_journal_since SET block_index = ?", (row[0] + 1,))


def _triggers_of(connection: sqlite3.Connection, table: str) -> Iterable[str]:
    columns = connection.execute(f"SELECT name, pk FROM pragma_table_info({_text(table)}) ORDER BY cid").fetchall()
    names = [name for name, _ in columns]
    keys = [name for name, pk in columns if pk] or ["rowid"]
    stored = names if keys != ["rowid"] else ["rowid", *names]
    into, inserted = ", ".join(map(_quoted, stored)), _joined([_literal("old", name) for name in stored], ", ")
    assigned = _joined([f"{_text(_quoted(name) + ' = ')} || {_literal('old', name)}" for name in stored], ", ")
    where = _joined([f"{_text(_quoted(key) + ' IS ')} || {_literal('new', key)}" for key in keys], " AND ")
    target = _quoted(table)
    for event, undo in (
        ("INSERT", f"{_text(f'DELETE FROM {target} WHERE ')} || {where}"),
        ("DELETE", f"{_text(f'INSERT INTO {target} ({into}) VALUES (')} || {inserted} || ')'"),
        ("UPDATE", f"{_text(f'UPDATE {target} SET ')} || {assigned} || ' WHERE ' || {where}"),
    ):
        yield f"""
            CREATE TEMP TRIGGER {_quoted(f"row_journal {event} {table}")} AFTER {event} ON main.{target} BEGIN
                INSERT INTO row_journal (block_index, statement) SELECT block_index, {undo} FROM row_journal_block;
            END
        """


def _literal(row: str, name: str) -> str:
    """The expression of a value as SQL writes it.

    `quote` alone cuts a text off at a zero character, and has no name for infinity.
    """
    value = f"{row}.{_quoted(name)}"
    as_text = f"'CAST(x''' || hex({value}) || ''' AS TEXT)'"
    return (
        f"CASE WHEN typeof({value}) = 'text' AND instr({value}, char(0)) THEN {as_text}"
        f" WHEN typeof({value}) = 'real' AND abs({value}) = 9e999 THEN iif({value} > 0, '9e999', '-9e999')"
        f" ELSE quote({value}) END"
    )


def _joined(expressions: Iterable[str], separator: str) -> str:
    return f" || {_text(separator)} || ".join(expressions)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"

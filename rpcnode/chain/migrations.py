"""Schema steps: written as SQL, recorded as sqlite-utils records them.

A database file is migrated by sqlite-utils. A chain in memory starts empty, so its steps are all the SQL there is to run; running it
without sqlite-utils saves the 75 ms that its import costs, and leaves the same tables (a test compares them).
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MIGRATIONS_TABLE = (
    """CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
)""",
    """CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name")""",
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step, applied whole or not at all. Its name never changes once released."""

    name: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Migrations:
    """The steps of one owner, in order; the owner is the chain or a plugin."""

    owner: str
    steps: tuple[Migration, ...]


def create_schema(connection: sqlite3.Connection, migrations: Iterable[Migrations]) -> None:
    """Runs every step in an empty database."""
    for statement in MIGRATIONS_TABLE:
        connection.execute(statement)
    for owned in migrations:
        add_schema(connection, owned)


def add_schema(connection: sqlite3.Connection, owned: Migrations) -> None:
    """Runs the steps of an owner that the database has not seen yet."""
    seen = {
        name
        for (name,) in connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (owned.owner,))
    }
    for step in owned.steps:
        if step.name in seen:
            continue
        for statement in step.statements:
            connection.execute(statement)
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
            (owned.owner, step.name, "1970-01-01 00:00:00+00:00"),
        )


def migrate_file(connection: sqlite3.Connection, migrations: Sequence[Migrations]) -> None:
    """Brings a database file up to date through sqlite-utils, each step in a transaction of its own."""
    import sqlite_utils

    database = sqlite_utils.Database(connection, execute_plugins=False)
    for owned in migrations:
        steps = sqlite_utils.Migrations(owned.owner)
        for step in owned.steps:
            steps(name=step.name)(_runner(step))
        steps.apply(database)


def _runner(step: Migration):  # type: ignore[no-untyped-def]  # sqlite-utils has no types for it
    def run(database) -> None:  # type: ignore[no-untyped-def]
        for statement in step.statements:
            database.execute(statement)

    return run

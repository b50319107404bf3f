"""Schema steps: written as SQL, recorded as sqlite-utils records them.

A database file is migrated by sqlite-utils. A chain in memory starts empty, so its steps are all the SQL there is to
run; running it without sqlite-utils saves the 75 ms that its import costs, and leaves the same tables (a test compares
them).
"""

import sqlite3
from collections.abc import Iterable, Sequence

from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.records import dataclass

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


def create_migrations_table(connection: sqlite3.Connection) -> None:
    """Makes sqlite-utils' own table in an empty database.

    sqlite-utils would make the table and its index in two transactions; a process killed between them leaves a file
    that never gets the index.
    """
    for statement in MIGRATIONS_TABLE:
        connection.execute(statement)


def create_schema(connection: sqlite3.Connection, migrations: Iterable[Migrations]) -> None:
    """Runs every step in an empty database."""
    create_migrations_table(connection)
    for owned in migrations:
        for step in owned.steps:
            for statement in step.statements:
                connection.execute(statement)
            connection.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
                (owned.owner, step.name, "1970-01-01 00:00:00+00:00"),
            )


def migrate_file(connection: sqlite3.Connection, migrations: Sequence[Migrations]) -> None:
    """Brings a database file up to date through sqlite-utils, each step in a transaction of its own.

    Steps of owners that are not here are let be. Raises NodeError when the file has steps of an owner that are not
    known: a newer program made them.
    """
    owners = {owned.owner for owned in migrations}
    known = {(owned.owner, step.name) for owned in migrations for step in owned.steps}
    seen = set(connection.execute("SELECT migration_set, name FROM _sqlite_migrations"))
    newer = sorted((owner, name) for owner, name in seen - known if owner in owners)
    if newer:
        owner, name = newer[0]
        raise NodeError(f"made by a newer rpcnode, whose step {name} of {owner} this one does not know")
    if known <= seen:
        return
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

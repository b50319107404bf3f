"""The one SQLite connection of a node."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rpcnode.chain.migrations import Migrations, create_schema, migrate_file
from rpcnode.primitives.errors import NodeError

APPLICATION_ID = 0x4E454F52
"""Marks a file as ours ("NEOR", PRAGMA application_id)."""

_SIZE_OF_QUICK_CHECK = 256 * 1024 * 1024


class Store:
    """A connection in autocommit mode; `transaction` and `savepoint` are the only ways to write more than one statement.

    Plain synchronous sqlite3 on the event loop: nobody may await while a transaction is open.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self.connection = connection
        self.path = path

    @classmethod
    def in_memory(cls, migrations: Sequence[Migrations]) -> "Store":
        """An empty chain that lives as long as the process."""
        connection = _connect(":memory:")
        connection.execute("BEGIN")
        create_schema(connection, migrations)
        connection.execute("COMMIT")
        return cls(connection, None)

    @classmethod
    def from_image(cls, image: bytes) -> "Store":
        """A chain in memory from `image()` of another one."""
        connection = _connect(":memory:")
        connection.deserialize(image)
        return cls(connection, None)

    @classmethod
    def in_file(cls, path: Path, migrations: Sequence[Migrations]) -> "Store":
        """The chain in a file, made if absent; held exclusively. Raises NodeError for a file that is not ours or is damaged."""
        fresh = not path.exists() or path.stat().st_size == 0
        try:
            connection = _connect(str(path))
        except sqlite3.Error as error:
            raise NodeError(f"{path}: cannot be opened: {error}") from None
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            # A process killed while it made the file leaves one without tables: as good as none.
            fresh = fresh or connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
            if not fresh:
                _check(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            # A killed process loses no committed block with NORMAL; only a power cut may take the last ones, whole.
            connection.execute("PRAGMA synchronous = NORMAL")
            # A block of 100 transfers touches hundreds of pages: checkpoints at SQLite's 1000 would come with every second one.
            connection.execute("PRAGMA wal_autocheckpoint = 16000")
            connection.execute("PRAGMA cache_size = -65536")
            connection.execute("BEGIN IMMEDIATE")
            if fresh:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("COMMIT")
            migrate_file(connection, migrations)
        except sqlite3.OperationalError as error:
            connection.close()
            if "locked" in str(error):
                raise NodeError(f"{path}: in use by another process") from None
            raise NodeError(f"{path}: {error}") from None
        except sqlite3.DatabaseError as error:
            connection.close()
            raise NodeError(f"{path}: not a usable database: {error}") from None
        except NodeError:
            connection.close()
            raise
        return cls(connection, path)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Not re-entrant: a block is one transaction."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """All or nothing inside an open transaction."""
        self.connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO part")
            self.connection.execute("RELEASE part")
            raise
        self.connection.execute("RELEASE part")

    def image(self) -> bytes:
        """The whole database as bytes, for `from_image`. Only for chains in memory: an image of a WAL file cannot be written to."""
        if self.path is not None:
            raise NodeError(f"{self.path}: a database file is copied with its own tools, not as an image")
        return self.connection.serialize()

    def meta(self, key: str) -> str | None:
        """A value of `chain_meta`."""
        row = self.connection.execute("SELECT value FROM chain_meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Writes a value of `chain_meta`; part of the open transaction, if there is one."""
        self.connection.execute("INSERT OR REPLACE INTO chain_meta (key, value) VALUES (?, ?)", (key, value))

    def close(self) -> None:
        self.connection.close()


def _connect(target: str) -> sqlite3.Connection:
    connection = sqlite3.connect(target, isolation_level=None, timeout=0, cached_statements=256)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        raise NodeError(f"{path}: a database, but not one of rpcnode's; give --db a file that does not exist yet")
    if path.stat().st_size <= _SIZE_OF_QUICK_CHECK:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise NodeError(f"{path}: damaged: {verdict}")

"""The one SQLite connection of a node."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rpcnode.chain.db.migrations import Migrations, create_migrations_table, create_schema, migrate_file
from rpcnode.chain.db.storage_failures import DAMAGED, storage_failure, tell
from rpcnode.primitives.errors import NodeError, StorageFailed
from rpcnode.primitives.files import check_replaceable, make_private

if TYPE_CHECKING:
    from rpcnode.chain.db.file_lock import FileLock

APPLICATION_ID = 0x4E454F52
"""Marks a file as ours ("NEOR", PRAGMA application_id)."""

_MEMORY = ":memory:"
_REASONS = {
    sqlite3.SQLITE_BUSY: "in use by another process",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "cannot be read or written",
    sqlite3.SQLITE_NOTADB: "not a database; give --db a file that does not exist yet",
    sqlite3.SQLITE_PERM: "cannot be opened",
    sqlite3.SQLITE_READONLY: "cannot be written to",
}
_OF_OTHER_CONTENT = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_MOST_CHARACTERS = 200

_OF_N3 = "SELECT 1 FROM chain_meta WHERE key = 'profile' AND value = 'n3'"
_SINCE_EXECUTION = "SELECT 1 FROM _sqlite_migrations WHERE migration_set = 'chain' AND name = 'm007_contract_end'"

_IS_FILLED = "SELECT 1 FROM chain_meta WHERE key = 'profile'"
_SINCE_PACKED_ROWS = "SELECT 1 FROM _sqlite_migrations WHERE migration_set = 'chain' AND name = 'm009_packed_rows'"

BATCH = 32
"""Transactions that are one on the disk while a chain is loaded."""

_SIZE_OF_QUICK_CHECK = 256 * 1024 * 1024

_JOURNAL_MODE = slice(18, 20)
_ROLLBACK_JOURNAL = bytes((1, 1))
"""In a database's header: the version to write and to read it with, 2 for WAL. Source: sqlite.org/fileformat.html."""


class WatchesCommits(Protocol):
    """Is told around each commit, for those who read the same file in other processes."""

    def begin(self) -> None:
        """Others may see what is written from now on."""

    def end(self) -> None:
        """Others see it now, or it was not written."""


class Store:
    """A connection in autocommit mode; more than one statement is written through `transaction` and `savepoint` only.

    Plain synchronous sqlite3 on the event loop: nobody may await while a transaction is open. `is_new` says that there
    was nothing in the database when it was opened.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path | None, *, is_new: bool) -> None:
        self.connection = connection
        self.path = path
        self.is_new = is_new
        self.watch: WatchesCommits | None = None
        self.times_restored = 0
        self._lock: FileLock | None = None  # of a file that others read
        self._files: dict[Path, tuple[int, int]] = {}
        self._batched: int | None = None  # transactions in the open batch

    @classmethod
    def in_memory(cls, migrations: Sequence[Migrations]) -> "Store":
        """An empty chain that lives as long as the process."""
        connection = connect(_MEMORY)
        connection.execute("BEGIN")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        create_schema(connection, migrations)
        connection.execute("COMMIT")
        return cls(connection, None, is_new=True)

    @classmethod
    def from_image(cls, image: bytes) -> "Store":
        """A chain in memory from `image()` of another one."""
        connection = connect(_MEMORY)
        connection.deserialize(image)
        return cls(connection, None, is_new=False)

    @classmethod
    def in_file(cls, path: Path, migrations: Sequence[Migrations], *, is_shared: bool = False) -> "Store":
        """The chain in a file, made if absent; held exclusively, unless `is_shared` lets other processes read.

        Raises NodeError for a file that is not ours, is damaged, is in use, or was made by a newer program.
        """
        is_filled = _check_place(path)
        with file_errors(path), content_errors(path) if is_filled else nullcontext():
            connection = connect(str(path.absolute()))  # SQLite takes "file:…" for something else
            try:
                is_new, lock = _prepare_file(connection, path, is_shared=is_shared)
                migrate_file(connection, migrations)
            except NodeError as error:
                connection.close()
                raise NodeError(f"{path}: {error}") from None
            except BaseException:
                connection.close()
                raise
        store = cls(connection, path, is_new=is_new)
        store._lock = lock
        store.check_files()
        return store

    @contextmanager
    def _watched(self) -> Iterator[None]:
        if self.watch is None:
            yield
            return
        self.watch.begin()
        try:
            yield
        finally:
            self.watch.end()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Not re-entrant: a block is one transaction. Raises StorageFailed where the file is gone."""
        if self._batched is not None:
            with self._part_of_batch():
                yield
            return
        self.check_files()
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self._watched():
                self.connection.execute("COMMIT")
        except BaseException:
            # SQLite has rolled back by itself where the disk is full.
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Inside it, transactions are written to the file `BATCH` at a time, which is much faster.

        Each is still all or nothing. A killed process loses the last of them, each whole.
        """
        self._batched = 0
        try:
            yield
        finally:
            self._batched = None
            if self.connection.in_transaction:
                self._commit()

    @contextmanager
    def _part_of_batch(self) -> Iterator[None]:
        assert self._batched is not None
        if not self.connection.in_transaction:
            self.check_files()
            self.connection.execute("BEGIN IMMEDIATE")
        with self.savepoint():
            yield
        self._batched += 1
        if self._batched % BATCH == 0:
            self._commit()

    def _commit(self) -> None:
        try:
            with self._watched():
                self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """All or nothing inside an open transaction."""
        self.connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK TO part")
                self.connection.execute("RELEASE part")
            raise
        self.connection.execute("RELEASE part")

    def image(self) -> bytes:
        """The whole database as bytes, for `restore` and `from_image`; not in a transaction."""
        image = self.connection.serialize()
        if self.path is None:
            return image
        # The image of a WAL file says that it is one; of a chain in memory made from it, every write would fail.
        return image[: _JOURNAL_MODE.start] + _ROLLBACK_JOURNAL + image[_JOURNAL_MODE.stop :]

    def restore(self, image: bytes) -> None:
        """Puts an image in the place of everything, at once: a killed process leaves the one or the other, whole.

        Not in a transaction, nor while rows are being read. It is copied page by page: SQLite does not notice when
        `deserialize` takes the pages away under a statement that still reads them.
        """
        self.check_files()
        source = connect(_MEMORY)
        try:
            source.deserialize(image)
            self.times_restored += 1
            with self._watched():
                source.backup(self.connection)
        finally:
            source.close()

    def meta(self, key: str) -> str | None:
        """A value of `chain_meta`."""
        row = self.connection.execute("SELECT value FROM chain_meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Writes a value of `chain_meta`; part of the open transaction, if there is one."""
        if not self.connection.in_transaction:
            self.check_files()
        self._write_meta("INSERT OR REPLACE INTO chain_meta (key, value) VALUES (?, ?)", (key, value))

    def clear_meta(self, key: str) -> None:
        """Takes a value out of `chain_meta`, if it is there; part of the open transaction, if there is one."""
        self._write_meta("DELETE FROM chain_meta WHERE key = ?", (key,))

    def _write_meta(self, statement: str, values: tuple[str, ...]) -> None:
        with nullcontext() if self.connection.in_transaction else self._watched():
            self.connection.execute(statement, values)

    def check_files(self) -> None:
        """Raises StorageFailed where the database is no longer at its path: what is written now would be lost.

        Its write-ahead log is part of it, from when it first is there, and where others read it what leads them to
        what is in the log.
        """
        if self.path is None:
            return
        for suffix in ("", "-wal") if self._lock is None else ("", "-wal", "-shm"):
            path = self.path.with_name(self.path.name + suffix)
            try:
                found = path.stat()
                place = found.st_dev, found.st_ino
            except OSError:
                place = None
            known = self._files.get(path)
            if known is None and place is not None:
                self._files[path] = place
            elif known != place:
                failure = StorageFailed(
                    f"the database {path} was deleted or replaced while the node runs, so nothing more is written;"
                    " put it back, or start the node again"
                )
                tell(failure)
                raise failure

    def close(self) -> None:
        self.connection.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def discard(self) -> None:
        """Closes the database and removes its file."""
        self.close()
        if self.path is not None:
            for suffix in ("", "-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


def connect(target: str, *, is_uri: bool = False) -> sqlite3.Connection:
    """A connection to a file, or to memory, that waits for nobody."""
    connection = sqlite3.connect(target, isolation_level=None, timeout=0, cached_statements=256, uri=is_uri)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _check_place(path: Path) -> bool:
    """Makes the file where there is none; whether there is something in it. Raises NodeError where it can be none."""
    try:
        if str(path) == _MEMORY:
            raise NodeError(f"{path}: SQLite's name for no file; leave --db out for a chain in memory")
        if path.is_dir():
            raise NodeError(f"{path}: a folder; --db takes a file")
        if not path.parent.is_dir():
            raise NodeError(f"{path}: cannot be made, there is no folder {path.parent}")
        check_replaceable(path)
        # The keys of accounts are in it. What SQLite puts beside it gets the same mode.
        if not path.exists():
            make_private(path).close()
        return path.stat().st_size > 0
    except (OSError, ValueError) as error:
        raise NodeError(f"{path}: cannot be used: {getattr(error, 'strerror', None) or error}") from None


def _prepare_file(connection: sqlite3.Connection, path: Path, *, is_shared: bool) -> "tuple[bool, FileLock | None]":
    """Takes hold of a file, and marks it as ours if it is empty; whether it was, and the lock of a file that is shared.

    Raises NodeError if it is another program's or damaged, or where another node has it.
    """
    if not is_shared:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    # A process killed while it made the file leaves one without tables: as good as none.
    is_empty = connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    if not is_empty:
        _check(connection, path)
        _check_version(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    # A killed process loses no committed block with NORMAL; only a power cut may take the last ones, whole.
    connection.execute("PRAGMA synchronous = NORMAL")
    # A block of 100 transfers touches hundreds of pages: SQLite's checkpoints every 1000 would come with every second.
    connection.execute("PRAGMA wal_autocheckpoint = 16000")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("BEGIN IMMEDIATE")
    lock = None
    if is_shared:
        from rpcnode.chain.db.file_lock import FileLock

        lock = FileLock(path)
    if is_empty:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        create_migrations_table(connection)
    connection.execute("COMMIT")
    return is_empty, lock


def _check_version(connection: sqlite3.Connection) -> None:
    """Raises NodeError for a chain that an earlier program made, whose tables, or what is in them, are others."""
    rows = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'chain_meta'")
    if rows.fetchone() is None or connection.execute(_IS_FILLED).fetchone() is None:
        return
    of_n3, executed = connection.execute(_OF_N3).fetchone(), connection.execute(_SINCE_EXECUTION).fetchone()
    if of_n3 is not None and executed is None:
        what = ", which did not execute the blocks of N3"
    elif connection.execute(_SINCE_PACKED_ROWS).fetchone() is None:
        what = ""
    else:
        return
    raise NodeError(f"made by an earlier version{what}; give --db a file that does not exist yet, and the same fixture")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        raise NodeError("a database, but not one of rpcnode's; give --db a file that does not exist yet")
    if path.stat().st_size <= _SIZE_OF_QUICK_CHECK:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise NodeError(f"{DAMAGED}: {' '.join(verdict.split())}")


@contextmanager
def file_errors(path: Path | None) -> Iterator[None]:
    """Turns what is wrong with a database file into a NodeError. Other errors of SQLite are bugs of ours and stay."""
    try:
        yield
    except StorageFailed as error:
        raise NodeError(f"{path}: {error.detail}") from None
    except sqlite3.Error as error:
        if path is not None and storage_failure(error) is not None and not hasattr(error, "sqlite_errorcode"):
            raise NodeError(f"{path}: {DAMAGED} ({_line(error)})") from None
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
        reason = _REASONS.get(code & 0xFF)
        if path is None or reason is None:
            raise
        raise NodeError(f"{path}: {reason} ({_line(error)})") from None


@contextmanager
def content_errors(path: Path) -> Iterator[None]:
    """Says as a NodeError what is met where a database of ours holds what this program never writes."""
    try:
        yield
    except (*_OF_OTHER_CONTENT, sqlite3.Error) as error:
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _REASONS:
            raise
        raise NodeError(f"{path}: {DAMAGED} ({type(error).__name__}: {_line(error)})") from None


def _line(error: BaseException) -> str:
    """What an error says, in one line of bounded length: names in a damaged file may be anything."""
    return " ".join(str(error).split())[:_MOST_CHARACTERS]

"""Keeps two writers off one database file that several processes have open."""

import os
from pathlib import Path

from rpcnode.primitives.errors import NodeError


class FileLock:
    """Held as long as the process lives, or until it is closed.

    It is on the database's write-ahead log, on which SQLite itself has no locks. A node that does not share its file is
    kept off by SQLite's own locks on the database.
    """

    def __init__(self, path: Path) -> None:
        """Raises NodeError where another process holds it, or where the system has no such locks."""
        try:
            import fcntl
        except ImportError:
            raise NodeError("cannot be shared by processes on this system") from None
        try:
            self._descriptor = os.open(path.with_name(f"{path.name}-wal"), os.O_RDWR)
        except OSError as error:
            raise NodeError(f"cannot be shared by processes: its log cannot be opened, {error.strerror}") from None
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.close()
            raise NodeError("in use by another process") from None

    def close(self) -> None:
        """Lets others have it."""
        os.close(self._descriptor)

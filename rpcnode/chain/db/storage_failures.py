"""A database that fails while the node runs: what clients are told, and the operator, once."""

import logging
import sqlite3
from time import monotonic
from typing import Final

from rpcnode.primitives.errors import StorageFailed

logger = logging.getLogger("rpcnode")

DAMAGED: Final = "a damaged database; give --db a copy of it, or a file that does not exist yet"

_SILENT_S: Final = 60.0
_REASONS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full; what was asked is not done, and can be asked again once there is room",
    sqlite3.SQLITE_IOERR: "the database cannot be read or written",
    sqlite3.SQLITE_CORRUPT: f"the database is damaged: {DAMAGED}",
    sqlite3.SQLITE_NOTADB: f"the database is damaged: {DAMAGED}",
    sqlite3.SQLITE_READONLY: "the database cannot be written to",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened",
}
_UNDECODABLE: Final = "Could not decode to UTF-8"

_last_told: dict[str, float] = {}


def storage_failure(error: BaseException) -> StorageFailed | None:
    """What a client is told where the disk or the database is to blame; None for anything else."""
    if isinstance(error, StorageFailed):
        return error
    if not isinstance(error, sqlite3.Error):
        return None
    reason = _REASONS.get(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF)
    if reason is None and str(error).startswith(_UNDECODABLE):
        reason = f"the database is damaged: {DAMAGED}"
    return None if reason is None else StorageFailed(f"{reason} ({error})")


def tell(failure: StorageFailed) -> None:
    """Logs a failure, each kind once a minute at most: many calls may meet it."""
    told, now = str(failure.detail), monotonic()
    if now - _last_told.get(told, now - 2 * _SILENT_S) > _SILENT_S:
        _last_told[told] = now
        logger.error("%s", told)


def forget_told() -> None:
    """Lets each failure be logged at once again."""
    _last_told.clear()

"""How many connections the process has file descriptors for."""

import logging
from pathlib import Path
from typing import Final, NamedTuple

logger = logging.getLogger(__name__)

_SPARE: Final = 32  # for what the process still opens: files of the database, temporary files
_OPEN_AT_MOST: Final = 64  # what a process has open as a rule, where the system does not tell
_MOST_ACCEPTED: Final = 1024
_LEAST: Final = 8


class ConnectionRoom(NamedTuple):
    """Connections that may be open at once, and how many more may be accepted before that is looked at."""

    connections: int
    accepted_at_once: int


def room_for(connections: int) -> ConnectionRoom:
    """What there are descriptors for of so many connections.

    A limit that the process itself may raise, as macOS gives 256, is raised first; what it cannot raise is logged.
    """
    wanted = connections + _MOST_ACCEPTED // 4 + _SPARE + _OPEN_AT_MOST
    limit = limit_on_files(wanted)
    if limit is None:
        return ConnectionRoom(connections, _MOST_ACCEPTED)
    free = max(limit - files_open() - _SPARE, 2 * _LEAST)
    accepted = max(_LEAST, min(_MOST_ACCEPTED, free // 4))
    fitting = min(connections, max(_LEAST, free - accepted))
    if fitting < connections:
        logger.warning(
            "%d connections at once in place of %d: the process may have %d files open", fitting, connections, limit
        )
    return ConnectionRoom(fitting, accepted)


def limit_on_files(wanted: int) -> int | None:
    """The limit on open files, raised to what is wanted where that is allowed; None where there is none."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return None
    if soft < wanted:
        raised = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
        except (ValueError, OSError):
            return soft
        return raised
    return soft


def files_open() -> int:
    for folder in (Path("/proc/self/fd"), Path("/dev/fd")):
        try:
            return len(list(folder.iterdir()))
        except OSError:
            continue
    return _OPEN_AT_MOST

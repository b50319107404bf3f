"""What went wrong beyond what a method answers for: told to its caller, and logged once."""

import logging
from typing import Final

from rpcnode.chain.db.storage_failures import storage_failure, tell
from rpcnode.primitives.errors import InternalError, RpcError

logger = logging.getLogger("rpcnode.server")

_MOST_PLACES: Final = 1000

_logged: set[tuple[str, type[BaseException], str, int]] = set()


class NodeCrashError(Exception):
    """The emulated node throws where nothing catches: it answers HTTP 500 with an empty body."""


def failure_of(what: str, error: Exception) -> RpcError:
    """The error that the caller of `what` gets: of the disk, else an internal one.

    The log has the traceback of a bug the first time it comes from a place, later a line.
    """
    failure = storage_failure(error)
    if failure is not None:
        tell(failure)
        return failure
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    file, line = ("", 0) if trace is None else (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
    place = what, type(error), file, line
    if place in _logged:
        logger.error("%s failed again as before: %s: %.200s", what, type(error).__name__, error)
    else:
        if len(_logged) < _MOST_PLACES:
            _logged.add(place)
        logger.error("%s failed", what, exc_info=error)
    return InternalError()

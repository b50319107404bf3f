"""What clients make go wrong inside the event loop, where no handler of ours stands: told in a line, or not at all."""

import asyncio
import errno
import logging
from typing import Any, Final

logger = logging.getLogger(__name__)

_OUT_OF_RESOURCES: Final = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM))
_CLIENT_IS_GONE: Final = frozenset((errno.ENOTCONN, errno.EPIPE, errno.ESHUTDOWN, errno.ECONNRESET))


class LoopErrors:
    """Stands before the exception handler of a loop until it leaves.

    A connection that cannot be accepted for want of descriptors is told once a server: asyncio itself tries again after
    a second, and reports each of up to a thousand tries. A client that resets its connection is nobody's error.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._before = loop.get_exception_handler()
        self._is_told = False
        loop.set_exception_handler(self._handle)

    def leave(self) -> None:
        """Put back the handler that was there before."""
        self._loop.set_exception_handler(self._before)

    def _handle(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        number = error.errno if isinstance(error, OSError) else None
        if number in _OUT_OF_RESOURCES and "socket" in context:
            if not self._is_told:
                self._is_told = True
                logger.error("no further connection can be accepted for now: %s", error)
        elif number in _CLIENT_IS_GONE:
            logger.debug("a client is gone: %s", error)
        elif self._before is not None:
            self._before(loop, context)
        else:
            loop.default_exception_handler(context)

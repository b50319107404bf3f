"""A client's connection at a reader, which answers plain POSTs; where anything else comes in, the writer gets it.

So one process alone has to do with the rest of HTTP: pages, REST, websockets, and requests that are malformed or slow.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any, Final

from aiohttp import web

from rpcnode.primitives.kept_table import KeptTable
from rpcnode.server.http.connection import Connection, Phase
from rpcnode.server.http.request_head import PLAIN_HEAD, says_twice

_END: Final = b"\r\n\r\n"
_POST: Final = b"POST "
_LONGEST: Final = 256 * 1024  # bytes of a request that is waited for
_PATIENCE: Final = 0.05  # seconds that its next piece is waited for
_RETRY: Final = 0.01  # seconds
_MOST_OF_HEADS: Final = 256 * 1024  # bytes of heads that are known again
_AROUND_HEAD: Final = 200  # bytes that keeping one takes besides

Give = Callable[[socket.socket, bytes], None]
"""Sends an open socket to the writer, with the bytes that were read from it."""


class PlainPosts:
    """Tells requests that a reader answers from all others."""

    def __init__(self, longest_body: int, is_others: Callable[[bytes], bool]) -> None:
        """`is_others` tells of the target of a POST whether something else than JSON-RPC answers it."""
        self._longest = min(longest_body, _LONGEST)
        self._is_others = is_others
        self._heads: Final[KeptTable[bytes, int]] = KeptTable(_MOST_OF_HEADS)

    def missing(self, data: bytes) -> int | None:
        """How many bytes are missing, at least, of one plain POST; None where it is anything else."""
        at = data.find(_END)
        if at < 0:
            begins = data[: len(_POST)] == _POST[: len(data)]
            return 1 if begins and len(data) < _LONGEST else None
        head = data[: at + len(_END)]
        length = self._heads.get(head)
        if length is None:
            length = self._length_of(head)
            if length is None:
                return None
            self._heads.keep(head, length, len(head) + _AROUND_HEAD)
        missing = len(head) + length - len(data)
        return None if missing < 0 else missing

    def _length_of(self, head: bytes) -> int | None:
        found = PLAIN_HEAD(head)
        if found is None or not head.startswith(_POST) or found[1] is None or says_twice(head):
            return None
        if b"\nexpect:" in head.lower():
            return None
        length = int(found[1])
        return None if length > self._longest or self._is_others(head.split(b" ", 2)[1]) else length


class ReaderConnection(Connection):
    """Holds back what comes in until it is one whole request, and what comes after that until it is answered."""

    __slots__ = ("_collects", "_give", "_held", "_is_given", "_patience", "_posts")

    def __init__(self, *arguments: Any, posts: PlainPosts, give: Give, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._posts = posts
        self._give = give
        self._held = b""  # what came in and nobody has looked at
        self._collects = False  # the pieces of a request, in `_held`
        self._patience: asyncio.TimerHandle | None = None
        self._is_given = False

    def _read(self, data: bytes, *, waits: bool) -> None:
        if not data or (waits and self._posts.missing(data) == 0):
            super()._read(data, waits=waits)
            return
        self._held += data
        if waits:
            self._collects = True
            self.enter(Phase.HEADERS)
        self._go_on()

    def eof_received(self) -> bool:  # type: ignore[override]  # as in Connection
        """As `Connection` has it; a connection with a part of a request goes to the writer at once."""
        if self._collects:
            self._give_away()
            return True
        return super().eof_received()

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Write the reply, and read what was held back meanwhile."""
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            if self._held and self.phase is Phase.IDLE:
                self._collects = True
                self.enter(Phase.HEADERS)
                asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        transport = self._transport
        if self._is_given or transport is None:
            return
        if not self._collects:
            if len(self._held) > _LONGEST:
                transport.pause_reading()
            return
        missing = self._posts.missing(self._held)
        if missing is None:
            self._give_away()
        elif missing:
            self._patience = asyncio.get_running_loop().call_later(_PATIENCE, self._give_away)
        else:
            data, self._held, self._collects = self._held, b"", False
            if not transport.is_reading():
                transport.resume_reading()
            if not self._took_short_way(data):
                super()._read(data, waits=True)

    def _give_away(self) -> None:
        """Sends the connection to the writer, once the client has taken all that was answered."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        self._is_given = True
        transport.pause_reading()
        if transport.get_write_buffer_size():
            asyncio.get_running_loop().call_later(_RETRY, self._give_away)
            return
        self._give(transport.get_extra_info("socket").dup(), self._held)
        transport.abort()  # of this process's part of it

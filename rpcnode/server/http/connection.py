"""One client's connection: aiohttp's protocol, plus knowing what it is waiting for and how to part without a reset."""

import asyncio
import logging
import time
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, Protocol

from aiohttp import StreamReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from rpcnode import __version__
from rpcnode.server.http.request_head import Refused
from rpcnode.server.http.request_stream import RequestStream
from rpcnode.server.http.wire_reply import WireReply, header_block
from rpcnode.server.jsonrpc.loopback import same_machine
from rpcnode.server.jsonrpc.reply import Reply, Steps
from rpcnode.server.traffic.journal import Client, agent_of

logger = logging.getLogger(__name__)

SERVER_NAME: Final = f"rpcnode/{__version__}"
"""The value of the Server header."""

_NO_LIMIT: Final = 2**20  # for aiohttp: all limits are RequestStream's
_MOST_AT_ONCE: Final = 16 * 1024  # bytes read in one turn of the event loop: as chunks of one byte they take 10 ms
_AFTER_HALF_CLOSE: Final = 0.05  # seconds; for requests that came in before the client closed its side


class SlowBodyError(Exception):
    """A request body comes in below the lowest rate."""


class Phase(Enum):
    """What a connection is waiting for, or doing."""

    NEW = "new"  # no byte has come yet
    IDLE = "idle"  # between two requests
    HEADERS = "headers"  # a request has begun
    BODY = "body"  # its headers are complete
    ANSWERING = "answering"
    TALKING = "talking"  # over a websocket, which looks after itself
    LINGERING = "lingering"  # all is said: what still comes is dropped until the client closes too


class LastReply(WireReply):
    """A status without a body, after which the connection ends.

    A socket closed with unread data resets the client, which then loses the reply. So the sending side is closed, and
    what the client is still sending is read and dropped for a while.
    """

    def __init__(self, status: int, allow: str | None = None) -> None:
        """`allow` is the value of the header Allow, which a 405 has."""
        headers = [] if allow is None else [(hdrs.ALLOW, allow)]
        super().__init__(status, header_block([(hdrs.SERVER, SERVER_NAME), *headers]), closes=True)
        self._connection: web.RequestHandler | None = None

    async def prepare(self, request: web.BaseRequest) -> Any:
        """Write it."""
        self._connection = request.protocol
        return await super().prepare(request)

    async def write_eof(self, data: bytes = b"") -> None:
        """Begin to linger."""
        if isinstance(self._connection, Connection):
            self._connection.linger()


class ConnectionKeeper(Protocol):
    """What a connection reports to; connection_table.py has it."""

    def admit(self, connection: "Connection") -> bool:
        """Whether there is room for a new connection."""

    def forget(self, connection: "Connection") -> None:
        """The connection is gone."""

    def check_dropped(self, connection: "Connection") -> None:
        """The lingering connection has sent more, which was dropped."""


class AnswersAtOnce(Protocol):
    """The short way past aiohttp; short_way.py has it."""

    def take(self, connection: "Connection", data: bytes) -> bool:
        """Whether what came in over a connection that waited for a request is answered."""


class Connection(web.RequestHandler):
    """aiohttp's handler of one connection, watched by a ConnectionTable, which closes what takes too long."""

    __slots__ = (
        "_came_before",
        "_half_closed",
        "_lingering_on",
        "_requests",
        "_short_way",
        "_table",
        "_transport",
        "_unread",
        "_unread_since",
        "begun",
        "body",
        "client",
        "dropped_bytes",
        "is_local",
        "phase",
        "since",
        "whole",
    )

    def __init__(
        self,
        manager: web.Server,
        table: ConnectionKeeper,
        max_line_size: int,
        websocket_path: str | None = None,
        short_way: AnswersAtOnce | None = None,
        came_before: bytes = b"",
        **options: Any,
    ) -> None:
        """`max_line_size` is in bytes, of a request's first line with its end; `came_before` is read first."""
        super().__init__(manager, max_line_size=_NO_LIMIT, max_field_size=_NO_LIMIT, **options)
        self._table = table
        self._requests = RequestStream(max_line_size, websocket_path)
        self._short_way = short_way
        self._came_before = came_before
        self._half_closed = False
        self._lingering_on: asyncio.Transport | None = None
        self._transport: asyncio.Transport | None = None  # until the connection is gone; aiohttp lets go earlier
        self._unread = 0  # bytes of answers that the client had yet to take
        self._unread_since = 0.0  # when that was looked at
        self.is_local = False  # whether the client is on this machine
        self.client = Client("")  # as it was last named
        self.phase = Phase.NEW
        self.since = 0.0  # time.monotonic() when the phase began
        self.body: StreamReader | None = None  # the one waited for in Phase.BODY
        self.dropped_bytes = 0  # while lingering
        self.begun: Reply | Steps | None = None  # the answer to the request that comes next in the ordinary way
        self.whole: bytes | None = None  # that request with its body, if it came as it is to be, and nothing after it

    @property
    def refused(self) -> Refused | None:
        """Why the request with the target `NOT_TAKEN` was not taken."""
        return self._requests.refused

    def enter(self, phase: Phase) -> None:
        """Begin a phase."""
        self.phase = phase
        self.since = time.monotonic()

    def client_of(self, headers: Mapping[str, str]) -> Client:
        """Who sends a request with those headers."""
        agent = agent_of(headers)
        if self.client.agent != agent:
            self.client = self.client.named(agent)
        return self.client

    def expect_body(self, body: StreamReader) -> None:
        """Begin to wait for the rest of a request's body."""
        self.body = body
        self.enter(Phase.BODY)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the table, or be closed at once when it is full of connections at work."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.max_size = _MOST_AT_ONCE  # type: ignore[attr-defined]  # of selector loops: 256 KiB else
        peer = transport.get_extra_info("peername")
        self.is_local = same_machine(peer, transport.get_extra_info("sockname"))
        self.client = Client.of(peer)
        self.enter(Phase.NEW)
        if self._table.admit(self):
            super().connection_made(transport)
            if self._came_before:
                self.data_received(self._came_before)
                self._came_before = b""
        else:
            transport.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Leave the table."""
        self._table.forget(self)
        self._lingering_on = self._transport = None
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        """Go on writing: the client has taken most of what waited for it."""
        self._unread = 0
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Read on, or drop what comes after the last reply."""
        if self.phase is Phase.LINGERING:
            self.dropped_bytes += len(data)
            self._table.check_dropped(self)
            return
        waits = (self.phase is Phase.IDLE or self.phase is Phase.NEW) and self._requests.is_between
        if data and waits and not self._messages and self._took_short_way(data):
            return
        self._read(data, waits=waits and not self._messages)

    def _took_short_way(self, data: bytes) -> bool:
        if self._short_way is None or not self._short_way.take(self, data):
            return False
        self.enter(Phase.IDLE)
        return True

    def _read(self, data: bytes, *, waits: bool) -> None:
        """Read what goes the ordinary way; `waits`: nothing of the next request has come before."""
        requests, taken = self._requests, data
        if data:  # aiohttp comes back with nothing, to read on in what it left unread
            taken = requests.feed(data)
            self.whole = requests.whole if waits else None
        if self.phase is Phase.IDLE:
            self.enter(Phase.HEADERS)
        elif self.phase is Phase.NEW:
            self.phase = Phase.HEADERS  # the time since the connection was made counts
        if taken or not data:
            super().data_received(taken)
        if self.phase is Phase.BODY and self._messages and self.body is not None and not self.body.is_eof():
            # No request begins inside a body: the message is the parser's error, which aiohttp does not tell the body.
            self.body.set_exception(web.RequestPayloadError("the body is framed wrongly"))

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio.Protocol's; aiohttp only ever returns None
        """True, keep the sending side open, while the client that closed its own may wait for a reply."""
        if self.phase is Phase.HEADERS or self.phase is Phase.ANSWERING:
            self._half_closed = True
        elif self.phase is Phase.BODY:
            self._half_closed = self.body is None or self.body.is_eof()
        if self._half_closed:
            asyncio.get_running_loop().call_later(_AFTER_HALF_CLOSE, self._close_unless_answering)
        return self._half_closed

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Write the reply; the connection is idle after it, or parts from a client that is still sending its body."""
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            if self.phase is not Phase.LINGERING:
                if request.content.is_eof():
                    self.enter(Phase.IDLE)
                else:
                    self.linger()
            if self._half_closed:
                asyncio.get_running_loop().call_later(_AFTER_HALF_CLOSE, self._close_unless_answering)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The reply to what is framed wrongly, or makes our own code fail; empty, as Kestrel's are."""
        if request.writer.output_size > 0:
            raise ConnectionError("part of a reply is sent already") from exc
        if isinstance(exc, HttpProcessingError | ConnectionError):
            return LastReply(400)
        logger.error("%s %s failed", request.method, request.raw_path, exc_info=exc)
        return web.Response(status=status, headers={hdrs.SERVER: SERVER_NAME})

    @property
    def is_gone(self) -> bool:
        """Whether nobody is there any more to take an answer."""
        return self._transport is None

    def reads_slower_than(self, bytes_per_second: int, grace: float, now: float) -> bool:
        """Whether the client, on the average since it fell behind, has taken less than that of what is written.

        Judged once `grace` seconds are over. Nothing more is written while much waits to be taken.
        """
        pending = 0 if self._transport is None else self._transport.get_write_buffer_size()
        if pending == 0 or self._unread == 0 or pending > self._unread:
            self._unread, self._unread_since = pending, now
            return False
        waited = now - self._unread_since
        return waited > grace and self._unread - pending < waited * bytes_per_second

    def abort(self) -> None:
        """End at once; what is written and not taken yet is lost."""
        if self._transport is not None:
            self._transport.abort()

    def time_out(self) -> None:
        """End a connection whose request does not come in: 408 if one has begun, a plain close otherwise."""
        if self.phase is Phase.BODY and self.body is not None:
            # The handler that reads the body answers 408.
            self.body.set_exception(SlowBodyError())
            return
        transport = self.transport
        if self.phase is Phase.HEADERS and transport is not None:
            transport.write(
                b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n"
                b"Server: " + SERVER_NAME.encode() + b"\r\n\r\n"
            )
        self.end()

    def linger(self) -> None:
        """Close the sending side, and drop what comes in until the client closes or the table loses patience."""
        transport = self.transport
        if transport is None:
            return
        # RequestHandler would close the transport now; without one it just ends.
        self.transport = None
        self._lingering_on = transport
        self.enter(Phase.LINGERING)
        if not transport.is_closing():
            try:
                transport.write_eof()
            except OSError:
                # The client has reset the connection, which is noticed first here.
                transport.abort()
            else:
                transport.resume_reading()

    def end(self) -> None:
        """Close at once; what is written already is still sent."""
        if self._lingering_on is not None:
            self._lingering_on.abort()
        self.force_close()

    def _close_unless_answering(self) -> None:
        body_is_complete = self.body is not None and self.body.is_eof()
        if self.phase is not Phase.ANSWERING and not (self.phase is Phase.BODY and body_is_complete):
            self.end()

"""The HTTP server: any path, GET and POST, on aiohttp's low-level server with Kestrel's limits."""

import asyncio
import errno
import os
import socket
import zlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from multidict import CIMultiDictProxy

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.server.http.connection import SERVER_NAME, Connection, LastReply, Phase, SlowBodyError
from rpcnode.server.http.connection_table import ConnectionLimits, ConnectionTable
from rpcnode.server.http.content_coding import accepts_gzip
from rpcnode.server.http.descriptors import room_for
from rpcnode.server.http.front_page import FrontPage
from rpcnode.server.http.loop_errors import LoopErrors
from rpcnode.server.http.request_stream import NOT_TAKEN
from rpcnode.server.http.short_way import COMPRESSED_IN_PLACE, GZIP_LEVEL, GZIP_WINDOW, ReplyHead, ShortWay
from rpcnode.server.http.struck_reply import rest_answer, struck
from rpcnode.server.http.wire_reply import WireReply, header_block
from rpcnode.server.jsonrpc.access import CHALLENGE, AccessRules, Authorization, CrossOriginRules
from rpcnode.server.jsonrpc.dialect import DEFAULT_MAX_BODY_SIZE, DIALECTS
from rpcnode.server.jsonrpc.reply import AnswersRequests, Reply, Steps, Turns, finished_in_turns
from rpcnode.server.traffic.traffic import Traffic

if TYPE_CHECKING:
    from rpcnode.server.http.request_log import RequestLog

RestHandler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse] | None]
"""Asked before the RPC server: the answer to come, or None when the path is not one of REST's."""

MAX_LINE_SIZE: Final = 8 * 1024
"""Kestrel's limit on the request line, in bytes."""

_AROUND_TARGET: Final = len(" " + " HTTP/1.1" + "\r\n")  # of a request line, but for its method
_SERVER: Final = (hdrs.SERVER, SERVER_NAME)
_CHALLENGE: Final = (hdrs.WWW_AUTHENTICATE, CHALLENGE)
_BACKLOG: Final = 1024
_SHARED_AT_ONCE: Final = 1  # connections accepted before other processes that listen have their turn
_NEVER: Final = 365 * 86400.0  # seconds; the table closes idle connections, not aiohttp
_LOOPS_WITHOUT_READERS: Final = getattr(asyncio, "ProactorEventLoop", ())  # on Windows alone, where it is the default
_GRACE: Final = 0.8  # seconds that stopping waits for requests being answered
_TURNS_OF_ACCEPTING: Final = 3  # of the event loop, from a connection accepted to one that is known to us


class RpcHttpServer:
    """Serves one RPC endpoint.

    `limits`, by default those of the settings, also holds what neo-cli's settings do not reach. `max_line_size` is in
    bytes and never above the limit on bodies. `own_paths` are asked first, but for a POST, and open a websocket where a
    GET of `websocket_path` asks for one. `traffic` is for the REST requests; the envelope has its own way to it.
    """

    def __init__(
        self,
        settings: HttpSettings,
        profile: ProfileName,
        envelope: AnswersRequests,
        rest: RestHandler | None = None,
        *,
        traffic: Traffic | None = None,
        front_page: FrontPage | None = None,
        own_paths: RestHandler | None = None,
        websocket_path: str | None = None,
        max_line_size: int = MAX_LINE_SIZE,
        limits: ConnectionLimits | None = None,
        log: "RequestLog | None" = None,
        takes_short_way: bool = True,
        connection_type: Callable[..., Connection] = Connection,
    ) -> None:
        self._settings = settings
        self._log = log
        self._dialect = DIALECTS[profile]
        self._envelope = envelope
        self._rest = rest
        self._traffic = traffic
        self._front_page = front_page
        self._own_paths = own_paths
        self._websocket_path = websocket_path
        self._access = AccessRules(profile, settings)
        self._cross_origin = CrossOriginRules(profile, settings)
        self._limits = limits or limits_of(settings)
        self._room = room_for(self._limits.connections)
        self._table = ConnectionTable(replace(self._limits, connections=self._room.connections))
        self._max_body_size = settings.max_request_body_size or DEFAULT_MAX_BODY_SIZE
        self._max_line_size = min(max_line_size, self._max_body_size)
        self._head = lru_cache(maxsize=256)(self._make_head)
        self._turns = Turns()
        # Each request of a server with a log has a line there, which the ordinary way writes.
        self._short_way = ShortWay(envelope) if takes_short_way and log is None else None
        self._web_server: web.Server | None = None
        self._connection_type = connection_type
        self._listeners: list[asyncio.Server] = []
        self._loop_errors: LoopErrors | None = None

    async def start(self, *, is_shared: bool = False) -> int:
        """Listen; the port, which is the settings' unless that is 0. `is_shared`: other processes listen on it too.

        Raises NodeError when the port cannot be had.
        """
        loop, settings = asyncio.get_running_loop(), self._settings
        at_once = _SHARED_AT_ONCE if is_shared else self._room.accepted_at_once
        self._begin()
        try:
            listener = await loop.create_server(self._connection, settings.bind_address, settings.port, backlog=at_once)
        except OSError as error:
            # asyncio wraps the system's words in its own; a name that does not resolve has words only.
            # From Python 3.13 on, an address that is not this machine's has neither.
            number = errno.EADDRNOTAVAIL if error.errno is None else error.errno
            reason = os.strerror(number) if number > 0 else error.strerror
            raise NodeError(f"cannot listen on {settings.bind_address}:{settings.port}: {reason}") from error
        self._take_listeners([listener])
        port: int = listener.sockets[0].getsockname()[1]
        return port

    async def start_on(self, sockets: Sequence[socket.socket]) -> None:
        """Listen on sockets on which other processes listen too."""
        loop = asyncio.get_running_loop()
        self._begin()
        self._take_listeners(
            [await loop.create_server(self._connection, sock=each, backlog=_SHARED_AT_ONCE) for each in sockets]
        )

    async def adopt(self, accepted: socket.socket, data: bytes) -> None:
        """Serve a connection that another process has accepted, over which `data` has come in."""
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(lambda: self._connection(came_before=data), accepted)

    @property
    def descriptors(self) -> list[int]:
        """Those of the sockets on which it listens."""
        return [own_socket.fileno() for listener in self._listeners for own_socket in listener.sockets]

    async def finished(self, steps: Steps, is_gone: Callable[[], bool]) -> Reply:
        """A reply in the making, in turns with the others of this server; raises as `finished_in_turns`."""
        return await finished_in_turns(steps, self._turns, is_gone)

    def _begin(self) -> None:
        self._web_server = web.Server(self._handle if self._log is None else self._log.around(self._handle))

    def _connection(self, came_before: bytes = b"") -> Connection:
        return self._connection_type(
            self._web_server,
            self._table,
            self._max_line_size,
            self._websocket_path,
            self._short_way,
            came_before,
            loop=asyncio.get_running_loop(),
            access_log=None,
            keepalive_timeout=_NEVER,
            lingering_time=0.0,
            auto_decompress=False,
        )

    def _take_listeners(self, listeners: list[asyncio.Server]) -> None:
        self._listeners = listeners
        for listener in listeners:
            for own_socket in listener.sockets:
                with own_socket.dup() as same:
                    same.listen(_BACKLOG)  # what the system lets wait is more than what is accepted at once
        self._loop_errors = LoopErrors(asyncio.get_running_loop())
        self._table.start()

    async def stop(self) -> None:
        """Stop listening, finish what is being answered and close every connection; takes under a second."""
        if not self._listeners or self._web_server is None:
            return
        await self._stop_accepting()
        self._web_server.pre_shutdown()
        self._table.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._table.wait_until_empty(), _GRACE)
        await self._web_server.shutdown(timeout=0.01)
        self._table.end_all()
        await asyncio.sleep(0)
        if self._loop_errors is not None:
            self._loop_errors.leave()
        self._listeners = []

    async def _stop_accepting(self) -> None:
        """Close the listeners, once every connection that was accepted is in the table.

        asyncio forgets, unclosed, a connection that it accepts in the turn in which its listener closes.
        """
        loop = asyncio.get_running_loop()
        if not isinstance(loop, _LOOPS_WITHOUT_READERS):
            for descriptor in self.descriptors:
                loop.remove_reader(descriptor)
        for _ in range(_TURNS_OF_ACCEPTING):
            await asyncio.sleep(0)
        for listener in self._listeners:
            listener.close()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = request.protocol
        assert isinstance(connection, Connection)
        if request.raw_path == NOT_TAKEN and connection.refused is not None:
            return LastReply(connection.refused.status, connection.refused.allow)
        own_paths = self._own_paths
        if own_paths is not None and request.method != hdrs.METH_POST and (own := own_paths(request)) is not None:
            connection.enter(Phase.ANSWERING)
            return await own
        if self._rest is not None and (answering := self._rest(request)) is not None:
            connection.enter(Phase.ANSWERING)
            return await (answering if self._traffic is None else rest_answer(request, answering, self._traffic))
        if self._rest is not None and self._is_long(request):
            return LastReply(414)
        if "%00" in request.raw_path and "%00" in request.raw_path.partition("?")[0]:
            return LastReply(400)
        payload = request.content
        try:
            body = payload.read_nowait() if payload.is_eof() else await self._remaining_body(request, connection)
        except SlowBodyError:
            return LastReply(408)
        except (web.RequestPayloadError, HttpProcessingError):
            return LastReply(400)
        if body is None or len(body) > self._max_body_size:
            return LastReply(413)
        if self._log is not None:
            self._log.take(body)
        connection.enter(Phase.ANSWERING)
        headers = request.headers
        page = self._front_page
        if page is not None and page.is_asked(request.method, request.rel_url.raw_query_string, headers):
            return await page.answer(request, self._authorization_of(request))
        origin = _joined(headers, hdrs.ORIGIN)
        method = request.method
        if method == hdrs.METH_POST:
            begun, connection.begun = connection.begun, None
            if begun is None:
                begun = self._begin_post(request, body, connection)
        elif method == hdrs.METH_GET:
            # A `#` is a character of the query like any other, for Kestrel.
            _, _, query = request.raw_path.partition("?")
            begun = self._envelope.begin_get(query, self._authorization_of(request), connection.client_of(headers))
        else:
            return self._other_method(request, origin)
        reply = (
            begun
            if isinstance(begun, Reply)
            else await finished_in_turns(begun, self._turns, lambda: connection.is_gone)
        )
        is_challenged = reply.is_challenged or reply.status == 401
        head = self._head(origin, _joined(headers, hdrs.ACCEPT_ENCODING), is_challenged)
        content = reply.body
        if reply.status == 500:
            # Kestrel drops the headers that were set before the handler failed.
            answer = WireReply(500, header_block([_SERVER]))
        elif not content:
            answer = WireReply(reply.status, head.without_body)
        else:
            if head.gzip:
                content = await _compressed(content)
            answer = WireReply(reply.status, head.with_body, content)
        return answer if reply.strike is None else await struck(answer, reply.strike)

    def _begin_post(self, request: web.BaseRequest, body: bytes, connection: Connection) -> Reply | Steps:
        """The reply, or the steps to it, to a POST, whose head the short way knows from now on."""
        headers, authorization = request.headers, self._authorization_of(request)
        whole, is_plain = connection.whole, request.keep_alive and hdrs.EXPECT not in headers
        if self._short_way is not None and whole is not None and is_plain and authorization is Authorization.GRANTED:
            said = _joined(headers, hdrs.ORIGIN), _joined(headers, hdrs.ACCEPT_ENCODING)
            self._short_way.learn(whole, body, headers, (self._head(*said, False), self._head(*said, True)))
        client = connection.client_of(headers)
        return self._envelope.begin_post(body, authorization, headers, is_local=connection.is_local, client=client)

    def _is_long(self, request: web.BaseRequest) -> bool:
        """Whether the request line is too long for the RPC server, whose limit is below that of the REST faces."""
        size = len(request.method) + len(request.raw_path) + _AROUND_TARGET
        return size > min(MAX_LINE_SIZE, self._max_body_size)

    async def _remaining_body(self, request: web.BaseRequest, connection: Connection) -> bytes | None:
        """A body that is still coming in; None when it is or will be too long, and then most of it is left unread."""
        limit = self._max_body_size
        if (request.content_length or 0) > limit:
            return None
        payload = request.content
        connection.expect_body(payload)
        if request.headers.get(hdrs.EXPECT, "").lower() == "100-continue" and request.transport is not None:
            request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = bytearray()
        while chunk := await payload.readany():
            body += chunk
            if len(body) > limit:
                return None
        return bytes(body)

    def _authorization_of(self, request: web.BaseRequest) -> Authorization:
        if not self._access.asks_credentials:
            return Authorization.GRANTED
        return self._access.authorize(_joined(request.headers, hdrs.AUTHORIZATION))

    def _other_method(self, request: web.BaseRequest, origin: str | None) -> web.StreamResponse:
        """The answer to a CORS preflight, or to a method that the node does not look at."""
        cross_origin = self._cross_origin
        if (
            cross_origin.answers_preflights
            and request.method == hdrs.METH_OPTIONS
            and origin
            and hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers
        ):
            return WireReply(204, header_block([_SERVER, *cross_origin.preflight_headers_for(origin).items()]))
        return WireReply(200, header_block([_SERVER, *cross_origin.headers_for(origin).items()]))

    def _make_head(self, origin: str | None, accept_encoding: str | None, is_challenged: bool) -> ReplyHead:
        headers = [_SERVER, *self._cross_origin.headers_for(origin).items()]
        if is_challenged:
            headers.append(_CHALLENGE)
        with_body = [*headers, (hdrs.CONTENT_TYPE, self._dialect.content_type)]
        gzip = accepts_gzip(accept_encoding)
        if accept_encoding:
            with_body.append((hdrs.VARY, hdrs.ACCEPT_ENCODING))
        if gzip:
            with_body.append((hdrs.CONTENT_ENCODING, "gzip"))
        return ReplyHead(
            with_body=header_block(with_body),
            without_body=header_block(headers),
            gzip=gzip,
        )


def _joined(headers: CIMultiDictProxy[str], name: str) -> str | None:
    """A header that may be given more than once, as ASP.NET makes one text of it."""
    return ",".join(headers.getall(name)) if name in headers else None


async def _compressed(body: bytes) -> bytes:
    if len(body) > COMPRESSED_IN_PLACE:
        return await asyncio.to_thread(zlib.compress, body, GZIP_LEVEL, GZIP_WINDOW)
    return zlib.compress(body, GZIP_LEVEL, GZIP_WINDOW)


def limits_of(settings: HttpSettings) -> ConnectionLimits:
    """Kestrel's limits with the settings' in their places; a keep-alive timeout of -1 is none, 0 connections are 40."""
    return ConnectionLimits(
        connections=settings.max_concurrent_connections or 40,
        headers_timeout=settings.request_headers_timeout,
        keep_alive=None if settings.keep_alive_timeout < 0 else settings.keep_alive_timeout,
    )

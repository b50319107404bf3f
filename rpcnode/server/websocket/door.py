"""Clients of the websocket: who may come in, what they say, and what they are told.

Source: neo-go 0.120, pkg/services/rpcsrv/server.go: handleHTTPRequest, handleWsReads, handleWsWrites.
"""

import asyncio
import base64
import binascii
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import suppress
from functools import partial
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Final

from aiohttp import WSCloseCode, WSMsgType, hdrs, web

from rpcnode.primitives.json import Json
from rpcnode.server.http.connection import SERVER_NAME, Connection, Phase
from rpcnode.server.http.wire_reply import WireReply, header_block
from rpcnode.server.jsonrpc.access import CHALLENGE, AccessRules, Authorization
from rpcnode.server.jsonrpc.reply import AnswersRequests, Method, Reply, Turns, finished_in_turns
from rpcnode.server.websocket.feed import EventFeed
from rpcnode.server.websocket.filters import AddressOf
from rpcnode.server.websocket.limits import WebSocketLimits
from rpcnode.server.websocket.subscriber import Subscriber

if TYPE_CHECKING:
    from rpcnode.server.http.request_log import RequestLog

_VERSION: Final = "13"
_KEY_SIZE: Final = 16
_UNREADABLE: Final = b'{"jsonrpc":"2.0","id":null,"error":{"code":-32700,'
_FULL: Final = (
    b'{"id":null,"jsonrpc":"2.0","error":{"code":-32603,"message":"Internal error",'
    b'"data":"websocket users limit reached"}}\n'
)
_OVER: Final = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)


class WebSocketDoor:
    """Takes in the clients of one server."""

    def __init__(
        self,
        envelope_of: Callable[[Mapping[str, Method]], AnswersRequests],
        methods: Mapping[str, Method],
        access: AccessRules,
        feed: EventFeed,
        address_of: AddressOf,
        limits: WebSocketLimits,
        log: "RequestLog | None" = None,
    ) -> None:
        """`envelope_of` gives what answers requests over a table of methods."""
        self._envelope_of = envelope_of
        self._methods = methods
        self._access = access
        self._feed = feed
        self._address_of = address_of
        self._limits = limits
        self._log = log
        self._turns = Turns()
        self._clients: set[Client] = set()

    @property
    def numbers(self) -> tuple[int, int, int]:
        """How many clients there are, how many subscriptions they have, and how often one was told `event_missed`."""
        subscribers = self._feed.subscribers
        subscriptions = sum(each.subscriptions for each in subscribers)
        return len(self._clients), subscriptions, self._feed.missed + sum(each.missed for each in subscribers)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """The whole of one client's stay, or why it may not come in."""
        refused = self._refused(request)
        if refused is not None:
            return refused
        connection = request.protocol
        assert isinstance(connection, Connection)
        limits = self._limits
        socket = web.WebSocketResponse(
            timeout=limits.close, autoping=False, autoclose=False, compress=False, max_msg_size=limits.message_bytes
        )
        socket.headers[hdrs.SERVER] = SERVER_NAME
        subscriber = Subscriber(limits, self._address_of, lambda: self._feed.height)
        own: dict[str, Method] = {
            "subscribe": partial(self._changing, subscriber.subscribe),
            "unsubscribe": partial(self._changing, subscriber.unsubscribe),
        }
        envelope = self._envelope_of(_MethodsOver(own, self._methods))
        client = Client(socket, request, connection, subscriber, envelope, limits, self._turns, self._log)
        self._clients.add(client)
        self._feed.add(subscriber)
        try:
            await socket.prepare(request)
            connection.enter(Phase.TALKING)
            await client.stay()
        finally:
            self._clients.discard(client)
            self._feed.remove(subscriber)
        return socket

    async def close(self) -> None:
        """Says goodbye to every client, and stops looking at the chain."""
        await asyncio.gather(*(client.part() for client in self._clients))
        await self._feed.close()

    def _changing(self, change: Callable[[list[Json]], Json], params: list[Json]) -> Json:
        answer = change(params)
        self._feed.look()
        return answer

    def _refused(self, request: web.BaseRequest) -> web.StreamResponse | None:
        headers = request.headers
        if self._access.authorize(headers.get(hdrs.AUTHORIZATION)) is not Authorization.GRANTED:
            return _last(401, (hdrs.WWW_AUTHENTICATE, CHALLENGE))
        if not self._access.lets_page_in(headers):
            return _last(403)
        key = headers.get(hdrs.SEC_WEBSOCKET_KEY, "")
        if headers.get(hdrs.SEC_WEBSOCKET_VERSION) != _VERSION or not _is_key(key) or not _upgrades(headers):
            return _last(400, (hdrs.SEC_WEBSOCKET_VERSION, _VERSION))
        if len(self._clients) >= self._limits.clients:
            head = header_block([(hdrs.SERVER, SERVER_NAME), (hdrs.CONTENT_TYPE, "application/json")])
            return WireReply(200, head, _FULL, closes=True)
        return None


class Client:
    """One client while it stays: a task reads what it says, another tells it of events and asks whether it is there."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        request: web.BaseRequest,
        connection: Connection,
        subscriber: Subscriber,
        envelope: AnswersRequests,
        limits: WebSocketLimits,
        turns: Turns,
        log: "RequestLog | None",
    ) -> None:
        self._socket = socket
        self._headers = request.headers
        self._connection = connection
        self._client = connection.client_of(request.headers)
        self._subscriber = subscriber
        self._envelope = envelope
        self._limits = limits
        self._turns = turns
        self._log = log
        self._gone_at = monotonic() + limits.pong

    async def stay(self) -> None:
        """Returns once the client is gone, one way or another."""
        tasks = [asyncio.create_task(each) for each in (self._listen(), self._tell(), self._ping())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            if any(isinstance(each, _Silent) for each in ended):
                self._connection.abort()
            elif any(isinstance(each, _Ended) for each in ended):
                self._connection.end()
        for error in ended:
            if isinstance(error, Exception) and not isinstance(error, _Ended | ConnectionError):
                raise error

    async def part(self) -> None:
        """Says that the node goes away."""
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(self._limits.close):
                await self._socket.close(code=WSCloseCode.GOING_AWAY)

    async def _listen(self) -> None:
        socket = self._socket
        while True:
            left = self._gone_at - monotonic()
            try:
                async with asyncio.timeout(left):
                    message = await socket.receive()
            except TimeoutError:
                left = 0
            if left <= 0:
                raise _Silent("no pong came")
            match message.type:
                case WSMsgType.TEXT:
                    await self._answer(message.data.encode("utf-8", "surrogatepass"))
                case WSMsgType.BINARY:
                    await self._answer(message.data)
                case WSMsgType.PING:
                    await self._sent(socket.pong(message.data))
                case WSMsgType.PONG:
                    self._gone_at = monotonic() + self._limits.pong
                case kind if kind in _OVER:
                    return
            # What has come in already would be answered in one go.
            await asyncio.sleep(0)

    async def _answer(self, body: bytes) -> None:
        started = perf_counter()
        begun = self._envelope.begin_post(
            body, Authorization.GRANTED, self._headers, is_local=self._connection.is_local, client=self._client
        )
        reply = begun if isinstance(begun, Reply) else await finished_in_turns(begun, self._turns)
        if self._log is not None:
            self._log.note_message(body, reply.body, perf_counter() - started)
        if reply.strike is not None and reply.strike.latency_seconds:
            await asyncio.sleep(reply.strike.latency_seconds)
        ends = reply.strike is not None and reply.strike.effect is not None and reply.strike.error is None
        # neo-go ends a connection over which something comes that is no request.
        if ends or reply.status >= 500 or reply.body.startswith(_UNREADABLE):
            raise _Ended("there is no answer to that")
        if reply.body:
            await self._sent(self._socket.send_str(reply.body.decode()))

    async def _tell(self) -> None:
        while True:
            await self._sent(self._socket.send_str(await self._subscriber.next_event()))

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self._limits.ping)
            await self._sent(self._socket.ping())

    async def _sent(self, sending: Coroutine[None, None, None]) -> None:
        """Waits until something is on its way; a client that takes nothing is let go."""
        try:
            async with asyncio.timeout(self._limits.write):
                await sending
        except TimeoutError:
            raise _Silent("the client takes nothing") from None


class _MethodsOver(Mapping[str, Method]):
    """The methods of one client, and behind them the node's, which may be any."""

    def __init__(self, own: Mapping[str, Method], behind: Mapping[str, Method]) -> None:
        self._own = own
        self._behind = behind

    def __getitem__(self, name: str) -> Method:
        own = self._own.get(name)
        return self._behind[name] if own is None else own

    def __iter__(self) -> Iterator[str]:
        yield from {**dict.fromkeys(self._own), **dict.fromkeys(self._behind)}

    def __len__(self) -> int:
        return len({*self._own, *self._behind})


class _Ended(Exception):
    """The connection ends without a goodbye."""


class _Silent(_Ended):
    """... and without waiting for what is on its way."""


def _last(status: int, *headers: tuple[str, str]) -> WireReply:
    return WireReply(status, header_block([(hdrs.SERVER, SERVER_NAME), *headers]), closes=True)


def _upgrades(headers: Mapping[str, str]) -> bool:
    return "upgrade" in (token.strip() for token in headers.get(hdrs.CONNECTION, "").lower().split(","))


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == _KEY_SIZE
    except (binascii.Error, ValueError):
        return False

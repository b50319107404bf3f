"""What faults do to an HTTP answer: it comes late, as another status, in part, or not at all."""

import asyncio
import os
import socket
import struct
from collections.abc import Awaitable
from contextlib import suppress
from inspect import iscoroutine
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from aiohttp import hdrs, web

from rpcnode.server.http.connection import SERVER_NAME, Connection
from rpcnode.server.http.rest import RestAnswer
from rpcnode.server.http.wire_reply import WireReply, header_block
from rpcnode.server.traffic.journal import Note
from rpcnode.server.traffic.traffic import Traffic

if TYPE_CHECKING:
    from rpcnode.server.traffic.faults import Strike

_RESET_ON_CLOSE: Final = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)  # SO_LINGER: on, for no time
_ADDED_BY_WIRE_REPLY: Final = frozenset({"content-length", "date", "connection", "transfer-encoding"})


class ResetReply(web.StreamResponse):
    """No answer: the connection is reset, as it is by a process that dies or a firewall that loses its table."""

    async def prepare(self, request: web.BaseRequest) -> Any:
        """Reset the connection; always raises ConnectionResetError."""
        transport = request.transport
        if transport is not None:
            own_socket = transport.get_extra_info("socket")
            if own_socket is not None:
                with suppress(OSError):
                    own_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            transport.abort()
        raise ConnectionResetError("reset by a fault")


class TruncatedReply(WireReply):
    """An answer whose Content-Length says all of it, of which a part is sent before the connection closes."""

    def __init__(self, status: int, head: bytes, body: bytes, sent: int) -> None:
        super().__init__(status, head, body, body[:sent])
        self._connection: web.RequestHandler | None = None

    @property
    def keep_alive(self) -> bool:
        """False: the connection ends with this answer, whatever its headers say."""
        return False

    async def prepare(self, request: web.BaseRequest) -> Any:
        """Write a part of it. Raises ConnectionResetError when the client is gone."""
        self._connection = request.protocol
        return await super().prepare(request)

    async def write_eof(self, data: bytes = b"") -> None:
        """End the connection without a reset, so that the part arrives."""
        if isinstance(self._connection, Connection):
            self._connection.linger()


async def struck(answer: web.StreamResponse, strike: "Strike") -> web.StreamResponse:
    """What becomes of an answer, once its time has come; an answer by status is made by whoever executes nothing."""
    from rpcnode.server.traffic.faults import Drop, Truncate

    if strike.latency_seconds:
        await asyncio.sleep(strike.latency_seconds)
    match strike.effect:
        case Drop():
            return ResetReply()
        case Truncate(sent):
            status, head, body = _parts_of(answer)
            most = max(len(body) - 1, 0)
            return TruncatedReply(status, head, body, min(len(body) // 2 if sent is None else sent, most))
        case _:
            return answer


async def rest_answer(
    request: web.BaseRequest, answering: Awaitable[web.StreamResponse], traffic: Traffic
) -> web.StreamResponse:
    """The answer to a REST request, written down in the journal and struck by the faults that mean its path."""
    started = perf_counter()
    target = request.raw_path
    client = request.protocol.client_of(request.headers) if isinstance(request.protocol, Connection) else None
    strike = traffic.faults.on_path(target) if traffic.armed else None
    if strike is not None and strike.status is not None:
        answer: web.StreamResponse
        if isinstance(answering, RestAnswer):
            answer = answering.error(strike.status)
        else:
            if iscoroutine(answering):
                answering.close()
            answer = WireReply(strike.status, header_block([(hdrs.SERVER, SERVER_NAME)]))
        note = Note(strike.status, strike.fault_ids, request.method)
        body = _parts_of(answer)[2]
        traffic.journal.add(target, None, body, started, len(target) + len(body), note=note, client=client)
    else:
        status, body = 500, b""
        try:
            answer = await answering
            status, _, body = _parts_of(answer)
        finally:
            note = Note(status, () if strike is None else strike.fault_ids, request.method)
            traffic.journal.add(target, None, body, started, len(target) + len(body), note=note, client=client)
    return answer if strike is None else await struck(answer, strike)


def _parts_of(answer: web.StreamResponse) -> tuple[int, bytes, bytes]:
    """Status, block of headers and body of an answer that is made in one piece; no body of one that is not."""
    if isinstance(answer, WireReply):
        return answer.status, answer.head, answer.content
    body = answer.body if isinstance(answer, web.Response) else b""
    head = [(name, value) for name, value in answer.headers.items() if name.lower() not in _ADDED_BY_WIRE_REPLY]
    return answer.status, header_block(head), body if isinstance(body, bytes) else b""

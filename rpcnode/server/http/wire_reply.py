"""A complete HTTP answer written in one piece, past aiohttp's assembling of headers, which takes most of its time."""

import time
from collections.abc import Iterable
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

from aiohttp import HttpVersion11, web

_KEEP_ALIVE: Final = b"Connection: keep-alive\r\n"  # said to clients that speak HTTP/1.0; others take it for granted
_CLOSE: Final = b"Connection: close\r\n"
_KNOWN: Final = frozenset(HTTPStatus)


@lru_cache(maxsize=64)
def _status_line(status: int) -> bytes:
    # Kestrel speaks HTTP/1.1, whatever it was asked in.
    phrase = HTTPStatus(status).phrase if status in _KNOWN else ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode("ascii")


@lru_cache(maxsize=1)
def _date_line(second: int) -> bytes:
    return f"Date: {formatdate(second, usegmt=True)}\r\n".encode("ascii")


def header_block(headers: Iterable[tuple[str, str]]) -> bytes:
    """Headers as they stand on the wire. Raises ValueError for a line end inside a value."""
    lines = [f"{name}: {value}\r\n" for name, value in headers]
    if any("\r" in line[:-2] or "\n" in line[:-2] for line in lines):
        raise ValueError(f"a header holds a line end: {lines}")
    return "".join(lines).encode("utf-8", "surrogateescape")


def written_reply(status: int, head: bytes, body: bytes, sent: bytes | None = None, connection: bytes = b"") -> bytes:
    """An answer as it goes over the wire; `sent` is what of the body does, None for all of it.

    `connection` is the line that says whether it goes on. Date and Content-Length are added.
    """
    block = (_status_line(status), head, _date_line(int(time.time())), connection)
    if status == HTTPStatus.NO_CONTENT:
        return b"%b%b%b%b\r\n" % block
    return b"%b%b%b%bContent-Length: %d\r\n\r\n%b" % (*block, len(body), body if sent is None else sent)


class WireReply(web.StreamResponse):
    """A status, a ready block of headers and a body; Date, Content-Length and Connection are added.

    `sent` is what goes over the wire of the body, None for all of it; `closes`: nothing may follow it.
    """

    def __init__(
        self, status: int, head: bytes, body: bytes = b"", sent: bytes | None = None, *, closes: bool = False
    ) -> None:
        super().__init__(status=status)
        self._closes = closes
        self._head = head
        self._content = body
        self._sent = body if sent is None else sent
        self._stays_open = False

    @property
    def keep_alive(self) -> bool:
        """Whether the connection goes on after this answer."""
        return self._stays_open

    @property
    def head(self) -> bytes:
        """The block of headers that was given."""
        return self._head

    @property
    def content(self) -> bytes:
        """The whole body."""
        return self._content

    async def prepare(self, request: web.BaseRequest) -> Any:
        """Write it. Raises ConnectionResetError when the client is gone."""
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client is gone")
        self._stays_open = request.keep_alive and not self._closes
        connection = b""
        if not self._stays_open:
            connection = _CLOSE
        elif request.version < HttpVersion11:
            connection = _KEEP_ALIVE
        transport.write(written_reply(self.status, self._head, self._content, self._sent, connection))
        if transport.get_write_buffer_size():
            await request.writer.drain()

    async def write_eof(self, data: bytes = b"") -> None:
        """Do nothing: `prepare` has written the end too."""

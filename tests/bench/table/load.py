"""Requests over many connections, and how long each waits for its answer."""

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from time import perf_counter
from typing import Final

_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"
_LAST_CHUNK: Final = b"0\r\n\r\n"  # no JSON holds one


class Client(asyncio.Protocol):
    """One connection that stays: each request follows the answer to the one before."""

    def __init__(self, bodies: Iterator[bytes], waited: list[float], done: "asyncio.Future[None]") -> None:
        self._bodies = bodies
        self._waited = waited
        self._done = done
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._missing: int | None = None  # bytes of the whole answer, 0 for one in chunks; None: its head is not there
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._missing is None:
            end = self._received.find(_END) + len(_END)
            if end < len(_END):
                return
            self._missing = _size(self._received[:end])
        is_whole = len(self._received) == self._missing if self._missing else self._received.endswith(_LAST_CHUNK)
        if is_whole:
            self._received, self._missing = b"", None
            self._waited.append(perf_counter() - self._sent)
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server has closed the connection"))

    def _send(self) -> None:
        body = next(self._bodies, None)
        assert self._transport is not None
        if body is None:
            self._done.set_result(None)
            self._transport.close()
            return
        self._sent = perf_counter()
        self._transport.write(
            b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nUser-Agent: bench\r\n"
            b"Accept: */*\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )


def _size(head: bytes) -> int:
    """The bytes of an answer with that head; 0 for one in chunks, as neo-go's longer ones come."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(_LENGTH):
            return len(head) + int(line[len(_LENGTH) :])
    return 0


async def load(port: int, bodies: Sequence[bytes], connections: int) -> list[float]:
    """Sends them all over so many connections at once; the seconds that each waited for its answer."""
    loop = asyncio.get_running_loop()
    waited: list[float] = []
    left = iter(bodies)
    done = [loop.create_future() for _ in range(min(connections, len(bodies)))]
    for future in done:
        await loop.create_connection(partial(Client, left, waited, future), "127.0.0.1", port)
    await asyncio.gather(*done)
    return waited

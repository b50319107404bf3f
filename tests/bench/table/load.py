"""Requests over many connections, and how long each waits for its answer."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
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
        self.done = done
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._missing: int | None = None  # bytes of the whole answer, 0 for one in chunks; None: its head is not there
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

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

    def go_on(self, bodies: Iterator[bytes], waited: list[float], done: "asyncio.Future[None]") -> None:
        """Has other requests from now on."""
        self._bodies, self._waited, self.done = bodies, waited, done

    def close(self) -> None:
        """Ends the connection."""
        assert self._transport is not None
        self._transport.close()

    def begin(self) -> None:
        """Sends the first request."""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server has closed the connection"))

    def _send(self) -> None:
        body = next(self._bodies, None)
        assert self._transport is not None
        if body is None:
            self.done.set_result(None)
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


async def load(
    port: int, bodies: Sequence[bytes], connections: int, cpu_seconds: Callable[[], float]
) -> tuple[list[float], float]:
    """Sends them all over so many connections at once: the seconds that each waited, and those of the server's CPU.

    The connections are there before, and each has had an answer.
    """
    loop = asyncio.get_running_loop()
    count = min(connections, len(bodies))
    waited: list[float] = []
    first = iter([bodies[0]] * count)
    lines = [Client(first, [], loop.create_future()) for _ in range(count)]
    for line in lines:
        await loop.create_connection(partial(_itself, line), "127.0.0.1", port)
    await _all_of(lines)
    left = iter(bodies)
    for line in lines:
        line.go_on(left, waited, loop.create_future())
    before = cpu_seconds()
    await _all_of(lines)
    taken = cpu_seconds() - before
    for line in lines:
        line.close()
    return waited, taken


def _itself(line: Client) -> Client:
    return line


async def _all_of(lines: Sequence[Client]) -> None:
    for line in lines:
        line.begin()
    await asyncio.gather(*(line.done for line in lines))

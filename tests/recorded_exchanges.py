"""Sends a node of ours the bytes that a real node was sent over one connection, and compares what comes back.

    with start(chain, settings=of_rpc_server(settings)) as node:
        outcomes = exchange(node.url, "raw", [(0, b"GET / HTTP/1.1…", "HTTP/1.1 200 OK…")], ignored_headers, masks)

Each exchange becomes an outcome of `recorded_answers` with the method `raw` and its number as parameters. What is
compared is each response in turn: its status line without the reason, its headers but the ignored ones, and its body
with chunks put together and gzip undone.
"""

import asyncio
import gzip
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from tests.recorded_answers import Call, Masks, Outcome

AT_ONCE: Final = 8
"""Connections that are open at the same time, less than the node keeps."""

_SILENCE: Final = 10.0  # seconds within which an answer comes, if one was recorded
_NO_ANSWER: Final = 0.3  # seconds in which none comes, if none was recorded
_METHOD: Final = re.compile(rb'"method":"(\w+)"')


class Exchange(NamedTuple):
    """All bytes of one connection, sent and received."""

    number: int
    sent: bytes
    received: bytes


def exchange(
    url: str, run: str, exchanges: Iterable[Exchange], ignored: Collection[str], masks: Masks | None = None
) -> list[Outcome]:
    """What becomes of every exchange, each on a connection of its own, some of them at the same time."""
    place = urlsplit(url)
    assert place.hostname is not None and place.port is not None
    return asyncio.run(_all(place.hostname, place.port, run, list(exchanges), ignored, masks))


async def _all(
    host: str, port: int, run: str, exchanges: Sequence[Exchange], ignored: Collection[str], masks: Masks | None
) -> list[Outcome]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(recorded: Exchange) -> Outcome:
        async with turns:
            got = await _received(host, port, recorded)
        expected = told(recorded.received, ignored)
        named = _METHOD.search(recorded.sent)
        method = "" if named is None else named[1].decode()
        mask = (masks or Masks()).apply
        return Outcome(
            run, Call("raw", recorded.number, expected), mask(method, expected), mask(method, told(got, ignored))
        )

    return list(await asyncio.gather(*map(one, exchanges)))


async def _received(host: str, port: int, recorded: Exchange) -> bytes:
    """What comes until the node closes the connection, which it does after an answer; where it has none, we do."""
    reader, writer = await asyncio.open_connection(host, port)
    received = b""
    try:
        writer.write(recorded.sent)
        async with asyncio.timeout(_SILENCE if recorded.received else _NO_ANSWER):
            while more := await reader.read(65536):
                received += more
    except (TimeoutError, ConnectionError):
        pass  # what has come is told, and differs if it is too little
    finally:
        writer.close()
    return received


def told(received: bytes, ignored: Collection[str]) -> str:
    """Responses as lines: version and status, headers by name without case, a blank line, the body."""
    return "\n".join(line for response in _responses(received) for line in _lines(*response, ignored))


def _lines(status: str, headers: list[tuple[str, str]], body: bytes, ignored: Collection[str]) -> Iterator[str]:
    yield status
    kept = [(name, value) for name, value in headers if name not in ignored and name != "vary"]
    # In a set of names, neither order nor division into lines tells anything.
    vary = {part.strip() for name, value in headers if name == "vary" for part in value.split(",")}
    yield from (f"{name}: {value}" for name, value in sorted([*kept, *(("vary", part) for part in vary)]))
    yield ""
    if ("content-encoding", "gzip") in headers:
        body = gzip.decompress(body)
    yield body.decode("latin-1")


def _responses(received: bytes) -> Iterator[tuple[str, list[tuple[str, str]], bytes]]:
    while received:
        head, _, received = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        fields = dict(headers)
        if fields.get("transfer-encoding") == "chunked":
            body, received = _dechunked(received)
        else:
            # Without a length the body ends with the connection; these have none.
            has_none = status.split(" ")[1] in ("100", "204")
            length = int(fields.get("content-length", 0 if has_none else len(received)))
            body, received = received[:length], received[length:]
        yield " ".join(status.split(" ")[:2]), headers, body


def _dechunked(received: bytes) -> tuple[bytes, bytes]:
    """The body in chunks, and what follows it."""
    body = b""
    while received:
        size, _, received = received.partition(b"\r\n")
        length = int(size, 16)
        body, received = body + received[:length], received[length:].removeprefix(b"\r\n")
        if not length:
            break
    return body, received

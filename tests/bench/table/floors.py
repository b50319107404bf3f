"""Servers that do next to nothing: `python -m tests.bench.table.floors aiohttp|bare`; the first line is the port."""

import asyncio
import json
import sys
from typing import Final

from aiohttp import web

ANSWER: Final = b'{"jsonrpc":"2.0","id":1,"result":89}'
_END: Final = b"\r\n\r\n"
_HEAD: Final = b"HTTP/1.1 200 OK\r\nServer: floor\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"


async def empty_handler(request: web.BaseRequest) -> web.Response:
    """Reads the body, and gives a fixed answer."""
    await request.read()
    return web.Response(body=ANSWER, content_type="application/json")


class Bare(asyncio.Protocol):
    """Finds the head in a dictionary, parses the body, and writes a fixed answer."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._known: dict[bytes, int] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        end = data.find(_END) + len(_END)
        head = data[:end]
        length = self._known.get(head)
        if length is None:
            length = self._known[head] = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        assert len(data) - end == length
        json.loads(data[end:])
        assert self._transport is not None
        self._transport.write(_HEAD % (len(ANSWER), ANSWER))


async def main(which: str) -> None:
    """Serves until the process is ended."""
    loop = asyncio.get_running_loop()
    make = web.Server(empty_handler, access_log=None) if which == "aiohttp" else Bare
    listener = await loop.create_server(make, "127.0.0.1", 0)
    print(listener.sockets[0].getsockname()[1], flush=True)
    await listener.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

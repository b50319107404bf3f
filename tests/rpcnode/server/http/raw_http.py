"""A running server and byte-for-byte HTTP to talk to it, for the tests of this folder."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.server.http.connection_table import ConnectionLimits
from rpcnode.server.http.front_page import FrontPage
from rpcnode.server.http.server import RestHandler, RpcHttpServer
from rpcnode.server.jsonrpc.access import AccessRules
from rpcnode.server.jsonrpc.envelope import Envelope
from rpcnode.server.jsonrpc.kept_answers import NOTHING_KEPT, KeptAnswers
from rpcnode.server.jsonrpc.reply import AnswersRequests, Bounds, Method
from rpcnode.server.jsonrpc.strict import StrictEnvelope
from rpcnode.server.traffic.traffic import Traffic

PING = b'{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}'
PONG = b'{"jsonrpc":"2.0","id":1,"result":"pong"}'


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; header names in lower case, values of repeated headers joined with a comma."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Running:
    """A server that is up."""

    server: RpcHttpServer
    envelope: AnswersRequests
    port: int
    calls: list[list[Json]] = field(default_factory=list)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the server."""
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def send(self, data: bytes, *, half_close: bool = False) -> Answer:
        """The answer to those bytes, on a connection of its own."""
        reader, writer = await self.connect()
        try:
            writer.write(data)
            if half_close:
                writer.write_eof()
            return await read_answer(reader)
        finally:
            await close(writer)

    async def request(self, method: str = "POST", target: str = "/", body: bytes = b"", **headers: str) -> Answer:
        """The answer to a well-formed request; a header's underscores stand for hyphens."""
        return await self.send(request_bytes(method, target, body, **headers))

    async def answers(self) -> bool:
        """Whether an ordinary request gets its ordinary answer."""
        return (await asyncio.wait_for(self.request(body=PING), 2)).body == PONG


def request_bytes(method: str = "POST", target: str = "/", body: bytes = PING, **headers: str) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {target} HTTP/1.1"] + ([] if "Host" in headers else ["Host: localhost"])
    if body:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """The next answer on a connection; raises IncompleteReadError when the server closed instead."""
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).decode()
    status_line, *lines = head.rstrip().split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        name = name.lower()
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    body = await asyncio.wait_for(reader.readexactly(int(headers.get("content-length", "0"))), 5)
    return Answer(int(status_line.split()[1]), headers, body)


async def close(writer: asyncio.StreamWriter) -> None:
    """Close a connection, whether or not the server did so before."""
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


@asynccontextmanager
async def running(
    profile: ProfileName = "n3",
    *,
    methods: Mapping[str, Method] | None = None,
    envelope: AnswersRequests | None = None,
    rest: RestHandler | None = None,
    limits: ConnectionLimits | None = None,
    max_line_size: int = 8192,
    traffic: Traffic | None = None,
    front_page: FrontPage | None = None,
    strict: bool = False,
    kept: KeptAnswers = NOTHING_KEPT,
    takes_short_way: bool = True,
    **settings: Any,
) -> AsyncIterator[Running]:
    """A server with the methods `ping` and `echo`, and what else is asked for."""
    calls: list[list[Json]] = []

    def echo(params: list[Json]) -> Json:
        calls.append(params)
        return params

    table: dict[str, Method] = {"ping": lambda _: "pong", "echo": echo, **(methods or {})}
    chosen = HttpSettings(port=0, **settings)
    if envelope is None:
        rules = profile, table, AccessRules(profile, chosen), traffic, Bounds.of(chosen)
        envelope = StrictEnvelope(*rules) if strict else Envelope(*rules, kept=kept)
    server = RpcHttpServer(
        chosen,
        profile,
        envelope,
        rest,
        traffic=traffic,
        front_page=front_page,
        max_line_size=max_line_size,
        limits=limits,
        takes_short_way=takes_short_way,
    )
    port = await server.start()
    try:
        yield Running(server, envelope, port, calls)
    finally:
        await server.stop()

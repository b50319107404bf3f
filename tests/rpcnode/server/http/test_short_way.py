"""The short way of a request whose head was seen before: which take it, and that nobody can tell it from the other."""

import asyncio
import gzip
import json
import random
import re
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import Any, Final, NamedTuple

import pytest
from aiohttp import web

from rpcnode.primitives.errors import InvalidParams, ProfileName
from rpcnode.primitives.json import Answer, Json, Result, Written
from rpcnode.server.http.connection_table import ConnectionLimits
from rpcnode.server.http.server import RpcHttpServer
from rpcnode.server.jsonrpc.kept_answers import KeptAnswers
from rpcnode.server.jsonrpc.reply import Method
from rpcnode.server.traffic.call_pattern import CallPattern
from rpcnode.server.traffic.faults import Drop, ErrorAnswer, HttpStatus, Latency, Truncate, fixed
from rpcnode.server.traffic.traffic import Traffic
from tests.rpcnode.server.http.raw_http import PING, PONG, Running, close, read_answer, request_bytes, running

ROUNDS: Final = 500
"""Exchanges on each pair of servers."""

GRANTED: Final = "Basic dXNlcjpwYXNzd29yZA=="  # user:password
KEPT: Final = ("ping", "long", "slow", "refuse", "textual")
_DATE: Final = re.compile(rb"(?m)^Date: [^\r]+\r\n")


def refuse(params: list[Json]) -> Json:
    raise InvalidParams("no", data="no")


def slow(params: list[Json]) -> Answer:
    def steps() -> Generator[None, None, Result]:
        yield
        return "slow"

    return steps()


METHODS: Final[dict[str, Method]] = {
    "refuse": refuse,
    "slow": slow,
    "long": lambda _: "long " * 20_000,
    "deep": lambda _: Written("[]", 1000),
    "textual": lambda _: "+<>é\u2028",
    "bug": lambda _: 1 // 0,
    "dev_ping": lambda _: "at your command",
}

HEADS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"Content_Type": "application/json", "User_Agent": "one"},
    {"Accept_Encoding": "gzip, deflate"},
    {"Accept_Encoding": "identity"},
    {"Origin": "https://a.example"},
    {"Origin": "http://localhost:3000"},
    {"Authorization": GRANTED},
    {"Authorization": "Basic d3Jvbmc="},
    {"Host": "evil.example"},
    {"Connection": "keep-alive"},
    {"Connection": "close"},
    {"Expect": "100-nothing"},
    {"content_type": "text/plain", "Content_Type": "text/html"},
    {"X_Long": "x" * 9_000},
    {"X_Odd": "a\x01b"},
    {"Host": ""},
)
BODIES: Final[tuple[bytes, ...]] = (
    b"",
    b"{",
    b"[]",
    b"null",
    b"5",
    b"[null,1]",
    b'{"id":1}',
    b'{"id":1,"id":2,"method":"ping"}',
    b'\xef\xbb\xbf{"id":1,"method":"ping"}',
    b'{"id":"\xff","method":"ping","params":[]}',
    b'{"id":1,"method":null}',
    b'{"method":"ping","params":[]}',
    b'{"id":1.0,"method":"ping","params":[]} /* and a comment */',
    b'{"id":1,"method":"ping","params":{}}',
    b"[" * 200,
)


class Sent(NamedTuple):
    """What goes over a connection: pieces, each once the one before has left, and how many answers are due."""

    pieces: tuple[bytes, ...]
    answers: int


def a_call(chosen: random.Random) -> bytes:
    method = chosen.choice(("ping", "echo", "nothing", "openwallet", *METHODS))
    request_id = chosen.choice((1, 1, 1, "a", None, 2.5, [1], chosen.randrange(100)))
    params = chosen.choice(([], [], [1], [True], ["é"], [1.0, {"a": []}]))
    return json.dumps({"jsonrpc": "2.0", "id": request_id, "method": method, "params": params}).encode()


def a_body(chosen: random.Random) -> bytes:
    kind = chosen.random()
    if kind < 0.7:
        return a_call(chosen)
    if kind < 0.8:
        return b"[" + b",".join(a_call(chosen) for _ in range(chosen.randrange(1, 4))) + b"]"
    if kind < 0.85:
        text = a_call(chosen)
        return text[: chosen.randrange(len(text))]
    return chosen.choice(BODIES)


def a_request(chosen: random.Random) -> bytes:
    kind = chosen.random()
    if kind < 0.04:
        return request_bytes("GET", "/?id=1&method=ping&params=[]", b"")
    if kind < 0.06:
        return request_bytes(chosen.choice(("PUT", "OPTIONS", "HEAD")), body=b"")
    body = a_body(chosen)
    if kind < 0.1:
        head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        return head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else head + b"0\r\n\r\n"
    if kind < 0.12:
        return b"POST / HTTP/1.0\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    target = chosen.choice(("/", "/", "/", "/x?y=1", "/%00", "*", "/rest"))
    heads = HEADS if chosen.random() < 0.3 else HEADS[:7]
    return request_bytes("POST", target, body, **chosen.choice(heads))


def exchanges(seed: int) -> Iterator[Sent]:
    """Requests of all kinds, most of them such as take the short way where their head is known."""
    chosen = random.Random(seed)
    for _ in range(ROUNDS):
        data, kind = a_request(chosen), chosen.random()
        if kind < 0.85:
            yield Sent((data,), 1)
        elif kind < 0.92:
            cut = chosen.randrange(1, len(data))
            yield Sent((data[:cut], data[cut:]), 1)
        else:
            yield Sent((data + a_request(chosen),), 2)


class Line:
    """A connection to a server, made anew whenever it is gone."""

    def __init__(self, node: Running) -> None:
        self._node = node
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self, sent: Sent) -> list[bytes]:
        """The answers, as they are on the wire; the last is what came before the connection ended, where it did."""
        if self._streams is None:
            self._streams = await self._node.connect()
        reader, writer = self._streams
        for piece in sent.pieces:
            writer.write(piece)
            await asyncio.sleep(0 if len(sent.pieces) == 1 else 0.002)
        answers = []
        try:
            for _ in range(sent.answers):
                answers.append(await self._answer(reader, sent.pieces[0]))
                if b"Connection: close" in answers[-1] or not answers[-1].startswith(b"HTTP/1.1 200"):
                    break
        except asyncio.IncompleteReadError as end:
            answers += [end.partial, b"(end)"]
        except ConnectionResetError:
            answers.append(b"(reset)")
        is_open = len(answers) == sent.answers and answers[-1].startswith(b"HTTP/1.1 200")
        if not is_open or b"Connection: close" in answers[-1]:
            await self.close()
        return [_DATE.sub(b"", answer) for answer in answers]

    async def close(self) -> None:
        """Ends it."""
        if self._streams is not None:
            await close(self._streams[1])
            self._streams = None

    async def _answer(self, reader: asyncio.StreamReader, asked: bytes) -> bytes:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        found = re.search(rb"Content-Length: ([0-9]+)", head)
        length = 0 if found is None or asked.startswith(b"HEAD") else int(found[1])
        try:
            return head + await asyncio.wait_for(reader.readexactly(length), 10)
        except asyncio.IncompleteReadError as end:
            raise asyncio.IncompleteReadError(head + end.partial, length) from None


def set_faults(traffic: Traffic) -> None:
    """Faults of every kind, drawn by the same chances on each server."""
    for effect in (
        ErrorAnswer({"code": -7, "message": "struck"}),
        HttpStatus(503),
        Latency(fixed(1)),
        Truncate(),
        Drop(),
    ):
        traffic.faults.set(CallPattern(method="*"), effect, probability=0.03)


def journal_of(traffic: Traffic) -> list[tuple[object, ...]]:
    """All but how long it took."""
    return [
        (
            *(entry.sequence, entry.method, entry.params, entry.answer, entry.fault_ids, entry.status),
            None if entry.client is None else entry.client.agent,
        )
        for entry in traffic.journal.since()
    ]


def rest(request: web.BaseRequest) -> None:
    """A face without a path."""


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
@pytest.mark.parametrize("setting", ["plain", "credentials", "faults"])
async def test_both_ways_give_the_same_bytes_and_the_same_journal(profile: ProfileName, setting: str) -> None:
    traffics = [Traffic(lambda: 0) for _ in range(2)]
    given: dict[str, Any] = {"rpc_user": "user", "rpc_pass": "password"} if setting == "credentials" else {}
    nodes = [
        running(
            profile,
            methods=METHODS,
            traffic=traffic,
            rest=rest,
            kept=KeptAnswers(KEPT, lambda: 0) if is_short else KeptAnswers((), lambda: 0),
            takes_short_way=is_short,
            max_request_body_size=2_000,
            **given,
        )
        for traffic, is_short in zip(traffics, (True, False), strict=True)
    ]
    if setting == "faults":
        for traffic in traffics:
            set_faults(traffic)
    async with nodes[0] as short, nodes[1] as ordinary:
        lines = Line(short), Line(ordinary)
        for sent in exchanges(seed=len(profile + setting)):
            answers = [await line.exchange(sent) for line in lines]
            assert answers[0] == answers[1], sent
        for line in lines:
            await line.close()
    assert journal_of(traffics[0]) == journal_of(traffics[1])
    assert short.calls == ordinary.calls


@pytest.fixture
def ordinary(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What went the ordinary way, by HTTP method and target."""
    handled: list[str] = []
    handle = RpcHttpServer._handle

    async def noted(self: RpcHttpServer, request: web.BaseRequest) -> web.StreamResponse:
        handled.append(f"{request.method} {request.raw_path}")
        return await handle(self, request)

    monkeypatch.setattr(RpcHttpServer, "_handle", noted)
    return handled


async def test_a_head_that_was_seen_before_takes_the_short_way_on_any_connection(ordinary: list[str]) -> None:
    async with running() as node:
        for _ in range(2):
            reader, writer = await node.connect()
            for _ in range(3):
                writer.write(request_bytes())
                assert (await read_answer(reader)).body == PONG
            await close(writer)
        assert ordinary == ["POST /"]
        assert (await node.request(body=PING, X_Other="head")).body == PONG
    assert ordinary == ["POST /"] * 2


async def test_a_compressed_answer_takes_the_short_way(ordinary: list[str]) -> None:
    async with running() as node:
        for _ in range(3):
            answer = await node.request(body=PING, Accept_Encoding="gzip")
            assert (gzip.decompress(answer.body), answer.headers["content-encoding"]) == (PONG, "gzip")
    assert len(ordinary) == 1


@pytest.mark.parametrize(
    "headers", [{"Expect": "100-continue"}, {"Connection": "close"}, {"Transfer_Encoding": "chunked"}]
)
async def test_a_head_that_asks_for_more_than_an_answer_never_takes_it(
    ordinary: list[str], headers: dict[str, str]
) -> None:
    chunked = "Transfer_Encoding" in headers
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PING), PING) if chunked else PING
    data = request_bytes(body=body, **headers)
    if chunked:
        data = data.replace(b"Content-Length: %d\r\n" % len(body), b"")
    async with running() as node:
        for _ in range(3):
            assert (await node.send(data)).body == PONG
    assert len(ordinary) == 3


async def test_who_is_not_granted_never_takes_it(ordinary: list[str]) -> None:
    async with running(rpc_user="user", rpc_pass="password") as node:
        for _ in range(3):
            assert (await node.request(body=PING, Authorization="Basic d3Jvbmc=")).status in (200, 401)
        assert len(ordinary) == 3
        for _ in range(3):
            assert (await node.request(body=PING, Authorization=GRANTED)).body == PONG
    assert len(ordinary) == 4


async def test_what_takes_long_is_begun_once_and_goes_on_in_the_ordinary_way(ordinary: list[str]) -> None:
    begun: list[int] = []

    def work(_: list[Json]) -> Answer:
        begun.append(0)
        return slow([])

    async with running(methods={"work": work}) as node:
        for _ in range(3):
            answer = await node.request(body=b'{"jsonrpc":"2.0","id":1,"method":"work","params":[]}')
            assert answer.body == b'{"jsonrpc":"2.0","id":1,"result":"slow"}'
    assert (len(begun), len(ordinary)) == (3, 3)


async def test_dev_methods_stay_closed_to_pages_of_strangers() -> None:
    body = b'{"jsonrpc":"2.0","id":1,"method":"dev_ping","params":[]}'
    async with running(methods=METHODS) as node:
        for _ in range(3):
            assert b"at your command" in (await node.request(body=body)).body
            assert b"Origin" in (await node.request(body=body, Origin="https://a.example")).body


async def test_a_connection_that_was_answered_the_short_way_idles_no_longer_than_it_may(ordinary: list[str]) -> None:
    async with running(limits=ConnectionLimits(keep_alive=0.2)) as node:
        reader, writer = await node.connect()
        for _ in range(3):
            writer.write(request_bytes())
            await read_answer(reader)
        assert len(ordinary) == 1
        assert await asyncio.wait_for(reader.read(), 5) == b""
        with suppress(OSError):
            await close(writer)

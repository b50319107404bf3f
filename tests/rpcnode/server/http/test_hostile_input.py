"""What nobody should send. After each of these the server answers an ordinary request."""

import asyncio
import time
from typing import Final

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.server.http.connection import Connection
from rpcnode.server.http.connection_table import ConnectionLimits
from tests.rpcnode.server.http.raw_http import PING, PONG, Running, close, read_answer, request_bytes, running

QUICK: Final = ConnectionLimits(headers_timeout=0.2, keep_alive=0.2, body_grace=0.2, linger=0.2)
ALL: Final[tuple[ProfileName, ...]] = ("n3", "n3-preview", "n2")


async def until_closed(reader: asyncio.StreamReader, seconds: float = 30) -> bytes:
    """What the server still sends before it closes; a reset counts as closing."""
    try:
        return await asyncio.wait_for(reader.read(), seconds)
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize(
    ("body", "mark"),
    [
        (b"[" * 10_000 + b"]" * 10_000, b"-32700"),
        (b'{"a":' * 10_000, b"-32700"),
        (b'{"id":1,"method":"ping","params":' + b"[" * 10_000 + b"]" * 10_000 + b"}", b"-32700"),
        (b"\xff\xfe\xfd\x00", b"-32700"),
        (b"\x00" * 1000, b"-32700"),
        (b'{"id":1,"method":"' + b"m" * 100_000 + b'","params":[]}', b"-32601"),
        (b'{"id":"' + b"i" * 100_000 + b'","method":"ping","params":[]}', b'"pong"'),
        (b"[" + b",".join([PING] * 1000) + b"]", b'"pong"},{'),
        (b"[" + b",".join([PING] * 5000) + b"]", b"-32600"),
    ],
    ids=[
        "deep",
        "deep and open",
        "deep params",
        "invalid UTF-8",
        "zeros",
        "long name",
        "long id",
        "long batch",
        "too long a batch",
    ],
)
async def test_hostile_bodies_are_answered(profile: ProfileName, body: bytes, mark: bytes) -> None:
    async with running(profile) as node:
        answer = await node.request(body=body)
        assert answer.status == 200
        assert mark in answer.body
        assert await node.answers()


@pytest.mark.parametrize("profile", ALL)
async def test_a_number_of_100_000_digits_is_no_json_and_crashes_neo_2_s_handler(profile: ProfileName) -> None:
    async with running(profile) as node:
        answer = await node.request(body=b'{"id":' + b"9" * 100_000 + b"}")
        assert (answer.status, b"-32700" in answer.body) == ((500, False) if profile == "n2" else (200, True))
        assert await node.answers()


@pytest.mark.parametrize(
    "data",
    [
        b"GARBAGE\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100),
        b"\x00" * 1000,
        b"\r\n" * 10 + b"?\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n",
    ],
    ids=[
        "text",
        "TLS",
        "zeros",
        "blank lines",
        "negative",
        "two lengths",
        "chunk",
        "header",
    ],
)
async def test_what_is_not_http_gets_an_empty_400(data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with running() as node:
        answer = await node.send(data)
        assert (answer.status, answer.body) == (400, b"")
        assert await node.answers()
    assert caplog.text == ""


@pytest.mark.parametrize("behind", [request_bytes(), b"garbage\r\nX: y\r\n\r\n"], ids=["a request", "garbage"])
async def test_what_comes_behind_a_last_request_does_not_spoil_it(behind: bytes) -> None:
    async with running() as node:
        reader, writer = await node.connect()
        writer.write(request_bytes(Connection="close") + behind)
        assert (await read_answer(reader)).body == PONG
        assert await until_closed(reader) == b""
        await close(writer)


async def test_a_bad_chunk_after_good_ones_gets_a_400() -> None:
    async with running() as node:
        reader, writer = await node.connect()
        writer.write(request_bytes(body=b"", Transfer_Encoding="chunked") + b"1\r\n{\r\n")
        await asyncio.sleep(0.02)
        writer.write(b"zz\r\n")
        assert (await read_answer(reader)).status == 400
        assert await until_closed(reader) == b""
        await close(writer)
        assert await node.answers()


async def test_a_client_that_goes_away_in_the_middle_leaves_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    async with running() as node:
        for data in (b"", b"POST", request_bytes()[:-5], request_bytes(), request_bytes(body=b"{" * 300_000)[:-1]):
            _, writer = await node.connect()
            writer.write(data)
            await writer.drain()
            writer.transport.abort()
        for data in (b"POST", request_bytes()[:-5]):
            reader, writer = await node.connect()
            writer.write(data)
            writer.write_eof()
            assert await until_closed(reader) == b""
            await close(writer)
        assert await node.answers()
    assert caplog.text == ""


# Size


async def send_too_much(node: Running, head: bytes, chunk: bytes, count: int) -> tuple[int, bytes]:
    """Send chunks until the server's answer is there; how many bytes went out, and the status line."""
    reader, writer = await node.connect()
    writer.write(head)
    sent = 0
    answer = asyncio.create_task(reader.readline())
    for _ in range(count):
        if answer.done():
            break
        writer.write(chunk)
        sent += len(chunk)
        await writer.drain()
    line = await asyncio.wait_for(answer, 2)
    await close(writer)
    return sent, line


@pytest.mark.parametrize("chunked", [False, True])
async def test_of_a_100_mb_body_little_more_than_the_limit_is_read(chunked: bool) -> None:
    limit, size = 1024 * 1024, 100_000_000
    data = b" " * 65536
    framing = {"Transfer_Encoding": "chunked"} if chunked else {"Content_Length": str(size)}
    chunk = b"10000\r\n" + data + b"\r\n" if chunked else data
    async with running(max_request_body_size=limit) as node:
        sent, line = await send_too_much(node, request_bytes(body=b"", **framing), chunk, size // len(data))
        assert line.startswith(b"HTTP/1.1 413 ")
        # What the client got rid of beyond the limit sits in socket buffers or was dropped unparsed.
        assert sent < limit + 16 * 1024 * 1024
        assert await node.answers()


async def test_a_client_that_sends_its_whole_body_first_still_reads_the_413() -> None:
    async with running(max_request_body_size=1000) as node:
        assert (await node.request(body=b" " * 20_000_000)).status == 413
        assert (await node.request("GET", "/" + "a" * 5_000_000)).status == 414
        assert await node.answers()


async def test_a_client_that_never_stops_sending_is_cut_off() -> None:
    limits = ConnectionLimits(linger_bytes=1_000_000)
    async with running(max_request_body_size=1000, limits=limits) as node:
        reader, writer = await node.connect()
        writer.write(request_bytes(body=b"", Content_Length="100000000000"))
        with pytest.raises(ConnectionError):
            for _ in range(10_000):
                writer.write(b" " * 65536)
                await writer.drain()
        del reader
        await close(writer)
        assert await node.answers()


# Time


@pytest.mark.parametrize("data", [b"", b"P", b"POST / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nX: "])
async def test_headers_that_do_not_complete_are_waited_for_so_long_only(data: bytes) -> None:
    async with running(limits=QUICK) as node:
        reader, writer = await node.connect()
        started = time.perf_counter()
        writer.write(data)
        ending = await until_closed(reader)
        assert time.perf_counter() - started > 0.15
        assert ending.startswith(
            b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n" if data else b""
        )
        assert bool(ending) == bool(data)
        await close(writer)
        assert await node.answers()


async def test_headers_that_trickle_in_are_not_waited_for_longer() -> None:
    async with running(limits=QUICK) as node:
        reader, writer = await node.connect()
        answer = asyncio.create_task(reader.readline())
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\n")
        for _ in range(20):
            if answer.done():
                break
            writer.write(b"X: y\r\n")
            await asyncio.sleep(0.05)
        assert (await answer).startswith(b"HTTP/1.1 408 ")
        await close(writer)
        assert await node.answers()


@pytest.mark.parametrize("sent", [b"", b"{"])
async def test_a_body_that_does_not_come_gets_a_408(sent: bytes) -> None:
    async with running(limits=QUICK) as node:
        reader, writer = await node.connect()
        writer.write(request_bytes(body=b"", Content_Length="1000") + sent)
        answer = await read_answer(reader)
        assert (answer.status, answer.body, answer.headers["connection"]) == (408, b"", "close")
        assert await until_closed(reader) == b""
        await close(writer)
        assert await node.answers()


async def test_a_body_slower_than_240_bytes_a_second_gets_a_408_and_a_faster_one_its_answer() -> None:
    body = PING + b" " * (200 - len(PING))
    limits = ConnectionLimits(body_grace=0.1)
    async with running(limits=limits) as node:
        for pause, status in ((0.01, 200), (0.2, 408)):
            reader, writer = await node.connect()
            writer.write(request_bytes(body=b"", Content_Length=str(len(body))))
            answer = asyncio.create_task(read_answer(reader))
            for start in range(0, len(body), 10):
                if answer.done():
                    break
                writer.write(body[start : start + 10])
                await asyncio.sleep(pause)
            assert (await answer).status == status
            await close(writer)


async def test_an_idle_connection_is_closed_after_the_keep_alive_time() -> None:
    async with running(limits=QUICK) as node:
        reader, writer = await node.connect()
        for _ in range(3):
            writer.write(request_bytes())
            assert (await read_answer(reader)).body == PONG
            await asyncio.sleep(0.1)
        assert await until_closed(reader) == b""
        await close(writer)
        assert await node.answers()


async def test_without_a_keep_alive_time_a_connection_may_idle() -> None:
    limits = ConnectionLimits(keep_alive=None, headers_timeout=0.1)
    async with running(limits=limits) as node:
        reader, writer = await node.connect()
        writer.write(request_bytes())
        await read_answer(reader)
        await asyncio.sleep(0.3)
        writer.write(request_bytes())
        assert (await read_answer(reader)).body == PONG
        await close(writer)


async def test_a_lingering_connection_is_ended_after_a_while() -> None:
    async with running(limits=QUICK) as node:
        reader, writer = await node.connect()
        writer.write(b"GARBAGE\r\n\r\n")
        assert (await read_answer(reader)).status == 400
        await asyncio.sleep(0.5)
        with pytest.raises(ConnectionError):
            for _ in range(5):
                writer.write(b"more")
                await writer.drain()
                await asyncio.sleep(0.02)
        await close(writer)
        assert await node.answers()


# Number


@pytest.mark.slow
async def test_a_thousand_idle_connections_leave_room_for_a_request() -> None:
    async with running() as node:
        connections = [await node.connect() for _ in range(500)]
        for _, writer in connections:
            writer.write(request_bytes())
        for reader, _ in connections:
            assert (await read_answer(reader)).body == PONG
        connections += [await node.connect() for _ in range(500)]
        assert await node.answers()
        await asyncio.sleep(0.05)
        # 1,001 came, 512 may be open: the ones that have waited longest are closed.
        closed = [reader.at_eof() for reader, _ in connections]
        assert closed.count(True) in (488, 489)
        assert not any(closed[500:])
        for _, writer in connections:
            await close(writer)


async def test_the_connection_that_has_been_idle_longest_makes_room() -> None:
    async with running(max_concurrent_connections=2) as node:
        first, second = await node.connect(), await node.connect()
        for reader, writer in (second, first):  # the second is used before the first
            writer.write(request_bytes())
            await read_answer(reader)
        assert await node.answers()
        assert await until_closed(second[0]) == b""
        first[1].write(request_bytes())
        assert (await read_answer(first[0])).body == PONG
        await close(first[1])
        await close(second[1])


async def test_with_every_connection_at_work_a_new_one_is_closed() -> None:
    async with running(max_concurrent_connections=1) as node:
        reader, writer = await node.connect()
        writer.write(request_bytes()[:-1])
        await asyncio.sleep(0.02)
        refused, other = await node.connect()
        assert await until_closed(refused) == b""
        await close(other)
        writer.write(PING[-1:])
        assert (await read_answer(reader)).body == PONG
        await close(writer)
        assert await node.answers()


async def test_what_comes_in_is_read_in_pieces_that_others_can_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    received = Connection.data_received

    def counted(self: Connection, data: bytes) -> None:
        sizes.append(len(data))
        received(self, data)

    monkeypatch.setattr(Connection, "data_received", counted)
    async with running() as server:
        assert (await server.request(body=b" " * 1_000_000 + PING)).body == PONG
    assert max(sizes) <= 16 * 1024

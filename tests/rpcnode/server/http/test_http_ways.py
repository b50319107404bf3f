"""Ways to send an HTTP request, and what each is answered."""

import asyncio
import base64
import gzip

import pytest

from rpcnode.server.http.connection import SERVER_NAME
from tests.rpcnode.server.http.raw_http import PING, PONG, close, read_answer, request_bytes, running


async def test_requests_on_one_connection_are_answered_in_turn() -> None:
    async with running() as node:
        reader, writer = await node.connect()
        for _ in range(3):
            writer.write(request_bytes())
            assert (await read_answer(reader)).body == PONG
        await close(writer)


async def test_pipelined_requests_are_answered_in_order() -> None:
    async with running() as node:
        reader, writer = await node.connect()
        count = 100
        writer.writelines(request_bytes(body=b'{"id":%d,"method":"ping"}' % number) for number in range(count))
        answers = [(await read_answer(reader)).body for _ in range(count)]
        assert answers == [b'{"jsonrpc":"2.0","id":%d,"result":"pong"}' % number for number in range(count)]
        await close(writer)


async def test_a_client_that_closed_its_sending_side_still_gets_its_answers() -> None:
    async with running() as node:
        assert (await node.send(request_bytes(), half_close=True)).body == PONG
        reader, writer = await node.connect()
        writer.write(request_bytes() * 2)
        writer.write_eof()
        assert [(await read_answer(reader)).body for _ in range(2)] == [PONG, PONG]
        assert await asyncio.wait_for(reader.read(), 1) == b""
        await close(writer)


async def test_http_1_0_is_answered_and_closed_unless_it_asks_otherwise() -> None:
    async with running() as node:
        head = b"POST / HTTP/1.0\r\nContent-Length: " + str(len(PING)).encode()
        reader, writer = await node.connect()
        writer.write(head + b"\r\nConnection: keep-alive\r\n\r\n" + PING)
        answer = await read_answer(reader)
        assert (answer.body, answer.headers["connection"]) == (PONG, "keep-alive")
        writer.write(head + b"\r\n\r\n" + PING)
        assert (await read_answer(reader)).body == PONG
        assert await asyncio.wait_for(reader.read(), 1) == b""
        await close(writer)


async def test_a_connection_is_closed_when_the_client_asks_for_it() -> None:
    async with running() as node:
        reader, writer = await node.connect()
        writer.write(request_bytes(Connection="close"))
        answer = await read_answer(reader)
        assert (answer.body, answer.headers["connection"]) == (PONG, "close")
        assert await asyncio.wait_for(reader.read(), 1) == b""
        await close(writer)


async def test_a_chunked_body_is_put_together() -> None:
    async with running() as node:
        reader, writer = await node.connect()
        writer.write(request_bytes(body=b"", Transfer_Encoding="chunked"))
        for byte in PING:
            writer.write(b"1\r\n%c\r\n" % byte)
            await asyncio.sleep(0)
        writer.write(b"0\r\n\r\n")
        assert (await read_answer(reader)).body == PONG
        await close(writer)


async def test_a_client_that_expects_it_is_told_to_go_on() -> None:
    async with running(max_request_body_size=1000) as node:
        reader, writer = await node.connect()
        head = request_bytes(body=b"", Expect="100-continue", Content_Length=str(len(PING)))
        writer.write(head)
        assert await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 1) == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(PING)
        assert (await read_answer(reader)).body == PONG
        await close(writer)
        refused = await node.send(request_bytes(body=b"", Expect="100-continue", Content_Length="1001"))
        assert refused.status == 413


async def test_a_compressed_body_is_not_unpacked() -> None:
    async with running() as node:
        answer = await node.request(body=gzip.compress(PING), Content_Encoding="gzip")
        assert b"-32700" in answer.body


async def test_a_large_answer_arrives_whole() -> None:
    async with running(methods={"long": lambda _: "x" * 20_000_000}, max_response_body_size=0) as node:
        answer = await node.request(body=b'{"id":1,"method":"long"}')
    assert len(answer.body) == 20_000_000 + len(b'{"jsonrpc":"2.0","id":1,"result":""}')


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"POST / HTTP/1.2", b"505 HTTP Version Not Supported"),
        (b"GET * HTTP/1.1", b"405 Method Not Allowed\r\nServer: %b\r\nAllow: OPTIONS" % SERVER_NAME.encode()),
        (b"POST / HTTP/1.0", b"400 Bad Request"),
        (b"nonsense", b"400 Bad Request"),
    ],
)
async def test_what_is_not_taken_is_said_in_http_1_1_behind_the_answers_before_it(line: bytes, status: bytes) -> None:
    """Status, Content-Length: 0 and Connection: close, and no type: as neo-cli 3.10.2 answers."""
    async with running() as node:
        reader, writer = await node.connect()
        writer.write(request_bytes() * 2 + line + b"\r\nHost: x\r\n\r\n" + request_bytes())
        assert [(await read_answer(reader)).body for _ in range(2)] == [PONG, PONG]
        last = await asyncio.wait_for(reader.read(), 2)
        assert last.startswith(b"HTTP/1.1 " + status + b"\r\n")
        assert last.endswith(b"Connection: close\r\nContent-Length: 0\r\n\r\n")
        assert b"Content-Type" not in last
        await close(writer)
        assert await node.answers()


async def test_any_verb_but_get_and_post_is_answered_with_nothing_in_it() -> None:
    async with running() as node:
        for verb in ("FOO", "get", "Post", "CONNECT", "TRACE"):
            answer = await node.request(verb, body=PING, Origin="http://a.example")
            assert (answer.status, answer.body) == (200, b"")
            assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_null_in_the_path_is_refused_and_one_in_the_query_is_not() -> None:
    async with running() as node:
        assert (await node.request("GET", "/a%00?id=1&method=ping&params=[]")).status == 400
        assert (await node.request("GET", "/?id=%00&method=ping&params=[]")).body == PONG.replace(b"1", b'"\\u0000"')


async def test_http_1_0_is_answered_in_http_1_1() -> None:
    async with running() as node:
        reader, writer = await node.connect()
        writer.write(b"GET /?id=1&method=ping&params=[] HTTP/1.0\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 2)
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n") and b"\r\nConnection: close\r\n" in answer
        await close(writer)


async def test_two_authorization_headers_are_one_wrong_one() -> None:
    credentials = b"Authorization: Basic " + base64.b64encode(b"user:pass") + b"\r\n"
    async with running(rpc_user="user", rpc_pass="pass") as node:
        head, _, body = request_bytes().partition(b"\r\n\r\n")
        assert (await node.send(head + b"\r\n" + credentials + b"\r\n" + body)).body == PONG
        answer = await node.send(head + b"\r\n" + credentials * 2 + b"\r\n" + body)
        assert (answer.status, b"-600" in answer.body) == (200, True)

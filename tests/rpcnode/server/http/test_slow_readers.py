"""Clients that ask and do not read: they keep no place for ever, and no more than one answer in memory."""

import asyncio

import pytest

from rpcnode.server.http.connection_table import ConnectionLimits
from tests.rpcnode.server.http.raw_http import PING, PONG, close, read_answer, request_bytes, running

SIZE = 30_000_000
"""Bytes of an answer: more than the sockets of a loopback connection hold."""

METHODS = {"long": lambda _: "x" * SIZE}
LONG = request_bytes(body=b'{"id":1,"method":"long","params":[]}')
CLIENTS = 4


async def test_a_table_full_of_clients_that_do_not_read_is_cleared() -> None:
    limits = ConnectionLimits(connections=CLIENTS, read_grace=0.3)
    async with running(methods=METHODS, limits=limits, max_response_body_size=0) as node:
        silent = [await node.connect() for _ in range(CLIENTS)]
        for reader, writer in silent:
            reader._transport.pause_reading()  # type: ignore[attr-defined]
            writer.write(LONG)
        await asyncio.sleep(0.1)
        refused, other = await node.connect()
        assert await refused.read() == b""  # every place is taken
        await close(other)
        await asyncio.sleep(1)
        assert await node.answers()
        for reader, writer in silent:
            reader._transport.resume_reading()  # type: ignore[attr-defined]
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await reader.readexactly(SIZE)
            await close(writer)


async def test_a_client_that_reads_fast_enough_gets_all_of_its_answer() -> None:
    limits = ConnectionLimits(read_grace=0.1)
    async with running(methods=METHODS, limits=limits, max_response_body_size=0) as node:
        reader, writer = await node.connect()
        writer.write(LONG)
        got = 0
        while got < SIZE:
            got += len(await reader.read(1_000_000))
            await asyncio.sleep(0.02)
        writer.write(request_bytes())
        assert (await read_answer(reader)).body.endswith(PONG)
        await close(writer)


async def test_of_a_client_that_pipelines_and_does_not_read_little_is_kept() -> None:
    held = []

    def note(_: object) -> str:
        held.append(0)
        return "x" * 50_000

    limits = ConnectionLimits(read_grace=60)
    async with running(methods={"note": note}, limits=limits) as node:
        reader, writer = await node.connect()
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        for _ in range(2000):
            writer.write(request_bytes(body=b'{"id":1,"method":"note","params":[]}'))
        await asyncio.sleep(0.5)
        answered = len(held)
        await asyncio.sleep(0.3)
        # What the sockets hold is answered, the rest waits until somebody reads.
        assert len(held) == answered < 1000
        assert await node.answers()
        reader._transport.abort()  # type: ignore[attr-defined]
        await close(writer)


async def test_a_reset_after_a_bad_request_is_nobodys_error(caplog: pytest.LogCaptureFixture) -> None:
    async with running() as node:
        for data in (b"GARBAGE\r\n\r\n", request_bytes("GET", "/" + "a" * 9000), request_bytes(body=PING)[:-3]):
            for _ in range(20):
                reader, writer = await node.connect()
                writer.write(data)
                await asyncio.sleep(0)
                reader._transport.abort()  # type: ignore[attr-defined]
        await asyncio.sleep(0.2)
        assert await node.answers()
    assert caplog.text == ""

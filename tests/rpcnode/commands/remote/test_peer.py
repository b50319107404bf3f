"""Nodes that have no time at first, or never."""

import asyncio
import json
from typing import Any

import pytest

from rpcnode.commands.remote.peer import AT_ONCE, NoAnswer, Refused, connected
from rpcnode.primitives.json import Json
from rpcnode.server.traffic.node_client import target_of
from tests.rpcnode.commands.remote.front import Own, front

UNREACHED = "http://127.0.0.1:1"


def answer(result: Any) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, json.dumps({"jsonrpc": "2.0", "id": 1, "result": result}).encode()


async def asked(url: str, *calls: str) -> list[Json]:
    async with connected(target_of(url), first_pause_s=0.001) as (peer,):
        return list(await asyncio.gather(*(peer.result(method) for method in calls)))


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_node_that_is_busy_is_asked_again(status: int) -> None:
    def busy_twice(number: int, _: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        return answer(7) if number > 2 else (status, {"Retry-After": "0"}, b"later")

    with front(UNREACHED, busy_twice) as (url, came):
        assert asyncio.run(asked(url, "getblockcount")) == [7]
    assert len(came) == 3


def test_a_node_that_stays_busy_is_given_up() -> None:
    with front(UNREACHED, lambda _, __: (503, {}, b"")) as (url, came), pytest.raises(NoAnswer, match="status 503"):
        asyncio.run(asked(url, "getblockcount"))
    assert len(came) == 6


@pytest.mark.parametrize(
    ("own", "told"),
    [
        (lambda _, __: (200, {}, b"<html>"), "no node: HTTP status 200, and no answer of JSON-RPC"),
        (lambda _, __: (200, {}, b"[]"), "no node: HTTP status 200"),
        (lambda _, __: (401, {}, b""), "no node: HTTP status 401"),
        (lambda _, __: (200, {}, b"[" * 100_000), "no node: HTTP status 200"),
    ],
)
def test_what_is_no_node_is_not_asked_again(own: Own, told: str) -> None:
    with front(UNREACHED, own) as (url, came), pytest.raises(NoAnswer, match=told):
        asyncio.run(asked(url, "getblockcount"))
    assert len(came) == 1


def test_an_error_of_the_node_is_raised_with_its_code() -> None:
    error = b'{"jsonrpc":"2.0","id":1,"error":{"code":-101,"message":"Unknown block"}}'
    with front(UNREACHED, lambda _, __: (200, {}, error)) as (url, _), pytest.raises(Refused) as caught:
        asyncio.run(asked(url, "getblock"))
    assert caught.value.code == -101
    assert '"Unknown block"' in str(caught.value)


def test_few_requests_are_under_way_together() -> None:
    under_way, most = 0, 0

    async def crowd() -> None:
        nonlocal under_way, most

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal under_way, most
            while (head := await reader.readline()) != b"":
                while head.strip():
                    length = int(head.split()[1]) if head.lower().startswith(b"content-length:") else 0
                    body_size = length or locals().get("body_size", 0)
                    head = await reader.readline()
                await reader.readexactly(body_size)
                under_way += 1
                most = max(most, under_way)
                await asyncio.sleep(0.002)
                under_way -= 1
                content = answer(1)[2]
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content))
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            await asked(f"http://127.0.0.1:{port}", *["getblockcount"] * 40)

    asyncio.run(crowd())
    assert most == AT_ONCE

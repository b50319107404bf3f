"""Slow, silent and flooding clients cost bounded memory, and hurt nobody."""

import asyncio
import json
import socket
from typing import Any

import aiohttp
import pytest

from rpcnode.server.http.connection import Phase
from rpcnode.server.websocket import feed
from rpcnode.server.websocket.events import Event, Stream
from rpcnode.server.websocket.limits import WebSocketLimits
from rpcnode.server.websocket.subscriber import Subscriber
from tests.rpcnode.server.websocket.clients import PATIENCE, Client, Served, served

MISSED = {"jsonrpc": "2.0", "method": "event_missed", "params": []}


def event(index: int, size: int = 10) -> Event:
    return Event(Stream.BLOCK, index, lambda: {"index": index, "filling": "x" * size}, json.dumps)


def subscriber(**limits: int) -> Subscriber:
    made = Subscriber(WebSocketLimits(**limits), lambda text: text, lambda: 0)
    made.subscribe(["block_added"])
    return made


async def taken(one: Subscriber, count: int) -> list[Any]:
    events = [json.loads(await one.next_event()) for _ in range(count)]
    return [each["params"][0]["index"] if each["params"] else each["method"] for each in events]


async def test_a_full_queue_loses_events_until_one_is_taken_and_says_so() -> None:
    slow = subscriber(queue=3)
    for index in range(1, 8):
        slow.offer(event(index))
    assert slow.waiting == 3
    assert await taken(slow, 1) == [1]
    slow.offer(event(8))  # there is no room: what was missed took it
    assert await taken(slow, 3) == [2, 3, "event_missed"]
    assert await taken(slow, 1) == ["event_missed"]  # of event 8
    slow.offer(event(9))
    assert await taken(slow, 1) == [9]


async def test_a_queue_is_full_of_characters_too_but_has_room_for_one_event() -> None:
    slow = subscriber(queue_bytes=1000)
    slow.offer(event(1, size=5000))
    slow.offer(event(2))
    assert slow.waiting == 1
    assert await taken(slow, 2) == [1, "event_missed"]


async def test_events_that_were_missed_twice_are_told_of_once() -> None:
    one = subscriber()
    one.miss()
    one.miss()
    assert one.waiting == 1
    assert await taken(one, 1) == ["event_missed"]


async def test_an_event_that_several_subscriptions_take_comes_once() -> None:
    one = subscriber()
    one.subscribe(["block_added", {"since": 1}])
    one.offer(event(5))
    assert one.waiting == 1


HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def frame(method: str) -> bytes:
    """A call as a client's frame, masked with zeros. Source: RFC 6455, 5.2."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": []}).encode()
    return bytes((0x81, 0x80 | len(body))) + bytes(4) + body


class Impatient(WebSocketLimits):
    """Limits that a test can wait for."""

    __slots__ = ()

    def __init__(self, **limits: Any) -> None:
        super().__init__(**{"ping": 0.1, "pong": 1.5, "write": 0.5, **limits})


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rpcnode.server.websocket.limits.WebSocketLimits", Impatient)


async def deaf(node: Served) -> Client:
    """A client that answers no ping."""
    return await node.client(autoping=False)


async def test_a_silent_client_is_let_go_and_one_that_answers_pings_stays(impatient: None) -> None:
    async with served(block_time="manual") as node:
        silent, alive = await deaf(node), await node.client()
        waiting = asyncio.create_task(alive.receive())  # reads, and so answers pings
        kinds = set()
        async with asyncio.timeout(PATIENCE):
            while not silent.socket.closed:
                kinds.add((await silent.socket.receive()).type)
        assert aiohttp.WSMsgType.PING in kinds
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert await alive.result("getblockcount") > 0


async def test_a_client_that_keeps_talking_but_answers_no_ping_is_let_go(impatient: None) -> None:
    async with served(block_time="manual") as node:
        flooding = await deaf(node)
        with pytest.raises((ConnectionError, TypeError)):
            async with asyncio.timeout(PATIENCE):
                while True:
                    await flooding.socket.send_str('{"jsonrpc":"2.0","id":1,"method":"getblockcount","params":[]}')
                    await asyncio.sleep(0.001)


async def test_a_client_that_reads_nothing_is_let_go_and_costs_one_answer(impatient: None) -> None:
    async with served(block_time="manual") as node:
        largest = len(json.dumps(await node.post("getnativecontracts")))
        own = socket.create_connection(("127.0.0.1", int(node.url.rpartition(":")[2])))
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        own.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(own, HANDSHAKE + frame("getnativecontracts") * 500)
        table = node.endpoint.server._table
        pending = 0
        for _ in range(int(PATIENCE * 100)):
            talking = [each for each in table._connections if each.phase is Phase.TALKING]
            if pending and not talking:
                break  # it was let go
            pending = max(pending, *(each._transport.get_write_buffer_size() for each in talking if each._transport), 0)
            await asyncio.sleep(0.01)
        else:
            pytest.fail("it is still there")
        own.close()
        # What aiohttp lets wait, what it writes before it looks at that, and an answer.
        assert 0 < pending < 2 * 64 * 1024 + 2 * largest
        assert await (await node.client()).result("getblockcount") > 0


async def test_a_flooding_client_is_read_one_message_at_a_time_and_others_are_answered() -> None:
    flood, few = 1000, 50
    async with served(block_time="manual") as node:
        other = await node.client()
        calls = node.node.meter.calls

        def answered() -> int:
            return sum(calls["getconnectioncount"].classes) if "getconnectioncount" in calls else 0

        with socket.create_connection(("127.0.0.1", node.endpoint.port)) as own:
            own.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(own, HANDSHAKE + frame("getconnectioncount") * flood)
            async with asyncio.timeout(PATIENCE):
                while not answered():
                    await other.result("getblockcount")
            for _ in range(3):
                before = answered()
                await other.result("getblockcount")
                assert 0 < answered() - before < few
            assert answered() < flood


async def test_a_message_that_is_too_long_ends_the_connection() -> None:
    async with served({"MaxRequestBodySize": 2000}, block_time="manual") as node:
        client = await node.client()
        await client.socket.send_str(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "x" * 3000, "params": []}))
        assert await client.closed() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_subscriptions_of_one_client_have_a_limit_of_the_settings() -> None:
    async with served({"MaxWebSocketFeeds": 2}, block_time="manual") as node:
        client = await node.client()
        assert [await client.result("subscribe", "block_added") for _ in range(2)] == ["0", "1"]
        assert (await client.ask("subscribe", "block_added"))["error"]["code"] == -32603
        assert await client.result("unsubscribe", "0") is True
        assert await client.result("subscribe", "block_added") == "0"


async def test_many_blocks_at_once_are_told_of_by_their_newest_and_by_those_with_transactions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed, "MOST_BEHIND", 3)
    async with served(block_time="manual") as node:
        client = await node.client()
        before = await client.result("getblockcount") - 1
        await client.result("subscribe", "block_added")
        await client.result("dev_transfer", {"asset": "GAS", "from": "account1", "to": "account2", "amount": 5})
        await client.result("dev_mine", 1000)
        told = await client.until_quiet()
        indexes = [each["params"][0]["index"] if each["params"] else "missed" for each in told]
        assert indexes == [before + 1, "missed", *range(before + 998, before + 1001)]


async def test_a_node_that_stops_says_goodbye() -> None:
    async with served(block_time="manual") as node:
        client = await node.client()
        closing = asyncio.create_task(client.closed())
        await node.endpoint._own_paths.close()
        assert await closing == aiohttp.WSCloseCode.GOING_AWAY

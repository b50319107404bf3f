"""What a client of neo-go's websocket sends is answered alike here: every frame that a live neo-go was recorded with.

Answers of methods that neo-cli has too are neo-cli's. So is what a failed execution says of itself: its words, and that
its notifications are forgotten.
"""

import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import pytest

from tests import PROJECT
from tests.rpcnode.server.websocket.clients import Client, Served, served

RECORDED: Final[dict[str, Any]] = json.loads(
    gzip.decompress((PROJECT / "tests/data/websocket/frames.json.gz").read_bytes())
)
CLIENTS: Final[dict[str, list[dict[str, Any]]]] = RECORDED["clients"]
NEO_GOS_WORDS: Final = {"at instruction 87 (ABORT): ABORT": "ABORT is executed."}


@pytest.fixture
def fixture(tmp_path: Path) -> Path:
    """The network that was recorded, without its blocks."""
    path = tmp_path / "network.json"
    path.write_text(json.dumps({"network": RECORDED["network"]}))
    return path


def received(name: str) -> list[dict[str, Any]]:
    return [frame["received"] for frame in CLIENTS[name] if "received" in frame]


def events(frames: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Events by stream: neo-go sends those of different streams in no order."""
    found: dict[str, list[Any]] = defaultdict(list)
    for frame in frames:
        if "method" in frame:
            found[frame["method"]].append(frame)
    return {**found}


def as_here(frame: dict[str, Any]) -> dict[str, Any]:
    """A recorded event as a node says it whose contracts fail as neo-cli's."""
    execution = frame["params"][0]
    if frame["method"] == "transaction_executed" and execution["vmstate"] == "FAULT":
        words = NEO_GOS_WORDS[execution["exception"]]
        return {**frame, "params": [{**execution, "exception": words, "notifications": None}]}
    return frame


async def play(node: Served) -> None:
    """Lets happen what happened: transactions and blocks, in the order in which neo-go told of them."""
    for frame in received("everything"):
        event = frame.get("params", [{}])[0]
        if frame.get("method") == "mempool_event" and event["type"] == "added":
            raw = RECORDED["transactions"][event["transaction"]["hash"]]
            assert (await node.post("sendrawtransaction", raw)).get("error") is None
        elif frame.get("method") == "block_added":
            assert (await node.post("submitblock", RECORDED["blocks"][event["index"] - 1])).get("error") is None


async def test_every_client_gets_what_neo_go_sent_it(fixture: Path) -> None:
    told = events(received("everything"))["block_added"]
    async with served(fixtures=(fixture,), block_time="manual") as node:
        for raw in RECORDED["blocks"][: told[0]["params"][0]["index"] - 1]:
            await node.result("submitblock", raw)
        clients: dict[str, Client] = {}
        for name, frames in CLIENTS.items():
            clients[name] = await node.client()
            for frame in frames:
                if "sent" in frame:
                    await clients[name].socket.send_str(frame["sent"])
                    answer = await clients[name].receive()
                    assert answer == next(each for each in received(name) if each.get("id") == answer["id"])
        await play(node)
        for name, client in clients.items():
            expected = {stream: [as_here(each) for each in told] for stream, told in events(received(name)).items()}
            assert events(await client.until_quiet()) == expected, name


async def test_streams_come_in_the_order_that_neo_go_documents(fixture: Path) -> None:
    async with served(fixtures=(fixture,), block_time="manual") as node:
        client = await node.client()
        for stream in ("block_added", "header_of_added_block", "transaction_added", "transaction_executed"):
            await client.result("subscribe", stream)
        await client.result("subscribe", "notification_from_execution")
        with_two = next(index for index, raw in enumerate(RECORDED["blocks"]) if len(raw) > 700)
        for raw in RECORDED["blocks"][: with_two + 1]:
            await node.result("submitblock", raw)
        told = [
            (each["method"], each["params"][0].get("trigger", each["params"][0].get("eventname", "")))
            for each in await client.until_quiet()
        ]
    opening = events(received("everything"))["transaction_executed"]
    transfers = next(
        each["params"][0]["notifications"] for each in opening if each["params"][0]["trigger"] == "Application"
    )
    start = len(told) - told[::-1].index(("transaction_executed", "OnPersist")) - 1
    assert told[start:] == [
        ("transaction_executed", "OnPersist"),
        *[("notification_from_execution", "Transfer")] * 2,  # fees are burnt and paid
        ("transaction_executed", "Application"),
        *[("notification_from_execution", "Transfer")] * len(transfers),
        ("transaction_added", ""),
        ("transaction_executed", "PostPersist"),
        ("notification_from_execution", "Transfer"),
        ("header_of_added_block", ""),
        ("block_added", ""),
    ]


def asked() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Requests and neo-go's answers, in order."""
    frames = RECORDED["asking"]
    requests = [json.loads(frame["sent"]) for frame in frames if "sent" in frame]
    answers = {frame["received"]["id"]: frame["received"] for frame in frames if "id" in frame.get("received", {})}
    return [(request, answers[request["id"]]) for request in requests]


async def test_subscribe_and_unsubscribe_answer_as_neo_go(fixture: Path) -> None:
    async with served(fixtures=(fixture,), block_time="manual") as node:
        client = await node.client()
        for request, answer in asked():
            if request["method"] in ("subscribe", "unsubscribe"):
                await client.socket.send_json(request)
                assert await client.receive() == answer, request


async def test_any_other_call_is_answered_as_over_http(fixture: Path) -> None:
    async with served(fixtures=(fixture,), block_time="manual") as node:
        client = await node.client()
        for request in (
            {"jsonrpc": "2.0", "id": 1, "method": "getblockcount", "params": []},
            {"jsonrpc": "2.0", "id": "one", "method": "getblock", "params": [0, True]},
            {"jsonrpc": "2.0", "id": 3, "method": "nosuchmethod", "params": []},
            {"jsonrpc": "2.0", "id": None, "method": "getblock", "params": [-1]},
            [{"jsonrpc": "2.0", "id": 1, "method": "getblockcount"}, {"id": 2, "method": "getversion", "params": []}],
        ):
            async with node.session.post(node.url, json=request) as answer:
                over_http = await answer.json()
            await client.socket.send_json(request)
            assert await client.receive() == over_http
            await client.socket.send_bytes(json.dumps(request).encode())
            assert await client.receive() == over_http


@pytest.mark.parametrize("name", ["a batch", "an id that is text"])
async def test_messages_are_answered_as_by_neo_go(fixture: Path, name: str) -> None:
    sent, told, _ = RECORDED["raw"][name]
    async with served(fixtures=(fixture,), block_time="manual") as node:
        client = await node.client()
        await client.socket.send_str(sent["sent"])
        assert await client.receive() == told["received"]


@pytest.mark.parametrize("name", ["broken JSON", "an empty message", "a scalar"])
async def test_what_is_no_request_ends_the_connection_as_at_neo_go(fixture: Path, name: str) -> None:
    sent, told = RECORDED["raw"][name]
    async with served(fixtures=(fixture,), block_time="manual") as node:
        client = await node.client()
        await client.socket.send_str(sent["sent"])
        assert await client.closed() == told["closed"]


@pytest.mark.parametrize("name", ["no key", "version 8", "another origin", "its own origin"])
async def test_handshakes_are_answered_as_by_neo_go(fixture: Path, name: str) -> None:
    recorded = RECORDED["handshakes"][name]
    async with served(fixtures=(fixture,), block_time="manual") as node:
        headers = {**recorded["sent"]}
        if name == "its own origin":
            headers["Origin"] = node.url
        async with node.session.get(f"{node.url}/ws", headers=headers) as answer:
            assert answer.status == recorded["status"]


async def test_one_client_too_many_is_told_so_as_by_neo_go(fixture: Path) -> None:
    recorded = RECORDED["one client too many"]
    async with served({"MaxWebSocketClients": 2}, fixtures=(fixture,), block_time="manual") as node:
        first, _ = await node.client(), await node.client()
        async with node.session.get(
            f"{node.url}/ws", headers=RECORDED["handshakes"]["its own origin"]["sent"] | {"Origin": node.url}
        ) as answer:
            assert (answer.status, await answer.text()) == (recorded["status"], recorded["text"])
        await first.socket.close()
        assert await (await node.client()).result("getblockcount") == 1

"""Faults, journal and access of a whole node, over its socket."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from rpcnode.endpoint import Endpoint
from rpcnode.node import Node
from rpcnode.options import Envelope, NodeOptions
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.rpcnode.server.websocket.clients import served

ENVELOPES = pytest.mark.parametrize(
    ("profile", "envelope"),
    [("n3", "neo"), ("n3-preview", "neo"), ("n2", "neo"), ("n3", "strict")],
    ids=["n3", "n3-preview", "n2", "strict"],
)


@dataclass(slots=True)
class Client:
    """A client of one node, which gives up a connection that is reset or cut."""

    node: Node
    url: str
    session: aiohttp.ClientSession

    async def call(self, method: str, *params: Json, **headers: str) -> Any:
        """The response object, or the name of what happened instead."""
        call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        try:
            async with self.session.post(self.url, json=call, headers=headers) as response:
                text = await response.text()
                return json.loads(text) if text else response.status
        except aiohttp.ClientError as error:
            return type(error).__name__

    def database(self) -> list[str]:
        """Everything that the node keeps, as SQL."""
        return list(self.node.store.connection.iterdump())


@asynccontextmanager
async def client(profile: ProfileName = "n3", envelope: Envelope = "neo", **options: Any) -> AsyncIterator[Client]:
    """A client of a node on the dev chain."""
    node = Node(NodeOptions(port=0, profile=profile, jsonrpc=envelope, **options))
    endpoint = Endpoint(node)
    await endpoint.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Client(node, endpoint.url, session)
    finally:
        await endpoint.stop()
        node.close()


FAULTS: list[dict[str, Json]] = [
    {"error": {"code": -32000, "message": "busy"}},
    {"http_status": 503},
    {"latency_ms": 1},
    {"drop": True},
    {"truncate": True},
]
"""One of each effect."""


@ENVELOPES
async def test_faults_come_and_go_and_leave_the_ledger_as_it_was(profile: ProfileName, envelope: Envelope) -> None:
    async with client(profile, envelope) as node:
        before = node.database()
        answers = []
        for fault in FAULTS:
            await node.call("dev_setFault", {"method": "getblock*", "times": 1, **fault})
            answers.append(await node.call("getblockcount"))
        right = await node.call("getblockcount")
        assert "result" in right
        assert answers[0]["error"] == {"code": -32000, "message": "busy"}
        assert answers[1:] == [503, right, "ClientOSError", "ClientPayloadError"]
        assert node.database() == before


@ENVELOPES
async def test_dev_calls_between_faults_give_the_chain_that_they_give_without(
    profile: ProfileName, envelope: Envelope
) -> None:
    databases = []
    for faults in ([], FAULTS):
        async with client(profile, envelope) as node:
            for fault in faults:
                await node.call("dev_setFault", {"method": "*", "probability": 0.5, **fault})
            for _ in range(3):
                assert "result" in await node.call("dev_mine", 2)
                await node.call("getblockcount")
            databases.append(node.database())
    assert databases[0] == databases[1]


async def test_the_chain_s_seed_decides_what_chance_strikes() -> None:
    runs = []
    for seed in ("a", "a", "b"):
        async with client(seed=seed) as node:
            await node.call("dev_setFault", {"method": "getversion", "probability": 0.5, "http_status": 503})
            runs.append([await node.call("getversion") == 503 for _ in range(40)])
    assert runs[0] == runs[1] != runs[2]


async def test_the_journal_and_the_faults_go_on_through_a_revert() -> None:
    async with client() as node:
        await node.call("dev_setFault", {"method": "getversion", "http_status": 503})
        await node.call("dev_snapshot", "a")
        await node.call("getblockcount")
        await node.call("dev_mine")
        await node.call("dev_revert", "a")
        assert await node.call("getversion") == 503
        journal = (await node.call("dev_journal"))["result"]
        assert [(entry["sequence"], entry["method"]) for entry in journal] == [(1, "getblockcount"), (2, "getversion")]
        verified = await node.call("dev_verify", {"method": "getblockcount", "params": [], "times": 1})
        assert verified["result"] == {"ok": True}


async def test_the_journal_tells_the_chain_s_time() -> None:
    async with client() as node:
        times = []
        for _ in range(2):
            await node.call("getblockcount")
            await node.call("dev_increaseTime", 5_000)
        times = [entry["time_ms"] for entry in (await node.call("dev_journal"))["result"]]
        assert times[1] - times[0] == 5_000


async def test_the_journal_names_whoever_called_over_a_socket() -> None:
    async with served(accounts=1) as node:
        async with node.session.post(node.url, data=b"{", headers={"User-Agent": "app/1"}) as answer:
            assert answer.status == 200
        client = await node.client()
        await client.ask("getversion")
        node.node.traffic.journal.add(b"{}", json.loads, "{}", 0.0, 4)  # type: ignore[union-attr]
        seen = await node.result("dev_journal")
    assert [entry.get("user_agent", "")[:5] for entry in seen] == ["app/1", "Pytho", ""]
    assert ["client" in entry for entry in seen] == [True, True, False]
    assert all(entry["client"].startswith("127.0.0.1:") for entry in seen[:2])


async def test_info_names_the_faults_and_the_journal() -> None:
    async with client() as node:
        await node.call("dev_setFault", {"method": "getversion", "http_status": 503, "nth": 2, "times": 2})
        for _ in range(2):
            await node.call("getversion")
        info = (await node.call("dev_info"))["result"]
        assert info["faults"] == [
            {
                "id": "fault-1",
                "method": "getversion",
                "http_status": 503,
                "nth": 2,
                "times": 2,
                "seen": 2,
                "struck": 1,
            }
        ]
        assert info["journal"] == {"entries": 2, "last_sequence": 2}


@ENVELOPES
async def test_a_web_page_of_another_origin_commands_no_node(profile: ProfileName, envelope: Envelope) -> None:
    async with client(profile, envelope) as node:
        before = node.database()
        assert "error" in await node.call("dev_mine", Origin="https://evil.example")
        assert "error" in await node.call("dev_mine", Host="evil.example")
        assert node.database() == before
        assert "result" in await node.call("dev_mine", Origin="http://localhost:3000")


@ENVELOPES
async def test_without_dev_nothing_is_written_down_or_commanded(profile: ProfileName, envelope: Envelope) -> None:
    async with client(profile, envelope, dev=False) as node:
        assert node.node.traffic is None
        for method in ("dev_setFault", "dev_clearFaults", "dev_journal", "dev_verify"):
            assert (await node.call(method))["error"]["code"] == -32601

"""What is at a node's port besides calls is named where people look for it."""

import logging
from contextlib import closing

import aiohttp
import pytest

from rpcnode.endpoint import Endpoint, request_log
from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.primitives.json import Json
from tests.rpcnode.server.websocket.clients import served


async def test_the_page_names_the_paths_that_there_are() -> None:
    html = {"Accept": "text/html"}
    async with (
        served({"DisabledMethods": ["/metrics"]}) as node,
        node.session.get(f"{node.url}/methods", headers=html) as answer,
    ):
        page = await answer.text()
    assert "<code>/ws</code>" in page
    assert "<code>/health</code>" in page
    assert "/metrics" not in page


@pytest.mark.parametrize(
    ("key", "value", "paths"),
    [
        ("MaxWebSocketClients", 0, ["/health", "/metrics"]),
        ("DisabledMethods", ["/ws", "/health"], ["/metrics"]),
        ("MaxWebSocketClients", 1, ["/ws", "/health", "/metrics"]),
    ],
)
async def test_an_endpoint_lists_them(key: str, value: Json, paths: list[str]) -> None:
    setting = PluginSetting("RpcServer", key, value, "--set")
    with closing(Node(NodeOptions(port=0, settings=(setting,)))) as node:
        assert [path for _, path in Endpoint(node).own_paths] == paths


@pytest.mark.parametrize("path", ["/health", "/metrics", "/page/main.js"])
@pytest.mark.parametrize(
    ("bind_address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.0.0.1", {"Host": "localhost", "Origin": "http://localhost:3000"}, 200),
        ("127.0.0.1", {"Host": "evil.example:10332"}, 403),
        ("127.0.0.1", {"Origin": "https://evil.example"}, 403),
        ("0.0.0.0", {"Host": "node.example.com:10332"}, 200),
        ("0.0.0.0", {"Host": "node.example.com", "Origin": "https://evil.example"}, 403),
    ],
    ids=["itself", "its page", "a name that was rebound", "a strangers page", "its name for others", "another page"],
)
async def test_no_page_of_a_stranger_reads_them(
    path: str, bind_address: str, headers: dict[str, str], status: int
) -> None:
    async with served({"BindAddress": bind_address}, accounts=1) as node:
        async with node.session.get(f"{node.url}{path}", headers=headers) as answer:
            body = await answer.text()
        async with node.session.head(f"{node.url}{path}", headers=headers) as head:
            assert (head.status, head.headers["Content-Length"]) == (answer.status, answer.headers["Content-Length"])
    assert answer.status == status
    assert ("the page, /health and /metrics" in body) is (status == 403)


async def test_the_log_of_requests_has_a_line_for_each_message_of_a_websocket(caplog: pytest.LogCaptureFixture) -> None:
    with closing(Node(NodeOptions(port=0))) as node:
        endpoint = Endpoint(node, request_log(node, with_bodies=True))
        await endpoint.start()
        with caplog.at_level(logging.INFO, "rpcnode.request"):
            async with aiohttp.ClientSession() as session, session.ws_connect(f"{endpoint.url}/ws") as socket:
                for method in ("getblockcount", "dev_dumpState"):
                    await socket.send_json({"jsonrpc": "2.0", "id": 1, "method": method, "params": []})
                    await socket.receive()
        await endpoint.stop()
    lines = [record.getMessage() for record in caplog.records]
    assert any(line.startswith("WS getblockcount ") and '"result":' in line for line in lines)
    assert any(line.startswith("WS dev_dumpState ") and "not shown" in line for line in lines)

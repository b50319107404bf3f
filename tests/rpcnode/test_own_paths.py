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

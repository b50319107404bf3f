"""Who may open the websocket and what may be called over it: the rules of HTTP, and no page of a stranger at all."""

import base64
from typing import Any

import aiohttp
import pytest

from tests.rpcnode.server.websocket.clients import Served, served

FOREIGN = "http://evil.example"
UPGRADE = {
    "Connection": "keep-alive, Upgrade",
    "Upgrade": "WebSocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


async def status(node: Served, path: str = "/ws", **headers: str) -> int:
    """The status with which a handshake is answered."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with node.session.get(f"{node.url}{path}", headers=UPGRADE | named) as answer:
        return answer.status


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 101),
        ({"Origin": "http://localhost:3000"}, 101),
        ({"Origin": "http://127.0.0.1:3000", "Host": "localhost:10332"}, 101),
        ({"Origin": FOREIGN}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": FOREIGN, "Host": "evil.example"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "file://"}, 403),
        ({"Host": "evil.example"}, 101),
        ({"Origin": "http://localhost", "Host": "evil.example"}, 403),
    ],
    ids=[
        "no page",
        "a page on this machine",
        "another name for this machine",
        "a stranger's page",
        "a page without an origin",
        "a name that was rebound",
        "a name that looks like ours",
        "a file",
        "no page, by whatever name",
        "a page of ours, by a stranger's name",
    ],
)
async def test_only_pages_of_this_machine_come_in(headers: dict[str, str], expected: int) -> None:
    async with served(block_time="manual") as node:
        assert await status(node, **headers) == expected


async def test_a_page_that_the_settings_name_comes_in_and_commands_nothing() -> None:
    async with served({"AllowOrigins": [FOREIGN]}, block_time="manual") as node:
        client = await node.client(Origin=FOREIGN)
        assert await client.result("getblockcount") > 0
        error = (await client.ask("dev_mine"))["error"]
        assert (error["code"], "closed to web pages of Origin" in error["message"]) == (-600, True)


async def test_dev_methods_over_a_strangers_name_are_refused_as_over_http() -> None:
    async with served(block_time="manual") as node:
        client = await node.client(Host="evil.example")
        body = {"jsonrpc": "2.0", "id": 1, "method": "dev_mine", "params": []}
        async with node.session.post(node.url, json=body, headers={"Host": "evil.example"}) as answer:
            assert await client.ask("dev_mine") == await answer.json()
        assert await (await node.client()).result("dev_mine") > 0


async def test_a_node_with_a_password_lets_in_who_knows_it() -> None:
    async with served({"RpcUser": "user", "RpcPass": "pass"}, block_time="manual") as node:
        async with node.session.get(f"{node.url}/ws", headers=UPGRADE) as answer:
            assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="Restricted"')
        wrong = base64.b64encode(b"user:word").decode()
        assert await status(node, Authorization=f"Basic {wrong}") == 401
        right = base64.b64encode(b"user:pass").decode()
        client = await node.client(Authorization=f"Basic {right}")
        assert await client.result("subscribe", "block_added") == "0"


async def test_disabled_methods_are_disabled_over_the_websocket() -> None:
    async with served({"DisabledMethods": ["getblock", "subscribe"]}, block_time="manual") as node:
        client = await node.client()
        assert (await client.ask("getblock", 0))["error"]["code"] == -600
        assert (await client.ask("subscribe", "block_added"))["error"]["code"] == -600


@pytest.mark.parametrize(
    "settings", [{"DisabledMethods": ["/ws"]}, {"MaxWebSocketClients": 0}], ids=["disabled", "no clients"]
)
async def test_without_a_websocket_its_path_is_as_any_other(settings: dict[str, Any]) -> None:
    async with served(settings, block_time="manual") as node:
        async with node.session.get(f"{node.url}/elsewhere", headers=UPGRADE) as answer:
            elsewhere = answer.status, await answer.text()
        async with node.session.get(f"{node.url}/ws", headers=UPGRADE) as answer:
            assert (answer.status, await answer.text()) == elsewhere


@pytest.mark.parametrize("path", ["/ws/", "/WS", "/ws2", "/", "/ws?Method=getblockcount&id=1&params=[]"])
async def test_other_paths_and_requests_open_no_websocket(path: str) -> None:
    async with served(block_time="manual") as node:
        assert await status(node, path) == 200


async def test_a_post_and_a_get_with_a_method_are_calls_on_the_path_of_the_websocket() -> None:
    async with served(block_time="manual") as node:
        expected = await node.post("getblockcount")
        body = {"jsonrpc": "2.0", "id": 1, "method": "getblockcount", "params": []}
        async with node.session.post(f"{node.url}/ws", json=body, headers=UPGRADE) as answer:
            assert await answer.json() == expected
        async with node.session.get(f"{node.url}/ws?jsonrpc=2.0&id=1&method=getblockcount&params=[]") as answer:
            assert (await answer.json())["result"] == expected["result"]


@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
async def test_subscribe_over_http_is_no_method_of_the_node(profile: str) -> None:
    """Recorded of neo-cli 3.10.2: `Method not found - subscribe`; the older ones name no method."""
    async with served(profile=profile, block_time="manual") as node:
        error = (await node.post("subscribe", "block_added"))["error"]
        assert (error["code"], error["message"]) == (
            -32601,
            "Method not found - subscribe" if profile == "n3" else "Method not found",
        )


async def test_what_follows_a_refused_handshake_is_no_request() -> None:
    async with served(block_time="manual") as node:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await node.client(Origin=FOREIGN)
        assert (await node.post("getblockcount"))["result"] > 0

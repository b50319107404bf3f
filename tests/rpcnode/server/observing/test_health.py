"""GET /health: whether the node is well, for whoever watches it."""

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.rpcnode.server.websocket.clients import Served, served

TRACKER = "TokensTracker"

FAILING = '''
from rpcnode.plugin import Plugin


class Failing(Plugin):
    """Fails at every block, and is stopped for it."""

    name = "Failing"

    def on_committing(self, block, executions):
        raise ValueError("it fails")
'''


async def health(node: Served, path: str = "/health", **headers: str) -> tuple[int, Any]:
    async with node.session.get(f"{node.url}{path}", headers=headers) as answer:
        return answer.status, await answer.json(content_type=None)


async def test_a_node_that_is_well_says_ok() -> None:
    async with served() as node:
        status, answer = await health(node)
        plugins = {plugin.name: "running" for plugin in node.node.registry}
        height = node.node.ledger.height
        lag = dict.fromkeys(node.node.followers.lags, 0)
        assert (status, answer) == (
            200,
            {"status": "ok", "height": height, "header_height": height, "lag": lag, "plugins": plugins},
        )
        assert TRACKER in lag


async def test_a_node_below_its_headers_is_syncing() -> None:
    async with served() as node:
        height = await node.result("dev_mine", 2)
        await node.result("dev_setSync", {"height": height - 2, "header_height": height})
        status, answer = await health(node)
        assert (status, answer["status"], answer["height"], answer["header_height"]) == (
            503,
            "syncing",
            height - 2,
            height,
        )


async def test_a_node_whose_tracker_is_behind_is_lagging() -> None:
    async with served() as node:
        await node.result("dev_mine", 5)
        await node.result("dev_setLag", {TRACKER: 3})
        status, answer = await health(node)
        assert (status, answer["status"], answer["lag"][TRACKER]) == (503, "lagging", 3)
        await node.result("dev_setLag", {TRACKER: 0})
        assert (await health(node))[0] == 200


async def test_a_node_with_a_plugin_that_failed_is_stopped(tmp_path: Path) -> None:
    folder = tmp_path / "failing"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "plugin.py").write_text(FAILING)
    (folder / "config.json").write_text('{"PluginConfiguration": {"UnhandledExceptionPolicy": "StopPlugin"}}')
    async with served(plugins_dirs=(tmp_path,)) as node:
        await node.result("dev_transfer", {"asset": "GAS", "from": "account1", "to": "account2", "amount": 1})
        await node.result("dev_mine", 1)
        status, answer = await health(node)
        assert (status, answer["status"], answer["plugins"]["Failing"]) == (503, "stopped", "stopped")
        assert answer["lag"]["Failing"] >= 2


async def test_a_post_and_a_get_with_a_method_stay_calls() -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "getblockcount", "params": []}
    async with served() as node:
        expected = await node.result("getblockcount")
        for path in ("/health", "/metrics", "/health?verbose=1"):
            async with node.session.post(f"{node.url}{path}", json=body) as answer:
                assert (await answer.json())["result"] == expected
        for path in ("/health", "/metrics"):
            _, answer = await health(node, f"{path}?jsonrpc=2.0&METHOD=getblockcount&id=1&params=[]")
            assert answer["result"] == expected


async def test_a_head_has_the_status_and_no_body_and_a_browser_gets_no_page() -> None:
    async with served() as node:
        async with node.session.head(f"{node.url}/health") as answer:
            assert (answer.status, await answer.read(), answer.headers["Content-Type"]) == (
                200,
                b"",
                "application/json",
            )
        assert (await health(node, Accept="text/html"))[1]["status"] == "ok"


@pytest.mark.parametrize("path", ["/health", "/metrics"])
async def test_a_node_with_a_password_tells_nobody_else(path: str) -> None:
    async with served({"RpcUser": "user", "RpcPass": "pass"}) as node:
        async with node.session.get(f"{node.url}{path}") as answer:
            assert (answer.status, await answer.read()) == (401, b"")
        right = base64.b64encode(b"user:pass").decode()
        async with node.session.get(f"{node.url}{path}", headers={"Authorization": f"Basic {right}"}) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("path", ["/health", "/metrics"])
async def test_a_page_of_another_origin_cannot_read_it(path: str) -> None:
    async with (
        served() as node,
        node.session.get(f"{node.url}{path}", headers={"Origin": "http://a.example"}) as answer,
    ):
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_disabled_path_is_as_any_other() -> None:
    async with served({"DisabledMethods": ["/health"]}) as node:
        async with node.session.get(f"{node.url}/elsewhere") as answer:
            elsewhere = answer.status, await answer.read()
        async with node.session.get(f"{node.url}/health") as answer:
            assert (answer.status, await answer.read()) == elsewhere


async def test_nothing_of_it_is_a_plugin() -> None:
    async with served() as node:
        names = {plugin["name"].lower() for plugin in await node.result("listplugins")}
        assert not any(word in name for name in names for word in ("websocket", "health", "metric", "prometheus"))

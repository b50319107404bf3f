"""GET /metrics: a node's numbers, read back by prometheus-client's own parsers."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any, Final

import pytest
from prometheus_client import Metric, parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from rpcnode.server.traffic.meter import BUCKETS, CallMeter
from tests.rpcnode.server.websocket.clients import Served, served

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
MOVE = {"asset": "GAS", "from": "account1", "to": "account2", "amount": 5}

READ_OPENMETRICS: Final[Callable[[str], Iterable[Metric]]] = openmetrics_parser.text_string_to_metric_families

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


async def text_of(node: Served, **headers: str) -> tuple[str, str]:
    async with node.session.get(f"{node.url}/metrics", headers=headers) as answer:
        assert answer.status == 200
        return await answer.text(), answer.headers["Content-Type"]


async def samples(node: Served) -> Samples:
    text, _ = await text_of(node)
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in parser.text_string_to_metric_families(text)
        for sample in family.samples
    }


def label(name: str, **labels: str) -> Any:
    return name, tuple(sorted(labels.items()))


async def test_every_name_is_ours_and_has_help_in_both_forms() -> None:
    async with served() as node:
        await node.post("getblockcount")
        await node.post("nosuchmethod")
        text, content_type = await text_of(node)
        families = list(parser.text_string_to_metric_families(text))
        assert content_type.startswith("text/plain")
        assert {family.name for family in families if not family.name.startswith("rpcnode_")} == set()
        assert all(family.documentation and family.type != "unknown" for family in families)
        text, content_type = await text_of(node, Accept=OPENMETRICS)
        assert content_type.startswith("application/openmetrics-text")
        assert len(list(READ_OPENMETRICS(text))) == len(families)


async def test_calls_are_counted_by_method_and_errors_by_code() -> None:
    async with served() as node:
        for _ in range(3):
            await node.post("getblockcount")
        await node.post("getblock", -1)
        await node.session.post(node.url, data=b"{")
        found = await samples(node)
        assert found[label("rpcnode_rpc_call_seconds_count", method="getblockcount")] == 3
        assert found[label("rpcnode_rpc_call_seconds_bucket", method="getblockcount", le="+Inf")] == 3
        assert 0 < found[label("rpcnode_rpc_call_seconds_sum", method="getblockcount")] < 60
        assert found[label("rpcnode_rpc_call_seconds_count", method="getblock")] == 1
        assert found[label("rpcnode_rpc_errors_total", code="-32602")] == 1
        assert found[label("rpcnode_rpc_errors_total", code="-32700")] == 1


@pytest.mark.parametrize("envelope", ["neo", "strict"])
async def test_calls_of_a_batch_and_of_the_websocket_are_counted_one_by_one(envelope: Any) -> None:
    async with served(jsonrpc=envelope) as node:
        batch = [{"jsonrpc": "2.0", "id": number, "method": "getblockcount", "params": []} for number in range(5)]
        await node.session.post(node.url, json=batch)
        client = await node.client()
        await client.result("getblockcount")
        await client.result("subscribe", "block_added")
        await client.ask("nosuchmethod")
        await client.result("dev_mine", 2)
        found = await samples(node)
        assert found[label("rpcnode_rpc_call_seconds_count", method="getblockcount")] == 6
        assert found[label("rpcnode_rpc_call_seconds_count", method="subscribe")] == 1
        assert found[label("rpcnode_rpc_errors_total", code="-32601")] == 1
        assert found[label("rpcnode_websocket_clients")] == 1
        assert found[label("rpcnode_websocket_subscriptions")] == 1
        await client.result("dev_rewind", node.node.ledger.height - 1)
        await client.until_quiet()
        await client.socket.close()
        found = await samples(node)
        assert found[label("rpcnode_websocket_clients")] == 0
        assert found[label("rpcnode_websocket_missed_total")] == 1


@pytest.mark.parametrize("envelope", ["neo", "strict"])
async def test_methods_that_there_are_not_count_together(envelope: Any) -> None:
    async with served(jsonrpc=envelope) as node:
        for number in range(5):
            await node.post(f"nosuchmethod{number}")
        counted = [key for key in await samples(node) if key[0] == "rpcnode_rpc_call_seconds_count"]
        assert [dict(labels)["method"] for _, labels in counted] == ["unknown"]


async def test_rest_requests_are_counted_by_route_and_their_errors_by_status() -> None:
    paths = (
        *("/v1/account/tokens?chain_id=1", "/v1/nothing", "/v1/else", "/Ping", "/odata/v1.0/Ping", "/Balances/My"),
        *("/Balances(address='a',uniqueAssetId='b')", "/odata/v1.0/Assets(id='1')/TotalAmount", "/odata/v1.0/x"),
        "/Assets/y",
    )
    async with served() as node:
        await node.result("dev_setFault", {"path": "/v1/token/*", "http_status": 429, "times": 1})
        for path in (*paths, "/v1/token/metadata"):
            async with node.session.get(f"{node.url}{path}") as answer:
                await answer.read()
        async with node.session.put(f"{node.url}/v1/token/metadata") as refused:
            assert refused.status == 405
        found = await samples(node)
    by_route = {
        labels: value for (name, labels), value in found.items() if name == "rpcnode_rest_request_seconds_count"
    }
    assert {value: number for ((_, value),), number in by_route.items()} == {
        **{"/v1/account/tokens": 1, "/v1/token/metadata": 2, "unknown": 2, "/odata/v1.0/Ping": 2, "/Assets*": 1},
        **{"/odata/v1.0/Balances/My": 1, "/odata/v1.0/Balances": 1, "/odata/v1.0/Assets/TotalAmount": 1},
        "/odata/v1.0*": 1,
    }
    by_status = {labels: value for (name, labels), value in found.items() if name == "rpcnode_rest_errors_total"}
    # No key and no token: one of Chainbase's paths and seven of Teos's.
    assert {value: number for ((_, value),), number in by_status.items()} == {
        **{"401": 8, "404": 2, "405": 1, "429": 1},
    }


async def test_whatever_is_asked_the_numbers_can_be_read() -> None:
    odd = '"\\\n{}\u2028é'
    async with served() as node:
        for code in (0, -(2**31), 2**31 - 1):
            await node.result(
                "dev_setFault", {"method": "getversion", "error": {"code": code, "message": odd}, "times": 1}
            )
            await node.post("getversion")
        await node.result("dev_setFault", {"path": "/v1/*", "http_status": 599, "times": 1})
        for path in ("/v1/%22%0A", "/v1/token/metadata?%22", '/odata/v1.0/"x"', "/Assets(id='\\')"):
            async with node.session.get(f"{node.url}{path}") as answer:
                await answer.read()
        for method in (odd, "", "x" * 100_000):
            await node.post(method)
        text, _ = await text_of(node, Accept=OPENMETRICS)
        found = await samples(node)
    codes = [dict(labels)["code"] for name, labels in found if name == "rpcnode_rpc_errors_total"]
    assert sorted(codes) == ["-2147483648", "-32601", "0", "2147483647"]
    assert found[label("rpcnode_rest_errors_total", status="599")] == 1
    assert found[label("rpcnode_rpc_call_seconds_count", method="unknown")] == 3
    assert {"rpcnode_rest_errors", "rpcnode_rpc_errors"} <= {family.name for family in READ_OPENMETRICS(text)}


def test_error_codes_beyond_a_hundred_count_together() -> None:
    meter = CallMeter()
    for code in range(150):
        meter.count_error(code)
    meter.count_error(5)
    meter.count_error("text")
    assert (len(meter.errors), meter.errors[5], meter.errors["other"]) == (101, 2, 51)


def test_a_method_that_is_not_known_makes_no_row() -> None:
    meter = CallMeter({"getblockcount"})
    for method in ("getblockcount", "of a cassette", "of another", "subscribe"):
        meter.count(method, 0.0)
    assert {method: sum(times.classes) for method, times in meter.calls.items()} == {
        "getblockcount": 1,
        "unknown": 2,
        "subscribe": 1,
    }


def test_a_time_falls_into_the_first_class_that_holds_it() -> None:
    meter = CallMeter()
    for seconds in (0.0, BUCKETS[0], BUCKETS[1], BUCKETS[-1], BUCKETS[-1] + 1):
        meter.count("getblockcount", seconds)
    classes = meter.calls["getblockcount"].classes
    assert (classes[0], classes[1], classes[-2], classes[-1], sum(classes)) == (2, 1, 1, 1, 5)


async def test_what_happens_on_the_chain_is_counted() -> None:
    async with served() as node:
        before = await samples(node)
        assert before[label("rpcnode_height")] == node.node.ledger.height
        transaction = await node.result("dev_transfer", MOVE)
        await node.result("dev_mine", 3)
        failing = {"contract": "NEO", "method": "nothing", "args": [], "faults": True}
        failed = await node.result("dev_invoke", failing)
        logs = [(await node.result("getapplicationlog", each))["executions"][0] for each in (transaction, failed)]
        found = await samples(node)
        assert found[label("rpcnode_blocks_total")] == 5
        assert found[label("rpcnode_transactions_total")] == 2
        assert found[label("rpcnode_transaction_faults_total")] == 1
        assert found[label("rpcnode_gas_total")] == sum(int(log["gasconsumed"]) for log in logs) / 10**8
        assert found[label("rpcnode_transfers_total")] == 1
        assert found[label("rpcnode_height")] == before[label("rpcnode_height")] + 5
        assert found[label("rpcnode_database_bytes")] > 4096
        await node.result("dev_reset")
        assert (await samples(node))[label("rpcnode_blocks_total")] == 5


async def test_lag_headers_and_what_waits_are_told() -> None:
    async with served(block_time="manual") as node:
        await node.result("dev_mine", 5)
        await node.result("dev_setLag", {"TokensTracker": 4})
        await node.result("dev_transfer", MOVE)
        found = await samples(node)
        assert found[label("rpcnode_tracker_lag_blocks", plugin="TokensTracker")] == 4
        assert found[label("rpcnode_plugin_running", plugin="TokensTracker")] == 1
        assert found[label("rpcnode_healthy")] == 0
        assert found[label("rpcnode_waiting_transactions")] == 1


async def test_the_first_question_keeps_nobody_waiting_for_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    began = asyncio.Event()
    to_thread = asyncio.to_thread

    async def noted(*arguments: Any) -> Any:
        began.set()
        return await to_thread(*arguments)

    monkeypatch.setattr(asyncio, "to_thread", noted)
    async with served() as node:
        await samples(node)
        assert began.is_set()


def test_a_node_starts_without_the_library_and_without_a_websocket() -> None:
    script = (
        "import asyncio, sys\n"
        "from rpcnode.endpoint import Endpoint\n"
        "from rpcnode.node import Node\n"
        "from rpcnode.options import NodeOptions\n"
        "async def main():\n"
        "    endpoint = Endpoint(Node(NodeOptions(port=0)))\n"
        "    await endpoint.start()\n"
        "    await endpoint.stop()\n"
        "asyncio.run(main())\n"
        "print([name for name in sys.modules if name.startswith(('prometheus', 'rpcnode.server.websocket'))])\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"

"""Nodes start on chains of their own, end without a trace, and say in one line why they cannot start."""

import asyncio
import gc
import json
import socket
import subprocess
import sys
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rpcnode.testing import LocalNode, NodeError, RpcCallError, Starting, in_process, start
from tests import PROJECT
from tests.rpcnode.testing.shop_chain import SHOP

BOTH = pytest.mark.parametrize("begin", [start, in_process])


def over_http(node: LocalNode, method: str, *params: object) -> Any:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(node.url, body, timeout=10) as response:
        return json.loads(response.read())["result"]


def test_a_started_node_answers_http_at_its_url() -> None:
    with start(SHOP) as node:
        assert node.url == f"http://127.0.0.1:{node.port}"
        assert over_http(node, "getblockcount") == 4


@BOTH
def test_each_start_has_a_chain_of_its_own(begin: Any) -> None:
    with begin(SHOP) as one, begin(SHOP) as other:
        one.transfer("coin", "alice", "bob", 30)
        assert (one.balance("bob", "coin"), other.balance("bob", "coin")) == (50, 20)
        assert (one.height, other.height) == (4, 3)


@BOTH
def test_what_starts_a_node_can_be_used_again_for_a_fresh_one(begin: Any) -> None:
    starting = begin(SHOP)
    heights = []
    for _ in range(2):
        with starting as node:
            heights.append(node.mine())
    assert heights == [4, 4]


@BOTH
def test_the_same_calls_make_the_same_blocks_in_every_node(begin: Any) -> None:
    def tip() -> Any:
        with begin(SHOP) as node:
            node.transfer("coin", "alice", "bob", 30)
            node.mine(2)
            return node.call("getbestblockhash")

    assert tip() == tip()


def test_nothing_is_left_of_a_node_that_ended() -> None:
    before = set(threading.enumerate())
    with start(SHOP) as node:
        port = node.port
        node.call("getblockcount")
        assert {thread.name for thread in set(threading.enumerate()) - before} == {"rpcnode"}
    assert set(threading.enumerate()) == before
    with socket.socket() as again:
        assert again.connect_ex(("127.0.0.1", port)) != 0
    # A socket, loop or database that was forgotten is told by a warning when it is collected, which is an error here.
    gc.collect()


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\n"], ids=["nothing", "half a request"])
def test_a_connection_that_came_with_the_nodes_end_is_closed(sent: bytes) -> None:
    for _ in range(20):  # it fails where the end comes in the very turn of the loop in which the connection does
        with start(SHOP) as node, socket.create_connection(("127.0.0.1", node.port)) as kept:
            kept.sendall(sent)
    gc.collect()


def test_a_node_ends_when_its_test_fails() -> None:
    before = set(threading.enumerate())
    with pytest.raises(ZeroDivisionError), start(SHOP):
        raise ZeroDivisionError
    assert set(threading.enumerate()) <= before


@BOTH
def test_a_node_that_ended_says_so(begin: Any) -> None:
    with begin(SHOP) as node:
        pass
    with pytest.raises(NodeError, match="the node is stopped"):
        node.call("getblockcount")
    with pytest.raises(NodeError, match="the node is stopped"):
        _ = node.height


@pytest.mark.parametrize("has_server", [True, False])
async def test_async_with_starts_a_node_beside_the_tests_loop(has_server: bool) -> None:
    async with start(SHOP, server=has_server) as node:
        node.transfer("coin", "alice", "bob", 30)
        assert node.balance("bob", "coin") == 50


async def test_an_async_test_may_call_over_http_without_waiting_for_itself() -> None:
    async with start(SHOP) as node:
        assert over_http(node, "getblockcount") == 4


@pytest.mark.parametrize("has_server", [True, False])
async def test_blocks_are_made_by_time_where_there_is_a_loop(has_server: bool) -> None:
    async with start(SHOP, server=has_server, block_time=0.01) as node, asyncio.timeout(10):
        while node.height < 5:  # noqa: ASYNC110 - nothing tells this loop of blocks
            await asyncio.sleep(0.005)


def test_threads_may_share_a_node() -> None:
    with start(SHOP) as node, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: node.transfer("coin", "alice", "bob", 1), range(40)))
        assert node.balances("bob") == {"coin": 60}


def test_without_a_socket_there_is_no_url() -> None:
    with in_process(SHOP) as node, pytest.raises(NodeError, match=r"in_process\(\) has no URL; start\(\) has one"):
        _ = node.url


def test_a_taken_port_is_told_in_one_line() -> None:
    before = set(threading.enumerate())
    with start(SHOP) as node:
        with pytest.raises(NodeError) as caught, start(SHOP, port=node.port):
            pass
        assert str(caught.value) == f"cannot listen on 127.0.0.1:{node.port}: Address already in use"
    assert set(threading.enumerate()) <= before


@BOTH
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"fixture": {"nodes": {}}}, "<fixture>: nodes: unknown key; did you mean node?"),
        ({"profile": "n4"}, "there is no profile 'n4'; there are n3, n3-preview, n2"),
        ({"settings": {"TokensTracker.MaxResult": 1}}, "settings['TokensTracker.MaxResult']: "),
        ({"settings": {"MaxResults": 1}}, "settings: 'MaxResults' names no plugin; right is Plugin.Key"),
        ({"block_time": "never"}, "block_time: instant, manual or a number of seconds"),
        ({"jsonrpc": "2.0"}, "jsonrpc: '2.0' is not neo or strict"),
        ({"accounts": -1}, "accounts: -1 is no integer of 0 to 1000"),
    ],
    ids=["fixture", "profile", "setting", "setting of nobody", "block time", "envelope", "accounts"],
)
def test_what_cannot_start_says_why_in_one_line(begin: Any, arguments: dict[str, Any], line: str) -> None:
    with pytest.raises(NodeError) as caught, begin(**arguments):
        pass
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("port", [-1, 65536, "80"])
def test_a_port_that_cannot_be_is_told_in_one_line(port: Any) -> None:
    with pytest.raises(NodeError, match=rf"^port: {port!r} is no integer of 0 to 65535$"), start(SHOP, port=port):
        pass


@BOTH
def test_an_argument_that_does_not_exist_is_refused(begin: Any) -> None:
    with pytest.raises(TypeError, match="blocktime"):
        begin(SHOP, blocktime=1)


def test_settings_reach_their_plugin() -> None:
    with (
        in_process(SHOP, settings={"TokensTracker.TrackHistory": False}) as node,
        pytest.raises(RpcCallError, match="-32601: Method not found"),
    ):
        node.call("getnep17transfers", node.accounts["alice"].address)


@pytest.mark.parametrize(("profile", "balances"), [("n3", {"coin": 20}), ("n3-preview", {}), ("n2", {})])
def test_every_profile_starts(profile: Any, balances: dict[str, int]) -> None:
    fixture = SHOP if profile == "n3" else {"accounts": {"bob": {"seed": "b"}}}
    with in_process(fixture, profile=profile) as node:
        assert node.balances("bob") == balances
        assert node.info()["profile"] == profile


def test_importing_the_package_loads_nothing_of_the_node() -> None:
    code = "import sys, rpcnode.testing; print({'aiohttp', 'sqlite3', 'yaml', 'rpcnode.node'} & set(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=30
    )
    assert ran.stdout == "set()\n"


def test_every_name_of_the_package_is_there() -> None:
    import rpcnode.testing

    assert all(getattr(rpcnode.testing, name) is not None for name in rpcnode.testing.__all__)
    assert rpcnode.testing.Starting is Starting
    with pytest.raises(AttributeError, match="stop"):
        _ = rpcnode.testing.stop


def test_a_program_that_never_ends_its_node_ends_all_the_same() -> None:
    code = "import rpcnode.testing; node = rpcnode.testing.start(accounts=1).__enter__(); print(node.height)"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=30
    )
    assert ran.stdout == "70010\n"


def test_accounts_of_the_dev_chain_go_with_no_fixture() -> None:
    with pytest.raises(NodeError) as caught:
        start("node: {height: 1}\n", accounts=3)
    assert str(caught.value) == "accounts are those of the dev chain, and there is a fixture; leave one of the two out"
    with start(accounts=3) as node:
        assert ("account3" in node.accounts, "account4" in node.accounts) == (True, False)

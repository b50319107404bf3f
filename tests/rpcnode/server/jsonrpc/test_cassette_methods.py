"""Nodes that pass calls on and keep them, and nodes that answer from what was kept."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from rpcnode.primitives.errors import NodeError
from rpcnode.testing import LocalNode, RpcCallError, in_process, start
from tests.rpcnode.commands.remote.front import forwarded, front

CHAIN = {"network": {"magic": 5}, "blocks": [{"index": 3, "transactions": []}]}
OWN = {"network": {"magic": 6}, "blocks": [{"index": 8, "transactions": []}]}


@pytest.fixture(scope="module")
def upstream() -> Iterator[LocalNode]:
    with start(CHAIN) as node:
        yield node


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


def test_calls_are_passed_on_kept_and_answered_again(upstream: LocalNode, path: Path) -> None:
    with start(OWN, cassette=path, upstream=upstream.url) as node:
        assert node.call("getblockcount") == 4
        assert node.call("getversion")["protocol"]["network"] == 5
        with pytest.raises(RpcCallError) as caught:
            node.call("getblock", 99)
    with start(OWN, cassette=path) as node:
        assert node.call("getblockcount") == 4
        assert node.call("getversion")["protocol"]["network"] == 5
        with pytest.raises(RpcCallError) as again:
            node.call("getblock", 99)
        assert (again.value.code, str(again.value)) == (caught.value.code, str(caught.value))


def test_a_batch_is_passed_on_call_by_call(upstream: LocalNode, path: Path) -> None:
    batch = [{"jsonrpc": "2.0", "id": number, "method": "getblockhash", "params": [number]} for number in range(3)]
    right = upstream.post(json.dumps(batch).encode()).body
    with start(OWN, cassette=path, upstream=upstream.url) as node:
        assert node.post(json.dumps(batch).encode()).body == right
    with in_process(OWN, cassette=path) as node:
        assert node.post(json.dumps(batch).encode()).body == right


def test_a_call_that_was_not_kept_is_an_error_that_names_the_nearest(upstream: LocalNode, path: Path) -> None:
    with in_process(OWN, cassette=path, upstream=upstream.url) as node:
        node.call("getblockhash", 1)
    with in_process(OWN, cassette=path) as node, pytest.raises(RpcCallError) as caught:
        node.call("getblockhash", 2)
    assert caught.value.code == -32601
    told = "Method not found - calls.jsonl has no call getblockhash [2]; the nearest is getblockhash [1]"
    assert told in str(caught.value)


def test_commands_are_the_nodes_own(upstream: LocalNode, path: Path) -> None:
    with in_process(OWN, cassette=path, upstream=upstream.url) as node:
        node.call("getblockcount")
        node.call("getbestblockhash")
    with in_process(OWN, cassette=path) as node:
        node.call("dev_setFault", {"method": "getblockcount", "error": {"code": -1, "message": "no"}})
        with pytest.raises(RpcCallError, match="no"):
            node.call("getblockcount")
        node.call("dev_clearFaults")
        assert node.call("getblockcount") == 4
        assert [entry.method for entry in node.journal()] == ["getblockcount", "getblockcount"]


def test_answers_begin_anew_with_the_chain(path: Path) -> None:
    counts = iter(range(5, 9))

    def counting(_: int, __: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, json.dumps({"jsonrpc": "2.0", "id": 1, "result": next(counts)}).encode()

    with front("http://127.0.0.1:1", counting) as (url, _), start(OWN, cassette=path, upstream=url) as node:
        assert [node.call("getblockcount") for _ in range(3)] == [5, 6, 7]
    with in_process(OWN, cassette=path) as node:
        assert [node.call("getblockcount") for _ in range(2)] == [5, 6]
        node.call("dev_reset")
        assert [node.call("getblockcount") for _ in range(4)] == [5, 6, 7, 7]


def test_an_upstream_that_is_away_is_an_error_and_not_kept(path: Path) -> None:
    with start(OWN, cassette=path, upstream="http://127.0.0.1:1") as node, pytest.raises(RpcCallError) as caught:
        node.call("getblockcount")
    assert caught.value.code == -32603
    assert "http://127.0.0.1:1: no answer" in str(caught.value)
    assert len(path.read_text().splitlines()) == 1


def test_a_slow_upstream_keeps_nobody_else_waiting(path: Path) -> None:
    is_free = Event()

    def slow(_: int, __: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        is_free.wait(20)
        return 200, {}, b'{"jsonrpc": "2.0", "id": 1, "result": 1}'

    with (
        front("http://127.0.0.1:1", slow) as (url, _),
        start(OWN, cassette=path, upstream=url) as node,
        ThreadPoolExecutor(1) as pool,
    ):
        request = b'{"jsonrpc":"2.0","id":1,"method":"getblockcount","params":[]}'
        waiting = pool.submit(forwarded, node.url, request)
        assert node.call("dev_info")["height"] == 8  # answered while the other waits
        assert not waiting.done()
        is_free.set()
        assert waiting.result() == b'{"jsonrpc":"2.0","id":1,"result":1}'


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"upstream": "http://127.0.0.1:1"}, "there is no cassette"),
        ({"cassette": "none.jsonl"}, "none.jsonl: cannot be read"),
        ({"cassette": "none.jsonl", "upstream": "ftp://a"}, "--upstream ftp://a: http://HOST:PORT is expected"),
    ],
)
def test_what_is_no_cassette_stops_the_start(arguments: Any, told: str, tmp_path: Path) -> None:
    if "cassette" in arguments:
        arguments = {**arguments, "cassette": tmp_path / arguments["cassette"]}
    with pytest.raises(NodeError) as caught, in_process(OWN, **arguments):
        pass
    assert told in str(caught.value)

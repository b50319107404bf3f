"""Two workers answer as one does, to the byte but for the date: what a real node was asked, malformed requests too."""

import shutil
from collections.abc import Iterator
from contextlib import closing

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from tests.node_process import RunningNode, running_node
from tests.recorded_answers import DATA, calls_in, read
from tests.rpcnode.workers.shared_node import (
    Client,
    call_body,
    client_of_reader,
    pair,
    post_of,
    readers_of,
    shared_node,
    stopped,
)

RPC = DATA / "csharp-rpc"
EACH = 7
"""One in so many of the recorded calls, by method in turn, and of the connections."""
FIXTURE = RPC / "chain.json.gz"
OPTIONS = ("--fixture", FIXTURE, "--set=RpcServer.MaxConcurrentConnections=300")


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningNode, RunningNode]]:
    """A node of two workers, and one of one."""
    folder = tmp_path_factory.mktemp("nodes")
    files = folder / "two.db", folder / "one.db"
    Node(NodeOptions(fixtures=(FIXTURE,), db=files[0])).close()
    shutil.copy(*files)
    with (
        shared_node(folder / "two", *OPTIONS, "--db", files[0]) as two,
        running_node(*OPTIONS, "--db", files[1], folder=folder) as one,
    ):
        yield two, one


def bodies() -> list[bytes]:
    """Some of each method that a real node was asked, alone and in batches, and what is no request."""
    calls = sorted(calls_in(read(RPC / "answers.json.xz")["calls"]), key=lambda call: call.method)
    singles = [call.body for call in calls[::EACH]]
    batches = [b"[" + b", ".join(singles[at : at + 5]) + b"]" for at in range(0, len(singles), 25)]
    odd = [
        b"",
        b"{",
        b"[]",
        b"[1]",
        b"[null]",
        b"null",
        b"\xef\xbb\xbf" + call_body("getblockcount"),
        b'{"jsonrpc":"2.0","method":"getblockcount","params":[]}',
        b'{"id":1,"method":"dev_nothing","params":[]}',
        b'{"id":1,"method":"dev_mine","params":["x"]}',
        b'{"id":7,"method":"getblockcount","params":[]}',
        b'{"id":8,"method":"getblockcount","params":[]}',
        b'[{"id":7,"method":"getblockcount","params":[]},{"id":8,"method":"dev_info_","params":[]}]',
        b'[{"id":7,"method":"getblock","params":[1,1]},{"id":8,"method":"getpeers","params":[]},{"id":9}]',
    ]
    return singles + batches + odd


def test_the_same_calls_get_the_same_bytes_and_journal(nodes: tuple[RunningNode, RunningNode]) -> None:
    two, one = nodes
    with pair(two) as clients, closing(Client(one.port)) as alone:
        for _ in clients:
            alone.call("getblockcount")  # as each of the others was
        for number, body in enumerate(bodies()):
            assert clients[number % 3 // 2].post(body) == alone.post(body), body
        journals = [client.call("dev_journal") for client in (*clients, alone)]
    for journal in journals:
        for row in journal:
            del row["duration_ms"], row["client"]
    assert journals[0] == journals[1] == journals[2] and len(journals[0]) > 400


def test_the_same_raw_requests_get_the_same_bytes(nodes: tuple[RunningNode, RunningNode]) -> None:
    two, one = nodes
    requests = [entry["raw"].encode("latin-1") for entry in read(RPC / "answers.json.xz")["raw"][::EACH]]
    head = b"Host: 127.0.0.1\r\n"
    long_body = call_body("validateaddress", "x" * 300_000)
    requests += [
        b"GET /?jsonrpc=2.0&id=1&method=getblockcount&params=[] HTTP/1.1\r\n" + head + b"Connection: close\r\n\r\n",
        b"GET /health HTTP/1.1\r\n" + head + b"Connection: close\r\n\r\n",
        b"GET /v1/nothing HTTP/1.0\r\n\r\n",
        b"OPTIONS / HTTP/1.1\r\n" + head + b"Connection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nX: " + b"y" * 40_000 + b"\r\n\r\n",
        post_of(call_body("getblockcount")) + post_of(call_body("getblockhash", 1), "Connection: close"),
        post_of(call_body("getblockcount")) + b"GET / HTTP/1.1\r\n" + head + b"Connection: close\r\n\r\n",
        post_of(call_body("getblock", 3), "Connection: close", "Accept-Encoding: gzip"),
        post_of(call_body("getblock", 3), "Connection: close", "Origin: http://example.com"),
        post_of(long_body, "Connection: close"),
    ]
    of_reader, alone = [], []
    with stopped([two.process.pid]):
        for _ in requests:
            of_reader.append(Client(two.port))
            of_reader[-1].call("getblockcount")
    for request, client in zip(requests, of_reader, strict=True):
        alone.append(Client(one.port))
        alone[-1].call("getblockcount")
        for each in (client, alone[-1]):
            each.send(request)
            each.socket.shutdown(1)
    for request, ours, theirs in zip(requests, of_reader, alone, strict=True):
        assert ours.rest() == theirs.rest(), request[:200]
        ours.close()
        theirs.close()


def test_a_request_in_pieces_is_answered_by_whom_it_comes_to(nodes: tuple[RunningNode, RunningNode]) -> None:
    two, _ = nodes
    client = client_of_reader(two)
    request = post_of(call_body("getblockcount"))
    with stopped([two.process.pid]):
        for at in (3, 60, len(request) - 1):
            client.send(request[:at])
            client.send(request[at:])
            assert b'"result":' in client.response()
    client.send(request[:60])
    page = client.ask(request[60:] + b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert b'"result":' in page
    with stopped(readers_of(two)):  # the connection is the writer's from the GET on
        assert b'"status": "ok"' in client.response()
        assert b'"result":' in client.ask(request)
    client.close()


def test_metrics_count_what_all_workers_were_asked(nodes: tuple[RunningNode, RunningNode]) -> None:
    def counted(client: Client) -> int:
        text = client.ask(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").decode()
        (line,) = [line for line in text.splitlines() if 'seconds_count{method="getblockhash"}' in line]
        return int(float(line.rpartition(" ")[2]))

    with pair(nodes[0]) as clients, closing(Client(nodes[0].port)) as watcher:
        for client in clients:
            client.call("getblockhash", 5)
        before = counted(watcher)
        with stopped([nodes[0].process.pid]):
            for _ in range(5):
                clients[0].call("getblockhash", 5)
        clients[1].call("getblockhash", 5)
        assert counted(watcher) - before == 6

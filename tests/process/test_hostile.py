"""Bad input over the wire, against a real node: an error or a closed connection, memory bounded, and it serves on."""

import json
import os
import resource
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.node_process import RUN, RunningNode, running_node

pytestmark = pytest.mark.slow

CONNECTIONS = 1000
MEGABYTE = 1024 * 1024
ALLOWED_GROWTH = 64 * MEGABYTE
"""Of the node's resident memory, over all that a test sends; the largest body is 100 MB."""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    with running_node(folder=tmp_path_factory.mktemp("node")) as running:
        running.call("getblockcount")
        yield running


@pytest.fixture(autouse=True)
def check_that_it_serves_on(node: RunningNode) -> Iterator[None]:
    """After every test the node answers, has not grown, and has logged no exception."""
    before = resident_bytes(node)
    yield
    assert node.call("getblockcount") == 70011
    assert node.process.poll() is None
    assert peak_bytes(node) - before < ALLOWED_GROWTH
    assert "Traceback" not in node.stderr


def resident_bytes(node: RunningNode) -> int:
    return status_kilobytes(node, "VmRSS") * 1024


def peak_bytes(node: RunningNode) -> int:
    return status_kilobytes(node, "VmHWM") * 1024


def status_kilobytes(node: RunningNode, key: str) -> int:
    status = Path(f"/proc/{node.process.pid}/status")
    if not status.exists():
        pytest.skip("memory is read from /proc, which this system has not")
    [line] = [line for line in status.read_text().splitlines() if line.startswith(f"{key}:")]
    return int(line.split()[1])


def connect(node: RunningNode) -> socket.socket:
    return socket.create_connection(("127.0.0.1", node.port), timeout=10)


def head(length: int) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % length


def post(node: RunningNode, body: bytes) -> tuple[int, bytes]:
    """Status and body of the answer, which the node may give before it has read everything."""
    with connect(node) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(head(len(body)) + body)
            connection.shutdown(socket.SHUT_WR)
        return read_answer(connection)


def read_answer(connection: socket.socket) -> tuple[int, bytes]:
    """Status and body; (0, b"") when the connection is closed without an answer."""
    answer = b""
    with suppress(ConnectionResetError):
        while chunk := connection.recv(65536):
            answer += chunk
    top, _, body = answer.partition(b"\r\n\r\n")
    return (int(top.split()[1]), body) if top else (0, b"")


def test_a_body_of_100_mb_is_refused(node: RunningNode) -> None:
    status, _ = post(node, b" " * (100 * MEGABYTE))
    assert status in (413, 0)


def test_a_body_of_100_mb_in_chunks_is_refused(node: RunningNode) -> None:
    piece = b"100000\r\n" + b" " * MEGABYTE + b"\r\n"
    with connect(node) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(b"POST / HTTP/1.1\r\nHost: node\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(100):
                connection.sendall(piece)
        status, _ = read_answer(connection)
    assert status in (413, 0)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" * 10_000 + b"]" * 10_000, -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"getblock","params":' + b"[" * 10_000 + b"]" * 10_000 + b"}", -32700),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, -32700),
        # .NET reads U+FFFD for what is no UTF-8, so this is the name of a method that nobody has.
        (b'{"jsonrpc":"2.0","id":1,"method":"getblock\xff","params":[]}', -32601),
        (b"\xff\xfe{\x00", -32700),
        (b'{"jsonrpc":"2.0","id":1,', -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"getblockcount","params":[' + b"9" * 1_000_000 + b"]}", None),
        (b"\x00" * 1000, -32700),
    ],
    ids=[
        "nested arrays",
        "nested params",
        "nested objects",
        "invalid UTF-8 in a text",
        "invalid UTF-8",
        "broken JSON",
        "a number of a million digits",
        "zero bytes",
    ],
)
def test_a_body_that_is_no_request_gets_an_error(node: RunningNode, body: bytes, code: int | None) -> None:
    status, answer = post(node, body)
    assert status == 200
    if code is not None:
        assert json.loads(answer)["error"]["code"] == code


@pytest.mark.parametrize(
    "sent",
    [b"", b"\x00" * 100, b"GET", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20, b"POST / HTTP/9.9\r\n\r\n"],
    ids=["nothing", "zero bytes", "half a line", "TLS", "HTTP 9.9"],
)
def test_what_is_no_http_gets_an_error_or_nothing(node: RunningNode, sent: bytes) -> None:
    with connect(node) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        status, _ = read_answer(connection)
    assert status in (400, 505, 0)


def test_slow_senders_do_not_keep_others_waiting(node: RunningNode) -> None:
    body = b'{"jsonrpc":"2.0","id":1,"method":"getblockcount","params":[]}'
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(node)) for _ in range(50)]
        for connection in slow:
            connection.sendall(head(len(body)) + body[:10])
        for _ in range(5):
            assert node.call("getblockcount") == 70011
        # In their own time they are answered too.
        slow[0].sendall(body[10:])
        assert b'"result":70011' in slow[0].recv(65536)


def test_a_thousand_open_connections_leave_room_for_one_more(node: RunningNode) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < CONNECTIONS + 100:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(CONNECTIONS + 200, hard), hard))
    with ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _ in range(CONNECTIONS):
            stack.enter_context(connect(node))
        assert node.call("getblockcount") == 70011


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no limit on open files to set")
def test_more_clients_than_the_process_may_have_files_open_are_told_in_a_line_and_others_served(tmp_path: Path) -> None:
    limited = ("bash", "-c", 'ulimit -n 256; exec "$@"', "-", *RUN)
    with running_node(command=limited, folder=tmp_path) as node, ExitStack() as stack:
        for _ in range(400):
            stack.enter_context(connect(node))
        for _ in range(5):
            assert node.call("getblockcount") == 70011
        assert len(node.stderr.splitlines()) <= 2
        assert "256 files" in node.stderr
        assert "Traceback" not in node.stderr


def test_a_client_that_resets_its_connection_leaves_no_traceback(node: RunningNode) -> None:
    now = struct.pack("ii", 1, 0)
    for data in (b"GARBAGE\r\n\r\n", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", head(10) + b"{", head(2) + b"{}"):
        for _ in range(50):
            with connect(node) as connection:
                connection.sendall(data)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)

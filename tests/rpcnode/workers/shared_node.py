"""A node of two workers in processes of its own, and connections of which it is known with whom they are."""

import json
import os
import re
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from tests.node_process import RunningNode, children_of, running_node

_LENGTH: Final = re.compile(rb"\r\nContent-Length: (\d+)\r\n", re.IGNORECASE)
_DATE: Final = re.compile(rb"\r\nDate: [^\r]*")
_LONGEST_WAIT: Final = 30.0  # seconds


def call_body(method: str, *params: object, request_id: int = 1) -> bytes:
    """The body of a call."""
    return json.dumps({"jsonrpc": "2.0", "id": request_id, "method": method, "params": params}).encode()


def post_of(body: bytes, *headers: str) -> bytes:
    """The bytes of a POST."""
    lines = ["POST / HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Client:
    """One connection to a node, which stays open."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_LONGEST_WAIT)
        self._read = self._sent = b""

    def send(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self._sent = data
        self.socket.sendall(data)

    def response(self) -> bytes:
        """The next response, whole, without its date; what there is of it where the connection ends before."""
        while True:
            end = self._read.find(b"\r\n\r\n") + 4
            if end >= 4:
                found = _LENGTH.search(self._read[:end])
                size = end + (int(found[1]) if found else 0)
                if len(self._read) >= size:
                    response, self._read = self._read[:size], self._read[size:]
                    return _DATE.sub(b"", response)
            try:
                part = self.socket.recv(1 << 20)
            except ConnectionError:
                part = b""
            except TimeoutError:
                raise AssertionError(f"no answer to {self._sent[-1000:]!r}") from None
            if not part:
                rest, self._read = self._read, b""
                return _DATE.sub(b"", rest)
            self._read += part

    def rest(self) -> bytes:
        """All that comes until the node closes the connection, without dates."""
        received = b""
        with suppress(ConnectionError):
            while part := self.socket.recv(1 << 20):
                received += part
        return _DATE.sub(b"", received)

    def ask(self, data: bytes) -> bytes:
        """The response to a request."""
        self.send(data)
        return self.response()

    def post(self, body: bytes) -> bytes:
        """The response to a POST."""
        return self.ask(post_of(body))

    def call(self, method: str, *params: object) -> Any:
        """The result of a call."""
        answer = json.loads(self.post(call_body(method, *params)).partition(b"\r\n\r\n")[2])
        assert "result" in answer, answer
        return answer["result"]

    def close(self) -> None:
        self.socket.close()


def readers_of(node: RunningNode) -> list[int]:
    """The process ids of a node's readers."""
    return children_of(node.process.pid)


@contextmanager
def stopped(pids: Sequence[int]) -> Iterator[None]:
    """Inside it these processes do nothing."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def client_of_reader(node: RunningNode) -> Client:
    """A connection that a reader has accepted: the writer was stopped then."""
    with stopped([node.process.pid]):
        client = Client(node.port)
        client.call("getblockcount")
    return client


def client_of_writer(node: RunningNode) -> Client:
    """A connection that the writer has accepted."""
    with stopped(readers_of(node)):
        client = Client(node.port)
        client.call("getblockcount")
    return client


@contextmanager
def pair(node: RunningNode) -> Iterator[tuple[Client, Client]]:
    """A connection to a reader and one to the writer."""
    with closing(client_of_reader(node)) as reader, closing(client_of_writer(node)) as writer:
        yield reader, writer


@contextmanager
def shared_node(folder: Path, *arguments: object, workers: int = 2) -> Iterator[RunningNode]:
    """A node of so many workers."""
    folder.mkdir(exist_ok=True)
    with running_node("--workers", workers, *arguments, folder=folder, TMPDIR=str(folder)) as node:
        yield node

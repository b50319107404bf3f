"""A server before a node, which may answer in its place: to see what a client does with one that has no time."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Own = Callable[[int, dict[str, Any]], tuple[int, dict[str, str], bytes] | None]
"""The number of a request and its JSON to status, headers and body; None: the node answers."""


@contextmanager
def front(url: str, own: Own) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The URL of the server, and the requests that came."""
    came: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append(json.loads(body))
            status, headers, answer = own(len(came), came[-1]) or (200, {}, forwarded(url, body))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Says nothing of clients that go away."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", came
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def forwarded(url: str, body: bytes) -> bytes:
    """What the node answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, body, {"Content-Type": "application/json"})) as response:
        answer: bytes = response.read()
    return answer

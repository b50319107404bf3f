"""A node behind a real socket, and the bytes that go over it, for tests of REST faces."""

import asyncio
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final
from urllib.parse import quote

from rpcnode.endpoint import Endpoint
from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import Document

TIMEOUT_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def exchange(port: int, data: bytes) -> Answer:
    """The answer to those bytes, on a connection of its own."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
        connection.sendall(data)
        response = HTTPResponse(connection, method=data.partition(b" ")[0].decode("latin-1"))
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())


def request_bytes(target: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> bytes:
    """A request without a body, as it goes over the wire; `target` is what stands on the request line."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", *(f"{k}: {v}" for k, v in (headers or {}).items())]
    return "\r\n".join([*lines, "", ""]).encode()


def target_of(path: str, **parameters: object) -> str:
    """A path with a query; None leaves a parameter out, and everything but letters and digits is percent-encoded."""
    given = {name: str(value) for name, value in parameters.items() if value is not None}
    return f"{path}?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in given.items())


class RestNode:
    """A node on a thread and port of its own."""

    def __init__(self, options: NodeOptions) -> None:
        self._options = options
        self._ready, self._over = Event(), asyncio.Event()
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._run)
        self._thread.start()
        self._ready.wait(TIMEOUT_S)
        if self._failure is not None:
            raise self._failure

    def send(self, data: bytes) -> Answer:
        """The answer to those bytes."""
        return exchange(self.port, data)

    def get(self, target: str, **headers: str) -> Answer:
        """The answer to a GET; a header's underscores stand for hyphens."""
        return self.send(request_bytes(target, headers={name.replace("_", "-"): headers[name] for name in headers}))

    def call(self, method: str, *params: Json) -> Any:
        """The result of a JSON-RPC call."""
        return self._response(method, params)["result"]

    def error(self, method: str, *params: Json) -> Any:
        """The error of a JSON-RPC call."""
        return self._response(method, params)["error"]

    def _response(self, method: str, params: tuple[Json, ...]) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
        return self.send(head.encode() + body).json

    def close(self) -> None:
        """Ends the node."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(TIMEOUT_S)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.node = Node(self._options)
        try:
            endpoint = Endpoint(self.node)
            await endpoint.start()
            self.port = endpoint.port
            self._ready.set()
            await self._over.wait()
            await endpoint.stop()
        finally:
            self.node.close()


class RestNodes:
    """Starts nodes, one for each set of arguments, and ends them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, RestNode] = {}

    def __call__(
        self,
        chain: Document | Path,
        profile: ProfileName = "n3",
        settings: Mapping[str, Json] | None = None,
        *,
        fresh: bool = False,
    ) -> RestNode:
        """A node over a fixture; settings are those of plugins, as Chainbase.RateLimit. `fresh`: nobody else's."""
        key = repr((chain, profile, settings, len(self._running) if fresh else None))
        if key not in self._running:
            if isinstance(chain, Path):
                file = chain
            else:
                file = self._folder / f"chain{len(self._running)}.json"
                file.write_text(json.dumps(chain), "utf-8")
            given = tuple(
                PluginSetting(name.partition(".")[0], name.partition(".")[2], value, "test")
                for name, value in (settings or {}).items()
            )
            self._running[key] = RestNode(NodeOptions(port=0, fixtures=(file,), profile=profile, settings=given))
        return self._running[key]

    def close(self) -> None:
        """Ends every node."""
        for node in self._running.values():
            node.close()

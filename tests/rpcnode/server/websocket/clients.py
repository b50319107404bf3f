"""Nodes on a port, and clients of their websocket."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from types import MappingProxyType
from typing import Any, Final

import aiohttp

from rpcnode.endpoint import Endpoint
from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting

PATIENCE: Final = 60.0
"""Seconds after which what should have come does not come any more."""


class Client:
    """One connection: requests and answers in turn, events as they come."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket: Final = socket
        self.events: Final[list[dict[str, Any]]] = []
        self._ids = 0

    async def receive(self) -> Any:
        """The next message, whatever it is."""
        async with asyncio.timeout(PATIENCE):
            return json.loads(await self.socket.receive_str())

    async def ask(self, method: str, *params: Any) -> Any:
        """The answer to a call; events that come before it are kept."""
        self._ids += 1
        await self.socket.send_json({"jsonrpc": "2.0", "id": self._ids, "method": method, "params": list(params)})
        while "id" not in (received := await self.receive()):
            self.events.append(received)
        assert received["id"] == self._ids
        return received

    async def result(self, method: str, *params: Any) -> Any:
        """The result of a call."""
        return (await self.ask(method, *params))["result"]

    async def event(self) -> dict[str, Any]:
        """The next event."""
        received = self.events.pop(0) if self.events else await self.receive()
        assert isinstance(received, dict)
        return received

    async def until_quiet(self) -> list[dict[str, Any]]:
        """The events so far: those before the answer to a call that is made once the node has nothing else to do."""
        for _ in range(3):
            await asyncio.sleep(0)
        await self.ask("getblockcount")
        found, self.events[:] = list(self.events), []
        return found

    async def closed(self) -> int | None:
        """The code with which the other side ends the connection."""
        async with asyncio.timeout(PATIENCE):
            while not self.socket.closed:
                await self.socket.receive()
        return self.socket.close_code


class Served:
    """A node that listens, and whoever wants to talk to it."""

    def __init__(self, node: Node, endpoint: Endpoint, session: aiohttp.ClientSession) -> None:
        self.node: Final = node
        self.endpoint: Final = endpoint
        self.url: Final = endpoint.url
        self.session: Final = session
        self._clients: Final[list[Client]] = []

    async def client(self, *, autoping: bool = True, **headers: str) -> Client:
        """A new client of the websocket."""
        socket = await self.session.ws_connect(f"{self.url}/ws", headers=headers, autoping=autoping)
        self._clients.append(Client(socket))
        return self._clients[-1]

    def part(self) -> None:
        """Ends all clients that are left, without a goodbye."""
        for client in self._clients:
            client.socket._response.close()

    async def post(self, method: str, *params: Any) -> Any:
        """The answer to a call over HTTP."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        async with self.session.post(self.url, json=body) as answer:
            return await answer.json()

    async def result(self, method: str, *params: Any) -> Any:
        """Its result."""
        return (await self.post(method, *params))["result"]


@asynccontextmanager
async def served(settings: Mapping[str, Any] = MappingProxyType({}), **options: Any) -> AsyncIterator[Served]:
    """A node on a free port; `settings` are those of RpcServer."""
    plugin_settings = tuple(PluginSetting("RpcServer", key, value, "--set") for key, value in settings.items())
    with closing(Node(NodeOptions(port=0, settings=plugin_settings, **options))) as node:
        endpoint = Endpoint(node)
        await endpoint.start()
        try:
            async with aiohttp.ClientSession() as session:
                served_node = Served(node, endpoint, session)
                try:
                    yield served_node
                finally:
                    served_node.part()
        finally:
            await endpoint.stop()

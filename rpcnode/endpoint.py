"""A node on a port."""

import asyncio

from rpcnode.node import Node
from rpcnode.server.access import AccessRules
from rpcnode.server.http import RpcHttpServer
from rpcnode.server.jsonrpc import Envelope
from rpcnode.server.reply import AnswersRequests, Bounds
from rpcnode.server.rest import MAX_REST_LINE_SIZE, RestRouter, RestServer


def envelope_of(node: Node) -> AnswersRequests:
    """What answers the requests to a node, whichever way they come."""
    settings = node.http_settings
    access, bounds = AccessRules(node.options.profile, settings), Bounds.of(settings)
    if node.options.jsonrpc == "strict":
        from rpcnode.server.strict import StrictEnvelope

        return StrictEnvelope(node.options.profile, node.methods, access, node.traffic, bounds)
    return Envelope(node.options.profile, node.methods, access, node.traffic, bounds)


class Endpoint:
    """The HTTP server of one node; the node stays its owner's."""

    def __init__(self, node: Node) -> None:
        settings = node.http_settings
        answers = envelope_of(node)
        self._miner = node.miner
        self._host = settings.bind_address
        routes = node.registry.rest_routes
        self._server = (
            RpcHttpServer(
                settings,
                node.options.profile,
                answers,
                RestServer(RestRouter(routes), node.options.profile, settings),
                traffic=node.traffic,
                max_line_size=MAX_REST_LINE_SIZE,
            )
            if routes
            else RpcHttpServer(settings, node.options.profile, answers, traffic=node.traffic)
        )
        self.port = 0

    @property
    def url(self) -> str:
        """Where it listens, once started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}"

    async def start(self) -> None:
        """Listens. Raises NodeError when the port cannot be had."""
        self.port = await self._server.start()
        self._miner.attach(asyncio.get_running_loop().call_later)

    async def stop(self) -> None:
        """Finishes what is being answered and stops listening, within a second."""
        self._miner.detach()
        await self._server.stop()

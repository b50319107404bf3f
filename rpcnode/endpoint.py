"""A node on a port."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

from rpcnode.dev.control.dev_control import CARRY_KEYS
from rpcnode.node import Node
from rpcnode.own_paths import OwnPaths
from rpcnode.server.http.front_page import BrowserPage, FrontPage
from rpcnode.server.http.rest import MAX_REST_LINE_SIZE, RestRouter, RestServer
from rpcnode.server.http.server import RpcHttpServer
from rpcnode.server.jsonrpc.access import AccessRules
from rpcnode.server.jsonrpc.envelope import Envelope
from rpcnode.server.jsonrpc.kept_answers import NOTHING_KEPT, KeptAnswers
from rpcnode.server.jsonrpc.reply import AnswersRequests, Bounds, Method
from rpcnode.server.traffic.meter import CallMeter
from rpcnode.server.traffic.traffic import Traffic

if TYPE_CHECKING:
    from rpcnode.server.http.request_log import RequestLog
    from rpcnode.server.page.site import Site

_PAGE: Final = ("rpcnode.page_node", "rpcnode.server.page.site")
_ENGINE: Final = ("rpcnode.chain.executed.calls", "rpcnode.chain.executed.native_contracts")
"""What tells symbols and decimals of tokens."""


def envelope_of(node: Node, methods: Mapping[str, Method] | None = None) -> AnswersRequests:
    """What answers the requests to a node, whichever way they come, to its methods or to those given."""
    table = node.answered if methods is None else methods
    keeps = node.http_settings.keep_answers and methods is None
    kept = KeptAnswers(node.of_chain, lambda: (node.ledger.revision, node.view.wallet)) if keeps else NOTHING_KEPT
    return envelope_over(node, table, node.traffic, node.meter, kept)


def envelope_over(
    node: Node, table: Mapping[str, Method], traffic: Traffic | None, meter: CallMeter, kept: KeptAnswers
) -> AnswersRequests:
    """An envelope of the node's `--jsonrpc`, with its access rules and bounds, over what is given."""
    settings = node.http_settings
    access, bounds = AccessRules(node.options.profile, settings), Bounds.of(settings)
    if node.options.jsonrpc == "strict":
        from rpcnode.server.jsonrpc.strict import StrictEnvelope

        return StrictEnvelope(node.options.profile, table, access, traffic, bounds, meter)
    return Envelope(node.options.profile, table, access, traffic, bounds, meter, kept)


def request_log(node: Node, *, with_bodies: bool) -> "RequestLog":
    """The log of a node's requests, which shows no body of a method that has passwords or keys in it."""
    from rpcnode.server.http.request_log import RequestLog

    secret = {name for name, method in node.registry.methods.items() if method.secret_positions}
    return RequestLog(with_bodies=with_bodies, secret_methods=secret | CARRY_KEYS)


class Endpoint:
    """The HTTP server of one node; the node stays its owner's."""

    def __init__(
        self, node: Node, log: "RequestLog | None" = None, gather: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """With a `log`, every request has a line in it.

        Where other processes listen too, `gather` adds the calls they have seen to the node's journal and meter.
        """
        settings = node.http_settings
        self.answers: Final = envelope_of(node)
        """What answers the requests that come over HTTP."""
        access = AccessRules(node.options.profile, settings)
        self._node = node
        self._gather = gather
        self._site: Site | None = None
        self._miner = node.miner
        self._host = settings.bind_address
        routes = node.registry.rest_routes
        self._own_paths = OwnPaths(node, partial(envelope_of, node), log, gather)
        server = partial(
            RpcHttpServer,
            settings,
            node.options.profile,
            self.answers,
            traffic=node.traffic,
            front_page=FrontPage(
                self._page, access.dev.refusal_of_page if node.is_commanded else access.dev.refusal_of_reader
            ),
            own_paths=self._own_paths,
            websocket_path=self._own_paths.websocket_path,
            log=log,
        )
        if routes:
            rest = RestServer(RestRouter(routes), node.options.profile, settings, node.meter)
            self.server: RpcHttpServer = server(rest=rest, max_line_size=MAX_REST_LINE_SIZE)
        else:
            self.server = server()
        self.port = 0

    @property
    def url(self) -> str:
        """Where it listens, once started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}"

    @property
    def own_paths(self) -> Sequence[tuple[str, str]]:
        """What there is besides calls, in words, and the path it is at."""
        return self._own_paths.listed

    async def start(self) -> None:
        """Listens. Raises NodeError when the port cannot be had."""
        self.port = await self.server.start(is_shared=self._gather is not None)
        self._miner.attach(asyncio.get_running_loop().call_later)

    async def stop(self) -> None:
        """Finishes what is being answered and stops listening, within a second."""
        self._miner.detach()
        await self._own_paths.close()
        await self.server.stop()

    async def _page(self, path: str, query: str, host: str) -> BrowserPage:
        if self._gather is not None:
            await self._gather()
        if self._site is None:
            # A third of a second, which nobody else has to wait for.
            for module in (*_PAGE, *(_ENGINE if self._node.ledger.is_executed else ())):
                await asyncio.to_thread(import_module, module)
            from rpcnode.page_node import ShownNode
            from rpcnode.server.page.site import Site

            own_paths = self._own_paths
            self._site = Site(ShownNode(self._node, own_paths.listed, own_paths.websocket_path))
        return self._site.page(path, query, host)

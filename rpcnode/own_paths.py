"""The paths of an endpoint that are no node's: the websocket, /health, /metrics, and what the page for browsers loads.

neo-cli answers JSON-RPC on every path, so a POST stays a request here too, and a GET with `method` in its query. What
answers these paths is loaded by whoever asks first.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

from aiohttp import hdrs, web

from rpcnode import __version__
from rpcnode.node import Node
from rpcnode.primitives.uint import UInt160
from rpcnode.server.http.connection import SERVER_NAME
from rpcnode.server.http.wire_reply import WireReply, header_block
from rpcnode.server.jsonrpc.access import CHALLENGE, AccessRules, Authorization
from rpcnode.server.jsonrpc.query import names_method
from rpcnode.server.jsonrpc.reply import AnswersRequests, Method
from rpcnode.server.observing.tally import ChainTally

if TYPE_CHECKING:
    from rpcnode.server.http.request_log import RequestLog
    from rpcnode.server.observing.health import Health
    from rpcnode.server.observing.metrics import WebSocketNumbers
    from rpcnode.server.websocket.door import WebSocketDoor

WEBSOCKET: Final = "/ws"
HEALTH: Final = "/health"
METRICS: Final = "/metrics"
PAGE_FILES: Final = "/page/"
"""Under it are the files that pages load."""

_WORDS: Final = {
    WEBSOCKET: "Events over a websocket",
    HEALTH: "Whether the node is well",
    METRICS: "Numbers for Prometheus",
}


class OwnPaths:
    """Answers them. One that is among the disabled methods of the settings is not there, as any other path."""

    def __init__(
        self,
        node: Node,
        envelope_of: Callable[[Mapping[str, Method]], AnswersRequests],
        log: "RequestLog | None" = None,
        gather: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`envelope_of` gives what answers the calls of a table of methods; `gather` is as in `Endpoint`."""
        settings = node.http_settings
        self._node = node
        self._envelope_of = envelope_of
        self._log = log
        self._gather = gather
        self._access = AccessRules(node.options.profile, settings)
        self._tally = ChainTally(node.ledger)
        self._door: WebSocketDoor | None = None
        self._has_websocket = settings.max_websocket_clients > 0 and WEBSOCKET not in settings.disabled_methods
        answers = {HEALTH: self._health_answer, METRICS: self._metrics_answer}
        self._answers = {path: answer for path, answer in answers.items() if path not in settings.disabled_methods}

    @property
    def listed(self) -> list[tuple[str, str]]:
        """What there is, in words, and the path it is at."""
        found = [(_WORDS[path], path) for path in self._answers]
        return [(_WORDS[WEBSOCKET], WEBSOCKET), *found] if self._has_websocket else found

    @property
    def websocket_path(self) -> str | None:
        """Where the websocket is, if there is one."""
        return WEBSOCKET if self._has_websocket else None

    def __call__(self, request: web.BaseRequest) -> Awaitable[web.StreamResponse] | None:
        """The answer to a GET or HEAD of one of the paths; None where it is a request to the node."""
        path, _, query = request.raw_path.partition("?")
        if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD) or names_method(query):
            return None
        if path == WEBSOCKET and self._has_websocket and hdrs.UPGRADE in request.headers:
            return self._opened_door.answer(request)
        answer = self._answers.get(path)
        if answer is None and not path.startswith(PAGE_FILES):
            return None
        refusal = self._access.dev.refusal_of_reader(request.headers)
        if refusal is not None:
            return _closed(request, refusal)
        return (
            self._page_file(request, path.removeprefix(PAGE_FILES))
            if answer is None
            else self._answered(request, answer)
        )

    async def close(self) -> None:
        """Says goodbye to the clients of the websocket, and stops counting."""
        door, self._door = self._door, None
        if door is not None:
            await door.close()
        if self._tally in self._node.ledger.observers:
            self._node.ledger.observers.remove(self._tally)

    async def _answered(
        self, request: web.BaseRequest, answer: Callable[[web.BaseRequest], Awaitable[tuple[int, bytes, str]]]
    ) -> web.StreamResponse:
        headers = [(hdrs.SERVER, SERVER_NAME), (hdrs.CACHE_CONTROL, "no-store")]
        if self._access.authorize(request.headers.get(hdrs.AUTHORIZATION)) is not Authorization.GRANTED:
            return WireReply(401, header_block([*headers, (hdrs.WWW_AUTHENTICATE, CHALLENGE)]))
        status, body, content_type = await answer(request)
        sent = b"" if request.method == hdrs.METH_HEAD else body
        return WireReply(status, header_block([*headers, (hdrs.CONTENT_TYPE, content_type)]), body, sent)

    async def _page_file(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        """A file, which is the same for everybody; the pages ask for credentials, and so does what they show."""
        from rpcnode.server.http.front_page import GUARDS
        from rpcnode.server.page.files import page_file

        found = page_file(name)
        if found is None:
            return WireReply(404, header_block(GUARDS))
        body, content_type = found
        sent = b"" if request.method == hdrs.METH_HEAD else body
        return WireReply(200, header_block([*GUARDS, (hdrs.CONTENT_TYPE, content_type)]), body, sent)

    async def _health_answer(self, _: web.BaseRequest) -> tuple[int, bytes, str]:
        health = self._health()
        return 200 if health.is_ok else 503, json.dumps(health.to_json()).encode(), "application/json"

    async def _metrics_answer(self, request: web.BaseRequest) -> tuple[int, bytes, str]:
        if self._gather is not None:
            await self._gather()
        # prometheus_client takes a tenth of a second to load, which nobody has to wait for.
        metrics = await asyncio.to_thread(import_module, "rpcnode.server.observing.metrics")
        collector = metrics.NodeCollector(
            __version__, self._node.ledger, self._health, self._node.meter, self._tally, self._websocket_numbers
        )
        body, content_type = metrics.metrics_text(collector, request.headers.get(hdrs.ACCEPT, ""))
        return 200, body, content_type

    def _health(self) -> "Health":
        from rpcnode.server.observing.health import health_of

        return health_of(self._node.ledger, self._node.followers, self._node.registry.plugins)

    def _websocket_numbers(self) -> "WebSocketNumbers":
        from rpcnode.server.observing.metrics import WebSocketNumbers

        return WebSocketNumbers(0, 0, 0) if self._door is None else WebSocketNumbers(*self._door.numbers)

    @property
    def _opened_door(self) -> "WebSocketDoor":
        if self._door is None:
            from rpcnode.server.jsonrpc.dialect import DEFAULT_MAX_BODY_SIZE, DIALECTS
            from rpcnode.server.websocket.door import WebSocketDoor
            from rpcnode.server.websocket.feed import EventFeed
            from rpcnode.server.websocket.limits import WebSocketLimits

            node, settings, address_of = self._node, self._node.http_settings, self._node.view.address_of
            limits = WebSocketLimits(
                clients=settings.max_websocket_clients,
                subscriptions=settings.max_websocket_feeds,
                message_bytes=settings.max_request_body_size or DEFAULT_MAX_BODY_SIZE,
            )
            feed = EventFeed(node.ledger, DIALECTS[node.options.profile].write)
            self._door = WebSocketDoor(
                self._envelope_of,
                node.answered,
                self._access,
                feed,
                lambda script_hash: address_of(UInt160.parse(script_hash)),
                limits,
                self._log,
            )
        return self._door


async def _closed(request: web.BaseRequest, refusal: str) -> web.StreamResponse:
    """The answer to a web page of another origin."""
    head = header_block(
        [
            (hdrs.SERVER, SERVER_NAME),
            (hdrs.CACHE_CONTROL, "no-store"),
            (hdrs.CONTENT_TYPE, "text/plain; charset=utf-8"),
        ]
    )
    body = f"{refusal}\n".encode("utf-8", "replace")
    return WireReply(403, head, body, b"" if request.method == hdrs.METH_HEAD else body)

"""Brings REST requests to the plugins that declared their routes."""

import logging
from collections.abc import Awaitable, Generator, Sequence
from time import perf_counter
from typing import Final
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.plugin.rest import RestFace, RestRequest, RestResponse, RestRoute
from rpcnode.primitives.errors import ProfileName
from rpcnode.server.http.connection import SERVER_NAME
from rpcnode.server.http.wire_reply import WireReply, header_block
from rpcnode.server.jsonrpc.access import CHALLENGE, AccessRules, Authorization, CrossOriginRules
from rpcnode.server.jsonrpc.failures import failure_of
from rpcnode.server.traffic.meter import UNKNOWN, CallMeter

MAX_REST_LINE_SIZE: Final = 256 * 1024
"""The longest request line of a REST request, in bytes: 300 addresses and 300 asset ids have room, percent-encoded."""

logger = logging.getLogger(__name__)


class RestRouter:
    """Finds the route of a path."""

    def __init__(self, routes: Sequence[RestRoute]) -> None:
        self._exact: dict[str, dict[str, RestRoute]] = {}
        self._prefixes: dict[str, dict[str, RestRoute]] = {}
        for route in routes:
            by_method = (self._prefixes if route.is_prefix else self._exact).setdefault(route.path, {})
            by_method[route.method] = route
        self._by_length = sorted(self._prefixes, key=len, reverse=True)
        self._faces = {root: route.face for route in routes for root in route.face.rest_roots}

    def __bool__(self) -> bool:
        return bool(self._exact or self._prefixes)

    def find(self, path: str) -> "tuple[RestFace, dict[str, RestRoute]] | None":
        """The face that a path belongs to, and its routes there by method; None for the RPC server's paths."""
        routes = self._exact.get(path)
        if routes is None:
            for prefix in self._by_length:
                if path.startswith(prefix):
                    routes = self._prefixes[prefix]
                    break
        if routes:
            return next(iter(routes.values())).face, routes
        for root, face in self._faces.items():
            if path == root or path.startswith(f"{root}/"):
                return face, {}
        return None


class RestAnswer(Awaitable[WireReply]):
    """The answer to a request, once it is awaited."""

    def __init__(
        self,
        server: "RestServer",
        request: web.BaseRequest,
        found: tuple[RestFace, dict[str, RestRoute]],
        read: RestRequest,
    ) -> None:
        self._server = server
        self._request = request
        self._found = found
        self._read = read

    def __await__(self) -> Generator[None, None, WireReply]:
        return self._answered().__await__()

    def error(self, status: int) -> WireReply:
        """What a fault makes of the answer: the face's own form of a status, with nothing executed."""
        self._server.count(self._found, self._read, status, 0.0)
        return self._server.reply(self._request, self._found[0].rest_error(status, self._read))

    async def _answered(self) -> WireReply:
        server, started = self._server, perf_counter()
        reply = server.preflight(self._request, self._found[1])
        if reply is None:
            reply = server.reply(self._request, server.answer(self._found, self._read))
        server.count(self._found, self._read, reply.status, perf_counter() - started)
        return reply


class RestServer:
    """Answers what the router knows; the node's access rules come first, then the face's own."""

    def __init__(
        self, router: RestRouter, profile: ProfileName, settings: HttpSettings, meter: CallMeter | None = None
    ) -> None:
        """`meter` counts the requests."""
        self._meter = CallMeter() if meter is None else meter
        self._router = router
        self._access = AccessRules(profile, settings)
        self._cross_origin = CrossOriginRules(profile, settings)
        self._disabled: dict[RestFace, frozenset[str]] = {}

    def __call__(self, request: web.BaseRequest) -> "RestAnswer | None":
        """The answer to come, or None for the RPC server's paths."""
        target = request.raw_path
        path, _, query = target.partition("?")
        if not path.startswith("/"):  # the absolute form, for proxies
            path = urlsplit(path).path
        found = self._router.find(path)
        if found is None:
            return None
        read = RestRequest(request.method, path, query.partition("#")[0], request.headers)
        return RestAnswer(self, request, found, read)

    def reply(self, request: web.BaseRequest, response: RestResponse) -> WireReply:
        """A response as it goes over the wire."""
        headers = [
            (hdrs.SERVER, SERVER_NAME),
            *self._cross_origin.headers_for(request.headers.get(hdrs.ORIGIN)).items(),
            (hdrs.CONTENT_TYPE, response.content_type),
            *response.headers,
        ]
        body = b"" if request.method == hdrs.METH_HEAD else response.body
        return WireReply(response.status, header_block(headers), body)

    def preflight(self, request: web.BaseRequest, routes: dict[str, RestRoute]) -> WireReply | None:
        """The answer to a browser that asks whether a page of that origin may send a request, with which headers.

        Keys and tokens stand in headers, so no page could ask a face anything without it. None: it is no such question,
        or the node's settings do not let the page.
        """
        origin = request.headers.get(hdrs.ORIGIN)
        if request.method != hdrs.METH_OPTIONS or hdrs.ACCESS_CONTROL_REQUEST_METHOD not in request.headers:
            return None
        allowed = dict(self._cross_origin.headers_for(origin))
        if not (origin and allowed and routes):
            return None
        allowed[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = ", ".join(sorted(routes))
        asked = request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_HEADERS)
        if asked is not None:
            allowed[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = asked
        return WireReply(204, header_block([(hdrs.SERVER, SERVER_NAME), *allowed.items()]))

    def count(
        self, found: tuple[RestFace, dict[str, RestRoute]], request: RestRequest, status: int, seconds: float
    ) -> None:
        """Counts a request that was answered."""
        face, routes = found
        template = face.rest_template(request.path)
        if template is None:
            route = next(iter(routes.values()), None)
            template = UNKNOWN if route is None else f"{route.path}*" if route.is_prefix else route.path
        self._meter.count_rest(template, status, seconds)

    def answer(self, found: tuple[RestFace, dict[str, RestRoute]], request: RestRequest) -> RestResponse:
        """What the face answers."""
        face, routes = found
        refused = self._refused(face, request)
        if refused is not None:
            return refused
        if not routes:
            return face.rest_error(404, request)
        route = routes.get(request.method)
        if route is None:
            response = face.rest_error(405, request)
            allow = (hdrs.ALLOW, ", ".join(sorted(routes)))
            return RestResponse(response.status, response.body, response.content_type, (*response.headers, allow))
        try:
            return route.answer(request)
        except Exception as error:
            # The disk's fault, or a bug of ours in one face: its caller learns that much, and the node serves on.
            failure_of(f"{request.method} {request.path[:200]}", error)
            return face.rest_error(500, request)

    def _refused(self, face: RestFace, request: RestRequest) -> RestResponse | None:
        """The node's own refusal: a path among the disabled methods, or neither its credentials nor a key given out."""
        if face.rest_name(request.path) in self._disabled_names(face):
            return face.rest_error(403, request)
        if self._access.authorize(request.headers.get(hdrs.AUTHORIZATION)) is Authorization.GRANTED:
            return None
        if face.has_given_key(request):
            return None
        response = face.rest_error(401, request)
        challenge = (hdrs.WWW_AUTHENTICATE, CHALLENGE)
        return RestResponse(response.status, response.body, response.content_type, (*response.headers, challenge))

    def _disabled_names(self, face: RestFace) -> frozenset[str]:
        names = self._disabled.get(face)
        if names is None:
            paths = [method for method in self._access.disabled_methods if method.startswith("/")]
            names = self._disabled[face] = frozenset(map(face.rest_name, paths))
        return names

"""REST requests on their way to the plugins' routes, over real sockets."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.plugin.rest import RestFace, RestRequest, RestResponse, RestRoute
from rpcnode.server.http.rest import MAX_REST_LINE_SIZE, RestRouter, RestServer
from tests.rpcnode.server.http.raw_http import Answer, Running, running

RPC: Final = b'{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}'


class Face(RestFace):
    """Echoes what it is asked; its errors are its status."""

    rest_roots = ("/v1",)

    def rest_error(self, status: int, request: RestRequest) -> RestResponse:
        return RestResponse(status, f"face: {status}".encode(), "text/plain")

    def echo(self, request: RestRequest) -> RestResponse:
        text = f"{request.method} {request.path} {request.query} {request.headers.get('x-key')}"
        return RestResponse(200, text.encode(), "text/plain", (("X-Face", "yes"),))

    def fail(self, request: RestRequest) -> RestResponse:
        raise ZeroDivisionError


class OwnAuthorization(Face):
    rest_roots = ("/odata",)

    def rest_name(self, path: str) -> str:
        return super().rest_name(path).partition("(")[0]

    def has_given_key(self, request: RestRequest) -> bool:
        return request.headers.get("Authorization") == "Bearer given-out"


@asynccontextmanager
async def faces(**settings: Any) -> AsyncIterator[Running]:
    face, other = Face(), OwnAuthorization()
    router = RestRouter(
        [
            RestRoute("/v1/echo", "GET", False, face, face.echo),
            RestRoute("/v1/fail", "GET", False, face, face.fail),
            RestRoute("/odata/", "GET", True, other, other.echo),
            RestRoute("/odata/longer/", "PUT", True, other, other.echo),
        ]
    )
    rest = RestServer(router, "n3", HttpSettings(**settings))
    async with running(rest=rest, max_line_size=MAX_REST_LINE_SIZE, **settings) as server:
        yield server


async def ask(server: Running, line: str, *headers: str, body: bytes = b"") -> Answer:
    length = (f"Content-Length: {len(body)}",) if body else ()
    head = "\r\n".join((f"{line} HTTP/1.1", "Host: x", *headers, *length))
    return await server.send(head.encode("latin-1") + b"\r\n\r\n" + body)


async def test_a_route_gets_method_path_query_and_headers_as_they_were_sent() -> None:
    async with faces() as server:
        answer = await ask(server, "GET /v1/echo?a=%2F&b=%252F", "X-Key: demo")
        assert (answer.status, answer.body) == (200, b"GET /v1/echo a=%2F&b=%252F demo")
        assert (answer.headers["content-type"], answer.headers["x-face"]) == ("text/plain", "yes")


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("GET /odata/a%2Fb(c)%00", "/odata/a%2Fb(c)%00"),
        ("GET /odata/?x", "/odata/"),
        ("GET http://x/odata/y?x", "/odata/y"),
    ],
)
async def test_a_prefix_gets_every_path_below_it_undecoded(line: str, path: str) -> None:
    async with faces() as server:
        answer = await ask(server, line)
        assert answer.body.split(b" ")[1].decode() == path


@pytest.mark.parametrize(
    ("line", "status", "body"),
    [
        ("GET /v1", 404, b"face: 404"),
        ("GET /v1/", 404, b"face: 404"),
        ("GET /v1/echo/", 404, b"face: 404"),
        ("POST /v1/nothing", 404, b"face: 404"),
        ("GET /v1/fail", 500, b"face: 500"),
        ("GET /odata", 404, b"face: 404"),
    ],
)
async def test_below_its_root_the_face_answers_in_its_own_form(line: str, status: int, body: bytes) -> None:
    async with faces() as server:
        answer = await ask(server, line)
        assert (answer.status, answer.body) == (status, body)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "QUERY", "HEAD"])
async def test_a_method_that_a_path_has_not_is_405_and_the_others_are_named(method: str) -> None:
    async with faces() as server:
        answer = await ask(server, f"{method} /v1/echo")
        assert (answer.status, answer.headers["allow"]) == (405, "GET")
        assert answer.body == (b"" if method == "HEAD" else b"face: 405")


async def test_of_two_prefixes_the_longer_one_answers() -> None:
    async with faces() as server:
        assert (await ask(server, "PUT /odata/longer/x")).status == 200
        assert (await ask(server, "GET /odata/longer/x")).headers["allow"] == "PUT"


@pytest.mark.parametrize("path", ["/", "/v1x", "/v", "/odatax/"])
async def test_every_other_path_is_the_rpc_servers(path: str) -> None:
    async with faces() as server:
        answer = await ask(server, f"POST {path}", body=RPC)
        assert answer.body == b'{"jsonrpc":"2.0","id":1,"result":"pong"}'


async def test_a_long_request_line_is_read_for_a_face_only() -> None:
    async with faces() as server:
        long = "x" * 100_000
        assert (await ask(server, f"GET /odata/{long}")).status == 200
        assert (await ask(server, f"GET /?id=1&method=ping&params=[]&x={long}")).status == 414
        assert (await ask(server, f"GET /odata/{'x' * MAX_REST_LINE_SIZE}")).status == 414


@pytest.mark.parametrize(
    "target", ["/v1/echo", "/v1/echo?a=b", "/odata/x", "/odata/%78", "/odata/x(1)", "/odata/%78%28"]
)
async def test_a_disabled_path_is_refused_in_the_faces_form_however_it_is_written(target: str) -> None:
    async with faces(disabled_methods=("/v1/echo", "/odata/x(2)")) as server:
        answer = await ask(server, f"GET {target}")
        assert (answer.status, answer.body) == (403, b"face: 403")
        assert (await ask(server, "GET /odata/y")).status == 200


async def test_the_nodes_password_guards_every_face_and_a_key_of_the_operator_stands_for_it() -> None:
    async with faces(rpc_user="u", rpc_pass="p") as server:
        refused = await ask(server, "GET /v1/echo")
        assert (refused.status, refused.body) == (401, b"face: 401")
        assert refused.headers["www-authenticate"].startswith("Basic ")
        right = base64.b64encode(b"u:p").decode()
        assert (await ask(server, "GET /v1/echo", f"Authorization: Basic {right}")).status == 200
        assert (await ask(server, "GET /odata/x", f"Authorization: Basic {right}")).status == 200
        assert (await ask(server, "GET /odata/x", "Authorization: Bearer given-out")).status == 200
        assert (await ask(server, "GET /odata/x", "Authorization: Bearer other")).status == 401
        assert (await ask(server, "GET /v1/echo", "Authorization: Bearer given-out")).status == 401


async def test_browsers_are_told_about_origins_as_they_are_by_the_rpc_server() -> None:
    async with faces(enable_cors=True) as server:
        answer = await ask(server, "GET /v1/echo", "Origin: https://dapp.example")
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_body_that_nobody_reads_does_not_disturb_the_next_request() -> None:
    async with faces() as server:
        answers = await asyncio.gather(*(ask(server, "POST /v1/echo", body=b"x" * 10_000) for _ in range(3)))
        assert [answer.status for answer in answers] == [405] * 3
        assert (await ask(server, "GET /v1/echo")).status == 200

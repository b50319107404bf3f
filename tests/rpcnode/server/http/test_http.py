"""HTTP over a real socket.

Source: neo-node 3.10 and neo-plugins 3.0.0-preview2, RpcServer: RpcServer.ProcessAsync; neo 2.12, Neo:
Network/RPC/RpcServer; Kestrel's limits.
"""

import asyncio
import gzip
from collections.abc import Awaitable
from typing import Final

import pytest
from aiohttp import web

from rpcnode import __version__
from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.server.http.server import RpcHttpServer, limits_of
from rpcnode.server.jsonrpc.access import AccessRules
from rpcnode.server.jsonrpc.envelope import Envelope
from tests.rpcnode.server.http.raw_http import PING, PONG, close, read_answer, request_bytes, running

ALL: Final[tuple[ProfileName, ...]] = ("n3", "n3-preview", "n2")
LEGACY: Final[tuple[ProfileName, ...]] = ("n3-preview", "n2")
CORS_HEADERS: Final = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "Content-Type",
    "access-control-max-age": "31536000",
}
ALWAYS: Final = {"server", "date", "content-length"}

PATIENCE = 30.0
"""Seconds after which what should end does not end any more."""


def without(headers: dict[str, str], names: set[str]) -> dict[str, str]:
    """The headers that have other names."""
    return {name: value for name, value in headers.items() if name not in names}


@pytest.mark.parametrize(
    ("profile", "headers"),
    [
        ("n3", {"content-type": "application/json"}),
        ("n3-preview", {"content-type": "application/json", **CORS_HEADERS}),
        ("n2", {"content-type": "application/json-rpc", **CORS_HEADERS}),
    ],
)
@pytest.mark.parametrize("target", ["/", "/any/path", "/?x=1"])
async def test_a_post_is_answered_on_any_path_with_the_profile_s_headers(
    profile: ProfileName, headers: dict[str, str], target: str
) -> None:
    async with running(profile) as node:
        answer = await node.request(target=target, body=PING)
    assert (answer.status, answer.body) == (200, PONG)
    assert answer.headers["server"] == f"rpcnode/{__version__}"
    assert answer.headers["date"].endswith(" GMT")
    assert without(answer.headers, ALWAYS) == headers


@pytest.mark.parametrize("content_type", ["", "text/plain; charset=utf-8", "application/x-www-form-urlencoded", "??"])
async def test_the_content_type_of_a_request_is_ignored(content_type: str) -> None:
    async with running() as node:
        assert (await node.request(body=PING, Content_Type=content_type)).body == PONG


@pytest.mark.parametrize("profile", ALL)
async def test_a_get_carries_its_request_in_the_query(profile: ProfileName) -> None:
    async with running(profile) as node:
        answer = await node.request("GET", "/x?jsonrpc=2.0&id=1&method=echo&params=[%22a%2Bb%22,1]")
        assert answer.body == rb'{"jsonrpc":"2.0","id":"1","result":["a\u002Bb",1]}'
        crash = await node.request("GET", "/?id=1&method=echo&params=nope")
        assert (crash.status, crash.body) == (500, b"")
        assert without(crash.headers, ALWAYS) == {}
        assert await node.answers()


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"])
async def test_another_method_gets_an_empty_200_and_cors_headers_only(profile: ProfileName, method: str) -> None:
    async with running(profile) as node:
        answer = await node.request(method, body=PING)
    assert (answer.status, answer.body) == (200, b"")
    assert without(answer.headers, ALWAYS) == ({} if profile == "n3" else CORS_HEADERS)


@pytest.mark.parametrize("profile", ALL)
async def test_a_notification_gets_an_empty_200_without_a_content_type(profile: ProfileName) -> None:
    async with running(profile) as node:
        answer = await node.request(body=b'{"method":"ping","params":[]}', Accept_Encoding="gzip")
    assert (answer.status, answer.body) == (200, b"")
    assert without(answer.headers, ALWAYS) == ({} if profile == "n3" else CORS_HEADERS)


@pytest.mark.parametrize("profile", ALL)
async def test_json_rpc_errors_are_http_200(profile: ProfileName) -> None:
    async with running(profile) as node:
        for body in (b"{", b'{"id":1}', b'{"id":1,"method":"nope","params":[]}'):
            answer = await node.request(body=body)
            assert answer.status == 200
            assert b'"error"' in answer.body


@pytest.mark.parametrize(("profile", "body"), [("n3", b"5"), ("n3-preview", b"[null]"), ("n2", b'{"a":1,"a":1}')])
async def test_where_the_node_s_handler_fails_a_bare_500_is_sent_and_the_connection_goes_on(
    profile: ProfileName, body: bytes
) -> None:
    async with running(profile) as node:
        reader, writer = await node.connect()
        writer.write(request_bytes(body=body, Origin="https://a.example"))
        answer = await read_answer(reader)
        assert (answer.status, answer.body, without(answer.headers, ALWAYS)) == (500, b"", {})
        writer.write(request_bytes())
        assert (await read_answer(reader)).body == PONG
        await close(writer)


# CORS in n3


async def test_n3_names_the_origin_policy_only_to_a_request_with_an_origin() -> None:
    async with running() as node:
        assert "access-control-allow-origin" not in (await node.request(body=PING)).headers
        answer = await node.request(body=PING, Origin="https://a.example")
        assert without(answer.headers, ALWAYS) == {
            "content-type": "application/json",
            "access-control-allow-origin": "*",
        }
        options = await node.request("OPTIONS", Origin="https://a.example")
        assert (options.status, without(options.headers, ALWAYS)) == (200, {"access-control-allow-origin": "*"})


async def test_n3_answers_a_preflight_with_204() -> None:
    async with running() as node:
        answer = await node.request("OPTIONS", Origin="https://a.example", Access_Control_Request_Method="POST")
    assert (answer.status, answer.body) == (204, b"")
    assert "content-length" not in answer.headers
    assert without(answer.headers, ALWAYS) == {
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "Content-Type",
        "access-control-allow-methods": "GET,POST",
    }


async def test_n3_with_listed_origins_echoes_one_and_is_silent_to_others() -> None:
    async with running(allow_origins=("https://a.example", "https://b.example")) as node:
        listed = await node.request(body=PING, Origin="https://b.example", Accept_Encoding="gzip")
        assert listed.headers["access-control-allow-origin"] == "https://b.example"
        assert listed.headers["access-control-allow-credentials"] == "true"
        assert listed.headers["vary"] == "Origin,Accept-Encoding"
        other = await node.request(body=PING, Origin="https://c.example")
        assert without(other.headers, ALWAYS) == {"content-type": "application/json"}
        preflight = await node.request("OPTIONS", Origin="https://c.example", Access_Control_Request_Method="POST")
        assert (preflight.status, without(preflight.headers, ALWAYS)) == (204, {})


async def test_n3_without_cors_says_nothing_of_origins() -> None:
    async with running(enable_cors=False) as node:
        answer = await node.request("OPTIONS", Origin="https://a.example", Access_Control_Request_Method="POST")
        assert (answer.status, without(answer.headers, ALWAYS)) == (200, {})


# Compression


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize("size", [1, 1_000_000], ids=["small", "large"])
async def test_an_answer_is_gzipped_for_a_client_that_takes_it(profile: ProfileName, size: int) -> None:
    async with running(profile, methods={"long": lambda _: "x" * size}) as node:
        body = b'{"id":1,"method":"long","params":[]}'
        answer = await node.request(body=body, Accept_Encoding="deflate, gzip")
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["vary"] == "Accept-Encoding"
        plain = b'{"jsonrpc":"2.0","id":1,"result":"' + b"x" * size + b'"}'
        assert gzip.decompress(answer.body) == plain
        unpacked = await node.request(body=body, Accept_Encoding="br")
        assert (unpacked.headers.get("content-encoding"), unpacked.headers["vary"]) == (None, "Accept-Encoding")
        assert unpacked.body == plain


# Authentication


@pytest.mark.parametrize("profile", LEGACY)
async def test_the_older_nodes_deny_with_200_and_challenge_every_call(profile: ProfileName) -> None:
    denied = b'{"jsonrpc":"2.0","id":1,"error":{"code":-400,"message":"Access denied"}}'
    async with running(profile, rpc_user="user", rpc_pass="pass") as node:
        for credentials in ("", "Basic d3Jvbmc6cGFzcw=="):
            answer = await node.request(body=PING, Authorization=credentials)
            assert (answer.status, answer.body) == (200, denied)
            assert answer.headers["www-authenticate"] == 'Basic realm="Restricted"'
        answer = await node.request(body=PING, Authorization="Basic dXNlcjpwYXNz")
        assert (answer.status, answer.body) == (200, PONG)
        assert answer.headers["www-authenticate"] == 'Basic realm="Restricted"'


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("profile", LEGACY)
@pytest.mark.parametrize(
    ("body", "is_challenged"),
    [
        # As the two nodes answered them, but for those with 7.
        (b"x", False),
        (b"[]", False),
        (b'{"method":null,"id":1,"params":[]}', False),
        (b'{"id":1,"method":"ping","params":7}', False),
        (b'[{"id":7,"jsonrpc":"2.0"},{"id":1,"jsonrpc":"2.0","method":"ping","params":[]}]', True),
        (b'{"id":1,"jsonrpc":"2.0","method":"nosuch","params":[]}', True),
    ],
)
async def test_the_older_nodes_challenge_once_a_call_is_well_formed(
    profile: ProfileName, body: bytes, is_challenged: bool, strict: bool
) -> None:
    async with running(profile, strict=strict, rpc_user="user", rpc_pass="pass") as node:
        for credentials in ("", "Basic dXNlcjpwYXNz"):
            answer = await node.request(body=body, Authorization=credentials)
            assert ("www-authenticate" in answer.headers) is is_challenged
        assert "www-authenticate" not in (await node.request("GET", "/?id=1&method=ping")).headers
        get = await node.request("GET", "/?jsonrpc=2.0&id=1&method=ping&params=[]")
        assert get.headers["www-authenticate"] == 'Basic realm="Restricted"'


@pytest.mark.parametrize("profile", LEGACY)
@pytest.mark.parametrize("body", [b'{"method":"ping","params":[]}', b'{"id":1,"method":"ping"}', b"[1]", b"[null]"])
async def test_the_older_nodes_do_not_challenge_what_they_do_not_run(profile: ProfileName, body: bytes) -> None:
    async with running(profile, rpc_user="user", rpc_pass="pass") as node:
        assert "www-authenticate" not in (await node.request(body=body)).headers


async def test_n3_challenges_with_401_only_where_credentials_are_missing() -> None:
    denied = b'{"jsonrpc":"2.0","id":1,"error":{"code":-600,"message":"Access denied"}}'
    async with running(rpc_user="user", rpc_pass="pass") as node:
        missing = await node.request(body=PING)
        assert (missing.status, missing.body) == (401, denied)
        assert missing.headers["www-authenticate"] == 'Basic realm="Restricted"'
        assert missing.headers["content-type"] == "application/json"
        get = await node.request("GET", "/?id=1&method=ping&params=[]")
        assert get.status == 401
        wrong = await node.request(body=PING, Authorization="Basic d3Jvbmc6cGFzcw==")
        assert (wrong.status, wrong.body, "www-authenticate" in wrong.headers) == (200, denied, False)
        good = await node.request(body=PING, Authorization="Basic dXNlcjpwYXNz")
        assert (good.status, good.body, "www-authenticate" in good.headers) == (200, PONG, False)


# Limits on size


@pytest.mark.parametrize("profile", [*LEGACY, "n3"])
async def test_a_body_above_a_mebibyte_is_refused_before_it_is_read(profile: ProfileName) -> None:
    async with running(profile) as node:
        assert (await node.request(body=PING + b" " * (1_048_576 - len(PING)))).body == PONG
        answer = await node.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n")
        assert (answer.status, answer.body, answer.headers["connection"]) == (413, b"", "close")
        assert await node.answers()


async def test_a_body_may_be_as_long_as_the_limit() -> None:
    body = PING + b" " * (1000 - len(PING))
    async with running(max_request_body_size=1000) as node:
        assert (await node.request(body=body)).body == PONG
        assert (await node.request(body=body + b" ")).status == 413
        chunked = request_bytes(body=b"", Transfer_Encoding="chunked")
        assert (await node.send(chunked + b"3e8\r\n" + body + b"\r\n0\r\n\r\n")).body == PONG
        assert (await node.send(chunked + b"3e9\r\n" + body + b" \r\n0\r\n\r\n")).status == 413


async def test_a_request_line_above_8_kib_is_refused() -> None:
    async with running() as node:
        query = "/?id=1&method=ping&params=[]&x="
        assert (await node.request("GET", query + "a" * (8000 - len(query)))).status == 200
        for size in (9000, 1_000_000):
            answer = await node.request("GET", query + "a" * size)
            assert (answer.status, answer.body) == (414, b"")
        assert await node.answers()


async def test_the_limit_on_the_request_line_can_be_raised() -> None:
    async with running(max_line_size=64 * 1024) as node:
        assert (await node.request("GET", "/?id=1&method=ping&params=[]&x=" + "a" * 60_000)).status == 200
        assert (await node.request("GET", "/" + "a" * 70_000)).status == 414


async def test_a_header_above_32_kib_is_refused() -> None:
    async with running() as node:
        assert (await node.request(body=PING, X="a" * 30_000)).status == 200
        assert (await node.request(body=PING, X="a" * 40_000)).status == 431
        assert await node.answers()


# The REST seam


async def test_rest_is_asked_first_and_leaves_the_rest_to_the_rpc_server() -> None:
    async def respond(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text=f"{request.method} {request.path}")

    def rest(request: web.BaseRequest) -> Awaitable[web.StreamResponse] | None:
        return respond(request) if request.path.startswith("/v1/") else None

    async with running(rest=rest) as node:
        assert (await node.request("GET", "/v1/token")).body == b"GET /v1/token"
        assert await node.answers()


async def test_an_exception_in_rest_is_an_empty_500_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    def rest(request: web.BaseRequest) -> Awaitable[web.StreamResponse] | None:
        if request.path == "/":
            return None
        raise ZeroDivisionError

    async with running(rest=rest) as node:
        answer = await node.request("GET", "/v1/token")
        assert (answer.status, answer.body) == (500, b"")
        assert "GET /v1/token failed" in caplog.text
        assert await node.answers()


# Start and stop


async def test_a_port_in_use_is_a_node_error() -> None:
    async with running() as node:
        other = RpcHttpServer(HttpSettings(port=node.port), "n3", node.envelope)
        with pytest.raises(NodeError, match=rf"cannot listen on 127\.0\.0\.1:{node.port}: Address already in use"):
            await other.start()


async def test_stopping_closes_idle_connections_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rpcnode.server.http.server._GRACE", 3600)
    async with running() as node:
        reader, writer = await node.connect()
        writer.write(request_bytes())
        await read_answer(reader)
        await asyncio.wait_for(node.server.stop(), PATIENCE)
        assert await asyncio.wait_for(reader.read(), 1) == b""
        await close(writer)
        with pytest.raises(OSError, match="Connect call failed"):
            await node.connect()


async def test_stopping_finishes_the_request_being_answered() -> None:
    begun = asyncio.Event()

    async def slow(_: web.BaseRequest) -> web.StreamResponse:
        begun.set()
        await asyncio.sleep(0.2)
        return web.Response(text="done")

    async with running(rest=slow) as node:
        asking = asyncio.create_task(node.request("GET"))
        await begun.wait()
        await node.server.stop()
        assert (await asking).body == b"done"


@pytest.mark.slow
async def test_stopping_does_not_wait_for_ever() -> None:
    begun = asyncio.Event()

    async def stuck(_: web.BaseRequest) -> web.StreamResponse:
        begun.set()
        await asyncio.sleep(3600)
        return web.Response()

    async with running(rest=stuck) as node:
        reader, writer = await node.connect()
        writer.write(request_bytes("GET"))
        await begun.wait()
        await asyncio.wait_for(node.server.stop(), PATIENCE)
        assert await asyncio.wait_for(reader.read(), 1) == b""
        await close(writer)


async def test_a_server_that_was_never_started_stops() -> None:
    settings = HttpSettings()
    await RpcHttpServer(settings, "n3", Envelope("n3", {}, AccessRules("n3", settings))).stop()


def test_the_limits_are_those_of_the_settings() -> None:
    limits = limits_of(HttpSettings())
    assert (limits.connections, limits.headers_timeout, limits.keep_alive) == (512, 15, 60)
    limits = limits_of(HttpSettings(keep_alive_timeout=-1, max_concurrent_connections=0))
    assert (limits.connections, limits.keep_alive) == (40, None)

"""The page for browsers, and that nobody else sees it."""

from base64 import b64encode
from html.parser import HTMLParser
from typing import Final

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.server.http.front_page import BrowserPage, FrontPage
from tests.rpcnode.server.http.raw_http import PING, PONG, Answer, running

BROWSER: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""What Firefox 128 sends; Chromium's begins with the same two."""


async def page(path: str, query: str, host: str) -> BrowserPage:
    """A page that says where it was asked for; /gone leads elsewhere, and /none is not there."""
    if path == "/gone":
        return BrowserPage(303, "", "/elsewhere")
    return BrowserPage(404 if path == "/none" else 200, f"<!doctype html><p>height 17418 {path} {query} {host}</p>")


PAGE: Final = FrontPage(page, lambda _: None)


class Seen(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(page)
        self.text = "".join(self.words)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def seen(answer: Answer) -> Seen:
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Seen(answer.body.decode())


@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
@pytest.mark.parametrize(
    ("target", "status", "told"),
    [("/", 200, "/ "), ("/block/1", 200, "/block/1 "), ("/?x=methods", 200, "/ x=methods"), ("/none", 404, "/none ")],
)
async def test_a_browser_gets_the_page_of_a_path(profile: ProfileName, target: str, status: int, told: str) -> None:
    async with running(profile, front_page=PAGE) as node:
        answer = await node.request("GET", target, Accept=BROWSER, Host="127.0.0.1:1")
    assert answer.status == status
    assert f"17418 {told} 127.0.0.1:1" in seen(answer).text


async def test_a_browser_is_sent_where_a_page_leads() -> None:
    async with running(front_page=PAGE) as node:
        answer = await node.request("GET", "/gone", Accept=BROWSER)
    assert (answer.status, answer.headers["location"]) == (303, "/elsewhere")


@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
@pytest.mark.parametrize(
    ("method", "target", "headers"),
    [
        ("GET", "/", {}),
        ("GET", "/", {"Accept": "*/*"}),
        ("GET", "/", {"Accept": "application/json"}),
        ("GET", "/", {"Accept": "text/*"}),
        ("GET", "/", {"Accept": "application/json, text/html;q=0"}),
        ("GET", "/", {"Accept": "text/html ; level=1 ; q=0.000"}),
        ("GET", "/favicon.ico", {"Accept": "image/avif,image/webp,*/*;q=0.8"}),
        ("GET", "/?jsonrpc=2.0&id=1&method=ping&params=[]", {"Accept": BROWSER}),
        ("GET", "/?id=1&M%65thod=ping&params=[]", {"Accept": BROWSER}),
        ("GET", "/?method=", {"Accept": BROWSER}),
        ("HEAD", "/", {}),
        ("HEAD", "/", {"Accept": "*/*"}),
        ("OPTIONS", "/", {"Accept": BROWSER}),
        ("PUT", "/", {"Accept": BROWSER}),
    ],
    ids=str,
)
async def test_anybody_else_is_answered_to_the_byte_as_without_the_page(
    profile: ProfileName, method: str, target: str, headers: dict[str, str]
) -> None:
    async with running(profile, front_page=PAGE) as node, running(profile) as plain:
        got = await node.request(method, target, b"", Origin="http://a.example", **headers)
        right = await plain.request(method, target, b"", Origin="http://a.example", **headers)
    for answer in (got, right):
        del answer.headers["date"]
    assert got == right
    assert b"html" not in got.body


async def test_a_post_is_a_call_whatever_it_accepts() -> None:
    async with running(front_page=PAGE) as node:
        assert (await node.request(body=PING, Accept=BROWSER)).body == PONG


async def test_head_has_the_pages_headers_and_no_body() -> None:
    async with running(front_page=PAGE) as node:
        reader, writer = await node.connect()
        writer.write(b"HEAD / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n")
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        page = await node.request("GET", Accept=BROWSER, Host="a")
    assert body == b""
    assert f"Content-Length: {len(page.body)}".encode() in head.split(b"\r\n")


async def test_nobody_elses_page_shows_loads_or_reads_it() -> None:
    async with running(front_page=PAGE) as node:
        headers = (await node.request("GET", Accept=BROWSER, Origin="http://a.example")).headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert headers["cross-origin-resource-policy"] == headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert not [name for name in headers if name.lower().startswith("access-control-")]


async def test_who_may_see_none_is_told_why_and_nothing_else() -> None:
    refusing = FrontPage(page, lambda headers: f"not to {headers['Host']} <b>")
    async with running(front_page=refusing) as node:
        answer = await node.request("GET", Accept=BROWSER, Host="evil.example")
    assert answer.status == 403
    assert "not to evil.example <b>" in seen(answer).text
    assert "17418" not in seen(answer).text


@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
async def test_the_page_asks_for_the_nodes_user_and_password(profile: ProfileName) -> None:
    right = b64encode(b"demo:right").decode()
    wrong = b64encode(b"demo:wrong").decode()
    async with running(profile, front_page=PAGE, rpc_user="demo", rpc_pass="right") as node:
        for refused in (
            await node.request("GET", Accept=BROWSER),
            await node.request("GET", Accept=BROWSER, Authorization=f"Basic {wrong}"),
        ):
            assert (refused.status, refused.headers["www-authenticate"]) == (401, 'Basic realm="Restricted"')
            assert "17418" not in seen(refused).text
        assert "17418" in seen(await node.request("GET", Accept=BROWSER, Authorization=f"Basic {right}")).text

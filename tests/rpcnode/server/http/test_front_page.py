"""The page for browsers, and that nobody else sees it."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import Final

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.server.http.front_page import FrontPage, ListedMethod, PageFacts
from tests.rpcnode.server.http.raw_http import PING, PONG, Answer, running

BROWSER: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""What Firefox 128 sends; Chromium's begins with the same two."""

EVIL: Final = "<script>alert(1)</script>\"'&"


def facts() -> PageFacts:
    return PageFacts(
        "1.2.3",
        (("Height", "17418"), ("Profile", "n3")),
        (ListedMethod("ping", "Pinger", "Answers pong."), ListedMethod("echo", "Pinger", EVIL, "not yet")),
        (("OpenRPC", "/?method=rpc.discover&id=1"), (EVIL, f"/{EVIL}")),
    )


PAGE: Final = FrontPage(facts)


class Seen(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.titles: list[str | None] = []
        self.words: list[str] = []
        self.feed(page)
        self.text = "".join(self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        self.titles += [value for name, value in attrs if name == "title"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def seen(answer: Answer) -> Seen:
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Seen(answer.body.decode())


@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
@pytest.mark.parametrize("target", ["/", "/any/path", "/?x=methods"])
async def test_a_browser_gets_a_page_with_the_height_the_methods_and_the_documents(
    profile: ProfileName, target: str
) -> None:
    async with running(profile, front_page=PAGE) as node:
        answer = await node.request("GET", target, Accept=BROWSER)
    page = seen(answer)
    assert answer.status == 200
    assert all(word in page.text for word in ("1.2.3", "Height", "17418", "ping", "echo", "not yet"))
    assert page.links[0] == "/?method=rpc.discover&id=1"
    assert page.titles == ["Answers pong.", EVIL]


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


async def test_nothing_of_a_node_or_a_request_is_read_as_html() -> None:
    async with running(front_page=PAGE) as node:
        page = seen(await node.request("GET", f"/?x={EVIL}".replace(" ", ""), Accept=BROWSER))
        assert (await node.request("GET", Accept=BROWSER, Host=EVIL)).status == 400
    assert "script" not in page.tags
    assert page.text.count(EVIL) == 1  # a document's title
    assert page.links[1] == f"/{EVIL}"


async def test_the_page_loads_nothing_and_its_policy_allows_its_own_style_alone() -> None:
    async with running(front_page=PAGE) as node:
        answer = await node.request("GET", Accept=BROWSER)
    text = answer.body.decode()
    style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = b64encode(sha256(style[0].encode()).digest()).decode()
    assert len(style) == 1
    assert answer.headers["content-security-policy"].split("; ")[:2] == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
    ]
    assert not re.search(r"url\(|@import|<(?:img|link|iframe|script|object|form)\b|style=", text)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


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
            assert "ping" not in seen(refused).text
        assert "17418" in seen(await node.request("GET", Accept=BROWSER, Authorization=f"Basic {right}")).text

"""Which requests a reader answers, and for which it waits."""

import pytest

from rpcnode.workers.reader_connection import PlainPosts
from tests.rpcnode.workers.shared_node import call_body, post_of

REQUEST = post_of(call_body("getblockcount"))
PATHS = PlainPosts(1_000, lambda target: target == b"/v1")
LARGE = post_of(b"x" * 1_001)


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        (REQUEST, 0),
        (REQUEST[:-1], 1),
        (REQUEST[: REQUEST.index(b"{")], len(call_body("getblockcount"))),
        (REQUEST[:40], 1),
        (b"PO", 1),
        (REQUEST + b"P", None),
        (REQUEST + REQUEST, None),
        (REQUEST.replace(b"POST", b"PUT"), None),
        (b"GET / HT", None),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", None),
        (b"\r\n" + REQUEST, None),
        (REQUEST.replace(b"POST / ", b"POST /v1 "), None),
        (REQUEST.replace(b"POST / ", b"POST /v2 "), 0),
        (REQUEST.replace(b"HTTP/1.1", b"HTTP/1.0"), None),
        (REQUEST.replace(b"Host: 127.0.0.1\r\n", b""), None),
        (REQUEST.replace(b"Host:", b"Transfer-Encoding: chunked\r\nHost:"), None),
        (REQUEST.replace(b"Host:", b"EXPECT: 100-continue\r\nHost:"), None),
        (REQUEST.replace(b"Host:", b"Upgrade: websocket\r\nHost:"), None),
        (REQUEST.replace(b"Host:", b"User-Agent: a\r\nUser-Agent: b\r\nHost:"), None),
        (b"POST / HTTP/1.1\r\nHost: a\r\n\r\n", None),
        (LARGE, None),
        (LARGE[:200], None),
        (post_of(b"x" * 1_000), 0),
        (b"POST / HTTP/1.1\r\nX: " + b"y" * 300_000, None),
    ],
)
def test_a_reader_takes_whole_plain_posts_and_waits_for_their_rest(data: bytes, missing: int | None) -> None:
    assert PATHS.missing(data) == missing
    assert PATHS.missing(data) == missing, "the second time too, when its head is known"

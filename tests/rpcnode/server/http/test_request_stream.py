"""Which requests are taken from a stream, and how they are handed on.

What is refused, with what status, was seen on neo-cli 3.10.2, or follows from Kestrel: HttpParser, Http1Connection,
HttpRequestHeaders, Http1MessageBody (dotnet/aspnetcore).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.server.http.request_stream import RequestStream

LINE = b"POST / HTTP/1.1\r\n"
HOST = b"Host: localhost:10332\r\n"
BODY = b"Content-Length: 5\r\n\r\nhello"
PLAIN = LINE + HOST + BODY
LIMIT = 8192


def handed_on(sent: bytes) -> bytes:
    stream = RequestStream(LIMIT)
    taken = stream.feed(sent)
    assert stream.refused is None
    return taken


def refusal(sent: bytes) -> tuple[int, str | None]:
    stream = RequestStream(LIMIT)
    stream.feed(sent)
    assert stream.refused is not None
    return stream.refused.status, stream.refused.allow


@pytest.mark.parametrize(
    "sent",
    [
        b"garbage\r\n\r\n",
        b"POST\r\n\r\n",
        b"POST /\r\n\r\n",  # no version
        b"POST  / HTTP/1.1\r\n",
        b"POST / x HTTP/1.1\r\n",
        b"POST / HTTP/9\r\n",
        b"POST / HTTP/1.1 \r\n",
        b"PO(ST / HTTP/1.1\r\n",
        b"GET ?id=1 HTTP/1.1\r\n",
        b"GET %2F HTTP/1.1\r\n",
        b"GET /\x00 HTTP/1.1\r\n",
        "GET /é HTTP/1.1\r\n".encode(),
        b"GET http:// HTTP/1.1\r\n",
        b"GET http://[ HTTP/1.1\r\n",
        b"\x16\x03\x01\x02",  # TLS
        b"\x00\x00",
        LINE + b"\r\n",  # no Host
        LINE + HOST + HOST + b"\r\n",
        LINE + b"Host: local host\r\n\r\n",
        LINE + b"Host: a@b\r\n\r\n",
        LINE + b"Host: a:\r\n\r\n",
        LINE + b"Host: :80\r\n\r\n",
        LINE + b"Host: a:b\r\n\r\n",
        LINE + b"Host: [::1\r\n\r\n",
        b"GET http://other.example/ HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET http://localhost/ HTTP/1.1\r\n" + HOST + b"\r\n",
        b"CONNECT other:1 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"POST / HTTP/1.0\r\n\r\n",  # without a length
        LINE + HOST + b"X : 1\r\n",
        LINE + HOST + b": 1\r\n",
        LINE + HOST + b"X\r\n",
        LINE + HOST + b" folded\r\n",
        LINE + HOST + b"X: a\rb\r\n",
        LINE + HOST + b"X: \x00\r\n",
        LINE + HOST + b"X: \xe9\xff\r\n",
        LINE + HOST + "Xé: 1\r\n".encode(),
        LINE + HOST + b"Content-Length: \r\n",
        LINE + HOST + b"Content-Length: 1.0\r\n",
        LINE + HOST + b"Content-Length: -1\r\n",
        LINE + HOST + b"Content-Length: 0x5\r\n",
        LINE + HOST + b"Content-Length: 9223372036854775808\r\n",
        LINE + HOST + b"Content-Length: 5\r\nContent-Length: 5\r\n",
        LINE + HOST + b"Transfer-Encoding: gzip\r\n\r\n",
        LINE + HOST + b"Transfer-Encoding: chunked, identity\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(sent: bytes) -> None:
    assert refusal(sent) == (400, None)


@pytest.mark.parametrize(
    ("sent", "status", "allow"),
    [
        (b"POST / HTTP/1.2\r\n", 505, None),
        (b"PRI * HTTP/2.0\r\n", 505, None),
        (b"POST / http/1.1\r\n", 505, None),
        (b"GET * HTTP/1.1\r\n", 405, "OPTIONS"),
        (b"GET localhost HTTP/1.1\r\n", 405, "CONNECT"),
        (b"GET /" + b"a" * (LIMIT - 15) + b" HTTP/1.1\r\n", 414, None),  # 8,193 bytes
        (b"a" * LIMIT, 414, None),
        (LINE + HOST + b"X: 1\r\n" * 100, 431, None),
        (LINE + HOST + b"X: " + b"1" * 32 * 1024, 431, None),
        (LINE + HOST + b"X: " + b"1" * (32 * 1024 - 29) + b"\r\n\r\n", 431, None),
    ],
)
def test_other_refusals_have_a_status_of_their_own(sent: bytes, status: int, allow: str | None) -> None:
    assert refusal(sent) == (status, allow)


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        (PLAIN, PLAIN),
        (b"\r\n\n" + PLAIN, PLAIN),
        (PLAIN.replace(b"\r\n", b"\n"), PLAIN),
        (LINE + HOST + b"Content-Length: +05\r\n\r\nhello", PLAIN),
        (LINE + b"Host:\r\n\r\n", LINE + b"Host:\r\n\r\n"),
        (LINE + b"Host: [::1]:80\r\n\r\n", LINE + b"Host: [::1]:80\r\n\r\n"),
        (b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"),
        (b"FOO / HTTP/1.1\r\n" + HOST + b"\r\n", b"PUT / HTTP/1.1\r\n" + HOST + b"\r\n"),
        (b"get / HTTP/1.1\r\n" + HOST + b"\r\n", b"PUT / HTTP/1.1\r\n" + HOST + b"\r\n"),
        (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", b"OPTIONS / HTTP/1.1\r\n" + HOST + b"\r\n"),
        (
            b"GET http://LocalHost:10332/p?q=%FF HTTP/1.1\r\n" + HOST + b"\r\n",
            b"GET /p?q=%FF HTTP/1.1\r\n" + HOST + b"\r\n",
        ),
        (b"GET http://u@a:80 HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        (b"GET http://a HTTP/1.1\r\nHost: a:80\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a:80\r\n\r\n"),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", b"PUT / HTTP/1.1\r\nHost: a:1\r\n\r\n"),
        (b"GET /\x01?a=%00 HTTP/1.1\r\n" + HOST + b"\r\n", b"GET /%01?a=%00 HTTP/1.1\r\n" + HOST + b"\r\n"),
        (LINE + HOST + "X: é\r\n\r\n".encode(), LINE + HOST + "X: é\r\n\r\n".encode()),
        (
            LINE + HOST + b"Content-Type: a\r\ncontent-type: b\r\nETag: 1\r\nETag: 2\r\n\r\n",
            LINE + HOST + b"Content-Type: a\r\nETag: 1\r\n\r\n",
        ),
        (LINE + HOST + b"X(: 1\r\nX: \x01\r\nUpgrade: h2c\r\n\r\n", LINE + HOST + b"\r\n"),  # meaningless to us
        (
            LINE
            + HOST
            + b"Content-Length: 9\r\nTransfer-Encoding: gzip\r\ntransfer-encoding: Chunked \r\n\r\n0\r\n\r\n",
            LINE + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
    ],
)
def test_what_kestrel_takes_is_handed_on_in_plain_form(sent: bytes, taken: bytes) -> None:
    assert handed_on(sent) == taken


def test_limits_are_taken_in_full() -> None:
    longest = b"GET /" + b"a" * (LIMIT - 16) + b" HTTP/1.1\r\n" + HOST + b"\r\n"
    assert handed_on(longest) == longest
    most = LINE + HOST + b"X: 1\r\n" * 99 + b"\r\n"
    assert handed_on(most) == most
    largest = LINE + HOST + b"X: " + b"1" * (32 * 1024 - 30) + b"\r\n\r\n"  # 32 KiB of headers, empty line included
    assert handed_on(largest) == largest


CHUNKS = LINE + HOST + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n"
SEVERAL = PLAIN + CHUNKS + b"GET /?x HTTP/1.1\r\n" + HOST + b"\r\n" + PLAIN


@given(st.lists(st.integers(0, len(SEVERAL)), max_size=12))
def test_requests_are_the_same_however_they_are_cut(cuts: list[int]) -> None:
    stream = RequestStream(LIMIT)
    ends = [*sorted(cuts), len(SEVERAL)]
    starts = [0, *ends]
    assert b"".join(stream.feed(SEVERAL[start:end]) for start, end in zip(starts, ends, strict=False)) == SEVERAL


@pytest.mark.parametrize(
    "last",
    [
        LINE + HOST + b"Connection: close\r\n" + BODY,
        LINE + b"connection: keep-alive, CLOSE\r\n" + HOST + BODY,
        b"POST / HTTP/1.0\r\n" + HOST + BODY,
    ],
)
@pytest.mark.parametrize("cut", [0, 20, -2])
def test_nothing_is_taken_behind_a_request_that_ends_the_connection(last: bytes, cut: int) -> None:
    for behind in (PLAIN, b"\x16\x03\x01"):
        sent, stream = PLAIN + last + behind, RequestStream(LIMIT)
        cut_at = len(PLAIN) + len(last) + cut if cut < 0 else cut
        taken = stream.feed(sent[:cut_at]) + stream.feed(sent[cut_at:])
        assert taken.count(b"POST") == 2 and taken.endswith(b"\r\n\r\nhello") and stream.refused is None
    kept = b"POST / HTTP/1.0\r\n" + HOST + b"Connection: keep-alive\r\n" + BODY
    assert handed_on(kept + PLAIN).count(b"POST") == 2


def test_a_refused_request_comes_in_its_turn_and_ends_the_stream() -> None:
    stream = RequestStream(LIMIT)
    taken = stream.feed(PLAIN + b"GET / HTTP/1.2\r\n" + PLAIN)
    assert taken.startswith(PLAIN + b"OPTIONS * HTTP/1.1\r\n") and taken.count(b"POST") == 1
    assert stream.feed(PLAIN) == b""
    assert stream.refused is not None and stream.refused.status == 505


@pytest.mark.parametrize("chunk", [b"zz\r\nhello\r\n", b"\r\n", b"-5\r\n", b"5" * 9000])
def test_what_is_no_chunk_is_left_to_who_reads_it(chunk: bytes) -> None:
    head = LINE + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    assert handed_on(head + chunk + PLAIN) == head + chunk + PLAIN

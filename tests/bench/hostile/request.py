"""Requests as a hostile client sends them, byte for byte."""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

LARGEST_BODY: Final = 1024 * 1024
BATCH: Final = 1000


class Hostile(NamedTuple):
    """A request as it goes over the wire."""

    name: str
    data: bytes
    before: Sequence[bytes] = ()
    """Bodies of requests that come first, and are not measured."""

    after: Sequence[bytes] = ()


def post(body: bytes) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def get(target: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer demo-token\r\n\r\n".encode()


def call(method: str, *params: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()


def batch(method: str, *params: Any, times: int = BATCH) -> bytes:
    """As many calls as fit the largest body, at most `times`."""
    one = call(method, *params)
    return b"[" + b",".join([one] * min(times, LARGEST_BODY // (len(one) + 1) - 1)) + b"]"


def filled(head: bytes, piece: bytes, tail: bytes) -> bytes:
    """The largest body of many pieces between a head and a tail."""
    return head + piece * ((LARGEST_BODY - len(head) - len(tail)) // len(piece)) + tail

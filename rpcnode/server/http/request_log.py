"""A line in the log for every request, RPC and REST alike: what was asked, the status, the time, the size."""

import json
import logging
import re
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from contextvars import ContextVar
from time import perf_counter
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from aiohttp import hdrs, web

from rpcnode.primitives.json import Json
from rpcnode.primitives.secrecy import HIDDEN, is_secret_setting, without_secrets
from rpcnode.server.http.wire_reply import WireReply

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

log: Final = logging.getLogger("rpcnode.request")

MOST_SHOWN: Final = 1_000
"""Characters of a body."""

_MOST_READ: Final = 8_000  # characters in which secrets are looked for, to show the first of them
_LONGEST_KEY: Final = 64  # characters: what may be left of one at the end of what is read
_MOST_PARSED: Final = 64 * 1024  # bytes of a body whose methods are read from its JSON
_LONGEST_NAME: Final = 60  # characters of a method or a path
_MOST_NAMES: Final = 3  # methods of a batch
_METHOD: Final = re.compile(rb'"method"\s*:\s*"([^"\\]{1,80})"')
_NOT_SHOWN: Final = "(not shown: it may hold passwords or keys)"

_body: "ContextVar[bytes | None]" = ContextVar("body", default=None)
"""The body of the request that a connection's task answers; None before it is read, and of a REST request."""


class _Asked(NamedTuple):
    name: str  # for the line
    methods: tuple[str, ...] | None  # None: nobody knows which


class RequestLog:
    """Writes the lines.

    `secret_methods` are those whose parameters or answers are passwords or keys: their bodies are never shown.
    """

    def __init__(self, *, with_bodies: bool, secret_methods: Collection[str]) -> None:
        self._with_bodies = with_bodies
        self._secret_methods = frozenset(secret_methods)

    def take(self, body: bytes) -> None:
        """Notes the body of the request that is being answered."""
        _body.set(body)

    def note_message(self, body: bytes, answer: bytes, seconds: float) -> None:
        """Writes the line of a message that came over a websocket."""
        asked = _asked_in(body)
        line = f"WS {asked.name} {seconds * 1000:.2f} ms {len(answer)} bytes"
        fields: dict[str, object] = {
            "verb": "WS",
            "method": asked.name,
            "milliseconds": round(seconds * 1000, 2),
            "bytes": len(answer),
        }
        self._write_line(line, fields, body, answer, is_secret=self._is_secret(asked, body))

    def around(self, handle: Handler) -> Handler:
        """The handler, with a line for each request that it answers."""

        async def logged(request: web.BaseRequest) -> web.StreamResponse:
            started = perf_counter()
            _body.set(None)
            answer: web.StreamResponse | None = None
            try:
                answer = await handle(request)
                return answer
            finally:
                self._write(request, _body.get(), answer, perf_counter() - started)
                _body.set(None)

        return logged

    def _write(
        self, request: web.BaseRequest, body: bytes | None, answer: web.StreamResponse | None, seconds: float
    ) -> None:
        asked = _asked(request, body)
        content = _content_of(answer)
        status = 0 if answer is None else answer.status
        fields: dict[str, object] = {
            "verb": request.method,
            "method": asked.name,
            "status": status,
            "milliseconds": round(seconds * 1000, 2),
            "bytes": len(content),
        }
        line = f"{request.method} {asked.name} {status or 'no answer'} {seconds * 1000:.2f} ms {len(content)} bytes"
        is_secret = self._is_secret(asked, body if body is not None else request.raw_path.encode())
        self._write_line(line, fields, body or b"", content, is_secret=is_secret)

    def _write_line(
        self, line: str, fields: dict[str, object], body: bytes, content: bytes, *, is_secret: bool
    ) -> None:
        if self._with_bodies:
            fields["request"] = _NOT_SHOWN if is_secret else _shown(body)
            fields["answer"] = _NOT_SHOWN if is_secret else _shown(_plain(content))
            line = f"{line} <- {fields['request']} -> {fields['answer']}"
        log.info("%s", line, extra={"fields": fields})

    def _is_secret(self, asked: _Asked, text: bytes) -> bool:
        if asked.methods is not None:
            return not self._secret_methods.isdisjoint(asked.methods)
        # What cannot be read may be anything; an escape may hide a name.
        return b"\\u" in text or any(method.encode() in text for method in self._secret_methods)


def _asked(request: web.BaseRequest, body: bytes | None) -> _Asked:
    if body is None:
        return _Asked(_printable(_open_target(request.raw_path)), ())
    if request.method == hdrs.METH_GET:
        methods = tuple(
            value for name, value in parse_qsl(request.rel_url.raw_query_string) if name.lower() == "method"
        )
        return _Asked(_printable(methods[0] if methods else request.path), methods)
    if request.method != hdrs.METH_POST:
        return _Asked(_printable(request.path), ())
    return _asked_in(body)


def _asked_in(body: bytes) -> _Asked:
    if len(body) > _MOST_PARSED:
        found = _METHOD.search(body, 0, _MOST_PARSED)
        return _Asked(_printable(found[1].decode("utf-8", "replace")) if found else "?", None)
    try:
        document: Json = json.loads(body)
    except (ValueError, RecursionError):
        return _Asked("?", None)
    if not isinstance(document, list):
        method = _method_of(document)
        return _Asked(_printable(method), (method,))
    methods = tuple(map(_method_of, document))
    counted = [f"{name} ({times})" if times > 1 else name for name, times in Counter(methods).most_common(_MOST_NAMES)]
    more = ", ..." if len(set(methods)) > _MOST_NAMES else ""
    return _Asked(f"batch of {len(methods)}: {', '.join(map(_printable, counted))}{more}", methods)


def _method_of(request: Json) -> str:
    method = request.get("method") if isinstance(request, dict) else None
    return method if isinstance(method, str) else "?" if method is None else json.dumps(method)


def _open_target(target: str) -> str:
    """Path and query of a REST request, without what opens something."""
    path, mark, query = target.partition("?")
    shown = [
        f"{name}={HIDDEN}" if is_secret_setting(name) else pair
        for pair in query.split("&")
        for name in (pair.partition("=")[0],)
    ]
    return f"{path}{mark}{'&'.join(shown)}"


def _content_of(answer: web.StreamResponse | None) -> bytes:
    if isinstance(answer, WireReply):
        return answer.content
    body = answer.body if isinstance(answer, web.Response) else b""
    return body if isinstance(body, bytes) else b""


def _plain(content: bytes) -> bytes:
    """The beginning of an answer, decompressed."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return zlib.decompressobj(31).decompress(content, 4 * _MOST_READ)
    except zlib.error:
        return b""


def _shown(body: bytes) -> str:
    text = body[: 4 * _MOST_READ].decode("utf-8", "replace")
    is_cut = len(text) > _MOST_READ or len(body) > 4 * _MOST_READ
    text = without_secrets(text[:_MOST_READ])
    if is_cut:
        text = text[:-_LONGEST_KEY]
    return _printable(text, MOST_SHOWN, is_cut=is_cut)


def _printable(text: str, most: int = _LONGEST_NAME * 3, *, is_cut: bool = False) -> str:
    """A text on one line, cut short, with nothing in it that a terminal would obey."""
    shown = text[:most]
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown)
    return f"{shown}..." if is_cut or len(text) > most else shown

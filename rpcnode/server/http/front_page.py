"""The pages for a browser that opens the node's URL: who gets them, and what they may load.

No real node has one: neo-cli answers such a GET as it does any that holds no request, and so do we, to the byte, unless
the client asks for `text/html`.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Final, NamedTuple

from aiohttp import hdrs, web

from rpcnode.server.http.connection import SERVER_NAME
from rpcnode.server.http.wire_reply import WireReply, header_block
from rpcnode.server.jsonrpc.access import CHALLENGE, Authorization
from rpcnode.server.jsonrpc.query import names_method

OPENRPC_METHOD: Final = "rpc.discover"
_QUERY: Final = "?jsonrpc=2.0&id=1&method={}&params=%5B%5D"

GUARDS: Final[tuple[tuple[str, str], ...]] = (
    (hdrs.SERVER, SERVER_NAME),
    (hdrs.CACHE_CONTROL, "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)
"""The headers of pages and of what they load: nobody else's page shows, loads or reads them."""

_HTML: Final = (hdrs.CONTENT_TYPE, "text/html; charset=utf-8")


class BrowserPage(NamedTuple):
    """A page. `location`: where to go instead."""

    status: int
    text: str
    location: str | None = None


class FrontPage:
    """Answers the browsers: `page` gives the one at a path, with a query string, for who reached us under a host.

    `refusal` says why somebody may see none, by the request's headers.
    """

    def __init__(
        self,
        page: Callable[[str, str, str], Awaitable[BrowserPage]],
        refusal: Callable[[Mapping[str, str]], str | None],
    ) -> None:
        self._page = page
        self._refusal = refusal

    def is_asked(self, method: str, query: str, headers: Mapping[str, str]) -> bool:
        """Whether a request is for a page: a GET or HEAD that takes HTML, with no `method` in its query string."""
        if method not in (hdrs.METH_GET, hdrs.METH_HEAD):
            return False
        accepted = headers.get(hdrs.ACCEPT, "")
        return "text/html" in accepted.lower() and _takes_html(accepted) and not names_method(query)

    async def answer(self, request: web.BaseRequest, authorization: Authorization) -> WireReply:
        """The page, or the demand for credentials where the node asks for some."""
        headers = [*GUARDS, _HTML]
        refusal = self._refusal(request.headers)
        if refusal is not None:
            page = _notice(403, f"This page is closed to you: {refusal}.")
        elif authorization is Authorization.GRANTED:
            path, _, query = request.raw_path.partition("?")
            page = await self._page(path, query, request.headers.get(hdrs.HOST, ""))
            if page.location is not None:
                headers.append((hdrs.LOCATION, page.location))
        else:
            page = _notice(401, "This node asks for a user and a password.")
            headers.append((hdrs.WWW_AUTHENTICATE, CHALLENGE))
        body = page.text.encode("utf-8", "replace")
        sent = b"" if request.method == hdrs.METH_HEAD else body
        return WireReply(page.status, header_block(headers), body, sent)


def openrpc_link() -> str:
    """The address of the OpenRPC document."""
    return f"/{_QUERY.format(OPENRPC_METHOD)}"


def _takes_html(accepted: str) -> bool:
    """Whether an Accept header names `text/html`, and not with the weight 0. Source: RFC 9110, 12.4.2 and 12.5.1."""
    for entry in accepted.lower().split(","):
        kind, *parameters = (part.strip() for part in entry.split(";"))
        if kind == "text/html":
            weights = [part[2:].strip() for part in parameters if part.startswith("q=")]
            return not any(re.fullmatch(r"0(\.0*)?", weight) for weight in weights)
    return False


def _notice(status: int, words: str) -> BrowserPage:
    """A page of a sentence."""
    escaped = escape(words)
    head = '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>rpcnode</title></head>'
    return BrowserPage(status, f"{head}<body><h1>rpcnode</h1><p>{escaped}</p></body></html>\n")

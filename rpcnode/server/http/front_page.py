"""The page for a browser that opens the node's URL: what this is, the height, the methods, and links to documents.

No real node has one: neo-cli answers such a GET as it does any that holds no request, and so do we, to the byte, unless
the client asks for `text/html`.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from aiohttp import hdrs, web

from rpcnode.server.http.connection import SERVER_NAME
from rpcnode.server.http.wire_reply import WireReply, header_block
from rpcnode.server.jsonrpc.access import CHALLENGE, Authorization
from rpcnode.server.jsonrpc.query import names_method

OPENRPC_METHOD: Final = "rpc.discover"
_QUERY: Final = "?jsonrpc=2.0&id=1&method={}&params=%5B%5D"

_STYLE: Final = """
:root{color-scheme:light dark;--back:#f6f8f7;--card:#fff;--text:#17211d;--soft:#5a6b64;--line:#dbe3df;--mark:#00875a}
@media(prefers-color-scheme:dark){
:root{--back:#0f1513;--card:#161e1b;--text:#e4ebe8;--soft:#93a39c;--line:#28332f;--mark:#2fd69b}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:62rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{margin:0;font-size:2rem;letter-spacing:-.02em}
h1 span{color:var(--mark)}
h2{margin:2.25rem 0 .75rem;font-size:1.1rem}
h3{margin:1.25rem 0 .4rem;font-size:.9rem;color:var(--soft)}
p{margin:.4rem 0;color:var(--soft)}
a{color:var(--mark)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1.5rem 0 0}
dl div,pre{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.75rem 1rem}
dt{font-size:.8rem;color:var(--soft)}
dd{margin:0;font-size:1.15rem;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
pre{margin:.5rem 0 0;overflow-x:auto;font:.85rem/1.6 ui-monospace,monospace}
ul{margin:0;padding:0;list-style:none}
.methods{columns:16rem;column-gap:1.5rem}
.methods li{break-inside:avoid;font:.9rem/1.75 ui-monospace,monospace;overflow-wrap:anywhere}
.methods small{color:var(--soft);font-size:.75rem}
.documents li{margin:.3rem 0}
"""
_ESCAPED: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_HEADERS: Final[tuple[tuple[str, str], ...]] = (
    (hdrs.SERVER, SERVER_NAME),
    (hdrs.CONTENT_TYPE, "text/html; charset=utf-8"),
    (hdrs.CACHE_CONTROL, "no-store"),
    (
        "Content-Security-Policy",
        f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)


class ListedMethod(NamedTuple):
    """A method as the page shows it. `note` is what there is to say of it beside its name, or empty."""

    name: str
    group: str
    summary: str
    note: str = ""


class PageFacts(NamedTuple):
    """What the page tells of a node."""

    version: str
    facts: Sequence[tuple[str, str]]
    """Names and values, in their order."""

    methods: Sequence[ListedMethod]
    documents: Sequence[tuple[str, str]]
    """Titles and addresses of the documents that describe the methods."""
    links: Sequence[tuple[str, str]] = ()
    """What else is at the node's port, and the path it is at."""


class FrontPage:
    """Answers the browsers. `facts` is asked anew for each page."""

    def __init__(self, facts: Callable[[], PageFacts]) -> None:
        self._facts = facts

    def is_asked(self, method: str, query: str, headers: Mapping[str, str]) -> bool:
        """Whether a request is for the page: a GET or HEAD that takes HTML, with no `method` in its query string."""
        if method not in (hdrs.METH_GET, hdrs.METH_HEAD):
            return False
        accepted = headers.get(hdrs.ACCEPT, "")
        return "text/html" in accepted.lower() and _takes_html(accepted) and not names_method(query)

    def answer(self, request: web.BaseRequest, authorization: Authorization) -> WireReply:
        """The page, or the demand for credentials where the node asks for some."""
        if authorization is Authorization.GRANTED:
            status, headers = 200, _HEADERS
            page = _page(self._facts(), request.headers.get(hdrs.HOST, ""))
        else:
            status, headers = 401, (*_HEADERS, (hdrs.WWW_AUTHENTICATE, CHALLENGE))
            page = _document("<h1>rpcnode</h1>\n<p>This node asks for a user and a password.</p>")
        body = page.encode("utf-8", "replace")
        sent = b"" if request.method == hdrs.METH_HEAD else body
        return WireReply(status, header_block(headers), body, sent)


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


def _page(page: PageFacts, host: str) -> str:
    return _document("\n".join(_content(page, host)))


def _content(page: PageFacts, host: str) -> Iterator[str]:
    yield "<h1>rpc<span>node</span></h1>"
    yield f"<p>A NEO node for tests, version {_text(page.version)}. It answers JSON-RPC.</p>"
    yield "<dl>"
    for name, value in page.facts:
        yield f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>"
    yield "</dl>"
    body = '{"jsonrpc":"2.0","id":1,"method":"getblockcount","params":[]}'
    yield f"<h2>A first call</h2>\n<pre>curl http://{_text(host or 'HOST:PORT')}/ -d &#39;{_text(body)}&#39;</pre>"
    if page.links:
        yield '<h2>Beside the calls</h2>\n<ul class="documents">'
        for name, address in page.links:
            yield f"<li>{_text(name)} <code>{_text(address)}</code></li>"
        yield "</ul>"
    if page.documents:
        yield '<h2>Documents</h2>\n<ul class="documents">'
        for title, address in page.documents:
            yield f'<li><a href="{_text(address)}">{_text(title)}</a></li>'
        yield "</ul>"
    yield f"<h2>Methods ({len(page.methods)})</h2>"
    for group in dict.fromkeys(method.group for method in page.methods):
        yield f'<h3>{_text(group)}</h3>\n<ul class="methods">'
        for method in page.methods:
            if method.group == group:
                note = f" <small>{_text(method.note)}</small>" if method.note else ""
                yield f'<li title="{_text(method.summary)}">{_text(method.name)}{note}</li>'
        yield "</ul>"


def _document(content: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>rpcnode</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{content}\n</main>\n</body>\n</html>\n"
    )


def _text(value: str) -> str:
    """A text as it can be in an element and in an attribute."""
    return value.translate(_ESCAPED)

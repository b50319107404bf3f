"""What stands around every page: its head, the way to the others, the search."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from rpcnode.server.page.facts import PageNode
from rpcnode.server.page.markup import Markup, joined, link, tag

FILES: Final = "/page"
"""Under this path are the files that pages load."""

_USED: Final = (
    *("dev_info", "dev_invoke", "dev_transfer", "dev_mine", "dev_setTime", "dev_increaseTime", "dev_setBlockTime"),
    *("dev_snapshot", "dev_snapshots", "dev_revert", "dev_reset", "dev_setFault", "dev_clearFaults", "dev_journal"),
    *("dev_impersonate", "dev_stopImpersonating", "dev_trace", "findstorage", "invokefunction"),
    *("getnep17transfers", "getnep5transfers", "getnep11balances"),
)
"""The methods that scripts of the page may call."""

_NAVIGATION: Final = (("/", "Chain"), ("/dev", "Command"), ("/journal", "Journal"), ("/methods", "Methods"))


class Page(NamedTuple):
    """One page: `script` is the module that makes it live, `data` what that is told, in attributes of `main`."""

    title: str
    content: Markup
    status: int = 200
    script: str | None = None
    data: tuple[tuple[str, str], ...] = ()
    location: str | None = None
    """Where to go instead; the status is one that says so then."""


def missing(title: str, *words: object) -> Page:
    """A page for what is not there."""
    return Page(title, joined(tag("h1", title), tag("p", *words)), 404)


def document(page: Page, node: PageNode, path: str, asked: str = "") -> str:
    """The whole text of a page at `path`; `asked` is what is in the search's field."""
    offers = " ".join(name for name in _USED if name in node.offered)
    data = {f"data_{key}": value for key, value in page.data}
    body = tag(
        "body",
        link("#main", "To the content", class_="skip"),
        _header(path, asked),
        tag(
            "main",
            page.content,
            id="main",
            data_script=page.script,
            data_offers=offers,
            data_websocket=node.websocket_path,
            data_executed="yes" if node.view.ledger.is_executed else None,
            **data,
        ),
        tag("div", id="said", role="status", aria_live="polite"),
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("title", f"{page.title} · rpcnode"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("link", rel="icon", href=f"{FILES}/icon.svg", type="image/svg+xml"),
        tag("link", rel="stylesheet", href=f"{FILES}/page.css"),
        tag("script", src=f"{FILES}/theme.js"),
        tag("script", type="module", src=f"{FILES}/main.js"),
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def paged(address: str, number: int, count: int, size: int) -> Markup | None:
    """The way to earlier and later pages of a list of `count`; None where all is on one."""
    if count <= size:
        return None
    last = (count - 1) // size
    pieces: list[Markup] = []
    if number > 0:
        pieces.append(link(f"{address}?page={number - 1}", "← Earlier"))
    pieces.append(tag("span", f"{number * size + 1} to {min(count, (number + 1) * size)} of {count}"))
    if number < last:
        pieces.append(link(f"{address}?page={number + 1}", "Later →"))
    return tag("nav", *pieces, class_="paged", aria_label="Pages")


def panel(title: str, *content: object, place: str | None = None) -> Markup:
    """A part of a page under a heading; `place` is what links call it."""
    return tag("section", tag("h2", title), *content, id=place)


def observed_note(node: PageNode) -> Markup | None:
    """What to know of a chain whose events are believed; None on others."""
    if node.blocks_are != "observed":
        return None
    words = f"This chain is observed from block {node.view.ledger.base_height} on: what its events tell is believed. "
    since = "Balances are what they have moved since, so some are below zero."
    return tag("p", words, since, class_="note", role="note")


def calls_line(calls: Iterable[tuple[str, str]]) -> Markup:
    """Links to what the node answers to calls, which need no script."""
    return tag("p", "As JSON: ", *_with_commas([link(address, name) for name, address in calls]), class_="soft")


def _with_commas(pieces: list[Markup]) -> Iterable[object]:
    for position, piece in enumerate(pieces):
        yield ", " if position else None
        yield piece


def _header(path: str, asked: str) -> Markup:
    return tag(
        "header",
        link("/", "rpc", tag("span", "node"), class_="brand"),
        tag(
            "nav",
            *(link(address, name, aria_current="page" if address == path else None) for address, name in _NAVIGATION),
            aria_label="Pages of this node",
        ),
        tag(
            "form",
            tag(
                "input",
                type="search",
                name="q",
                value=asked,
                placeholder="Hash, height, address or name",
                aria_label="Search by hash, height, address or name",
                required=True,
                maxlength=200,
            ),
            tag("button", "Search"),
            action="/search",
            method="get",
            role="search",
        ),
        tag("button", "Theme", id="theme", type="button", hidden=True),
    )

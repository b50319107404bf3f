"""Pages that scripts fill: commands and the journal; and what the node answers to."""

from collections.abc import Iterator
from typing import Final

from rpcnode.server.page.facts import PageFacts, PageNode
from rpcnode.server.page.markup import Markup, joined, link, tag, text
from rpcnode.server.page.shell import Page, panel

_NEEDS_SCRIPT: Final = tag("noscript", tag("p", "This page needs JavaScript; rpcnode call does the same in a shell."))


def command_page(node: PageNode) -> Page:
    """Fund, mine, move the clock, go back, let calls fail, act for others: all by `dev_*`."""
    if "dev_info" not in node.offered:
        return Page("Command", joined(tag("h1", "Command"), _without_dev()))
    content = joined(
        tag("h1", "Command"),
        tag("p", "What happens here is what the dev_* methods do; they answer to pages of this machine only."),
        _NEEDS_SCRIPT,
        tag("div", id="panels"),
    )
    return Page("Command", content, script="command")


def journal_page(node: PageNode) -> Page:
    """The calls that the node has seen."""
    if "dev_journal" not in node.offered:
        return Page("Journal", joined(tag("h1", "Journal"), _without_dev()))
    content = joined(
        tag("h1", "Journal"),
        tag("p", "The calls that the node has seen, the newest first, without dev methods."),
        _NEEDS_SCRIPT,
        tag("div", id="journal"),
    )
    return Page("Journal", content, script="journal")


def methods_page(facts: PageFacts, host: str) -> Page:
    """Every method, and where else the node is described."""
    body = '{"jsonrpc":"2.0","id":1,"method":"getblockcount","params":[]}'
    content = joined(
        tag("h1", "rpcnode"),
        tag("p", f"A NEO node for tests, version {facts.version}. It answers JSON-RPC."),
        panel("A first call", tag("pre", f"curl http://{host or 'HOST:PORT'}/ -d '{body}'", tabindex=0)),
        panel(
            "Beside the calls",
            tag("ul", *(tag("li", name, " ", tag("code", path)) for name, path in facts.links), class_="words-list"),
        )
        if facts.links
        else None,
        panel(
            "Documents",
            tag("ul", *(tag("li", link(address, title)) for title, address in facts.documents), class_="words-list"),
        )
        if facts.documents
        else None,
        tag("h2", f"Methods ({len(facts.methods)})"),
        *(_group(facts, group) for group in dict.fromkeys(method.group for method in facts.methods)),
    )
    return Page("Methods", content)


def _group(facts: PageFacts, group: str) -> Markup:
    entries = [
        tag(
            "li",
            tag("code", method.name),
            tag("small", f" {method.note}", class_="soft") if method.note else None,
            tag("div", *_with_code(method.summary), class_="soft") if method.summary else None,
        )
        for method in facts.methods
        if method.group == group
    ]
    return joined(tag("h3", group), tag("ul", *entries, class_="methods"))


def _with_code(summary: str) -> Iterator[Markup]:
    """A docstring's text, with what it has between backticks as code."""
    for position, piece in enumerate(summary.split("`")):
        yield tag("code", piece) if position % 2 else text(piece)


def _without_dev() -> Markup:
    return tag(
        "p",
        "This node has no dev methods: it listens on more than this machine, or was told so. ",
        "The option --dev turns them on.",
        class_="fault",
    )

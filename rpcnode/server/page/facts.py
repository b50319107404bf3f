"""What the page is told of its node besides the chain."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from rpcnode.plugin.base import NodeView


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


class PageNode(Protocol):
    """The node as the page sees it."""

    @property
    def view(self) -> NodeView:
        """Its chain and balances."""

    @property
    def offered(self) -> Collection[str]:
        """The methods that may be called."""

    @property
    def blocks_are(self) -> str:
        """`executed`, `observed` or `modelled`: as `blocks` in dev_info."""

    @property
    def websocket_path(self) -> str | None:
        """Where it tells of events, if it does."""

    def facts(self) -> PageFacts:
        """What it is, and what it answers."""

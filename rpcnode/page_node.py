"""A node as its page sees it; loaded by the first browser that asks for a page."""

from collections.abc import Collection, Sequence

from rpcnode import __version__
from rpcnode.dev.control.info import blocks_are
from rpcnode.node import Node
from rpcnode.plugin.base import Fidelity, NodeView
from rpcnode.server.http.front_page import OPENRPC_METHOD, openrpc_link
from rpcnode.server.page.facts import ListedMethod, PageFacts


class ShownNode:
    """A node with what is beside it at its port: `links` in words, and the path each is at."""

    def __init__(self, node: Node, links: Sequence[tuple[str, str]] = (), websocket_path: str | None = None) -> None:
        self._node = node
        self._links = links
        self._websocket_path = websocket_path

    @property
    def view(self) -> NodeView:
        """Its chain and balances."""
        return self._node.view

    @property
    def offered(self) -> Collection[str]:
        """The methods that may be called."""
        return self._node.methods.keys() - self._node.http_settings.disabled_methods

    @property
    def blocks_are(self) -> str:
        """`executed`, `observed` or `modelled`."""
        return blocks_are(self._node.ledger)

    @property
    def websocket_path(self) -> str | None:
        """Where it tells of events, if it does."""
        return self._websocket_path

    def facts(self) -> PageFacts:
        """What it is, and what it answers."""
        return page_facts(self._node, self._links)


def page_facts(node: Node, links: Sequence[tuple[str, str]] = ()) -> PageFacts:
    """What the page for browsers tells of a node: no method that its settings disable."""
    ledger, disabled = node.ledger, node.http_settings.disabled_methods
    plugins = [
        ListedMethod(
            name,
            method.plugin.name,
            " ".join((method.function.__doc__ or "").partition("\n\n")[0].split()),
            "not yet" if method.declaration.fidelity is Fidelity.NOT_YET else "",
        )
        for name, method in node.registry.methods.items()
    ]
    dev = [] if node.dev is None else [ListedMethod(name, "For tests", "") for name in node.dev.methods]
    listed = [method for method in (*plugins, *dev) if method.name not in disabled]
    documents = [
        document
        for face in dict.fromkeys(route.face for route in node.registry.rest_routes)
        for document in face.rest_documents
    ]
    if any(method.name == OPENRPC_METHOD for method in listed):
        documents.insert(0, ("OpenRPC: every method with its parameters", openrpc_link()))
    headers = () if ledger.header_height == ledger.height else (("Headers up to", str(ledger.header_height)),)
    return PageFacts(
        __version__,
        (
            ("Height", str(ledger.height)),
            *headers,
            ("Profile", node.options.profile),
            ("Emulates", ledger.parameters.user_agent.strip("/")),
            ("Network", str(ledger.parameters.magic)),
            ("Blocks are", blocks_are(ledger)),
        ),
        sorted(listed, key=lambda method: (method.group == "For tests", method.group, method.name)),
        documents,
        links,
    )

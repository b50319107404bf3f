"""Pages as the node writes them, and what a browser without scripts makes of them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.page_node import ShownNode
from rpcnode.primitives.json import document_of
from rpcnode.server.http.front_page import BrowserPage
from rpcnode.server.page.site import Site

EVIL: Final = "<script>alert(1)</script>\"'&"

SHOP: Final = """
accounts:
  alice: {seed: alice}
  shop: {seed: shop}
contracts:
  coin: {standard: NEP-17, symbol: COIN, decimals: 2}
balances:
  - {account: alice, asset: coin, amount: 10000, block: 1}
"""


class Seen(HTMLParser):
    """What a browser makes of a page: its text, its links and its elements."""

    def __init__(self, page: BrowserPage) -> None:
        super().__init__()
        self.status: Final = page.status
        self.location: Final = page.location
        self.tags: Final[list[str]] = []
        self.links: list[str] = []
        self.attributes: list[str] = []
        self._words: Final[list[str]] = []
        self.feed(page.text)
        self.text: Final = " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [str(value) for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data: str) -> None:
        self._words.append(data)


class Shown:
    """A node and its pages."""

    def __init__(self, node: Node) -> None:
        self.node: Final = node
        self.site: Final = Site(ShownNode(node, [("Events over a websocket", "/ws")], "/ws"))

    def page(self, address: str) -> Seen:
        """The page at an address."""
        path, _, query = address.partition("?")
        return Seen(self.site.page(path, query, "127.0.0.1:10332"))

    def dev(self, method: str, *params: Any) -> Any:
        """What a dev method answers."""
        assert self.node.dev is not None
        return document_of(self.node.dev.methods[method](list(params)))

    def found(self, asked: str) -> str | None:
        """Where the search leads."""
        return self.page(f"/search?q={asked}").location


@contextmanager
def shown(fixture: Path | None = None, **options: Any) -> Iterator[Shown]:
    """A node without a port."""
    fixtures = () if fixture is None else (fixture,)
    with closing(Node(NodeOptions(fixtures=fixtures, **options))) as node:
        yield Shown(node)

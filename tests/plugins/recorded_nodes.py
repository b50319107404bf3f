"""Nodes over recorded chains, with the recording to compare against."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from rpcnode.node import Node
from tests import PROJECT
from tests.plugins.node_builder import Document

RECORDINGS = {
    "recorded-n3-chain": PROJECT / "fixtures" / "recorded-n3-chain.json.gz",
    "neo-go-testchain": PROJECT.parent / "shared" / "data" / "neo-go-testchain.json",
}


class Recorded(NamedTuple):
    """A node that plays a recording, and the recording: answers of a neo-go 0.120."""

    node: Node
    answers: Document

    @property
    def transactions(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Each transaction with the verbose block that holds it."""
        for block in self.answers["blocks"]:
            for transaction in block["verbose"]["tx"]:
                yield transaction, block["verbose"]

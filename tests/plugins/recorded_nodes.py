"""Nodes over recorded chains, with the recording to compare against."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from node_builder import Document, json_of

from rpcnode.node import Node
from rpcnode.options import NodeOptions

PROJECT = Path(__file__).resolve().parents[2]
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


@pytest.fixture(scope="module", params=RECORDINGS)
def recorded(request: pytest.FixtureRequest) -> Iterator[Recorded]:
    """Each of the recorded chains; one that is not part of the project is skipped where it is absent."""
    file = RECORDINGS[request.param]
    if not file.exists():
        pytest.skip(f"{file.name} is not beside this checkout")
    node = Node(NodeOptions(fixtures=(file,)))
    yield Recorded(node, json_of(file))
    node.close()

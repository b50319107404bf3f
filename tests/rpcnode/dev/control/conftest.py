"""Nodes over a small chain, for a test to command."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import ProfileName
from tests.rpcnode.dev.control.small_chain_nodes import Commanded, Start, chain


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts nodes over the chain, or over another document; closes them."""
    started: list[Node] = []

    def start_node(
        profile: ProfileName = "n3",
        document: dict[str, Any] | None = None,
        *,
        with_fixture: bool = True,
        **options: Any,
    ) -> Commanded:
        path = tmp_path / f"chain{len(started)}.json"
        path.write_text(json.dumps(chain(profile) if document is None else document), "utf-8")
        fixtures = (path,) if with_fixture else ()
        started.append(Node(NodeOptions(fixtures=fixtures, profile=profile, **options)))
        return Commanded(started[-1])

    yield start_node
    for node in started:
        node.close()

"""Fixtures for tests of the built-in plugins."""

from collections.abc import Iterator

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from tests.plugins.node_builder import NodeBuilder, json_of
from tests.plugins.recorded_nodes import RECORDINGS, Recorded
from tests.plugins.rest_node import RestNodes


@pytest.fixture
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeBuilder]:
    """Makes nodes that are closed when the test ends."""
    builder = NodeBuilder(tmp_path_factory.mktemp("nodes"))
    yield builder
    builder.close()


@pytest.fixture(scope="module")
def build_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeBuilder]:
    """Makes nodes that a whole module asks, one for each set of arguments."""
    builder = NodeBuilder(tmp_path_factory.mktemp("nodes"), keeps=True)
    yield builder
    builder.close()


@pytest.fixture(scope="module", params=RECORDINGS)
def recorded(request: pytest.FixtureRequest) -> Iterator[Recorded]:
    """Each of the recorded chains; one that is not part of the project is skipped where it is absent."""
    file = RECORDINGS[request.param]
    if not file.exists():
        pytest.skip(f"{file.name} is not beside this checkout")
    node = Node(NodeOptions(fixtures=(file,)))
    yield Recorded(node, json_of(file))
    node.close()


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestNodes]:
    """Starts nodes for a module."""
    nodes = RestNodes(tmp_path_factory.mktemp("rest"))
    yield nodes
    nodes.close()

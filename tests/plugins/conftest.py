"""Fixtures for tests of the built-in plugins."""

from collections.abc import Iterator

import pytest
from node_builder import NodeBuilder
from recorded_nodes import recorded  # noqa: F401 - a fixture for every module here
from rest_node import serve  # noqa: F401 - likewise


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

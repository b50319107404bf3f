"""Nodes over a chain of one transfer, one for each profile."""

import pytest

from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from tests.plugins.node_builder import PROFILES, NodeBuilder
from tests.plugins.rpc_server.one_transfer_nodes import CHAIN


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> ProfileName:
    name: ProfileName = request.param
    return name


@pytest.fixture
def node(profile: ProfileName, build_once: NodeBuilder) -> Node:
    return build_once(CHAIN, profile)

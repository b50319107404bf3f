"""A node over a chain with a token, for calls of it."""

import pytest

from rpcnode.node import Node
from tests.plugins.node_builder import HOLDER, TOKEN, NodeBuilder, block, chain_of, transfers


@pytest.fixture(scope="module")
def chain(build_once: NodeBuilder) -> Node:
    """HOLDER has 256 of a token with 8 decimals and the symbol DEMO, and 7 GAS datoshi."""
    contracts = {
        "demo": {"hash": TOKEN, "standard": "NEP-17", "symbol": "DEMO", "decimals": 8},
    }
    blocks = (block(1, transfers((None, HOLDER, 256)), transfers((None, HOLDER, 7), asset="GAS")),)
    return build_once(chain_of(*blocks, contracts=contracts))

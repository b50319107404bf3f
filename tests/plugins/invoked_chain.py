"""What is called in the tests of invokefunction; the pytest fixture `chain` for those who import it."""

import pytest
from node_builder import HOLDER, TOKEN, NodeBuilder, block, chain_of, transfers

from rpcnode.node import Node
from rpcnode.primitives.json import Json

ABSENT = "0x" + "ee" * 20


@pytest.fixture(scope="module", name="chain")
def chain_fixture(build_once: NodeBuilder) -> Node:
    """HOLDER has 256 of a token with 8 decimals and the symbol DEMO, and 7 GAS datoshi."""
    contracts = {
        "demo": {"hash": TOKEN, "standard": "NEP-17", "symbol": "DEMO", "decimals": 8},
    }
    blocks = (block(1, transfers((None, HOLDER, 256)), transfers((None, HOLDER, 7), asset="GAS")),)
    return build_once(chain_of(*blocks, contracts=contracts))


def account(script_hash: str) -> Json:
    return [{"type": "Hash160", "value": script_hash}]

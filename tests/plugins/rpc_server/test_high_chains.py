"""A chain of several spans over RPC: every hash that an answer names is one that the node takes.

How far a search for a hash goes, and where links are derived: tests/rpcnode/chain/test_high_chains.py.
"""

from typing import Final

import pytest

from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from tests.plugins.node_builder import HOLDER, PROFILES, NodeBuilder, block, chain_of, error, result, transfers

SPAN: Final = 131_072
DECLARED: Final = 2 * SPAN + 40
CHAIN: Final = chain_of(block(DECLARED, transfers((None, HOLDER, 5))), height=3 * SPAN + 10)

BLOCKS: Final = pytest.mark.parametrize("index", [SPAN + 5, 2 * SPAN + 1, DECLARED - 1, DECLARED, DECLARED + 1])
METHODS: Final = pytest.mark.parametrize("method", ["getblock", "getblockheader"])


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> ProfileName:
    name: ProfileName = request.param
    return name


@pytest.fixture
def node(profile: ProfileName, build: NodeBuilder) -> Node:
    """A new one for every test: what another test was told, this node has not said."""
    return build(CHAIN, profile)


@BLOCKS
@METHODS
def test_a_block_is_found_by_the_hash_that_was_told_with_it(method: str, index: int, node: Node) -> None:
    told = result(node, method, index, True)
    assert told["index"] == index
    assert result(node, method, told["hash"], True) == told


@BLOCKS
@METHODS
def test_a_block_leads_to_its_neighbours(method: str, index: int, node: Node) -> None:
    told = result(node, method, index, True)
    before = result(node, method, told["previousblockhash"], True)
    after = result(node, method, told["nextblockhash"], True)
    assert (before["index"], before["hash"], before["nextblockhash"]) == (
        index - 1,
        told["previousblockhash"],
        told["hash"],
    )
    assert (after["index"], after["hash"], after["previousblockhash"]) == (
        index + 1,
        told["nextblockhash"],
        told["hash"],
    )


def test_a_hash_that_getblockhash_told_is_a_blocks(node: Node) -> None:
    assert result(node, "getblock", result(node, "getblockhash", SPAN + 7), True)["index"] == SPAN + 7


@BLOCKS
def test_every_transaction_of_a_block_is_found_by_its_hash(index: int, node: Node) -> None:
    told = result(node, "getblock", index, True)
    for transaction in told["tx"]:
        name = transaction.get("hash", transaction.get("txid"))
        found = result(node, "getrawtransaction", name, True)
        assert found["blockhash"] == told["hash"]
        assert result(node, "gettransactionheight", name) == index


def test_walking_back_goes_on_below_the_first_block_of_a_span(node: Node) -> None:
    first = result(node, "getblock", 2 * SPAN, True)
    below = result(node, "getblock", first["previousblockhash"], True)
    assert below["index"] == 2 * SPAN - 1
    assert below["nextblockhash"] == first["hash"]
    # Modelled: what it names is derived from its index.
    assert below["hash"] != first["previousblockhash"]


def test_a_hash_that_nobody_told_is_unknown(profile: ProfileName, node: Node) -> None:
    code = -101 if profile == "n3" else -100
    for _ in range(2):
        assert error(node, "getblock", "0x" + "ab" * 32) == {"code": code, "message": "Unknown block"}

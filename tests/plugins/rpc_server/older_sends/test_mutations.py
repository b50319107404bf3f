"""Transactions with bytes changed at random: none of them is taken in, and none ends in a traceback."""

import random
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest

from rpcnode.models.preview_moves import GAS
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.payloads.neo2.coins import NEO_ASSET
from rpcnode.primitives.errors import RpcError
from rpcnode.primitives.uint import UInt160
from tests.plugins.node_builder import result
from tests.plugins.rpc_server.older_sends.clients import Neo2Client, Preview2Client

STRANGER = UInt160(b"\x07" * 20)
TRIES = 400


def sent_on_neo_2(node: Node) -> bytes:
    alice = Neo2Client(node, node.accounts[0].private_key)
    return alice.signed([alice.coin(NEO_ASSET)], [alice.output(NEO_ASSET, 1000)]).serialize()


def sent_on_preview2(node: Node) -> bytes:
    alice = Preview2Client(node, node.accounts[0].private_key)
    return alice.signed(alice.transfer(GAS, STRANGER, 5)).serialize()


def changed(data: bytes, chance: random.Random) -> bytes:
    """One to three bytes are others, gone, or new; never the bytes as they were."""
    while True:
        mutated = bytearray(data)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(mutated))
            kind = chance.choice(("flip", "cut", "add"))
            if kind == "flip":
                mutated[at] ^= 1 << chance.randrange(8)
            else:
                mutated[at : at + (kind == "cut")] = chance.randbytes(kind == "add")
        if mutated != data:
            return bytes(mutated)


@pytest.fixture
def node(request: pytest.FixtureRequest) -> Iterator[Node]:
    with closing(Node(NodeOptions(profile=request.param, block_time="manual"))) as built:
        yield built


@pytest.mark.parametrize(("node", "made"), [("n2", sent_on_neo_2), ("n3-preview", sent_on_preview2)], indirect=["node"])
def test_no_mutation_is_taken_in(node: Node, made: Callable[[Node], bytes]) -> None:
    # Neo 2 reads a length at the end that is too large as the bytes that are left: that is the same transaction.
    whole, chance = made(node), random.Random(16)
    for _ in range(TRIES):
        with suppress(RpcError):
            result(node, "sendrawtransaction", changed(whole, chance).hex())
    assert {result(node, "getrawtransaction", str(waiting.hash)) for waiting in node.ledger.mempool} <= {whole.hex()}

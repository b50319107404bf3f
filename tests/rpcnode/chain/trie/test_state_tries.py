"""The tries of a chain: the recorded roots, whichever is asked for first, and after blocks were taken back."""

import random
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest

from rpcnode.chain.trie.state_tries import StateTries
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.uint import UInt256
from tests import PROJECT
from tests.recorded_answers import read

CHAIN: Final = PROJECT / "tests" / "data" / "csharp-rpc" / "chain.json.gz"
BLOCKS: Final = 164

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def roots() -> list[UInt256]:
    recorded: Any = read(CHAIN)
    return [UInt256.parse(root) for root in recorded["state_roots"]]


@pytest.fixture(scope="module")
def chain() -> Iterator[Node]:
    node = Node(NodeOptions(fixtures=(CHAIN,)))
    yield node
    node.close()


@pytest.mark.parametrize(
    "order",
    [range(BLOCKS), range(BLOCKS - 1, -1, -1), random.Random(15).sample(range(BLOCKS), BLOCKS)],
    ids=["oldest first", "newest first", "in no order"],
)
def test_the_root_of_every_block_is_the_recorded_one(chain: Node, roots: list[UInt256], order: Sequence[int]) -> None:
    tries = StateTries(chain.ledger)
    assert {index: tries.root_hash(index) for index in order} == dict(enumerate(roots))


def test_a_trie_is_found_by_its_root_and_an_unknown_root_has_none(chain: Node, roots: list[UInt256]) -> None:
    tries = StateTries(chain.ledger)
    assert tries.trie_of(UInt256.ZERO) is None
    for root in (roots[-1], roots[0], roots[77]):
        trie = tries.trie_of(root)
        assert trie is not None and trie.root_hash == root
    assert tries.trie_of(UInt256.ZERO) is None

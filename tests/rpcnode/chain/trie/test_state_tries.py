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


def searched(tries: StateTries, root: UInt256) -> tuple[int, UInt256 | None]:
    """How many steps a search takes, and the root of what it finds."""
    steps = sum(1 for _ in tries.search(root))
    trie = tries.trie_of(root)
    return steps, None if trie is None else trie.root_hash


def test_roots_are_searched_from_the_newest_block_on_and_each_is_worked_out_once(
    chain: Node, roots: list[UInt256]
) -> None:
    tries = StateTries(chain.ledger)
    assert searched(tries, roots[-1]) == (1, roots[-1])
    assert searched(tries, roots[100]) == (BLOCKS - 100, roots[100])
    assert searched(tries, UInt256.ZERO) == (BLOCKS, None)
    assert searched(tries, UInt256.ZERO) == (0, None)
    assert searched(tries, roots[0]) == (0, roots[0])


def test_a_search_begins_anew_when_the_chain_is_another(chain: Node, roots: list[UInt256]) -> None:
    tries = StateTries(chain.ledger)
    search = tries.search(UInt256.ZERO)
    for _ in range(10):
        next(search)
    tries.forget()
    assert sum(1 for _ in search) == BLOCKS
    assert searched(tries, roots[-1]) == (0, roots[-1])

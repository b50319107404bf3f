"""LedgerContract: what contracts see of the chain."""

import pytest

from rpcnode.natives.ledger import LEDGER
from rpcnode.natives.policy_values import MAX_TRACEABLE_BLOCKS_KEY, POLICY_ID
from rpcnode.primitives.uint import UInt256
from rpcnode.vm.items import Array, StackItem, integer_bytes
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests.rpcnode.natives.small_chain import SmallChain

NOTHING = ScriptBuilder().push(None).to_bytes()


@pytest.fixture
def chain() -> SmallChain:
    """Three blocks; the second has a transaction."""
    chain = SmallChain()
    chain.add(chain.transaction(NOTHING))
    chain.add()
    return chain


def ask(chain: SmallChain, method: str, *args: Pushable) -> StackItem:
    """What a method answers in the block after the newest."""
    execution = chain.run(ScriptBuilder().call(LEDGER.hash, method, args).to_bytes())
    assert execution.halted, execution.exception
    (answer,) = execution.stack
    return answer.items[0] if isinstance(answer, Array) else answer


def refusal(chain: SmallChain, method: str, *args: Pushable) -> str | None:
    return chain.run(ScriptBuilder().call(LEDGER.hash, method, args).to_bytes()).exception


def test_the_newest_block_is_the_one_before(chain: SmallChain) -> None:
    newest = chain.blocks[-1].hash
    assert ask(chain, "currentHash") == newest
    assert ask(chain, "currentIndex") == 3


def test_a_block_is_found_by_index_and_by_hash(chain: SmallChain) -> None:
    for block in chain.blocks[:3]:
        assert ask(chain, "getBlock", block.index) == block.hash
        assert ask(chain, "getBlock", bytes(block.hash)) == block.hash
    assert ask(chain, "getBlock", 100) is None
    assert ask(chain, "getBlock", bytes(32)) is None


def test_a_transaction_is_found_and_its_end_is_not_told(chain: SmallChain) -> None:
    wanted = chain.blocks[1].transactions[0].hash
    assert ask(chain, "getTransaction", wanted) == wanted
    assert ask(chain, "getTransactionFromBlock", 1, 0) == wanted
    assert ask(chain, "getTransactionHeight", wanted) == 1
    assert ask(chain, "getTransactionVMState", wanted) == 0
    signers = ask(chain, "getTransactionSigners", wanted)
    assert isinstance(signers, Array) and signers.items[0] == chain.blocks[1].transactions[0].sender


def test_what_is_not_on_the_chain_is_not_known(chain: SmallChain) -> None:
    nobody = UInt256(b"\x07" * 32)
    assert ask(chain, "getTransaction", nobody) is None
    assert ask(chain, "getTransactionHeight", nobody) == -1
    assert ask(chain, "getTransactionSigners", nobody) is None
    assert ask(chain, "getTransactionFromBlock", bytes(nobody), 0) is None


def test_the_block_that_is_made_is_not_seen(chain: SmallChain) -> None:
    first = chain.transaction(NOTHING)
    script = ScriptBuilder().call(LEDGER.hash, "getTransactionHeight", (first.hash,)).to_bytes()
    assert chain.add(first, chain.transaction(script))[2].stack == (-1,)
    assert ask(chain, "getTransactionHeight", first.hash) == 3


def test_blocks_are_seen_as_far_back_as_the_policy_says(chain: SmallChain) -> None:
    chain.rows[POLICY_ID, MAX_TRACEABLE_BLOCKS_KEY] = integer_bytes(3)
    wanted = chain.blocks[1].transactions[0].hash
    assert ask(chain, "getTransactionHeight", wanted) == 1  # the newest block is 2
    assert ask(chain, "getTransactionHeight", wanted) == 1
    assert ask(chain, "getTransactionHeight", wanted) == -1  # now it is 4
    assert ask(chain, "getBlock", 1) is None
    assert ask(chain, "getTransactionFromBlock", 1, 0) is None


@pytest.mark.parametrize(
    ("method", "args", "text"),
    [
        ("getBlock", (-1,), "Arithmetic operation resulted in an overflow."),
        ("getBlock", (2**32,), "Value was either too large or too small for a UInt32."),
        ("getBlock", (bytes(33),), "Invalid indexOrHash length: 33 (Parameter 'indexOrHash')"),
        (
            "getTransactionFromBlock",
            (bytes(33), 0),
            "Invalid blockIndexOrHash length: 33 (Parameter 'blockIndexOrHash')",
        ),
        (
            "getTransactionFromBlock",
            (1, 1),
            "Specified argument was out of the range of valid values. (Parameter 'txIndex')",
        ),
        (
            "getTransactionFromBlock",
            (1, -1),
            "Specified argument was out of the range of valid values. (Parameter 'txIndex')",
        ),
    ],
)
def test_a_bad_argument_is_refused_in_the_words_of_neo_cli(
    chain: SmallChain, method: str, args: tuple[Pushable, ...], text: str
) -> None:
    assert refusal(chain, method, *args) == text

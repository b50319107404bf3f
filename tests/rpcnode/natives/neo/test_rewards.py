"""What holding NEO and voting with it earns."""

from random import Random

import pytest

from rpcnode.execution.application_engine import Call
from rpcnode.natives.committee import committee_address
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.neo.rewards import unclaimed_gas
from rpcnode.natives.neo_token import NEO
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from tests.rpcnode.natives.neo.people import ALICE, BOB, moves, peopled, sets_gas_per_block
from tests.rpcnode.natives.neo.token_chain import NoBlocks, TokenChain, finished


@pytest.fixture
def chain() -> TokenChain:
    return peopled(TokenChain())


def test_holding_neo_earns_a_tenth_of_each_blocks_gas(chain: TokenChain) -> None:
    chain.blocks(10)
    # 30 % of all NEO, from block 1 up to block 12, which is the next: 11 blocks of 0.5 GAS
    assert chain.ask(lambda run: NEO.unclaimed_gas(run, ALICE, 12)) == 11 * 15_000_000
    assert unclaimed_gas(chain.rows, NoBlocks(11), ALICE, 12) == 11 * 15_000_000


def test_unclaimed_gas_is_told_for_the_block_that_is_made_only(chain: TokenChain) -> None:
    with pytest.raises(VmFault) as error:
        chain.ask(lambda run: NEO.unclaimed_gas(run, UInt160.ZERO, 3))
    assert str(error.value) == "end ('3') must be equal to '2'. (Parameter 'end')\nActual value was 3."


def test_a_transfer_pays_what_sender_and_receiver_have_earned(chain: TokenChain) -> None:
    chain.blocks(2)
    chain.block(moves(ALICE, BOB, 1), signed=[ALICE])
    assert chain.events[:3] == [
        ("Transfer", (bytes(ALICE), bytes(BOB), 1)),
        ("Transfer", (None, bytes(ALICE), 3 * 15_000_000)),
        ("Transfer", (None, bytes(BOB), 3 * 5_000_000)),
    ]


def test_a_block_pays_an_account_once(chain: TokenChain) -> None:
    chain.block(
        moves(ALICE, ALICE, 0),
        moves(ALICE, ALICE, 30_000_000),
        signed=[ALICE],
    )
    paid = [state[2] for _, state in chain.events if state[1] == ALICE and state[0] is None]
    assert paid == [15_000_000]


def test_contracts_are_called_by_neo_for_the_transfer_and_by_gas_for_the_reward(chain: TokenChain) -> None:
    calls: list[Call] = []
    chain.block(
        lambda run: finished(NEO.transfer(run, ALICE, BOB, 1, b"why"), calls), signed=[ALICE], contracts=[ALICE, BOB]
    )
    assert calls == [
        Call(NEO.hash, BOB, "onNEP17Payment", (bytes(ALICE), 1, b"why")),
        Call(GAS.hash, ALICE, "onNEP17Payment", (None, 15_000_000, None)),
        Call(GAS.hash, BOB, "onNEP17Payment", (None, 5_000_000, None)),
    ]


def test_gas_per_block_counts_from_the_block_after_it_was_set(chain: TokenChain) -> None:
    address = committee_address(chain.rows)
    chain.block(sets_gas_per_block(100_000_000), signed=[address])  # block 2
    assert chain.ask(NEO.get_gas_per_block) == 100_000_000
    chain.blocks(2)
    # Alice: block 1 and 2 at 0.5 GAS, 3 and 4 at 0.1 GAS, of which 30 %
    assert chain.ask(lambda run: NEO.unclaimed_gas(run, ALICE, 5)) == 2 * 15_000_000 + 2 * 3_000_000


def test_the_committees_reward_follows_at_once(chain: TokenChain) -> None:
    chain.block(sets_gas_per_block(0), signed=[committee_address(chain.rows)])
    assert chain.events == []


@pytest.mark.parametrize("seed", range(3))
def test_what_is_earned_does_not_depend_on_when_it_is_asked_for(seed: int) -> None:
    random = Random(seed)
    chain = peopled(TokenChain())
    address = committee_address(chain.rows)
    total = 0
    for _ in range(12):
        amount = random.randrange(0, 1_000_000_000, 1_000)
        if random.random() < 0.4:
            chain.block(sets_gas_per_block(amount), signed=[address])
        else:
            chain.block()
    blocks = range(1, chain.height + 1)
    records = {index: chain.rows.get(NEO.id, b"\x1d" + index.to_bytes(4, "big")) for index in range(chain.height + 1)}
    for index in blocks:
        latest = max(since for since, row in records.items() if row is not None and since <= index)
        total += int.from_bytes(records[latest] or b"", "little")
    end = chain.height + 1
    assert chain.ask(lambda run: NEO.unclaimed_gas(run, ALICE, end)) == 30_000_000 * total * 10 // 100 // 100_000_000

"""Candidates and votes."""

from functools import partial
from random import Random

import pytest

from rpcnode.execution.hardforks import Hardfork
from rpcnode.natives.committee import key_account
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.neo.accounts import NeoAccountState
from rpcnode.natives.neo.candidates import candidate_votes, candidates, voters_count
from rpcnode.natives.neo.rewards import gas_per_vote
from rpcnode.natives.neo_token import NEO
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem, Struct
from tests.rpcnode.natives.neo.people import ALICE, BANK, BOB, moves, peopled, registers, unregisters, vote, votes
from tests.rpcnode.natives.neo.token_chain import ALL_AT_GENESIS, KEYS, TokenChain, TokenRun, before, settings_for


@pytest.fixture
def chain() -> TokenChain:
    return peopled(TokenChain())


def test_a_candidate_comes_and_goes(chain: TokenChain) -> None:
    key = KEYS[0]
    account = key_account(key)
    assert chain.ask(lambda run: NEO.get_candidate_vote(run, key)) == 0
    assert chain.block(unregisters(key), signed=[account]) == [True]
    assert chain.events[0] == ("CandidateStateChanged", (bytes(key), False, 0))
    assert chain.rows.get(NEO.id, b"\x21" + key) is None
    assert chain.ask(lambda run: NEO.get_candidate_vote(run, key)) == -1
    assert chain.block(unregisters(key), signed=[account]) == [True]
    assert len(chain.events) == 1  # the committee's reward
    assert chain.block(registers(key), signed=[account]) == [True]
    assert chain.events[0] == ("CandidateStateChanged", (bytes(key), True, 0))


def test_a_candidate_with_votes_stays_until_the_last_one_has_gone(chain: TokenChain) -> None:
    key = KEYS[0]
    vote(chain, ALICE, key)
    chain.blocks(3)
    chain.block(unregisters(key), signed=[key_account(key)])
    assert chain.rows.get(NEO.id, b"\x21" + key) is not None
    assert candidate_votes(chain.rows, key) == -1
    assert gas_per_vote(chain.rows, key) > 0
    vote(chain, ALICE, None)
    assert chain.rows.get(NEO.id, b"\x21" + key) is None
    assert chain.rows.get(NEO.id, b"\x17" + key) is None


def test_a_dropped_candidate_that_comes_back_has_earned_nothing(chain: TokenChain) -> None:
    # neo, NeoToken.CheckCandidate; neo-cli 3.10.2 had it so in block 54 of the recorded chain `committee`.
    key = KEYS[0]
    signed = [key_account(key), ALICE]
    vote(chain, ALICE, key)
    chain.block()
    assert gas_per_vote(chain.rows, key) > 0
    chain.block(unregisters(key), votes(ALICE, None), signed=signed)
    chain.block(registers(key), votes(ALICE, key), signed=signed)  # block 5
    assert gas_per_vote(chain.rows, key) == 0
    chain.block()
    # 80 % of 5 GAS times three blocks, in four parts, of which a validator's voters get two
    earned = 2 * (400_000_000 * 10**8 * 3 // 4) // 30_000_000
    assert gas_per_vote(chain.rows, key) == earned
    paid = chain.ask(lambda run: NEO.unclaimed_gas(run, ALICE, 7))
    assert paid == 2 * 15_000_000 + 30_000_000 * earned // 10**8


@pytest.mark.parametrize(
    ("hardforks", "charged"),
    [(before(Hardfork.Echidna), 0), (ALL_AT_GENESIS, 100_000_000_000)],
    ids=["before Echidna", "after"],
)
def test_from_echidna_on_registering_costs_without_the_witness_too(
    hardforks: dict[Hardfork, int], charged: int
) -> None:
    chain = TokenChain(settings_for(hardforks))
    method = NEO.register_candidate if charged else NEO.register_candidate_for_witness

    def spent(run: TokenRun) -> int:
        before = run.gas_left_datoshi
        assert method(run, KEYS[0]) is False
        return int(before - run.gas_left_datoshi)

    assert chain.ask(spent) == charged


def test_gas_of_just_the_price_registers_the_key_that_comes_with_it() -> None:
    chain, key, price = TokenChain(), KEYS[4], 100_000_000_000

    def paid(amount: int, data: StackItem, caller: UInt160, run: TokenRun) -> None:
        run.context.native_calling = caller
        NEO.on_nep17_payment(run, BANK, amount, data)

    chain.block(lambda run: GAS.transfer(run, BANK, NEO.hash, price, None), signed=[BANK])
    for arguments, text in (
        ((price, bytes(key), NEO.hash), "Only GAS contract can call this method"),
        ((1, bytes(key), GAS.hash), "Incorrect GAS amount. Expected 100000000000 GAS, but received 1 GAS."),
        ((2**63, bytes(key), GAS.hash), "Value was either too large or too small for an Int64."),
        ((price, None, GAS.hash), "Specified cast is not valid."),
        ((price, bytes(key), GAS.hash), "Failed to register candidate"),
    ):
        with pytest.raises(VmFault) as error:
            chain.block(partial(paid, *arguments))
        assert str(error.value) == text
    chain.block(partial(paid, price, bytes(key), GAS.hash), signed=[key_account(key)])
    assert chain.events[:2] == [
        ("CandidateStateChanged", (bytes(key), True, 0)),
        ("Transfer", (bytes(NEO.hash), None, price)),
    ]


def test_blocked_and_unregistered_candidates_are_not_listed(chain: TokenChain) -> None:
    chain.block(unregisters(KEYS[0]), signed=[key_account(KEYS[0])])
    chain.rows.rows[-7, b"\x0f" + key_account(KEYS[1])] = b""  # PolicyContract has blocked it
    left = sorted(KEYS[2:])
    assert [member.public_key for member in candidates(chain.rows)] == left
    listed = chain.ask(NEO.get_candidates)
    assert isinstance(listed, list)
    assert [entry.items for entry in listed] == [[bytes(key), 0] for key in left]
    assert chain.ask(lambda run: NEO.get_candidate_vote(run, KEYS[1])) == 0


def test_the_iterator_of_candidates_reads_when_it_is_moved(chain: TokenChain) -> None:
    def listed(run: TokenRun) -> list[object]:
        found = NEO.get_all_candidates(run)
        NEO.unregister_candidate(run, KEYS[0])
        values: list[object] = []
        while found.advance():
            value = found.value()
            assert isinstance(value, Struct)
            values.append(value.items)
        return values

    (values,) = chain.block(listed, signed=[key_account(KEYS[0])])
    assert values == [[bytes(key), 0] for key in sorted(KEYS[1:])]


def test_a_vote_tells_from_whom_to_whom_and_pays_what_was_earned(chain: TokenChain) -> None:
    first, second = KEYS[:2]
    vote(chain, ALICE, first)
    assert chain.events[:2] == [
        ("Vote", (bytes(ALICE), None, bytes(first), 30_000_000)),
        ("Transfer", (None, bytes(ALICE), 15_000_000)),
    ]
    vote(chain, ALICE, second)
    assert ("Vote", (bytes(ALICE), bytes(first), bytes(second), 30_000_000)) in chain.events
    vote(chain, ALICE, None)
    assert ("Vote", (bytes(ALICE), bytes(second), None, 30_000_000)) in chain.events
    assert voters_count(chain.rows) == 0


@pytest.mark.parametrize(
    ("account", "key"), [(UInt160(b"\x0c" * 20), KEYS[0]), (ALICE, KEYS[0])], ids=["no NEO", "no candidate"]
)
def test_a_vote_without_neo_or_for_no_candidate_is_false(account: UInt160, key: ECPoint) -> None:
    chain = TokenChain()
    chain.block(moves(BANK, ALICE, 5), signed=[BANK])
    assert chain.block(votes(account, key), signed=[account]) == [False]


def test_a_vote_without_witness_is_false(chain: TokenChain) -> None:
    assert chain.block(votes(ALICE, KEYS[0]), signed=[BOB]) == [False]


def account_state(chain: TokenChain, account: UInt160) -> NeoAccountState:
    row = chain.rows.get(NEO.id, b"\x14" + account)
    return NeoAccountState() if row is None else NeoAccountState.parse(row)


@pytest.mark.parametrize("seed", range(4))
def test_votes_and_supply_add_up_whatever_happens(seed: int) -> None:
    random = Random(seed)
    chain = peopled(TokenChain())
    accounts = [ALICE, BOB, BANK, UInt160(b"\x0c" * 20)]
    for _ in range(60):
        account, other, key = random.choice(accounts), random.choice(accounts), random.choice(KEYS)
        amount = random.choice([0, 1, 1_000_000, 30_000_000])
        work = random.choice(
            [
                moves(account, other, amount),
                votes(account, key),
                votes(account, None),
                registers(key),
                unregisters(key),
            ]
        )
        chain.block(work, signed=[*accounts, *map(key_account, KEYS)])
        states = [account_state(chain, account) for account in accounts]
        assert sum(state.balance for state in states) == 100_000_000
        assert sum(state.balance for state in states if state.vote_to is not None) == voters_count(chain.rows)
        for key in KEYS:
            held = sum(state.balance for state in states if state.vote_to == key)
            assert candidate_votes(chain.rows, key) in (held, -1)
    supply = sum(
        int.from_bytes(row[4:], "little")
        for (owner, place), row in chain.rows.rows.items()
        if owner == GAS.id and place[:1] == b"\x14"
    )
    assert chain.ask(GAS.total_supply) == supply

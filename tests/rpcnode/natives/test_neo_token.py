"""NEO: what it earns, who votes, and the committee that comes of it."""

from random import Random

import pytest

from rpcnode.execution.application_engine import Call
from rpcnode.execution.hardforks import Hardfork
from rpcnode.natives.committee import committee, committee_address, key_account, members, validators_account
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.neo.candidates import candidate_votes, candidates, voters_count
from rpcnode.natives.neo.rewards import gas_per_vote, unclaimed_gas
from rpcnode.natives.neo_token import NEO
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem, Struct
from tests.rpcnode.natives.token_chain import (
    ALL_AT_GENESIS,
    KEYS,
    NoBlocks,
    TokenChain,
    TokenRun,
    finished,
    settings_for,
)

BANK = validators_account(KEYS[:1])
ALICE, BOB = UInt160(b"\x0a" * 20), UInt160(b"\x0b" * 20)
BEFORE_GORGON = {hardfork: 0 for hardfork in Hardfork if hardfork < Hardfork.Gorgon}
BEFORE_ECHIDNA = {hardfork: 0 for hardfork in Hardfork if hardfork < Hardfork.Echidna}


@pytest.fixture
def chain() -> TokenChain:
    """Alice has 30 million NEO, Bob 10 of them; all keys are candidates."""
    return people(TokenChain())


def people(chain: TokenChain) -> TokenChain:
    chain.block(
        lambda run: NEO.transfer(run, BANK, ALICE, 30_000_000, None),
        lambda run: NEO.transfer(run, BANK, BOB, 10_000_000, None),
        *(lambda run, key=key: NEO.register_candidate(run, key) for key in KEYS),
        signed=[BANK, *map(key_account, KEYS)],
    )
    return chain


def vote(chain: TokenChain, account: UInt160, key: ECPoint | None) -> None:
    assert chain.block(lambda run: NEO.vote(run, account, key), signed=[account]) == [True]


def test_genesis_has_the_rows_of_a_real_node() -> None:
    # neo-cli 3.10.2, storage of NeoToken after block 0 with this committee, all hardforks at 0
    key = ECPoint.parse("02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2")
    chain = TokenChain(settings_for(committee=(key,)))
    assert {key.hex(): row.hex() for (owner, key), row in chain.rows.rows.items() if owner == NEO.id} == {
        "01": "",
        "0b": "00e1f505",
        "0d": "00e8764817",
        "0e": "40014102282102b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc22100",
        "14d8cc5a904d526fc9a6cab55ba02c9a6fe789c956": "4104210400e1f5052100002100",
        "1d00000000": "0065cd1d",
    }


# Rewards of those who hold


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
    chain.block(lambda run: NEO.transfer(run, ALICE, BOB, 1, None), signed=[ALICE])
    assert chain.events[:3] == [
        ("Transfer", (bytes(ALICE), bytes(BOB), 1)),
        ("Transfer", (None, bytes(ALICE), 3 * 15_000_000)),
        ("Transfer", (None, bytes(BOB), 3 * 5_000_000)),
    ]


def test_a_block_pays_an_account_once(chain: TokenChain) -> None:
    chain.block(
        lambda run: NEO.transfer(run, ALICE, ALICE, 0, None),
        lambda run: NEO.transfer(run, ALICE, ALICE, 30_000_000, None),
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
    people_address = committee_address(chain.rows)
    chain.block(lambda run: NEO.set_gas_per_block(run, 100_000_000), signed=[people_address])  # block 2
    assert chain.ask(NEO.get_gas_per_block) == 100_000_000
    chain.blocks(2)
    # Alice: block 1 and 2 at 0.5 GAS, 3 and 4 at 0.1 GAS, of which 30 %
    assert chain.ask(lambda run: NEO.unclaimed_gas(run, ALICE, 5)) == 2 * 15_000_000 + 2 * 3_000_000


def test_the_committees_reward_follows_at_once(chain: TokenChain) -> None:
    chain.block(lambda run: NEO.set_gas_per_block(run, 0), signed=[committee_address(chain.rows)])
    assert chain.events == []


@pytest.mark.parametrize("seed", range(3))
def test_what_is_earned_does_not_depend_on_when_it_is_asked_for(seed: int) -> None:
    random = Random(seed)
    chain = people(TokenChain())
    address = committee_address(chain.rows)
    total = 0
    for _ in range(12):
        amount = random.randrange(0, 1_000_000_000, 1_000)
        if random.random() < 0.4:
            chain.block(lambda run, amount=amount: NEO.set_gas_per_block(run, amount), signed=[address])
        else:
            chain.block()
    blocks = range(1, chain.height + 1)
    records = {index: chain.rows.get(NEO.id, b"\x1d" + index.to_bytes(4, "big")) for index in range(chain.height + 1)}
    for index in blocks:
        latest = max(since for since, row in records.items() if row is not None and since <= index)
        total += int.from_bytes(records[latest] or b"", "little")
    end = chain.height + 1
    assert chain.ask(lambda run: NEO.unclaimed_gas(run, ALICE, end)) == 30_000_000 * total * 10 // 100 // 100_000_000


# Candidates


def test_a_candidate_comes_and_goes(chain: TokenChain) -> None:
    key = KEYS[0]
    account = key_account(key)
    assert chain.ask(lambda run: NEO.get_candidate_vote(run, key)) == 0
    assert chain.block(lambda run: NEO.unregister_candidate(run, key), signed=[account]) == [True]
    assert chain.events[0] == ("CandidateStateChanged", (bytes(key), False, 0))
    assert chain.rows.get(NEO.id, b"\x21" + key) is None
    assert chain.ask(lambda run: NEO.get_candidate_vote(run, key)) == -1
    assert chain.block(lambda run: NEO.unregister_candidate(run, key), signed=[account]) == [True]
    assert len(chain.events) == 1  # the committee's reward
    assert chain.block(lambda run: NEO.register_candidate(run, key), signed=[account]) == [True]
    assert chain.events[0] == ("CandidateStateChanged", (bytes(key), True, 0))


def test_a_candidate_with_votes_stays_until_the_last_one_has_gone(chain: TokenChain) -> None:
    key = KEYS[0]
    vote(chain, ALICE, key)
    chain.blocks(3)
    chain.block(lambda run: NEO.unregister_candidate(run, key), signed=[key_account(key)])
    assert chain.rows.get(NEO.id, b"\x21" + key) is not None
    assert candidate_votes(chain.rows, key) == -1
    assert gas_per_vote(chain.rows, key) > 0
    vote(chain, ALICE, None)
    assert chain.rows.get(NEO.id, b"\x21" + key) is None
    assert chain.rows.get(NEO.id, b"\x17" + key) is None


@pytest.mark.parametrize(
    ("hardforks", "charged"), [(BEFORE_ECHIDNA, 0), (ALL_AT_GENESIS, 100_000_000_000)], ids=["before Echidna", "after"]
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

    def paid(run: TokenRun, amount: int, data: StackItem, caller: UInt160 = GAS.hash) -> None:
        run.context.native_calling = caller
        NEO.on_nep17_payment(run, BANK, amount, data)

    chain.block(lambda run: GAS.transfer(run, BANK, NEO.hash, price, None), signed=[BANK])
    for arguments, text in (
        ((price, bytes(key), NEO.hash), "Only GAS contract can call this method"),
        ((1, bytes(key)), "Incorrect GAS amount. Expected 100000000000 GAS, but received 1 GAS."),
        ((2**63, bytes(key)), "Value was either too large or too small for an Int64."),
        ((price, None), "Specified cast is not valid."),
        ((price, bytes(key)), "Failed to register candidate"),
    ):
        with pytest.raises(VmFault) as error:
            chain.block(lambda run, given=arguments: paid(run, *given))
        assert str(error.value) == text
    chain.block(lambda run: paid(run, price, bytes(key)), signed=[key_account(key)])
    assert chain.events[:2] == [
        ("CandidateStateChanged", (bytes(key), True, 0)),
        ("Transfer", (bytes(NEO.hash), None, price)),
    ]


def test_blocked_and_unregistered_candidates_are_not_listed(chain: TokenChain) -> None:
    chain.block(lambda run: NEO.unregister_candidate(run, KEYS[0]), signed=[key_account(KEYS[0])])
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
        values = []
        while found.advance():
            value = found.value()
            assert isinstance(value, Struct)
            values.append(value.items)
        return values

    (values,) = chain.block(listed, signed=[key_account(KEYS[0])])
    assert values == [[bytes(key), 0] for key in sorted(KEYS[1:])]


# Votes


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
    chain.block(lambda run: NEO.transfer(run, BANK, ALICE, 5, None), signed=[BANK])
    assert chain.block(lambda run: NEO.vote(run, account, key), signed=[account]) == [False]


def test_a_vote_without_witness_is_false(chain: TokenChain) -> None:
    assert chain.block(lambda run: NEO.vote(run, ALICE, KEYS[0]), signed=[BOB]) == [False]


@pytest.mark.parametrize("seed", range(4))
def test_votes_and_supply_add_up_whatever_happens(seed: int) -> None:
    random = Random(seed)
    chain = people(TokenChain())
    accounts = [ALICE, BOB, BANK, UInt160(b"\x0c" * 20)]
    for _ in range(60):
        account, other, key = random.choice(accounts), random.choice(accounts), random.choice(KEYS)
        amount = random.choice([0, 1, 1_000_000, 30_000_000])
        work = random.choice(
            [
                lambda run, a=account, b=other, n=amount: NEO.transfer(run, a, b, n, None),
                lambda run, a=account, k=key: NEO.vote(run, a, k),
                lambda run, a=account: NEO.vote(run, a, None),
                lambda run, k=key: NEO.register_candidate(run, k),
                lambda run, k=key: NEO.unregister_candidate(run, k),
            ]
        )
        chain.block(work, signed=[*accounts, *map(key_account, KEYS)])
        states = [chain.ask(lambda run, a=account: NEO.get_account_state(run, a)) for account in accounts]
        items = [state.items for state in states if isinstance(state, Struct)]
        assert sum(entry[0] for entry in items) == 100_000_000  # type: ignore[misc]
        assert sum(entry[0] for entry in items if entry[2] is not None) == voters_count(chain.rows)  # type: ignore[misc]
        votes = {key: sum(entry[0] for entry in items if entry[2] == key) for key in KEYS}  # type: ignore[misc]
        for key, held in votes.items():
            assert candidate_votes(chain.rows, key) in (held, -1)
    supply = sum(
        int.from_bytes(row[4:], "little")
        for (owner, place), row in chain.rows.rows.items()
        if owner == GAS.id and place[:1] == b"\x14"
    )
    assert chain.ask(GAS.total_supply) == supply


# The committee


def test_votes_of_a_fifth_of_all_neo_seat_the_candidates_they_are_for() -> None:
    chain = people(TokenChain(settings_for(committee=KEYS[:3], validators=1)))
    vote(chain, BOB, KEYS[4])  # 10 %
    chain.blocks(3)
    assert members(chain.rows) == tuple((key, 0) for key in KEYS[:3])
    vote(chain, ALICE, KEYS[3])  # 40 %, in block 6; the next epoch begins with block 9
    chain.blocks(3)
    seats = members(chain.rows)
    assert seats[:2] == ((KEYS[3], 30_000_000), (KEYS[4], 10_000_000))
    lowest = min(KEYS[:3], key=lambda key: key.sort_key)
    assert seats[2] == (lowest, 0)
    assert committee(chain.rows) == tuple(sorted((lowest, *KEYS[3:]), key=lambda key: key.sort_key))
    assert chain.ask(NEO.get_next_block_validators) == (KEYS[3],)


@pytest.mark.parametrize(
    ("hardforks", "told"),
    [({Hardfork.Aspidochelone: 0, Hardfork.Basilisk: 0}, 0), (ALL_AT_GENESIS, 1)],
    ids=["before Cockatrice", "after"],
)
def test_from_cockatrice_on_a_new_committee_is_told(hardforks: dict[Hardfork, int], told: int) -> None:
    chain = people(TokenChain(settings_for(hardforks, committee=KEYS[:1])))
    vote(chain, ALICE, KEYS[2])
    chain.block()
    events = [state for name, state in chain.events if name == "CommitteeChanged"]
    assert len(events) == told
    assert [[entry.items for entry in state] for state in events] == [[[KEYS[0]], [KEYS[2]]]] * told  # type: ignore[union-attr]
    chain.block()
    assert not [name for name, _ in chain.events if name == "CommitteeChanged"]


@pytest.mark.parametrize(
    ("hardforks", "counted"),
    [(BEFORE_GORGON, 30_000_000), (ALL_AT_GENESIS, 40_000_000)],
    ids=["before Gorgon", "after"],
)
def test_from_gorgon_on_voters_share_by_the_votes_of_the_moment(hardforks: dict[Hardfork, int], counted: int) -> None:
    chain = people(TokenChain(settings_for(hardforks, committee=KEYS[:1])))
    vote(chain, ALICE, KEYS[0])
    chain.block()
    before = gas_per_vote(chain.rows, KEYS[0])
    vote(chain, BOB, KEYS[0])
    # 80 % of 5 GAS, twice for a validator, shared by one seat and one validator
    assert gas_per_vote(chain.rows, KEYS[0]) - before == 2 * (400_000_000 * 10**8 // 2) // counted


def test_voters_earn_by_their_candidate(chain: TokenChain) -> None:
    vote(chain, ALICE, KEYS[0])  # in block 2
    vote(chain, BOB, KEYS[1])  # in block 3, an epoch's first
    earned = gas_per_vote(chain.rows, KEYS[0])
    # 80 % of 5 GAS times three blocks, in four parts, of which a validator's voters get two
    assert earned == 2 * (400_000_000 * 10**8 * 3 // 4) // 30_000_000
    held = 2 * 15_000_000
    assert chain.ask(lambda run: NEO.unclaimed_gas(run, ALICE, 4)) == held + 30_000_000 * earned // 10**8


# What the committee sets


@pytest.mark.parametrize("amount", [-1, 1_000_000_001])
def test_gas_per_block_has_limits_that_come_before_the_witness(chain: TokenChain, amount: int) -> None:
    with pytest.raises(VmFault) as error:
        chain.block(lambda run: NEO.set_gas_per_block(run, amount))
    assert str(error.value) == "GasPerBlock must be between [0, 1000000000] (Parameter 'gasPerBlock')"


def test_only_the_committee_sets(chain: TokenChain) -> None:
    text = "Invalid committee signature. It should be a multisig(len(committee) - (len(committee) - 1) / 2))."
    for work in (lambda run: NEO.set_gas_per_block(run, 1), lambda run: NEO.set_register_price(run, 1)):
        with pytest.raises(VmFault) as error:
            chain.block(work, signed=[BANK])
        assert str(error.value) == text
    chain.block(lambda run: NEO.set_register_price(run, 5), signed=[committee_address(chain.rows)])
    assert chain.ask(NEO.get_register_price) == 5

"""NEO: its first rows, the committee, and what that sets."""

import pytest

from rpcnode.execution.hardforks import Hardfork
from rpcnode.natives.committee import committee, committee_address, members, validators_account
from rpcnode.natives.neo.candidates import next_consensus
from rpcnode.natives.neo.rewards import gas_per_vote
from rpcnode.natives.neo_token import NEO
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from tests.rpcnode.natives.neo.people import ALICE, BANK, BOB, peopled, sets_gas_per_block, vote
from tests.rpcnode.natives.neo.token_chain import ALL_AT_GENESIS, KEYS, TokenChain, before, settings_for


@pytest.fixture
def chain() -> TokenChain:
    return peopled(TokenChain())


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


def test_votes_of_a_fifth_of_all_neo_seat_the_candidates_they_are_for() -> None:
    chain = peopled(TokenChain(settings_for(committee=KEYS[:3], validators=1)))
    vote(chain, BOB, KEYS[4])  # 10 %
    chain.blocks(3)
    assert members(chain.rows) == tuple((key, 0) for key in KEYS[:3])
    vote(chain, ALICE, KEYS[3])  # 40 %, in block 6; the next epoch begins with block 9
    assert next_consensus(chain.rows, chain.settings, 7) == validators_account(KEYS[:1])
    chain.blocks(2)
    assert next_consensus(chain.rows, chain.settings, 9) == validators_account((KEYS[3],))
    chain.block()
    seats = members(chain.rows)
    assert seats[:2] == ((KEYS[3], 30_000_000), (KEYS[4], 10_000_000))
    lowest = min(KEYS[:3], key=lambda key: key.sort_key)
    assert seats[2] == (lowest, 0)
    assert committee(chain.rows) == tuple(sorted((lowest, *KEYS[3:]), key=lambda key: key.sort_key))
    assert chain.ask(NEO.get_next_block_validators) == (KEYS[3],)


@pytest.mark.parametrize(
    ("hardforks", "told"),
    [(before(Hardfork.Cockatrice), 0), (ALL_AT_GENESIS, 1)],
    ids=["before Cockatrice", "after"],
)
def test_from_cockatrice_on_a_new_committee_is_told(hardforks: dict[Hardfork, int], told: int) -> None:
    chain = peopled(TokenChain(settings_for(hardforks, committee=KEYS[:1])))
    vote(chain, ALICE, KEYS[2])
    chain.block()
    events = [state for name, state in chain.events if name == "CommitteeChanged"]
    assert len(events) == told
    assert [[entry.items for entry in state] for state in events] == [[[KEYS[0]], [KEYS[2]]]] * told  # type: ignore[union-attr]
    chain.block()
    assert not [name for name, _ in chain.events if name == "CommitteeChanged"]


@pytest.mark.parametrize(
    ("hardforks", "counted"),
    [(before(Hardfork.Gorgon), 30_000_000), (ALL_AT_GENESIS, 40_000_000)],
    ids=["before Gorgon", "after"],
)
def test_from_gorgon_on_voters_share_by_the_votes_of_the_moment(hardforks: dict[Hardfork, int], counted: int) -> None:
    chain = peopled(TokenChain(settings_for(hardforks, committee=KEYS[:1])))
    vote(chain, ALICE, KEYS[0])
    chain.block()
    earned = gas_per_vote(chain.rows, KEYS[0])
    vote(chain, BOB, KEYS[0])
    # 80 % of 5 GAS, twice for a validator, shared by one seat and one validator
    assert gas_per_vote(chain.rows, KEYS[0]) - earned == 2 * (400_000_000 * 10**8 // 2) // counted


def test_voters_earn_by_their_candidate(chain: TokenChain) -> None:
    vote(chain, ALICE, KEYS[0])  # in block 2
    vote(chain, BOB, KEYS[1])  # in block 3, an epoch's first
    earned = gas_per_vote(chain.rows, KEYS[0])
    # 80 % of 5 GAS times three blocks, in four parts, of which a validator's voters get two
    assert earned == 2 * (400_000_000 * 10**8 * 3 // 4) // 30_000_000
    held = 2 * 15_000_000
    assert chain.ask(lambda run: NEO.unclaimed_gas(run, ALICE, 4)) == held + 30_000_000 * earned // 10**8


@pytest.mark.parametrize("amount", [-1, 1_000_000_001])
def test_gas_per_block_has_limits_that_come_before_the_witness(chain: TokenChain, amount: int) -> None:
    with pytest.raises(VmFault) as error:
        chain.block(sets_gas_per_block(amount))
    assert str(error.value) == "GasPerBlock must be between [0, 1000000000] (Parameter 'gasPerBlock')"


def test_only_the_committee_sets(chain: TokenChain) -> None:
    text = "Invalid committee signature. It should be a multisig(len(committee) - (len(committee) - 1) / 2))."
    for work in (sets_gas_per_block(1), lambda run: NEO.set_register_price(run, 1)):
        with pytest.raises(VmFault) as error:
            chain.block(work, signed=[BANK])
        assert str(error.value) == text
    chain.block(lambda run: NEO.set_register_price(run, 5), signed=[committee_address(chain.rows)])
    assert chain.ask(NEO.get_register_price) == 5

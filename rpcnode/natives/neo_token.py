"""NeoToken: balances that earn GAS, votes, and the committee that they choose."""

from itertools import islice
from typing import Final

from rpcnode.execution.application_engine import PICO
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.iterators import FindOptions, StorageIterator
from rpcnode.execution.parameters import Int64, UInt32, Width, to_point, to_width
from rpcnode.execution.serializers.binary import deserialize
from rpcnode.natives.committee import (
    COMMITTEE_KEY,
    NEO_ID,
    Member,
    assert_committee,
    committee,
    committee_address,
    key_account,
    members,
    members_row,
    next_block_validators,
    validators_account,
)
from rpcnode.natives.fungible_token import ACCOUNT_PREFIX, TRANSFER_EVENT, FungibleToken, Reward
from rpcnode.natives.gas_token import GAS, GAS_FACTOR
from rpcnode.natives.native import NativeEvent, Run, Steps, native_method
from rpcnode.natives.neo import rewards, voting
from rpcnode.natives.neo.accounts import NeoAccountState
from rpcnode.natives.neo.candidates import (
    CANDIDATE_PREFIX,
    TOTAL_NEO,
    VOTERS_COUNT_KEY,
    add_voters,
    add_votes,
    candidate_cells,
    candidate_votes,
    candidates,
    elected,
    with_present_votes,
)
from rpcnode.payloads.flags import CallFlags
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, StackItem, Struct, integer_bytes, integer_of

REGISTER_PRICE_KEY: Final = b"\x0d"

MAX_GAS_PER_BLOCK: Final = 10 * GAS_FACTOR
FIRST_GAS_PER_BLOCK: Final = 5 * GAS_FACTOR
FIRST_REGISTER_PRICE: Final = 1000 * GAS_FACTOR
MAX_CANDIDATES: Final = 256  # that one call lists

_ALL_CANDIDATES: Final = FindOptions.RemovePrefix | FindOptions.DeserializeValues | FindOptions.PickField1
INT64: Final = Width("Int64", 64, True)
_WRITE: Final = CallFlags.States
_WRITE_AND_NOTIFY: Final = CallFlags.States | CallFlags.AllowNotify


class NeoToken(FungibleToken[NeoAccountState]):
    """NEO. Source: neo 3.10.2, SmartContract/Native/NeoToken.cs."""

    id = NEO_ID
    name = "NeoToken"
    token_symbol = "NEO"
    token_decimals = 0
    has_fixed_supply = True
    account_state = NeoAccountState
    events = (
        TRANSFER_EVENT,
        NativeEvent(
            "CandidateStateChanged", (("pubkey", "PublicKey"), ("registered", "Boolean"), ("votes", "Integer"))
        ),
        NativeEvent(
            "Vote", (("account", "Hash160"), ("from", "PublicKey"), ("to", "PublicKey"), ("amount", "Integer"))
        ),
        NativeEvent("CommitteeChanged", (("old", "Array"), ("new", "Array")), active_in=Hardfork.Cockatrice),
    )

    def standards(self, enabled: frozenset[Hardfork]) -> tuple[str, ...]:
        return ("NEP-17", "NEP-27") if Hardfork.Echidna in enabled else ("NEP-17",)

    # Balances

    def balance_changing(self, run: Run, account: UInt160, state: NeoAccountState, amount: int) -> Reward | None:
        """Ends what the account earns with its old balance; its votes grow and shrink with the balance."""
        run.storage.put(self.id, ACCOUNT_PREFIX + account, state.to_row())  # the first row that neo counts as changed
        reward = rewards.settle(run, account, state)
        if amount and state.vote_to is not None:
            add_voters(run.storage, amount)
            add_votes(run.storage, state.vote_to, amount)
        return reward

    def pay(self, run: Run, owed: list[Reward], call_on_payment: bool) -> Steps[None]:
        for account, amount in owed:
            yield from GAS.mint(run, account, amount, call_on_payment)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def total_supply(self, run: Run) -> int:
        """All NEO there is."""
        return TOTAL_NEO

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, returns="Array")
    def get_account_state(self, run: Run, account: UInt160) -> StackItem:
        """Balance, height, key voted for and last GAS for a vote, as a Struct; null for an account without NEO."""
        row = run.storage.get(NEO_ID, ACCOUNT_PREFIX + account)
        return None if row is None else deserialize(row)

    @native_method(cpu_fee=1 << 17, flags=CallFlags.ReadStates)
    def unclaimed_gas(self, run: Run, account: UInt160, end: UInt32) -> int:
        """What an account has earned and was not paid, in datoshi; `end` must be the block that is made."""
        block = run.persisting
        index = run.ledger.current_index + 1 if block is None else block.header.index
        return rewards.unclaimed_in(run.storage, index, account, end)

    # Candidates and votes

    @native_method(flags=_WRITE, deprecated_in=Hardfork.Echidna, name="registerCandidate")
    def register_candidate_for_witness(self, run: Run, pubkey: ECPoint) -> bool:
        """Makes a candidate of a key and charges for it; false, and nothing charged, without its witness."""
        return run.check_witness(key_account(pubkey)) and self.register_candidate(run, pubkey)

    @native_method(flags=_WRITE_AND_NOTIFY, active_in=Hardfork.Echidna)
    def register_candidate(self, run: Run, pubkey: ECPoint) -> bool:
        """Charges for a candidate, and makes one of the key; false without its witness."""
        run.charge(_register_price(run) * PICO)
        return voting.register(run, pubkey)

    @native_method(flags=_WRITE_AND_NOTIFY, active_in=Hardfork.Echidna, name="onNEP17Payment")
    def on_nep17_payment(self, run: Run, from_: UInt160, amount: int, data: StackItem) -> None:
        """Makes a candidate of the key in `data` for GAS of just the price, which is burnt."""
        if run.calling_script_hash != GAS.hash:
            raise VmFault("Only GAS contract can call this method")
        price = _register_price(run)
        if to_width(amount, INT64) != price:
            raise VmFault(f"Incorrect GAS amount. Expected {price} GAS, but received {amount} GAS.")
        if not voting.register(run, to_point(data)):
            raise VmFault("Failed to register candidate")
        GAS.burn(run, self.hash, amount)

    @native_method(cpu_fee=1 << 16, flags=_WRITE, deprecated_in=Hardfork.Echidna)
    @native_method(cpu_fee=1 << 16, flags=_WRITE_AND_NOTIFY, active_in=Hardfork.Echidna)
    def unregister_candidate(self, run: Run, pubkey: ECPoint) -> bool:
        """Makes a key a candidate no longer; false without its witness."""
        return voting.unregister(run, pubkey)

    @native_method(cpu_fee=1 << 16, flags=_WRITE, deprecated_in=Hardfork.Echidna)
    @native_method(cpu_fee=1 << 16, flags=_WRITE_AND_NOTIFY, active_in=Hardfork.Echidna)
    def vote(self, run: Run, account: UInt160, vote_to: ECPoint | None) -> Steps[bool]:
        """Has an account vote for a candidate, null for none; false without its witness, balance or candidate."""
        if not run.check_witness(account):
            return False
        return (yield from voting.vote(run, account, vote_to))

    def vote_internal(self, run: Run, account: UInt160, vote_to: ECPoint | None) -> Steps[bool]:
        """Votes for an account whose witness is not needed: it is blocked."""
        return voting.vote(run, account, vote_to)

    @native_method(cpu_fee=1 << 22, flags=CallFlags.ReadStates)
    def get_candidates(self, run: Run) -> list[Struct]:
        """The first 256 that can be elected, by key, as Structs of key and votes."""
        standing = islice(candidates(run.storage), MAX_CANDIDATES)
        return [Struct((bytes(member.public_key), member.votes)) for member in standing]

    @native_method(cpu_fee=1 << 22, flags=CallFlags.ReadStates)
    def get_all_candidates(self, run: Run) -> StorageIterator:
        """Iterates over all that can be elected, by key, as Structs of key and votes."""
        return StorageIterator(candidate_cells(run.storage), len(CANDIDATE_PREFIX), int(_ALL_CANDIDATES), run.storage)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def get_candidate_vote(self, run: Run, pub_key: ECPoint) -> int:
        """The votes of a registered candidate; -1 for any other key."""
        return candidate_votes(run.storage, pub_key)

    # The committee

    @native_method(cpu_fee=1 << 16, flags=CallFlags.ReadStates)
    def get_committee(self, run: Run) -> tuple[ECPoint, ...]:
        """The keys of the committee, sorted."""
        return committee(run.storage)

    @native_method(cpu_fee=1 << 16, flags=CallFlags.ReadStates, active_in=Hardfork.Cockatrice)
    def get_committee_address(self, run: Run) -> UInt160:
        """The account that more than half of the committee opens."""
        return committee_address(run.storage)

    @native_method(cpu_fee=1 << 16, flags=CallFlags.ReadStates)
    def get_next_block_validators(self, run: Run) -> tuple[ECPoint, ...]:
        """The keys of those who make the next block, sorted."""
        return next_block_validators(run.storage, run.settings)

    # What the committee sets

    @native_method(cpu_fee=1 << 15, flags=_WRITE)
    def set_gas_per_block(self, run: Run, gas_per_block: int) -> None:
        """Sets the GAS that blocks bring from the next one on, in datoshi."""
        if not 0 <= gas_per_block <= MAX_GAS_PER_BLOCK:
            raise VmFault(f"GasPerBlock must be between [0, {MAX_GAS_PER_BLOCK}] (Parameter 'gasPerBlock')")
        assert_committee(run)
        assert run.persisting is not None, "only a block's transaction may write"
        _put_gas_per_block(run, run.persisting.header.index + 1, gas_per_block)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def get_gas_per_block(self, run: Run) -> int:
        """The GAS that the next block brings, in datoshi."""
        return rewards.gas_per_block(run.storage, run.ledger.current_index + 1)

    @native_method(cpu_fee=1 << 15, flags=_WRITE)
    def set_register_price(self, run: Run, register_price: Int64) -> None:
        """Sets what registering a candidate costs, in datoshi."""
        if register_price <= 0:
            raise VmFault("RegisterPrice must be positive (Parameter 'registerPrice')")
        assert_committee(run)
        run.storage.put(NEO_ID, REGISTER_PRICE_KEY, integer_bytes(register_price))

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def get_register_price(self, run: Run) -> Int64:
        """What registering a candidate costs, in datoshi."""
        return _register_price(run)

    # Blocks

    def initialize(self, run: Run, hardfork: Hardfork | None) -> None:
        """Seats the standby committee, and gives all NEO to the validators."""
        if hardfork is None:
            storage, settings = run.storage, run.settings
            seats = tuple(Member(key, 0) for key in settings.standby_committee)
            storage.put(NEO_ID, COMMITTEE_KEY, members_row(seats))
            storage.put(NEO_ID, VOTERS_COUNT_KEY, b"")
            _put_gas_per_block(run, 0, FIRST_GAS_PER_BLOCK)
            storage.put(NEO_ID, REGISTER_PRICE_KEY, integer_bytes(FIRST_REGISTER_PRICE))
            self.credit(run, validators_account(settings.standby_validators), TOTAL_NEO)

    def on_persist(self, run: Run) -> None:
        """Seats whom the votes have chosen, in the first block of an epoch: one block for each seat."""
        storage = run.storage
        if _is_first_of_epoch(run):
            before, chosen = members(storage), elected(storage, run.settings)
            storage.put(NEO_ID, COMMITTEE_KEY, members_row(chosen))
            if run.is_enabled(Hardfork.Cockatrice):
                old, new = _keys(before), _keys(chosen)
                if old != new:
                    run.notify(self.hash, "CommitteeChanged", (Array(old), Array(new)))

    def post_persist(self, run: Run) -> None:
        """Pays a member of the committee, and adds up what the voters earn with an epoch's first block.

        From Gorgon on their share goes by the votes after that block, before by those that chose the committee.
        """
        storage, settings = run.storage, run.settings
        seats = members(storage)
        size = len(settings.standby_committee)
        index = _block_index(run)
        per_block = rewards.gas_per_block(storage, index + 1)  # what this block has set counts already
        paid = seats[index % size].public_key
        GAS.credit(run, key_account(paid), rewards.committee_reward(per_block))
        if _is_first_of_epoch(run):
            if run.is_enabled(Hardfork.Gorgon):
                seats = with_present_votes(storage, seats)
            rewards.reward_voters(storage, seats, size, settings.validators_count, per_block)


def _block_index(run: Run) -> int:
    block = run.persisting
    assert block is not None
    return block.header.index


def _is_first_of_epoch(run: Run) -> bool:
    return _block_index(run) % len(run.settings.standby_committee) == 0


def _keys(seats: tuple[Member, ...]) -> list[StackItem]:
    return [bytes(member.public_key) for member in seats]


def _register_price(run: Run) -> int:
    return integer_of(run.storage.get(NEO_ID, REGISTER_PRICE_KEY) or b"")


def _put_gas_per_block(run: Run, since: int, amount: int) -> None:
    run.storage.put(NEO_ID, rewards.GAS_PER_BLOCK_PREFIX + since.to_bytes(4, "big"), integer_bytes(amount))


NEO: Final = NeoToken()

"""Candidates for the committee, and who is elected of them.

Source: neo 3.10.2, SmartContract/Native/NeoToken.cs: CandidateState, GetCandidatesInternal, ComputeCommitteeMembers.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from rpcnode.execution.serializers.binary import deserialize
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Cell, Snapshot, StorageReader
from rpcnode.natives.committee import NEO_ID, Member, key_account, next_block_validators, validators_account
from rpcnode.natives.fungible_token import NULL_REFERENCE
from rpcnode.natives.policy_values import is_blocked
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_boolean, to_integer
from rpcnode.vm.faults import INVALID_CAST
from rpcnode.vm.items import Struct, integer_bytes, integer_of

TOTAL_NEO: Final = 100_000_000

VOTERS_COUNT_KEY: Final = b"\x01"
CANDIDATE_PREFIX: Final = b"\x21"
GAS_PER_VOTE_PREFIX: Final = b"\x17"

# A row is a Struct of a Boolean and an Integer.
_BEFORE_VOTES: Final = {True: b"\x41\x02\x20\x01\x21", False: b"\x41\x02\x20\x00\x21"}
_REGISTERED: Final = {row: is_registered for is_registered, row in _BEFORE_VOTES.items()}


class Candidate(NamedTuple):
    """What is kept of a candidate; one that is not registered is kept as long as it has votes."""

    is_registered: bool
    votes: int

    @classmethod
    def parse(cls, row: bytes) -> "Candidate":
        """Read a row. Raises VmFault for bytes that are none."""
        is_registered = _REGISTERED.get(row[:5])
        if is_registered is not None and len(row) > 5 and len(row) == 6 + row[5] <= 38:
            return cls(is_registered, integer_of(row[6:]))
        item = deserialize(row)
        if not isinstance(item, Struct) or len(item.items) < 2:
            raise VmFault(INVALID_CAST)
        return cls(to_boolean(item.items[0]), to_integer(item.items[1]))

    def to_row(self) -> bytes:
        """The row that holds it."""
        votes = integer_bytes(self.votes)
        return _BEFORE_VOTES[self.is_registered] + bytes((len(votes),)) + votes


def candidate(storage: StorageReader, public_key: ECPoint) -> Candidate | None:
    """What is kept of a candidate."""
    row = storage.get(NEO_ID, CANDIDATE_PREFIX + public_key)
    return None if row is None else Candidate.parse(row)


def known_candidate(storage: StorageReader, public_key: ECPoint) -> Candidate:
    """What is kept of a candidate that has votes, and so has a row."""
    found = candidate(storage, public_key)
    if found is None:
        raise VmFault(NULL_REFERENCE)
    return found


def put_candidate(storage: Snapshot, public_key: ECPoint, state: Candidate) -> None:
    """Writes a candidate; one without registration and votes loses its rows."""
    if state.is_registered or state.votes:
        storage.put(NEO_ID, CANDIDATE_PREFIX + public_key, state.to_row())
    else:
        storage.delete(NEO_ID, GAS_PER_VOTE_PREFIX + public_key)
        storage.delete(NEO_ID, CANDIDATE_PREFIX + public_key)


def add_votes(storage: Snapshot, public_key: ECPoint, votes: int) -> None:
    """Gives a candidate votes more, or less."""
    state = known_candidate(storage, public_key)
    put_candidate(storage, public_key, state._replace(votes=state.votes + votes))


def candidate_votes(storage: StorageReader, public_key: ECPoint) -> int:
    """The votes of a registered candidate, blocked or not; -1 of any other key."""
    found = candidate(storage, public_key)
    return found.votes if found is not None and found.is_registered else -1


def candidates(storage: StorageReader) -> Iterator[Member]:
    """Who can be elected, with the votes of the moment, in the order of their rows: registered and not blocked."""
    for key, row in storage.find(NEO_ID, CANDIDATE_PREFIX):
        member = _standing(storage, key, row)
        if member is not None:
            yield member


def candidate_cells(storage: Snapshot) -> Iterator[tuple[bytes, Cell]]:
    """The rows of those who can be elected; they are taken from the storage when the first is asked for."""
    for key, cell in storage.cells(NEO_ID, CANDIDATE_PREFIX):
        if cell.value is not None and _standing(storage, key, cell.value) is not None:
            yield key, cell


def _standing(storage: StorageReader, key: bytes, row: bytes) -> Member | None:
    """The candidate of a row; None if it is not registered or its account is blocked."""
    state = Candidate.parse(row)
    if not state.is_registered:
        return None
    public_key = ECPoint(key[1:])
    return None if is_blocked(storage, key_account(public_key)) else Member(public_key, state.votes)


def voters_count(storage: StorageReader) -> int:
    """How much NEO votes."""
    return integer_of(storage.get(NEO_ID, VOTERS_COUNT_KEY) or b"")


def add_voters(storage: Snapshot, amount: int) -> None:
    """Counts so much NEO more, or less, among that which votes."""
    storage.put(NEO_ID, VOTERS_COUNT_KEY, integer_bytes(voters_count(storage) + amount))


def elected(storage: StorageReader, settings: ProtocolSettings) -> tuple[Member, ...]:
    """Who the votes of the moment make the committee, by votes from the highest, then by key.

    While less than a fifth of all NEO votes, or candidates are fewer than seats, it is the standby committee.
    """
    standing = list(candidates(storage))
    size = len(settings.standby_committee)
    if voters_count(storage) * 5 < TOTAL_NEO or len(standing) < size:
        votes = dict(standing)
        return tuple(Member(key, votes.get(key, 0)) for key in settings.standby_committee)
    standing.sort(key=lambda member: (-member.votes, member.public_key.sort_key))
    return tuple(standing[:size])


def with_present_votes(storage: StorageReader, seats: tuple[Member, ...]) -> tuple[Member, ...]:
    """A committee with the votes of the moment; -1 for who is registered no longer."""
    return tuple(Member(key, candidate_votes(storage, key)) for key, _ in seats)


def next_consensus(storage: StorageReader, settings: ProtocolSettings, block_index: int) -> UInt160:
    """The account that a block names to make the one after it, by the storage before that block.

    An epoch's first block names whom it will seat.
    Source: neo-node 3.10.2, plugins/DBFTPlugin/Consensus/ConsensusContext.cs: Reset.
    """
    if block_index % len(settings.standby_committee):
        return validators_account(next_block_validators(storage, settings))
    seated = elected(storage, settings)[: settings.validators_count]
    return validators_account(tuple(member.public_key for member in seated))

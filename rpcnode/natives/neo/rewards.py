"""GAS for those who hold NEO, vote with it, or sit in the committee.

Source: neo 3.10.2, SmartContract/Native/NeoToken.cs: CalculateReward, GetSortedGasRecords, PostPersistAsync.
"""

from collections.abc import Iterable
from typing import Final

from rpcnode.execution.ledger_view import LedgerView
from rpcnode.execution.snapshot import Snapshot, StorageReader
from rpcnode.natives.committee import NEO_ID, Member
from rpcnode.natives.fungible_token import ACCOUNT_PREFIX, Reward
from rpcnode.natives.native import Run
from rpcnode.natives.neo.accounts import NeoAccountState
from rpcnode.natives.neo.candidates import GAS_PER_VOTE_PREFIX, TOTAL_NEO
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.faults import bad_argument
from rpcnode.vm.items import integer_bytes, integer_of

GAS_PER_BLOCK_PREFIX: Final = b"\x1d"

NO_RECORD: Final = "Sequence contains no elements"

VOTE_FACTOR: Final = 100_000_000  # what a voter earns for a NEO is kept so many times larger
HOLDER_PERCENT: Final = 10
COMMITTEE_PERCENT: Final = 10
VOTER_PERCENT: Final = 80


def gas_per_block_records(storage: StorageReader, last: int) -> list[tuple[int, int]]:
    """Since when each block brings how much GAS, in datoshi, the latest first; none that begins above `last`."""
    found = storage.find(NEO_ID, GAS_PER_BLOCK_PREFIX)
    records = [(int.from_bytes(key[1:], "big"), integer_of(value)) for key, value in found]
    return [record for record in reversed(records) if record[0] <= last]


def gas_per_block(storage: StorageReader, block_index: int) -> int:
    """The GAS that a block brings, in datoshi."""
    records = gas_per_block_records(storage, block_index)
    if not records:
        raise VmFault(NO_RECORD)
    return records[0][1]


def gas_of_blocks(storage: StorageReader, first: int, last: int) -> list[tuple[int, int, int]]:
    """The GAS that each block of a stretch brings when it ends: first block, last block, datoshi, in order.

    What a block has set for those after it counts for itself already. Raises VmFault where a block has no record.
    """
    pieces = []
    end = last
    for since, each in gas_per_block_records(storage, last + 1):
        begin = max(first, since - 1)
        if begin <= end:
            pieces.append((begin, end, each))
            end = begin - 1
        if end < first:
            return pieces[::-1]
    raise VmFault(NO_RECORD)


def gas_per_vote(storage: StorageReader, public_key: ECPoint) -> int:
    """What voters of a candidate have earned for each NEO since the first block, in 10^-8 datoshi."""
    return integer_of(storage.get(NEO_ID, GAS_PER_VOTE_PREFIX + public_key) or b"")


def bonus(storage: StorageReader, state: NeoAccountState, records: Iterable[tuple[int, int]], end: int) -> int:
    """What an account has earned since its rewards were last paid, up to a block and without it, in datoshi.

    `records` are those of the GAS per block that begin below `end`.
    """
    start = state.balance_height
    if not state.balance or start >= end:
        return 0
    total = 0
    until = end
    for index, each in records:
        begin = max(index, start)
        total += each * (until - begin)
        if index <= start:
            break
        until = index
    held = state.balance * total * HOLDER_PERCENT // 100 // TOTAL_NEO
    if state.vote_to is None:
        return held
    earned = state.balance * (gas_per_vote(storage, state.vote_to) - state.last_gas_per_vote)
    return held + (earned // VOTE_FACTOR if earned >= 0 else -(-earned // VOTE_FACTOR))


def settle(run: Run, account: UInt160, state: NeoAccountState) -> Reward | None:
    """Has the account's earnings begin anew in the block that is made; returns those up to it, if there are any."""
    block = run.persisting
    if block is None:
        return None
    storage, index = run.storage, block.header.index
    amount = 0
    if state.balance:
        records = run.memo.get(GAS_PER_BLOCK_PREFIX)
        if records is None:  # a run sets none but of blocks after its own
            records = run.memo[GAS_PER_BLOCK_PREFIX] = gas_per_block_records(storage, index - 1)
        assert isinstance(records, list)
        amount = bonus(storage, state, records, index)
    state.balance_height = index
    if state.vote_to is not None:
        state.last_gas_per_vote = gas_per_vote(storage, state.vote_to)
    return (account, amount) if amount else None


def unclaimed_gas(storage: StorageReader, ledger: LedgerView, account: UInt160, end: int) -> int:
    """What an account would be paid in the next block, in datoshi; `end` must be its index.

    Raises VmFault for any other `end`.
    """
    return unclaimed_in(storage, ledger.current_index + 1, account, end)


def unclaimed_in(storage: StorageReader, block_index: int, account: UInt160, end: int) -> int:
    """What an account would be paid in a block, in datoshi; `end` must be its index."""
    if end != block_index:
        raise bad_argument("end", end, f"equal to '{block_index}'")
    row = storage.get(NEO_ID, ACCOUNT_PREFIX + account)
    if row is None:
        return 0
    return bonus(storage, NeoAccountState.parse(row), gas_per_block_records(storage, end - 1), end)


def committee_reward(per_block: int) -> int:
    """What a member of the committee gets of a block's GAS, in datoshi."""
    return per_block * COMMITTEE_PERCENT // 100


def reward_voters(
    storage: Snapshot, seats: Iterable[Member], size: int, validators_count: int, per_block: int, epochs: int = 1
) -> None:
    """Adds what some epochs bring to those who vote for the committee; validators' voters get twice as much.

    `per_block` is the GAS of a block in datoshi; who has no votes brings nothing.
    """
    share = per_block * VOTER_PERCENT * VOTE_FACTOR * size // (size + validators_count) // 100
    for place, (public_key, votes) in enumerate(seats):
        if votes > 0:
            earned = (2 if place < validators_count else 1) * share // votes
            total = gas_per_vote(storage, public_key) + epochs * earned
            storage.put(NEO_ID, GAS_PER_VOTE_PREFIX + public_key, integer_bytes(total))

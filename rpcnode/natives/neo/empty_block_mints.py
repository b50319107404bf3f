"""The GAS that blocks without transactions make: each a part of its own, for one member of the committee by turns.

Neither votes nor candidates change in such blocks, so whom they pay follows from the storage before the first.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import StorageReader
from rpcnode.natives.committee import Member, key_account, members
from rpcnode.natives.neo.candidates import elected
from rpcnode.natives.neo.rewards import committee_reward, gas_of_blocks
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160


@dataclass(frozen=True, slots=True)
class Mints:
    """Consecutive blocks that each mint the same amount, in datoshi, never 0.

    The block at `index` pays `receivers[index % len(receivers)]`, by its first notification after the transactions.
    """

    first: int
    count: int
    receivers: tuple[UInt160, ...]
    amount: int


class Received(NamedTuple):
    """What an account gets in all, in datoshi, and the last block that pays it."""

    amount: int
    last_block_index: int


def epochs_in(settings: ProtocolSettings, first: int, last: int) -> range:
    """The blocks of a stretch that begin an epoch, in which a committee is seated; both ends included."""
    size = len(settings.standby_committee)
    return range(-(-first // size) * size, last + 1, size)


def mints_of_empty_blocks(
    storage: StorageReader, settings: ProtocolSettings, first: int, count: int
) -> tuple[Mints, ...]:
    """The mints of a stretch of empty blocks, in order; `storage` is that before it, genesis is no such block.

    Hardforks within the stretch make no difference. Raises VmFault where NeoToken's rows are not what it writes.
    """
    assert first > 0, "genesis gives out the first GAS and is executed"
    if count <= 0:
        return ()
    last = first + count - 1
    epochs = epochs_in(settings, first, last)
    seated = _accounts(members(storage)[: len(settings.standby_committee)])
    chosen = _accounts(elected(storage, settings)) if epochs else seated
    change = epochs[0] if chosen != seated else first  # `seated` gets paid before this block
    found = []
    for begin, end, per_block in gas_of_blocks(storage, first, last):
        amount = committee_reward(per_block)
        if amount:
            if begin < change:
                found.append(Mints(begin, min(end + 1, change) - begin, seated, amount))
            if change <= end:
                found.append(Mints(max(begin, change), end + 1 - max(begin, change), chosen, amount))
    return tuple(found)


def received(mints: Iterable[Mints]) -> dict[UInt160, Received]:
    """What each receiver gets from a stretch, without counting block by block."""
    totals: dict[UInt160, Received] = {}
    for stretch in mints:
        for turn in _turns(stretch):
            account = stretch.receivers[turn[0] % len(stretch.receivers)]
            before = totals.get(account, Received(0, 0))
            amount = before.amount + len(turn) * stretch.amount
            totals[account] = Received(amount, max(before.last_block_index, turn[-1]))
    return totals


def _accounts(seats: tuple[Member, ...]) -> tuple[UInt160, ...]:
    return tuple(key_account(member.public_key) for member in seats)


def _turns(stretch: Mints) -> Iterator[range]:
    """The blocks of each seat that gets paid."""
    size, end = len(stretch.receivers), stretch.first + stretch.count
    return (range(index, end, size) for index in range(stretch.first, min(end, stretch.first + size)))

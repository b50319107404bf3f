"""Blocks without transactions, executed by the thousands at the cost of a few, or one at a time.

What natives do in such a block: in one with a hardfork they are deployed and updated; NeoToken seats a committee in
the first block of an epoch, mints GAS for one member in every block, and adds up what voters earn once an epoch. Of
the header they read the index and, when Faun comes, the time; of the ledger nothing but its height.
"""

from collections.abc import Callable
from typing import Final, NoReturn

from rpcnode.execution.block_run import run_block
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.records import Execution
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.committee import COMMITTEE_KEY, NEO_ID, members_row
from rpcnode.natives.fungible_token import ACCOUNT_PREFIX, TOTAL_SUPPLY_KEY, AccountState
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.neo.candidates import elected, with_present_votes
from rpcnode.natives.neo.empty_block_mints import epochs_in, mints_of_empty_blocks, received
from rpcnode.natives.neo.rewards import gas_of_blocks, reward_voters
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import integer_bytes, integer_of

TimeOfBlock = Callable[[int], int]
"""The time, in ms, of the block with an index."""


def pass_empty_blocks(
    snapshot: Snapshot,
    settings: ProtocolSettings,
    natives: NativeSet,
    first: int,
    count: int,
    time_ms_of: TimeOfBlock,
) -> None:
    """Changes storage as `count` blocks without transactions do, from the one at index `first` on.

    The cost does not depend on `count`. Genesis and blocks with a hardfork are executed, and only their times are
    asked for. Raises what executing them would raise, VmFault instead of NativesFailed, where NeoToken's rows are not
    what it writes.
    """
    end = first + count
    for index in sorted({0, *settings.hardforks.values()}):
        if first <= index < end:
            _pass_alike(snapshot, settings, first, index - 1)
            for _ in run_block(_empty_block(index, time_ms_of(index)), snapshot, settings, natives, _Height(index - 1)):
                pass
            first = index + 1
    _pass_alike(snapshot, settings, first, end - 1)


def executions_of_empty_block(
    snapshot: Snapshot, settings: ProtocolSettings, natives: NativeSet, index: int, time_ms: int
) -> tuple[Execution, Execution]:
    """What is done before and after the transactions of a block that has none; `snapshot`, that before it, is kept."""
    block = _empty_block(index, time_ms)
    before, after = run_block(block, snapshot.child(), settings, natives, _Height(index - 1))
    return before, after


def _pass_alike(snapshot: Snapshot, settings: ProtocolSettings, first: int, last: int) -> None:
    """Passes blocks, both ends included, that have no hardfork among them."""
    if first > last:
        return
    gained = received(mints_of_empty_blocks(snapshot, settings, first, last - first + 1))
    if epochs_in(settings, first, last):
        _pass_epochs(snapshot, settings, first, last)
    for account, (amount, _) in gained.items():
        key = ACCOUNT_PREFIX + account
        row = snapshot.get(GAS.id, key)
        state = AccountState() if row is None else AccountState.parse(row)
        state.balance += amount
        snapshot.put(GAS.id, key, state.to_row())
    if gained:
        supply = integer_of(snapshot.get(GAS.id, TOTAL_SUPPLY_KEY) or b"")
        supply += sum(amount for amount, _ in gained.values())
        snapshot.put(GAS.id, TOTAL_SUPPLY_KEY, integer_bytes(supply))


def _pass_epochs(snapshot: Snapshot, settings: ProtocolSettings, first: int, last: int) -> None:
    """Seats the committee, which each epoch chooses again, and adds what all epochs bring to its voters."""
    seats = elected(snapshot, settings)
    snapshot.put(NEO_ID, COMMITTEE_KEY, members_row(seats))
    if settings.is_enabled(Hardfork.Gorgon, first):
        seats = with_present_votes(snapshot, seats)
    size, validators_count = len(settings.standby_committee), settings.validators_count
    for begin, end, per_block in gas_of_blocks(snapshot, first, last):
        epochs = len(epochs_in(settings, begin, end))
        if epochs:
            reward_voters(snapshot, seats, size, validators_count, per_block, epochs)


def _empty_block(index: int, time_ms: int) -> Block:
    header = Header(
        previous_hash=UInt256.ZERO,
        merkle_root=UInt256.ZERO,
        timestamp_ms=time_ms,
        nonce=0,
        index=index,
        primary_index=0,
        next_consensus=UInt160.ZERO,
    )
    return Block(header, ())


class _Height:
    """A ledger of which only the height is known; the natives ask for no more in a block without transactions."""

    def __init__(self, current_index: int) -> None:
        self.current_index: Final = current_index

    def _unknown(self, *_: object) -> NoReturn:
        raise LookupError("natives read the ledger in a block without transactions")

    current_hash = property(_unknown)
    hash_of = index_of = header = transaction_hashes = transaction = _unknown

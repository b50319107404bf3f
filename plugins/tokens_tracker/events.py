"""The Transfer events of a block that count for one standard."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from rpcnode.plugin import AppliedBlock, ContractState, Execution, Trigger, UInt160, UInt256
from rpcnode.plugin.items import MAX_INTEGER_SIZE, StackItem
from rpcnode.plugin.transfer_events import NotATransfer, amount_of, side_of


class AmountTooLong(Exception):
    """An event that counts but for its amount, of over 32 bytes: neo-cli throws out of its plugin there."""

    def __init__(self, contract: UInt160, size: int) -> None:
        super().__init__(f"{contract}: an amount of {size} bytes")
        self.contract = contract
        self.size = size


class TransferEvent(NamedTuple):
    """One event.

    A side that is None minted or burned. `transaction` None: the block itself ran it, so it has no history.
    """

    contract: ContractState
    sender: UInt160 | None
    receiver: UInt160 | None
    amount: int
    token_id: bytes | None
    transaction: UInt256 | None


def transfer_events(
    block: AppliedBlock,
    executions: tuple[Execution, ...],
    standard: str,
    item_count: int,
    too_long: Callable[[AmountTooLong], None],
) -> Iterator[TransferEvent]:
    """The events that count: of executions that halted, from contracts that claim the standard after the block.

    An amount that is too long goes to `too_long`, which raises it, or leaves the event out.

    Source: neo-node 3.10.2, plugins/TokensTracker: Nep17Tracker.OnPersist, TrackerBase.GetTransferRecord.
    """
    claiming: dict[UInt160, ContractState | None] = {}  # the contracts of the block, None for those without the claim
    for execution in executions:
        if not execution.halted:
            continue
        transaction = execution.container if execution.trigger is Trigger.APPLICATION else None
        for notification in execution.notifications:
            if notification.event_name != "Transfer" or len(notification.state) != item_count:
                continue
            try:
                contract = claiming[notification.contract]
            except KeyError:
                contract = block.state.contract(notification.contract)
                if contract is not None and standard not in contract.supported_standards:
                    contract = None
                claiming[notification.contract] = contract
            if contract is None:
                continue
            try:
                yield _event(contract, notification.state, transaction)
            except NotATransfer:
                continue
            except AmountTooLong as wrong:
                too_long(wrong)


def _event(contract: ContractState, state: tuple[StackItem, ...], transaction: UInt256 | None) -> TransferEvent:
    sender, receiver, amount = side_of(state[0]), side_of(state[1]), state[2]
    if sender is None and receiver is None:
        raise NotATransfer
    if len(state) == 3 and type(amount) is int:
        return TransferEvent(contract, sender, receiver, amount, None, transaction)
    token_id: bytes | None = None
    if len(state) == 4:
        if not isinstance(state[3], bytes):
            raise NotATransfer
        token_id = state[3]
    # The node reads the amount last: what is wrong with the rest is noticed before.
    if isinstance(amount, bytes) and len(amount) > MAX_INTEGER_SIZE:
        raise AmountTooLong(contract.script_hash, len(amount))
    return TransferEvent(contract, sender, receiver, amount_of(amount), token_id, transaction)

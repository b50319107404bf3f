"""The Transfer events of a block that count for one standard."""

from collections.abc import Iterator
from dataclasses import dataclass

from rpcnode.plugin import AppliedBlock, ContractState, Execution, Trigger, UInt160, UInt256
from rpcnode.plugin.items import StackItem
from rpcnode.plugin.transfer_events import NotATransfer, amount_of, side_of


@dataclass(frozen=True, slots=True)
class TransferEvent:
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
    block: AppliedBlock, executions: tuple[Execution, ...], standard: str, item_count: int
) -> Iterator[TransferEvent]:
    """The events that count: of executions that halted, from contracts that claim the standard after the block.

    Source: neo-node 3.10.2, plugins/TokensTracker: Nep17Tracker.OnPersist, TrackerBase.GetTransferRecord.
    """
    for execution in executions:
        if not execution.halted:
            continue
        transaction = execution.container if execution.trigger is Trigger.APPLICATION else None
        for notification in execution.notifications:
            if notification.event_name != "Transfer" or len(notification.state) != item_count:
                continue
            contract = block.state.contract(notification.contract)
            if contract is None or standard not in contract.supported_standards:
                continue
            try:
                yield _event(contract, notification.state, transaction)
            except NotATransfer:
                continue


def _event(contract: ContractState, state: tuple[StackItem, ...], transaction: UInt256 | None) -> TransferEvent:
    sender, receiver, amount = side_of(state[0]), side_of(state[1]), amount_of(state[2])
    if sender is None and receiver is None:
        raise NotATransfer
    token_id: bytes | None = None
    if len(state) == 4:
        if not isinstance(state[3], bytes):
            raise NotATransfer
        token_id = state[3]
    return TransferEvent(contract, sender, receiver, amount, token_id, transaction)

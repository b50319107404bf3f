"""Transactions for declared movements and events, and the executions they leave.

A declared transfer is a real transaction: its script calls the token's `transfer` (`mint`, `burn` where a side is
missing) and asserts the answer, it is signed by who sends. It pays no fees, since a description says nothing of who
could pay them.
"""

from collections.abc import Iterable, Sequence

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.declaration import DeclaredNotification, DeclaredTransfer
from rpcnode.chain.format.layout import PayloadLayout
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.records import (
    FAULT,
    HALT,
    Execution,
    Notification,
    StateForm,
    Trigger,
    notification_of_item,
)
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import Array, StackItem, Struct

TRANSFER_EVENT: dict[ProfileName, str] = {"n3": "Transfer", "n3-preview": "Transfer", "n2": "transfer"}
"""What a token of the profile calls its event."""

KEEPS_NOTIFICATIONS_OF_FAULTED: dict[ProfileName, bool] = {"n3": False, "n3-preview": True, "n2": True}
"""Whether a failed execution still shows its notifications.

Source: neo 3.10.2, SmartContract/ApplicationEngine.Runtime.cs.
"""


def transfer_script(layout: PayloadLayout, contract: ContractState, transfer: DeclaredTransfer) -> bytes:
    """The call that moves what a declared transfer says, and an assertion that it did."""
    asset, sender, receiver = contract.script_hash, transfer.sender, transfer.receiver
    token = () if transfer.token_id is None else (transfer.token_id,)
    if sender is None:
        return layout.call(asset, "mint", (receiver, transfer.amount, *token))
    if receiver is None:
        return layout.call(asset, "burn", (sender, transfer.amount, *token))
    if not token:
        arguments = layout.transfer_arguments(sender, receiver, transfer.amount)
    elif contract.is_divisible:
        arguments = (sender, receiver, transfer.amount, *token, None)
    else:
        arguments = (receiver, *token, None)
    return layout.call(asset, "transfer", arguments) + layout.assertion


def notify_script(layout: PayloadLayout, contract: UInt160, event_name: str | None) -> bytes:
    """The call that stands for a declared event."""
    return layout.call(contract, "notify", (event_name,))


def new_transaction(
    layout: PayloadLayout, block_index: int, position: int, signers: Sequence[UInt160], script: bytes
) -> NewTransaction:
    """A transaction without fees and witnesses, unlike any other by `position` in its block."""
    unsigned = layout.unsigned_transaction(block_index, position, signers, script)
    return NewTransaction(UInt256(layout.digest(unsigned)), unsigned)


def transfer_notification(event_name: str, asset: UInt160, transfer: DeclaredTransfer) -> Notification:
    """The event of a movement: a missing side is Null, a token's id comes last."""
    state: tuple[StackItem, ...] = (_side(transfer.sender), _side(transfer.receiver), transfer.amount)
    if transfer.token_id is not None:
        state = (*state, transfer.token_id)
    return Notification(asset, event_name, state)


def notified(contract: UInt160, event: DeclaredNotification) -> Notification:
    """A declared event; a name that is the first item, as before N3's preview3, is taken out."""
    if event.event_name is not None:
        return Notification(contract, event.event_name, event.state)
    if event.state_form is StateForm.OTHER:
        return Notification(contract, None, event.state, StateForm.OTHER)
    kind = Struct if event.state_form is StateForm.STRUCT else Array
    return notification_of_item(contract, kind(event.state))


def application_execution(
    profile: ProfileName, container: UInt256, notifications: Iterable[Notification], exception: str | None
) -> Execution:
    """The execution of a transaction: halted, or failed with `exception`."""
    keeps = exception is None or KEEPS_NOTIFICATIONS_OF_FAULTED[profile]
    return Execution(
        trigger=Trigger.APPLICATION,
        container=container,
        vm_state=HALT if exception is None else FAULT,
        gas_consumed=0,
        stack=(),
        exception=exception,
        notifications=tuple(notifications) if keeps else (),
    )


def _side(account: UInt160 | None) -> StackItem:
    return None if account is None else bytes(account)

"""Transactions for declared movements and events, and the executions they leave.

A declared transfer is a real transaction: its script calls the token's `transfer` (`mint`, `burn` where a side is missing) and asserts
the answer, it is signed by who sends. It pays no fees, since a description says nothing of who could pay them.
"""

from collections.abc import Iterable, Sequence
from struct import pack

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.execution import FAULT, HALT, Execution, Notification, Trigger
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.hashes import sha256
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import NULL, ByteString, Integer, StackItem
from rpcnode.vm.script_builder import ScriptBuilder

MAX_SIGNERS = 16
VALID_BLOCKS = 5760
_CALLED_BY_ENTRY = b"\x01"
_ASSERT = 0x39

TRANSFER_EVENT: dict[ProfileName, str] = {"n3": "Transfer", "n3-preview": "Transfer", "n2": "transfer"}
"""What a token of the profile calls its event."""

KEEPS_NOTIFICATIONS_OF_FAULTED: dict[ProfileName, bool] = {"n3": False, "n3-preview": True, "n2": True}
"""Whether a failed execution still shows its notifications. Source: neo-rpc.md, section 4.9."""


def transfer_script(
    builder: ScriptBuilder, asset: UInt160, sender: UInt160 | None, receiver: UInt160 | None, amount: int
) -> None:
    """Appends the call that moves `amount`, and an assertion that it did."""
    if sender is None:
        builder.call(asset, "mint", (receiver, amount))
    elif receiver is None:
        builder.call(asset, "burn", (sender, amount))
    else:
        builder.call(asset, "transfer", (sender, receiver, amount, None)).op(_ASSERT)


def notify_script(builder: ScriptBuilder, contract: UInt160, event_name: str | None) -> None:
    """Appends the call that stands for a declared event."""
    builder.call(contract, "notify", (event_name,))


def new_transaction(block_index: int, position: int, signers: Sequence[UInt160], script: bytes) -> NewTransaction:
    """An unsigned transaction without fees. `position` in its block serves as its nonce, so that no two are alike."""
    unsigned = b"".join(
        (
            pack("<BIqqI", 0, position, 0, 0, block_index + VALID_BLOCKS),
            bytes((len(signers),)),
            *(signer + _CALLED_BY_ENTRY for signer in signers),
            b"\0",
            _var_length(len(script)),
            script,
        )
    )
    return NewTransaction(UInt256(sha256(unsigned)), unsigned)


def transfer_notification(
    event_name: str, asset: UInt160, sender: UInt160 | None, receiver: UInt160 | None, amount: int
) -> Notification:
    """The event of a movement; a missing side is Null."""
    return Notification(asset, event_name, (_side(sender), _side(receiver), Integer(amount)))


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
    return NULL if account is None else ByteString(account)


def _var_length(length: int) -> bytes:
    return bytes((length,)) if length < 0xFD else b"\xfd" + length.to_bytes(2, "little")

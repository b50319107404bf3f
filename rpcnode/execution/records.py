"""What running a script left behind.

The same records whether a fixture declared them, a node recorded them or a VM made them.
"""

from enum import StrEnum
from typing import NamedTuple

from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import Array, StackItem, Struct


class Trigger(StrEnum):
    """Why a script ran; the texts are the wire's. `SYSTEM` is the block-level run before N3's preview4."""

    ON_PERSIST = "OnPersist"
    POST_PERSIST = "PostPersist"
    APPLICATION = "Application"
    VERIFICATION = "Verification"
    SYSTEM = "System"


HALT = "HALT"
FAULT = "FAULT"


class StateForm(StrEnum):
    """What an event's state is. Since N3's preview3 it is an Array; before, it was whatever the script gave."""

    ARRAY = "Array"
    STRUCT = "Struct"
    OTHER = "other"
    """No list: `state` then holds that one item."""


class Notification(NamedTuple):
    """One event of a contract.

    `event_name` is None for the form from before N3's preview3, where the name was the first item of `state`, when that
    item is not a byte string of text.
    """

    contract: UInt160
    event_name: str | None
    state: tuple[StackItem, ...]
    state_form: StateForm = StateForm.ARRAY


def notification_of_item(contract: UInt160, item: StackItem) -> Notification:
    """The event from before N3's preview3 whose whole state is `item`: a name that is text is taken out of a list."""
    if not isinstance(item, Array):
        return Notification(contract, None, (item,), StateForm.OTHER)
    form = StateForm.STRUCT if isinstance(item, Struct) else StateForm.ARRAY
    match item.items:
        case [bytes(name), *rest]:
            try:
                return Notification(contract, name.decode(), tuple(rest), form)
            except UnicodeDecodeError:
                pass
    return Notification(contract, None, tuple(item.items), form)


def item_of_notification(event: Notification) -> StackItem:
    """The state as the nodes before N3's preview3 have it: the name is the first item of the list."""
    if event.state_form is StateForm.OTHER:
        return event.state[0]
    name = () if event.event_name is None else (event.event_name.encode(),)
    items = (*name, *event.state)
    return Struct(items) if event.state_form is StateForm.STRUCT else Array(items)


class Execution(NamedTuple):
    """One run: `container` is the transaction's hash, None for the block's own runs; `gas_consumed` in datoshi."""

    trigger: Trigger
    container: UInt256 | None
    vm_state: str
    gas_consumed: int
    stack: tuple[StackItem, ...]
    exception: str | None
    notifications: tuple[Notification, ...]
    wrote: bool = False
    """Only of a call whose writes were dropped: whether it wrote into storage."""
    needs_script: bool = False
    """It failed only because neither the contract's script nor a model of it answers here."""

    @property
    def halted(self) -> bool:
        return self.vm_state == HALT

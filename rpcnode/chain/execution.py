"""What running a script left behind.

The same records whether a fixture declared them, a node recorded them or a VM made them.
"""

from dataclasses import dataclass
from enum import StrEnum

from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import StackItem


class Trigger(StrEnum):
    """Why a script ran; the texts are the wire's. `SYSTEM` is the block-level run before N3's preview4."""

    ON_PERSIST = "OnPersist"
    POST_PERSIST = "PostPersist"
    APPLICATION = "Application"
    VERIFICATION = "Verification"
    SYSTEM = "System"


HALT = "HALT"
FAULT = "FAULT"


@dataclass(frozen=True, slots=True)
class Notification:
    """One event of a contract.

    `event_name` is None for the form from before N3's preview3, where the name was the first item of `state`, when that
    item is not a byte string of text.
    """

    contract: UInt160
    event_name: str | None
    state: tuple[StackItem, ...]


@dataclass(frozen=True, slots=True)
class Execution:
    """One run: `container` is the transaction's hash, None for the block's own runs; `gas_consumed` in datoshi."""

    trigger: Trigger
    container: UInt256 | None
    vm_state: str
    gas_consumed: int
    stack: tuple[StackItem, ...]
    exception: str | None
    notifications: tuple[Notification, ...]

    @property
    def halted(self) -> bool:
        return self.vm_state == HALT

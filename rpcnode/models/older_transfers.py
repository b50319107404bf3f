"""Which events the trackers before N3 read as transfers.

Source: neo-modules 2.12.2 and 3.0.0-preview2, RpcNep5Tracker: RpcNep5Tracker.HandleNotification.
"""

from collections.abc import Sequence
from typing import Final

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem

EVENT_NAME: Final[dict[ProfileName, str]] = {"n3-preview": "Transfer", "n2": "transfer"}

_ITEMS: Final = 3  # after the name; what follows them does not matter


@dataclass(frozen=True, slots=True)
class OlderTransfer:
    """A transfer as an event tells it: a side that is None mints or burns.

    `amount` is an Integer or bytes of any length, little-endian with a sign.
    """

    sender: UInt160 | None
    receiver: UInt160 | None
    amount: int | bytes

    @property
    def value(self) -> int:
        """The amount as a number."""
        return self.amount if isinstance(self.amount, int) else int.from_bytes(self.amount, "little", signed=True)


def older_transfer(profile: ProfileName, name: str | None, state: Sequence[StackItem]) -> OlderTransfer | None:
    """The transfer that an event of a list tells; None for one that counts for nothing. `state`: after the name."""
    if name != EVENT_NAME[profile] or len(state) < _ITEMS:
        return None
    sender, receiver, amount = state[:_ITEMS]
    if not (_is_side(profile, sender) and _is_side(profile, receiver)):
        return None
    transfer_sides = _account(sender), _account(receiver)
    if transfer_sides == (None, None) or isinstance(amount, bool) or not isinstance(amount, int | bytes):
        return None
    return OlderTransfer(*transfer_sides, amount)


def _is_side(profile: ProfileName, item: StackItem) -> bool:
    """Neo 2 takes bytes of any length but 20 for nobody, preview2 only Null."""
    return item is None or (isinstance(item, bytes) and (profile == "n2" or len(item) == UInt160.SIZE))


def _account(item: StackItem) -> UInt160 | None:
    return UInt160(item) if isinstance(item, bytes) and len(item) == UInt160.SIZE else None

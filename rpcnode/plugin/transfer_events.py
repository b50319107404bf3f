"""Reads Transfer notifications as the trackers do.

Source: neo-node 3.10.2, plugins/TokensTracker: TrackerBase, Nep17Tracker, Nep11Tracker; neo-plugins 3.0.0-preview2 and
2.12, RpcNep5Tracker: RpcNep5Tracker.HandleNotification.
"""

from functools import lru_cache
from typing import Final

from rpcnode.plugin.items import StackItem, to_integer
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160

_ACCOUNT_SIZE: Final = UInt160.SIZE


class NotATransfer(ValueError):
    """A notification of the right name that a tracker ignores."""


def side_of(item: StackItem, *, odd_length_is_null: bool = False) -> UInt160 | None:
    """A sender or receiver: Null, or a ByteString of 20 bytes.

    Raises NotATransfer for anything else, a Buffer too. `odd_length_is_null`: another length stands for Null.
    """
    if item is None:
        return None
    if isinstance(item, bytes):
        if len(item) == _ACCOUNT_SIZE:
            return _account(item)
        if odd_length_is_null:
            return None
    raise NotATransfer


@lru_cache(maxsize=4096)
def _account(item: bytes) -> UInt160:
    """The account that an item names; every tracker asks for each in turn."""
    return UInt160(item)


def amount_of(item: StackItem) -> int:
    """An amount: an Integer, or a ByteString read as one; negative ones too. Raises NotATransfer."""
    if type(item) is int:
        return item
    number = number_of(item) if isinstance(item, bytes) else None
    if number is None:
        raise NotATransfer
    return number


def number_of(item: StackItem) -> int | None:
    """An item as a number; None for what has none, as a Buffer, or over 32 bytes: the nodes would throw there."""
    try:
        return to_integer(item)
    except VmFault:
        return None

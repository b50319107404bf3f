"""How the trackers before N3 read an item as a number, and where that stops their node for good.

Source: neo-vm 2.4.3 and 3.0.0-preview2, Types: GetBigInteger; neo-modules 2.12.2, RpcNep5Tracker: Nep5Balance.
"""

from typing import Final

from rpcnode.plugin.items import StackItem, type_of

UNREADABLE: Final = 1 << (8 * 513)
"""Stands for every number of over 512 bytes: Neo 2 stores such a one, and fails wherever it would read it again."""

_MOST_READ: Final = 512
_MOST_OF_PREVIEW2: Final = 32


def neo2_number(item: StackItem) -> int | None:
    """Bytes of any length, little-endian with a sign; a Boolean is 0 or 1. None: the node stops for good."""
    if isinstance(item, int):
        return int(item)
    if item is None:
        return 0  # Neo 2 has no null: an empty byte array stands for it
    return _number(item) if isinstance(item, bytes) else None


def preview2_number(item: StackItem) -> int | None:
    """At most 32 bytes, little-endian with a sign; a Boolean is 0 or 1. None: the node stops for good."""
    if isinstance(item, int):
        return int(item)
    if isinstance(item, bytes) and len(item) <= _MOST_OF_PREVIEW2:
        return int.from_bytes(item, "little", signed=True)
    return None


def shown_item(item: StackItem) -> str:
    """An item in a message: what it is, not what it holds."""
    return f"{len(item)} bytes" if isinstance(item, bytes) else f"an item of type {type_of(item).name}"


def _number(item: bytes) -> int:
    stored, rest = item[:_MOST_READ], item[_MOST_READ:]
    # Bytes that only extend the sign are not stored.
    extension = b"\xff" if stored[-1:] >= b"\x80" else b"\0"
    return UNREADABLE if rest.strip(extension) else int.from_bytes(stored, "little", signed=True)

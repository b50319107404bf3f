"""Reads Transfer notifications as the trackers do. Source: neo-rpc.md, section 3.2."""

from rpcnode.plugin.items import ByteString, Integer, Null, StackItem, integer_of
from rpcnode.primitives.uint import UInt160

_MAX_INTEGER_BYTES = 32


class NotATransfer(ValueError):
    """A notification of the right name that a tracker ignores."""


def side_of(item: StackItem) -> UInt160 | None:
    """A sender or receiver: Null, or a ByteString of 20 bytes. Raises NotATransfer for anything else, a Buffer too."""
    if isinstance(item, Null):
        return None
    if isinstance(item, ByteString) and len(item.value) == UInt160.SIZE:
        return UInt160(item.value)
    raise NotATransfer


def amount_of(item: StackItem) -> int:
    """An amount: an Integer, or a ByteString read as one. It may be negative: no tracker checks."""
    if isinstance(item, Integer):
        return item.value
    if isinstance(item, ByteString) and len(item.value) <= _MAX_INTEGER_BYTES:
        return integer_of(item.value)
    raise NotATransfer

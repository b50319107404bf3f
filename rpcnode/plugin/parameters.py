"""The types of RPC parameters. A method's annotations say which; the server converts by them, once bound."""

from dataclasses import dataclass
from typing import NewType

from rpcnode.primitives.uint import UInt160, UInt256

UInt32 = NewType("UInt32", int)
"""An integer of 0 to 2^32 - 1: a block index."""

UInt64 = NewType("UInt64", int)
"""An integer of 0 to 2^64 - 1, as far as a double carries it: a time in ms (s in profile n2)."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account, given as an address or as a script hash in hex."""

    script_hash: UInt160
    given_in_hex: bool


@dataclass(frozen=True, slots=True)
class BlockRef:
    """A block, by exactly one of its index and its hash."""

    index: int | None = None
    hash: UInt256 | None = None

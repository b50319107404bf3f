"""Wire bytes of N3, for plugins that take them in."""

from typing import TypeVar

from rpcnode.payloads.block import Block
from rpcnode.payloads.payload import Payload
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.binary import BinaryReader
from rpcnode.primitives.errors import FormatError

P = TypeVar("P", bound=Payload)


def parse_transaction(data: bytes) -> Transaction | None:
    """The signed transaction that `data` begins with, or None; the C# node ignores what follows it."""
    return _first(Transaction, data)


def parse_block(data: bytes) -> Block | None:
    """The block that `data` begins with, or None."""
    return _first(Block, data)


def _first(kind: type[P], data: bytes) -> P | None:
    try:
        return kind.read_from(BinaryReader(data))
    except FormatError:
        return None

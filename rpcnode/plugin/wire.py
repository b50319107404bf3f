"""Wire bytes of N3, for plugins that take them in. The payloads are loaded when the first of them comes."""

from typing import TYPE_CHECKING, TypeVar

from rpcnode.payloads.payload import Payload
from rpcnode.primitives.binary import BinaryReader
from rpcnode.primitives.errors import FormatError

if TYPE_CHECKING:
    from rpcnode.payloads.block import Block
    from rpcnode.payloads.transaction import Transaction

P = TypeVar("P", bound=Payload)


def parse_transaction(data: bytes) -> "Transaction | None":
    """The signed transaction that `data` begins with, or None; the C# node ignores what follows it."""
    from rpcnode.payloads.transaction import Transaction

    return _first(Transaction, data)


def parse_block(data: bytes) -> "Block | None":
    """The block that `data` begins with, or None."""
    from rpcnode.payloads.block import Block

    return _first(Block, data)


def _first(kind: type[P], data: bytes) -> P | None:
    try:
        return kind.read_from(BinaryReader(data))
    except FormatError:
        return None

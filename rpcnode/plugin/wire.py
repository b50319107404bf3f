"""Wire bytes of N3, for plugins that take them in, and the accounts of its keys.

The payloads are loaded when the first of them comes.
"""

from typing import TYPE_CHECKING, TypeVar

from rpcnode.payloads.payload import Payload
from rpcnode.primitives.binary import BinaryReader
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.uint import UInt160

if TYPE_CHECKING:
    from rpcnode.payloads.block import Block
    from rpcnode.payloads.transaction import Transaction

P = TypeVar("P", bound=Payload)


def parse_transaction(data: bytes) -> "Transaction | None":
    """The signed transaction that `data` begins with, or None; the C# node ignores what follows it."""
    from rpcnode.payloads.transaction import Transaction

    return _first(Transaction, data)


def is_oversized(data: bytes) -> bool:
    """Whether `data` has more bytes than a transaction may have."""
    from rpcnode.payloads.transaction import MAX_TRANSACTION_SIZE

    return len(data) > MAX_TRANSACTION_SIZE


def parse_block(data: bytes) -> "Block | None":
    """The block that `data` begins with, or None."""
    from rpcnode.payloads.block import Block

    return _first(Block, data)


def account_of(public_key: ECPoint) -> UInt160:
    """The script hash of the account that one key opens."""
    from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS

    return ACCOUNT_SCRIPTS["n3"].account(public_key)


def _first(kind: type[P], data: bytes) -> P | None:
    try:
        return kind.read_from(BinaryReader(data))
    except FormatError:
        return None

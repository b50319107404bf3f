"""Wire bytes, for plugins that take them in, and the accounts of N3's keys.

The payloads are loaded when the first of them comes.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from rpcnode.payloads.payload import Payload
from rpcnode.primitives.binary import BinaryReader
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import EndOfData, FormatError, InvalidParams, LeakedException, ProfileName
from rpcnode.primitives.uint import UInt160, UInt256

if TYPE_CHECKING:
    from rpcnode.payloads.block import Block
    from rpcnode.payloads.neo2.block import Neo2Block
    from rpcnode.payloads.neo2.transaction import Neo2Transaction
    from rpcnode.payloads.preview2.block import Preview2Block
    from rpcnode.payloads.preview2.transaction import Preview2Transaction
    from rpcnode.payloads.transaction import Transaction

    OlderTransaction = Neo2Transaction | Preview2Transaction
    OlderBlock = Neo2Block | Preview2Block

P = TypeVar("P", bound=Payload)
T = TypeVar("T")


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


def parse_older_transaction(profile: ProfileName, data: bytes, magic: int) -> "OlderTransaction":
    """The transaction that `data` begins with, on an older node.

    Raises InvalidParams for what is none, LeakedException for one that ends too early.
    """
    if profile == "n2":
        from rpcnode.payloads.neo2.transaction import Neo2Transaction

        return _older(profile, Neo2Transaction.read_from, data)
    from rpcnode.payloads.preview2 import transaction as preview2_transaction

    return _older(profile, lambda reader: preview2_transaction.Preview2Transaction.read_from(reader, magic), data)


def parse_older_block(profile: ProfileName, data: bytes, magic: int) -> "OlderBlock":
    """The block that `data` begins with, on an older node; raises as for a transaction."""
    if profile == "n2":
        from rpcnode.payloads.neo2.block import Neo2Block

        return _older(profile, Neo2Block.read_from, data)
    from rpcnode.payloads.preview2 import block as preview2_block

    return _older(profile, lambda reader: preview2_block.Preview2Block.read_from(reader, magic), data)


def empty_proof(contract: UInt160, key: bytes) -> bytes:
    """What Neo 2 proves of a contract's key in a state of which it knows nothing."""
    from rpcnode.payloads.neo2 import proof as neo2_proof

    return neo2_proof.empty_proof(contract, key)


def proved_value(root: UInt256, proof: bytes) -> bytes | None:
    """The value that a proof of Neo 2 shows under a state root, None if it shows none; raises as for a transaction."""
    from rpcnode.payloads.neo2 import proof as neo2_proof

    return _older("n2", lambda reader: neo2_proof.proved_value(root, reader), proof)


def _older(profile: ProfileName, read: Callable[[BinaryReader], T], data: bytes) -> T:
    from rpcnode.payloads.older_readers import Neo2Reader, Preview2Reader

    try:
        return read(Neo2Reader(data) if profile == "n2" else Preview2Reader(data))
    except EndOfData:
        raise LeakedException(-2147024858, "Unable to read beyond the end of the stream.") from None
    except FormatError:
        raise InvalidParams from None


def account_of(public_key: ECPoint) -> UInt160:
    """The script hash of the account that one key opens."""
    from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS

    return ACCOUNT_SCRIPTS["n3"].account(public_key)


def _first(kind: type[P], data: bytes) -> P | None:
    try:
        return kind.read_from(BinaryReader(data))
    except FormatError:
        return None

"""The rows of LedgerContract's storage, derived from the chain: nobody stores them.

Keys and values are the real node's bytes. A block that is only being persisted, or made up for a test invocation, has
no rows yet. Source: neo 3.10.2, SmartContract/Native/{LedgerContract,TrimmedBlock,TransactionState,HashIndexState}.cs.
"""

import heapq
from collections.abc import Iterator
from itertools import chain, groupby, islice
from typing import Final

from rpcnode.execution.ledger_view import ListedLedger
from rpcnode.execution.serializers.binary import serialize
from rpcnode.primitives.binary import BinaryWriter
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import StackItem, Struct

BLOCK_PREFIX: Final = b"\x05"  # then a block's hash
BLOCK_HASH_PREFIX: Final = b"\x09"  # then a block's index, big-endian
TRANSACTION_PREFIX: Final = b"\x0b"  # then a transaction's hash; then, for conflicts, a signer
CURRENT_BLOCK_KEY: Final = b"\x0c"

_INDEX_SIZE: Final = 4
_VM_STATE: Final = 0
"""What a transaction's row says of its end: nothing, for the node writes the outcome to a copy."""

Row = tuple[bytes, bytes]
"""A key and its value."""


def get(view: ListedLedger, key: bytes) -> bytes | None:
    """The value under a key of LedgerContract's storage."""
    prefix, rest = key[:1], key[1:]
    if prefix == BLOCK_PREFIX and len(rest) == UInt256.SIZE:
        return _block_value(view, UInt256(rest))
    if prefix == BLOCK_HASH_PREFIX and len(rest) == _INDEX_SIZE:
        block_hash = view.hash_of(int.from_bytes(rest, "big"))
        return None if block_hash is None else bytes(block_hash)
    if prefix == TRANSACTION_PREFIX and len(rest) == UInt256.SIZE:
        return _transaction_value(view, UInt256(rest))
    if prefix == TRANSACTION_PREFIX and len(rest) == UInt256.SIZE + UInt160.SIZE:
        block_index = view.conflicts(UInt256(rest[: UInt256.SIZE])).get(UInt160(rest[UInt256.SIZE :]))
        return None if block_index is None else _stub(block_index)
    if key == CURRENT_BLOCK_KEY and view.current_index >= 0:
        return _value(bytes(view.current_hash), view.current_index)
    return None


def find(view: ListedLedger, prefix: bytes, start: int = 0) -> Iterator[Row]:
    """The rows whose keys begin with a prefix, in storage order, from the `start`-th on; each made when asked for."""
    kinds = (_block_keys, _block_hash_keys, _transaction_keys, _current_block_keys)
    keys = chain.from_iterable(keys(view, prefix) for keys in kinds)
    for key in islice(keys, start, None):
        value = get(view, key)
        assert value is not None, key.hex()
        yield key, value


def _block_keys(view: ListedLedger, prefix: bytes) -> Iterator[bytes]:
    if prefix[:1] in (b"", BLOCK_PREFIX):
        yield from (BLOCK_PREFIX + block_hash for block_hash in view.block_hashes(prefix[1:]))


def _block_hash_keys(view: ListedLedger, prefix: bytes) -> Iterator[bytes]:
    rest = prefix[1:]
    if prefix[:1] not in (b"", BLOCK_HASH_PREFIX) or len(rest) > _INDEX_SIZE:
        return
    first = int.from_bytes(rest.ljust(_INDEX_SIZE, b"\x00"), "big")
    last = int.from_bytes(rest.ljust(_INDEX_SIZE, b"\xff"), "big")
    for block_index in range(first, min(last, view.current_index) + 1):
        if view.hash_of(block_index) is not None:
            yield BLOCK_HASH_PREFIX + block_index.to_bytes(_INDEX_SIZE, "big")


def _transaction_keys(view: ListedLedger, prefix: bytes) -> Iterator[bytes]:
    if prefix[:1] not in (b"", TRANSACTION_PREFIX):
        return
    hash_prefix = prefix[1 : 1 + UInt256.SIZE]
    named = list(view.conflicting_hashes(hash_prefix))
    has_signers = frozenset(named)
    for transaction_hash, _ in groupby(heapq.merge(view.all_transaction_hashes(hash_prefix), named)):
        signers = sorted(view.conflicts(transaction_hash)) if transaction_hash in has_signers else ()
        for signer in (b"", *signers):
            key = TRANSACTION_PREFIX + transaction_hash + signer
            if key.startswith(prefix):
                yield key


def _current_block_keys(view: ListedLedger, prefix: bytes) -> Iterator[bytes]:
    if CURRENT_BLOCK_KEY.startswith(prefix) and view.current_index >= 0:
        yield CURRENT_BLOCK_KEY


def _block_value(view: ListedLedger, block_hash: UInt256) -> bytes | None:
    """A block's header, then the hashes of its transactions."""
    block_index = view.index_of(block_hash)
    header = None if block_index is None else view.header(block_index)
    if header is None:
        return None
    writer = BinaryWriter()
    header.write_to(writer)
    hashes = view.transaction_hashes(header.index)
    return writer.var_int(len(hashes)).write(b"".join(hashes)).to_bytes()


def _transaction_value(view: ListedLedger, transaction_hash: UInt256) -> bytes | None:
    """A transaction and its block; or, where the hash was only named by others, the newest block that names it."""
    found = view.transaction(transaction_hash)
    if found is not None:
        block_index, transaction = found
        return _value(block_index, transaction.serialize(), _VM_STATE)
    conflicts = view.conflicts(transaction_hash)
    return _stub(max(conflicts.values())) if conflicts else None


def _stub(block_index: int) -> bytes:
    return _value(block_index)


def _value(*members: StackItem) -> bytes:
    return serialize(Struct(members))

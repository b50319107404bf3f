"""LedgerContract: blocks and transactions of the chain, as far back as contracts may see.

Its storage is not stored: natives/ledger_rows.py derives it. Source: neo 3.10.2, SmartContract/Native/
LedgerContract.cs.
"""

from typing import Final

from rpcnode.execution.parameters import Int32, Width, to_width
from rpcnode.execution.serializers.payload_items import block_item, signer_item, transaction_item
from rpcnode.natives.native import NativeContract, Run, native_method
from rpcnode.natives.policy_values import max_traceable_blocks
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.header import Header
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt256
from rpcnode.vm.items import Array, integer_of

_READ: Final = CallFlags.ReadStates
_UINT32: Final = Width("UInt32", 32, is_signed=False)
_NO_VM_STATE: Final = 0


class LedgerContract(NativeContract):
    """What contracts can ask of the chain.

    They see blocks that are at most as old as MaxTraceableBlocks says, and nothing of the block that is being
    persisted: its index is above the newest one.
    """

    id = -4
    name = "LedgerContract"

    @native_method(cpu_fee=1 << 15, flags=_READ, is_plain=True)
    def current_hash(self, run: Run) -> UInt256:
        """The hash of the newest block."""
        return run.ledger.current_hash

    @native_method(cpu_fee=1 << 15, flags=_READ, is_plain=True)
    def current_index(self, run: Run) -> int:
        """The index of the newest block."""
        return run.ledger.current_index

    @native_method(cpu_fee=1 << 15, flags=_READ, returns="Array")
    def get_block(self, run: Run, index_or_hash: bytes) -> Array | None:
        """A block without its transactions."""
        header = _traceable_header(run, index_or_hash, "indexOrHash")
        return None if header is None else block_item(header, len(run.ledger.transaction_hashes(header.index)))

    @native_method(cpu_fee=1 << 15, flags=_READ, returns="Array")
    def get_transaction(self, run: Run, hash_: UInt256) -> Array | None:
        """A transaction."""
        found = _traceable_transaction(run, hash_)
        return None if found is None else transaction_item(found[1])

    @native_method(cpu_fee=1 << 16, flags=_READ, returns="Array")
    def get_transaction_from_block(self, run: Run, block_index_or_hash: bytes, tx_index: Int32) -> Array | None:
        """A transaction by its place in its block."""
        header = _traceable_header(run, block_index_or_hash, "blockIndexOrHash")
        if header is None:
            return None
        hashes = run.ledger.transaction_hashes(header.index)
        if not 0 <= tx_index < len(hashes):
            raise VmFault("Specified argument was out of the range of valid values. (Parameter 'txIndex')")
        found = run.ledger.transaction(hashes[tx_index])
        return None if found is None else transaction_item(found[1])

    @native_method(cpu_fee=1 << 15, flags=_READ)
    def get_transaction_height(self, run: Run, hash_: UInt256) -> int:
        """The index of a transaction's block; -1 for a transaction that is not known."""
        found = _traceable_transaction(run, hash_)
        return -1 if found is None else found[0]

    @native_method(cpu_fee=1 << 15, flags=_READ, returns="Array")
    def get_transaction_signers(self, run: Run, hash_: UInt256) -> Array | None:
        """Who signed a transaction."""
        found = _traceable_transaction(run, hash_)
        return None if found is None else Array(map(signer_item, found[1].signers))

    @native_method(cpu_fee=1 << 15, flags=_READ, name="getTransactionVMState")
    def get_transaction_vm_state(self, run: Run, hash_: UInt256) -> int:
        """Always 0: neo-cli writes how a transaction ended to a copy of what it stores."""
        return _NO_VM_STATE


LEDGER: Final = LedgerContract()


def _traceable_header(run: Run, index_or_hash: bytes, parameter: str) -> Header | None:
    """The block that a contract names: by up to 31 bytes of an index, little-endian, or by a hash of 32."""
    size = len(index_or_hash)
    if size > UInt256.SIZE:
        raise VmFault(f"Invalid {parameter} length: {size} (Parameter '{parameter}')")
    if size == UInt256.SIZE:
        block_index = run.ledger.index_of(UInt256(index_or_hash))
    else:
        block_index = to_width(integer_of(index_or_hash), _UINT32)
    if block_index is None or not _is_traceable(run, block_index):
        return None
    return run.ledger.header(block_index)


def _traceable_transaction(run: Run, transaction_hash: UInt256) -> tuple[int, Transaction] | None:
    found = run.ledger.transaction(transaction_hash)
    return found if found is not None and _is_traceable(run, found[0]) else None


def _is_traceable(run: Run, block_index: int) -> bool:
    current_index = run.ledger.current_index
    return block_index <= current_index < block_index + max_traceable_blocks(run.storage, run.settings)

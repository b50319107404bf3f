"""Executes blocks of N3 into the ledger: every script of theirs is run, and what it writes is stored.

Source: neo 3.10.2, Ledger/Blockchain.cs: Persist.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from rpcnode.chain.blocks import NewBlock, NewTransaction, StoredHeader
from rpcnode.chain.executed.contracts import changed_contracts, contracts_in, states_of
from rpcnode.chain.executed.ledger_view import ChainView
from rpcnode.chain.executed.protocol import protocol_settings
from rpcnode.chain.ledger import Ledger
from rpcnode.execution.block_run import run_block
from rpcnode.execution.records import Execution
from rpcnode.execution.serializers.binary import serialize
from rpcnode.execution.serializers.item_json import MAX_JSON_DEPTH
from rpcnode.execution.serializers.item_text import ItemTexts
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.block import Block
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import Compound, InteropInterface, Pointer, StackItem

_MOST_DEPTH: Final = 2 * MAX_JSON_DEPTH
_NOTHING: Final[Mapping[tuple[int, bytes], bytes]] = {}


class Persist:
    """Brings blocks into one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger: Final = ledger
        self._settings: Final = protocol_settings(ledger.parameters)

    def apply(self, block: Block, before: Mapping[tuple[int, bytes], bytes] = _NOTHING) -> tuple[Execution, ...]:
        """Executes the block that follows the newest one, and stores it. Raises NativesFailed, BlockRefused.

        Of the first block of a chain that begins above genesis `before` is the storage that it stands on, by contract
        id and key.
        """
        storage = self._ledger.new_storage()
        for (contract_id, key), row in before.items():
            storage.put(contract_id, key, row)
        stood = contracts_in(before)
        snapshot = Snapshot(storage)
        view = ChainView(
            self._ledger.store.connection, self._ledger.headers, block.index - 1, block.header.previous_hash
        )
        executions = tuple(run_block(block, snapshot, self._settings, NATIVES, view))
        for (contract_id, key), value in snapshot.changes().items():
            if value is None:
                storage.delete(contract_id, key)
            else:
                storage.put(contract_id, key, value)
        changed = changed_contracts(executions)
        header = block.header
        self._ledger.apply_block(
            NewBlock(
                index=block.index,
                timestamp_ms=header.timestamp_ms,
                merkle_root=header.merkle_root,
                transactions=[new_transaction(transaction) for transaction in block.transactions],
                executions=tuple(map(logged, executions)),
                storage=storage,
                header=StoredHeader(header.hash, header.serialize_unsigned(), header.witness.serialize()),
                contracts=states_of(dict.fromkeys((*stood, *changed)), storage, block.index),
                ended=changed,
            )
        )
        return executions


def logged(execution: Execution) -> Execution:
    """An execution as logs have it: Null stands for an item of its stack that has no bytes.

    So it does, unlike on a real node, for one that is nested deeper than executions are kept.
    Source: neo-node 3.10.2, plugins/ApplicationLogs: LogStorageStore.PutStackItemState.
    """
    if not any(isinstance(item, Compound | Pointer | InteropInterface) for item in execution.stack):
        return execution
    return replace(execution, stack=tuple(item if _has_bytes(item) else None for item in execution.stack))


def _has_bytes(item: StackItem) -> bool:
    try:
        serialize(item)
    except VmFault:
        return False
    return not isinstance(item, Compound) or ItemTexts().of(item).depth <= _MOST_DEPTH


def new_transaction(transaction: Transaction) -> NewTransaction:
    """A transaction with its witnesses, as the ledger stores it."""
    unsigned = transaction.serialize_unsigned()
    return NewTransaction(transaction.hash, unsigned, transaction.serialize()[len(unsigned) :])

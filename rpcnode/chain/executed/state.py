"""What a script that only asks runs on: the state after a block, whatever blocks come meanwhile."""

from collections.abc import Callable, Iterator
from sqlite3 import Connection
from typing import Final, NamedTuple

from rpcnode.chain.db.storage import StorageAt
from rpcnode.chain.executed.ledger_view import ChainView, Hashes
from rpcnode.chain.executed.protocol import protocol_settings
from rpcnode.chain.network import NetworkParameters
from rpcnode.execution.ledger_view import ListedLedger
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import StorageReader
from rpcnode.natives import ledger_rows
from rpcnode.natives.registry import NATIVES

LEDGER_ID: Final = -4


class ExecutionState(NamedTuple):
    """Storage, blocks, settings and native contracts, as an ApplicationEngine takes them."""

    storage: StorageReader
    ledger: ListedLedger
    settings: ProtocolSettings
    natives: NativeSet


class WholeStorage:
    """Stored rows, with those of LedgerContract, which nobody stores."""

    def __init__(self, stored: StorageReader, ledger: ListedLedger) -> None:
        self._stored: Final = stored
        self._ledger: Final = ledger

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        """The value under a key."""
        if contract_id == LEDGER_ID:
            return ledger_rows.get(self._ledger, key)
        return self._stored.get(contract_id, key)

    def find(self, contract_id: int, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix, in storage order, with their values."""
        if contract_id == LEDGER_ID:
            return ledger_rows.find(self._ledger, prefix)
        return self._stored.find(contract_id, prefix)


def execution_state(
    connection: Connection,
    headers: Hashes,
    parameters: NetworkParameters,
    block_index: int,
    storage_index: Callable[[], int],
) -> ExecutionState:
    """The state of an executed chain after a block; `storage_index` tells up to which block storage is written."""
    view = ChainView(connection, headers, block_index)
    stored = StorageAt(connection, block_index, storage_index)
    return ExecutionState(WholeStorage(stored, view), view, protocol_settings(parameters), NATIVES)

"""What a script that only asks runs on: the state after a block, whatever blocks come meanwhile."""

from collections.abc import Callable
from sqlite3 import Connection
from typing import NamedTuple

from rpcnode.chain.db.storage import StorageAt
from rpcnode.chain.executed.ledger_view import ChainView, Hashes
from rpcnode.chain.executed.protocol import protocol_settings
from rpcnode.chain.network import NetworkParameters
from rpcnode.execution.ledger_view import LedgerView
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import StorageReader
from rpcnode.natives.registry import NATIVES


class ExecutionState(NamedTuple):
    """Storage, blocks, settings and native contracts, as an ApplicationEngine takes them."""

    storage: StorageReader
    ledger: LedgerView
    settings: ProtocolSettings
    natives: NativeSet


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
    return ExecutionState(stored, view, protocol_settings(parameters), NATIVES)

"""What a script that only asks runs on: the state after a block, whatever blocks come meanwhile."""

from collections.abc import Callable, Iterator, Mapping
from sqlite3 import Connection
from typing import Final, NamedTuple

from rpcnode.chain.db.execution_rows import settled_index
from rpcnode.chain.db.storage import StorageAt
from rpcnode.chain.executed.ledger_view import ChainView, Hashes
from rpcnode.chain.executed.native_contracts import NATIVES
from rpcnode.chain.executed.passing import pass_blocks
from rpcnode.chain.executed.protocol import protocol_settings
from rpcnode.chain.network import NetworkParameters
from rpcnode.execution.ledger_view import LedgerView
from rpcnode.execution.native_set import NativeSet, StateTwins
from rpcnode.execution.records import Execution
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Place, Snapshot, StorageReader
from rpcnode.natives.empty_blocks import executions_of_empty_block


class ExecutionState(NamedTuple):
    """Storage, blocks, settings and native contracts, as an ApplicationEngine takes them."""

    storage: StorageReader
    ledger: LedgerView
    settings: ProtocolSettings
    natives: NativeSet
    twins: StateTwins


MOST_KEPT: Final = 4 * 1024 * 1024
"""Bytes of rows that one state keeps; those of contracts and policies are read by every run."""

_AROUND_ROW: Final = 200  # bytes that a row takes besides its value
_NOTHING: Final[Mapping[Place, bytes | None]] = {}


class KeptRows:
    """Storage after a block, of which what was read is kept: it stays what it is."""

    __slots__ = ("_left", "_rows", "_stored")

    def __init__(self, stored: StorageReader, known: Mapping[Place, bytes | None] = _NOTHING) -> None:
        self._stored: Final = stored
        self._rows: Final[dict[Place, bytes | None]] = dict(known)
        self._left = MOST_KEPT

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        """The value under a key."""
        place = (contract_id, key)
        try:
            return self._rows[place]
        except KeyError:
            value = self._stored.get(contract_id, key)
        self._left -= _AROUND_ROW + len(value or b"")
        if self._left < 0:
            self._rows.clear()
            self._left = MOST_KEPT
        self._rows[place] = value
        return value

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix, in storage order or against it, with their values."""
        return self._stored.find(contract_id, prefix, backwards)


def execution_state(
    connection: Connection,
    headers: Hashes,
    parameters: NetworkParameters,
    block_index: int,
    storage_index: Callable[[], int],
    known: Mapping[Place, bytes | None] = _NOTHING,
) -> ExecutionState:
    """The state of an executed chain after a block; `storage_index` tells up to which block storage is written.

    `known` are rows as they are after it. `storage_index` may raise StateGone, as whatever is asked of the state then.
    """
    view = ChainView(connection, headers, block_index, standing=storage_index)
    settings = protocol_settings(parameters)
    stored: StorageReader = StorageAt(connection, block_index, storage_index)
    if settled_index(connection, block_index) < block_index:
        snapshot = Snapshot(stored)
        pass_blocks(connection, snapshot, settings, block_index, headers.timestamp_ms)
        stored = snapshot
    rows = KeptRows(stored, known)
    return ExecutionState(
        rows, view, settings, NATIVES, NATIVES.twins.of_state(rows, settings, NATIVES, block_index + 1)
    )


def executions_of_empty(before: ExecutionState, block_index: int, timestamp_ms: int) -> tuple[Execution, ...]:
    """What a block ran that has no transactions and was not stored; `before` is the state before it."""
    return executions_of_empty_block(
        Snapshot(before.storage), before.settings, before.natives, block_index, timestamp_ms
    )

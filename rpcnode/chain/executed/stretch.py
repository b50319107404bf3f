"""What empty blocks that nobody stored change in storage, one block of a stretch after another or in any order."""

from collections.abc import Callable, Iterable
from sqlite3 import Connection
from typing import Final

from rpcnode.chain.db.execution_rows import settled_index
from rpcnode.chain.db.storage import StorageAt
from rpcnode.chain.executed.passing import pass_blocks
from rpcnode.chain.executed.protocol import protocol_settings
from rpcnode.chain.executed.state import KeptRows
from rpcnode.chain.network import NetworkParameters
from rpcnode.execution.snapshot import Place, Snapshot


class Stretch:
    """The empty blocks behind one that was executed when it came, of which `block_index` is one.

    It stays what it is while blocks are added to the chain; after a rewind it is of no more use. `storage_index` tells
    up to which block storage is written.
    """

    def __init__(
        self,
        connection: Connection,
        parameters: NetworkParameters,
        block_index: int,
        time_ms_of: Callable[[int], int],
        storage_index: Callable[[], int],
    ) -> None:
        self._connection: Final = connection
        self._settled: Final = settled_index(connection, block_index)
        self._settings: Final = protocol_settings(parameters)
        self._time_ms_of: Final = time_ms_of
        # Nothing is written between the block before the stretch and this one.
        self._stored: Final = KeptRows(StorageAt(connection, block_index, storage_index))

    def holds(self, block_index: int) -> bool:
        """Whether a block is one of the stretch."""
        return self._settled == settled_index(self._connection, block_index) < block_index

    def changes(self, block_index: int) -> Iterable[tuple[Place, bytes | None]]:
        """What the blocks of the stretch up to one have changed: rows with their values then, None for those gone."""
        snapshot = Snapshot(self._stored)
        pass_blocks(self._connection, snapshot, self._settings, block_index, self._time_ms_of)
        return snapshot.changes().items()

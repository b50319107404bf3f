"""Empty blocks of an executed chain: nothing is stored of them, what they did is worked out when it is asked for."""

from collections.abc import Callable
from sqlite3 import Connection

from rpcnode.chain.db.execution_rows import settled_index
from rpcnode.chain.executed.native_contracts import NATIVES
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot, StorageReader
from rpcnode.natives.empty_blocks import pass_empty_blocks
from rpcnode.natives.neo.empty_block_mints import mints_of_empty_blocks, received


def paying_blocks(storage: StorageReader, settings: ProtocolSettings, first: int, count: int) -> list[int]:
    """Of a stretch of empty blocks the last that pays each of its receivers, in order; `storage` is that before it."""
    if first <= 0:
        return []
    gained = received(mints_of_empty_blocks(storage, settings, first, count))
    return sorted({each.last_block_index for each in gained.values()})


def pass_blocks(
    connection: Connection,
    snapshot: Snapshot,
    settings: ProtocolSettings,
    block_index: int,
    time_ms_of: Callable[[int], int],
) -> None:
    """Has the snapshot, which is over storage as it is stored, be as it is after a block."""
    settled = settled_index(connection, block_index)
    if settled < block_index:
        pass_empty_blocks(snapshot, settings, NATIVES, settled + 1, block_index - settled, time_ms_of)

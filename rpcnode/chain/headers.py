"""Headers that nobody stored, worked out when somebody asks.

A described chain may stand at block 7,000,000 with ten declared blocks. The others are empty, and their headers follow
from the constants of the network: the timestamp from the last stored block and the block time, the nonce from the
index, the previous hash from the header before. That last rule makes the hash of a block depend on every block below
it, so a walk up to it is needed once; what it finds is kept in memory at every 512th block.

Modelled, not exact: a walk is at most `SPAN` blocks long. A derived block whose index is a multiple of `SPAN` names a
previous hash that is derived from its index, not the hash of the block below it. Chains of up to `SPAN` blocks are
linked throughout.
"""

import sqlite3
from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from hashlib import sha256

from rpcnode.chain.layout import PayloadLayout
from rpcnode.chain.network import NetworkParameters
from rpcnode.chain.searched_hashes import SPAN, SearchedHashes
from rpcnode.primitives.uint import UInt160, UInt256

CHECKPOINT_EVERY = 512
GENESIS_NONCE = 2083236893

_NONCE_STEP = 0x9E3779B97F4A7C15


def header_nonce(block_index: int) -> int:
    """The nonce of a block that this node makes: spread over 64 bits, the same on every machine."""
    return GENESIS_NONCE if block_index == 0 else (block_index * _NONCE_STEP) & 0xFFFFFFFFFFFFFFFF


class Headers:
    """Index to hash and back, for stored and derived blocks; callers see to it that an index lies within the chain."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        layout: PayloadLayout,
        parameters: NetworkParameters,
        next_consensus: UInt160,
    ) -> None:
        self._connection = connection
        self._parameters = parameters
        self._layout = layout
        self._writer = layout.header_writer(next_consensus)
        self._known: dict[int, bytes] = {}
        self._known_indexes: list[int] = []
        self._searched = SearchedHashes(lambda start, stop: self._walk(start, self.previous_hash_of(start), stop))

    def hash_of(self, block_index: int) -> UInt256:
        """The hash of the block at an index."""
        row = self._connection.execute("SELECT hash FROM chain_block WHERE block_index = ?", (block_index,)).fetchone()
        if row is not None and row[0] is not None:
            return UInt256(row[0])
        known = self._known.get(block_index)
        if known is None:
            known = self._resolve(block_index)
        return UInt256(known)

    def previous_hash_of(self, block_index: int) -> UInt256:
        """What the header at an index names as the hash before it."""
        if block_index == 0:
            return UInt256.ZERO
        if block_index % SPAN == 0 and not self._is_linked(block_index):
            return UInt256(self._edge(block_index))
        return self.hash_of(block_index - 1)

    def hashed_part_of(self, block_index: int) -> bytes:
        """The hashed part of a header: stored where the block was mined or recorded, derived elsewhere."""
        row = self._connection.execute(
            "SELECT header, merkle_root FROM chain_block WHERE block_index = ?", (block_index,)
        ).fetchone()
        if row is not None and row[0] is not None:
            return bytes(row[0])
        previous, timestamp_ms = self.previous_hash_of(block_index), self.timestamp_ms(block_index)
        if row is None:
            return self._writer.of_empty(previous, timestamp_ms, header_nonce(block_index), block_index)
        return self.new_header(block_index, previous, row[1], timestamp_ms)

    def new_header(self, block_index: int, previous: bytes, merkle_root: bytes, timestamp_ms: int) -> bytes:
        """The hashed part of a header this node makes."""
        return self._writer.of_root(previous, merkle_root, timestamp_ms, header_nonce(block_index), block_index)

    def merkle_root(self, block_index: int, transaction_hashes: Sequence[UInt256]) -> UInt256:
        """The merkle root of a block this node makes, by the transactions it is given."""
        return self._layout.merkle_root(header_nonce(block_index), transaction_hashes)

    def digest(self, hashed_part: bytes) -> UInt256:
        """The hash of a header, as the profile hashes it."""
        return UInt256(self._layout.digest(hashed_part))

    def timestamp_ms(self, block_index: int) -> int:
        """The time of the block at an index: stored, or counted on from the last stored block."""
        base, timestamp_ms = self._stored_at_or_below(block_index)
        return timestamp_ms + (block_index - base) * self._parameters.ms_per_block

    def index_of(self, block_hash: UInt256, header_height: int) -> int | None:
        """The index of a block by its hash, or None.

        A derived block that was never handed out is searched for once among the newest `SPAN` blocks and the oldest.
        """
        row = self._connection.execute("SELECT block_index FROM chain_block WHERE hash = ?", (block_hash,)).fetchone()
        if row is not None:
            return int(row[0])
        return self._searched.index_of(block_hash, header_height)

    def forget_from(self, block_index: int) -> None:
        """Drops what was worked out at or above an index: those blocks are others now."""
        self._known = {index: known for index, known in self._known.items() if index < block_index}
        self._known_indexes = sorted(self._known)
        self._searched.forget_from(block_index)

    def _resolve(self, block_index: int) -> bytes:
        start, previous = self._nearest_below(block_index)
        known = previous
        for index, known in self._walk(start, previous, block_index):
            if index % CHECKPOINT_EVERY == 0 or index == block_index:
                self._remember(index, known)
        return known

    def _remember(self, block_index: int, block_hash: bytes) -> None:
        if block_index not in self._known:
            self._known[block_index] = block_hash
            self._searched.remember(block_index, block_hash)
            insort(self._known_indexes, block_index)

    def _nearest_below(self, block_index: int) -> tuple[int, bytes]:
        """Where a walk to an index begins: the first index to work out, and the hash before it."""
        span_start = block_index - block_index % SPAN
        start, previous = span_start, self._before(span_start)
        position = bisect_right(self._known_indexes, block_index)
        if position and self._known_indexes[position - 1] >= start:
            start = self._known_indexes[position - 1] + 1
            previous = self._known[start - 1]
        row = self._connection.execute(
            "SELECT block_index, hash FROM chain_block WHERE block_index BETWEEN ? AND ? AND hash IS NOT NULL"
            " ORDER BY block_index DESC LIMIT 1",
            (start, block_index),
        ).fetchone()
        return (start, previous) if row is None else (row[0] + 1, row[1])

    def _before(self, span_start: int) -> bytes:
        return bytes(32) if span_start == 0 else self._edge(span_start)

    def _edge(self, block_index: int) -> bytes:
        return sha256(b"rpcnode span %d %d" % (self._parameters.magic, block_index)).digest()

    def _is_linked(self, block_index: int) -> bool:
        row = self._connection.execute("SELECT hash FROM chain_block WHERE block_index = ?", (block_index,)).fetchone()
        return row is not None and row[0] is not None

    def _stored_at_or_below(self, block_index: int) -> tuple[int, int]:
        row = self._connection.execute(
            "SELECT block_index, timestamp_ms FROM chain_block WHERE block_index <= ?"
            " ORDER BY block_index DESC LIMIT 1",
            (block_index,),
        ).fetchone()
        return (0, self._parameters.genesis_time_ms) if row is None else (row[0], row[1])

    def _walk(self, start: int, previous: bytes, stop: int) -> Iterator[tuple[int, bytes]]:
        """Index and hash of each block from `start` to `stop`, both included."""
        digest, (of_root, of_empty) = self._layout.digest, self._writer
        ms_per_block = self._parameters.ms_per_block
        base, timestamp_ms = self._stored_at_or_below(start)
        timestamp_ms += (start - base) * ms_per_block
        stored = self._connection.execute(
            "SELECT block_index, timestamp_ms, merkle_root, hash FROM chain_block WHERE block_index BETWEEN ? AND ?"
            " ORDER BY block_index",
            (start, stop),
        ).fetchall()
        index = start
        for stored_index, stored_ms, merkle_root, stored_hash in (*stored, (stop + 1, 0, b"", b"")):
            for derived_index in range(index, stored_index):
                previous = digest(of_empty(previous, timestamp_ms, header_nonce(derived_index), derived_index))
                timestamp_ms += ms_per_block
                yield derived_index, previous
            if stored_index > stop:
                return
            previous = stored_hash or digest(
                of_root(previous, merkle_root, stored_ms, header_nonce(stored_index), stored_index)
            )
            yield stored_index, previous
            index, timestamp_ms = stored_index + 1, stored_ms + ms_per_block

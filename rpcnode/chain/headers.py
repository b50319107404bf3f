"""Headers that nobody stored, worked out when somebody asks.

A described chain may stand at block 7,000,000 with ten declared blocks. The others are empty, and their headers follow
from the constants of the network: the timestamp from the last stored block and the block time, the nonce from the
index, the previous hash from the header before. That last rule makes the hash of a block depend on every block below
it, so a walk up to it is needed once; what it finds is kept in memory at every 512th block, and of the blocks asked
for last.

Modelled, not exact: a walk is at most `SPAN` blocks long. An undeclared block whose index is a multiple of `SPAN`,
after an undeclared one, names a previous hash that is derived from its index; by that hash the block below it is found,
whose own hash is another. All other blocks are linked: every declared, mined or recorded block to both its neighbours,
and chains of up to `SPAN` blocks throughout.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import sha256

from rpcnode.chain.layout import PayloadLayout
from rpcnode.chain.network import NetworkParameters
from rpcnode.chain.searched_hashes import SPAN, SearchedHashes
from rpcnode.primitives.uint import UInt160, UInt256

CHECKPOINT_EVERY = 512
GENESIS_NONCE = 2083236893

_MOST_RECENT = 4096
_NONCE_STEP = 0x9E3779B97F4A7C15
_NONCE_MASK = 0xFFFFFFFFFFFFFFFF
_INDEX_SIZE = 4


def header_nonce(block_index: int) -> int:
    """The nonce of a block that this node makes: spread over 64 bits, the same on every machine."""
    return GENESIS_NONCE if block_index == 0 else (block_index * _NONCE_STEP) & _NONCE_MASK


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
        self._checkpoints: dict[int, bytes] = {}
        self._recent: dict[int, bytes] = {}
        self._highest_known = -1
        self._searched = SearchedHashes(self._walk_from, self.hash_of)

    def hash_of(self, block_index: int) -> UInt256:
        """The hash of the block at an index."""
        row = self._connection.execute("SELECT hash FROM chain_block WHERE block_index = ?", (block_index,)).fetchone()
        if row is not None and row[0] is not None:
            return UInt256(row[0])
        known = self._recent.get(block_index)
        return UInt256(self._resolve(block_index) if known is None else known)

    def previous_hash_of(self, block_index: int) -> UInt256:
        """What the header at an index names as the hash before it.

        Of a block that is yet to be stored at a multiple of `SPAN` that is what an empty block there would name; the
        block itself goes by `hash_of(block_index - 1)`.
        """
        if block_index == 0:
            return UInt256.ZERO
        if self._is_unlinked(block_index):
            return self._edge(block_index)
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
            hashed_part = self._writer.of_empty(previous, timestamp_ms, header_nonce(block_index), block_index)
        else:
            hashed_part = self.new_header(block_index, previous, row[1], timestamp_ms)
        if block_index not in self._recent:
            self._remember(block_index, self._layout.digest(hashed_part))
        return hashed_part

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

        Every hash that was handed out has its index. One that never was (a hash that another process handed out, of
        the same chain) is searched for once among the newest `SPAN` blocks and the oldest. What an unlinked block names
        as its previous hash leads to the block below it.
        """
        row = self._connection.execute("SELECT block_index FROM chain_block WHERE hash = ?", (block_hash,)).fetchone()
        if row is not None and row[0] <= header_height:
            return int(row[0])
        edge = int.from_bytes(block_hash[-_INDEX_SIZE:], "little")
        if 0 < edge <= header_height and self._is_unlinked(edge) and self._edge(edge) == block_hash:
            return edge - 1
        return self._searched.index_of(block_hash, header_height)

    def forget_from(self, block_index: int) -> None:
        """Drops what was worked out at or above an index: those blocks are others now."""
        if block_index > self._highest_known:
            return
        self._highest_known = block_index - 1
        for known in (self._checkpoints, self._recent):
            for index in [index for index in known if index >= block_index]:
                del known[index]
        self._searched.forget_from(block_index)

    def _resolve(self, block_index: int) -> bytes:
        start, previous = self._nearest_below(block_index)
        known = previous
        for index, known in self._walk(start, previous, block_index):
            if index % CHECKPOINT_EVERY == 0:
                self._checkpoints[index] = known
        self._remember(block_index, known)
        return known

    def _remember(self, block_index: int, block_hash: bytes) -> None:
        """Takes note of the hash of a block that is not stored: it is about to be handed out."""
        if len(self._recent) >= _MOST_RECENT:
            self._recent.clear()
        self._recent[block_index] = block_hash
        self._highest_known = max(self._highest_known, block_index)
        self._searched.remember(block_index, block_hash)

    def _nearest_below(self, block_index: int) -> tuple[int, bytes]:
        """Where a walk to an index begins: the first index to work out, and the hash before it."""
        if block_index - 1 in self._recent and not self._is_unlinked(block_index):
            return block_index, self._recent[block_index - 1]
        start = block_index - block_index % SPAN
        checkpoints = range(block_index - block_index % CHECKPOINT_EVERY, start - 1, -CHECKPOINT_EVERY)
        checkpoint = next((index for index in checkpoints if index in self._checkpoints), None)
        row = self._connection.execute(
            "SELECT block_index, hash FROM chain_block WHERE block_index BETWEEN ? AND ? AND hash IS NOT NULL"
            " ORDER BY block_index DESC LIMIT 1",
            (start if checkpoint is None else checkpoint + 1, block_index),
        ).fetchone()
        if row is not None:
            return row[0] + 1, row[1]
        if checkpoint is not None:
            return checkpoint + 1, self._checkpoints[checkpoint]
        return start, self.previous_hash_of(start)

    def _edge(self, block_index: int) -> UInt256:
        """The previous hash that an unlinked block names; it ends with the block's index."""
        derived = sha256(b"rpcnode span %d %d" % (self._parameters.magic, block_index)).digest()
        return UInt256(derived[:-_INDEX_SIZE] + block_index.to_bytes(_INDEX_SIZE, "little"))

    def _is_unlinked(self, block_index: int) -> bool:
        if block_index == 0 or block_index % SPAN:
            return False
        return (
            self._connection.execute(
                "SELECT 1 FROM chain_block WHERE block_index BETWEEN ? AND ?", (block_index - 1, block_index)
            ).fetchone()
            is None
        )

    def _stored_at_or_below(self, block_index: int) -> tuple[int, int]:
        row = self._connection.execute(
            "SELECT block_index, timestamp_ms FROM chain_block WHERE block_index <= ?"
            " ORDER BY block_index DESC LIMIT 1",
            (block_index,),
        ).fetchone()
        return (0, self._parameters.genesis_time_ms) if row is None else (row[0], row[1])

    def _walk_from(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        previous = self.previous_hash_of(start)
        self._highest_known = max(self._highest_known, stop)
        return self._walk(start, previous, stop)

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
                nonce = (derived_index * _NONCE_STEP) & _NONCE_MASK if derived_index else GENESIS_NONCE
                previous = digest(of_empty(previous, timestamp_ms, nonce, derived_index))
                timestamp_ms += ms_per_block
                yield derived_index, previous
            if stored_index > stop:
                return
            previous = stored_hash or digest(
                of_root(previous, merkle_root, stored_ms, header_nonce(stored_index), stored_index)
            )
            yield stored_index, previous
            index, timestamp_ms = stored_index + 1, stored_ms + ms_per_block

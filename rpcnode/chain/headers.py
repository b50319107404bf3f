"""Headers that nobody stored, worked out when somebody asks.

A described chain may stand at block 7,000,000 with ten declared blocks. The others are empty, and their headers follow
from the constants of the network: the timestamp from the last stored block and the block time, the nonce from the
index, the previous hash from the header before. That last rule makes the hash of a block depend on every block below
it, so `links.py` stores hashes on the way, and a reader walks from the nearest one, over less than `SPAN` blocks. What
a walk finds is kept in memory by what it follows from, so it is true on any chain and is not forgotten when the node
goes back to a snapshot.

Modelled, not exact: where more than `MOST_LINKED` (links.py) empty blocks come to be at once, those among them whose
index is a multiple of `SPAN` name a previous hash that is derived from the index; by that hash the block below is
found, whose own hash is another. All other blocks are linked: every declared, mined or recorded block to both its
neighbours, and a chain that grows in smaller steps throughout.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from rpcnode.chain.db.handed_out import HandedOut
from rpcnode.chain.format.layout import PayloadLayout
from rpcnode.chain.network import NetworkParameters
from rpcnode.primitives.uint import UInt160, UInt256

SPAN = 1 << 9
"""A walk to a hash is shorter than this."""

GENESIS_NONCE = 2083236893

_MOST_RECENT = 4096
_MOST_RUNS = 256
_NONCE_STEP = 0x9E3779B97F4A7C15
_NONCE_MASK = 0xFFFFFFFFFFFFFFFF
_INDEX_SIZE = 4
_HASH_SIZE = UInt256.SIZE

_STORED_AT_OR_BELOW = """
    SELECT block_index, timestamp_ms, hash FROM chain_block WHERE block_index <= ? ORDER BY block_index DESC LIMIT 1
"""
_LINK_AT_OR_BELOW = "SELECT block_index, hash FROM chain_link WHERE block_index <= ? ORDER BY block_index DESC LIMIT 1"
_STORED_BETWEEN = """
    SELECT block_index, timestamp_ms, merkle_root, hash FROM chain_block WHERE block_index BETWEEN ? AND ?
    ORDER BY block_index
"""

_Stored = tuple[int, int, bytes, bytes | None]
"""Index, time in ms, merkle root and, of a recorded block, hash."""


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
        handed_out: HandedOut,
    ) -> None:
        self._connection = connection
        self._parameters = parameters
        self._layout = layout
        self._writer = layout.header_writer(next_consensus)
        self._recent: dict[int, bytes] = {}
        self._highest_known = -1
        self._runs: dict[tuple[int, bytes, int, tuple[_Stored, ...]], bytearray] = {}
        self._handed_out = handed_out

    def hash_of(self, block_index: int) -> UInt256:
        """The hash of the block at an index."""
        known = self._recent.get(block_index)
        if known is None:
            known = self._resolve(block_index)
            self._remember(block_index, known)
        return UInt256(known)

    def previous_hash_of(self, block_index: int) -> UInt256:
        """What the header at an index names as the hash before it.

        Of a block that is yet to be stored at a multiple of `SPAN` that is what an empty block there would name; the
        block itself goes by `hash_of(block_index - 1)`.
        """
        if block_index == 0:
            return UInt256.ZERO
        if self.is_unlinked(block_index):
            return self._edge(block_index)
        return self.hash_of(block_index - 1)

    def hashed_part_of(self, block_index: int) -> bytes:
        """The hashed part of a header: stored where the block was recorded, derived elsewhere."""
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
        row = self._connection.execute(_STORED_AT_OR_BELOW, (block_index,)).fetchone()
        base, timestamp_ms = (0, self._parameters.genesis_time_ms) if row is None else row[:2]
        return int(timestamp_ms) + (block_index - int(base)) * self._parameters.ms_per_block

    def index_of(self, block_hash: UInt256, header_height: int) -> int | None:
        """The index of a block by its hash, or None.

        Every stored block is found, and every hash that was handed out. A derived one that never was (a hash that
        another process handed out, of the same chain) is searched for among the newest `SPAN` blocks at least, and the
        oldest 2 * `SPAN`.
        What an unlinked block names as its previous hash leads to the block below it.
        """
        for table in ("chain_block", "chain_link"):
            row = self._connection.execute(f"SELECT block_index FROM {table} WHERE hash = ?", (block_hash,)).fetchone()
            if row is not None and row[0] <= header_height:
                return int(row[0])
        edge = int.from_bytes(block_hash[-_INDEX_SIZE:], "little")
        if 0 < edge <= header_height and self.is_unlinked(edge) and self._edge(edge) == block_hash:
            return edge - 1
        for candidate in self._handed_out.candidates(block_hash):
            if candidate <= header_height and self.hash_of(candidate) == block_hash:
                return candidate
        newest = header_height - header_height % SPAN
        for start in dict.fromkeys((newest, newest - SPAN, 0, SPAN)):
            if 0 <= start <= newest:
                found = self._found_in_span(block_hash, start, min(start + SPAN - 1, header_height))
                if found is not None:
                    return found
        return None

    def forget_from(self, block_index: int) -> None:
        """Drops what was worked out at or above an index: those blocks are others now."""
        if block_index > self._highest_known:
            return
        self._highest_known = block_index - 1
        for index in [index for index in self._recent if index >= block_index]:
            del self._recent[index]

    def is_unlinked(self, block_index: int) -> bool:
        """Whether the header at an index names another previous hash than that of the block below."""
        if block_index == 0 or block_index % SPAN:
            return False
        stored = self._connection.execute(_STORED_AT_OR_BELOW, (block_index,)).fetchone()
        return self._link(block_index, stored)[0] < block_index - 1

    def _resolve(self, block_index: int) -> bytes:
        stored = self._connection.execute(_STORED_AT_OR_BELOW, (block_index,)).fetchone()
        if stored is not None and stored[0] == block_index and stored[2] is not None:
            return bytes(stored[2])
        base, previous = self._link(block_index, stored)
        if base == block_index:
            return previous
        edge = block_index - block_index % SPAN
        start = base + 1
        if edge > start:
            start, previous = edge, self._edge(edge)
        place = (block_index - start) * _HASH_SIZE
        return bytes(self._run(start, previous, block_index)[place : place + _HASH_SIZE])

    def _found_in_span(self, block_hash: bytes, start: int, stop: int) -> int | None:
        hashes = self._run(start, self.previous_hash_of(start), stop)
        position = hashes.find(block_hash)
        while position >= 0 and position % _HASH_SIZE:
            position = hashes.find(block_hash, position + 1)
        found = start + position // _HASH_SIZE
        return found if position >= 0 and found <= stop else None

    def _link(self, block_index: int, stored: tuple[int, int, bytes | None] | None) -> tuple[int, bytes]:
        """The nearest block at or below an index whose hash is stored, and that hash; -1 where there is none."""
        link = self._connection.execute(_LINK_AT_OR_BELOW, (block_index,)).fetchone()
        found: tuple[int, bytes] = (-1, UInt256.ZERO) if link is None else link
        if stored is not None and stored[2] is not None and stored[0] > found[0]:
            found = stored[0], stored[2]
        return found

    def _run(self, start: int, previous: bytes, stop: int) -> bytes | bytearray:
        """The hashes of the blocks from `start` on, linked throughout, at least up to `stop`, one behind the other.

        They are kept by what they follow from, so they are right whatever becomes of the chain.
        """
        start_ms = self.timestamp_ms(start)
        stored = tuple(self._connection.execute(_STORED_BETWEEN, (start, stop)))
        key = start, previous, start_ms, stored
        run = self._runs.pop(key, None)
        if run is None:
            run = bytearray()
            if len(self._runs) >= _MOST_RUNS:
                del self._runs[next(iter(self._runs))]
        self._runs[key] = run
        known = len(run) // _HASH_SIZE
        if known <= stop - start:
            if stored:
                run[:] = b"".join(self._walk(start, previous, start_ms, stored, stop))
            else:
                before = bytes(run[-_HASH_SIZE:]) if known else previous
                run += b"".join(
                    self._derived(start + known, before, start_ms + known * self._parameters.ms_per_block, stop)
                )
        return run

    def _derived(self, start: int, previous: bytes, timestamp_ms: int, stop: int) -> Iterator[bytes]:
        """The hashes of empty blocks up to `stop`, included."""
        digest, of_empty, ms_per_block = self._layout.digest, self._writer.of_empty, self._parameters.ms_per_block
        for index in range(start, stop + 1):
            nonce = (index * _NONCE_STEP) & _NONCE_MASK if index else GENESIS_NONCE
            previous = digest(of_empty(previous, timestamp_ms, nonce, index))
            timestamp_ms += ms_per_block
            yield previous

    def _remember(self, block_index: int, block_hash: bytes) -> None:
        """Takes note of a hash that is about to be handed out."""
        self._handed_out.remember(block_index, block_hash)
        if len(self._recent) >= _MOST_RECENT:
            self._recent.clear()
        self._recent[block_index] = block_hash
        self._highest_known = max(self._highest_known, block_index)

    def _edge(self, block_index: int) -> UInt256:
        """The previous hash that an unlinked block names; it ends with the block's index."""
        if block_index == 0:
            return UInt256.ZERO
        derived = sha256(b"rpcnode span %d %d" % (self._parameters.magic, block_index)).digest()
        return UInt256(derived[:-_INDEX_SIZE] + block_index.to_bytes(_INDEX_SIZE, "little"))

    def _walk(
        self, start: int, previous: bytes, timestamp_ms: int, stored: Iterable[_Stored], stop: int
    ) -> Iterator[bytes]:
        """The hashes of the blocks from `start` to `stop`, both included, some of which are stored."""
        digest, of_root, index, known = self._layout.digest, self._writer.of_root, start, previous
        for stored_index, stored_ms, merkle_root, stored_hash in (*stored, (stop + 1, 0, b"", None)):
            for derived in self._derived(index, known, timestamp_ms, stored_index - 1):
                known = derived
                yield known
            if stored_index > stop:
                return
            known = stored_hash or digest(
                of_root(known, merkle_root, stored_ms, header_nonce(stored_index), stored_index)
            )
            yield known
            index, timestamp_ms = stored_index + 1, stored_ms + self._parameters.ms_per_block

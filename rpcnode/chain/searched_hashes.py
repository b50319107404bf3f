"""From a hash back to a block index, for hashes that are worked out and not stored."""

from collections.abc import Callable, Iterator

SPAN = 1 << 17
"""How many blocks one search goes through at most."""


class SearchedHashes:
    """Hashes that were handed out, and those of the newest `SPAN` blocks and the oldest, once somebody asks.

    `walk` gives index and hash of each block between two indexes of one span, both included.
    """

    def __init__(self, walk: Callable[[int, int], Iterator[tuple[int, bytes]]]) -> None:
        self._walk = walk
        self._by_hash: dict[bytes, int] = {}
        self._next_to_search: dict[int, int] = {}

    def remember(self, block_index: int, known: bytes) -> None:
        """Takes note of a hash."""
        self._by_hash[known] = block_index

    def index_of(self, wanted: bytes, height: int) -> int | None:
        """The block that a hash belongs to, up to `height`; None where it was never handed out and is not found."""
        for span in (height // SPAN, 0):
            if wanted in self._by_hash:
                break
            start = self._next_to_search.get(span, span * SPAN)
            stop = min(span * SPAN + SPAN - 1, height)
            if start <= stop:
                self._next_to_search[span] = stop + 1
                self._by_hash.update((known, index) for index, known in self._walk(start, stop))
        found = self._by_hash.get(wanted)
        return found if found is not None and found <= height else None

    def forget_from(self, block_index: int) -> None:
        """Drops the hashes at or above an index: those blocks are others now."""
        self._by_hash = {known: index for known, index in self._by_hash.items() if index < block_index}
        self._next_to_search = {
            span: min(index, max(block_index, span * SPAN)) for span, index in self._next_to_search.items()
        }

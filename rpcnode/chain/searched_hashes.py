"""From a hash back to a block index, for hashes that are worked out and not stored."""

from collections.abc import Callable, Iterator

SPAN = 1 << 17
"""How many blocks one search goes through at most."""

MOST_SINGLE = 1 << 13
"""How many hashes of one span are kept one by one; past that the span is searched, which takes less memory."""

_PREFIX = 8


class SearchedHashes:
    """Hashes that were handed out, and those of the newest `SPAN` blocks and the oldest, once somebody asks.

    Each block is searched once. Memory is bounded by the chain: a hash that was handed out takes some 150 bytes, a
    searched block takes eight, the beginning of its hash; that is 1.2 MB a span before it is searched, and 1 MiB after.

    `walk` gives index and hash of each block between two indexes of one span, both included; `hash_of` gives the hash
    of one block that was searched.
    """

    def __init__(
        self, walk: Callable[[int, int], Iterator[tuple[int, bytes]]], hash_of: Callable[[int], bytes]
    ) -> None:
        self._walk = walk
        self._hash_of = hash_of
        self._single: dict[int, dict[bytes, int]] = {}
        self._prefixes: dict[int, bytearray] = {}

    def remember(self, block_index: int, known: bytes) -> None:
        """Takes note of a hash that is handed out."""
        span = block_index // SPAN
        if block_index < self._next_to_search(span):
            return
        single = self._single.setdefault(span, {})
        single[known] = block_index
        if len(single) > MOST_SINGLE:
            self._search(span, max(single.values()))
            single.clear()

    def index_of(self, wanted: bytes, height: int) -> int | None:
        """The block that a hash belongs to, up to `height`; None where it was never handed out and is not found."""
        if height < 0:
            return None
        found = self._known_index_of(wanted)
        for span in dict.fromkeys((height // SPAN, 0)):
            if found is not None:
                break
            searched = self._next_to_search(span)
            self._search(span, min(span * SPAN + SPAN - 1, height))
            found = self._searched_index_of(wanted, span, searched)
        return found if found is not None and found <= height else None

    def forget_from(self, block_index: int) -> None:
        """Drops the hashes at or above an index: those blocks are others now."""
        first_span = block_index // SPAN
        self._single = {
            span: {known: index for known, index in single.items() if index < block_index}
            if span == first_span
            else single
            for span, single in self._single.items()
            if span <= first_span
        }
        self._prefixes = {span: prefixes for span, prefixes in self._prefixes.items() if span <= first_span}
        if first_span in self._prefixes:
            del self._prefixes[first_span][block_index % SPAN * _PREFIX :]

    def _next_to_search(self, span: int) -> int:
        return span * SPAN + len(self._prefixes.get(span, b"")) // _PREFIX

    def _search(self, span: int, stop: int) -> None:
        start = self._next_to_search(span)
        if start <= stop:
            found = b"".join([known[:_PREFIX] for _, known in self._walk(start, stop)])
            self._prefixes.setdefault(span, bytearray()).extend(found)

    def _known_index_of(self, wanted: bytes) -> int | None:
        for single in self._single.values():
            if wanted in single:
                return single[wanted]
        # A list: hashing a candidate may lead to hashes of other spans.
        for span in list(self._prefixes):
            found = self._searched_index_of(wanted, span, span * SPAN)
            if found is not None:
                return found
        return None

    def _searched_index_of(self, wanted: bytes, span: int, since: int) -> int | None:
        """The index of a hash in what was searched of a span, from the index `since` on."""
        prefixes, prefix = self._prefixes.get(span, bytearray()), wanted[:_PREFIX]
        position = prefixes.find(prefix, (since - span * SPAN) * _PREFIX)
        while position >= 0:
            place, offset = divmod(position, _PREFIX)
            if offset == 0 and self._hash_of(span * SPAN + place) == wanted:
                return span * SPAN + place
            position = prefixes.find(prefix, position + 1)
        return None

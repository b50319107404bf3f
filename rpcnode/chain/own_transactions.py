"""The transactions that blocks of Neo 2 have of their own: which block one is of. It follows from the index alone."""

from collections.abc import Iterable
from typing import Final

from rpcnode.chain.db.handed_out import HandedOut
from rpcnode.chain.format.layout import PayloadLayout
from rpcnode.chain.headers import header_nonce

_PART: Final = 512
_PARTS: Final = 2
"""So many parts of the newest blocks are searched for a hash that was never handed out, and of the oldest: 5 ms."""


class OwnTransactions:
    """From a hash back to the block; of a profile whose blocks have no such transactions, to none."""

    def __init__(self, layout: PayloadLayout, handed_out: HandedOut) -> None:
        self._layout = layout
        self._handed_out = handed_out
        self._searched: dict[int, int] = {}

    def remember(self, block_index: int) -> None:
        """Takes note that a block was handed out."""
        self._remember((block_index,))

    def index_of(self, wanted: bytes, height: int) -> int | None:
        """The block up to `height` that a transaction is of: one that was handed out, else of the newest and oldest."""
        newest = height // _PART
        for part in {*range(max(0, newest - _PARTS + 1), newest + 1), *range(min(_PARTS, newest + 1))}:
            stop = min((part + 1) * _PART, height + 1)
            searched = self._searched.get(part, part * _PART)
            if searched < stop:
                self._remember(range(searched, stop))
                self._searched[part] = stop
        for candidate in self._handed_out.candidates(wanted):
            if candidate <= height and self._hash_of(candidate) == wanted:
                return candidate
        return None

    def _remember(self, block_indexes: Iterable[int]) -> None:
        for block_index, own_hash in self._layout.own_hashes((index, header_nonce(index)) for index in block_indexes):
            self._handed_out.remember(block_index, own_hash)

    def _hash_of(self, block_index: int) -> bytes | None:
        return next((own for _, own in self._layout.own_hashes([(block_index, header_nonce(block_index))])), None)

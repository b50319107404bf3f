"""Hashes that a reader has handed out, in memory that the writer reads: so the writer finds their blocks too.

The hash of a block that is worked out and not stored is found again because it was handed out (`HandedOut`). A reader
that is asked for a hash that it does not know asks the writer.
"""

import mmap
import os
from collections.abc import Callable, Sequence
from functools import partial
from struct import Struct
from typing import Final

from rpcnode.chain.db.handed_out import HandedOut
from rpcnode.workers.shared_memory import shared_memory

_COUNT: Final = Struct("=Q")
_NOTE: Final = Struct("=QB32s")  # block, kind of hash, hash
_FIRST: Final = _NOTE.size
_SIZE: Final = 16 * 1024 * 1024  # bytes; what was never written takes no memory


class HashNotes:
    """The notes of one reader: it alone writes them, and the writer reads them."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor: Final = descriptor
        self._memory: Final = mmap.mmap(descriptor, _SIZE)
        self._end = _FIRST

    @classmethod
    def new(cls) -> "HashNotes":
        """Notes of which there are none."""
        return cls(shared_memory(_SIZE))

    def write_those_of(self, handed_out: Sequence[HandedOut], full: Callable[[], None]) -> None:
        """Notes what is handed out from now on; where there is no more room `full` is called, which may raise."""
        for kind, each in enumerate(handed_out):
            each.clear()
            each.tell = partial(self._write, kind, full)

    def add_to(self, handed_out: Sequence[HandedOut]) -> None:
        """Adds what was noted since the last time."""
        (end,) = _COUNT.unpack_from(self._memory)
        while self._end < end:
            block_index, kind, known = _NOTE.unpack_from(self._memory, self._end)
            handed_out[kind].remember(block_index, known)
            self._end += _NOTE.size

    def close(self) -> None:
        """Gives this process's part of the memory back."""
        self._memory.close()
        os.close(self.descriptor)

    def _write(self, kind: int, full: Callable[[], None], block_index: int, known: bytes) -> None:
        if self._end + _NOTE.size > _SIZE:
            full()
            return
        _NOTE.pack_into(self._memory, self._end, block_index, kind, known)
        self._end += _NOTE.size
        _COUNT.pack_into(self._memory, 0, self._end)

"""From a hash back to where it belongs, for hashes that are worked out and not stored."""

from collections.abc import Callable, Iterator

PAGE = 1 << 17
"""How many blocks share a page."""

MOST_SINGLE = 1 << 13
"""How many hashes of one page are kept one by one; past that only the beginning of each, in the page's slots."""

_PREFIX = 8


class HandedOut:
    """Hashes that were handed out, and the block that each belonged to then; whether it still does is for others.

    So nothing is forgotten when a chain goes back, or becomes another one. A hash takes some 150 bytes; in a page that
    handed out many, each block takes eight, and the newest hash of a block alone is known.
    """

    def __init__(self) -> None:
        self._single: dict[int, dict[bytes, int]] = {}
        self._slots: dict[int, bytearray] = {}
        self.tell: Callable[[int, bytes], None] | None = None
        """Is called with block and hash before a hash is handed out; it may raise."""
        self.look: Callable[[], None] | None = None
        """Is called before a hash is looked for, to add what other processes have handed out."""

    def remember(self, block_index: int, known: bytes) -> None:
        """Takes note of a hash that is handed out."""
        page, place = divmod(block_index, PAGE)
        slots = self._slots.get(page)
        if self._has(page, place, known):
            return
        if self.tell is not None:
            self.tell(block_index, known)
        if slots is not None:
            slots[place * _PREFIX : (place + 1) * _PREFIX] = known[:_PREFIX]
            return
        single = self._single.setdefault(page, {})
        single[known] = block_index
        if len(single) > MOST_SINGLE:
            self._slots[page] = slots = bytearray(PAGE * _PREFIX)
            for one, index in self._single.pop(page).items():
                place = index % PAGE
                slots[place * _PREFIX : (place + 1) * _PREFIX] = one[:_PREFIX]

    def clear(self) -> None:
        """Forgets all."""
        self._single.clear()
        self._slots.clear()

    def _has(self, page: int, place: int, known: bytes) -> bool:
        slots = self._slots.get(page)
        if slots is not None:
            return slots[place * _PREFIX : (place + 1) * _PREFIX] == known[:_PREFIX]
        return self._single.get(page, {}).get(known) == page * PAGE + place

    def candidates(self, wanted: bytes) -> Iterator[int]:
        """The blocks that a hash may belong to."""
        if self.look is not None:
            self.look()
        for single in list(self._single.values()):
            if wanted in single:
                yield single[wanted]
        prefix = wanted[:_PREFIX]
        for page, slots in list(self._slots.items()):
            position = slots.find(prefix)
            while position >= 0:
                place, offset = divmod(position, _PREFIX)
                if offset == 0:
                    yield page * PAGE + place
                position = slots.find(prefix, position + 1)

"""Images of a database under their names, which share the pages that are alike."""

from typing import Final

from rpcnode.dev.control.method import DevFailed

MOST: Final = 10_000
"""How many are kept."""

MOST_BYTES: Final = 512 * 1024 * 1024
"""How much their pages take, each counted once."""

_PAGE: Final = 4096


class Snapshots:
    """A snapshot shares its pages with the one that was kept or asked for last: most of a chain stays as it is."""

    def __init__(self) -> None:
        self._pages: dict[str, list[bytes]] = {}
        self._last: list[bytes] = []
        self._at_most = 0  # bytes: pages of snapshots that are gone may still be counted

    @property
    def names(self) -> list[str]:
        """In the order in which the names came up."""
        return list(self._pages)

    def keep(self, name: str, image: bytes) -> None:
        """Keeps an image in the place of what had that name. Raises DevFailed where there is no room."""
        if name not in self._pages and len(self._pages) >= MOST:
            raise DevFailed(f"there are {MOST} snapshots, and no more are kept; {_WAY_OUT}")
        pages, size = self._shared(image)
        if self._at_most + size > MOST_BYTES and self._pages.keys() - {name}:
            taken = self._bytes_without(name, pages)
            if taken > MOST_BYTES:
                most, would = MOST_BYTES // 1024 // 1024, taken // 1024 // 1024
                raise DevFailed(f"snapshots take {most} MB at most, with this one they would take {would}; {_WAY_OUT}")
            self._at_most, size = taken, 0
        self._pages[name] = self._last = pages
        self._at_most += size

    def image(self, name: str) -> bytes | None:
        """What was kept under a name."""
        pages = self._pages.get(name)
        if pages is None:
            return None
        self._last = pages
        return b"".join(pages)

    def clear(self) -> None:
        """Forgets all."""
        self._pages.clear()
        self._last, self._at_most = [], 0

    def _shared(self, image: bytes) -> tuple[list[bytes], int]:
        """The pages of an image, and how many bytes of them are new."""
        pages = [image[start : start + _PAGE] for start in range(0, len(image), _PAGE)]
        size = 0
        for position, (page, known) in enumerate(zip(pages, self._last, strict=False)):
            if page == known:
                pages[position] = known
            else:
                size += _PAGE
        return pages, size + max(0, len(pages) - len(self._last)) * _PAGE

    def _bytes_without(self, name: str, pages: list[bytes]) -> int:
        """What all take, with `pages` in the place of the snapshot of that name."""
        kept = [*(held for other, held in self._pages.items() if other != name), pages]
        return sum({id(page): len(page) for held in kept for page in held}.values())


_WAY_OUT: Final = "a snapshot under the name of an earlier one takes its place"

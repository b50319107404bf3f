r"""Stack items as JSON text, in the very characters of a real node: no spaces, `+` as \u002B.

Source: neo 3.10.2, Extensions/VM/StackItemExtensions.cs: ToJson; System.Text.Json, whose default encoder escapes.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Final, NamedTuple

from rpcnode.primitives.errors import ItemTooLarge, RecursiveReference
from rpcnode.vm.items import Array, Buffer, Compound, Map, Pointer, StackItem, Struct, primitive_of

NO_LIMIT: Final = 2**62
_MOST_KEPT: Final = 1024 * 1024  # characters of items that are done, for those to come
_HEADS: Final[dict[type[Compound], str]] = {
    kind: f'{{"type":"{kind.__name__}","value":[' for kind in (Array, Struct, Map)
}
_ESCAPED_PLUS: Final = "\\u002B"
_AS_IT_IS: Final = r" !#-%(-*,-;=?-\[\]-_a-~"
_PLAIN: Final = re.compile(f"[{_AS_IT_IS}]*+").fullmatch
_SPECIAL: Final = re.compile(f"[^{_AS_IT_IS}]")
_SHORT: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\"}


class ItemText(NamedTuple):
    """An item's JSON; `depth` is how deep objects and lists nest in it."""

    text: str
    depth: int

    @property
    def size(self) -> int:
        """Characters without escapes, as the node counts them against a limit."""
        return len(self.text) - (len(_ESCAPED_PLUS) - 1) * self.text.count(_ESCAPED_PLUS)


class _Open:
    """A compound that is being written: what is left of it, where its pieces begin, how deep it nests so far."""

    __slots__ = ("begins_at", "compound", "depth", "left", "rest")

    def __init__(self, compound: Compound, begins_at: int, left: int) -> None:
        self.compound: Final = compound
        self.rest: Final = _pieces(compound)
        self.begins_at: Final = begins_at
        self.left: Final = left  # characters that there was room for
        self.depth = 0


class ItemTexts:
    """Writes items that nobody changes meanwhile: a compound that is met again is not written again.

    What was written is kept in pieces: of compounds in each other no text is in memory twice. No item may be longer
    than `most` characters. With `as_immutable` a Buffer is a ByteString, as in a copy that is.
    """

    __slots__ = ("_as_immutable", "_held", "_kept", "_most", "_pieces", "_written")

    def __init__(self, most: int = NO_LIMIT, *, as_immutable: bool = False) -> None:
        self._most: Final = most
        self._as_immutable: Final = as_immutable
        self._pieces: Final[list[str]] = []
        self._kept = 0  # characters in the pieces
        self._written: Final[dict[int, tuple[int, int, int, int]]] = {}  # by id: first piece, end, characters, depth
        self._held: Final[list[StackItem]] = []  # so that no other compound gets the same id

    def of(self, item: StackItem) -> ItemText:
        """`{"type", "value"}`; Any and InteropInterface have no value.

        Raises RecursiveReference for an item that contains itself, ItemTooLarge for a text that is too long.
        """
        if not isinstance(item, Compound):
            return ItemText(self._plain(item), 1)
        if self._kept > _MOST_KEPT:
            self._pieces.clear()
            self._written.clear()
            self._held.clear()
            self._kept = 0
        if id(item) not in self._written:
            self._held.append(item)
            self._write(item)
        begins_at, end, _, depth = self._written[id(item)]
        return ItemText("".join(self._pieces[begins_at:end]), depth)

    def _write(self, item: Compound) -> None:
        pieces, written = self._pieces, self._written
        left = self._most
        path: list[_Open] = []
        open_ids: set[int] = set()
        opening: Compound | None = item
        while True:
            if opening is not None:
                path.append(_Open(opening, len(pieces), left))
                open_ids.add(id(opening))
                head = _HEADS[type(opening)]
                pieces.append(head)
                left -= len(head)
                opening = None
            current = path[-1]
            for before, element in current.rest:
                if not isinstance(element, Compound):
                    piece, depth = before + self._plain(element), 1
                    pieces.append(piece)
                    left -= len(piece)
                elif (known := written.get(id(element))) is not None:
                    begins_at, end, size, depth = known
                    left -= size + len(before)
                    self._check(left)
                    pieces.append(before)
                    pieces += pieces[begins_at:end]
                elif id(element) in open_ids:
                    raise RecursiveReference("Circular reference.")
                else:
                    pieces.append(before)
                    left -= len(before)
                    opening = element
                    break
                self._check(left)
                current.depth = max(current.depth, depth)
            else:
                compound = current.compound
                tail = "}]}" if isinstance(compound, Map) and compound.entries else "]}"
                pieces.append(tail)
                left -= len(tail)
                depth = current.depth + 2 + (isinstance(compound, Map) and bool(compound.entries))
                written[id(compound)] = current.begins_at, len(pieces), current.left - left, depth
                open_ids.remove(id(compound))
                path.pop()
                if not path:
                    self._kept += self._most - left
                    return
                path[-1].depth = max(path[-1].depth, depth)

    def _check(self, left: int) -> None:
        if left < 0:
            raise ItemTooLarge(f"the item's JSON is longer than {self._most} characters")

    def _plain(self, item: StackItem) -> str:
        if type(item) is bytes:
            encoded = b64encode(item).decode()
            if "+" in encoded:
                encoded = encoded.replace("+", _ESCAPED_PLUS)
            return f'{{"type":"ByteString","value":"{encoded}"}}'
        if item is None:
            return '{"type":"Any"}'
        if isinstance(item, bool):
            return f'{{"type":"Boolean","value":{"true" if item else "false"}}}'
        if isinstance(item, int):
            return f'{{"type":"Integer","value":"{item}"}}'
        if isinstance(item, Buffer):
            text = self._plain(bytes(item))
            return text if self._as_immutable else text.replace("ByteString", "Buffer", 1)
        if isinstance(item, Pointer):
            return f'{{"type":"Pointer","value":{item.position}}}'
        return '{"type":"InteropInterface"}'


def _pieces(compound: Compound) -> Iterator[tuple[str, StackItem]]:
    """What a compound holds, in order, and what stands before each."""
    if isinstance(compound, Map):
        before = '{"key":'
        for key, value in compound.entries.items():
            yield before, primitive_of(key)
            yield ',"value":', value
            before = '},{"key":'
        return
    before = ""
    for element in compound.elements():
        yield before, element
        before = ","


def string_text(text: str) -> str:
    r"""A text as a JSON string: what is not ASCII, and what HTML has a use for, is \uXXXX."""
    if _PLAIN(text):
        return f'"{text}"'
    return f'"{_SPECIAL.sub(_escaped, text)}"'


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    short = _SHORT.get(character)
    if short is not None:
        return short
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex().upper()}" for at in range(0, len(units), 2))

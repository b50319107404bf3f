r"""Stack items as JSON text, in the very characters of a real node: no spaces, `+` as \u002B.

Source: neo 3.10.2, Extensions/VM/StackItemExtensions.cs: ToJson; System.Text.Json, whose default encoder escapes.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Final, NamedTuple

from rpcnode.primitives.errors import ItemTooLarge, RecursiveReference
from rpcnode.vm.items import Array, Buffer, Compound, Map, Pointer, StackItem, primitive_of, type_of

NO_LIMIT: Final = 2**62
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


class ItemTexts:
    """Writes items that nobody changes meanwhile: a compound that is met again is not written again.

    No item may be longer than `most` characters. With `as_immutable` a Buffer is a ByteString, as in a copy that is.
    """

    __slots__ = ("_as_immutable", "_held", "_most", "_written")

    def __init__(self, most: int = NO_LIMIT, *, as_immutable: bool = False) -> None:
        self._most: Final = most
        self._as_immutable: Final = as_immutable
        self._written: Final[dict[int, ItemText]] = {}  # by the compound's id
        self._held: Final[list[StackItem]] = []  # so that no other compound gets the same id

    def of(self, item: StackItem) -> ItemText:
        """`{"type", "value"}`; Any and InteropInterface have no value.

        Raises RecursiveReference for an item that contains itself, ItemTooLarge for a text that is too long.
        """
        if not isinstance(item, Compound):
            return ItemText(self._plain(item), 1)
        written = self._written
        if id(item) not in written:
            self._held.append(item)
            path: list[tuple[Compound, Iterator[StackItem]]] = [(item, iter(item.elements()))]
            open_ids = {id(item)}
            while path:
                compound, elements = path[-1]
                for element in elements:
                    if isinstance(element, Compound) and id(element) not in written:
                        if id(element) in open_ids:
                            raise RecursiveReference("Circular reference.")
                        open_ids.add(id(element))
                        path.append((element, iter(element.elements())))
                        break
                else:
                    path.pop()
                    open_ids.remove(id(compound))
                    written[id(compound)] = self._compound(compound)
        return written[id(item)]

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

    def _compound(self, compound: Compound) -> ItemText:
        """The text of a compound whose compounds are written."""
        left = self._most
        parts: list[str] = []
        depth = -1 if isinstance(compound, Map) else 0

        def written(element: StackItem) -> str:
            nonlocal depth, left
            if isinstance(element, Compound):
                text, inner = self._written[id(element)]
            else:
                text, inner = self._plain(element), 1
            depth = max(depth, inner)
            left -= len(text) + 1
            if left < 0:
                raise ItemTooLarge(f"the item's JSON is longer than {self._most} characters")
            return text

        if isinstance(compound, Array):
            parts += map(written, compound.items)
        elif isinstance(compound, Map):
            for key, value in compound.entries.items():
                parts.append(f'{{"key":{written(primitive_of(key))},"value":{written(value)}}}')
                left -= 17
            if parts:
                depth += 1
        return ItemText(f'{{"type":"{type_of(compound).name}","value":[{",".join(parts)}]}}', max(depth, 0) + 2)


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

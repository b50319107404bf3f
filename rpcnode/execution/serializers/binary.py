"""Stack items as bytes and back, as scripts keep them in storage and events are measured.

Source: neo 3.10.2, SmartContract/BinarySerializer.cs; Neo.IO/MemoryReader.cs.
"""

from typing import Final

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import checked_key
from rpcnode.vm.items import (
    MAX_INTEGER_SIZE,
    TYPES,
    Array,
    Buffer,
    Compound,
    Map,
    StackItem,
    StackItemType,
    Struct,
    integer_bytes,
    integer_of,
    key_of,
)
from rpcnode.vm.limits import DEFAULT_LIMITS

MAX_SIZE: Final = DEFAULT_LIMITS.max_item_size  # bytes of a serialized item
_MAX_ITEMS: Final = DEFAULT_LIMITS.max_stack_size
_NOT_SUPPORTED: Final = "Specified method is not supported."
_INVALID_OPERATION: Final = "Operation is not valid due to the current state of the object."
_NAMES: Final = {int(code): code.name for code in (StackItemType.Pointer, StackItemType.InteropInterface)}
_WIDTHS: Final = {0xFD: 2, 0xFE: 4, 0xFF: 8}  # bytes of a length, by the byte before it


def serialize(item: StackItem, max_size: int = MAX_SIZE, max_items: int = _MAX_ITEMS) -> bytes:
    """The bytes of an item.

    Raises VmFault for interfaces and pointers, for a compound that comes twice, in itself or not, and for what is more
    than `max_size` bytes or `max_items` items, those in compounds counted.
    """
    written = bytearray()
    seen: set[int] = set()
    pending = [item]
    count = 0
    while pending:
        item = pending.pop()
        count += 1
        if count > max_items:
            raise VmFault("Too many items to serialize")
        written.append(TYPES[type(item)])
        if isinstance(item, Compound):
            if id(item) in seen:
                raise VmFault(_NOT_SUPPORTED)
            seen.add(id(item))
            if isinstance(item, Map):
                written += _length(len(item.entries))
                pending += reversed([part for pair in item.pairs() for part in pair])
            else:
                elements = item.elements()
                written += _length(len(elements))
                pending += reversed(elements)
        elif isinstance(item, bytes | Buffer):
            written += _length(len(item))
            written += item
        elif isinstance(item, bool):
            written.append(item)
        elif isinstance(item, int):
            data = integer_bytes(item)
            written.append(len(data))
            written += data
        elif item is not None:
            raise VmFault(_NOT_SUPPORTED)
        if len(written) > max_size:
            raise VmFault(_INVALID_OPERATION)
    return bytes(written)


def deserialize(data: bytes) -> StackItem:
    """The item that these bytes begin with; what is behind it is not looked at. Raises VmFault for what is none."""
    return _Reader(data).item()


def _length(size: int) -> bytes:
    if size < 0xFD:
        return bytes((size,))
    return b"\xfd" + size.to_bytes(2, "little") if size <= 0xFFFF else b"\xfe" + size.to_bytes(4, "little")


class _Reader:
    """Reads one item after another from bytes."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def item(self) -> StackItem:
        """Reads all items first, then puts them into their compounds from the last to the first."""
        read: list[tuple[int, StackItem | int]] = []
        missing = 1
        while missing:
            missing -= 1
            kind = self._bytes(1)[0]
            if kind in (StackItemType.Array, StackItemType.Struct, StackItemType.Map):
                count = self._length(_MAX_ITEMS)
                read.append((kind, count))
                missing += count * (2 if kind == StackItemType.Map else 1)
            else:
                read.append((0, self._primitive(kind)))
            if len(read) > _MAX_ITEMS:
                raise VmFault(f"Deserialized count({len(read)}) is out of range (max:{_MAX_ITEMS})")
        ready: list[StackItem] = []
        for kind, found in reversed(read):
            ready.append(_compound(kind, found, ready) if kind and isinstance(found, int) else found)
        return ready[-1]

    def _primitive(self, kind: int) -> StackItem:
        if kind == StackItemType.ByteString:
            return self._var_bytes(min(len(self._data), MAX_SIZE))
        if kind == StackItemType.Integer:
            return integer_of(self._var_bytes(MAX_INTEGER_SIZE))
        if kind == StackItemType.Any:
            return None
        if kind == StackItemType.Boolean:
            value = self._bytes(1)[0]
            if value > 1:
                raise VmFault(f"Invalid boolean value: {value}")
            return value == 1
        if kind == StackItemType.Buffer:
            return Buffer(self._var_bytes(min(len(self._data), MAX_SIZE)))
        raise VmFault(f"Invalid StackItemType({_NAMES.get(kind, kind)})")

    def _bytes(self, size: int) -> bytes:
        start = self._at
        if start + size > len(self._data):
            raise VmFault(f"Position {start} + Wanted {size} is exceeded boundary({len(self._data)})")
        self._at = start + size
        return self._data[start : self._at]

    def _length(self, most: int) -> int:
        size = self._bytes(1)[0]
        if size >= 0xFD:
            size = int.from_bytes(self._bytes(_WIDTHS[size]), "little")
        if size > most:
            raise VmFault(f"VarInt value is greater than max: {size}/{most}")
        return size

    def _var_bytes(self, most: int) -> bytes:
        return self._bytes(self._length(most))


def _compound(kind: int, count: int, ready: list[StackItem]) -> StackItem:
    if kind == StackItemType.Map:
        read = Map()
        for _ in range(count):
            key, value = ready.pop(), ready.pop()
            if not isinstance(key, bool | int | bytes):
                given = "Null" if key is None else TYPES[type(key)].name
                raise VmFault(
                    f"Unable to cast object of type 'Neo.VM.Types.{given}' to type 'Neo.VM.Types.PrimitiveType'."
                )
            read.entries[checked_key(key_of(key))] = value
        return read
    items = [ready.pop() for _ in range(count)]
    return Struct(items) if kind == StackItemType.Struct else Array(items)

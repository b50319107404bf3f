"""Stack items as bytes and back, as scripts keep them in storage. Source: neo, Neo: SmartContract/BinarySerializer."""

from typing import Final

from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.vm.conversions import checked_key
from rpcnode.vm.items import (
    MAX_INTEGER_SIZE,
    Array,
    Buffer,
    Compound,
    Map,
    StackItem,
    StackItemType,
    Struct,
    integer_of,
    key_of,
    primitive_bytes,
    type_of,
)
from rpcnode.vm.limits import DEFAULT_LIMITS

_MAX_SIZE: Final = DEFAULT_LIMITS.max_item_size
_MAX_ITEMS: Final = DEFAULT_LIMITS.max_stack_size


def serialize(item: StackItem, max_size: int = _MAX_SIZE) -> bytes:
    """The bytes of an item. Raises VmFault for interfaces, pointers, one compound twice, and what is too large."""
    writer, written, pending = BinaryWriter(), set[int](), [item]
    count = 0
    while pending:
        item = pending.pop()
        count += 1
        if count > _MAX_ITEMS:
            raise VmFault("Too many items to serialize")
        if isinstance(item, Compound):
            if id(item) in written:
                raise VmFault("Specified method is not supported.")
            written.add(id(item))
        _write(writer, item)
        if writer.size > max_size:
            raise VmFault("Operation is not valid due to the current state of the object.")
        pending += reversed(_elements(item))
    return writer.to_bytes()


def deserialize(data: bytes) -> StackItem:
    """The item that these bytes begin with. Raises VmFault for what is none."""
    try:
        return _read(BinaryReader(data), min(len(data), _MAX_SIZE))
    except FormatError as error:
        raise VmFault(str(error)) from None


def _write(writer: BinaryWriter, item: StackItem) -> None:
    writer.u8(type_of(item))
    if item is None:
        return
    if isinstance(item, bool):
        writer.boolean(item)
    elif isinstance(item, int | bytes):
        writer.var_bytes(primitive_bytes(item))
    elif isinstance(item, Buffer):
        writer.var_bytes(bytes(item))
    elif isinstance(item, Array):
        writer.var_int(len(item.items))
    elif isinstance(item, Map):
        writer.var_int(len(item.entries))
    else:
        raise VmFault("Specified method is not supported.")


def _elements(item: StackItem) -> list[StackItem]:
    if isinstance(item, Array):
        return item.items
    if isinstance(item, Map):
        return [element for pair in item.pairs() for element in pair]
    return []


def _read(reader: BinaryReader, max_size: int) -> StackItem:
    """Reads all items first, then puts them into their compounds from the last to the first."""
    read: list[tuple[int, StackItem | int]] = []
    missing = 1
    while missing:
        missing -= 1
        kind = reader.u8()
        if kind in (StackItemType.Array, StackItemType.Struct, StackItemType.Map):
            count = reader.var_int(_MAX_ITEMS)
            read.append((kind, count))
            missing += count * (2 if kind == StackItemType.Map else 1)
        else:
            read.append((0, _read_primitive(reader, kind, max_size)))
        if len(read) > _MAX_ITEMS:
            raise FormatError(f"Deserialized count({len(read)}) is out of range (max:{_MAX_ITEMS})")
    ready: list[StackItem] = []
    for kind, found in reversed(read):
        ready.append(_compound(kind, found, ready) if kind and isinstance(found, int) else found)
    return ready[-1]


def _compound(kind: int, count: int, ready: list[StackItem]) -> StackItem:
    if kind == StackItemType.Map:
        read = Map()
        for _ in range(count):
            key = checked_key(key_of(ready.pop()))
            read.entries[key] = ready.pop()
        return read
    items = [ready.pop() for _ in range(count)]
    return Struct(items) if kind == StackItemType.Struct else Array(items)


def _read_primitive(reader: BinaryReader, kind: int, max_size: int) -> StackItem:
    if kind == StackItemType.Any:
        return None
    if kind == StackItemType.Boolean:
        return reader.boolean()
    if kind == StackItemType.Integer:
        return integer_of(reader.var_bytes(MAX_INTEGER_SIZE))
    if kind == StackItemType.ByteString:
        return reader.var_bytes(max_size)
    if kind == StackItemType.Buffer:
        return Buffer(reader.var_bytes(max_size))
    raise FormatError(f"Invalid StackItemType({kind})")

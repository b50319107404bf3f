"""Values as bytes and back, as scripts keep them in storage. Source: neo, Neo: SmartContract/BinarySerializer."""

from typing import Final

from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.vm.items import MAX_INTEGER_SIZE, Buffer, StackItemType, integer_of
from rpcnode.vm.limits import DEFAULT_LIMITS
from rpcnode.vm.values import TYPES, Compound, Value, VmArray, VmMap, VmStruct, key_of, primitive_bytes, primitive_of

_MAX_SIZE: Final = DEFAULT_LIMITS.max_item_size
_MAX_ITEMS: Final = DEFAULT_LIMITS.max_stack_size


def serialize(value: Value, max_size: int = _MAX_SIZE) -> bytes:
    """The bytes of a value. Raises VmFault for interfaces, pointers, one compound twice, and what is too large."""
    writer, written, pending = BinaryWriter(), set[int](), [value]
    count = 0
    while pending:
        value = pending.pop()
        count += 1
        if count > _MAX_ITEMS:
            raise VmFault("Too many items to serialize")
        if isinstance(value, Compound):
            if id(value) in written:
                raise VmFault("Specified method is not supported.")
            written.add(id(value))
        _write(writer, value)
        pending += reversed(_elements(value))
    data = writer.to_bytes()
    if len(data) > max_size:
        raise VmFault("Operation is not valid due to the current state of the object.")
    return data


def deserialize(data: bytes) -> Value:
    """The value that these bytes begin with. Raises VmFault for what is none."""
    try:
        return _read(BinaryReader(data), min(len(data), _MAX_SIZE))
    except FormatError as error:
        raise VmFault(str(error)) from None


def _write(writer: BinaryWriter, value: Value) -> None:
    kind = TYPES[type(value)]
    writer.u8(kind)
    if value is None:
        return
    if isinstance(value, bool):
        writer.boolean(value)
    elif isinstance(value, int | bytes):
        writer.var_bytes(primitive_bytes(value))
    elif isinstance(value, Buffer):
        writer.var_bytes(bytes(value.value))
    elif isinstance(value, VmArray):
        writer.var_int(len(value.items))
    elif isinstance(value, VmMap):
        writer.var_int(len(value.entries))
    else:
        raise VmFault("Specified method is not supported.")


def _elements(value: Value) -> list[Value]:
    if isinstance(value, VmArray):
        return value.items
    if isinstance(value, VmMap):
        return [element for key, held in value.entries.items() for element in (primitive_of(key), held)]
    return []


def _read(reader: BinaryReader, max_size: int) -> Value:
    """Reads all items first, then puts them into their compounds from the last to the first."""
    read: list[tuple[int, Value | int]] = []
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
    ready: list[Value] = []
    for kind, found in reversed(read):
        ready.append(_compound(kind, found, ready) if kind and isinstance(found, int) else found)
    return ready[-1]


def _compound(kind: int, count: int, ready: list[Value]) -> Value:
    if kind == StackItemType.Map:
        entries = VmMap()
        for _ in range(count):
            key = key_of(ready.pop())
            entries.entries[key] = ready.pop()
        return entries
    items = [ready.pop() for _ in range(count)]
    return VmStruct(items) if kind == StackItemType.Struct else VmArray(items)


def _read_primitive(reader: BinaryReader, kind: int, max_size: int) -> Value:
    if kind == StackItemType.Any:
        return None
    if kind == StackItemType.Boolean:
        return reader.boolean()
    if kind == StackItemType.Integer:
        return integer_of(reader.var_bytes(MAX_INTEGER_SIZE))
    if kind == StackItemType.ByteString:
        return reader.var_bytes(max_size)
    if kind == StackItemType.Buffer:
        return Buffer(bytearray(reader.var_bytes(max_size)))
    raise FormatError(f"Invalid StackItemType({kind})")

"""The engine's values as stack items, for records and JSON, and back; without recursion, cycles stay cycles."""

from typing import Final

from rpcnode.vm.items import (
    FALSE,
    NULL,
    TRUE,
    Array,
    Boolean,
    Buffer,
    ByteString,
    Integer,
    InteropInterface,
    Map,
    Pointer,
    StackItem,
    Struct,
)
from rpcnode.vm.values import Compound, Value, VmArray, VmMap, VmStruct, key_of, primitive_of


def item_of(value: Value) -> StackItem:
    """The stack item for a value. Buffers, pointers and interfaces are items already and stay the same objects."""
    made: Final[dict[int, Array | Map]] = {}
    pending: Final[list[Compound]] = []

    def item(value: Value) -> StackItem:
        if isinstance(value, Compound):
            if id(value) not in made:
                made[id(value)] = (
                    Map() if isinstance(value, VmMap) else Struct() if isinstance(value, VmStruct) else Array()
                )
                pending.append(value)
            return made[id(value)]
        return primitive(value) if isinstance(value, int | bytes) else NULL if value is None else value

    result = item(value)
    for compound in pending:
        target = made[id(compound)]
        if isinstance(compound, VmMap) and isinstance(target, Map):
            for key, element in compound.entries.items():
                target.entries[primitive(primitive_of(key))] = item(element)
        elif isinstance(target, Array):
            target.items.extend(map(item, compound.elements()))
    return result


def value_of(item: StackItem) -> Value:
    """The engine's value for a stack item; nothing counts it yet."""
    made: Final[dict[int, Compound]] = {}
    pending: Final[list[Array | Map]] = []

    def value(item: StackItem) -> Value:
        if isinstance(item, Boolean | Integer):
            return item.value
        if isinstance(item, ByteString):
            return bytes(item.value)  # a hash is bytes of a class of its own
        if isinstance(item, Buffer | Pointer | InteropInterface):
            return item
        if isinstance(item, Array | Map):
            if id(item) not in made:
                made[id(item)] = (
                    VmMap() if isinstance(item, Map) else VmStruct() if isinstance(item, Struct) else VmArray()
                )
                pending.append(item)
            return made[id(item)]
        return None

    result = value(item)
    for source in pending:
        target = made[id(source)]
        if isinstance(source, Map) and isinstance(target, VmMap):
            for key, element in source.entries.items():
                target.entries[key_of(key.value)] = value(element)
        elif isinstance(source, Array) and isinstance(target, VmArray):
            target.items.extend(map(value, source.items))
    return result


def primitive(value: bool | int | bytes) -> Boolean | Integer | ByteString:
    """The stack item for a primitive value."""
    if isinstance(value, bytes):
        return ByteString(value)
    if isinstance(value, bool):
        return TRUE if value else FALSE
    return Integer(value)

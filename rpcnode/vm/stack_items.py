"""The engine's values as stack items, for records and JSON, and back; without recursion, cycles stay cycles."""

from typing import Final

from rpcnode.vm.copying import rebuilt
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

ITEM_TYPES: Final[dict[type[Compound], type[Array | Map]]] = {VmArray: Array, VmStruct: Struct, VmMap: Map}
VALUE_TYPES: Final[dict[type[StackItem], type[Compound]]] = {Array: VmArray, Struct: VmStruct, Map: VmMap}


def item_of(value: Value) -> StackItem:
    """The stack item for a value. Buffers, pointers and interfaces are items already and stay the same objects."""
    item: StackItem = rebuilt(value, _begin_item, lambda key: _begin_item(primitive_of(key)))
    return item


def value_of(item: StackItem) -> Value:
    """The engine's value for a stack item; nothing counts it yet."""
    value: Value = rebuilt(item, _begin_value, lambda key: key_of(key.value))
    return value


def _begin_item(value: Value) -> StackItem:
    if isinstance(value, Compound):
        return ITEM_TYPES[type(value)]()
    if isinstance(value, bytes):
        return ByteString(value)
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, int):
        return Integer(value)
    return NULL if value is None else value


def _begin_value(item: StackItem) -> Value:
    if isinstance(item, Array | Map):
        return VALUE_TYPES[type(item)]()
    if isinstance(item, ByteString):
        return bytes(item.value)  # a hash is bytes of a class of its own
    if isinstance(item, Boolean | Integer):
        return item.value
    return item if isinstance(item, Buffer | Pointer | InteropInterface) else None

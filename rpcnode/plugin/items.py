"""Stack items, for plugins that read notifications."""

from rpcnode.contracts.item_json import item_to_json
from rpcnode.contracts.parameter_json import parameter_json
from rpcnode.vm.items import (
    NULL,
    Array,
    Boolean,
    Buffer,
    ByteString,
    Integer,
    InteropInterface,
    Map,
    Null,
    Pointer,
    StackItem,
    Struct,
    integer_bytes,
    integer_of,
)

__all__ = [
    "NULL",
    "Array",
    "Boolean",
    "Buffer",
    "ByteString",
    "Integer",
    "InteropInterface",
    "Map",
    "Null",
    "Pointer",
    "StackItem",
    "Struct",
    "integer_bytes",
    "integer_of",
    "item_to_json",
    "parameter_json",
]

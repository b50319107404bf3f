"""Stack items, for plugins that read notifications."""

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
    item_to_json,
)
from rpcnode.vm.parameter_json import parameter_json

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

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
]

"""Stack items, for plugins that read notifications, and JSON as the C# node writes it.

Null is None, Boolean is bool, Integer is int, ByteString is bytes. `True` is an `int` to Python: ask for `bool` first.
A hash is no item, `bytes(hash)` is.
"""

from rpcnode.execution.serializers.item_json import item_to_json
from rpcnode.execution.serializers.json_text import dotnet_json
from rpcnode.execution.serializers.parameter_json import parameter_json
from rpcnode.vm.conversions import to_bytes, to_integer
from rpcnode.vm.items import (
    MAX_INTEGER_SIZE,
    Array,
    Buffer,
    InteropInterface,
    Map,
    Pointer,
    StackItem,
    Struct,
    integer_bytes,
    integer_of,
    type_of,
)

__all__ = [
    "MAX_INTEGER_SIZE",
    "Array",
    "Buffer",
    "InteropInterface",
    "Map",
    "Pointer",
    "StackItem",
    "Struct",
    "dotnet_json",
    "integer_bytes",
    "integer_of",
    "item_to_json",
    "parameter_json",
    "to_bytes",
    "to_integer",
    "type_of",
]

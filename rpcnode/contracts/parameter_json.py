"""Stack items printed as contract parameters, as the nodes before N3's preview3 print a stack.

Source: neo 2.12 and 3.0.0-preview2, Neo: VM/Helper.ToParameter, SmartContract/ContractParameter.ToJson.
"""

from collections.abc import Callable

from rpcnode.primitives.errors import FormatError, RecursiveReference
from rpcnode.primitives.json import Json
from rpcnode.vm.items import Array, InteropInterface, Map, StackItem, type_of


def parameter_json(item: StackItem, bytes_text: Callable[[bytes], str], null: bytes | None = None) -> dict[str, Json]:
    """`{"type", "value"}` with a parameter's type names: ByteArray for a byte string, Array for a struct, Any for null.

    `null` is printed wherever a Null stands, for nodes that have none. Raises RecursiveReference for an item that
    contains itself, FormatError for one that is no parameter.
    """
    return _write(item, bytes_text, null, ())


def _write(
    item: StackItem, bytes_text: Callable[[bytes], str], null: bytes | None, around: tuple[StackItem, ...]
) -> dict[str, Json]:
    if any(item is outer for outer in around):
        raise RecursiveReference("recursive reference")
    if item is None:
        item = null
    match item:
        case None:
            return {"type": "Any"}
        case bool():
            return {"type": "Boolean", "value": item}
        case int():
            return {"type": "Integer", "value": str(item)}
        case bytes():
            return {"type": "ByteArray", "value": bytes_text(item)}
        case Array(items=items):
            inside = (*around, item)
            return {"type": "Array", "value": [_write(element, bytes_text, null, inside) for element in items]}
        case Map():
            inside = (*around, item)
            pairs: list[Json] = [
                {"key": _write(key, bytes_text, null, inside), "value": _write(value, bytes_text, null, inside)}
                for key, value in item.pairs()
            ]
            return {"type": "Map", "value": pairs}
        case InteropInterface():
            return {"type": "InteropInterface"}
    raise FormatError(f"StackItemType({type_of(item).name}) is not supported to ContractParameter.")

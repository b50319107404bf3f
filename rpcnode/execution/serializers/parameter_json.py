"""Stack items printed as contract parameters, as the nodes before N3's preview3 print a stack.

Source: neo 2.12 and 3.0.0-preview2, Neo: VM/Helper.ToParameter, SmartContract/ContractParameter.ToJson.
"""

from collections.abc import Callable

from rpcnode.primitives.errors import FormatError, RecursiveReference
from rpcnode.primitives.json import Json
from rpcnode.vm.items import MAX_INTEGER, MIN_INTEGER, Array, InteropInterface, Map, Primitive, StackItem, type_of

_MOST_DEPTH = 128  # of items in items


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


def item_of_parameter(json: Json) -> StackItem:
    """The item that Neo 2 prints so in an application log: bytes in hex, a Struct as an Array.

    Raises FormatError for anything else, and when items are nested too deep.
    """
    return _read(json, _MOST_DEPTH)


def _read(json: Json, depth_left: int) -> StackItem:
    if depth_left == 0:
        raise FormatError(f"items are nested deeper than {_MOST_DEPTH} levels")
    if not isinstance(json, dict):
        raise FormatError(f"an item is an object, got {type(json).__name__}")
    value = json.get("value")
    match json.get("type"), value:
        case "Boolean", bool():
            return value
        case "Integer", str():
            return _integer(value)
        case "ByteArray", str():
            return _hex(value)
        case "Array", list():
            return Array(_read(element, depth_left - 1) for element in value)
        case "Map", list():
            return Map(_read_pair(pair, depth_left - 1) for pair in value)
        case "InteropInterface", _:
            return InteropInterface()
    raise FormatError(f"no item of Neo 2 has type {json.get('type')!r} and a value of {type(value).__name__}")


def _read_pair(json: Json, depth_left: int) -> tuple[Primitive, StackItem]:
    key = _read(json.get("key"), depth_left) if isinstance(json, dict) else None
    if not isinstance(json, dict) or not isinstance(key, Primitive):
        raise FormatError("an entry of a Map has a key that is a Boolean, an Integer or a ByteArray")
    return key, _read(json.get("value"), depth_left)


def _integer(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise FormatError(f"{text[:80]!r} is no integer") from None
    if not MIN_INTEGER <= number <= MAX_INTEGER:
        raise FormatError(f"an integer has at most 256 bits with its sign: {number}")
    return number


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise FormatError(f"{text[:80]!r} is not hex") from None

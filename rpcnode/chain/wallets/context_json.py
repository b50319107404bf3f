"""Signature contexts from the JSON that wallets and nodes exchange.

Source: neo 3.10.2, SmartContract/ContractParametersContext.cs: FromJson; SmartContract/ContractParameter.cs: FromJson.
"""

import re
from base64 import b64encode
from collections.abc import Callable
from typing import Final

from rpcnode.chain.wallets.context import NAMES, SIGNED, ContextItem, Parameter, SignatureContext
from rpcnode.execution.test_invocation import ExecutionState
from rpcnode.payloads.parameter_types import PARAMETER_TYPE_CODES
from rpcnode.primitives.binary import BinaryReader
from rpcnode.primitives.curves import SECP256R1, decode_key, encode_key, on_curve
from rpcnode.primitives.dotnet_base64 import decode_base64
from rpcnode.primitives.dotnet_text import double_text, parse_enum
from rpcnode.primitives.dotnet_uint import parse_uint
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import MAX_INTEGER, MIN_INTEGER, Array, Map, Primitive, StackItem

_NO_BASE64: Final = (
    "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters,"
    " or an illegal character among the padding characters."
)
_NULL_REFERENCE: Final = "Object reference not set to an instance of an object."
_NO_CAST: Final = "Specified cast is not valid."
_NO_HEX: Final = "The input is not a valid hex string as it contains a non-hex character."
_NOT_SUPPORTED: Final = "Specified method is not supported."
_INTEGER: Final = re.compile(r"\s*+([+-]?+)(?=[0-9])0*+([0-9]{0,78}+)\s*+\0*+", re.ASCII).fullmatch
_KINDS: Final = {number: name for name, number in PARAMETER_TYPE_CODES.items()}
_CLASSES: Final[dict[type, str]] = {
    bool: "JBoolean",
    int: "JNumber",
    float: "JNumber",
    str: "JString",
    list: "JArray",
    dict: "JObject",
}


def context_of(json: dict[str, Json], state: ExecutionState) -> SignatureContext:
    """The context that an object says; raises FormatError, in the C# node's words, for one that is none."""
    name = _text(_there(json.get("type")))
    if not name:
        raise FormatError("The value cannot be an empty string. (Parameter 'name')")
    kind = SIGNED.get(name)
    if kind is None and name != f"{NAMES}Block":
        raise FormatError(f"json['type']({name}) is not an IVerifiable")
    data = _bytes(_there(json.get("data")))
    if kind is None:
        raise FormatError(_NOT_SUPPORTED)
    signed = kind.read_unsigned_from(BinaryReader(data))
    if "hash" in json:
        told = _there(json["hash"])
        if not isinstance(told, str):
            raise FormatError(_NO_CAST)
        if parse_uint(UInt256, told) != signed.hash:
            raise FormatError(f"json['hash']({told}) != {signed.hash}")
    network = _int32(_there(json.get("network"))) % 2**32
    items: dict[UInt160, ContextItem] = {}
    for key, value in _object(_there(json.get("items"))).items():
        account = parse_uint(UInt160, key)
        item = _item(_object(_there(value)))
        if account in items:
            raise FormatError(f"An item with the same key has already been added. Key: {account}")
        items[account] = item
    return SignatureContext(state, signed, network, items)


def _item(json: dict[str, Json]) -> ContextItem:
    script = None if json.get("script") is None else _bytes(json["script"])
    listed = json.get("parameters")
    if listed is None:
        raise FormatError("Value cannot be null. (Parameter 'source')")
    parameters = [_parameter(each) for each in _list(listed)]
    signatures: dict[ECPoint, bytes] = {}
    for key, value in _object(_there(json.get("signatures"))).items():
        point = _point(key)
        if point in signatures:
            raise FormatError(f"An item with the same key has already been added. Key: {point}")
        signatures[point] = _bytes(_there(value))
    return ContextItem(script, parameters, signatures)


def _parameter(json: Json) -> Parameter:
    members = _object(_there(json))
    told = _there(members.get("type"))
    if not isinstance(told, str):
        raise FormatError(_NO_CAST)
    number = parse_enum(told, PARAMETER_TYPE_CODES)
    kind = _KINDS.get(number, str(number))
    value = members.get("value")
    if value is None:
        return Parameter(kind)
    if kind not in _READERS:
        raise FormatError(f"Parameter type '{kind}' is not supported. (Parameter 'json')")
    item, printed = _READERS[kind](value)
    return Parameter(kind, item, printed)


def _of_bytes(value: Json) -> tuple[StackItem, Json]:
    data = _bytes(value)
    return data, b64encode(data).decode()


def _of_boolean(value: Json) -> tuple[StackItem, Json]:
    # AsBoolean: a number but 0, a text but the empty one, any list and any object is true.
    agrees = value if isinstance(value, bool) else isinstance(value, list | dict) or bool(value)
    return agrees, agrees


def _of_integer(value: Json) -> tuple[StackItem, Json]:
    found = _INTEGER(_text(value))
    if found is None:
        raise FormatError("The value could not be parsed.")
    number = int(found[1] + (found[2] or "0"))
    if not MIN_INTEGER <= number <= MAX_INTEGER:
        raise FormatError("Specified argument was out of the range of valid values. (Parameter 'value')")
    return number, str(number)


def _of_hash160(value: Json) -> tuple[StackItem, Json]:
    account = parse_uint(UInt160, _text(value))
    return bytes(account), str(account)


def _of_hash256(value: Json) -> tuple[StackItem, Json]:
    number = parse_uint(UInt256, _text(value))
    return bytes(number), str(number)


def _of_key(value: Json) -> tuple[StackItem, Json]:
    point = _point(_text(value))
    return bytes(point), str(point)


def _of_text(value: Json) -> tuple[StackItem, Json]:
    text = _text(value)
    return text.encode("utf-8", "replace"), text


def _of_array(value: Json) -> tuple[StackItem, Json]:
    parameters = [_parameter(each) for each in _list(value)]
    return Array(each.item for each in parameters), [each.to_json() for each in parameters]


def _of_map(value: Json) -> tuple[StackItem, Json]:
    pairs = []
    printed: list[Json] = []
    for each in _list(value):
        entry = _object(_there(each))
        key, held = _parameter(entry.get("key")), _parameter(entry.get("value"))
        if not isinstance(key.item, Primitive):
            raise FormatError(f"Parameter type '{key.kind}' is not supported. (Parameter 'json')")
        pairs.append((key.item, held.item))
        printed.append({"key": key.to_json(), "value": held.to_json()})
    return Map(pairs), printed


_READERS: Final[dict[str, Callable[[Json], tuple[StackItem, Json]]]] = {
    "Signature": _of_bytes,
    "ByteArray": _of_bytes,
    "Boolean": _of_boolean,
    "Integer": _of_integer,
    "Hash160": _of_hash160,
    "Hash256": _of_hash256,
    "PublicKey": _of_key,
    "String": _of_text,
    "Array": _of_array,
    "Map": _of_map,
}
"""What is pushed and printed for a value, by the type of its parameter."""


def _there(value: Json) -> Json:
    if value is None:
        raise FormatError(_NULL_REFERENCE)
    return value


def _text(value: Json) -> str:
    """Any value but an array or an object as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return double_text(float(value))
    raise FormatError(_NO_CAST)


def _bytes(value: Json) -> bytes:
    data = decode_base64(_text(value))
    if data is None:
        raise FormatError(_NO_BASE64)
    return data


def _int32(value: Json) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1:
        raise FormatError(_NO_CAST)
    if not -(2**31) <= value < 2**31:
        raise FormatError("Arithmetic operation resulted in an overflow.")
    return int(value)


def _object(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise FormatError(_cast(value, "JObject"))
    return value


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise FormatError(_cast(value, "JArray"))
    return value


def _cast(value: Json, wanted: str) -> str:
    return f"Unable to cast object of type 'Neo.Json.{_CLASSES[type(value)]}' to type 'Neo.Json.{wanted}'."


def _point(text: str) -> ECPoint:
    try:
        data = bytes.fromhex(text)
    except ValueError:
        raise FormatError(_NO_HEX) from None
    return ECPoint(encode_key(on_curve(decode_key(data, SECP256R1), SECP256R1)))

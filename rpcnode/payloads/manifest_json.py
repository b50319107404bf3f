"""Manifests read from JSON, refused in the node's words: a contract that deploys another shows what it failed with.

Members are read in the node's order, so of two faults the same one is told.
Source: neo 3.10.2, SmartContract/Manifest/ContractManifest.cs and its parts: FromJson; Neo.Json; .NET's Enum.Parse.
"""

from collections.abc import Callable, Iterable, Mapping
from math import copysign
from typing import Final, TypeAlias, TypeVar, cast

from rpcnode.payloads.manifest import Event, Group, Manifest, Method, Named, Parameter, Permission
from rpcnode.payloads.parameter_types import PARAMETER_TYPE_CODES
from rpcnode.primitives.curves import SECP256R1, decode_key, encode_key, on_curve
from rpcnode.primitives.dotnet_base64 import decode_base64
from rpcnode.primitives.dotnet_json import read_json
from rpcnode.primitives.dotnet_text import parse_enum
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

MAX_SIZE: Final = 0xFFFF  # bytes of the JSON

NULL_REFERENCE: Final = "Object reference not set to an instance of an object."
INVALID_CAST: Final = "Specified cast is not valid."

_TYPE_NAMES: Final = {code: name for name, code in PARAMETER_TYPE_CODES.items()}
_VOID: Final = PARAMETER_TYPE_CODES["Void"]
_SIGNATURE_SIZE: Final = 64
_MAX_WHOLE: Final = 2**53  # a double above it may have other digits than .NET writes
_DESCRIPTOR: Final = "Neo.SmartContract.Manifest.ContractPermissionDescriptor"
_NO_BASE_64: Final = (
    "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, "
    "or an illegal character among the padding characters."
)
_CLASSES: Final[tuple[tuple[type, str], ...]] = (
    (bool, "JBoolean"),
    (str, "JString"),
    (list, "JArray"),
    (dict, "JObject"),
    (float, "JNumber"),
    (int, "JNumber"),
)

Members: TypeAlias = Mapping[str, Json]
T = TypeVar("T")


def parse_manifest(data: bytes) -> Manifest:
    """The manifest in a JSON text of UTF-8. Raises FormatError."""
    if len(data) > MAX_SIZE:
        limits = f"exceeds maximum allowed size of {MAX_SIZE} bytes"
        raise FormatError(f"JSON content length {len(data)} {limits} (Parameter 'json')")
    return manifest_of_json(cast(Json, read_json(data)))


def manifest_of_json(document: Json) -> Manifest:
    """The manifest in a JSON document. Raises FormatError."""
    members = _object(document)
    name = _text(members.get("name"))
    groups = _optional_list(members.get("groups"), _group)
    standards = _optional_list(members.get("supportedstandards"), _text)
    methods, events = _abi(_object(members.get("abi")))
    permissions = _optional_list(members.get("permissions"), _permission)
    trusts = _list_or_all(members.get("trusts"), _named)
    extra = members.get("extra")
    if extra is not None:
        extra = plain_numbers(_cast(extra, dict))
    manifest = Manifest(name, standards, methods, events, groups, permissions, trusts, extra)
    if not manifest.name:
        raise FormatError("Name in ContractManifest is empty")
    _check_distinct(str(group.public_key) for group in manifest.groups)
    features = members.get("features")
    if not isinstance(features, dict) or features:
        raise FormatError("Features field must be empty")
    if "" in manifest.supported_standards:
        raise FormatError("SupportedStandards in ContractManifest has empty string")
    _check_distinct(manifest.supported_standards)
    _check_distinct((permission.contract for permission in manifest.permissions), _DESCRIPTOR)
    _check_distinct(manifest.trusts or (), _DESCRIPTOR)
    return manifest


def _abi(members: Members) -> tuple[tuple[Method, ...], tuple[Event, ...]]:
    methods = _optional_list(members.get("methods"), _method)
    events = _optional_list(members.get("events"), _event)
    if not methods:
        raise FormatError("Methods in ContractAbi is empty")
    return methods, events


def _method(value: Json) -> Method:
    members = _object(value)
    name, parameters = _text(members.get("name")), _parameters(members.get("parameters"))
    return_type = parse_enum(_text(members.get("returntype")), PARAMETER_TYPE_CODES)
    offset, safe = _int32(members.get("offset")), members.get("safe")
    if not isinstance(safe, bool):
        raise _no(safe)
    if not name:
        raise FormatError("Name in ContractMethodDescriptor is empty")
    _check_distinct(parameter.name for parameter in parameters)
    if return_type not in _TYPE_NAMES:
        raise FormatError(f"ReturnType({return_type}) in ContractMethodDescriptor is not valid")
    if offset < 0:
        raise FormatError(f"Offset({offset}) in ContractMethodDescriptor is not valid")
    return Method(name, parameters, _TYPE_NAMES[return_type], offset, safe)


def _event(value: Json) -> Event:
    members = _object(value)
    name, parameters = _text(members.get("name")), _parameters(members.get("parameters"))
    if not name:
        raise FormatError("Name in ContractEventDescriptor is empty")
    _check_distinct(parameter.name for parameter in parameters)
    return Event(name, parameters)


def _parameters(value: Json) -> tuple[Parameter, ...]:
    if value is None:
        raise FormatError("Value cannot be null. (Parameter 'source')")
    return tuple(map(_parameter, _cast(value, list)))


def _parameter(value: Json) -> Parameter:
    members = _object(value)
    name, kind = _text(members.get("name")), parse_enum(_text(members.get("type")), PARAMETER_TYPE_CODES)
    if not name:
        raise FormatError("Name in ContractParameterDefinition is empty")
    if kind not in _TYPE_NAMES or kind == _VOID:
        raise FormatError(f"Type({_TYPE_NAMES.get(kind, kind)}) in ContractParameterDefinition is not valid")
    return Parameter(name, _TYPE_NAMES[kind])


def _group(value: Json) -> Group:
    members = _object(value)
    public_key = _public_key(_text(members.get("pubkey")))
    signature = decode_base64(_text(members.get("signature")))
    if signature is None:
        raise FormatError(_NO_BASE_64)
    if len(signature) != _SIGNATURE_SIZE:
        raise FormatError(f"Signature length({len(signature)}) is not {_SIGNATURE_SIZE}")
    return Group(public_key, signature)


def _permission(value: Json) -> Permission:
    members = _object(value)
    permission = Permission(_named(members.get("contract")), _list_or_all(members.get("methods"), _text))
    if "" in (permission.methods or ()):
        raise FormatError("Methods in ContractPermission has empty string")
    _check_distinct(permission.methods or ())
    return permission


def _named(value: Json) -> Named:
    if value is None:
        raise FormatError(NULL_REFERENCE)
    text = _cast(value, str)
    if len(text) == 42:
        return _script_hash(text)
    if len(text) == 66:
        return _public_key(text)
    if text == "*":
        return None
    raise FormatError(f"Invalid ContractPermissionDescriptor({text})")


def _script_hash(text: str) -> UInt160:
    if text[:2] not in ("0x", "0X"):
        expected = f"expected 40 hexadecimal characters, but got {len(text)}"
        form = "UInt160 values must be represented as 40 hexadecimal characters (with or without '0x' prefix)"
        raise FormatError(f"Invalid UInt160 string format: {expected}. {form}.")
    return UInt160(_hex(text[2:])[::-1])


def _public_key(text: str) -> ECPoint:
    return ECPoint(encode_key(on_curve(decode_key(_hex(text), SECP256R1), SECP256R1)))


def _hex(text: str) -> bytes:
    if len(text) % 2:
        raise FormatError("The input is not a valid hex string as its length is not a multiple of 2.")
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    if 2 * len(data) != len(text):
        raise FormatError("The input is not a valid hex string as it contains a non-hex character.")
    return data


def _object(value: Json) -> Members:
    if value is None:
        raise FormatError(NULL_REFERENCE)
    return _cast(value, dict)


def _optional_list(value: Json, read: Callable[[Json], T]) -> tuple[T, ...]:
    return () if value is None else tuple(map(read, _cast(value, list)))


def _list_or_all(value: Json, read: Callable[[Json], T]) -> tuple[T, ...] | None:
    if isinstance(value, str):
        if value != "*":
            raise FormatError(f"Invalid wildcard('{value}')")
        return None
    if isinstance(value, list):
        return tuple(map(read, value))
    raise FormatError(NULL_REFERENCE if value is None else f"Invalid json type for wildcard({_class_of(value)})")


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise _no(value)
    return value


def _int32(value: Json) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1:
        raise _no(value)
    if not -(2**31) <= value < 2**31:
        raise FormatError("Arithmetic operation resulted in an overflow.")
    return int(value)


def _no(value: Json) -> FormatError:
    """What a value fails with that is not of the type asked for."""
    return FormatError(NULL_REFERENCE if value is None else INVALID_CAST)


def _cast(value: Json, kind: type[T]) -> T:
    if not isinstance(value, kind):
        wanted = next(name for of, name in _CLASSES if of is kind)
        raise FormatError(f"Unable to cast object of type '{_class_of(value)}' to type 'Neo.Json.{wanted}'.")
    return value


def _class_of(value: Json) -> str:
    return "Neo.Json." + next(name for kind, name in _CLASSES if isinstance(value, kind))


def _check_distinct(keys: Iterable[object], shown: str | None = None) -> None:
    """Refuses keys that come twice, as .NET's dictionaries do; `shown` where a key has no text of its own."""
    seen = set[object]()
    for key in keys:
        if key in seen:
            raise FormatError(f"An item with the same key has already been added. Key: {shown or key}")
        seen.add(key)


def plain_numbers(value: Json) -> Json:
    """Numbers that are whole as integers, but for minus zero, which .NET writes with its sign."""
    if isinstance(value, list):
        return [plain_numbers(element) for element in value]
    if isinstance(value, dict):
        return {key: plain_numbers(element) for key, element in value.items()}
    if isinstance(value, float) and value % 1 == 0 and abs(value) <= _MAX_WHOLE:
        return int(value) if value or copysign(1, value) > 0 else value
    return value

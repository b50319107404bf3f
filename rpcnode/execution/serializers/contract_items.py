"""Contracts as the stack items that scripts get of them.

Source: neo 3.9, Neo: the ToStackItem of ContractState, ContractManifest and its parts.
"""

import base64
from collections.abc import Callable, Iterable
from typing import Final

from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.serializers.json_text import dotnet_json
from rpcnode.payloads.flags import CallFlags, flags_of_text
from rpcnode.payloads.nef import MethodToken, Nef
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, Map, StackItem, Struct

_TYPES: Final = {
    "Any": 0x00,
    "Boolean": 0x10,
    "Integer": 0x11,
    "ByteArray": 0x12,
    "String": 0x13,
    "Hash160": 0x14,
    "Hash256": 0x15,
    "PublicKey": 0x16,
    "Signature": 0x17,
    "Array": 0x20,
    "Map": 0x22,
    "InteropInterface": 0x30,
    "Void": 0xFF,
}
"""The numbers of parameter types. Source: neo, Neo: SmartContract/ContractParameterType."""


def contract_value(contract: ContractState) -> StackItem:
    """A contract as ContractManagement hands it out."""
    nef = nef_of(contract).serialize()
    manifest = _manifest_value(contract.manifest)
    return Array([contract.contract_id, contract.update_counter, bytes(contract.script_hash), nef, manifest])


def nef_of(contract: ContractState) -> Nef:
    """The NEF file of a contract."""
    nef = contract.nef
    return Nef(
        compiler=str(nef["compiler"]),
        source=str(nef.get("source", "")),
        tokens=tuple(_method_token(token) for token in _objects(nef.get("tokens"))),
        script=base64.b64decode(str(nef["script"])),
    )


def _method_token(token: dict[str, Json]) -> MethodToken:
    return MethodToken(
        UInt160.parse(str(token["hash"])),
        str(token["method"]),
        int(str(token["paramcount"])),
        bool(token["hasreturnvalue"]),
        flags_of_text(CallFlags, str(token["callflags"])),
    )


def _manifest_value(manifest: dict[str, Json]) -> StackItem:
    abi = manifest.get("abi")
    assert isinstance(abi, dict)
    return Struct(
        [
            _text(manifest.get("name")),
            _array(_objects(manifest.get("groups")), _group_value),
            Map(),
            Array(map(_text, _list(manifest.get("supportedstandards")))),
            Struct([_array(_objects(abi.get("methods")), _method_value), _array(_objects(abi.get("events")), _event)]),
            _array(_objects(manifest.get("permissions")), _permission_value),
            None if manifest.get("trusts") == "*" else Array(map(_named, _list(manifest.get("trusts")))),
            dotnet_json(manifest.get("extra")).encode(),
        ]
    )


def _group_value(group: dict[str, Json]) -> StackItem:
    return Struct([bytes.fromhex(str(group["pubkey"])), base64.b64decode(str(group["signature"]))])


def _event(event: dict[str, Json]) -> Struct:
    parameters: list[StackItem] = [
        Struct([_text(parameter["name"]), _TYPES[str(parameter["type"])]])
        for parameter in _objects(event.get("parameters"))
    ]
    return Struct([_text(event["name"]), Array(parameters)])


def _method_value(method: dict[str, Json]) -> StackItem:
    value = _event(method)
    value.items.extend((_TYPES[str(method["returntype"])], int(str(method["offset"])), bool(method.get("safe"))))
    return value


def _permission_value(permission: dict[str, Json]) -> StackItem:
    methods = permission.get("methods")
    return Struct([_named(permission.get("contract")), None if methods == "*" else Array(map(_text, _list(methods)))])


def _named(contract: Json) -> StackItem:
    """What a permission or a trust names: a contract, a group, or anything."""
    text = str(contract)
    if text == "*":
        return None
    return bytes(ECPoint.parse(text)) if len(text) == 66 else bytes(UInt160.parse(text))


def _text(value: Json) -> bytes:
    return str(value).encode()


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _objects(value: Json) -> Iterable[dict[str, Json]]:
    return [entry for entry in _list(value) if isinstance(entry, dict)]


def _array(entries: Iterable[dict[str, Json]], read: Callable[[dict[str, Json]], StackItem]) -> Array:
    return Array(map(read, entries))

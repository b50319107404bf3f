"""A contract as getcontractstate prints it, in each profile's shape.

Source: neo 3.10, Neo: SmartContract/ContractState.ToJson, Manifest/*.ToJson; neo 3.0.0-preview2, Neo:
Ledger/ContractState.ToJson, SmartContract/Manifest/*.ToJson; neo 2.12, Neo: Ledger/ContractState.ToJson.
"""

import base64
from collections.abc import Callable

from rpcnode.plugin import ContractState, Json, ProfileName

_MEMBERS: dict[str, tuple[str, ...]] = {
    "nef": ("magic", "compiler", "source", "tokens", "script", "checksum"),
    "tokens": ("hash", "method", "paramcount", "hasreturnvalue", "callflags"),
    "manifest": (
        "name",
        "groups",
        "features",
        "supportedstandards",
        "abi",
        "permissions",
        "trusts",
        "extra",
    ),
    "groups": ("pubkey", "signature"),
    "abi": ("methods", "events"),
    "methods": ("name", "parameters", "returntype", "offset", "safe"),
    "events": ("name", "parameters"),
    "parameters": ("name", "type"),
    "permissions": ("contract", "methods"),
}
"""The order of an object's members, by the member it stands under; a list's objects are ordered likewise."""


def _ordered(json: Json, under: str) -> Json:
    if isinstance(json, list):
        return [_ordered(item, under) for item in json]
    if not isinstance(json, dict) or under == "extra":
        return json
    listed = [name for name in _MEMBERS.get(under, ()) if name in json]
    return {name: _ordered(json[name], name) for name in (*listed, *(name for name in json if name not in listed))}


def _n3(contract: ContractState) -> dict[str, Json]:
    told = contract.printed
    return {
        "id": contract.contract_id,
        "updatecounter": contract.update_counter,
        "hash": str(contract.script_hash),
        "nef": contract.nef.to_json() if told is None else _ordered(told.get("nef"), "nef"),
        "manifest": contract.manifest.to_json() if told is None else _ordered(told.get("manifest"), "manifest"),
    }


# The older nodes: the model's state in their form


_PREVIEW_SCRIPTS = {-1: bytes.fromhex("4145c49284"), -2: bytes.fromhex("41eb43f4f4")}
"""NEO's and GAS's: their hashes come from these.

Source: neo 3.0.0-preview2, Neo: SmartContract/Native/NativeContract.
"""

_PREVIEW_ENTRY_POINT: dict[str, Json] = {
    "name": "Main",
    "parameters": [{"name": "operation", "type": "String"}, {"name": "args", "type": "Array"}],
    "returnType": "Any",
}


def _script(contract: ContractState) -> bytes:
    native = _PREVIEW_SCRIPTS.get(contract.contract_id)
    return contract.nef.script if native is None else native


def _preview(contract: ContractState) -> dict[str, Json]:
    if contract.printed is not None:
        return contract.printed
    manifest, told = contract.manifest, contract.manifest.to_json()
    return {
        "id": contract.contract_id,
        "hash": str(contract.script_hash),
        "script": base64.b64encode(_script(contract)).decode(),
        "manifest": {
            "groups": [
                {"pubKey": str(group.public_key), "signature": base64.b64encode(group.signature).decode()}
                for group in manifest.groups
            ],
            "features": {"storage": True, "payable": False},
            "abi": {
                "hash": str(contract.script_hash),
                "entryPoint": _PREVIEW_ENTRY_POINT,
                "methods": [
                    {
                        "name": method.name,
                        "parameters": [parameter.to_json() for parameter in method.parameters],
                        "returnType": method.return_type,
                    }
                    for method in manifest.methods
                ],
                # preview2 quirk: an event's return type is the first of all types, since it has none.
                "events": [
                    {
                        "name": event.name,
                        "parameters": [parameter.to_json() for parameter in event.parameters],
                        "returnType": "Signature",
                    }
                    for event in manifest.events
                ],
            },
            "permissions": told["permissions"],
            "trusts": told["trusts"],
            "safeMethods": [method.name for method in manifest.methods if method.safe],
            "extra": manifest.extra,
        },
    }


def _n2(contract: ContractState) -> dict[str, Json]:
    if contract.printed is not None:
        return contract.printed
    return {
        "version": 0,
        "hash": str(contract.script_hash),
        "script": _script(contract).hex(),
        "parameters": ["String", "Array"],
        "returntype": "ByteArray",
        "name": contract.name,
        "code_version": "",
        "author": "",
        "email": "",
        "description": "",
        "properties": {"storage": True, "dynamic_invoke": False},
    }


CONTRACT_JSON: dict[ProfileName, Callable[[ContractState], dict[str, Json]]] = {
    "n3": _n3,
    "n3-preview": _preview,
    "n2": _n2,
}
"""The whole answer, by profile."""

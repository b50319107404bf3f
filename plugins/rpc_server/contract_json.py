"""A contract as getcontractstate prints it, in each profile's shape.

Source: neo 3.10, Neo: SmartContract/ContractState.ToJson, Manifest/*.ToJson; neo 3.0.0-preview2, Neo:
Ledger/ContractState.ToJson, SmartContract/Manifest/*.ToJson; neo 2.12, Neo: Ledger/ContractState.ToJson.
"""

import base64
from collections.abc import Callable, Iterable

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
    return {
        "id": contract.contract_id,
        "updatecounter": contract.update_counter,
        "hash": str(contract.script_hash),
        "nef": _ordered(contract.nef, "nef"),
        "manifest": _ordered(contract.manifest, "manifest"),
    }


# The older nodes: the model's state in their form


def _objects(json: Json, member: str) -> Iterable[dict[str, Json]]:
    listed = json.get(member) if isinstance(json, dict) else None
    return (item for item in (listed if isinstance(listed, list) else ()) if isinstance(item, dict))


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
    return base64.b64decode(str(contract.nef.get("script", ""))) if native is None else native


def _preview(contract: ContractState) -> dict[str, Json]:
    recorded = contract.nef.get("recorded")
    if isinstance(recorded, dict):
        return recorded
    manifest = contract.manifest
    methods = list(_objects(manifest.get("abi"), "methods"))
    return {
        "id": contract.contract_id,
        "hash": str(contract.script_hash),
        "script": base64.b64encode(_script(contract)).decode(),
        "manifest": {
            "groups": [
                {"pubKey": group["pubkey"], "signature": group["signature"]} for group in _objects(manifest, "groups")
            ],
            "features": {"storage": True, "payable": False},
            "abi": {
                "hash": str(contract.script_hash),
                "entryPoint": _PREVIEW_ENTRY_POINT,
                "methods": [
                    {"name": method["name"], "parameters": method["parameters"], "returnType": method["returntype"]}
                    for method in methods
                ],
                # preview2 quirk: an event's return type is the first of all types, since it has none.
                "events": [
                    {"name": event["name"], "parameters": event["parameters"], "returnType": "Signature"}
                    for event in _objects(manifest.get("abi"), "events")
                ],
            },
            "permissions": _ordered(manifest.get("permissions"), "permissions"),
            "trusts": manifest.get("trusts"),
            "safeMethods": [method["name"] for method in methods if method.get("safe") is True],
            "extra": manifest.get("extra"),
        },
    }


def _n2(contract: ContractState) -> dict[str, Json]:
    recorded = contract.nef.get("recorded")
    if isinstance(recorded, dict):
        return recorded
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

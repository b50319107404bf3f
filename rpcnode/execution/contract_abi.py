"""What a contract's manifest and NEF say to those who call it: where methods begin, who may call what."""

import base64
from functools import lru_cache
from typing import NamedTuple

from rpcnode.execution.contract_state import ContractState
from rpcnode.payloads.flags import CallFlags, flags_of_text
from rpcnode.primitives.json import Json
from rpcnode.vm.script import Script, script_of


class MethodEntry(NamedTuple):
    """Where a method of a contract begins, whether it returns something, and whether it only reads."""

    offset: int
    returns: bool
    is_safe: bool


class Token(NamedTuple):
    """A method that a NEF names: the contract's hash as text, method, number of parameters, call flags."""

    contract: str
    method: str
    parameter_count: int
    flags: int


def entry_of(contract: ContractState, method: str, parameter_count: int) -> MethodEntry | None:
    """Where a method begins, by name and number of parameters."""
    found = contract.methods.get((method, parameter_count))
    if found is None:
        return None
    return MethodEntry(int(str(found["offset"])), found.get("returntype") != "Void", bool(found.get("safe")))


def script_of_contract(contract: ContractState) -> Script:
    """The script in a contract's NEF, decoded once."""
    return script_of(_script_bytes(str(contract.nef["script"])))


def token_of(contract: ContractState, index: int) -> Token | None:
    """The method that stands at an index of the NEF's tokens."""
    tokens = contract.nef.get("tokens")
    entry = tokens[index] if isinstance(tokens, list) and 0 <= index < len(tokens) else None
    if not isinstance(entry, dict):
        return None
    flags = flags_of_text(CallFlags, str(entry["callflags"]))
    return Token(str(entry["hash"]), str(entry["method"]), int(str(entry["paramcount"])), int(flags))


def can_call(caller: ContractState, target: ContractState, method: str) -> bool:
    """Whether the caller's permissions cover a method of the target. Source: neo, Neo: Manifest/ContractPermission."""
    permissions = caller.manifest.get("permissions")
    return any(
        isinstance(permission, dict) and _covers(permission, target, method)
        for permission in (permissions if isinstance(permissions, list) else ())
    )


def groups_of(contract: ContractState) -> frozenset[str]:
    """The public keys, in hex, of the groups that a contract belongs to."""
    groups = contract.manifest.get("groups")
    return frozenset(
        str(group["pubkey"]).lower()
        for group in (groups if isinstance(groups, list) else ())
        if isinstance(group, dict)
    )


def _covers(permission: dict[str, Json], target: ContractState, method: str) -> bool:
    named, methods = str(permission.get("contract")).lower(), permission.get("methods")
    if named != "*" and named != str(target.script_hash) and named not in groups_of(target):
        return False
    return methods == "*" or (isinstance(methods, list) and method in methods)


@lru_cache(maxsize=256)
def _script_bytes(text: str) -> bytes:
    return base64.b64decode(text)

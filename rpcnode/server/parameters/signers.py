"""The signers and witnesses of an invocation, from JSON.

Where the C# node's reading fails with an exception of the runtime, FormatError is raised: the binder names the
parameter.
Source: neo-node 3.10, plugins/RpcServer: ParameterConverter.ToSignersAndWitnesses; neo 3.10, Neo:
Network/P2P/Payloads/WitnessRule, Conditions/*.ParseJson.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from rpcnode.payloads import witness_rule as rules
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import MAX_TRANSACTION_SIZE
from rpcnode.payloads.witness import MAX_SCRIPT_SIZE, Witness
from rpcnode.payloads.witness_rule import WitnessConditionType as Kind
from rpcnode.plugin.parameters import SignersAndWitnesses
from rpcnode.primitives.address import script_hash_of
from rpcnode.primitives.dotnet_text import parse_enum
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.server.jsonrpc.value_text import n3_text
from rpcnode.server.parameters.arguments import base64_bytes, public_key
from rpcnode.server.parameters.conversion import invalid, json_text

MAX_SIGNERS: Final = 16
_SCOPES: Final = {name.rstrip("_"): int(scope) for name, scope in WitnessScope.__members__.items()}
_ACTIONS: Final = {action.name: int(action) for action in rules.WitnessRuleAction}
_CONDITION_TYPES: Final = {kind.name: int(kind) for kind in Kind}

SignerParts = tuple[UInt160, WitnessScope, tuple[UInt160, ...], tuple[ECPoint, ...], tuple[rules.WitnessRule, ...]]
T = TypeVar("T")


def signers_and_witnesses(value: Json, version: int) -> SignersAndWitnesses:
    """N3's array of signers, each with its witness or without. Raises InvalidParams."""
    if not isinstance(value, list):
        raise invalid(f"Invalid SignersAndWitnesses: {json_text(value)}")
    if len(value) > MAX_SIGNERS:
        raise invalid("Max allowed signers exceeded.")
    entries: list[dict[str, Json]] = []
    parts = []
    for position, entry in enumerate(value):
        if not isinstance(entry, dict):
            raise invalid(f"Invalid Signer at {position}.")
        entries.append(entry)
        parts.append(_signer(entry, version))
    # The node reads all of them before it looks whether one of them may be.
    signers = tuple(Signer(*part) for part in parts)
    if sum(len(signer.serialize()) for signer in signers) >= MAX_TRANSACTION_SIZE:
        raise invalid("Max transaction size exceeded.")
    witnesses = (_witness(entry, position) for position, entry in enumerate(entries) if _has_witness(entry))
    return SignersAndWitnesses(signers, tuple(witnesses))


def _signer(entry: dict[str, Json], version: int) -> SignerParts:
    for member in ("account", "scopes"):
        if entry.get(member) is None:
            raise invalid(f"Invalid '{member}' in Signer.")
    account = _account(n3_text(entry["account"]), version)
    scopes = _member(entry, "scopes", lambda value: WitnessScope(parse_enum(n3_text(value), _SCOPES)))
    contracts = _items(entry, "allowedcontracts", lambda value: UInt160.parse(n3_text(value)))
    groups = _items(entry, "allowedgroups", lambda value: public_key(n3_text(value)))
    witness_rules = _items(entry, "rules", _rule)
    # A list whose scope is not set is not part of the signer.
    return (
        account,
        scopes,
        contracts if WitnessScope.CustomContracts in scopes else (),
        groups if WitnessScope.CustomGroups in scopes else (),
        witness_rules if WitnessScope.WitnessRules in scopes else (),
    )


def _account(text: str, version: int) -> UInt160:
    try:
        return UInt160.parse(text)
    except FormatError:
        pass
    try:
        return script_hash_of(text, version)
    except FormatError:
        raise invalid(f"Invalid Address: {text}") from None


def _member(entry: dict[str, Json], member: str, read: Callable[[Json], T]) -> T:
    try:
        return read(entry[member])
    except FormatError:
        raise invalid(f"Invalid '{member}' in Signer.") from None


def _items(entry: dict[str, Json], member: str, read: Callable[[Json], T]) -> tuple[T, ...]:
    if entry.get(member) is None:
        return ()

    def read_all(value: Json) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise FormatError(f"{member} is an array")
        return tuple(read(item) for item in value)

    return _member(entry, member, read_all)


def _has_witness(entry: dict[str, Json]) -> bool:
    return entry.get("invocation") is not None or entry.get("verification") is not None


def _witness(entry: dict[str, Json], position: int) -> Witness:
    scripts = []
    for member in ("invocation", "verification"):
        value = entry.get(member)
        script = b"" if value is None else base64_bytes(n3_text(value))
        scripts.append((member, script))
    for member, script in scripts:
        if len(script) > MAX_SCRIPT_SIZE:
            raise invalid(f"{member.capitalize()} script length exceeds the maximum allowed length at {position}.")
    return Witness(*(script for _, script in scripts))


def _rule(value: Json) -> rules.WitnessRule:
    members = _mapping(value)
    action = parse_enum(_string(members.get("action")), _ACTIONS)
    if action not in _ACTIONS.values():
        raise FormatError(f"a rule's action is Allow or Deny, not {action}")
    return rules.WitnessRule(rules.WitnessRuleAction(action), _condition(members.get("condition"), 0))


def _condition(value: Json, depth: int) -> rules.WitnessCondition:
    members = _mapping(value)
    kind = parse_enum(_string(members.get("type")), _CONDITION_TYPES)
    if depth >= rules.MAX_NESTING or kind not in _CONDITIONS:
        raise FormatError(f"no condition of type {kind:#04x} here")
    return _CONDITIONS[kind](members, depth)


def _expressions(members: dict[str, Json], depth: int) -> tuple[rules.WitnessCondition, ...]:
    expressions = members.get("expressions")
    if not isinstance(expressions, list):
        raise FormatError("expressions is an array")
    return tuple(_condition(expression, depth + 1) for expression in expressions)


_CONDITIONS: Final[dict[int, Callable[[dict[str, Json], int], rules.WitnessCondition]]] = {
    Kind.Boolean: lambda members, depth: rules.BooleanCondition(_boolean(members.get("expression"))),
    Kind.Not: lambda members, depth: rules.NotCondition(_condition(members.get("expression"), depth + 1)),
    Kind.And: lambda members, depth: rules.AndCondition(_expressions(members, depth)),
    Kind.Or: lambda members, depth: rules.OrCondition(_expressions(members, depth)),
    Kind.ScriptHash: lambda members, depth: rules.ScriptHashCondition(_hash(members)),
    Kind.Group: lambda members, depth: rules.GroupCondition(_group(members)),
    Kind.CalledByEntry: lambda members, depth: rules.CalledByEntryCondition(),
    Kind.CalledByContract: lambda members, depth: rules.CalledByContractCondition(_hash(members)),
    Kind.CalledByGroup: lambda members, depth: rules.CalledByGroupCondition(_group(members)),
}


def _hash(members: dict[str, Json]) -> UInt160:
    return UInt160.parse(_string(members.get("hash")))


def _group(members: dict[str, Json]) -> ECPoint:
    return public_key(_string(members.get("group")))


def _boolean(value: Json) -> bool:
    if not isinstance(value, bool):
        raise FormatError(f"true or false is expected, not {json_text(value)[:40]}")
    return value


def _string(value: Json) -> str:
    if not isinstance(value, str):
        raise FormatError(f"a text is expected, not {json_text(value)[:40]}")
    return value


def _mapping(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise FormatError(f"an object is expected, not {json_text(value)[:40]}")
    return value

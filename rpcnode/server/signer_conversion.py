"""The signers and witnesses of an invocation, from JSON.

Where the C# node's reading fails with an exception of the runtime, FormatError is raised: the binder names the
parameter.
Source: neo-node 3.9, plugins/RpcServer: ParameterConverter.ToSigner; neo 3.9, Neo: Network/P2P/Payloads/WitnessRule.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from rpcnode.payloads import witness_rule as rules
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.witness import Witness
from rpcnode.plugin.parameters import SignersAndWitnesses
from rpcnode.primitives.address import script_hash_of
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.server.argument_conversion import base64_bytes
from rpcnode.server.conversion import as_boolean, invalid, json_text
from rpcnode.server.value_text import n3_text

MAX_SIGNERS: Final = 16
_SCOPES: Final = {name.rstrip("_"): int(scope) for name, scope in WitnessScope.__members__.items()}

T = TypeVar("T")


def signers_and_witnesses(value: Json, version: int) -> SignersAndWitnesses:
    """N3's array of signers, each with its witness or without. Raises InvalidParams."""
    if not isinstance(value, list):
        raise invalid(f"Invalid SignersAndWitnesses: {json_text(value)}")
    if len(value) > MAX_SIGNERS:
        raise invalid("Max allowed signers exceeded.")
    entries = []
    for position, entry in enumerate(value):
        if not isinstance(entry, dict):
            raise invalid(f"Invalid Signer at {position}.")
        entries.append(entry)
    signers = tuple(_signer(entry, version) for entry in entries)
    return SignersAndWitnesses(signers, tuple(_witness(entry) for entry in entries if _has_witness(entry)))


def _signer(entry: dict[str, Json], version: int) -> Signer:
    for member in ("account", "scopes"):
        if entry.get(member) is None:
            raise invalid(f"Invalid '{member}' in Signer.")
    account = _account(n3_text(entry["account"]), version)
    scopes = _member(entry, "scopes", lambda value: _scopes(n3_text(value)))
    contracts = _items(entry, "allowedcontracts", lambda value: UInt160.parse(n3_text(value)))
    groups = _items(entry, "allowedgroups", lambda value: ECPoint.parse(n3_text(value)))
    witness_rules = _items(entry, "rules", _rule)
    # A list whose scope is not set is not part of the signer.
    return Signer(
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


def _scopes(text: str) -> WitnessScope:
    """Enum.Parse: names joined by commas, or a number of a byte."""
    stripped = text.strip()
    if stripped.isascii() and stripped.isdigit():
        if int(stripped[:4]) > 0xFF or len(stripped) > 3:
            raise FormatError(f"{stripped[:20]} is no byte")
        return WitnessScope(int(stripped))
    scopes = 0
    for name in text.split(","):
        if name.strip() not in _SCOPES:
            raise FormatError(f"no scope is named {name.strip()[:40]!r}")
        scopes |= _SCOPES[name.strip()]
    return WitnessScope(scopes)


def _has_witness(entry: dict[str, Json]) -> bool:
    return entry.get("invocation") is not None or entry.get("verification") is not None


def _witness(entry: dict[str, Json]) -> Witness:
    invocation, verification = entry.get("invocation"), entry.get("verification")
    return Witness(
        b"" if invocation is None else base64_bytes(n3_text(invocation)),
        b"" if verification is None else base64_bytes(n3_text(verification)),
    )


def _rule(value: Json) -> rules.WitnessRule:
    members = _mapping(value)
    action = members.get("action")
    if action not in ("Allow", "Deny"):
        raise FormatError(f"a rule's action is Allow or Deny, not {json_text(action)[:40]}")
    return rules.WitnessRule(rules.WitnessRuleAction[str(action)], _condition(members.get("condition"), 0))


def _condition(value: Json, depth: int) -> rules.WitnessCondition:
    members = _mapping(value)
    kind = members.get("type")
    if depth > rules.MAX_NESTING or not isinstance(kind, str) or kind not in _CONDITIONS:
        raise FormatError(f"no condition of type {json_text(kind)[:40]} here")
    return _CONDITIONS[kind](members, depth)


def _expressions(members: dict[str, Json], depth: int) -> tuple[rules.WitnessCondition, ...]:
    expressions = members.get("expressions")
    if not isinstance(expressions, list):
        raise FormatError("expressions is an array")
    return tuple(_condition(expression, depth + 1) for expression in expressions)


_CONDITIONS: Final[dict[str, Callable[[dict[str, Json], int], rules.WitnessCondition]]] = {
    "Boolean": lambda members, depth: rules.BooleanCondition(as_boolean(members.get("expression"))),
    "Not": lambda members, depth: rules.NotCondition(_condition(members.get("expression"), depth + 1)),
    "And": lambda members, depth: rules.AndCondition(_expressions(members, depth)),
    "Or": lambda members, depth: rules.OrCondition(_expressions(members, depth)),
    "ScriptHash": lambda members, depth: rules.ScriptHashCondition(UInt160.parse(n3_text(members.get("hash")))),
    "Group": lambda members, depth: rules.GroupCondition(ECPoint.parse(n3_text(members.get("group")))),
    "CalledByEntry": lambda members, depth: rules.CalledByEntryCondition(),
    "CalledByContract": lambda members, depth: rules.CalledByContractCondition(
        UInt160.parse(n3_text(members.get("hash")))
    ),
    "CalledByGroup": lambda members, depth: rules.CalledByGroupCondition(ECPoint.parse(n3_text(members.get("group")))),
}


def _mapping(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise FormatError(f"an object is expected, not {json_text(value)[:40]}")
    return value

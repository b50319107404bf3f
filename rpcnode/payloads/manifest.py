"""Contract manifests: what a contract says of itself.

Source: neo, Neo: SmartContract/Manifest/ContractManifest and the classes it is made of.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self, TypeAlias, TypeVar

from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

MAX_SIZE = 0xFFFF  # bytes of the compact JSON
MAX_PARAMETER_COUNT: Final = 0xFFFF
PARAMETER_TYPE_CODES: Final = {
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

RETURN_TYPES = frozenset(PARAMETER_TYPE_CODES)
PARAMETER_TYPES = RETURN_TYPES - {"Void"}

Named: TypeAlias = UInt160 | ECPoint | None
"""What a permission or a trust names: a contract, the contracts of a group, or, as None, any contract: `*` in JSON."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a method or an event; `type` is one of `PARAMETER_TYPES`."""

    name: str
    type: str

    def to_json(self) -> dict[str, Json]:
        return {"name": self.name, "type": self.type}


@dataclass(frozen=True, slots=True)
class Method:
    """A method that others may call; `offset` is where it begins in the script, in bytes."""

    name: str
    parameters: tuple[Parameter, ...]
    return_type: str
    offset: int
    safe: bool

    def to_json(self) -> dict[str, Json]:
        return {
            "name": self.name,
            "parameters": [parameter.to_json() for parameter in self.parameters],
            "returntype": self.return_type,
            "offset": self.offset,
            "safe": self.safe,
        }


@dataclass(frozen=True, slots=True)
class Event:
    """A notification that the contract declares."""

    name: str
    parameters: tuple[Parameter, ...]

    def to_json(self) -> dict[str, Json]:
        return {"name": self.name, "parameters": [parameter.to_json() for parameter in self.parameters]}


@dataclass(frozen=True, slots=True)
class Group:
    """A group that a contract belongs to; `signature` is that of the contract's hash, 64 bytes."""

    public_key: ECPoint
    signature: bytes

    def to_json(self) -> dict[str, Json]:
        return {"pubkey": str(self.public_key), "signature": b64encode(self.signature).decode()}


@dataclass(frozen=True, slots=True)
class Permission:
    """What a contract may call: these methods, or all where `methods` is None, of what `contract` names."""

    contract: Named
    methods: tuple[str, ...] | None

    def to_json(self) -> dict[str, Json]:
        methods: Json = "*" if self.methods is None else list(self.methods)
        return {"contract": _named_text(self.contract), "methods": methods}


@dataclass(frozen=True)
class Manifest:
    """A manifest that the node accepts. `trusts` is None where all are trusted; `extra` is an object or null."""

    name: str
    supported_standards: tuple[str, ...]
    methods: tuple[Method, ...]
    events: tuple[Event, ...] = ()
    groups: tuple[Group, ...] = ()
    permissions: tuple[Permission, ...] = ()
    trusts: tuple[Named, ...] | None = ()
    extra: Json = None

    def method(self, name: str, parameter_count: int = -1) -> Method | None:
        """The method of that name and number of parameters; with -1 the first of that name.

        Raises VmFault for a number that no method has. Source: neo, Neo: SmartContract/Manifest/ContractAbi.GetMethod.
        """
        if 0 <= parameter_count <= MAX_PARAMETER_COUNT:
            return self._methods.get((name, parameter_count))
        if parameter_count != -1:
            range_text = f"`pcount` must be between [-1, {MAX_PARAMETER_COUNT}]"
            raise VmFault(f"{range_text} (Parameter 'pcount')")
        return next((method for method in self.methods if method.name == name), None)

    def event(self, name: str) -> Event | None:
        """The event of that name."""
        return self._events.get(name)

    @cached_property
    def _methods(self) -> dict[tuple[str, int], Method]:
        return {(method.name, len(method.parameters)): method for method in reversed(self.methods)}

    @cached_property
    def _events(self) -> dict[str, Event]:
        return {event.name: event for event in reversed(self.events)}

    @cached_property
    def group_keys(self) -> frozenset[ECPoint]:
        """The public keys of the groups."""
        return frozenset(group.public_key for group in self.groups)

    @classmethod
    def from_json(cls, manifest: Json) -> Self:
        """Read a manifest; raises FormatError that names the member at fault."""
        members = _object(manifest, "the manifest")
        if _object(members.get("features", {}), "features"):
            raise FormatError("the manifest's features must be empty")
        abi = _object(members.get("abi"), "abi")
        result = cls(
            name=_text(members.get("name"), "name"),
            supported_standards=_distinct(_list(members.get("supportedstandards"), "supportedstandards", _text)),
            methods=_list(abi.get("methods"), "abi.methods", _method),
            events=_list(abi.get("events"), "abi.events", _event),
            groups=_list(members.get("groups"), "groups", _group),
            permissions=_list(members.get("permissions"), "permissions", _permission),
            trusts=_list_or_all(members.get("trusts"), "trusts", _named),
            extra=members.get("extra"),
        )
        result._check()
        return result

    def to_json(self) -> dict[str, Json]:
        """The members in neo-cli's order."""
        return {
            "name": self.name,
            "groups": [group.to_json() for group in self.groups],
            "features": {},
            "supportedstandards": list(self.supported_standards),
            "abi": {
                "methods": [method.to_json() for method in self.methods],
                "events": [event.to_json() for event in self.events],
            },
            "permissions": [permission.to_json() for permission in self.permissions],
            "trusts": "*" if self.trusts is None else [_named_text(named) for named in self.trusts],
            "extra": self.extra,
        }

    def to_bytes(self) -> bytes:
        """The JSON without spaces, as UTF-8."""
        return json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":")).encode()

    def _check(self) -> None:
        if not self.methods:
            raise FormatError("abi.methods of the manifest has at least one method")
        if len({(method.name, len(method.parameters)) for method in self.methods}) != len(self.methods):
            raise FormatError("abi.methods of the manifest has a method twice with as many parameters")
        if len({event.name for event in self.events}) != len(self.events):
            raise FormatError("abi.events of the manifest has an event twice")
        if self.extra is not None and not isinstance(self.extra, dict):
            raise FormatError(f"extra of the manifest is an object or null, got {self.extra!r}")
        size = len(self.to_bytes())
        if size > MAX_SIZE:
            raise FormatError(f"a manifest has at most {MAX_SIZE} bytes, got {size}")


def _object(value: Json, where: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise FormatError(f"{where} is an object, got {value!r:.80}")
    return value


def _text(value: Json, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise FormatError(f"{where} of the manifest is a text that is not empty, got {value!r:.80}")
    return value


def _list(value: Json, where: str, read: Callable[[Json, str], T]) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise FormatError(f"{where} of the manifest is a list, got {value!r:.80}")
    return tuple(read(element, f"{where}[{index}]") for index, element in enumerate(value))


def _distinct(standards: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(standards)) != len(standards):
        raise FormatError(f"supportedstandards of the manifest names one twice: {', '.join(standards)}")
    return standards


def _list_or_all(value: Json, where: str, read: Callable[[Json, str], T]) -> tuple[T, ...] | None:
    return None if value == "*" else _list(value, where, read)


def _named(value: Json, where: str) -> Named:
    """A script hash, a public key or `*`."""
    text = _text(value, where)
    if text == "*":
        return None
    try:
        return ECPoint.parse(text) if len(text) == 66 else UInt160.parse(text)
    except FormatError as error:
        raise FormatError(f"{where} of the manifest: {error}") from None


def _named_text(named: Named) -> str:
    return "*" if named is None else str(named)


def _group(value: Json, where: str) -> Group:
    members = _object(value, where)
    try:
        public_key = ECPoint.parse(_text(members.get("pubkey"), f"{where}.pubkey"))
        signature = b64decode(_text(members.get("signature"), f"{where}.signature"), validate=True)
    except ValueError as error:
        raise FormatError(f"{where} of the manifest: {error}") from None
    if len(signature) != 64:
        raise FormatError(f"{where}.signature of the manifest has 64 bytes, got {len(signature)}")
    return Group(public_key, signature)


def _permission(value: Json, where: str) -> Permission:
    members = _object(value, where)
    contract = _named(members.get("contract"), f"{where}.contract")
    return Permission(contract, _list_or_all(members.get("methods"), f"{where}.methods", _text))


def _type(value: Json, where: str, types: frozenset[str]) -> str:
    if not isinstance(value, str) or value not in types:
        raise FormatError(f"{where} of the manifest is one of {', '.join(sorted(types))}, got {value!r:.80}")
    return value


def _parameter(value: Json, where: str) -> Parameter:
    members = _object(value, where)
    return Parameter(
        _text(members.get("name"), f"{where}.name"), _type(members.get("type"), f"{where}.type", PARAMETER_TYPES)
    )


def _method(value: Json, where: str) -> Method:
    members = _object(value, where)
    offset, safe = members.get("offset"), members.get("safe")
    if not isinstance(offset, int) or isinstance(offset, bool) or offset < 0:
        raise FormatError(f"{where}.offset of the manifest is a number of bytes, got {offset!r:.80}")
    if not isinstance(safe, bool):
        raise FormatError(f"{where}.safe of the manifest is true or false, got {safe!r:.80}")
    parameters = _list(members.get("parameters"), f"{where}.parameters", _parameter)
    return_type = _type(members.get("returntype"), f"{where}.returntype", RETURN_TYPES)
    return Method(_text(members.get("name"), f"{where}.name"), parameters, return_type, offset, safe)


def _event(value: Json, where: str) -> Event:
    members = _object(value, where)
    parameters = _list(members.get("parameters"), f"{where}.parameters", _parameter)
    return Event(_text(members.get("name"), f"{where}.name"), parameters)

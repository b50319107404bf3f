"""Contract manifests: what a contract says of itself.

Source: neo, Neo: SmartContract/Manifest/ContractManifest and the classes it is made of.
"""

from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

MAX_PARAMETER_COUNT: Final = 0xFFFF
Named: TypeAlias = UInt160 | ECPoint | None
"""What a permission or a trust names: a contract, the contracts of a group, or, as None, any contract: `*` in JSON."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a method or an event; `type` is one of `PARAMETER_TYPE_CODES`."""

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


def _named_text(named: Named) -> str:
    return "*" if named is None else str(named)

"""Manifests as the stack items that are stored and handed to scripts, and back.

Source: neo, Neo: the ToStackItem and FromStackItem of SmartContract/Manifest/ContractManifest and its parts.
"""

from collections.abc import Iterable
from typing import Final, cast

from rpcnode.execution.serializers.json_text import dotnet_json
from rpcnode.payloads.manifest import (
    Event,
    Group,
    Manifest,
    Method,
    Named,
    Parameter,
    Permission,
)
from rpcnode.payloads.manifest_json import plain_numbers
from rpcnode.payloads.parameter_types import PARAMETER_TYPE_CODES
from rpcnode.primitives.dotnet_json import read_json
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, Map, StackItem, Struct

_TYPE_NAMES: Final = {code: name for name, code in PARAMETER_TYPE_CODES.items()}


def manifest_item(manifest: Manifest) -> Struct:
    """Name, groups, features, standards, ABI, permissions, trusts, extra; a new item each time."""
    methods = Array(_method_item(method) for method in manifest.methods)
    events = Array(Struct(_event_items(event)) for event in manifest.events)
    trusts = None if manifest.trusts is None else Array(map(_named_item, manifest.trusts))
    return Struct(
        (
            manifest.name.encode(),
            Array(Struct((bytes(group.public_key), group.signature)) for group in manifest.groups),
            Map(),
            _text_items(manifest.supported_standards),
            Struct((methods, events)),
            Array(map(_permission_item, manifest.permissions)),
            trusts,
            dotnet_json(manifest.extra).encode(),
        )
    )


def manifest_of(item: StackItem) -> Manifest:
    """The manifest that `manifest_item` made an item of. Raises VmFault for any other."""
    name, groups, _, standards, abi, permissions, trusts, extra = _items(item, 8)
    methods, events = _items(abi, 2)
    return Manifest(
        name=_text(name),
        supported_standards=tuple(map(_text, _items(standards))),
        methods=tuple(map(_method, _items(methods))),
        events=tuple(map(_event, _items(events))),
        groups=tuple(map(_group, _items(groups))),
        permissions=tuple(map(_permission, _items(permissions))),
        trusts=None if trusts is None else tuple(map(_named, _items(trusts))),
        extra=_json(extra),
    )


def _text_items(texts: Iterable[str]) -> Array:
    return Array(text.encode() for text in texts)


def _event_items(described: Event | Method) -> tuple[StackItem, StackItem]:
    """What events and methods begin with."""
    parameters = Array(
        Struct((parameter.name.encode(), PARAMETER_TYPE_CODES[parameter.type])) for parameter in described.parameters
    )
    return described.name.encode(), parameters


def _method_item(method: Method) -> Struct:
    return Struct((*_event_items(method), PARAMETER_TYPE_CODES[method.return_type], method.offset, method.safe))


def _permission_item(permission: Permission) -> Struct:
    methods = None if permission.methods is None else _text_items(permission.methods)
    return Struct((_named_item(permission.contract), methods))


def _named_item(named: Named) -> StackItem:
    return None if named is None else bytes(named)


def _items(item: StackItem, count: int | None = None) -> list[StackItem]:
    if not isinstance(item, Array) or count not in (None, len(item.items)):
        raise VmFault("Specified cast is not valid.")
    return item.items


def _text(item: StackItem) -> str:
    if not isinstance(item, bytes):
        raise VmFault("Specified cast is not valid.")
    return item.decode()


def _json(item: StackItem) -> Json:
    if not isinstance(item, bytes):
        raise VmFault("Specified cast is not valid.")
    return None if item == b"null" else plain_numbers(cast(Json, read_json(item)))


def _number(item: StackItem) -> int:
    if not isinstance(item, int):
        raise VmFault("Specified cast is not valid.")
    return item


def _parameters(item: StackItem) -> tuple[Parameter, ...]:
    pairs = (_items(parameter, 2) for parameter in _items(item))
    return tuple(Parameter(_text(name), _TYPE_NAMES[_number(kind)]) for name, kind in pairs)


def _event(item: StackItem) -> Event:
    name, parameters = _items(item, 2)
    return Event(_text(name), _parameters(parameters))


def _method(item: StackItem) -> Method:
    name, parameters, return_type, offset, safe = _items(item, 5)
    return Method(
        _text(name), _parameters(parameters), _TYPE_NAMES[_number(return_type)], _number(offset), safe is True
    )


def _group(item: StackItem) -> Group:
    public_key, signature = _items(item, 2)
    if not isinstance(public_key, bytes) or not isinstance(signature, bytes):
        raise VmFault("Specified cast is not valid.")
    return Group(ECPoint(public_key), signature)


def _permission(item: StackItem) -> Permission:
    contract, methods = _items(item, 2)
    return Permission(_named(contract), None if methods is None else tuple(map(_text, _items(methods))))


def _named(item: StackItem) -> Named:
    if item is None:
        return None
    if not isinstance(item, bytes):
        raise VmFault("Specified cast is not valid.")
    return ECPoint(item) if len(item) == 33 else UInt160(item)

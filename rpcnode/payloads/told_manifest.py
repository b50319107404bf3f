"""Manifests as they were stored or as a node printed them: nothing is refused, what cannot be read is left out.

Contracts that are deployed here are read by manifest_json.py, in the node's words.
"""

from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

from rpcnode.payloads.manifest import Event, Group, Manifest, Method, Named, Parameter, Permission
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

T = TypeVar("T")

_HASH_LENGTH = 42  # characters, with 0x


def told_manifest(document: Json) -> Manifest:
    """The manifest in JSON of getcontractstate's form."""
    members = _object(document)
    abi = _object(members.get("abi"))
    return Manifest(
        name=_text(members.get("name")),
        supported_standards=tuple(_texts(members.get("supportedstandards"))),
        methods=tuple(_each(abi.get("methods"), _method)),
        events=tuple(_each(abi.get("events"), _event)),
        groups=tuple(_each(members.get("groups"), _group)),
        permissions=tuple(_each(members.get("permissions"), _permission)),
        trusts=None if members.get("trusts") == "*" else tuple(_each(members.get("trusts"), _named)),
        extra=members.get("extra"),
    )


def _method(told: Json) -> Method:
    members = _object(told)
    offset = members.get("offset")
    return Method(
        _text(members.get("name")),
        _parameters(members),
        _text(members.get("returntype")) or "Any",
        offset if isinstance(offset, int) else 0,
        members.get("safe") is True,
    )


def _event(told: Json) -> Event:
    members = _object(told)
    return Event(_text(members.get("name")), _parameters(members))


def _parameters(members: dict[str, Json]) -> tuple[Parameter, ...]:
    listed = (_object(parameter) for parameter in _list(members.get("parameters")))
    return tuple(Parameter(_text(each.get("name")), _text(each.get("type")) or "Any") for each in listed)


def _group(told: Json) -> Group:
    members = _object(told)
    return Group(ECPoint.parse(_text(members.get("pubkey"))), b64decode(_text(members.get("signature"))))


def _permission(told: Json) -> Permission:
    members = _object(told)
    methods = members.get("methods")
    return Permission(_named(members.get("contract")), None if methods == "*" else tuple(_texts(methods)))


def _named(told: Json) -> Named:
    if told == "*":
        return None
    text = _text(told)
    return UInt160.parse(text) if len(text) == _HASH_LENGTH else ECPoint.parse(text)


def _each(told: Json, read: Callable[[Json], T]) -> Iterator[T]:
    for element in _list(told):
        with suppress(FormatError, ValueError):
            yield read(element)


def _texts(told: Json) -> Iterator[str]:
    return (element for element in _list(told) if isinstance(element, str))


def _list(told: Json) -> list[Json]:
    return told if isinstance(told, list) else []


def _object(told: Json) -> dict[str, Json]:
    return told if isinstance(told, dict) else {}


def _text(told: Json) -> str:
    return told if isinstance(told, str) else ""

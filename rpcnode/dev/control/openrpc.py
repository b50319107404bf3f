"""The OpenRPC document of a node: every method with its parameters, and how near it is to the real node's.

Source: OpenRPC specification 1.2.6.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Final, get_args

from rpcnode import __version__
from rpcnode.dev.control.method import DevMethod
from rpcnode.plugin.base import Fidelity
from rpcnode.plugin.parameters import (
    Account,
    Accounts,
    Base64Bytes,
    Base64Text,
    BlockRef,
    ContractArguments,
    ContractRef,
    Guid,
    HexBytes,
    Int32,
    JsonObject,
    LateHexBytes,
    ScriptHashes,
    SignersAndWitnesses,
    UInt16,
    UInt32,
    UInt64,
)
from rpcnode.plugin.registry import RegisteredMethod
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.server.parameters.binding import parameter_hints, wire_parameter_name

OPENRPC_VERSION: Final = "1.2.6"
DEV_TAG: Final = "dev"
FIDELITY_KEY: Final = "x-fidelity"

Schema = dict[str, Json]


def _integer(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_HASH160: Final = _text("^(0[xX])?[0-9a-fA-F]{40}$")
_HASH256: Final = _text("^(0[xX])?[0-9a-fA-F]{64}$")
_ANY: Final[Schema] = {}

SCHEMAS: Final[dict[object, Schema]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    str: {"type": "string"},
    Account: {"type": "string", "description": "an address, or a script hash"},
    Accounts: _array({"type": "string"}),
    JsonObject: {"type": "object"},
    Base64Bytes: {"type": "string", "contentEncoding": "base64"},
    Base64Text: {"type": "string", "contentEncoding": "base64"},
    BlockRef: {"oneOf": [_HASH256, _integer(0, 2**32 - 1)]},
    ContractArguments: _array({"type": "object"}),
    ContractRef: {"oneOf": [{"type": "string"}, _integer(-(2**31), 2**31 - 1)]},
    Guid: {"type": "string", "format": "uuid"},
    HexBytes: _text("^([0-9a-fA-F]{2})*$"),
    LateHexBytes: _text("^([0-9a-fA-F]{2})*$"),
    Int32: _integer(-(2**31), 2**31 - 1),
    ScriptHashes: _array(_HASH160),
    SignersAndWitnesses: _array({"type": "object"}),
    UInt16: _integer(0, 2**16 - 1),
    UInt32: _integer(0, 2**32 - 1),
    UInt64: _integer(0, 2**64 - 1),
    UInt160: _HASH160,
    UInt256: _HASH256,
}
"""What JSON a parameter is, by its annotation; a type that a plugin brings itself is any JSON."""


def openrpc_document(
    profile: ProfileName, methods: Iterable[RegisteredMethod], dev_methods: Iterable[DevMethod]
) -> dict[str, Json]:
    """The document, methods by name."""
    described = {
        method.declaration.wire_name: _method(
            method.declaration.wire_name, method.function, method.declaration.fidelity, method.plugin.name
        )
        for method in methods
    }
    for dev in dev_methods:
        described[dev.name] = _method(dev.name, dev.function, dev.fidelity, DEV_TAG)
    return {
        "openrpc": OPENRPC_VERSION,
        "info": {"title": f"rpcnode, profile {profile}", "version": __version__},
        "methods": [described[name] for name in sorted(described)],
    }


def _method(name: str, function: Callable[..., object], fidelity: Fidelity, tag: str) -> dict[str, Json]:
    summary, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n\n")
    method: dict[str, Json] = {
        "name": name,
        "summary": " ".join(summary.split()),
        "tags": [{"name": tag}],
        "paramStructure": "by-position",
        "params": [*_params(function, is_dev=tag == DEV_TAG)],
        "result": {"name": "result", "schema": {}},
        FIDELITY_KEY: fidelity.value,
    }
    if rest:
        method["description"] = rest
    return method


def _params(function: Callable[..., object], *, is_dev: bool) -> Iterable[Json]:
    hints = {} if is_dev else parameter_hints(function)
    for parameter in inspect.signature(function).parameters.values():
        required = parameter.default is inspect.Parameter.empty
        yield {
            "name": parameter.name if is_dev else wire_parameter_name(parameter.name),
            "required": required,
            "schema": dict(_schema_of(hints.get(parameter.name))),
        }


def _schema_of(hint: object) -> Schema:
    """The schema of an annotation, an optional one's without its None."""
    plain = next((option for option in get_args(hint) if option is not type(None)), hint)
    return SCHEMAS.get(hint, SCHEMAS.get(plain, _ANY))

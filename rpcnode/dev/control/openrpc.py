"""The OpenRPC document of a node: every method with its parameters, and how near it is to the real node's.

Source: OpenRPC specification 1.2.6.
"""

import inspect
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pkgutil import get_data
from typing import Any, Final, get_args

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

_DESCRIPTION: Final = (
    "JSON-RPC over HTTP, on every path. Over the websocket at /ws the same methods answer, and for events"
    " subscribe [stream, filter?] and unsubscribe [id]."
)
_DEV_ERRORS: Final[list[Json]] = [
    {"code": -32602, "message": "Invalid params"},
    {"code": -32000, "message": "It cannot be done; nothing has changed"},
    {"code": -600, "message": "Access denied"},
]

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
    Accounts: _array({"type": "object"}),
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


Described = Mapping[str, Json]
"""What is known of a method's answers: `result`, a schema; `errors`; `examples`, each of `params` and a `result`."""


def openrpc_document(
    profile: ProfileName,
    methods: Iterable[RegisteredMethod],
    dev_methods: Iterable[DevMethod],
    disabled: Collection[str] = (),
) -> dict[str, Json]:
    """The document of the methods that answer, by name: none that the settings disable."""
    described = {
        method.declaration.wire_name: _method(
            method.declaration.wire_name,
            method.function,
            method.declaration.fidelity,
            method.plugin.name,
            _described_by(method, profile),
        )
        for method in methods
    }
    of_dev = _file_of("rpcnode.dev.control")
    for dev in dev_methods:
        entry = of_dev.get(dev.name, {})
        examples = [each for each in entry.get("examples", ()) if profile in each.get("profiles", (profile,))]
        described[dev.name] = _method(dev.name, dev.function, dev.fidelity, DEV_TAG, {**entry, "examples": examples})
    return {
        "openrpc": OPENRPC_VERSION,
        "info": {"title": f"rpcnode, profile {profile}", "description": _DESCRIPTION, "version": __version__},
        "methods": [described[name] for name in sorted(described) if name not in disabled],
    }


@cache
def _file_of(package: str) -> dict[str, Any]:
    """The file `openrpc.json` of a package; nothing where there is none."""
    try:
        text = get_data(package, "openrpc.json")
    except (OSError, ImportError):
        return {}
    found: dict[str, Any] = {} if text is None else json.loads(text)
    return found


def _described_by(method: RegisteredMethod, profile: ProfileName) -> Described:
    """What the plugin's file says of the answers on a profile, or on another where it says nothing of that one."""
    by_profile = _file_of(type(method.plugin).__module__.rpartition(".")[0]).get(method.declaration.wire_name, {})
    found: Described = by_profile.get(profile) or {}
    if found or not by_profile:
        return found
    other: Described = next(iter(by_profile.values()))
    return {name: value for name, value in other.items() if name != "examples"}


def parameter_schemas(function: Callable[..., object]) -> list[Schema]:
    """What JSON each parameter of a plugin's method is."""
    hints = parameter_hints(function)
    return [dict(_schema_of(hints.get(name))) for name in inspect.signature(function).parameters]


def _method(
    name: str, function: Callable[..., object], fidelity: Fidelity, tag: str, described: Described
) -> dict[str, Json]:
    summary, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n\n")
    params = [*_params(function, is_dev=tag == DEV_TAG)]
    method: dict[str, Json] = {
        "name": name,
        "summary": " ".join(summary.split()),
        "tags": [{"name": tag}],
        "paramStructure": "by-position",
        "params": [*params],
        "result": {"name": "result", "schema": described.get("result", {})},
        "errors": _DEV_ERRORS if tag == DEV_TAG else described.get("errors", []),
        "examples": [*_examples(described.get("examples"), [str(each["name"]) for each in params])],
        FIDELITY_KEY: fidelity.value,
    }
    if rest:
        method["description"] = rest
    return method


def _examples(examples: Json, names: Sequence[str]) -> Iterator[Json]:
    for number, example in enumerate(examples if isinstance(examples, list) else [], 1):
        assert isinstance(example, dict)
        values = example["params"]
        assert isinstance(values, list)
        given: list[Json] = [{"name": name, "value": value} for name, value in zip(names, values, strict=False)]
        pairing: dict[str, Json] = {"name": f"example {number}", "params": given}
        if "result" in example:
            pairing["result"] = {"name": "result", "value": example["result"]}
        yield pairing


def _params(function: Callable[..., object], *, is_dev: bool) -> Iterator[dict[str, Json]]:
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

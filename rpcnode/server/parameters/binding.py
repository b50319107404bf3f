"""Binds declared methods to parameter arrays, once, when the node starts."""

import inspect
import types
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Union, get_args, get_origin, get_type_hints

from rpcnode.plugin.parameters import (
    Base64Bytes,
    Base64Text,
    ContractArguments,
    HexBytes,
    LateHexBytes,
    OtherHashes,
    RawJson,
    ScriptHashes,
)
from rpcnode.plugin.registry import RegisteredMethod
from rpcnode.primitives.errors import FormatError, LeakedException, RpcError
from rpcnode.primitives.json import Answer, Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.server.parameters.arguments import N2_NULLS, NULL_REFERENCE, PREVIEW_NULLS
from rpcnode.server.parameters.contracts import (
    N2_CONTRACT_CONVERTERS,
    N3_CONTRACT_CONVERTERS,
    PREVIEW_CONTRACT_CONVERTERS,
)
from rpcnode.server.parameters.conversion import (
    DOCUMENTED_CONVERTERS,
    N2_CONVERTERS,
    N3_CONVERTERS,
    PREVIEW_CONVERTERS,
    Converter,
    invalid,
)

Method = Callable[[list[Json]], Answer]


@dataclass(frozen=True, slots=True)
class BindingRules:
    """How one node treats parameters. `absent(name)` and `null(name)` are what a required one raises.

    `null_is_absent`: null stands for an optional parameter's default, otherwise it raises even there. `null_list` is
    the message of a null where a list belongs, if it has one of its own. `runtime_names` are .NET's names of types
    whose parameters nothing marks as required: what then stands in their place is found wrong once all are read.
    """

    converters: Mapping[object, Converter]
    absent: Callable[[str], RpcError]
    null: Callable[[str], RpcError]
    null_is_absent: bool
    null_list: str | None = None
    runtime_names: Mapping[object, str] = field(default_factory=dict)


_LISTS = (ContractArguments, ScriptHashes)


def _required(name: str) -> RpcError:
    return LeakedException(-2147024809, f"Required parameter '{name}' is missing")


def _required_documented(name: str) -> RpcError:
    return invalid(f"Required parameter '{name}' is missing")


def _null_reference(name: str) -> RpcError:
    return LeakedException(-2147467261, "Object reference not set to an instance of an object.")


_OUT_OF_RANGE = "Index was out of range. Must be non-negative and less than the size of the collection."


def _index_preview(name: str) -> RpcError:
    return LeakedException(-2146233086, f"{_OUT_OF_RANGE} (Parameter 'index')")


def _index_n2(name: str) -> RpcError:
    return LeakedException(-2146233086, f"{_OUT_OF_RANGE}\nParameter name: index")


_N3 = BindingRules({**N3_CONVERTERS, **N3_CONTRACT_CONVERTERS}, _required, _required, null_is_absent=True)

BINDING_RULES: dict[str, BindingRules] = {
    "n3": _N3,
    "n3-unannotated": replace(
        _N3,
        runtime_names={
            UInt160: "Neo.UInt160",
            UInt256: "Neo.UInt256",
            Base64Text: "System.String",
            Base64Bytes: "System.Byte[]",
        },
    ),
    "n3-preview": BindingRules(
        {**PREVIEW_CONVERTERS, **PREVIEW_CONTRACT_CONVERTERS},
        _index_preview,
        _null_reference,
        null_is_absent=False,
        null_list=PREVIEW_NULLS.listed,
    ),
    "n2": BindingRules(
        {**N2_CONVERTERS, **N2_CONTRACT_CONVERTERS},
        _index_n2,
        _null_reference,
        null_is_absent=False,
        null_list=N2_NULLS.listed,
    ),
    "documented": BindingRules(DOCUMENTED_CONVERTERS, _required_documented, _required_documented, null_is_absent=True),
}
"""By `Plugin.binding`. `documented` is our decision: what it refuses, it refuses as invalid params.

`n3-unannotated` is for plugins of neo-cli that are compiled without nullable annotations.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.ProcessRequestAsync, ParameterConverter; neo-plugins 3.0.0-preview2,
RpcServer: RpcServer.ProcessRequest; neo 2.12, Neo: Network/RPC/RpcServer.
"""


def bind(method: RegisteredMethod, address_version: int) -> Method:
    """The method as a function of a parameter array. Surplus parameters are ignored, as on every node."""
    function = method.function
    declared = getattr(function, "__func__", function)
    parameters = _parameters_of(declared, declared is not function, method.plugin.binding, address_version)
    if not parameters:
        return lambda values: function()  # type: ignore[return-value]

    if parameters[-1][1] is _read_hashes:
        *before, (first_hash, _) = parameters

        def call_with_hashes(values: list[Json]) -> Answer:
            given = len(values)
            arguments = [
                read(values[position], True) if position < given else read(None, False) for position, read in before
            ]
            return function(*arguments, _read_hashes(values[first_hash:], True))  # type: ignore[return-value]

        return call_with_hashes

    if BINDING_RULES[method.plugin.binding].runtime_names:

        def call_if_complete(values: list[Json]) -> Answer:
            given = len(values)
            arguments = [
                read(values[position], True) if position < given else read(None, False) for position, read in parameters
            ]
            for argument in arguments:
                if isinstance(argument, LeakedException):
                    raise argument
            return function(*arguments)  # type: ignore[return-value]

        return call_if_complete

    def call(values: list[Json]) -> Answer:
        given = len(values)
        return function(  # type: ignore[return-value]
            *[read(values[position], True) if position < given else read(None, False) for position, read in parameters]
        )

    return call


Reader = Callable[[Json, bool], object]
"""(value, whether it was given) -> the argument."""


@lru_cache(maxsize=1024)
def _parameters_of(
    function: Callable[..., object], is_method: bool, binding: str, address_version: int
) -> list[tuple[int, Reader]]:
    """The readers of a declared function's parameters; kept, for a process may start many nodes of the same plugins."""
    hints = parameter_hints(function)
    parameters = list(inspect.signature(function).parameters.values())[is_method:]
    return [
        (position, _reader(parameter, _plain(hints[parameter.name]), BINDING_RULES[binding], address_version))
        for position, parameter in enumerate(parameters)
    ]


def parameter_hints(function: Callable[..., object]) -> dict[str, object]:
    """The types that a function declares for its parameters; that of its answer is not looked at."""
    declared = {name: hint for name, hint in function.__annotations__.items() if name != "return"}
    if any(isinstance(hint, str) for hint in declared.values()):
        return get_type_hints(SimpleNamespace(__annotations__=declared), getattr(function, "__globals__", None))
    return declared


def _reader(parameter: inspect.Parameter, kind: object, rules: BindingRules, address_version: int) -> Reader:
    if kind is RawJson:
        return _raw_reader(parameter, rules)
    if kind is OtherHashes:
        return _read_hashes
    if kind is LateHexBytes:
        read_now = _reader(parameter, HexBytes, rules, address_version)
        return lambda value, given: LateHexBytes(lambda: read_now(value, given))  # type: ignore[arg-type,return-value]
    convert = rules.converters[kind]
    name = wire_parameter_name(parameter.name)
    required = parameter.default is inspect.Parameter.empty
    default = parameter.default
    if required and kind in rules.runtime_names:
        runtime_name = rules.runtime_names[kind]

        def read_or_refuse(value: Json, given: bool) -> object:
            if value is not None:
                return convert(value, address_version)
            return LeakedException(
                -2147024809, f"Object of type 'System.DBNull' cannot be converted to type '{runtime_name}'."
            )

        return read_or_refuse

    def read(value: Json, given: bool) -> object:
        if value is not None:
            try:
                return convert(value, address_version)
            except FormatError:
                # What the C# node's converter lets through as an exception of the runtime, its binder reports so.
                raise LeakedException(-2147024809, f"Invalid value for parameter '{name}'") from None
        if not given:
            if required:
                raise rules.absent(name)
            return default
        if required or not rules.null_is_absent:
            if rules.null_list is not None and kind in _LISTS:
                raise LeakedException(NULL_REFERENCE[0], rules.null_list)
            raise rules.null(name)
        return default

    return read


def _read_hashes(values: Json, given: bool) -> object:
    """All parameters that are left, each a script hash."""
    convert = N2_CONVERTERS[UInt160]
    hashes: list[UInt160] = []
    for value in values if isinstance(values, list) else ():
        if value is None:
            raise LeakedException(*NULL_REFERENCE)
        found = convert(value, 0)
        assert isinstance(found, UInt160)
        hashes.append(found)
    return OtherHashes(hashes)


def _raw_reader(parameter: inspect.Parameter, rules: BindingRules) -> Reader:
    def read(value: Json, given: bool) -> object:
        if given:
            return RawJson(value)
        if parameter.default is inspect.Parameter.empty:
            raise rules.absent(wire_parameter_name(parameter.name))
        return parameter.default

    return read


def wire_parameter_name(name: str) -> str:
    """`block_hash_or_index` as the C# source spells it: `blockHashOrIndex`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _plain(hint: object) -> object:
    """The type of an optional parameter, without its None."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(option for option in get_args(hint) if option is not type(None))
    return hint

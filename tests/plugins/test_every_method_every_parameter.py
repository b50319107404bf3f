"""Every method of every plugin, times every way in which a parameter can be wrong."""

import inspect
import types
from collections.abc import Iterator
from typing import NamedTuple, Union, get_args, get_origin

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.plugin.parameters import (
    Account,
    ContractArguments,
    HexBytes,
    LateHexBytes,
    OtherHashes,
    RawJson,
    ScriptHashes,
)
from rpcnode.primitives.errors import ProfileName, RpcError
from rpcnode.primitives.json import Json, document_of
from rpcnode.primitives.uint import UInt256
from rpcnode.server.parameters.binding import parameter_hints, wire_parameter_name
from tests.plugins.parameter_errors import (
    BY_METHOD,
    CASES,
    N2_ADDRESS,
    N3_ADDRESS,
    NULL,
    NULL_LIST,
    NULL_OPTIONAL,
    TABLES,
    VALID,
    VALID_BY_METHOD,
    Refusal,
    Rows,
    absent_of,
)

PROFILES: tuple[ProfileName, ...] = ("n3", "n3-preview", "n2")
PARAMETER_CODES = (-32602, -2147024809, -2146233086, -2147467261, -2147467262, -2146233066, -2146233033)
"""What only a bad parameter gives in these calls."""


class Slot(NamedTuple):
    """One parameter of one method, and the values that make a good call around it."""

    method: str
    name: str
    kind: object
    rules: str
    required: bool
    before: list[Json]
    after: list[Json]

    def call_with(self, value: Json) -> list[Json]:
        return [*self.before, value, *self.after]


@pytest.fixture(scope="module", params=PROFILES)
def node(request: pytest.FixtureRequest) -> Iterator[Node]:
    node = Node(NodeOptions(profile=request.param))
    yield node
    node.close()


def slots_of(node: Node) -> Iterator[Slot]:
    for method, registered in node.registry.methods.items():
        hints = parameter_hints(registered.function)
        parameters = [
            (wire_parameter_name(parameter.name), plain(hints[parameter.name]), parameter)
            for parameter in inspect.signature(registered.function).parameters.values()
        ]
        valid = [valid_value(node, method, name, kind) for name, kind, _ in parameters]
        for position, (name, kind, parameter) in enumerate(parameters):
            if kind is RawJson:
                continue  # its method reads it itself, by rules of its own: tests/data/neo2 has them
            yield Slot(
                method=method,
                name=name,
                kind=kind,
                rules=rules_of(node, registered.plugin.binding),
                required=parameter.default is inspect.Parameter.empty,
                before=valid[:position],
                after=valid[position + 1 :],
            )


def plain(hint: object) -> object:
    if get_origin(hint) in (Union, types.UnionType):
        return next(option for option in get_args(hint) if option is not type(None))
    # The contracts of these calls are there, so it is looked at like any other.
    return HexBytes if hint is LateHexBytes else hint


def rules_of(node: Node, binding: str) -> str:
    if binding != "documented":
        return binding
    return "documented n3" if node.options.profile == "n3" else "documented legacy"


def valid_value(node: Node, method: str, name: str, kind: object) -> Json:
    given = VALID_BY_METHOD.get((node.options.profile, method, name))
    if given is not None:
        return given
    address = N2_ADDRESS if node.options.profile == "n2" else N3_ADDRESS
    return {**VALID, RawJson: [], Account: address, UInt256: str(node.ledger.block_hash(0))}[kind]


def error_of(node: Node, method: str, params: list[Json]) -> Refusal:
    """Code and message of a refusal; None for a result and for an error that no parameter gives."""
    try:
        document_of(node.methods[method](params))
    except RpcError as error:
        answer = error.error_object(node.options.profile)
        code, message = answer["code"], answer["message"]
        return (int(code), str(message)) if code in PARAMETER_CODES else None
    return None


def null_of(slot: Slot) -> Refusal:
    if slot.kind in (ContractArguments, ScriptHashes) and slot.rules in NULL_LIST:
        return NULL_LIST[slot.rules]
    if slot.required and slot.rules == "n3-unannotated":
        return absent_of(slot.rules, slot.kind)
    return (NULL if slot.required else NULL_OPTIONAL)[slot.rules]


def named(refusal: Refusal, name: str) -> Refusal:
    return None if refusal is None else (refusal[0], refusal[1].replace("{name}", name))


def rows_of(node: Node, slot: Slot) -> Rows:
    return BY_METHOD.get((node.options.profile, slot.method, slot.name)) or TABLES[slot.rules][slot.kind]


def test_a_missing_parameter_gives_the_profiles_error(node: Node) -> None:
    expected = {
        slot[:2]: named(absent_of(slot.rules, slot.kind), slot.name) if slot.required else None
        for slot in slots_of(node)
    }
    assert {slot[:2]: error_of(node, slot.method, slot.before) for slot in slots_of(node)} == expected


def test_null_gives_the_profiles_error(node: Node) -> None:
    expected = {slot[:2]: named(null_of(slot), slot.name) for slot in slots_of(node)}
    assert {slot[:2]: error_of(node, slot.method, slot.call_with(None)) for slot in slots_of(node)} == expected


@pytest.mark.parametrize("case", CASES)
def test_a_bad_value_gives_the_profiles_error(node: Node, case: str) -> None:
    expected = {slot[:2]: named(rows_of(node, slot)[case][1], slot.name) for slot in slots_of(node)}
    found = {
        slot[:2]: error_of(node, slot.method, slot.call_with(rows_of(node, slot)[case][0])) for slot in slots_of(node)
    }
    assert found == expected


def test_a_good_value_is_taken(node: Node) -> None:
    values = {slot[:2]: slot.call_with(valid_value(node, slot.method, slot.name, slot.kind)) for slot in slots_of(node)}
    assert {place: error_of(node, place[0], params) for place, params in values.items()} == dict.fromkeys(values)


def test_surplus_parameters_change_nothing(node: Node) -> None:
    methods = node.registry.methods.items()
    whole: dict[str, list[Json]] = {
        method: []
        for method, registered in methods
        if not {RawJson, OtherHashes} & set(parameter_hints(registered.function).values())
    }
    for slot in slots_of(node):
        if slot.method in whole:
            whole[slot.method] = slot.call_with(valid_value(node, slot.method, slot.name, slot.kind))
    without = {method: answer(node, method, params) for method, params in whole.items()}
    surplus: list[Json] = ["surplus", -1, {}, None, [1]]
    assert {method: answer(node, method, [*params, *surplus]) for method, params in whole.items()} == without


def answer(node: Node, method: str, params: list[Json]) -> Json:
    try:
        return document_of(node.methods[method](params))
    except RpcError as error:
        return dict(error.error_object(node.options.profile))

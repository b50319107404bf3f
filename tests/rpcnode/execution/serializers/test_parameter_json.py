"""Stack items as contract parameters."""

import base64

import pytest

from rpcnode.execution.serializers.parameter_json import parameter_json
from rpcnode.primitives.errors import FormatError, RecursiveReference
from rpcnode.primitives.json import Json
from rpcnode.vm.items import Array, Buffer, InteropInterface, Map, Pointer, StackItem, Struct


def base64_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (None, {"type": "Any"}),
        (True, {"type": "Boolean", "value": True}),
        (1, {"type": "Integer", "value": "1"}),
        (-7, {"type": "Integer", "value": "-7"}),
        (b"\x01\x02", {"type": "ByteArray", "value": "AQI="}),
        (Array((1,)), {"type": "Array", "value": [{"type": "Integer", "value": "1"}]}),
        (Struct(()), {"type": "Array", "value": []}),
        (
            Map([(b"\x01", None)]),
            {"type": "Map", "value": [{"key": {"type": "ByteArray", "value": "AQ=="}, "value": {"type": "Any"}}]},
        ),
        (
            Map([(True, 1)]),
            {
                "type": "Map",
                "value": [{"key": {"type": "Boolean", "value": True}, "value": {"type": "Integer", "value": "1"}}],
            },
        ),
        (InteropInterface(), {"type": "InteropInterface"}),
    ],
)
def test_an_item_is_printed_under_a_parameters_name(item: StackItem, expected: Json) -> None:
    assert parameter_json(item, base64_text) == expected


def test_bytes_are_printed_as_the_node_prints_them() -> None:
    assert parameter_json(b"\x0a\xff", bytes.hex) == {"type": "ByteArray", "value": "0aff"}


def test_something_else_may_stand_for_null_without_a_change_to_the_item() -> None:
    item = Array((None, Map([(1, None)])))
    nothing: Json = {"type": "ByteArray", "value": ""}
    entry: Json = {"key": {"type": "Integer", "value": "1"}, "value": nothing}
    expected: Json = {"type": "Array", "value": [nothing, {"type": "Map", "value": [entry]}]}
    assert parameter_json(item, bytes.hex, null=b"") == expected
    assert item.items[0] is None


def test_an_item_twice_in_an_array_is_printed_twice() -> None:
    twice = Array(())
    empty: Json = {"type": "Array", "value": []}
    assert parameter_json(Array((twice, twice)), base64_text) == {"type": "Array", "value": [empty, empty]}


def test_an_item_that_contains_itself_has_no_json() -> None:
    item = Array(())
    item.items.append(item)
    with pytest.raises(RecursiveReference):
        parameter_json(item, base64_text)


@pytest.mark.parametrize("item", [Buffer(b""), Pointer(1)])
def test_what_is_no_parameter_is_refused(item: StackItem) -> None:
    with pytest.raises(FormatError, match="is not supported to ContractParameter"):
        parameter_json(item, base64_text)

from typing import Any

import pytest

from rpcnode.execution.serializers.item_json import MAX_JSON_DEPTH, item_from_json, item_to_json
from rpcnode.primitives.errors import FormatError, ItemTooLarge, RecursiveReference
from rpcnode.primitives.json import Json
from rpcnode.vm.items import Array, Buffer, InteropInterface, Map, Pointer, StackItem, Struct

FORMS: list[tuple[StackItem, Json]] = [
    (None, {"type": "Any"}),
    (True, {"type": "Boolean", "value": True}),
    (False, {"type": "Boolean", "value": False}),
    (1, {"type": "Integer", "value": "1"}),
    (0, {"type": "Integer", "value": "0"}),
    (-(2**255), {"type": "Integer", "value": str(-(2**255))}),
    (b"hello", {"type": "ByteString", "value": "aGVsbG8="}),
    (b"", {"type": "ByteString", "value": ""}),
    (Buffer(b"\xfb\xff"), {"type": "Buffer", "value": "+/8="}),
    (Pointer(7), {"type": "Pointer", "value": 7}),
    (InteropInterface(), {"type": "InteropInterface"}),
    (Array(), {"type": "Array", "value": []}),
    (Array([None, 1]), {"type": "Array", "value": [{"type": "Any"}, {"type": "Integer", "value": "1"}]}),
    (Struct([Struct()]), {"type": "Struct", "value": [{"type": "Struct", "value": []}]}),
    (
        Map([(2, None), (b"a", True)]),
        {
            "type": "Map",
            "value": [
                {"key": {"type": "Integer", "value": "2"}, "value": {"type": "Any"}},
                {"key": {"type": "ByteString", "value": "YQ=="}, "value": {"type": "Boolean", "value": True}},
            ],
        },
    ),
    (
        Map([(True, 1), (1, True)]),
        {
            "type": "Map",
            "value": [
                {"key": {"type": "Boolean", "value": True}, "value": {"type": "Integer", "value": "1"}},
                {"key": {"type": "Integer", "value": "1"}, "value": {"type": "Boolean", "value": True}},
            ],
        },
    ),
]
IDS = [str(json)[:40] for _, json in FORMS]


@pytest.mark.parametrize(("item", "json"), FORMS, ids=IDS)
def test_items_print_as_neo_cli_prints_them(item: StackItem, json: Json) -> None:
    assert item_to_json(item) == json


@pytest.mark.parametrize(("item", "json"), FORMS, ids=IDS)
def test_items_come_back_from_their_json(item: StackItem, json: Json) -> None:
    read = item_from_json(json)
    assert type(read) is type(item)
    assert item_to_json(read) == json


def test_every_state_and_stack_of_the_recorded_chains_comes_back(recorded_chain: dict[str, Any]) -> None:
    assert _round_trips(recorded_chain) == 255


def test_every_state_and_stack_of_neo_gos_chain_comes_back(neo_go_testchain: dict[str, Any]) -> None:
    assert _round_trips(neo_go_testchain) == 52


def _round_trips(chain: dict[str, Any]) -> int:
    """How many logs there are, each item in them compared with what it prints after it was read."""
    for log in chain["application_logs"].values():
        for execution in log["executions"]:
            for json in [*execution["stack"], *(event["state"] for event in execution["notifications"])]:
                assert item_to_json(item_from_json(json)) == json
    return len(chain["application_logs"])


def test_an_array_in_itself_is_a_recursive_reference() -> None:
    array = Array()
    array.items.append(array)
    with pytest.raises(RecursiveReference, match="recursive reference"):
        item_to_json(array)


def test_a_longer_way_round_is_a_recursive_reference_too() -> None:
    inner = Map()
    outer = Struct([Array([inner])])
    inner.entries[0] = outer
    with pytest.raises(RecursiveReference):
        item_to_json(outer)


def test_one_item_twice_side_by_side_is_no_recursion() -> None:
    shared = Array([1])
    json: Json = {"type": "Array", "value": [{"type": "Integer", "value": "1"}]}
    assert item_to_json(Array([shared, shared])) == {"type": "Array", "value": [json, json]}


def test_few_items_that_print_without_end_are_too_large() -> None:
    item = Array()
    for _ in range(60):
        item = Array([item, item])
    with pytest.raises(ItemTooLarge, match="longer than 65535 characters"):
        item_to_json(item)


def test_the_limit_is_the_length_of_the_text_without_spaces() -> None:
    # {"type":"Array","value":[{"type":"Integer","value":"12"},{"type":"Any"}]} has 73 characters.
    item = Array([12, None])
    assert item_to_json(item, max_size=73)
    with pytest.raises(ItemTooLarge):
        item_to_json(item, max_size=72)


def test_the_limit_of_a_map_counts_its_entries() -> None:
    # {"type":"Map","value":[{"key":{"type":"Integer","value":"1"},"value":{"type":"Boolean","value":false}}]}
    item = Map([(1, False)])
    assert item_to_json(item, max_size=104)
    with pytest.raises(ItemTooLarge):
        item_to_json(item, max_size=103)


def _nested_item(levels: int) -> Array:
    item = Array()
    for _ in range(levels - 1):
        item = Array([item])
    return item


def _nested_json(levels: int) -> Json:
    json: Json = {"type": "Array", "value": []}
    for _ in range(levels - 1):
        json = {"type": "Array", "value": [json]}
    return json


def test_items_nest_to_a_limit() -> None:
    assert item_to_json(_nested_item(MAX_JSON_DEPTH)) == _nested_json(MAX_JSON_DEPTH)
    assert isinstance(item_from_json(_nested_json(MAX_JSON_DEPTH)), Array)


@pytest.mark.parametrize("levels", [MAX_JSON_DEPTH + 1, 5000])
def test_items_nested_deeper_are_refused(levels: int) -> None:
    with pytest.raises(ItemTooLarge, match="nested deeper than 128 levels"):
        item_to_json(_nested_item(levels))
    with pytest.raises(FormatError, match="nested deeper than 128 levels"):
        item_from_json(_nested_json(levels))


@pytest.mark.parametrize(
    "json",
    [
        None,
        [],
        "Any",
        {},
        {"type": "Nothing"},
        {"type": ["Array"], "value": []},
        {"type": "Any", "value": 1},
        {"type": "Boolean", "value": "true"},
        {"type": "Integer", "value": True},
        {"type": "Integer", "value": 1.5},
        {"type": "Integer", "value": "1.5"},
        {"type": "Integer", "value": str(2**255)},
        {"type": "Integer", "value": "1" * 10_000},
        {"type": "ByteString", "value": "not base64"},
        {"type": "ByteString", "value": "YQ="},
        {"type": "Buffer", "value": "\u00fc"},
        {"type": "Pointer", "value": True},
        {"type": "Array", "value": {}},
        {"type": "Array", "value": [1]},
        {"type": "Map", "value": [[]]},
        {"type": "Map", "value": [{"key": {"type": "Array", "value": []}, "value": {"type": "Any"}}]},
        {"type": "Map", "value": [{"key": {"type": "Integer", "value": "1"}}]},
    ],
    ids=lambda json: repr(json)[:40],
)
def test_what_is_no_item_is_refused(json: Json) -> None:
    with pytest.raises(FormatError):
        item_from_json(json)

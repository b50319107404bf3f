"""Iterators of Storage.Find: which options go together, and what each gives of a row."""

import pytest

from rpcnode.execution.iterators import FindOptions, StorageIterator, check_options
from rpcnode.execution.serializers.binary import serialize
from rpcnode.execution.snapshot import Snapshot
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import Array, StackItem
from tests.oracles.world import Rows

KEYS, CUT, VALUES = FindOptions.KeysOnly, FindOptions.RemovePrefix, FindOptions.ValuesOnly
READ, FIELD_0, FIELD_1 = FindOptions.DeserializeValues, FindOptions.PickField0, FindOptions.PickField1


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (64, "Invalid find options: 64"),
        (KEYS | READ, "KeysOnly cannot be used with ValuesOnly, DeserializeValues, PickField0, or PickField1"),
        (KEYS | VALUES, "KeysOnly cannot be used with ValuesOnly, DeserializeValues, PickField0, or PickField1"),
        (VALUES | CUT, "ValuesOnly cannot be used with KeysOnly or RemovePrefix"),
        (READ | FIELD_0 | FIELD_1, "PickField0 and PickField1 cannot be used together"),
        (FIELD_1, "PickField0 or PickField1 requires DeserializeValues"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: int, text: str) -> None:
    with pytest.raises(VmFault) as caught:
        check_options(options)
    assert str(caught.value) == f"{text} (Parameter 'options')"


@pytest.mark.parametrize("options", [0, KEYS, KEYS | CUT | 128, VALUES | READ | FIELD_0, CUT | READ | FIELD_1])
def test_other_options_are_taken(options: int) -> None:
    check_options(options)


def iterator(options: int, value: bytes = b"v") -> StorageIterator:
    """An iterator over one row whose key is pk, for the prefix p."""
    return StorageIterator(Snapshot(Rows({(1, b"pk"): value})).cells(1, b"p"), 1, options)


def plain(item: StackItem) -> object:
    """An item to compare: a list for an array."""
    return [*map(plain, item.items)] if isinstance(item, Array) else item


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (0, [b"pk", b"v"]),
        (CUT, [b"k", b"v"]),
        (KEYS, b"pk"),
        (KEYS | CUT, b"k"),
        (VALUES, b"v"),
    ],
)
def test_a_row_is_shown_as_the_options_say(options: int, shown: object) -> None:
    rows = iterator(options)
    assert rows.advance()
    assert plain(rows.value()) == shown


@pytest.mark.parametrize(
    ("options", "shown"), [(READ, [b"pk", [7, b"x"]]), (VALUES | READ | FIELD_0, 7), (READ | FIELD_1, [b"pk", b"x"])]
)
def test_values_are_deserialized_and_their_fields_picked(options: int, shown: object) -> None:
    rows = iterator(options, serialize(Array((7, b"x"))))
    assert rows.advance()
    assert plain(rows.value()) == shown


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (7, "Unable to cast object of type 'Neo.VM.Types.Integer' to type 'Neo.VM.Types.Array'."),
        (None, "Unable to cast object of type 'Neo.VM.Types.Null' to type 'Neo.VM.Types.Array'."),
        (
            Array((1,)),
            "Index was out of range. Must be non-negative and less than the size of the collection."
            " (Parameter 'index')",
        ),
    ],
    ids=["no array", "null", "too short"],
)
def test_a_field_that_is_not_there_cannot_be_picked(item: StackItem, text: str) -> None:
    rows = iterator(READ | FIELD_1, serialize(item))
    assert rows.advance()
    with pytest.raises(VmFault) as caught:
        rows.value()
    assert str(caught.value) == text


def test_there_is_no_value_before_the_first_row_and_behind_the_last() -> None:
    rows = iterator(0)
    with pytest.raises(VmFault, match="Object reference not set"):
        rows.value()
    assert [rows.advance(), rows.advance(), rows.advance()] == [True, False, False]
    with pytest.raises(VmFault, match="Object reference not set"):
        rows.value()

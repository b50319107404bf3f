"""Items as bytes and back. The words are those of neo-cli 3.10.2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.execution.serializers.binary import deserialize, serialize
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import Array, Buffer, InteropInterface, Map, Pointer, StackItem, Struct

PLAIN = st.none() | st.booleans() | st.integers(-(2**255), 2**255 - 1) | st.binary(max_size=300)
ITEMS: st.SearchStrategy[StackItem] = st.recursive(
    PLAIN | st.binary().map(Buffer),
    lambda inner: (
        st.lists(inner, max_size=4).map(Array)
        | st.lists(inner, max_size=4).map(Struct)
        | st.dictionaries(st.binary(max_size=64), inner, max_size=4).map(lambda pairs: Map(pairs.items()))
    ),
)


@given(ITEMS)
def test_an_item_is_read_as_it_was_written(item: StackItem) -> None:
    data = serialize(item)
    again = deserialize(data + b"what follows is not looked at")
    assert type(again) is type(item)
    assert serialize(again) == data


TWICE = Array()


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Array([TWICE, TWICE]), "Specified method is not supported."),
        (Array([Pointer(0)]), "Specified method is not supported."),
        (InteropInterface(), "Specified method is not supported."),
        (Array([b"x" * 66_000] * 2), "Operation is not valid due to the current state of the object."),
        (Array([None] * 2048), "Too many items to serialize"),
    ],
    ids=["twice", "pointer", "interface", "too long", "too many"],
)
def test_an_item_that_is_not_written_is_named(item: StackItem, words: str) -> None:
    with pytest.raises(VmFault) as caught:
        serialize(item)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "Position 0 + Wanted 1 is exceeded boundary(0)"),
        ("2805", "VarInt value is greater than max: 5/2"),
        ("280361", "Position 2 + Wanted 3 is exceeded boundary(3)"),
        ("ff", "Invalid StackItemType(255)"),
        ("10", "Invalid StackItemType(Pointer)"),
        ("60", "Invalid StackItemType(InteropInterface)"),
        ("2002", "Invalid boolean value: 2"),
        ("2121" + "00" * 33, "VarInt value is greater than max: 33/32"),
        ("40fe01080000", "VarInt value is greater than max: 2049/2048"),
        ("48014000", "Position 4 + Wanted 1 is exceeded boundary(4)"),
        ("4801400000", "Unable to cast object of type 'Neo.VM.Types.Array' to type 'Neo.VM.Types.PrimitiveType'."),
        ("40fd0008" + "00" * 2048, "Deserialized count(2049) is out of range (max:2048)"),
    ],
)
def test_what_is_no_item_is_named(data: str, words: str) -> None:
    with pytest.raises(VmFault) as caught:
        deserialize(bytes.fromhex(data))
    assert str(caught.value) == words


def test_numbers_and_lengths_may_be_longer_than_they_need() -> None:
    assert deserialize(bytes.fromhex("21fd0300050000")) == 5

import pytest

from rpcnode.vm.copying import deep_copy
from rpcnode.vm.items import (
    FALSE,
    NULL,
    TRUE,
    Array,
    Buffer,
    ByteString,
    Integer,
    InteropInterface,
    Map,
    Pointer,
    StackItem,
    Struct,
)
from rpcnode.vm.stack_items import item_of, value_of
from rpcnode.vm.values import Value, VmArray, VmMap, VmStruct


@pytest.mark.parametrize(
    ("value", "item"),
    [(None, NULL), (True, TRUE), (False, FALSE), (1, Integer(1)), (b"a", ByteString(b"a"))],
    ids=repr,
)
def test_plain_values_are_the_items_of_their_types(value: Value, item: StackItem) -> None:
    assert item_of(value) == item
    assert value_of(item) is value or value_of(item) == value
    assert type(value_of(item)) is type(value)


@pytest.mark.parametrize("item", [Buffer(b"ab"), Pointer(3), InteropInterface(object())], ids=repr)
def test_buffers_pointers_and_interfaces_are_the_same_objects(item: Buffer | Pointer | InteropInterface) -> None:
    assert item_of(item) is item
    assert value_of(item) is item


def test_compounds_keep_their_type_order_and_what_is_held_twice() -> None:
    inner = VmStruct([1])
    target = VmMap()
    target.entries.update({TRUE: inner, 1: None, b"k": inner})
    item = item_of(VmArray([target, inner]))
    assert type(item) is Array
    first, second = item.items
    assert isinstance(first, Map)
    assert list(first.entries) == [TRUE, Integer(1), ByteString(b"k")]
    assert type(second) is Struct
    assert first.entries[TRUE] is first.entries[ByteString(b"k")] is second
    back = value_of(item)
    assert isinstance(back, VmArray)
    copy = back.items[0]
    assert isinstance(copy, VmMap)
    assert list(copy.entries) == [TRUE, 1, b"k"]
    assert copy.entries[TRUE] is back.items[1]


def test_cycles_stay_cycles() -> None:
    array = VmArray()
    array.items.append(array)
    item = item_of(array)
    assert isinstance(item, Array)
    assert item.items == [item]
    back = value_of(item)
    assert isinstance(back, VmArray)
    assert back.items[0] is back


def test_a_deep_copy_shares_nothing_that_changes() -> None:
    buffer = Buffer(b"a")
    inner = VmStruct([buffer])
    outer = VmArray([inner, inner, 5])
    outer.items.append(outer)
    copy = deep_copy(outer)
    assert isinstance(copy, VmArray)
    first, second, five, itself = copy.items
    assert first is second is not inner
    assert (five, itself) == (5, copy)
    assert isinstance(first, VmStruct)
    assert isinstance(first.items[0], Buffer)
    assert first.items[0] is not buffer
    assert not first.read_only


def test_an_immutable_copy_is_read_only_and_has_bytes_for_buffers() -> None:
    target = VmMap()
    target.entries[1] = VmArray([Buffer(b"a")])
    copy = deep_copy(target, as_immutable=True)
    assert isinstance(copy, VmMap)
    array = copy.entries[1]
    assert isinstance(array, VmArray)
    assert (copy.read_only, array.read_only, array.items) == (True, True, [b"a"])

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import (
    NULL,
    Array,
    Boolean,
    Buffer,
    ByteString,
    Integer,
    InteropInterface,
    Map,
    Null,
    Pointer,
    StackItem,
    StackItemType,
    Struct,
    integer_bytes,
    integer_of,
)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (0, ""),
        (1, "01"),
        (-1, "ff"),
        (127, "7f"),
        (128, "8000"),
        (-128, "80"),
        (-129, "7fff"),
        (255, "ff00"),
        (256, "0001"),
        (-32768, "0080"),
        (99_999_000, "18ddf505"),
        (2**255 - 1, "ff" * 31 + "7f"),
        (-(2**255), "00" * 31 + "80"),
    ],
)
def test_an_integer_has_the_shortest_twos_complement(value: int, data: str) -> None:
    assert integer_bytes(value).hex() == data
    assert integer_of(bytes.fromhex(data)) == value


@given(st.integers(-(2**255), 2**255 - 1))
def test_every_integer_comes_back_from_its_bytes(value: int) -> None:
    assert integer_of(integer_bytes(value)) == value


@pytest.mark.parametrize("value", [2**255, -(2**255) - 1])
def test_an_integer_of_more_than_256_bits_is_a_fault(value: int) -> None:
    with pytest.raises(VmFault, match="at most 256 bits"):
        Integer(value)


def test_primitive_items_are_equal_by_type_and_value() -> None:
    assert Integer(1) == Integer(1)
    assert len({Integer(1), Boolean(True), ByteString(b"\x01")}) == 3
    assert Map([(ByteString(b"k"), NULL)]).entries[ByteString(b"k")] is NULL


@pytest.mark.parametrize("make", [Array, Struct, Map, InteropInterface, lambda: Buffer(b"")])
def test_other_items_are_equal_to_themselves_only(make: type[StackItem]) -> None:
    item = make()
    same = item
    assert item == same
    assert item != make()


def test_there_is_one_null() -> None:
    assert Null() is NULL
    assert copy.deepcopy(NULL) is NULL
    assert pickle.loads(pickle.dumps(NULL)) is NULL


def test_a_buffer_keeps_its_own_bytes() -> None:
    source = bytearray(b"ab")
    buffer = Buffer(source)
    source[0] = 0
    assert buffer.to_bytes() == b"ab"


@pytest.mark.parametrize(
    ("item", "boolean", "integer", "data"),
    [
        (Boolean(True), True, 1, b"\x01"),
        (Boolean(False), False, 0, b"\x00"),
        (Integer(0), False, 0, b""),
        (Integer(-1), True, -1, b"\xff"),
        (ByteString(b""), False, 0, b""),
        (ByteString(b"\x00\x00"), False, 0, b"\x00\x00"),
        (ByteString(b"\x00\x01"), True, 256, b"\x00\x01"),
        (ByteString(b"\xff" * 32), True, -1, b"\xff" * 32),
        (Buffer(b""), True, 0, b""),
        (Buffer(b"\x00\x80"), True, -32768, b"\x00\x80"),
    ],
    ids=repr,
)
def test_items_convert_as_in_neo_vm(item: StackItem, boolean: bool, integer: int, data: bytes) -> None:
    assert (item.to_boolean(), item.to_integer(), item.to_bytes()) == (boolean, integer, data)


@pytest.mark.parametrize("item", [NULL, Array(), Struct(), Map(), Pointer(0), InteropInterface()], ids=repr)
def test_items_without_a_number_or_bytes_fault(item: StackItem) -> None:
    with pytest.raises(VmFault, match="cannot be converted to Integer"):
        item.to_integer()
    with pytest.raises(VmFault, match="cannot be converted to ByteString"):
        item.to_bytes()


def test_null_is_false_and_other_items_are_true() -> None:
    assert not NULL.to_boolean()
    assert all(item.to_boolean() for item in (Array(), Struct(), Map(), Pointer(0), InteropInterface()))


def test_more_than_32_bytes_are_neither_number_nor_truth() -> None:
    for convert in (ByteString(bytes(33)).to_integer, ByteString(bytes(33)).to_boolean, Buffer(bytes(33)).to_integer):
        with pytest.raises(VmFault, match="33 bytes are too many"):
            convert()


def test_type_bytes_are_those_of_neo_vm() -> None:
    assert {kind.name: kind.value for kind in StackItemType} == {
        "Any": 0x00,
        "Pointer": 0x10,
        "Boolean": 0x20,
        "Integer": 0x21,
        "ByteString": 0x28,
        "Buffer": 0x30,
        "Array": 0x40,
        "Struct": 0x41,
        "Map": 0x48,
        "InteropInterface": 0x60,
    }

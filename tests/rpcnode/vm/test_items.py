from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import checked, to_boolean, to_bytes, to_integer, to_text
from rpcnode.vm.items import (
    MAX_INTEGER,
    MIN_INTEGER,
    Array,
    Buffer,
    InteropInterface,
    Map,
    Pointer,
    Primitive,
    StackItem,
    StackItemType,
    Struct,
    integer_bytes,
    integer_of,
    key_of,
    primitive_of,
    type_of,
)

INVALID_CAST = r"^Specified cast is not valid\.$"
WITHOUT_BYTES = [None, Array(), Struct(), Map(), Pointer(0), InteropInterface()]


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
    assert integer_of(Buffer.fromhex(data)) == value


@given(st.integers(-(2**255), 2**255 - 1))
def test_every_integer_comes_back_from_its_bytes(value: int) -> None:
    assert integer_of(integer_bytes(value)) == value


def test_an_integer_has_at_most_256_bits() -> None:
    assert (MIN_INTEGER, MAX_INTEGER) == (-(2**255), 2**255 - 1)
    assert (checked(-(2**255)), checked(2**255 - 1)) == (-(2**255), 2**255 - 1)


@pytest.mark.parametrize(("value", "size"), [(2**255, 33), (-(2**255) - 1, 33), (2**263 - 1, 33), (2**263, 34)])
def test_an_integer_of_more_than_256_bits_is_a_fault(value: int, size: int) -> None:
    message = rf"^Integer size {size} bytes exceeds maximum allowed size of 32 bytes\. \(Parameter 'value'\)$"
    with pytest.raises(VmFault, match=message):
        checked(value)


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (None, StackItemType.Any),
        (True, StackItemType.Boolean),
        (False, StackItemType.Boolean),
        (1, StackItemType.Integer),
        (0, StackItemType.Integer),
        (b"", StackItemType.ByteString),
        (Buffer(), StackItemType.Buffer),
        (Array(), StackItemType.Array),
        (Struct(), StackItemType.Struct),
        (Map(), StackItemType.Map),
        (Pointer(0), StackItemType.Pointer),
        (InteropInterface(), StackItemType.InteropInterface),
    ],
)
def test_an_item_has_the_type_of_its_class(item: StackItem, kind: StackItemType) -> None:
    assert type_of(item) is kind


def test_a_hash_is_no_item_until_it_is_bytes() -> None:
    with pytest.raises(KeyError):
        type_of(UInt160.ZERO)
    assert type_of(bytes(UInt160.ZERO)) is StackItemType.ByteString


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


@pytest.mark.parametrize("make", [Array, Struct, Map, InteropInterface])
def test_items_with_an_identity_are_equal_to_themselves_only(make: Callable[[], StackItem]) -> None:
    item = make()
    same = item
    assert item == same
    assert item != make()


def test_keys_of_a_map_are_equal_by_type_and_value() -> None:
    keys: list[Primitive] = [1, True, b"\x01", 0, False, b"", b"\x00"]
    pairs = list(Map((key, None) for key in keys).pairs())
    assert [(type(key), key) for key, _ in pairs] == [(type(key), key) for key in keys]


def test_of_two_pairs_with_one_key_a_map_keeps_the_place_of_the_first_and_the_item_of_the_last() -> None:
    assert list(Map([(True, 1), (b"k", 2), (True, 3)]).pairs()) == [(True, 3), (b"k", 2)]


@pytest.mark.parametrize("key", [True, False, 1, 0, b"\x01", b""], ids=repr)
def test_an_item_is_found_by_the_key_of_a_primitive(key: Primitive) -> None:
    found = Map((held, held) for held in (True, False, 1, 0, b"\x01", b"")).entries[key_of(key)]
    back = primitive_of(key_of(key))
    assert (type(found), found) == (type(back), back) == (type(key), key)


@pytest.mark.parametrize("item", [*WITHOUT_BYTES, Buffer(b"a")], ids=lambda item: type_of(item).name)
def test_only_primitive_items_are_keys(item: StackItem) -> None:
    with pytest.raises(VmFault, match=r"^The item can't be casted to type Neo\.VM\.Types\.PrimitiveType$"):
        key_of(item)


def test_the_elements_of_a_map_are_its_keys_as_items_and_then_what_they_lead_to() -> None:
    elements = Map([(True, 5), (1, False), (b"k", None)]).elements()
    assert [(type(item), item) for item in elements] == [
        (bool, True),
        (int, 1),
        (bytes, b"k"),
        (int, 5),
        (bool, False),
        (type(None), None),
    ]


def test_the_text_of_a_compound_that_holds_itself_is_its_length() -> None:
    array, struct, target = Array([1]), Struct(), Map()
    array.items.append(array)
    struct.items.extend((array, struct, target))
    target.entries[key_of(True)] = target
    assert (repr(array), repr(struct), repr(target)) == ("<Array of 2>", "<Struct of 3>", "<Map of 1>")


def test_a_buffer_keeps_its_own_bytes() -> None:
    source = bytearray(b"ab")
    buffer = Buffer(source)
    source[0] = 0
    assert buffer == b"ab"


def test_the_bytes_of_a_buffer_are_the_buffer() -> None:
    buffer = Buffer(b"ab")
    assert to_bytes(buffer) is buffer


@pytest.mark.parametrize(
    ("item", "boolean", "integer", "data"),
    [
        (True, True, 1, b"\x01"),
        (False, False, 0, b"\x00"),
        (0, False, 0, b""),
        (1, True, 1, b"\x01"),
        (-1, True, -1, b"\xff"),
        (256, True, 256, b"\x00\x01"),
        (b"", False, 0, b""),
        (b"\x00\x00", False, 0, b"\x00\x00"),
        (b"\x00\x01", True, 256, b"\x00\x01"),
        (b"\x00\x80", True, -32768, b"\x00\x80"),
        (bytes(32), False, 0, bytes(32)),
        (b"\xff" * 32, True, -1, b"\xff" * 32),
    ],
    ids=repr,
)
def test_primitive_items_convert_as_in_neo_vm(item: Primitive, boolean: bool, integer: int, data: bytes) -> None:
    converted = (to_boolean(item), to_integer(item), to_bytes(item))
    assert converted == (boolean, integer, data)
    assert tuple(map(type, converted)) == (bool, int, bytes)


@pytest.mark.parametrize("data", [b"", bytes(2), b"ab", bytes(33)], ids=repr)
def test_a_buffer_is_true_and_no_number(data: bytes) -> None:
    assert to_boolean(Buffer(data)) is True
    with pytest.raises(VmFault, match=INVALID_CAST):
        to_integer(Buffer(data))


@pytest.mark.parametrize("convert", [to_integer, to_bytes])
@pytest.mark.parametrize("item", WITHOUT_BYTES, ids=lambda item: type_of(item).name)
def test_items_without_a_number_or_bytes_fault(item: StackItem, convert: Callable[[StackItem], object]) -> None:
    with pytest.raises(VmFault, match=INVALID_CAST):
        convert(item)


def test_null_is_false_and_other_items_without_bytes_are_true() -> None:
    assert to_boolean(None) is False
    assert [to_boolean(item) for item in WITHOUT_BYTES[1:]] == [True] * 5


def test_more_than_32_bytes_are_neither_number_nor_truth() -> None:
    with pytest.raises(VmFault, match=r"to an integer, MaxSize of Integer is exceeded: 33/32\.$"):
        to_integer(bytes(33))
    with pytest.raises(VmFault, match=INVALID_CAST):
        to_boolean(bytes(33))


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (None, ""),
        (b"", ""),
        (b"\xc3\xbc", "\u00fc"),
        (Buffer(b"ab"), "ab"),
        (0x6261, "ab"),
        (0, ""),
        (True, "\x01"),
        (False, "\x00"),
        (b"a" * 33, "a" * 33),
    ],
    ids=repr,
)
def test_the_text_of_an_item_is_its_bytes_as_utf8(item: StackItem, text: str) -> None:
    assert to_text(item) == text


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (b"a\xff", r"bytes \[FF\] at index 1 from"),
        (Buffer(b"\xe2\x82"), r"bytes \[E2\]\[82\] at index 0 from"),
        (-1, r"bytes \[FF\] at index 0 from"),
        (Array(), INVALID_CAST),
        (Map(), INVALID_CAST),
        (Pointer(0), INVALID_CAST),
        (InteropInterface(), INVALID_CAST),
    ],
)
def test_what_is_no_utf8_is_no_text(item: StackItem, message: str) -> None:
    with pytest.raises(VmFault, match=message):
        to_text(item)


def test_a_hash_among_keys_is_its_bytes() -> None:
    ((key, _),) = Map([(UInt160(bytes(20)), None)]).pairs()
    assert (type(key), key) == (bytes, bytes(20))

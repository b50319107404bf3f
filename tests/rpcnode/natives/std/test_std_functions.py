"""What StdLib's methods compute. Answers are neo-cli 3.10.2's unless a line names another source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.natives.std.base58_text import decode_base58, decode_base58_check, encode_base58, encode_base58_check
from rpcnode.natives.std.json_items import exact_integer, item_of_json, shortest_integer
from rpcnode.natives.std.numbers import integer_of_text, integer_text
from rpcnode.natives.std.text_elements import count_text_elements
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import Array, Map

LARGE = st.integers(-(2**255), 2**255 - 1)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a\r\nb", 3),
        ("\r\r\n\n", 3),
        ("e\u0301", 1),
        ("क्षि", 2),  # no rule for conjuncts
        ("กำ", 1),  # Thai SARA AM
        ("각", 1),
        ("\u1100\u1161\u11a8\u1100", 2),
        ("🇺🇸🇩🇪🇺", 3),
        ("👩🏽", 1),
        ("👨‍👩‍👧‍👦", 1),
        ("\u0600\n", 2),  # what belongs to the next, and an end of line
    ],
)
def test_text_elements_are_counted_as_dotnet_10_does(text: str, count: int) -> None:
    assert count_text_elements(text) == count


@pytest.mark.parametrize(
    ("text", "base", "number"),
    [
        ("+007", 10, 7),
        ("-0", 10, 0),
        ("1\0\0", 10, 1),
        ("ff", 16, -1),
        ("0ff", 16, 255),
        ("8", 16, -8),
        ("F" * 70, 16, -1),
        ("1\0", 16, 1),  # this and the next: dotnet/runtime, TryParseBigIntegerHexOrBinaryNumberStyle
        ("f\0", 16, -241),
    ],
)
def test_a_number_is_read(text: str, base: int, number: int) -> None:
    assert integer_of_text(text, base) == number


@pytest.mark.parametrize(
    ("text", "base", "words"),
    [
        ("", 10, "The value could not be parsed."),
        (" 1", 10, "The value could not be parsed."),
        ("٣", 10, "The value could not be parsed."),
        ("-f", 16, "The value could not be parsed."),
        ("", 16, "The value could not be parsed."),
        ("1234567812345678\0", 16, "The value could not be parsed."),
        ("1", 8, "Invalid base: 8 (Parameter 'base')"),
        ("1" + "0" * 77, 10, "Integer size 33 bytes exceeds maximum allowed size of 32 bytes. (Parameter 'value')"),
    ],
)
def test_what_is_no_number_is_named(text: str, base: int, words: str) -> None:
    with pytest.raises(VmFault) as caught:
        integer_of_text(text, base)
    assert str(caught.value) == words


@given(LARGE, st.sampled_from([10, 16]))
def test_a_number_is_read_as_it_was_written(number: int, base: int) -> None:
    assert integer_of_text(integer_text(number, base), base) == number


@given(st.binary(max_size=100))
def test_base58_is_read_as_it_was_written(data: bytes) -> None:
    assert decode_base58(encode_base58(data)) == data
    assert decode_base58_check(encode_base58_check(data)) == data


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1é", "Invalid Base58 character 'é' at position 1"),
        ("10", "Invalid Base58 character '0' at position 1"),
        ("12", "Invalid Base58Check format: decoded data length (2 bytes) is too short. "
               "Base58Check requires at least 4 bytes for the checksum."),
        ("3QJmnj", "Invalid Base58Check checksum: the provided checksum does not match the calculated checksum. "
                   "The data may be corrupted or the Base58Check string is invalid."),
    ],
)  # fmt: skip
def test_what_is_no_base58_is_named(text: str, words: str) -> None:
    with pytest.raises(VmFault) as caught:
        decode_base58_check(text)
    assert str(caught.value) == words


def test_nothing_has_a_checksum_too() -> None:
    assert decode_base58_check("3QJmnh") == b""


def test_json_becomes_items() -> None:
    item = item_of_json(b'{"a":[1e3,-0,"\xc3\xa9",null,true]}', shortest_integer)
    assert isinstance(item, Map)
    [(name, held)] = item.pairs()
    assert isinstance(held, Array)
    assert name == b"a"
    assert held.items == [1000, 0, "é".encode(), None, True]


def test_whole_numbers_are_the_doubles_shortest_digits_since_basilisk() -> None:
    assert item_of_json(b"1e30", shortest_integer) == 10**30
    assert item_of_json(b"1e30", exact_integer) == 1000000000000000019884624838656
    assert item_of_json(b"9007199254740993", shortest_integer) == 9007199254740992


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1.5]", "Decimal value is not allowed"),
        ("1e308", "Integer size 129 bytes exceeds maximum allowed size of 32 bytes. (Parameter 'value')"),
        ("[" + "1," * 2047 + "1]", "Max stack size reached"),
        ('{"%s":1}' % ("k" * 65), "Key size 65 bytes exceeds maximum allowed size of 64 bytes. (Parameter 'key')"),
    ],
)
def test_json_without_an_item_is_named(text: str, words: str) -> None:
    with pytest.raises(VmFault) as caught:
        item_of_json(text.encode(), shortest_integer)
    assert str(caught.value) == words

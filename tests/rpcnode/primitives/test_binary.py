import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import EndOfData, FormatError

# Neo's variable-length integers are Bitcoin's CompactSize: one byte below 0xfd, else a prefix and 2, 4 or 8 bytes.
VAR_INTS = [
    (0, "00"),
    (0xFC, "fc"),
    (0xFD, "fdfd00"),
    (0xFFFF, "fdffff"),
    (0x10000, "fe00000100"),
    (0xFFFFFFFF, "feffffffff"),
    (0x100000000, "ff0000000001000000"),
    (2**64 - 1, "ffffffffffffffffff"),
]


@pytest.mark.parametrize(("value", "data"), VAR_INTS)
def test_a_variable_length_integer_takes_its_shortest_form(value: int, data: str) -> None:
    assert BinaryWriter().var_int(value).to_bytes().hex() == data
    assert BinaryReader(bytes.fromhex(data)).var_int() == value


@pytest.mark.parametrize("data", ["fd0500", "fe05000000", "ff0500000000000000"])
def test_a_longer_form_than_needed_is_read_as_on_the_node(data: str) -> None:
    assert BinaryReader(bytes.fromhex(data)).var_int() == 5


def test_a_number_above_the_maximum_is_refused() -> None:
    assert BinaryReader(b"\x10").var_int(16) == 16
    with pytest.raises(FormatError, match="VarInt value is greater than max: 17/16"):
        BinaryReader(b"\x11").var_int(16)


@pytest.mark.parametrize("data", ["", "fd", "fd00", "fe000000", "ff00000000000000"])
def test_a_cut_off_integer_is_the_end_of_data(data: str) -> None:
    with pytest.raises(EndOfData):
        BinaryReader(bytes.fromhex(data)).var_int()


def test_numbers_are_little_endian() -> None:
    data = BinaryWriter().u8(1).u16(2).u32(3).u64(4).i64(-2).boolean(True).to_bytes()
    assert data.hex() == "010200030000000400000000000000feffffffffffffff01"
    reader = BinaryReader(data)
    assert [reader.u8(), reader.u16(), reader.u32(), reader.u64(), reader.i64()] == [1, 2, 3, 4, -2]
    assert reader.boolean() is True
    reader.expect_end()


def test_a_boolean_is_zero_or_one() -> None:
    assert BinaryReader(b"\x00").boolean() is False
    with pytest.raises(FormatError, match="Invalid boolean value: 2"):
        BinaryReader(b"\x02").boolean()


def test_the_end_of_data_says_where_and_how_much() -> None:
    reader = BinaryReader(bytes(5))
    reader.u32()
    with pytest.raises(EndOfData, match=r"Position 4 \+ Wanted 32 is exceeded boundary\(5\)"):
        reader.uint256()
    assert (reader.position, reader.remaining) == (4, 1)


def test_text_of_a_fixed_size_ends_with_zeros() -> None:
    assert BinaryReader(b"ab\0\0").fixed_string(4) == "ab"
    assert BinaryReader(b"abcd").fixed_string(4) == "abcd"
    with pytest.raises(FormatError, match="The padding is not 0 at fixed string offset 4"):
        BinaryReader(b".ab\0x\0", 1).fixed_string(5)


def test_bytes_left_over_are_refused() -> None:
    with pytest.raises(FormatError, match="2 bytes too many after offset 0"):
        BinaryReader(bytes(2)).expect_end()


def test_a_length_that_promises_too_much_allocates_nothing() -> None:
    with pytest.raises(FormatError, match=r"VarInt value is greater than max: \d+/16777216"):
        BinaryReader(bytes.fromhex("ff" + "ff" * 8)).var_bytes()
    with pytest.raises(EndOfData):
        BinaryReader(bytes.fromhex("fe00000001")).var_bytes()


def test_text_is_strict_utf_8() -> None:
    assert BinaryReader(b"\x02\xc3\xbc").var_string() == "\u00fc"
    assert BinaryWriter().var_string("\u00fc").to_bytes() == b"\x02\xc3\xbc"
    with pytest.raises(FormatError, match="Unable to translate bytes"):
        BinaryReader(b"\x01\xc3").var_string()


def test_the_limit_of_a_text_counts_bytes() -> None:
    with pytest.raises(FormatError, match=r"VarInt value is greater than max: \d+/1"):
        BinaryReader(b"\x02\xc3\xbc").var_string(1)


def test_an_array_is_a_count_and_its_items() -> None:
    assert BinaryReader(b"\x03\x07\x08\x09").var_array(BinaryReader.u8, 3) == (7, 8, 9)
    with pytest.raises(FormatError, match=r"VarInt value is greater than max: \d+/2"):
        BinaryReader(b"\x03\x07\x08\x09").var_array(BinaryReader.u8, 2)


@given(st.integers(0, 2**64 - 1), st.binary(max_size=300))
def test_what_is_written_is_read(number: int, data: bytes) -> None:
    reader = BinaryReader(BinaryWriter().var_int(number).var_bytes(data).to_bytes())
    assert (reader.var_int(), reader.var_bytes()) == (number, data)
    assert reader.remaining == 0

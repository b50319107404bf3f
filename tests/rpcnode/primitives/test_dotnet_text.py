"""Numbers as .NET prints them, and enumerations as it reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.primitives.dotnet_text import double_text, double_text_of_15_digits, double_text_of_net_8, parse_enum
from rpcnode.primitives.errors import FormatError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "-0"),
        (1.0, "1"),
        (-12.5, "-12.5"),
        (0.1, "0.1"),
        (0.0001, "0.0001"),
        (0.00001, "1E-05"),
        (100000000000000.0, "100000000000000"),
        (1e15, "1000000000000000"),
        (5.2e15, "5200000000000000"),  # initialgasdistribution of getversion
        (1e16, "10000000000000000"),
        (1e17, "1E+17"),
        (12345678901234567.0, "12345678901234568"),
        (123456789012345678.0, "1.2345678901234568E+17"),
        (99999999999999984.0, "99999999999999980"),
        (123456789012345.0, "123456789012345"),
        (9007199254740992.0, "9007199254740992"),  # 2^53: sixteen digits, all of them significant
        (12345678901234567890.0, "1.2345678901234567E+19"),
        (1e100, "1E+100"),
        (5e-324, "5E-324"),
        (1.7976931348623157e308, "1.7976931348623157E+308"),
    ],
)
def test_a_double_is_printed_as_dotnet_prints_it(value: float, text: str) -> None:
    assert double_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-12.5, "-12.5"),
        (0.1, "0.1"),
        (0.30000000000000004, "0.3"),
        (0.0001, "0.0001"),
        (0.00001, "1E-05"),
        (123456789012345.0, "123456789012345"),
        (123456789012345.6, "123456789012346"),
        (999999999999999.4, "999999999999999"),
        (999999999999999.6, "1E+15"),
        (1234567890123456, "1.23456789012346E+15"),
        (9007199254740992.0, "9.00719925474099E+15"),
        (9.9999999999999999, "10"),
        (5e-324, "4.94065645841247E-324"),
        (1.7976931348623157e308, "1.79769313486232E+308"),
    ],
)
def test_a_double_has_15_digits_before_dotnet_core_3(value: float, text: str) -> None:
    # The documents of Double.ToString show -1.79769313486232E+308 for Double.MinValue there.
    assert double_text_of_15_digits(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e14, "100000000000000"), (1e15, "1E+15"), (5.2e15, "5.2E+15"), (9007199254740992.0, "9007199254740992")],
)
def test_before_net_10_a_double_has_an_exponent_from_16_places_on(value: float, text: str) -> None:
    assert double_text_of_net_8(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_printed_reads_back_as_the_same_double(value: float) -> None:
    assert float(double_text(value)) == value


COLOURS = {"None": 0, "Red": 1, "Green": 16}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Green", 16),
        (" Red", 1),
        ("Red\u2003, Green", 17),
        ("None,Red", 1),
        ("17", 17),
        (" +016 ", 16),
        ("-0", 0),
        ("255", 255),
        ("7\0\0", 7),  # .NET's numbers may end in null characters
    ],
)
def test_an_enumeration_is_read_by_names_or_by_number(text: str, number: int) -> None:
    assert parse_enum(text, COLOURS) == number


@pytest.mark.parametrize(
    "text",
    ["", " ", "red", "Red,", ",Red", "Red Green", "256", "-1", "1.0", "0x1", "1,Red", "9" * 5000, "Red,\x1cGreen"],
)
def test_what_is_neither_names_nor_a_byte_is_no_member(text: str) -> None:
    with pytest.raises(FormatError):
        parse_enum(text, COLOURS)

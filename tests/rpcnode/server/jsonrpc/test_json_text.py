"""JSON text as System.Text.Json under Neo.Json reads and writes it."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc import json_text
from rpcnode.server.jsonrpc.json_text import nests_deeper, parse_json, write_double, write_double_of_net_8, write_json
from tests import part_of

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, 2]", [1, 2]),
        ('/* a */ {/**/"k" // b\n: 1} // c', {"k": 1}),
        ('"no // comment /* here */"', "no // comment /* here */"),
        ('["a\\\\", "//"]', ["a\\", "//"]),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"\\\\ud800"', "\\ud800"),
        (" \t\r\n null ", None),
        ("5.0", 5),
        ("1e2", 100),
        ("0.5", 0.5),
        ("9007199254740991", 2**53 - 1),
        ("-9007199254740991", 1 - 2**53),
        # 2^53 is the double of two integers, so that it is not known which was written.
        ("9007199254740992", 2.0**53),
        ("9007199254740993", 2.0**53),
        ("-9007199254740993", -(2.0**53)),
        ("9007199254740993.0", 2.0**53),
        ("12345678901234567890", 12345678901234567168.0),
        ("1e19", 1e19),
    ],
)
def test_a_document_is_read(text: str, value: Json) -> None:
    read = parse_json(text, 32)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "[1,]",
        '{"a":1,}',
        '{"a":1,"a":2}',
        '[{"b":{"a":1,"a":2}}]',
        "{} {}",
        "[1] x",
        "'a'",
        "{a:1}",
        "[1 2]",
        "01",
        "1.",
        ".5",
        "+1",
        "NaN",
        "[Infinity]",
        "-Infinity",
        "1e400",
        "1" * 400,
        "1" * 5000,
        '"\\ud800"',
        '{"\\udc00":1}',
        '"\\x"',
        '"a\nb"',
        '"open',
        "// only a comment",
        "1 /* open",
        "tr/**/ue",
    ],
)
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        parse_json(text, 32)


@pytest.mark.parametrize("limit", [32, 100])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"k":', "}"), ('[ "]" , {"\\"[":', "}]")])
def test_nesting_is_taken_up_to_the_limit_and_no_deeper(limit: int, opening: str, closing: str) -> None:
    levels = closing.count("]") + closing.count("}")
    fits = limit // levels
    parse_json(opening * fits + "0" + closing * fits, limit)
    with pytest.raises(FormatError, match=f"more than {limit}"):
        parse_json(opening * (fits + 1) + "0" + closing * (fits + 1), limit)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("1", 0),
        ('"[[["', 0),
        ("[]", 1),
        ("[[],[]]", 2),
        ('{"[":[{"]":1}]}', 3),
        ('["\\"[", []]', 2),
        ('[["a","b"],"","[","{"]', 2),
    ],
)
def test_depth_counts_brackets_outside_strings(text: str, levels: int) -> None:
    assert not nests_deeper(text, levels)
    assert levels == 0 or nests_deeper(text, levels - 1)


def test_many_shallow_values_are_not_deep() -> None:
    assert parse_json("[" + ",".join(["[[]]"] * 1000) + "]", 32) == [[[]]] * 1000


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000 + "]" * 10_000,
        "[[]" * 250_000 + "]" * 250_000,
        "[" * 1_000_000,
        '"\\"' * 300_000,
        "/*" * 500_000,
        '["[\\"' * 200_000,
        "[]" * 500_000,
    ],
    ids=["deep", "deep and branching", "never closed", "escaped quotes", "open comments", "open strings", "wide"],
)
def test_a_megabyte_of_hostile_text_is_refused_in_one_pass(text: str) -> None:
    # What goes back over the text takes minutes here.
    with pytest.raises(FormatError):
        parse_json(text, 32)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [1, None, True]}, '{"a":[1,null,true]}'),
        ('say "hi"', r'"say \u0022hi\u0022"'),
        ("it's <b> & `c` + d", r'"it\u0027s \u003Cb\u003E \u0026 \u0060c\u0060 \u002B d"'),
        ("back\\slash", r'"back\\slash"'),
        ("ends in \\", '"ends in \\\\"'),
        (["\\", '"'], r'["\\","\u0022"]'),
        ("\\\\u00e9", r'"\\\\u00e9"'),
        ("\n\r\t\b\f", r'"\n\r\t\b\f"'),
        ("\x00\x1f\x7f", r'"\u0000\u001F\u007F"'),
        ("é\u2028", r'"\u00E9\u2028"'),
        ("\U0001f600", r'"\uD83D\uDE00"'),
        ("/path", '"/path"'),
        (12345678901234567890, "12345678901234567890"),
        (5.0, "5"),
        ([-5.0, 123456789012345.0, 0.0001, -0.0], "[-5,123456789012345,0.0001,-0]"),
        ([1e15, 1234567890123456.0, 0.00001], "[1000000000000000,1234567890123456,1E-05]"),
        ([1e19, "1e+19"], r'[1E+19,"1e\u002B19"]'),
        ({"k+": 0.25, "s": "a.5,"}, r'{"k\u002B":0.25,"s":"a.5,"}'),
        (["x.1]", 1e-7], '["x.1]",1E-07]'),
        (["3.9.2", "e-5"], '["3.9.2","e-5"]'),
        (-1.5, "-1.5"),
        (True, "true"),
    ],
)
def test_a_value_is_written_as_system_text_json_writes_it(value: Json, text: str) -> None:
    assert write_json(value) == text


@settings(max_examples=part_of(50))
@given(JSON_VALUES)
def test_what_is_written_reads_back_the_same(value: Json) -> None:
    text = write_json(value)
    assert json.loads(text) == value
    assert text.isascii()
    assert not set("'<>&`+") & set(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_number_that_is_not_finite_is_written(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json([value])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (999_999_999_999_999, "999999999999999"),
        (10**15, "1000000000000000"),
        (10**17, "1E+17"),
        (2**53, "9007199254740992"),
        (1.5, "1.5"),
        (True, "true"),
        ([10**17, {"a": 10**17}], '[1E+17,{"a":1E+17}]'),
        ("a", '"a"'),
        (None, "null"),
    ],
)
def test_what_is_echoed_has_its_numbers_printed_as_doubles(value: Json, text: str) -> None:
    assert write_double(value) == text


def test_preview2_has_an_exponent_from_1e15_on() -> None:
    assert write_double_of_net_8([10**14, {"a": 10**15}]) == '[100000000000000,{"a":1E+15}]'


@given(st.text(alphabet='\\u/"né\n\x01😀A9'))
def test_escapes_are_those_that_a_reader_finds_one_by_one(text: str) -> None:
    text *= 1 + 100_000 // max(len(text), 1) if len(text) % 7 == 3 else 1  # longer than a piece now and then

    def escape(match: re.Match[str]) -> str:
        written = match[0]
        return "\\u0022" if written == '\\"' else "\\u" + written[2:].upper() if written[1] == "u" else written

    assert write_json([text, 1]) == '["' + re.sub(r"\\(?:u[0-9a-f]{4}|.)", escape, json.dumps(text)[1:-1]) + '",1]'


def test_a_text_of_escapes_is_not_looked_at_escape_by_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    escapes = json_text._dotnet_escapes

    def counted(text: str) -> str:
        looked_at.append(text)
        return escapes(text)

    monkeypatch.setattr(json_text, "_dotnet_escapes", counted)
    written = write_json(["é" * 1_000, '"' * 1_000])
    assert written == '["' + "\\u00E9" * 1_000 + '","' + "\\u0022" * 1_000 + '"]'
    assert len(looked_at) == 1

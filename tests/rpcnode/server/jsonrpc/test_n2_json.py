"""JSON text as neo 2.x's hand-written parser reads it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.failures import NodeCrashError
from rpcnode.server.jsonrpc.n2_reader import parse_n2_json

PLAIN_TEXT = st.text(st.characters(codec="ascii", exclude_characters='"\\', min_codepoint=32))
PLAIN_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | PLAIN_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(PLAIN_TEXT, inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'id':1,'method':'x'}", {"id": 1, "method": "x"}),
        ("""{"a":'say "hi"'}""", {"a": 'say "hi"'}),
        ("[1] and so on", [1]),
        ('{"a":1}}', {"a": 1}),
        ('[1 2 "x"[]]', [1, 2, "x", []]),
        ('{"a":1 "b":2}', {"a": 1, "b": 2}),
        ("[,1]", [1]),
        ("1e3", 1),
        ("1E5", 1),
        ('"tab\\t\\b\\f\\q"', "tabtbfq"),
        ('"\\r\\n\\"\\\\\\/"', '\r\n"\\/'),
        ('"\\u0041\\u00e9"', "Aé"),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"\\ud800"', "�"),
        ('"a\nb"', "a\nb"),
        ("5.", 5),
        ("007", 7),
        ("-5", -5),
        ("12345678901234567890", 12345678901234567168.0),
        ("nullify", None),
        ("trueish", True),
        ("  \r\n\t false", False),
    ],
)
def test_lenient_text_is_read(text: str, value: Json) -> None:
    assert parse_n2_json(text, 100) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[",
        "[1,",
        "[1,]",
        "[1e3]",
        '{"id":1e3}',
        '{"a":1,}',
        '{"a" 1}',
        "{a:1}",
        "/* comment */ 1",
        '"open',
        "'open",
        '"\\u00g0"',
        '"\\u00',
        '"\uffff"',
        "1-2",
        "--1",
        "1.2.3",
        "-",
        "+1",
        "nul",
        "True",
        "NaN",
    ],
)
def test_what_is_not_json_even_here_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        parse_n2_json(text, 100)


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', "{'a':1 'a':2}", '[{"a":1,"a":2}, what]', '{"id":1,"id":"\\n"}'])
def test_a_key_given_twice_crashes_the_handler(text: str) -> None:
    with pytest.raises(NodeCrashError):
        parse_n2_json(text, 100)


def test_nesting_stops_a_level_below_the_limit() -> None:
    # JObject.Parse starts with max_nest 100 and throws below 0: 101 arrays, the innermost of them empty.
    parse_n2_json("[" * 101 + "]" * 101, 100)
    with pytest.raises(FormatError):
        parse_n2_json("[" * 101 + "1" + "]" * 101, 100)
    with pytest.raises(FormatError):
        parse_n2_json("[" * 10_000, 100)


def test_a_number_beyond_the_doubles_crashes_the_handler() -> None:
    # double.Parse of .NET Core 2.1 throws OverflowException there, and only FormatException is caught.
    for text in ("1" * 310, f"[{'9' * 309}.5]", f"{{'a':-{'1' * 400}}}"):
        with pytest.raises(NodeCrashError):
            parse_n2_json(text, 100)
    assert parse_n2_json("1" * 309, 100) == float("1" * 309)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("['x','y' \"z\"" + "'x'," * 250_000 + "'x']", 250_004),
        ("[" + "[]" * 500_000 + "]", 500_000),
        ("[" + "[1]" * 330_000 + "]", 330_000),
        ("[" + "{'':1}" * 160_000 + "]", 160_000),
        ("[" + "1 " * 500_000 + "]", 500_000),
        ("[" + '{"a":["b",1]},' * 70_000 + '"\\n"]', 70_001),
        ("['" + "\\'" * 500_000 + "']", 1),
        ("[1]" + "'\\x " * 250_000, 1),
    ],
    ids=["strings", "empty arrays", "arrays", "objects", "numbers", "sound", "escapes", "open strings behind"],
)
def test_a_megabyte_is_read_in_one_pass(text: str, items: int) -> None:
    # What goes back over the text takes minutes here.
    read = parse_n2_json(text, 100)
    assert isinstance(read, list)
    assert len(read) == items


@pytest.mark.parametrize(
    "text",
    [
        "'\\x " * 250_000,
        "[" + " " * 1_000_000,
        "[1 " * 300_000,
        "-" * 1_000_000,
        "[" + "'\"" * 500_000,
        '"\\' * 500_000,
    ],
    ids=["open strings", "space", "never closed", "minus signs", "quotes of both kinds", "open escapes"],
)
def test_a_megabyte_of_what_is_not_json_is_refused_in_one_pass(text: str) -> None:
    with pytest.raises(FormatError):
        parse_n2_json(f"[{text}", 100)


@given(PLAIN_VALUES)
def test_plain_json_is_read_as_any_parser_reads_it(value: Json) -> None:
    assert parse_n2_json(json.dumps(value), 100) == value

"""JSON as .NET reads it. The words are those of neo-cli 3.10.2, jsonDeserialize, unless a line names another source."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.primitives.dotnet_json import read_json
from rpcnode.primitives.dotnet_json_reader import JsonReader, JsonValue
from rpcnode.primitives.errors import FormatError

DEPTH = 10
PIECES = st.sampled_from(
    [
        *("{", "}", "[", "]", ",", ":", '"', '"a":', "a", "é", "\\", "\\u00e9", "\\ud83d", "\\ude00"),
        *("1", "0", "-", ".", "e", "1e400", "true", "nul", " ", "\n", "\r", "\x00", "//", "/*", "*/"),
    ]
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        (" [1e3, -0.5 ,true,null] ", [1000.0, -0.5, True, None]),
        ('{"a":{"":"\\u00e9\\ud83d\\ude00\\/"}}', {"a": {"": "é😀/"}}),
        ("// a\n1", 1.0),
        ("[/**/1/*x*/,//\r2]", [1.0, 2.0]),
        ("[1]//", [1.0]),
        ("[[[[[[[[[[]]]]]]]]]]", [[[[[[[[[[]]]]]]]]]]),
    ],
)
def test_json_is_read(text: str, value: JsonValue) -> None:
    assert read_json(text.encode(), DEPTH) == value


AT = "LineNumber: {} | BytePositionInLine: {}."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, "
             "when isFinalBlock is true. " + AT.format(0, 0)),
        ("NaN", "'N' is an invalid start of a value. " + AT.format(0, 0)),
        ("\ufeff1", "'0xEF' is an invalid start of a value. " + AT.format(0, 0)),
        ("[" * 11, "The maximum configured depth of 10 has been exceeded. Cannot read next JSON array. "
                   + AT.format(0, 10)),
        ("[1,]", "The JSON array contains a trailing comma at the end which is not supported in this mode. "
                 "Change the reader options. " + AT.format(0, 3)),
        ("[1,", "Expected start of a property name or value, but instead reached end of data. " + AT.format(0, 2)),
        ("[1}", "'}' is invalid without a matching open. " + AT.format(0, 2)),
        ("[1 2]", "'2' is invalid after a value. Expected either ',', '}', or ']'. " + AT.format(0, 3)),
        ("[1", "'1' is an invalid end of a number. Expected a delimiter. " + AT.format(0, 2)),
        ("[\n[]", "Expected depth to be zero at the end of the JSON payload. "
                  "There is an open JSON object or array that should be closed. " + AT.format(1, 2)),
        ("1]", "']' is invalid after a single JSON value. Expected end of data. " + AT.format(0, 1)),
        ("{1:1}", "'1' is an invalid start of a property name. Expected a '\"'. " + AT.format(0, 1)),
        ('{"a" 1}', "'1' is invalid after a property name. Expected a ':'. " + AT.format(0, 5)),
        ('{"a"', "Expected a value, but instead reached end of data. " + AT.format(0, 4)),
        ('{"a":1,"\\u0061":2}', "Duplicate property name: a"),
        ("-", "Expected a digit ('0'-'9'), but instead reached end of data. " + AT.format(0, 1)),
        ("-a", "'a' is invalid within a number, immediately after a sign character ('+' or '-'). "
               "Expected a digit ('0'-'9'). " + AT.format(0, 1)),
        ("01", "Invalid leading zero before '1'. " + AT.format(0, 1)),
        ("1.]", "']' is invalid within a number, immediately after a decimal point ('.'). "
                "Expected a digit ('0'-'9'). " + AT.format(0, 2)),
        ("1.5x", "'x' is an invalid end of a number. Expected 'E' or 'e'. " + AT.format(0, 3)),
        ("[1e1000]", "value is not finite: Infinity"),
        ("[truE]", "'truE]' is an invalid JSON literal. Expected the literal 'true'. " + AT.format(0, 4)),
        ('"a', "Expected end of string, but instead reached end of data. " + AT.format(0, 2)),
        ('"a\n"', "'0x0A' is invalid within a JSON string. The string should be correctly escaped. " + AT.format(0, 2)),
        ('"\\x"', "'x' is an invalid escapable character within a JSON string. "
                  "The string should be correctly escaped. " + AT.format(0, 2)),
        ('"\\u00g0"', "'g' is not a hex digit following '\\u' within a JSON string. "
                      "The string should be correctly escaped. " + AT.format(0, 5)),
        ('"\\ud83d"', "Cannot read incomplete UTF-16 JSON text as string with missing low surrogate."),
        ('"\\ude00"', "Cannot read invalid UTF-16 JSON text as string. Invalid surrogate value: '0xDE00'."),
        # dotnet/runtime, Utf8JsonReader
        ("1 /", "'/' is an invalid start of a value. " + AT.format(0, 2)),
        ("//\r\n/* \n*/ /*", "Expected end of comment, but instead reached end of data. " + AT.format(2, 3)),
        ("//\u2028", "Found invalid line or paragraph separator character while reading a comment. " + AT.format(0, 0)),
    ],
)  # fmt: skip
def test_what_is_no_json_is_named(text: str, words: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_json(text.encode(), DEPTH)
    assert str(caught.value) == words


def test_bytes_that_are_no_utf_8_are_named() -> None:
    with pytest.raises(
        FormatError, match=r"^Unable to translate bytes \[E2\]\[82\] at index 1 from specified code page"
    ):
        read_json(b'["a\xe2\x82"]', DEPTH)


@given(st.lists(PIECES).map("".join))
def test_both_readers_read_alike(text: str) -> None:
    assert outcome(read_json, text) == outcome(lambda data, depth: JsonReader(data, depth).document(), text)


def outcome(read: Callable[[bytes, int], JsonValue], text: str) -> str:
    """The value that is read, or the words of the fault."""
    try:
        return repr(read(text.encode(), DEPTH))
    except FormatError as error:
        return str(error)

"""JSON as data."""

from pathlib import Path

import pytest

from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.json_file import load
from rpcnode.dev.places.limits import MAX_DIGITS, MAX_NESTING

FILE = Path("chain.json")


def test_json_is_read() -> None:
    assert load('{"a": [1, 2.5, "x", null, true]}', FILE) == {"a": [1, 2.5, "x", None, True]}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{"a": 1,\n "a": 2}', "chain.json:2: a: this key stands here twice; leave one of the two out"),
        (
            '{"blocks": [{}, {"index": 1,\n"x": "]}",\n"index": 2}]}',
            "chain.json:3: blocks[1].index: this key stands here twice; leave one of the two out",
        ),
        ('{"a": 1,\n "b": }', "chain.json:2: not JSON: Expecting value, column 7"),
        ("", "chain.json:1: not JSON: Expecting value, column 1"),
        ('{"a":\n NaN}', "chain.json:2: not JSON that can be read: NaN is no number of JSON"),
        ('{"a": -Infinity}', "chain.json:1: not JSON that can be read: -Infinity is no number of JSON"),
        ("[" * 100_000, "chain.json:1: nested deeper than 256 levels"),
        ("[" * 257 + "]" * 257, "chain.json:1: nested deeper than 256 levels"),
        ('\n{"a":' * 5000 + "1" + "}" * 5000, "chain.json:257: nested deeper than 256 levels"),
        (f'{{"a":\n {"9" * 5000}}}', "chain.json:2: not JSON that can be read: a number of 5000 digits is too long"),
        (f'{{"a":\n -{"9" * 4000}}}', "chain.json:2: not JSON that can be read: a number of 4000 digits is too long"),
        (f'{{"a":\n 0.{"9" * 5000}}}', "chain.json:2: not JSON that can be read: a number of 5002 digits is too"),
        ('{"a":\n 1e400}', "chain.json:2: not JSON that can be read: 1e400 is too large for a number"),
        # Python 3.13 has other words for these than 3.11, and another column.
        (
            '{"a": [1,\n 2 ,\n]}',
            "chain.json:2: not JSON: a comma is the last thing in an array; leave it out",
        ),
        ('{"a": 1,}', "chain.json:1: not JSON: a comma is the last thing in an object; leave it out, column 8"),
        (f"[{'[],' * 5_000_001}[]]", "chain.json: holds more than 10,000,000 values"),
    ],
    ids=lambda value: value[:40],
)
def test_what_is_no_plain_json_is_refused(text: str, error: str) -> None:
    with pytest.raises(FixtureError) as caught:
        load(text, FILE)
    assert str(caught.value).startswith(error)


def test_commas_in_texts_are_no_values() -> None:
    text = "," * 10_000_001
    assert load(f'{{"a": "{text}"}}', FILE) == {"a": text}


def test_nesting_and_numbers_up_to_the_limits_are_read() -> None:
    assert load("[" * MAX_NESTING + "]" * MAX_NESTING, FILE) is not None
    assert load("9" * MAX_DIGITS, FILE) == 10**MAX_DIGITS - 1


def test_a_key_twice_is_found_at_its_line() -> None:
    rows = ",\n".join('{"a": {"b": 1, "c": 1}, "b": 2}' for _ in range(2000))
    with pytest.raises(FixtureError, match=r"^chain\.json:2001: \[2000\]\.a: this key stands here twice"):
        load(f'[{rows},\n{{"a": 1, "a": 2}}]', FILE)


def test_a_text_of_quotes_that_nothing_closes_is_refused_and_not_searched_again_at_each() -> None:
    with pytest.raises(FixtureError, match=r"^chain\.json:1: not JSON: Unterminated string"):
        load('["' + '\\"' * 2_000_000 + "," * 10_000_001, FILE)

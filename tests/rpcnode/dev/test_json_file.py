"""JSON as data."""

from pathlib import Path

import pytest

from rpcnode.dev.fixture_errors import FixtureError
from rpcnode.dev.json_file import load

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
        ('{"a": NaN}', "chain.json: not JSON that can be read: NaN is no number of JSON"),
        ('{"a": -Infinity}', "chain.json: not JSON that can be read: -Infinity is no number of JSON"),
        ("[" * 100_000, "chain.json: nested too deep to be read"),
        (f'{{"a": {"9" * 5000}}}', "chain.json: not JSON that can be read: Exceeds the limit"),
    ],
    ids=lambda value: value[:40],
)
def test_what_is_no_plain_json_is_refused(text: str, error: str) -> None:
    with pytest.raises(FixtureError) as caught:
        load(text, FILE)
    assert str(caught.value).startswith(error)

"""TOML as data."""

from pathlib import Path

import pytest

from rpcnode.dev.fixture_errors import FixtureError
from rpcnode.dev.toml_file import load

FILE = Path("chain.toml")


def test_toml_is_read_and_times_become_texts() -> None:
    text = "[network]\ngenesis_time = 2020-06-01T00:00:00Z\nday = 2020-06-01\n[[blocks]]\nindex = 1\n"
    assert load(text, FILE) == {
        "network": {"genesis_time": "2020-06-01T00:00:00+00:00", "day": "2020-06-01"},
        "blocks": [{"index": 1}],
    }


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a = 1\nb =\n", "chain.toml:2: not TOML: Invalid value"),
        ("a = 1\na = 2\n", "chain.toml:2: not TOML: Cannot overwrite a value"),
        ("a = [1", "chain.toml: not TOML: Unclosed array (at end of document)"),
        ("a = " + "[" * 10_000, "chain.toml: nested too deep to be read"),
        ("a = " + "9" * 5000, "chain.toml: not TOML that can be read: Exceeds the limit"),
    ],
    ids=lambda value: value[:40],
)
def test_what_is_no_toml_is_refused(text: str, error: str) -> None:
    with pytest.raises(FixtureError) as caught:
        load(text, FILE)
    assert str(caught.value).startswith(error)

"""TOML as data."""

from pathlib import Path

import pytest

from rpcnode.dev.places import toml_file
from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.toml_file import load

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
        ("a = " + "[" * 10_000, "chain.toml: nested deeper than 256 levels"),
        ("b = 1\na = " + "[" * 260 + "]" * 260, "chain.toml:2: nested deeper than 256 levels"),
        ("b = 1\n" + ".".join("a" * 50_000) + " = 1", "chain.toml:2: nested deeper than 256 levels"),
        ("b = 1\n" + " . ".join(['"a"'] * 50_000) + " = 1", "chain.toml:2: nested deeper than 256 levels"),
        ("[" + ".".join("a" * 200) + "]\n" + ".".join("b" * 200) + " = 1", "chain.toml:2: nested deeper than 256"),
        ("a = " + "9" * 5000, "chain.toml:1: a number of 5000 digits is too long to be read"),
        ("a = 1\nb = -" + "9" * 4000, "chain.toml:2: a number of 4000 digits is too long to be read"),
        # Python reads it whatever its length, and then refuses to write it: 4,817 decimal digits.
        ("a = 0x" + "f" * 4000, "chain.toml:1: a number of 4002 digits is too long to be read"),
        ("a = 1e400", "chain.toml: not TOML that can be read: 1e400 is no number that a chain can hold"),
        ("a = nan", "chain.toml: not TOML that can be read: nan is no number that a chain can hold"),
    ],
    ids=lambda value: value[:40],
)
def test_what_is_no_toml_is_refused(text: str, error: str) -> None:
    with pytest.raises(FixtureError) as caught:
        load(text, FILE)
    assert str(caught.value).startswith(error)


def test_more_values_than_a_machine_holds_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toml_file, "MAX_VALUES", 2000)
    assert load(f"a = [{'[],' * 999}]", FILE) == {"a": [[]] * 999}
    with pytest.raises(FixtureError, match=r"^chain\.toml:1: holds more than 10,000,000 values$"):
        load(f"a = [{'[],' * 1000}]", FILE)


def test_a_text_of_dots_is_no_dotted_key() -> None:
    text = ".".join("a" * 50_000)
    assert load(f'a = "{text}"\nb = \'\'\'\n{text}\'\'\'\nc = """{text}""""\n# {text}\n', FILE) == {
        "a": text,
        "b": text,
        "c": f'{text}"',
    }


def test_a_long_text_of_digits_is_read() -> None:
    assert load(f'a = "{"9" * 5000}"', FILE) == {"a": "9" * 5000}


@pytest.mark.parametrize("opening", ['a = """', "a = '''", 'a = "', "a = '"])
def test_a_text_that_nothing_closes_is_refused_and_not_searched_again_at_each_quote(opening: str) -> None:
    with pytest.raises(FixtureError, match=r"^chain\.toml(:1)?: not TOML: "):
        load(opening + '\\"""' * 500_000, FILE)

"""YAML as data: the core schema's scalars, and files that want to do harm."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from yaml.events import Event

from rpcnode.dev.places import yaml_file
from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.limits import MAX_DIGITS, MAX_NESTING
from rpcnode.dev.places.yaml_file import load
from rpcnode.primitives.json import Json

FILE = Path("chain.yaml")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("null", None),
        ("~", None),
        ("", None),
        ("true", True),
        ("FALSE", False),
        ("17", 17),
        ("-17", -17),
        ("+17", 17),
        ("017", 17),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        # YAML 1.1 makes more of these; the core schema of 1.2 (or what is left of it here) does not.
        ("yes", "yes"),
        ("off", "off"),
        ("n", "n"),
        ("0x1f", "0x1f"),
        ("0o17", "0o17"),
        ("0b101", "0b101"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2020-06-01", "2020-06-01"),
        ("2020-06-01T00:00:00Z", "2020-06-01T00:00:00Z"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("=", "="),
        ("<<", "<<"),
        ("'17'", "17"),
        ('"true"', "true"),
        ("! 17", "17"),
        ("!!str 17", "17"),
        ("|\n  17\n", "17\n"),
    ],
)
def test_a_scalar_is_read_by_the_core_schema(written: str, value: Json) -> None:
    read = load(f"key: {written}", FILE)
    assert read == {"key": value}
    assert isinstance(read, dict)
    assert type(read["key"]) is type(value)


def test_an_unquoted_script_hash_stays_the_text_it_is() -> None:
    assert load("0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36", FILE) == "0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36"


def test_an_alias_stands_for_its_anchor() -> None:
    text = "a: &row {x: 1}\nb: [*row, *row]\nc: &t text\nd: *t\n"
    assert load(text, FILE) == {"a": {"x": 1}, "b": [{"x": 1}, {"x": 1}], "c": "text", "d": "text"}


def test_an_empty_file_holds_null() -> None:
    assert load("# nothing\n", FILE) is None


# a0 is 11 values, a1 has ten aliases of it and is 111, a4 is 111,111: eight of its aliases in line 6 are too many,
# after the 123,440 values of the lines before.
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a: 1\nb: 2\na: 3\n", 'chain.yaml:3: the key "a" stands here twice; leave one of the two out'),
        ("a:\n  b: 1\n  b: 2\n", 'chain.yaml:3: the key "b" stands here twice; leave one of the two out'),
        ("a: 1\n5: 2\n", "chain.yaml:2: 5 stands here as a key; a key is a text: write it in quotes"),
        ("null: 2\n", "chain.yaml:1: null stands here as a key; a key is a text: write it in quotes"),
        ("? [a]\n: 1\n", "chain.yaml:1: a list or mapping stands here as a key; a key is a text"),
        ("? &k {a: 1}\n: 1\n", "chain.yaml:1: a list or mapping stands here as a key; a key is a text"),
        ("a: 1\n---\nb: 2\n", "chain.yaml:2: a second document begins here; a fixture is one"),
        ("a: *x\n", "chain.yaml:1: the alias *x stands for nothing that ends before it"),
        ("a: 1\nb: &x [1, *x]\n", "chain.yaml:2: the alias *x stands for nothing that ends before it"),
        ("a: &x 1\nb: &x [1, *x]\n", "chain.yaml:2: the alias *x stands for nothing that ends before it"),
        ("a: !!int '5'\n", 'chain.yaml:1: the tag "tag:yaml.org,2002:int" means nothing here; leave it out'),
        ("a: !!python/object:os.x {}\n", "means nothing here; leave it out"),
        ("a: !!set {x}\n", 'chain.yaml:1: the tag "tag:yaml.org,2002:set" means nothing here; leave it out'),
        (f"a: {'9' * 5000}\n", "chain.yaml:1: a number of 5000 digits is too long to be read"),
        (f"a: -{'9' * (MAX_DIGITS + 1)}\n", "chain.yaml:1: a number of 1001 digits is too long to be read"),
        (f"a: .{'9' * 100_000}\n", "chain.yaml:1: a number of 100001 digits is too long to be read"),
        ("a: 1e400\n", 'chain.yaml:1: "1e400" is too large for a number; write a text in quotes'),
        (f"a: *{'x' * 1_000_000}\n", f"chain.yaml:1: the alias *{'x' * 80} stands for nothing that ends before it"),
        (BOMB, "chain.yaml:6: the aliases up to here stand for more than 1,000,000 values"),
        ("[" * (MAX_NESTING + 1), "chain.yaml:1: nested deeper than 256 levels"),
        ("\n- " + "[" * 100_000, "chain.yaml:2: nested deeper than 256 levels"),
        ("- " * 100_000, "chain.yaml:1: nested deeper than 256 levels"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text: str, error: str) -> None:
    with pytest.raises(FixtureError) as caught:
        load(text, FILE)
    assert error in str(caught.value)


def parsers() -> list[str]:
    """PyYAML's own parser, and libyaml's where PyYAML was built with it."""
    return ["SafeLoader", *(["CSafeLoader"] if hasattr(yaml, "CSafeLoader") else [])]


# Each is said in the same words by both parsers, and by any version of theirs: libyaml 0.2.5 and 0.2.6 and
# PyYAML 6.0.4 call them "found character that cannot start any token", "did not find expected key", "expected <block
# end>, but found '<scalar>'" and the like.
@pytest.mark.parametrize("parser", parsers())
@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a:\n\t- 1\n", 2, "a tab in the indentation; YAML indents with spaces"),
        ("a:\n  b: 1\n\tc: 2\n", 3, "a tab in the indentation; YAML indents with spaces"),
        ("a: x\n \tb: y\n", 2, "a tab in the indentation; YAML indents with spaces"),
        ("- \t- x\n", 1, "a tab where YAML takes spaces only"),
        ("a: [1\nb: 2\n", 2, "a list that began with [ goes on here; expected is , or ]"),
        ("a: [1", 1, "a list that began with [ goes on here; expected is , or ]"),
        ("a: {b: 1\nc: 2\n", 2, "a mapping that began with { goes on here; expected is , or }"),
        ("a: 1\nb: 2\x01\n", 2, "the character U+0001, which YAML allows nowhere"),
        ("a: \ud800\n", 1, "the character U+D800, which YAML allows nowhere"),
        (
            'a: "\\q"\n',
            1,
            "no such escape in a text in double quotes; write a backslash twice, or use single quotes",
        ),
        ("b: 1\na: 'x\n", 2, "a text in quotes that nothing closes"),
        ("a: b: c\n", 1, "a colon where no key can be; write a text with a colon and a space in quotes"),
        ("a: - b\n", 1, "a - where no item of a list can be; each item begins a line of its own"),
        ("a: ? b\n", 1, "a ? where no key can be; write a text that begins so in quotes"),
        ("a:\n  - x\n b: 1\n", 3, "this goes with nothing before it; look at the indentation, quotes and brackets"),
        ("- a\nb: 1\n", 2, "this goes with nothing before it; look at the indentation, quotes and brackets"),
        ("a: @x\n", 1, 'no value begins with "@"; write the text in quotes'),
        ("a: %x\n", 1, 'no value begins with "%"; write the text in quotes'),
        ("%YAML 3.0\n---\na: 1\n", 1, "a line that begins with % is a directive, which a fixture has not"),
        ("[1] x\n", 1, "the value ends before this, and a file holds one"),
        ("a: !<x y\n", 1, "this word begins with !, as a tag does; leave it out, or write the text in quotes"),
        ("a: &\n", 1, "& and * are for names of values; write the text in quotes"),
        ("a: >0\n t\n", 1, "after | or > a text begins in the next line, indented"),
        ("a: ]\n", 1, "a value is expected here"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_fault_is_told_in_our_own_words_whatever_the_parser(
    text: str, line: int, words: str, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_file, "_PARSER", getattr(yaml, parser))
    with pytest.raises(FixtureError) as caught:
        load(text, FILE)
    assert str(caught.value) == f"chain.yaml:{line}: not YAML: {words}"


def test_a_fault_that_no_parser_of_today_tells_is_told_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def later_parser(text: str, Loader: object) -> Iterator[Event]:  # noqa: N803
        mark = yaml.Mark("", 6, 1, 1, None, 0)
        raise yaml.scanner.ScannerError("while frobbing", mark, "a new wording", mark)
        yield

    monkeypatch.setattr(yaml, "parse", later_parser)
    with pytest.raises(FixtureError) as caught:
        load("a: 1\nb: 2\n", FILE)
    assert str(caught.value) == "chain.yaml:2: not YAML: this is out of place here"


@pytest.mark.parametrize("parser", parsers())
def test_deep_nesting_is_refused_in_the_same_words_by_every_parser(
    parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_file, "_PARSER", getattr(yaml, parser))
    with pytest.raises(FixtureError) as caught:
        load("a: 1\nb: " + "[" * 2000, FILE)
    assert str(caught.value) == "chain.yaml:2: nested deeper than 256 levels"


def test_more_values_than_a_machine_holds_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_file, "MAX_VALUES", 1000)
    assert load(f"[{'[],' * 999}]", FILE) == [[]] * 999
    with pytest.raises(FixtureError, match=r"^chain\.yaml:1: holds more than 10,000,000 values$"):
        load(f"[{'[],' * 5000}]", FILE)


def test_nesting_up_to_the_limit_is_read() -> None:
    assert load("[" * MAX_NESTING + "]" * MAX_NESTING, FILE) is not None

"""YAML as data: the core schema's scalars, and files that want to do harm."""

from pathlib import Path

import pytest

from rpcnode.dev.fixture_errors import FixtureError
from rpcnode.dev.yaml_file import MAX_NESTING, load
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
        ("a:\n\t- 1\n", "chain.yaml:2: not YAML: found character that cannot start any token"),
        ("a: [1\nb: 2\n", "chain.yaml:2: not YAML: did not find expected ',' or ']'"),
        ("a: 1\nb: 2\x01\n", "chain.yaml:2: not YAML: control characters are not allowed"),
        ('a: "\\ud83d"\n', "chain.yaml:1: not YAML: found invalid Unicode character escape code"),
        (f"a: {'9' * 5000}\n", "chain.yaml:1: a number of 5000 digits is too long to be read"),
        ("a: 1e400\n", 'chain.yaml:1: "1e400" is too large for a number; write a text in quotes'),
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


def test_nesting_up_to_the_limit_is_read() -> None:
    assert load("[" * MAX_NESTING + "]" * MAX_NESTING, FILE) is not None

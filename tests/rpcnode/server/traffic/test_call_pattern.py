"""Which calls a pattern means."""

from typing import Final

import pytest

from rpcnode.primitives.json import Json
from rpcnode.server.traffic.call_pattern import CallPattern, same_json

ANY: Final = None


@pytest.mark.parametrize(
    ("pattern", "name", "is_meant"),
    [
        ("getblock", "getblock", True),
        ("getblock", "getblockcount", False),
        ("getblock", "GetBlock", False),
        ("getblock*", "getblock", True),
        ("getblock*", "getblockcount", True),
        ("*balances", "getnep17balances", True),
        ("get*balances", "getnep17balances", True),
        ("get*balances", "getbalances", True),
        ("get*tbalances", "getbalances", False),  # the t cannot be both get's last and tbalances' first
        ("*nep*s*", "getnep17transfers", True),
        ("*s*nep*", "getnep17transfers", False),
        ("*", "", True),
        ("**", "x", True),
        ("a.c", "abc", False),
        ("[a]?", "[a]?", True),
        ("get\n*", "get\nx", True),
    ],
)
def test_a_star_stands_for_any_text_and_all_else_for_itself(pattern: str, name: str, is_meant: bool) -> None:
    assert CallPattern(method=pattern).means_call(name, []) is is_meant


@pytest.mark.parametrize(
    ("wanted", "params", "is_meant"),
    [
        ([], [], True),
        ([], ["a"], False),
        (["a"], ["a"], True),
        (["a"], ["b"], False),
        (["a"], ["a", 5], False),
        (["a"], [], False),
        ([ANY], ["a"], True),
        ([ANY], [], True),
        ([ANY], [None], True),
        ([ANY, 5], ["a", 5], True),
        (["a", ANY, ANY], ["a"], True),
        (["a", ANY, ANY], ["a", 1, 2, 3], False),
        ([{"x": [1, None]}], [{"x": [1, None]}], True),
        ([{"x": [1, None]}], [{"x": [1, 2]}], False),  # inside a parameter null is null
        (["a"], {"name": "a"}, False),
        (["a"], None, False),
    ],
)
def test_params_are_compared_position_by_position_and_null_means_anything(
    wanted: list[Json], params: Json, is_meant: bool
) -> None:
    assert CallPattern(method="m", params=tuple(wanted)).means_call("m", params) is is_meant


@pytest.mark.parametrize("params", [[], ["a", 5], None, {"a": 1}, 7])
def test_without_params_any_are_meant(params: Json) -> None:
    assert CallPattern(method="m").means_call("m", params)


@pytest.mark.parametrize(
    ("pattern", "target", "is_meant"),
    [
        ("/v1/account/tokens", "/v1/account/tokens", True),
        ("/v1/account/tokens", "/v1/account/tokens?page=2", True),
        ("/v1/account/tokens", "/v1/account/tokens/", False),
        ("/v1/*", "/v1/account/tokens?page=2", True),
        ("*?page=2", "/v1/account/tokens?page=2", True),
        ("*?page=2", "/v1/account/tokens", False),
        ("/odata/*Assets('0x1')", "/odata/v1.0/Assets('0x1')", True),
        ("/odata/*Assets('0x1')", "/odata/v1.0/Assets(%270x1%27)", False),
    ],
)
def test_a_path_is_compared_as_sent_and_without_its_query_unless_the_pattern_has_one(
    pattern: str, target: str, is_meant: bool
) -> None:
    assert CallPattern(path=pattern).means_path(target) is is_meant


def test_a_method_never_means_a_path_nor_a_path_a_method() -> None:
    assert not CallPattern(method="*").means_path("/v1")
    assert not CallPattern(path="*").means_call("getblock", [])
    assert not CallPattern(method="*").means_call(None, [])


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (None, None, True),
        (None, 0, False),
        ([1, True], [1, 1], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": True}, False),
        ("1", 1, False),
        ([], {}, False),
    ],
)
def test_values_are_the_same_as_json_has_it(one: Json, other: Json, is_same: bool) -> None:
    assert same_json(one, other) is is_same


def test_a_hostile_pattern_comes_to_an_end() -> None:
    """One that goes back over what it matched would not, in the age of the universe."""
    assert not CallPattern(method="*a" * 1_000 + "*b").means_call("a" * 100_000, [])


def test_nulls_in_a_pattern_are_compared_with_nothing() -> None:
    pattern = CallPattern("m", params=(*[None] * 5, 7, None))

    class Counted(list[Json]):
        looked_at: list[object]

        def __getitem__(self, position):  # type: ignore[no-untyped-def]
            self.looked_at.append(position)
            return super().__getitem__(position)

    params = Counted([1, 2, 3, 4, 5, 7])
    params.looked_at = []
    assert pattern.means_params(params)
    assert params.looked_at == [5]
    assert not pattern.means_params([1, 2, 3])
    assert pattern == CallPattern("m", params=(*[None] * 5, 7, None))

"""What the Chainbase face can be told: keys, and how many requests of one key it answers."""

from collections.abc import Mapping
from typing import Final

import pytest

from rpcnode.options import PluginSetting
from rpcnode.plugins.chainbase.answers import Refused
from rpcnode.plugins.chainbase.keys import Key, RateLimit
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json
from tests.plugins.chainbase.chainbase_chain import CHAIN, ask
from tests.plugins.node_builder import HOLDER, NodeBuilder
from tests.plugins.rest_node import RestNodes

WITHOUT_KEYS: Final = {key: CHAIN[key] for key in CHAIN if key != "keys"}


def statuses(serve: RestNodes, keys: Json, *texts: str, settings: Mapping[str, Json] | None = None) -> list[int]:
    """How requests with some keys are answered, by a node whose fixture lists keys; None: it has no list."""
    chain = WITHOUT_KEYS if keys is None else {**WITHOUT_KEYS, "keys": {"chainbase": keys}}
    node = serve(chain, settings=settings)
    return [ask(node, key=text, address=HOLDER).status for text in texts]


def test_the_sample_key_is_known_where_the_fixture_lists_none(serve: RestNodes) -> None:
    assert statuses(serve, None, "demo", "other") == [200, 401]


def test_the_fixtures_keys_take_the_sample_keys_place(serve: RestNodes) -> None:
    assert statuses(serve, [{"key": "mine"}, {"key": "k2"}], "demo", "mine", "k2") == [401, 200, 200]
    assert statuses(serve, [], "demo") == [401]


def test_configured_keys_take_the_fixtures_place_and_are_for_every_chain(serve: RestNodes) -> None:
    listed: Json = [{"key": "mine", "chains": []}, {"key": "demo"}]
    assert statuses(serve, listed, "demo", "mine", settings={"Chainbase.Keys": ["mine"]}) == [401, 200]
    assert statuses(serve, None, "demo", settings={"Chainbase.Keys": []}) == [401]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("Balances", "octal", "one of hex, decimal is expected"),
        ("ZeroRows", True, "one of include, omit is expected"),
        ("Keys", "demo", "a list is expected"),
        ("RateLimit", 0, "an integer of 1 to 1000000 is expected"),
        ("Rate", 1, "the nearest is 'RateLimit'"),
    ],
)
def test_a_wrong_setting_stops_the_start(build: NodeBuilder, key: str, value: Json, told: str) -> None:
    with pytest.raises(NodeError, match=told):
        build(CHAIN, settings=[PluginSetting("Chainbase", key, value, "test")])


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def admitted(limit: RateLimit, key: str = "demo") -> bool:
    try:
        limit.admit(Key(key))
    except Refused as refused:
        assert refused.response.status == 429
        return False
    return True


def test_in_no_second_more_requests_are_answered_than_the_limit() -> None:
    clock = Clock()
    limit = RateLimit(2, clock)
    answered = []
    for now in (100.0, 100.5, 100.75, 100.99, 101.0, 101.25, 101.5, 101.75, 102.0):
        clock.now = now
        answered.append(admitted(limit))
    # Those at 100 and 100.5 fill the second until 101, those at 100.5 and 101 that until 101.5, and so on.
    assert answered == [True, True, False, False, True, False, True, False, True]


def test_what_is_refused_does_not_count() -> None:
    clock = Clock()
    limit = RateLimit(1, clock)
    assert admitted(limit)
    for now in (100.25, 100.5, 100.75):
        clock.now = now
        assert not admitted(limit)
    clock.now = 101.0
    assert admitted(limit)


def test_without_a_limit_everything_is_answered() -> None:
    limit = RateLimit(None, Clock())
    assert all(admitted(limit) for _ in range(1000))

"""What is wrong with a parameter is told in a bounded text, however long the parameter is."""

import json
from typing import Final

import pytest

from rpcnode.primitives.errors import RpcError
from rpcnode.primitives.json import Json
from tests.rpcnode.dev.control.small_chain_nodes import Start

LONG: Final = "x" * 70_000
MOST_CHARACTERS: Final = 1200
"""Of an error object; its text is cut at 1000."""

VALUES: Final[dict[str, Json]] = {
    "a text": LONG,
    "a number": int("9" * 4000),
    "a list": [LONG, [LONG]],
    "a key": {LONG: 1},
    "a member": {"asset": LONG, "contract": LONG, "key": LONG, "method": LONG, "height": LONG},
    "keys that lead to it": {"rest": {LONG: {LONG: 1}}, "accounts": {LONG: LONG}, "effect": {LONG: 1}},
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_an_error_does_not_give_back_what_it_was_given(start: Start, value: Json) -> None:
    node = start()
    lengths = {}
    assert node.node.dev is not None
    for method in node.node.dev.methods:
        for params in ([value], [1, value], ["alice", value]):
            try:
                node(method, *params)
            except RpcError as error:
                lengths[method] = len(json.dumps(error.error_object("n3")))
    assert len(lengths) > 20
    assert {method: length for method, length in lengths.items() if length > MOST_CHARACTERS} == {}


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_an_account_that_is_none_is_not_given_back_either(start: Start, profile: str) -> None:
    node = start(profile)
    for method in ("getnep5balances", "getnep5transfers"):
        assert len(json.dumps(node.error(method, [LONG]))) < MOST_CHARACTERS

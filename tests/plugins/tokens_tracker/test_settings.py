"""What TokensTracker can be told, as neo-cli 3.10.2 takes it.

Source: neo-node 3.10.2, plugins/TokensTracker: TokensTracker.Configure, OnSystemLoaded.
"""

import pytest

from rpcnode.options import PluginSetting
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import HOLDER, NodeBuilder, block, chain_of, result, transfers

CHAIN = chain_of(
    block(1, transfers((None, HOLDER, "1"), asset="GAS")),
    block(2, transfers((None, HOLDER, "2"), asset="NEO")),
    contracts={},
)


def setting(key: str, value: Json) -> tuple[PluginSetting]:
    return (PluginSetting("TokensTracker", key, value, "test"),)


@pytest.mark.parametrize(
    ("enabled", "standards"),
    [
        (["NEP-17", "NEP-5"], {"17"}),
        (["nep-17", "NEP-11"], {"11"}),
        (["nep-17", "NEP-5"], set()),
        ([], set()),
    ],
    ids=["one that no tracker has", "another case", "none of both", "empty"],
)
def test_a_standard_that_no_tracker_has_is_passed_over(
    build: NodeBuilder, enabled: list[Json], standards: set[str]
) -> None:
    node = build(CHAIN, settings=setting("EnabledTrackers", enabled))
    served = {name.removeprefix("getnep")[:2] for name in node.methods if name.startswith(("getnep11", "getnep17"))}
    assert served == standards


def test_no_rows_of_history_are_shown_with_results_of_0_and_one_balance_is(build: NodeBuilder) -> None:
    """The node takes that many of a history, and counts a balance after it has written it."""
    node = build(CHAIN, settings=setting("MaxResults", 0))
    assert result(node, "getnep17transfers", HOLDER)["received"] == []
    assert len(result(node, "getnep17balances", HOLDER)["balance"]) == 1

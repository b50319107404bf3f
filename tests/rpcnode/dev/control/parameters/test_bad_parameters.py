"""A command about blocks, time or transactions does what it is told, or says what is wrong and does nothing."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import RpcError
from rpcnode.primitives.json import Json, document_of
from tests import part_of
from tests.rpcnode.dev.control.small_chain_nodes import TIP_MS, Commanded, chain

# Whole seconds of work are left out: a right n is at most small here.
LEAVES: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 50),
    st.integers(TIP_MS - 5, TIP_MS + 5),
    st.integers(2**60, 2**70),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from(["coin", "gems", "later", "alice", "bob", "ruby", "instant", "manual", "0x", "0x00", "NEP-11"]),
)
MEMBERS: Final = st.sampled_from(
    [
        "asset",
        "from",
        "to",
        "amount",
        "token_id",
        "contract",
        "event",
        "state",
        "faults",
        "key",
        "hash",
        "standard",
        "account",
        "value",
        "nef",
        "manifest",
        "with_transfer",
    ]
)
VALUES: Final = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=5),
    max_leaves=8,
)
METHODS: Final = (
    "dev_deploy",
    "dev_increaseTime",
    "dev_invoke",
    "dev_mine",
    "dev_mint",
    "dev_notify",
    "dev_designate",
    "dev_oracleResponse",
    "dev_setBalance",
    "dev_setBlockTime",
    "dev_setContract",
    "dev_setStorage",
    "dev_setNextBlockTimestamp",
    "dev_setTime",
    "dev_setTimeStep",
    "dev_transfer",
)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commanded]:
    """One node for all calls: what a right one does to it is of no matter to the next."""
    path: Path = tmp_path_factory.mktemp("chains") / "chain.json"
    path.write_text(json.dumps(chain()), "utf-8")
    with closing(Node(NodeOptions(fixtures=(path,)))) as built:
        yield Commanded(built)


@pytest.mark.parametrize("method", METHODS)
def test_a_call_that_is_refused_changes_nothing(node: Commanded, method: str) -> None:
    @settings(max_examples=part_of(60), deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.lists(VALUES, max_size=3))
    def call(params: list[Json]) -> None:
        before, info = node.node.store.image(), node("dev_info")
        try:
            document_of(node.node.methods[method](params))
        except RpcError as error:
            answer = error.error_object("n3")
            assert answer["code"] in (-32602, -32000)
            assert len(str(answer["message"])) > 10
            assert node.node.store.image() == before
            assert node("dev_info") == info

    call()

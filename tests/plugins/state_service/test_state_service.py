"""StateService: what its settings do, chains that are not executed, and roots when blocks are taken back.

Its answers themselves are held by tests/plugins/test_csharp_answers.py. Expected values are those that neo-cli 3.10.2
gave, in tests/data/csharp-rpc.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.testing import LocalNode, RpcCallError, in_process
from tests import PROJECT
from tests.plugins.node_builder import NodeBuilder, chain_of, error, result
from tests.recorded_answers import read

ODD_TOKENS: Final = PROJECT / "tests" / "data" / "odd-tokens-chain.json.gz"
CHAIN: Final = PROJECT / "tests" / "data" / "csharp-rpc" / "chain.json.gz"
NEO: Final = "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"
LAST: Final = 163
ROOTS: Final[dict[int, str]] = {
    0: "0x19b2fb30dc2dcc25b12607cf36591701357dc2b9366e854a484ccb38470100d2",
    LAST: "0x498779405db436b0d86771c887ac89397560112dadf7cdd668d2b4d891c13191",
}


@pytest.fixture
def node() -> Iterator[LocalNode]:
    with in_process(CHAIN, settings={"StateService.FullState": True}) as running:
        yield running


@pytest.fixture(scope="module")
def roots() -> list[str]:
    recorded: Any = read(CHAIN)
    return list(recorded["state_roots"])


def root_of(node: LocalNode, index: int) -> str:
    return str(node.call("getstateroot", index)["roothash"])


@pytest.mark.slow
def test_without_full_state_only_the_newest_root_is_answered_about() -> None:
    with in_process(CHAIN) as node:
        assert node.call("getstate", ROOTS[LAST], NEO, "Cw==") == "AOH1BQ=="
        assert root_of(node, 0) == ROOTS[0]
        for method, rest in (("getstate", ["Cw=="]), ("getproof", ["Cw=="]), ("findstates", [""])):
            with pytest.raises(RpcCallError) as refused:
                node.call(method, ROOTS[0], NEO, *rest)
            assert (refused.value.code, refused.value.message) == (
                -606,
                f"Old state not supported - fullState:False,current:{ROOTS[LAST]},rootHash:{ROOTS[0]}",
            )


@pytest.mark.slow
def test_no_more_rows_are_found_than_the_setting_says() -> None:
    with in_process(CHAIN, settings={"StateService.MaxFindResultItems": 2}) as node:
        for count in (0, -1, 2, 3, 100):
            found = node.call("findstates", ROOTS[LAST], NEO, "", "", count)
            assert list(found) == ["firstProof", "lastProof", "truncated", "results"]
            assert found["truncated"] is True and len(found["results"]) == 2
        one = node.call("findstates", ROOTS[LAST], NEO, "", "", 1)
        assert list(one) == ["firstProof", "truncated", "results"] and len(one["results"]) == 1


@pytest.mark.slow
def test_rows_are_paged_through_by_the_last_key_of_a_page(node: LocalNode) -> None:
    whole, pages, key = node.call("findstates", ROOTS[LAST], NEO, ""), [], ""
    assert whole["truncated"] is False
    while True:
        page = node.call("findstates", ROOTS[LAST], NEO, "", key, 3)
        pages += page["results"]
        if not page["truncated"]:
            break
        key = page["results"][-1]["key"]
    assert pages == whole["results"] and len(pages) > 3


@pytest.mark.slow
def test_a_prefix_and_a_key_to_go_on_from_have_neo_clis_limits(node: LocalNode) -> None:
    long = b64encode(bytes(65)).decode()
    for params, code, message in (
        (["IQ==", "Cw=="], -2146233079, "invalid from key"),
        (
            [long],
            -2147024809,
            "Key length exceeds the maximum allowed length of 136 nibbles. Path length: 138, from length: 0.",
        ),
    ):
        with pytest.raises(RpcCallError) as refused:
            node.call("findstates", ROOTS[LAST], NEO, *params)
        assert (refused.value.code, refused.value.message) == (code, message)


@pytest.mark.slow
def test_roots_hold_when_blocks_are_taken_back_and_put_again(node: LocalNode, roots: list[str]) -> None:
    before = node.snapshot()
    assert root_of(node, LAST) == roots[LAST]
    node.rewind(100)
    assert node.call("getstateheight") == {"localrootindex": 100, "validatedrootindex": None}
    assert [root_of(node, index) for index in (100, 50, 0)] == [roots[100], roots[50], roots[0]]
    with pytest.raises(RpcCallError) as refused:
        root_of(node, 101)
    assert refused.value.code == -106
    with pytest.raises(RpcCallError) as refused:
        node.call("getstate", roots[LAST], NEO, "Cw==")
    assert refused.value.code == -2146233079
    state = node.dump()
    before.revert()
    assert [root_of(node, index) for index in (LAST, 100)] == [roots[LAST], roots[100]]
    node.load(state)
    assert node.info()["state_root"] == roots[100]


@pytest.mark.slow
def test_a_node_below_its_headers_answers_of_its_own_height(node: LocalNode, roots: list[str]) -> None:
    assert root_of(node, LAST) == roots[LAST]
    node.set_sync(height=120)
    assert node.info()["state_root"] == roots[120] and root_of(node, 60) == roots[60]
    node.set_sync(height=140)
    assert [root_of(node, index) for index in (140, 130, 121, 120)] == [roots[at] for at in (140, 130, 121, 120)]


@pytest.mark.slow
def test_a_chain_in_a_file_has_its_roots_when_it_is_opened_again(tmp_path: Path, roots: list[str]) -> None:
    settings = (PluginSetting("StateService", "FullState", True, "test"),)
    Node(NodeOptions(fixtures=(CHAIN,), db=tmp_path / "chain.db")).close()
    again = Node(NodeOptions(db=tmp_path / "chain.db", settings=settings))
    try:
        assert result(again, "getstate", roots[LAST], NEO, "Cw==") == "AOH1BQ=="
        assert result(again, "getstateroot", 7) == {"version": 0, "index": 7, "roothash": roots[7], "witnesses": []}
    finally:
        again.close()


def test_a_missing_parameter_is_found_wrong_after_all_others(build: NodeBuilder) -> None:
    # RpcServer.cs: what is missing is DBNull, which only DynamicInvoke refuses, once every parameter is converted.
    told = error(build(chain_of(height=3)), "getproof", None, "x", "Cw==")
    assert told["message"] == 'Invalid params - Invalid UInt160: "x"'


def test_a_chain_that_is_not_executed_says_so(tmp_path: Path) -> None:
    recording = read(ODD_TOKENS)
    recording["blocks"] = recording["blocks"][1:]  # without its storage, what came before is not known
    observed = tmp_path / "observed.json"
    observed.write_text(json.dumps(recording))
    words = "this chain has no state root: its blocks are observed, not executed"
    with closing(Node(NodeOptions(fixtures=(observed,)))) as node:
        for method, params in (
            ("getstateheight", []),
            ("getstateroot", [0]),
            ("getstate", [ROOTS[0], NEO, "Cw=="]),
            ("getproof", [ROOTS[0], NEO, "Cw=="]),
            ("findstates", [ROOTS[0], NEO, ""]),
        ):
            assert words in str(error(node, method, *params)), method

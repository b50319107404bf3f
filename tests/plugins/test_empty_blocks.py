"""What is answered within stretches of empty blocks, against the same chain with each of these blocks declared."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any, Final

import pytest

from rpcnode.natives.committee import key_account
from rpcnode.node import Node
from rpcnode.options import PluginSetting
from rpcnode.primitives.address import address_of
from rpcnode.primitives.json import Json, document_of
from tests.plugins.node_builder import HOLDER, NodeBuilder, block, chain_of, transfers
from tests.rpcnode.natives.governance import KEYS

GAS: Final = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
NEO: Final = "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"
SUPPLY: Final = b64encode(b"\x0b").decode()
DECLARED: Final = {4: transfers((None, HOLDER, 5), asset="NEO"), 17: transfers((None, HOLDER, 7), asset="GAS")}
HEIGHT: Final = 30
ASKED: Final = (0, 3, 4, 9, 16, 17, 18, 23, 29, HEIGHT)

SETTINGS: Final = (PluginSetting("StateService", "FullState", True, "test"),)


def document(*, is_thorough: bool) -> dict[str, Any]:
    """A chain of a committee of three; `is_thorough` has all of its blocks declared."""
    indexes = range(1, HEIGHT + 1) if is_thorough else DECLARED
    chain = chain_of(
        *(block(index, *([DECLARED[index]] if index in DECLARED else [])) for index in indexes), height=HEIGHT
    )
    chain["network"] |= {"committee": [str(key) for key in KEYS[:3]], "validators_count": 1}
    return chain


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeBuilder]:
    builder = NodeBuilder(tmp_path_factory.mktemp("chains"))
    yield builder
    builder.close()


@pytest.fixture
def both(nodes: NodeBuilder) -> tuple[Node, Node]:
    """The chain with the empty blocks that nobody declared, and the one with all of them."""
    return nodes(document(is_thorough=False), settings=SETTINGS), nodes(document(is_thorough=True), settings=SETTINGS)


def ask(node: Node, method: str, *params: Json) -> Any:
    return document_of(node.methods[method](list(params)))


def accounts() -> list[str]:
    return [address_of(key_account(key), 0x35) for key in KEYS[:3]]


def test_everything_about_states_is_answered_as_if_each_block_were_stored(both: tuple[Node, Node]) -> None:
    passed, executed = both
    for index in ASKED:
        roots = [ask(node, "getstateroot", index) for node in both]
        assert roots[0] == roots[1]
        root = roots[0]["roothash"]
        asked: tuple[tuple[str, *tuple[Json, ...]], ...] = (
            ("getproof", GAS, SUPPLY),
            ("getproof", NEO, SUPPLY),
            ("getstate", GAS, SUPPLY),
            ("findstates", GAS, ""),
            ("findstates", NEO, "", "", 3),
        )
        for method, *rest in asked:
            answers = [ask(node, method, root, *rest) for node in both]
            assert answers[0] == answers[1], (method, index)
        proof = ask(passed, "getproof", root, GAS, SUPPLY)
        assert ask(executed, "verifyproof", root, proof) == ask(passed, "getstate", root, GAS, SUPPLY)
    assert ask(passed, "dev_info")["state_root"] == ask(executed, "getstateroot", HEIGHT)["roothash"]


@pytest.mark.parametrize("back", [*reversed(ASKED)])
def test_the_newest_state_within_a_stretch_is_that_of_an_executed_block(both: tuple[Node, Node], back: int) -> None:
    for node in both:
        ask(node, "dev_rewind", back)
    asked: tuple[tuple[str, *tuple[Json, ...]], ...] = (
        ("getstorage", GAS, SUPPLY),
        ("getstorage", NEO, SUPPLY),
        ("findstorage", GAS, "", 0),
        ("findstorage", NEO, "", 2),
        ("findstorage", "PolicyContract", "", 0),
        ("getunclaimedgas", accounts()[0]),
        ("invokefunction", GAS, "totalSupply"),
        *(("getnep17balances", account) for account in accounts()),
        *(("getnep17transfers", account, 0) for account in accounts()),
        ("getstateheight",),
    )
    for method, *params in asked:
        first, second = (ask(node, method, *params) for node in both)
        assert first == second, method
    assert ask(both[0], "dev_info")["state_root"] == ask(both[0], "getstateroot", back)["roothash"]

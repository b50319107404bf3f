"""A call that goes on in pieces sees one state, whatever happens to the chain between two of them."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from typing import Any, Final

import pytest

from rpcnode.endpoint import envelope_of
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.uint import UInt160
from rpcnode.server.jsonrpc.access import Authorization
from rpcnode.server.jsonrpc.reply import Reply, Steps
from rpcnode.vm.script_builder import ScriptBuilder
from tests.rpcnode.vm.script_text import assemble

GAS: Final = UInt160.parse("0xd2a4cff31913016155e38e474a2c06d08be276cf")
LEDGER: Final = UInt160.parse("0xda65b600f7124ce6c79950c1772a36403104f2be")
NUMBERS: Final = count(1000)
ROUNDS: Final = 60_000
"""Rounds of a loop that takes a few pieces."""


@pytest.fixture
def node() -> Iterator[Node]:
    with closing(Node(NodeOptions())) as running:
        yield running


def waiting(rounds: int) -> bytes:
    """Counts down, and leaves nothing."""
    body = assemble("DEC DUP")
    return assemble(str(rounds)) + body + b"\x24" + (-len(body) & 0xFF).to_bytes(1, "little") + assemble("DROP")


def body(method: str, *params: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()


def call(node: Node, method: str, *params: Any) -> Any:
    return json.loads(envelope_of(node).answer_post(body(method, *params), Authorization.GRANTED).body)["result"]


def holder(node: Node) -> UInt160:
    return node.accounts[0].script_hash


def twice_looked(node: Node) -> bytes:
    """The height and a balance, then some time later another balance and the height once more, and a search."""
    builder = ScriptBuilder().call(LEDGER, "currentIndex", ()).call(GAS, "balanceOf", (bytes(holder(node)),))
    later = ScriptBuilder().call(GAS, "totalSupply", ()).call(LEDGER, "currentIndex", ())
    later.call(LEDGER, "currentHash", ()).call(GAS, "balanceOf", (bytes(holder(node)),))
    different = assemble(f"{next(NUMBERS)} DROP")  # the answer to what was asked before may be kept
    return different + builder.to_bytes() + waiting(ROUNDS) + later.to_bytes()


def begun(node: Node) -> Steps:
    script = b64encode(twice_looked(node)).decode()
    steps = envelope_of(node).begin_post(body("invokescript", script), Authorization.GRANTED)
    assert not isinstance(steps, Reply)
    next(steps)
    return steps


def ended(steps: Steps) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return json.loads(end.value.body)


def stack(answer: Any) -> list[Any]:
    assert answer["result"]["state"] == "HALT", answer
    return [item["value"] for item in answer["result"]["stack"]]


def undisturbed(node: Node) -> list[Any]:
    return stack(ended(begun(node)))


def change(node: Node) -> None:
    """Two blocks, one of which moves GAS."""
    first, second = (account.name for account in node.accounts[:2])
    call(node, "dev_transfer", {"asset": "GAS", "from": first, "to": second, "amount": "1"})
    call(node, "dev_mine", 1)


def test_blocks_that_come_meanwhile_are_not_seen(node: Node) -> None:
    expected = undisturbed(node)
    steps = begun(node)
    change(node)
    assert stack(ended(steps)) == expected
    assert undisturbed(node) != expected


def test_going_back_to_the_very_block_or_above_changes_nothing(node: Node) -> None:
    change(node)
    expected = undisturbed(node)
    height = node.ledger.height
    steps = begun(node)
    change(node)
    call(node, "dev_rewind", height)
    change(node)
    assert stack(ended(steps)) == expected


@pytest.mark.parametrize("grows_again", [False, True])
def test_a_state_that_was_gone_below_is_told_and_never_mixed(node: Node, grows_again: bool) -> None:
    change(node)
    steps = begun(node)
    call(node, "dev_rewind", node.ledger.height - 1)
    if grows_again:
        change(node)
        change(node)
    error = ended(steps)["error"]
    assert "went back below block" in error["message"]


def test_another_chain_in_its_place_is_told(node: Node) -> None:
    change(node)
    call(node, "dev_snapshot", "a")
    change(node)
    steps = begun(node)
    call(node, "dev_revert", "a")
    assert "went back below block" in ended(steps)["error"]["message"]


def test_a_call_that_asks_nothing_more_ends_as_it_would_have(node: Node) -> None:
    change(node)
    script = b64encode(waiting(ROUNDS) + b"\x15").decode()
    steps = envelope_of(node).begin_post(body("invokescript", script), Authorization.GRANTED)
    assert not isinstance(steps, Reply)
    next(steps)
    call(node, "dev_rewind", 0)
    assert stack(ended(steps)) == ["5"]

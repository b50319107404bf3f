"""What running nodes of Neo 2 and preview2 answered, step by step, while transactions, blocks and wallets came in."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.endpoint import envelope_of
from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.access import Authorization
from rpcnode.testing.answer import received
from tests.plugins.older_recordings import AS_THE_NODE, FOLDERS, answers_of, chain_of_node, waiting
from tests.plugins.rpc_server.older_sends.opening import open_wallet
from tests.recorded_answers import Call, Masks, Outcome, compare

SETTINGS: Final[dict[str, Json]] = {**AS_THE_NODE, "RpcServer.DisabledMethods": []}

NEW_ACCOUNT: Final = (
    ("getnewaddress", r'"result":"N[^"]{33}"', '"result":"-"'),
    ("listaddress", r'((?:\{[^{}]*\},){4}\{"address":)"N[^"]{33}"', r'\1"-"'),
)
"""The account that preview2's flow makes has another key whenever it is made."""


def node_of(profile: ProfileName) -> Node:
    """A node of the recorded chain, whose blocks are made by hand alone."""
    named = [(key.partition("."), value) for key, value in SETTINGS.items()]
    settings = tuple(PluginSetting(plugin, key, value, "test") for (plugin, _, key), value in named)
    return Node(
        NodeOptions(profile=profile, fixtures=(chain_of_node(profile),), settings=settings, block_time="manual")
    )


def in_turn(node: Node, run: str, steps: list[Any], masks: Masks) -> list[Outcome]:
    """Asks every step, and compares those whose answer is not kept for checking; a step's number is its first param."""
    envelope = envelope_of(node)
    outcomes = []
    for number, step in enumerate(steps):
        body = {"jsonrpc": "2.0", "id": 1, "method": step["method"], "params": step["params"]}
        answer = received(envelope.answer_post(json.dumps(body).encode(), Authorization.GRANTED))
        if step["answer"] is not None:
            call = Call(step["method"], [number, *step["params"]], step["answer"])
            outcomes.append(compare(run, call, answer.body.decode(), masks))
    return outcomes


@pytest.fixture
def node(request: pytest.FixtureRequest) -> Iterator[Node]:
    with closing(node_of(request.param)) as built:
        yield built


def flow_of(profile: ProfileName, name: str, folder: Path) -> tuple[str, Any, Masks]:
    """The run's name, its flow, whose files are laid out, and what is masked."""
    recorded = answers_of(profile)
    flow = recorded[name]
    masks = list(recorded["masks"])
    if isinstance(flow, dict):
        masks += flow["masks"]
        for file, text in flow["files"].items():
            (folder / file).write_text(text)
    return f"{FOLDERS[profile]}-{name}", flow, Masks(masks)


@pytest.mark.parametrize("node", ["n3-preview"], indirect=True)
def test_transactions_and_blocks_of_preview2_are_answered_as_by_the_node(node: Node, tmp_path: Path) -> None:
    run, steps, masks = flow_of("n3-preview", "send_flow", tmp_path)
    waiting().check(in_turn(node, run, steps, masks), {run})


@pytest.mark.parametrize("node", ["n3-preview"], indirect=True)
def test_the_wallet_of_preview2_answers_as_the_nodes(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, flow, masks = flow_of("n3-preview", "wallet_flow", tmp_path)
    monkeypatch.chdir(tmp_path)
    outcomes = in_turn(node, run, flow["steps"], masks)
    new = Masks(NEW_ACCOUNT)
    waiting().check([_masked(outcome, new) for outcome in outcomes], {run})


@pytest.mark.parametrize("node", ["n2"], indirect=True)
def test_the_wallet_of_neo_2_answers_as_the_nodes(node: Node, tmp_path: Path) -> None:
    run, flow, masks = flow_of("n2", "wallet_flow", tmp_path)
    open_wallet(node, tmp_path / "w.json", flow["password"])
    waiting().check(in_turn(node, run, flow["steps"], masks), {run})


def _masked(outcome: Outcome, masks: Masks) -> Outcome:
    method = outcome.call.method
    return outcome._replace(expected=masks.apply(method, outcome.expected), got=masks.apply(method, outcome.got))

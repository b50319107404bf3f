"""`--block-time`: when a node makes blocks."""

import asyncio
import json
from contextlib import closing
from pathlib import Path

import pytest

from rpcnode.chain.block_time import BlockTime, read_block_time
from rpcnode.chain.miner import Miner
from rpcnode.cli import main
from rpcnode.endpoint import Endpoint
from rpcnode.execution.records import Execution
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.json import Json


class Observer:
    """Sets an event once the chain has grown."""

    def __init__(self, mined: asyncio.Event) -> None:
        self._mined = mined

    def moved(self, executions: tuple[Execution, ...]) -> None:
        self._mined.set()

    def replaced(self) -> None:
        """The chain is never another one here."""


@pytest.mark.parametrize(
    ("written", "block_time"), [("instant", "instant"), ("manual", "manual"), (5, 5.0), (0.5, 0.5), (86_400, 86_400.0)]
)
def test_blocks_are_made_at_once_when_told_to_or_each_so_many_seconds(written: Json, block_time: BlockTime) -> None:
    assert read_block_time(written) == block_time


@pytest.mark.parametrize("word", ["soon", "0", "-5", "86401", "true", "null", "[1]", '"5"'])
def test_another_block_time_is_a_bad_option(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["serve", f"--block-time={word}"])
    assert left.value.code == 2
    expected = "instant, manual or a number of seconds (0.01 to 86400) is expected, not"
    assert expected in " ".join(capsys.readouterr().err.split())


async def test_a_node_on_a_port_makes_blocks_by_time_until_it_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "chain.json"
    path.write_text(json.dumps({"node": {"height": 1}}), "utf-8")
    is_detached = asyncio.Event()
    detach = Miner.detach

    def detach_and_tell(self: Miner) -> None:
        detach(self)
        is_detached.set()

    monkeypatch.setattr(Miner, "detach", detach_and_tell)
    with closing(Node(NodeOptions(fixtures=(path,), port=0, block_time=0.01))) as node:
        mined = asyncio.Event()
        node.ledger.observers.append(Observer(mined))
        endpoint = Endpoint(node)
        await endpoint.start()
        async with asyncio.timeout(30):
            await mined.wait()
        await endpoint.stop()
        assert is_detached.is_set()

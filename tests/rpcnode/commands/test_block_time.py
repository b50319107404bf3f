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
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.json import Json


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
    mined, is_detached = asyncio.Event(), asyncio.Event()
    mine, detach = Miner.mine, Miner.detach

    def mine_and_tell(self: Miner) -> int:
        height = mine(self)
        mined.set()
        return height

    def detach_and_tell(self: Miner) -> None:
        detach(self)
        is_detached.set()

    monkeypatch.setattr(Miner, "mine", mine_and_tell)
    monkeypatch.setattr(Miner, "detach", detach_and_tell)
    with closing(Node(NodeOptions(fixtures=(path,), port=0, block_time=0.01))) as node:
        endpoint = Endpoint(node)
        await endpoint.start()
        async with asyncio.timeout(30):
            await mined.wait()
        await endpoint.stop()
        assert node.ledger.height >= 2
        assert is_detached.is_set()

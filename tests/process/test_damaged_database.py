"""A database damaged at random: a node starts from it, or ends with one line; what it meets later has no traceback."""

import json
import random
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.primitives.json import document_of
from tests.node_process import run

pytestmark = pytest.mark.slow

PAGE = 4096
DAMAGES = 120
FIXTURE = {
    "node": {"height": 40},
    "accounts": {"alice": {"seed": "alice"}},
    "contracts": {"coin": {"standard": "NEP-5", "decimals": 0}, "gems": {"standard": "NEP-11"}},
    "balances": [
        {"account": "alice", "asset": "coin", "amount": 5, "block": 1},
        {"account": "alice", "asset": "gems", "amount": 1, "token_id": "ruby", "block": 2},
    ],
}


def flip_bits(chance: random.Random, data: bytearray) -> None:
    for _ in range(chance.choice([1, 5, 50])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def write_bytes(chance: random.Random, data: bytearray) -> None:
    for _ in range(chance.choice([1, 5, 50, 500])):
        data[chance.randrange(len(data))] = chance.randrange(256)


def truncate(chance: random.Random, data: bytearray) -> None:
    del data[chance.randrange(len(data)) :]


def overwrite_page(chance: random.Random, data: bytearray) -> None:
    page = chance.randrange(len(data) // PAGE)
    data[page * PAGE : (page + 1) * PAGE] = chance.randbytes(PAGE)


def exchange_page(chance: random.Random, data: bytearray) -> None:
    page, other = (chance.randrange(len(data) // PAGE) for _ in range(2))
    data[page * PAGE : (page + 1) * PAGE] = data[other * PAGE : (other + 1) * PAGE]


KINDS: list[Callable[[random.Random, bytearray], None]] = [
    flip_bits,
    write_bytes,
    truncate,
    overwrite_page,
    exchange_page,
]


def sound_database(folder: Path, profile: ProfileName) -> bytes:
    fixture, db = folder / "chain.json", folder / "sound.db"
    fixture.write_text(json.dumps(FIXTURE), "utf-8")
    with closing(Node(NodeOptions(fixtures=(fixture,), db=db, profile=profile))) as node:
        mint = node.methods["dev_mint"]
        for amount in range(30):
            document_of(mint([{"asset": "coin", "to": "alice", "amount": amount}]))
        document_of(node.methods["dev_setBlockTime"](["manual"]))
        document_of(mint([{"asset": "coin", "to": "alice", "amount": 1}]))
    return db.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
def test_a_start_works_or_ends_in_one_line(
    tmp_path: Path, profile: ProfileName, kind: Callable[[random.Random, bytearray], None]
) -> None:
    chance = random.Random(f"{profile} {kind.__name__}")
    sound = sound_database(tmp_path, profile)
    refused = []
    for number in range(DAMAGES // len(KINDS)):
        data = bytearray(sound)
        kind(chance, data)
        db = tmp_path / f"{number}.db"
        db.write_bytes(data)
        # Any other error would be a traceback.
        try:
            Node(NodeOptions(db=db, profile=profile)).close()
        except NodeError as error:
            refused.append(str(error))
            assert db.stat().st_size == len(data)
    assert refused
    for line in refused:
        assert line.startswith(f"{tmp_path}/")
        assert len(line.splitlines()) == 1
        assert len(line) < 600


@pytest.mark.parametrize("number", range(4))
def test_the_process_ends_with_one_line_and_status_1(tmp_path: Path, number: int) -> None:
    data = bytearray(sound_database(tmp_path, "n3"))
    chance = random.Random(number)
    for page in chance.sample(range(1, len(data) // PAGE), 8):
        data[page * PAGE : (page + 1) * PAGE] = chance.randbytes(PAGE)
    with suppress(FileNotFoundError):
        (tmp_path / "sound.db-wal").unlink()
    (tmp_path / "sound.db").write_bytes(data)
    ended = run("--port", "0", "--db", "sound.db", cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("rpcnode: sound.db: a damaged database; give --db a copy of it")
    assert len(ended.stderr.splitlines()) == 1

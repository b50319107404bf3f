"""Kill -9 at any moment of loading: the chain, every plugin and every table stand at one whole block."""

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Collection
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rpcnode.chain.blocks import NewBlock
from rpcnode.chain.ledger import Ledger
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from tests import PROJECT, part_of
from tests.node_process import RUN, environment, run

pytestmark = pytest.mark.slow

Tables = dict[str, list[tuple[Any, ...]]]

RECORDED = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"
KILLED_AT_STATEMENT = (sys.executable, str(Path(__file__).with_name("killed_at_statement.py")))
NOT_A_BLOCKS = ("chain_meta", "chain_account", "token_follower")
"""Tables with rows before there is a block."""


@pytest.fixture(params=["described", "recorded"])
def fixture_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A chain of a hundred blocks or more, or the recorded one."""
    if request.param == "recorded":
        return RECORDED
    path = tmp_path / "described.json"
    path.write_text(json.dumps(described_chain(blocks=part_of(400), seed=1)))
    return path


def described_chain(blocks: int, seed: int) -> dict[str, Any]:
    """Two tokens that move among twenty accounts in most blocks; the height lies above the last of them."""
    chosen = random.Random(seed)
    accounts = [f"0x{number:040x}" for number in range(1, 21)]
    tokens = ("coin", "token")
    first = [{"asset": asset, "from": None, "to": account, "amount": 10**6} for asset in tokens for account in accounts]
    declared: list[dict[str, Any]] = [{"index": 1, "transactions": [{"transfers": first}]}]
    for index in sorted(chosen.sample(range(2, blocks * 5 // 4), blocks)):
        transfers = [
            {"asset": chosen.choice(tokens), "from": sender, "to": receiver, "amount": chosen.randrange(10)}
            for sender, receiver in (chosen.choices(accounts, k=2) for _ in range(chosen.randrange(1, 6)))
        ]
        declared.append({"index": index, "transactions": [{"transfers": [transfer]} for transfer in transfers]})
    return {
        "node": {"height": blocks * 2, "header_height": blocks * 3},
        "contracts": {
            "coin": {"standard": "NEP-5", "symbol": "COIN", "decimals": 0},
            "token": {"standard": "NEP-17", "symbol": "TOKEN", "decimals": 0},
        },
        "blocks": declared,
    }


def tables_of(connection: sqlite3.Connection) -> Tables:
    """Every row of every table; not when a step ran, and not the note that says that loading is over."""
    listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    tables = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in listed}
    tables.pop("_sqlite_migrations", None)
    if "chain_meta" in tables:
        tables["chain_meta"] = [row for row in tables["chain_meta"] if row[0] != "loaded"]
    return tables


def tables_left(db: Path, copy: Path) -> Tables:
    """What a killed node left. A copy is looked at: opening the file itself would mend it."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in db.parent.glob(f"{db.name}*"):
        shutil.copy(path, copy)
    with closing(sqlite3.connect(copy / db.name)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return tables_of(connection)


def height_of(tables: Tables) -> int:
    """Where the chain stands; -1 before its first block."""
    return next((int(value) for key, value in tables.get("chain_meta", ()) if key == "height"), -1)


def tables_at(
    fixture: Path, heights: Collection[int], monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[int, Tables], Tables]:
    """The tables of a node that nobody kills: as they are after each block in `heights`, and at the end."""
    at: dict[int, Tables] = {}
    apply_block = Ledger.apply_block

    def noting(ledger: Ledger, block: NewBlock) -> None:
        apply_block(ledger, block)
        if block.index in heights:
            at[block.index] = tables_of(ledger.store.connection)

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "apply_block", noting)
        with closing(Node(NodeOptions(fixtures=(fixture,)))) as node:
            end = tables_of(node.store.connection)
            return at | {node.ledger.height: end}, end


def check_left(left: list[Tables], fixture: Path, monkeypatch: pytest.MonkeyPatch) -> Tables:
    """Checks everything that killed nodes left against one that nobody killed, whose tables at the end it returns."""
    at, end = tables_at(fixture, {height_of(tables) for tables in left}, monkeypatch)
    for tables in left:
        height = height_of(tables)
        if height < 0:
            assert [name for name, rows in tables.items() if rows and name not in NOT_A_BLOCKS] == []
            continue
        assert {block_index for _, block_index in tables["plugin_progress"]} == {height}
        assert tables == at[height]
    return end


def check_finished(db: Path, fixture: Path, end: Tables) -> None:
    """Opens what a killed node left once more, which must finish it."""
    with closing(Node(NodeOptions(fixtures=(fixture,), db=db))) as node:
        assert tables_of(node.store.connection) == end
    with closing(Node(NodeOptions(db=db))) as node:
        assert tables_of(node.store.connection) == end


def kill_after(seconds: float, db: Path, fixture: Path) -> None:
    """Starts a node and kills it so long after its file is there."""
    with subprocess.Popen(
        [*RUN, "--port", "0", "--db", str(db), "--fixture", str(fixture)],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        began = time.monotonic()
        while not db.exists() and time.monotonic() < began + 10:
            time.sleep(0.001)
        time.sleep(seconds)
        process.kill()


def loading_seconds(db: Path, fixture: Path) -> float:
    """How long a node takes, nearly, from making its file to having loaded it."""
    began = time.monotonic()
    Node(NodeOptions(fixtures=(fixture,), db=db)).close()
    return time.monotonic() - began


def test_a_node_killed_at_any_time_stands_at_a_whole_block_and_finishes_later(
    fixture_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = random.Random(2)
    seconds = loading_seconds(tmp_path / "timed.db", fixture_file)
    left: list[Tables] = []
    files = []
    for number in range(part_of(7)):
        db = tmp_path / f"{number}.db"
        files.append(db)
        # Once while the file is being made or filled, and once more as it is filled on.
        for _ in range(1 + number % 2):
            kill_after(chosen.uniform(0, seconds * 0.7), db, fixture_file)
            left.append(tables_left(db, tmp_path / "copy"))
    end = check_left(left, fixture_file, monkeypatch)
    for db in files:
        check_finished(db, fixture_file, end)


def test_a_node_killed_at_any_statement_stands_at_a_whole_block_and_finishes_later(
    fixture_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = random.Random(3)
    counted = run(tmp_path / "counted.db", fixture_file, 0, command=KILLED_AT_STATEMENT)
    statements = int(counted.stdout)
    # The first fifty make the file and its tables.
    numbers = [chosen.randrange(1, 50) for _ in range(part_of(4))]
    spans = part_of(10)  # one in each, so that nodes are killed all over
    ends = [50 + (statements + 1 - 50) * span // spans for span in range(spans + 1)]
    numbers += [chosen.randrange(first, end) for first, end in pairwise(ends)]
    left: list[Tables] = []
    files = []
    for number in numbers:
        db = tmp_path / f"{number}.db"
        files.append(db)
        killed = run(db, fixture_file, number, command=KILLED_AT_STATEMENT)
        assert killed.returncode == -signal.SIGKILL
        left.append(tables_left(db, tmp_path / "copy"))
    assert len({height_of(tables) for tables in left}) > 2  # 32 blocks are one on the disk while a chain is loaded
    end = check_left(left, fixture_file, monkeypatch)
    for db in files:
        check_finished(db, fixture_file, end)

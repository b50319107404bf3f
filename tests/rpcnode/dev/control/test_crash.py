"""A node killed at any statement of a dev method: what it left has all of the call in it, or nothing."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.rpcnode.dev.control.small_chain_nodes import HEIGHT, PROFILES, TIP_MS, Commanded, Start

TRANSFER: dict[str, Json] = {"asset": "coin", "from": "alice", "to": "bob", "amount": 7}
DEPLOYED: dict[str, Json] = {"key": "fresh", "standard": "NEP-5", "symbol": "F", "decimals": 0}
EVENT: dict[str, Json] = {"contract": "plain", "event": "Done", "state": []}
CLOCK = "SELECT key, value FROM chain_meta WHERE key IN ('clock_ms', 'next_block_ms') ORDER BY key"


class Left(NamedTuple):
    """What a killed node left: its height, transactions of blocks and transactions that wait."""

    height: int
    mined: int
    waiting: int


def copies_at_each_statement(node: Commanded, folder: Path, method: str, *params: Json) -> list[Path]:
    """The database as it is in its files before each statement of a call, and after the last.

    Nothing that a process has written is lost when it is killed, so that is what it would leave.
    """
    db = node.node.store.path
    assert db is not None
    copies: list[Path] = []

    def copy(statement: str = "") -> None:
        place = folder / str(len(copies))
        place.mkdir(parents=True)
        for suffix in ("", "-wal"):
            shutil.copy(f"{db}{suffix}", place)
        copies.append(place / db.name)

    connection = node.node.store.connection
    connection.set_trace_callback(copy)
    try:
        node(method, *params)
    finally:
        connection.set_trace_callback(None)
    copy()
    assert len(copies) > 2
    return copies


def left_in(db: Path) -> Left:
    with closing(sqlite3.connect(db)) as connection:
        (height,) = connection.execute("SELECT value FROM chain_meta WHERE key = 'height'").fetchone()
        (mined,) = connection.execute("SELECT count(*) FROM chain_transaction").fetchone()
        (waiting,) = connection.execute("SELECT count(*) FROM chain_meta WHERE key LIKE 'waiting %'").fetchone()
        return Left(int(height), mined, waiting)


@pytest.mark.parametrize(
    ("method", "params"),
    [("dev_transfer", TRANSFER), ("dev_deploy", DEPLOYED), ("dev_notify", EVENT)],
    ids=["a transfer", "a deployment", "an event"],
)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_transaction_that_is_mined_at_once_never_waits(
    start: Start, tmp_path: Path, profile: ProfileName, method: str, params: Json
) -> None:
    node = start(profile, db=tmp_path / "chain.db")
    before = left_in(copies_at_each_statement(node, tmp_path / "0", "dev_mine", 1)[0])
    node("dev_mine", 1)
    copies = copies_at_each_statement(node, tmp_path / "1", method, params)
    left = list(dict.fromkeys(map(left_in, copies)))
    height = HEIGHT + 2
    assert left == [Left(height, before.mined, 0), Left(height + 1, before.mined + 1, 0)]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_transaction_that_is_to_wait_waits_or_was_never_taken_in(
    start: Start, tmp_path: Path, profile: ProfileName
) -> None:
    node = start(profile, db=tmp_path / "chain.db")
    node("dev_setBlockTime", "manual")
    copies = copies_at_each_statement(node, tmp_path / "copies", "dev_transfer", TRANSFER)
    assert [entry.waiting for entry in dict.fromkeys(map(left_in, copies))] == [0, 1]


def test_a_clock_is_put_as_a_whole(start: Start, tmp_path: Path) -> None:
    node = start(db=tmp_path / "chain.db")
    node("dev_setTime", TIP_MS + 90_000)
    copies = copies_at_each_statement(node, tmp_path / "copies", "dev_setNextBlockTimestamp", TIP_MS + 60_000)
    left = []
    for db in copies:
        with closing(sqlite3.connect(db)) as connection:
            left.append(tuple(connection.execute(CLOCK).fetchall()))
    later, earlier = str(TIP_MS + 90_000), str(TIP_MS + 60_000)
    assert list(dict.fromkeys(left)) == [
        (("clock_ms", later),),
        (("clock_ms", earlier), ("next_block_ms", earlier)),
    ]

"""A disk that is full, a database that is gone or damaged: said in words, logged once, and got over."""

import json
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rpcnode.chain.db.storage_failures import forget_told
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.access import AccessRules, Authorization
from rpcnode.server.jsonrpc.envelope import Envelope

PROFILES: tuple[ProfileName, ...] = ("n3", "n3-preview", "n2")
FIXTURE = {"accounts": {"alice": {"seed": "alice"}}, "contracts": {"coin": {"standard": "NEP-5", "decimals": 0}}}
WRITING: list[tuple[str, list[Json]]] = [
    ("dev_mint", [{"asset": "coin", "to": "alice", "amount": 1}]),
    ("dev_mine", [1, 20_000]),
    ("dev_mine", [2]),
    ("dev_deploy", [{"key": "other", "standard": "NEP-5"}]),
    ("dev_setBlockTime", ["manual"]),
    ("dev_setTime", [4_000_000_000_000]),
    ("dev_setTimeStep", [7000]),
    ("dev_rewind", [0]),
    ("dev_setSync", [{"height": 0}]),
    ("dev_setLag", [{"RpcNep5Tracker": 1}]),
]


class Asked:
    """A node with a database, asked as over the wire."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._envelope = Envelope(node.options.profile, node.methods, access_rules(node.options.profile))

    def __call__(self, method: str, *params: Json) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        return json.loads(self._envelope.answer_post(body, Authorization.GRANTED, {"Host": "localhost"}).body)

    def state(self) -> tuple[Any, ...]:
        ledger = self.node.ledger
        return (
            ledger.height,
            ledger.header_height,
            ledger.clock.now_ms,
            ledger.clock.step_ms,
            str(self.node.miner.block_time),
            len(ledger.mempool),
            ledger.store.image(),
        )


def access_rules(profile: ProfileName) -> AccessRules:
    return AccessRules(profile, HttpSettings())


@pytest.fixture(params=PROFILES)
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Asked]:
    path = tmp_path / "chain.json"
    path.write_text(json.dumps(FIXTURE), "utf-8")
    forget_told()
    options = NodeOptions(fixtures=(path,), db=tmp_path / "chain.db", profile=request.param)
    with closing(Node(options)) as node:
        asked = Asked(node)
        assert "result" in asked("dev_mint", WRITING[0][1][0])
        yield asked


def fill_pages(connection: sqlite3.Connection) -> None:
    """Lets no page be added, and leaves no room in those there are for what a block writes."""
    connection.execute("CREATE TABLE filling (row BLOB)")
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    size = 4000
    while size:
        try:
            connection.execute("INSERT INTO filling VALUES (zeroblob(?))", (size,))
        except sqlite3.OperationalError:
            size //= 2


def test_a_full_disk_is_told_to_each_client_and_logged_once(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    connection = asked.node.store.connection
    fill_pages(connection)
    before = asked.state()
    told = []
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            for number in range(30):
                params: Json = {"contract": "coin", "event": "Event", "state": ["0x" + "ab" * 900, number]}
                told.append(asked("dev_notify", params)["error"])
    assert {error["code"] for error in told} == {-32603}
    assert all("the disk is full" in error["message"] for error in told)
    assert [record.getMessage().partition(";")[0] for record in caplog.records] == ["the disk is full"]
    assert all(record.exc_info is None for record in caplog.records)
    assert asked.state() == before
    assert "result" in asked("getblockcount")
    connection.execute("PRAGMA max_page_count = 1000000")
    assert "result" in asked("dev_notify", {"contract": "coin", "event": "Event", "state": ["0x" + "ab" * 900]})
    assert asked.node.ledger.height == before[0] + 1


def test_on_a_full_disk_every_dev_method_does_all_or_nothing(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    fill_pages(asked.node.store.connection)
    for method, params in WRITING:
        before = asked.state()
        answer = asked(method, *params)
        if "error" in answer:
            assert "the disk is full" in answer["error"]["message"]
            assert asked.state() == before
    assert all(record.exc_info is None for record in caplog.records)


def test_blocks_by_time_go_on_when_there_is_room_again(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    connection = asked.node.store.connection
    waiting: list[Any] = []

    class Timer:
        def cancel(self) -> None: ...

    def call_later(seconds: float, call: Any) -> Timer:
        waiting.append(call)
        return Timer()

    asked("dev_setBlockTime", 5)
    asked.node.miner.attach(call_later)
    asked("dev_setTimeStep", 7000)  # such blocks have rows
    fill_pages(connection)
    for _ in range(1000):
        waiting.pop()()
    height = asked.node.ledger.height
    waiting.pop()()
    assert asked.node.ledger.height == height
    assert [record.getMessage().partition(";")[0] for record in caplog.records] == ["the disk is full"]
    connection.execute("PRAGMA max_page_count = 1000000")
    waiting.pop()()
    assert asked.node.ledger.height == height + 1


@pytest.mark.parametrize("suffix", ["", "-wal"], ids=["the database", "its log"])
def test_a_database_that_is_gone_is_not_written_to(
    asked: Asked, caplog: pytest.LogCaptureFixture, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"chain.db{suffix}"
    before = asked.state()
    path.rename(tmp_path / "elsewhere")
    for method, params in (*WRITING, *WRITING):
        answer = asked(method, *params)
        assert f"the database {path} was deleted or replaced" in answer["error"]["message"]
    assert asked.state() == before
    assert "result" in asked("getblockcount")
    assert len(caplog.records) == 1
    shutil.copy(tmp_path / "elsewhere", path)
    assert "error" in asked("dev_mine")
    (tmp_path / "elsewhere").replace(path)
    assert "result" in asked("dev_mine")


def test_a_reset_without_the_database_is_refused(asked: Asked, tmp_path: Path) -> None:
    asked("dev_snapshot", "here")
    (tmp_path / "chain.db").unlink()
    state = asked("dev_dumpState")["result"]
    calls: list[tuple[str, list[Json]]] = [("dev_revert", ["here"]), ("dev_reset", []), ("dev_loadState", [state])]
    for method, params in calls:
        assert "was deleted or replaced" in asked(method, *params)["error"]["message"]


def test_a_fault_that_comes_back_has_one_traceback(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    asked.node.store.connection.execute("UPDATE chain_execution SET executions = replace(executions, ']', '')")
    index = asked.node.ledger.height
    (own,) = asked.node.store.connection.execute(
        "SELECT hash FROM chain_transaction WHERE block_index = ?", (index,)
    ).fetchone()
    for _ in range(4):
        assert asked("getapplicationlog", "0x" + own[::-1].hex())["error"]["code"] == -32603
    assert len([record for record in caplog.records if record.exc_info]) <= 1


def test_a_page_that_was_damaged_is_told_as_such(
    asked: Asked, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    connection = asked.node.store.connection
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'chain_transaction'").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    with (tmp_path / "chain.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xaa" * size)
    connection.execute("PRAGMA shrink_memory")
    for _ in range(3):
        answer = asked("getrawtransaction", "0x" + "ab" * 32)
        assert "error" in answer
        answer = asked("getblock", 1)
    assert all(record.exc_info is None for record in caplog.records)

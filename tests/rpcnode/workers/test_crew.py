"""What the writer does for its readers where the system does not let it."""

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest

from rpcnode.chain.db import storage_failures
from rpcnode.chain.db.reading_store import ReadingStore
from rpcnode.endpoint import Endpoint
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import StorageFailed
from rpcnode.workers import crew
from rpcnode.workers.crew import Crew
from rpcnode.workers.member import Member
from rpcnode.workers.reader import Task
from rpcnode.workers.state_page import StatePage


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with closing(Node(NodeOptions(port=0, workers=2), shared_file=tmp_path / "chain.db")) as made:
        yield made


@pytest.fixture
def task(node: Node) -> Task:
    assert node.store.path is not None
    return Task(os.getpid(), node.options, node.store.path, None, 0, log_json=False)


def descriptors() -> set[Path]:
    """Those that this process has open."""
    return set(Path("/dev/fd").iterdir())


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="open descriptors are listed there")
def test_a_process_that_cannot_be_started_leaves_nothing_open(
    node: Node, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", fail)
    page = StatePage.new()

    async def run() -> None:
        endpoint = Endpoint(node)
        before = descriptors()
        for _ in range(3):
            with pytest.raises(BlockingIOError):
                Member("rpcnode.commands.reader", task, page.descriptor, endpoint, node)
        assert descriptors() <= before

    asyncio.run(run())
    os.close(page.descriptor)


def test_a_full_disk_does_not_end_the_care_for_the_log(
    node: Node, task: Task, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(crew, "_BETWEEN_LOOKS", 0)
    monkeypatch.setattr(crew, "_LARGEST_LOG", -1)
    storage_failures.forget_told()
    node.ledger.store.set_meta("something", "to have a log")

    class Full:
        """A connection that finds the disk full once."""

        in_transaction = False

        def __init__(self) -> None:
            self.statements: list[str] = []
            self.again = asyncio.Event()

        def execute(self, statement: str) -> None:
            self.statements.append(statement)
            if len(self.statements) == 1:
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
            self.again.set()

    async def run() -> list[str]:
        readers = Crew(node, 0, "", task)
        connection, full = node.store.connection, Full()
        monkeypatch.setattr(node.store, "connection", full)
        await readers.start(Endpoint(node))
        await asyncio.wait_for(full.again.wait(), 10)
        await readers.stop()
        monkeypatch.setattr(node.store, "connection", connection)
        return full.statements

    assert set(asyncio.run(run())) == {"PRAGMA wal_checkpoint(PASSIVE)"}
    assert caplog.text.count("the disk is full") == 1


def test_a_reader_makes_no_file_where_there_is_none(tmp_path: Path) -> None:
    missing = tmp_path / "no chain?.db"
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        ReadingStore(missing)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_where_new_readers_could_not_see_it(node: Node) -> None:
    assert node.store.path is not None
    node.store.path.with_name("chain.db-shm").unlink()
    with pytest.raises(StorageFailed, match="deleted or replaced"):
        node.store.set_meta("something", "lost")

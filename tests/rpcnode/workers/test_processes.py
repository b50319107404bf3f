"""The processes of a node: how they start and end, and what happens when one is killed."""

import json
import os
import select
import signal
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.node_process import RunningNode, run, running_node
from tests.rpcnode.workers.shared_node import (
    Client,
    client_of_reader,
    client_of_writer,
    readers_of,
    shared_node,
    stopped,
)

_LONGEST_WAIT = 15.0  # seconds


def until_ended(*pids: int) -> None:
    """Waits until these processes, which are not this one's children, have ended."""
    for pid in pids:
        try:
            watched = os.pidfd_open(pid)  # type: ignore[attr-defined,unused-ignore]  # Linux
        except ProcessLookupError:
            continue
        ready, _, _ = select.select([watched], [], [], _LONGEST_WAIT)
        os.close(watched)
        assert ready, f"process {pid} goes on"


needs_pidfd = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="ends of processes are seen on Linux")


def folders_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


@needs_pidfd
def test_a_reader_that_dies_is_replaced_and_the_others_go_on(tmp_path: Path) -> None:
    with shared_node(tmp_path, workers=3) as node:
        first, second = readers_of(node)
        with closing(client_of_writer(node)) as writer:
            writer.call("dev_mine")
            with stopped([node.process.pid, second]):
                of_first = Client(node.port)
                height = of_first.call("getblockcount")
            with stopped([node.process.pid, first]):
                of_second = Client(node.port)
                of_second.call("getblockcount")
            os.kill(first, signal.SIGKILL)
            assert of_first.rest() == b""
            assert of_second.call("getblockcount") == writer.call("getblockcount") == height
            while not (new := set(readers_of(node)) - {first, second}):
                writer.call("getversion")
            (third,) = new
            of_second.call("dev_mine")
            until_it_answers(node, others=[node.process.pid, second])
            assert writer.call("dev_journal")[-1]["result"] == height + 1
            assert node.stderr.count("another takes its place") == 1 and f"worker {first} " in node.stderr
            of_first.close()
            of_second.close()
        assert node.stop() == 0
        until_ended(second, third)
    assert folders_in(tmp_path) == []


def until_it_answers(node: RunningNode, others: list[int]) -> None:
    """Returns once another process than those given answers."""
    with stopped(others), closing(Client(node.port)) as client:
        client.call("getblockcount")


@needs_pidfd
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_readers_and_the_temporary_folder_go_with_the_writer(number: int, tmp_path: Path) -> None:
    with shared_node(tmp_path) as node:
        (folder,) = folders_in(tmp_path)
        assert "  Chain     the dev chain, in a temporary file" in node.banner
        assert (tmp_path / folder).stat().st_mode & 0o777 == 0o700
        readers = readers_of(node)
        with closing(client_of_reader(node)) as client:
            assert node.stop(number) == (0 if number == signal.SIGINT else -number)
            until_ended(*readers)
            assert client.rest() == b""
        assert node.stderr == ""
    assert folders_in(tmp_path) == []


def test_a_database_is_one_node_s_alone_and_holds_what_was_written(tmp_path: Path) -> None:
    db, ready = tmp_path / "chain.db", tmp_path / "ready.json"
    with shared_node(tmp_path / "node", "--db", db, "--ready-file", ready) as node:
        assert json.loads(ready.read_text("utf-8"))["workers"] == 2
        assert "  Workers   2" in node.banner
        with closing(client_of_reader(node)) as client:
            height = client.call("dev_mine", 2)
        for workers in (1, 2):
            refused = run("serve", "--port", 0, "--db", db, "--workers", workers)
            assert refused.returncode == 1 and f"{db}: in use by another process" in refused.stderr
        assert node.stop() == 0
    with running_node("--db", db, folder=tmp_path) as node:
        assert node.call("getblockcount") == height + 1
        refused = run("serve", "--port", 0, "--db", db, "--workers", 2)
        assert refused.returncode == 1 and f"{db}: in use by another process" in refused.stderr
        assert node.banner.count("  Workers   1") == 0


def test_no_reader_begins_while_the_database_is_away_and_its_log_stays(tmp_path: Path) -> None:
    db, away = tmp_path / "chain.db", tmp_path / "away.db"
    with shared_node(tmp_path / "node", "--db", db) as node, closing(client_of_writer(node)) as writer:
        writer.call("dev_mine")
        (reader,) = readers_of(node)
        db.rename(away)
        os.kill(reader, signal.SIGKILL)
        while "was deleted or replaced while the node runs" not in node.stderr:
            writer.call("getversion")
            assert not db.exists()
        away.rename(db)
        while not readers_of(node):
            writer.call("getversion")
        height = writer.call("dev_mine")
        until_it_answers(node, others=[node.process.pid])
        with closing(client_of_reader(node)) as client:
            assert client.call("getblockcount") == height + 1
        assert node.stop() == 0
    with running_node("--db", db, folder=tmp_path) as node:
        assert node.call("getblockcount") == height + 1


def test_where_there_is_no_memory_to_share_it_is_said_in_a_line(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from rpcnode.workers import state_page\n"
        "def fail(_): raise OSError(24, 'Too many open files')\n"
        "state_page.shared_memory = fail\n"
        "from rpcnode.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    arguments = "serve", "--port", 0, "--workers", 2, "--db", tmp_path / "chain.db"
    ended = run("-c", program, *arguments, command=(sys.executable,), cwd=Path(__file__).parents[3])
    assert ended.returncode == 1
    assert ended.stderr == "rpcnode: --workers: there is no memory to share: Too many open files\n"


def test_one_worker_loads_nothing_of_the_others(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from rpcnode.cli import main\n"
        "import rpcnode.commands.serve as serve\n"
        "serve._announce = lambda *_: os.kill(os.getpid(), signal.SIGTERM)\n"
        "code = main(['serve', '--port', '0', '--workers', '1'])\n"
        "print([name for name in sys.modules if name.startswith('rpcnode.workers')], code)\n"
    )
    ended = run("-c", program, command=(sys.executable,), cwd=Path(__file__).parents[3])
    assert ended.stdout == "[] 0\n", ended.stderr

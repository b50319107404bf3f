"""States of a node as its user has it: options of serve, calls over HTTP, kill -9 while a state is put back."""

import json
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import Store
from tests import PROJECT, part_of
from tests.node_process import environment, run, running_node

pytestmark = pytest.mark.slow

RECORDED = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"
TRANSFER = {"asset": "nep17", "from": "account1", "to": "account2", "amount": "5"}


def dumped(folder: Path, *arguments: object) -> Path:
    """The state that a node dumps when it has made a transfer, three blocks, and stops."""
    path = folder / "s.json"
    with running_node("--dump-state", path, *arguments, folder=folder) as node:
        if not arguments:
            node.call("dev_transfer", TRANSFER)
            node.call("dev_setBlockTime", "manual")
            node.call("dev_transfer", TRANSFER)
            node.call("dev_snapshot", "of no account")
        node.call("dev_mine", 3)
        assert not path.exists()
        assert node.stop() == 0
    return path


@pytest.mark.parametrize(
    ("chain", "number"), [("dev", signal.SIGINT), ("recorded", signal.SIGTERM), ("n2", signal.SIGTERM)]
)
def test_a_state_that_is_loaded_and_dumped_is_the_same_file(tmp_path: Path, chain: str, number: signal.Signals) -> None:
    arguments = {"dev": (), "recorded": ("--fixture", RECORDED), "n2": ("--profile", "n2")}[chain]
    profile = ("--profile", "n2") if chain == "n2" else ()
    state = dumped(tmp_path, *arguments)
    for place in ((), ("--db", tmp_path / "chain.db")):
        again = tmp_path / "t.json"
        with running_node("--load-state", state, "--dump-state", again, *profile, *place, folder=tmp_path) as node:
            assert node.call("getblockcount") == json.loads(state.read_text())["height"] + 1
            assert node.stop(number) == 0
        assert again.read_bytes() == state.read_bytes()
    # What was loaded into a database is there without the state.
    with running_node("--db", tmp_path / "chain.db", "--dump-state", again, *profile, folder=tmp_path) as node:
        assert node.stop() == 0
    assert again.read_bytes() == state.read_bytes()


def test_a_loaded_state_goes_on_and_resets_to_itself(tmp_path: Path) -> None:
    state = dumped(tmp_path)
    with running_node("--load-state", state, folder=tmp_path) as node:
        height = node.call("dev_mine")
        assert node.call("dev_reset") == height - 1
        assert node.call("dev_dumpState") == state.read_text("utf-8")
        assert len(node.call("dev_info")["accounts"]) == 10


def test_the_network_comes_from_the_state(tmp_path: Path) -> None:
    fixture = tmp_path / "chain.yaml"
    fixture.write_text("network: {magic: 7, ms_per_block: 1000}\naccounts: {holder: {seed: x}}\n")
    state = dumped(tmp_path, "--fixture", fixture)
    fixture.unlink()
    with running_node("--load-state", state, folder=tmp_path) as node:
        protocol = node.call("getversion")["protocol"]
        assert (protocol["network"], protocol["msperblock"]) == (7, 1000)
    with running_node(folder=tmp_path) as node, pytest.raises(KeyError):
        node.call("dev_loadState", state.read_text())


def test_a_state_goes_from_one_node_to_another_over_http(tmp_path: Path) -> None:
    with running_node(folder=tmp_path) as node:
        node.call("dev_transfer", TRANSFER)
        state, told = node.call("dev_dumpState"), node.call("getbestblockhash")
    with running_node(folder=tmp_path) as node:
        node.call("dev_mine", 9)
        assert node.call("dev_loadState", state) == node.call("getblockcount") - 1
        assert node.call("getbestblockhash") == told
        assert node.call("dev_dumpState") == state


def test_a_state_that_cannot_be_loaded_is_refused_by_one_line(tmp_path: Path) -> None:
    state = dumped(tmp_path)
    broken, db, old = tmp_path / "broken.json", tmp_path / "chain.db", tmp_path / "old.json"
    broken.write_text(state.read_text()[:-10])
    with running_node("--db", db, folder=tmp_path) as node:
        node.stop()
    content = db.read_bytes()
    old.write_text("kept")
    for arguments, message in (
        (("--load-state", tmp_path / "no.json"), "no.json: cannot be read: No such file or directory"),
        (("--load-state", broken), f"{broken}: is no JSON"),
        (("--load-state", state, "--profile", "n2"), 'the state is of profile "n3", this node\'s is n2'),
        (("--load-state", state, "--fixture", RECORDED), "holds a whole chain, it goes with no --fixture"),
        (("--load-state", state, "--db", db), f"{db}: holds a chain already"),
        (("--dump-state", tmp_path / "no" / "s.json"), "cannot be written: there is no folder"),
        (("--dump-state", tmp_path), "cannot be written: it is a folder"),
        (("--load-state", broken, "--dump-state", old), "is no JSON"),
    ):
        ended = run(*arguments, "--port", "0")
        assert (ended.returncode, ended.stdout) == (1, "")
        assert message in ended.stderr
        assert len(ended.stderr.splitlines()) == 1
    assert db.read_bytes() == content
    assert old.read_text() == "kept"


def rows_of(store: Store) -> list[Any]:
    return store.connection.execute("SELECT * FROM chain_undo ORDER BY 1, 2, 3").fetchall()


def image_of(number: int, rows: int) -> bytes:
    """The image of a store of some megabytes, in which every row says which one it is."""
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        with store.transaction():
            store.connection.executemany(
                "INSERT INTO chain_undo VALUES (?, 1, ?, ?)",
                [(index, number.to_bytes(4, "little"), bytes((number,)) * 200) for index in range(rows)],
            )
        return store.image()


def test_a_node_killed_while_a_state_is_put_back_leaves_one_of_them_whole(tmp_path: Path) -> None:
    chosen = random.Random(5)
    images = []
    for number, rows in ((1, 20_000), (2, 9_000)):
        path = tmp_path / f"{number}.image"
        path.write_bytes(image_of(number, rows))
        images.append(path)
    expected = []
    for path in images:
        with closing(Store.from_image(path.read_bytes())) as store:
            expected.append(rows_of(store))
    db = tmp_path / "chain.db"
    for _ in range(part_of(12)):
        command = [
            sys.executable,
            str(Path(__file__).with_name("killed_while_restoring.py")),
            str(db),
            *map(str, images),
        ]
        with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, encoding="utf-8") as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "restoring\n"
            time.sleep(chosen.uniform(0.02, 0.2))
            process.kill()
        assert process.returncode == -signal.SIGKILL
        with closing(Store.in_file(db, [CHAIN_MIGRATIONS])) as store:
            assert store.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert rows_of(store) in expected
            store.set_meta("written", "after")

"""Paths to what is no regular file, or can be none: each is refused in words, nothing waits and nothing is replaced."""

import os
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rpcnode.commands.serve import check_folder, remove_stale, write_atomically
from rpcnode.dev.places.file import read_plain
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import NodeError, RpcError
from rpcnode.primitives.json import document_of
from tests.node_process import run, running_node

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither pipes nor devices among its files")

LONG_NAME = "x" * 300 + ".json"


def make_pipe(path: Path) -> str:
    os.mkfifo(path)
    return "it is no regular file"


def make_link_to_device(path: Path) -> str:
    path.symlink_to("/dev/zero")
    return "it is no regular file"


def make_socket(path: Path) -> str:
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(os.path.relpath(path))
    return "it is no regular file"


def make_folder(path: Path) -> str:
    path.mkdir()
    return "folder"


ODD: dict[str, Callable[[Path], str]] = {
    "a pipe": make_pipe,
    "a device": make_link_to_device,
    "a socket": make_socket,
    "a folder": make_folder,
}


@pytest.fixture
def node() -> Iterator[Node]:
    with closing(Node(NodeOptions())) as built:
        yield built


def load_fixture(path: Path) -> None:
    Node(NodeOptions(fixtures=(path,))).close()


def load_state(path: Path) -> None:
    Node(NodeOptions(load_state=path)).close()


def open_database(path: Path) -> None:
    Node(NodeOptions(db=path)).close()


def write(path: Path) -> None:
    check_folder("--dump-state", path)
    write_atomically("--dump-state", path, "text")


READERS: dict[str, Callable[[Path], object]] = {
    "a fixture": load_fixture,
    "plain data": read_plain,
    "a state": load_state,
    "a database": open_database,
    "a file to write": write,
    "a ready file": remove_stale,
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
def test_what_is_no_regular_file_is_neither_read_nor_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], str], read: Callable[[Path], object]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "odd.json"
    reason = make(path)
    with pytest.raises(NodeError) as caught:
        read(path)
    assert "odd.json: " in str(caught.value)
    assert reason in str(caught.value)
    assert not path.is_file()
    assert path.exists()


@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
def test_a_name_longer_than_any_file_has_is_refused(tmp_path: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises(NodeError, match="File name too long"):
        read(tmp_path / LONG_NAME)


@pytest.mark.parametrize("suffix", [".json", ".yaml", ".toml", ".json.gz"])
def test_a_compressed_or_plain_pipe_is_not_waited_for(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"chain{suffix}"
    os.mkfifo(path)
    with pytest.raises(NodeError, match="cannot be read: it is no regular file"):
        read_plain(path)


@pytest.mark.parametrize("make", ODD.values(), ids=ODD.keys())
def test_a_reset_to_what_is_no_regular_file_fails_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, node: Node, make: Callable[[Path], str]
) -> None:
    monkeypatch.chdir(tmp_path)
    reason = make(tmp_path / "odd.yaml")
    for name in ("odd.yaml", str(tmp_path / "odd.yaml")):
        with pytest.raises(RpcError) as caught:
            document_of(node.methods["dev_reset"]([name]))
        assert reason in str(caught.value.error_object("n3")["message"])


def test_a_reset_to_a_name_longer_than_any_file_has_is_refused(node: Node) -> None:
    for name in (LONG_NAME, f"{'y' * 300}/chain.json", "z" * 300, "a\0b.json"):
        with pytest.raises(RpcError) as caught:
            document_of(node.methods["dev_reset"]([name]))
        assert caught.value.error_object("n3")["code"] in (-32000, -32602)


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_files_with_keys_are_for_their_owner_alone(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with running_node(
            "--db",
            "chain.db",
            "--ready-file",
            "ready.json",
            "--dump-state",
            "state.json",
            folder=tmp_path,
            cwd=tmp_path,
        ) as node:
            node.call("dev_mine", 3)
            open_modes = modes_in(tmp_path)
            assert node.stop() == 0
        left = modes_in(tmp_path)
    finally:
        os.umask(before)
    for name in ("chain.db", "chain.db-wal", "ready.json"):
        assert open_modes[name] == 0o600
    assert left["state.json"] == left["chain.db"] == 0o600


def test_a_config_that_is_a_pipe_is_told_in_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "node.json")
    failed = run("--port", "0", "--config", "node.json", cwd=tmp_path)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr == "rpcnode: node.json: cannot be read: it is no regular file\n"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{"], ids=["no UTF-8", "no JSON"])
def test_a_plugins_own_config_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "Plugins" / "RpcServer" / "config.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(NodeError, match=r"config\.json:(1:)? "):
        Node(NodeOptions())

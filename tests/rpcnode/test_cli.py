"""The command line as a process: ready file, signals, output that nobody reads, options, other commands."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from rpcnode import __version__
from rpcnode.payloads.verification import script_hash, single_key_script
from rpcnode.primitives.address import address_of
from rpcnode.primitives.keys import private_key_from_wif, public_key_of
from rpcnode.primitives.uint import UInt160
from tests.node_process import RUN, TIMEOUT_S, RunningNode, environment, run, running_node

pytestmark = pytest.mark.slow

N3_ADDRESS_VERSION = 0x35
N3_MAGIC = 860833102
PAGE_ACCOUNT = "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1"
FIXTURE = "node: {height: 7, header_height: 9}\naccounts: {alice: {seed: alice}}\n"
READY_MEMBERS = {"url", "port", "pid", "version", "profile", "magic", "height", "accounts"}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """The dev chain, started without options but a free port and a ready file."""
    folder = tmp_path_factory.mktemp("node")
    with running_node("--ready-file", folder / "ready.json", folder=folder) as running:
        yield running


@pytest.fixture(scope="module")
def ready_file(node: RunningNode) -> Path:
    return node.stderr_path.with_name("ready.json")


# The ready file


def test_the_ready_file_says_everything_about_the_node(node: RunningNode, ready_file: Path) -> None:
    ready = json.loads(ready_file.read_text("utf-8"))
    assert ready.keys() == READY_MEMBERS
    accounts = ready.pop("accounts")
    assert ready == {
        "url": node.url,
        "port": node.port,
        "pid": node.process.pid,
        "version": __version__,
        "profile": "n3",
        "magic": N3_MAGIC,
        "height": 70010,
    }
    assert len(accounts) == 10


def test_the_wifs_of_the_ready_file_are_the_keys_of_its_addresses(ready_file: Path) -> None:
    for account in json.loads(ready_file.read_text("utf-8"))["accounts"]:
        assert account.keys() == {"name", "address", "script_hash", "wif"}
        assert account["address"] == address_of_wif(account["wif"])
        assert account["script_hash"] == str(script_hash_of_wif(account["wif"]))


def test_the_ready_file_is_there_once_requests_are_answered_and_whole_at_any_time(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    ready.write_text("of an earlier node")
    with subprocess.Popen(
        [*RUN, "-q", "--port", "0", "--ready-file", str(ready)], env=environment(), stdout=subprocess.DEVNULL
    ) as process:
        try:
            port = json.loads(text_of(ready, process, unlike="of an earlier node"))["port"]
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            assert [path.name for path in tmp_path.iterdir()] == ["ready.json"]
        finally:
            process.kill()


def text_of(path: Path, process: subprocess.Popen[bytes], unlike: str = "") -> str:
    """What is in a file, once there is something else in it."""
    while True:
        assert process.poll() is None
        with suppress(FileNotFoundError):
            text = path.read_text("utf-8")
            if text != unlike:
                return text
        time.sleep(0.002)


def address_of_wif(wif: str) -> str:
    return address_of(script_hash_of_wif(wif), N3_ADDRESS_VERSION)


def script_hash_of_wif(wif: str) -> UInt160:
    return script_hash(single_key_script(public_key_of(private_key_from_wif(wif))))


# Stopping


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_node_cleanly(tmp_path: Path, number: int) -> None:
    with running_node(folder=tmp_path) as node:
        assert node.stop(number) == 0
        assert node.stderr == ""


def test_sigint_stops_a_node_that_a_shell_started_in_the_background(tmp_path: Path) -> None:
    # Without job control a shell has its background processes ignore SIGINT, and they inherit that.
    earlier = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with running_node(folder=tmp_path) as node:
            assert node.stop(signal.SIGINT) == 0
    finally:
        signal.signal(signal.SIGINT, earlier)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_clients_that_hold_connections_do_not_keep_it(tmp_path: Path, number: int) -> None:
    with running_node(folder=tmp_path) as node:
        idle = [socket.create_connection(("127.0.0.1", node.port)) for _ in range(5)]
        idle[1].sendall(b"POST / HTTP/1.1\r\n")
        idle[2].sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        node.call("getblockcount")
        assert node.stop(number) == 0
        assert node.stderr == ""
        for connection in idle:
            connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_loading_leaves_a_file_that_goes_on(tmp_path: Path, number: int) -> None:
    db = tmp_path / "chain.db"
    with subprocess.Popen(
        [*RUN, "--port", "0", "-q", "--db", str(db)],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        while not db.exists():
            assert process.poll() is None
            time.sleep(0.002)
        process.send_signal(number)
        try:
            _, stderr = process.communicate(timeout=TIMEOUT_S)
        finally:
            process.kill()
    assert (process.returncode, stderr) == (0, b"")
    with running_node("--db", db, folder=tmp_path) as node:
        assert node.call("getblockcount") == 70011


def test_a_database_is_left_as_one_file(tmp_path: Path) -> None:
    with running_node("--db", tmp_path / "chain.db", folder=tmp_path) as node:
        node.stop()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chain.db", "stderr.txt"]


# Output that nobody reads


def test_a_reader_that_leaves_early_does_not_stop_the_node(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen(
        [*RUN, "--port", "0", "--ready-file", str(ready)],
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(writing)
        check_serves_and_stops(process, ready)


@pytest.mark.parametrize("redirection", [">&-", ">&- 2>&-", ">/dev/full"])
def test_a_closed_or_full_output_does_not_stop_the_node(tmp_path: Path, redirection: str) -> None:
    if redirection == ">/dev/full" and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    ready = tmp_path / "ready.json"
    with subprocess.Popen(
        ["/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *RUN, "--port", "0", "--ready-file", str(ready)],
        env=environment(),
        stderr=subprocess.PIPE,
    ) as process:
        check_serves_and_stops(process, ready)


def check_serves_and_stops(process: subprocess.Popen[bytes], ready: Path) -> None:
    try:
        port = json.loads(text_of(ready, process))["port"]
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        process.terminate()
        _, stderr = process.communicate(timeout=5)
        assert (process.returncode, stderr) == (0, b"")
    finally:
        process.kill()


def test_a_listing_whose_reader_leaves_early_ends_without_a_word() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    listing = subprocess.run(
        [*RUN, "methods"], env=environment(), stdout=writing, stderr=subprocess.PIPE, timeout=10, check=False
    )
    os.close(writing)
    assert (listing.returncode, listing.stderr) == (1, b"")


# Where options come from


def test_the_command_line_wins_over_the_environment_and_that_over_the_config_file(tmp_path: Path) -> None:
    (tmp_path / "node.yaml").write_text(
        "accounts: 1\nseed: file\nhost: 127.0.0.2\nplugins: {RpcServer: {RpcUser: file, RpcPass: file}}\n"
    )
    words = ("--config", "node.yaml", "--accounts", "3", "--set", "RpcServer.RpcUser=", "--ready-file", "1.json")
    with running_node(*words, folder=tmp_path, cwd=tmp_path, RPCNODE_ACCOUNTS="2", RPCNODE_SEED="variable") as node:
        accounts = json.loads((tmp_path / "1.json").read_text())["accounts"]
        assert node.url.startswith("http://127.0.0.2:")
        assert node.call("getblockcount") == 70011
    assert len(accounts) == 3
    with running_node("--accounts", "3", "--seed", "variable", "--ready-file", "2.json", folder=tmp_path, cwd=tmp_path):
        assert json.loads((tmp_path / "2.json").read_text())["accounts"] == accounts


def test_a_plugin_is_set_up_from_the_environment(tmp_path: Path) -> None:
    with running_node(folder=tmp_path, RPCNODE_RPCSERVER_RPCUSER="user", RPCNODE_RPCSERVER_RPCPASS="pass") as node:
        refused = run("call", "--url", node.url, "getblockcount")
    assert refused.returncode == 1
    assert '"Access denied"' in refused.stderr


# The other commands


@pytest.mark.parametrize("command", [RUN, (sys.executable, "-m", "rpcnode")], ids=["run.py", "python -m rpcnode"])
@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_told(command: tuple[str, ...], option: str) -> None:
    told = run(option, command=command, cwd=Path(RUN[1]).parent)
    assert (told.returncode, told.stdout, told.stderr) == (0, f"rpcnode {__version__}\n", "")


def test_help_is_a_command_too() -> None:
    assert run("help").stdout == run("--help").stdout != ""
    assert run("help", "call").stdout == run("call", "--help").stdout
    assert run("help", "call").stdout.startswith("usage: rpcnode call ")


def completions(line: str, folder: Path) -> list[str]:
    """What a shell offers at the end of a line that it has, by the protocol of argcomplete for bash."""
    found = folder / "completions"
    run(
        _ARGCOMPLETE="1",
        _ARGCOMPLETE_IFS="\n",
        _ARGCOMPLETE_STDOUT_FILENAME=str(found),
        _ARGCOMPLETE_SUPPRESS_SPACE="1",
        COMP_LINE=line,
        COMP_POINT=str(len(line)),
    )
    return [word.strip() for word in found.read_text("utf-8").split("\n")]


NEP_11_AND_17 = ("1balances", "1properties", "1transfers", "7balances", "7transfers")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("rpcnode ch", ["check"]),
        ("rpcnode serve --load", ["--load-state"]),
        ("rpcnode serve --profile n3", ["n3", "n3-preview"]),
        ("rpcnode call getnep1", [f"getnep1{rest}" for rest in NEP_11_AND_17]),
        ("rpcnode call dev_setBl", ["dev_setBlockTime"]),
    ],
)
def test_a_shell_completes_commands_options_and_methods(tmp_path: Path, line: str, offered: list[str]) -> None:
    assert sorted(completions(line, tmp_path)) == offered


def test_a_call_prints_the_result(node: RunningNode) -> None:
    called = run("call", "--url", node.url, "getnep5balances", PAGE_ACCOUNT)
    assert (called.returncode, called.stderr) == (0, "")
    result = json.loads(called.stdout)
    assert (result["address"], len(result["balance"])) == (PAGE_ACCOUNT, 5)


def test_a_call_prints_the_error_to_stderr(node: RunningNode) -> None:
    called = run("call", "--url", node.url, "getblok")
    assert (called.returncode, called.stdout) == (1, "")
    error, _, hint = called.stderr.rpartition("}\n")
    assert json.loads(error + "}")["code"] == -32601
    assert hint == "rpcnode: did you mean getblock?\n"


def test_check_tells_good_fixtures_from_broken_ones(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(FIXTURE)
    (tmp_path / "broken.yaml").write_text("node: {height: 7}\nnoed: {}\n")
    checked = run("check", "broken.yaml", "good.yaml", cwd=tmp_path)
    assert checked.returncode == 1
    assert checked.stdout == "good.yaml: ok: height 7, 0 contracts, profile n3\n"
    assert checked.stderr.startswith("broken.yaml:2: noed: ")
    assert checked.stderr.count("\n") == 1

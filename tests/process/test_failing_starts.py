"""Starts that fail: exit code 1 and one line that says why, or 2 for a bad option."""

import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.node_process import run, running_node

pytestmark = pytest.mark.slow

FIXTURE = "node: {height: 7}\naccounts: {alice: {seed: alice}}\n"


def make_fixture_with_broken_yaml(folder: Path) -> None:
    (folder / "chain.yaml").write_text("node: {height: 7}\naccounts: [\n")


def make_fixture_with_unknown_key(folder: Path) -> None:
    (folder / "chain.yaml").write_text("node: {height: 7}\nnoed: {}\n")


def make_overspending_fixture(folder: Path) -> None:
    (folder / "chain.yaml").write_text(
        "contracts: {coin: {standard: NEP-5, symbol: COIN, decimals: 0}}\n"
        "accounts: {a: {seed: a}}\n"
        "blocks:\n"
        "  - index: 1\n"
        "    transactions:\n"
        "      - transfers: [{asset: coin, from: a, to: null, amount: 5}]\n"
    )


def make_folder(folder: Path) -> None:
    (folder / "chain.db").mkdir()


def make_text_file(folder: Path) -> None:
    (folder / "chain.db").write_text("no database " * 1000)


def make_foreign_database(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "chain.db")) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")


def make_database(folder: Path) -> None:
    with running_node("--db", "chain.db", folder=folder, cwd=folder) as node:
        node.stop()


def make_database_and_fixture(folder: Path) -> None:
    make_database(folder)
    (folder / "chain.yaml").write_text(FIXTURE)


def make_state(folder: Path) -> None:
    with running_node("--dump-state", "state.json", folder=folder, cwd=folder) as node:
        node.stop()


def make_nothing(folder: Path) -> None:
    """The folder stays empty."""


FAILING_STARTS: dict[str, tuple[Callable[[Path], None], list[str], str]] = {
    "missing fixture": (
        make_nothing,
        ["--fixture", "chain.yaml"],
        "chain.yaml: cannot be read: No such file or directory",
    ),
    "broken YAML": (make_fixture_with_broken_yaml, ["--fixture", "chain.yaml"], "chain.yaml:"),
    "unknown key in a fixture": (make_fixture_with_unknown_key, ["--fixture", "chain.yaml"], "chain.yaml:2: noed: "),
    "overspending fixture": (
        make_overspending_fixture,
        ["--fixture", "chain.yaml"],
        "chain.yaml:6: blocks[0].transactions[0].transfers[0]: cannot move 5 of coin: ",
    ),
    "another profile than the database's": (
        make_database,
        ["--db", "chain.db", "--profile", "n2"],
        "chain.db: holds a chain of profile n3; --profile says n2",
    ),
    "another chain than the database's": (
        make_database_and_fixture,
        ["--db", "chain.db", "--fixture", "chain.yaml"],
        "chain.db: holds another chain than the fixture; give --db a file that does not exist yet, or leave",
    ),
    "a folder as database": (make_folder, ["--db", "chain.db"], "chain.db: a folder; --db takes a file"),
    "a text as database": (make_text_file, ["--db", "chain.db"], "chain.db: not a database; give --db a file that"),
    "a foreign database": (
        make_foreign_database,
        ["--db", "chain.db"],
        "chain.db: a database, but not one of rpcnode's; give --db a file that does not exist yet",
    ),
    "a database in no folder": (
        make_nothing,
        ["--db", "absent/chain.db"],
        "absent/chain.db: cannot be made, there is no folder absent",
    ),
    "unknown plugin": (
        make_nothing,
        ["--set", "RpcSever.Port=1"],
        "--set RpcSever.Port: no plugin 'RpcSever'; the nearest is 'RpcServer'",
    ),
    "unknown key of a plugin": (
        make_nothing,
        ["--set", "RpcServer.Prot=1"],
        "--set RpcServer.Prot: RpcServer has no key 'Prot'; the nearest is 'Port'",
    ),
    "wrong value of a plugin's key": (
        make_nothing,
        ["--set", "RpcServer.Port=one"],
        '--set RpcServer.Port: RpcServer.Port: an integer is expected, not "one"',
    ),
    "set option of another form": (make_nothing, ["--set", "Port=1"], "--set Port: Plugin.Key=value is expected"),
    "missing config file": (make_nothing, ["--config", "node.yaml"], "node.yaml: cannot be read: No such file"),
    "missing folder of plugins": (
        make_nothing,
        ["--plugins-dir", "plugins"],
        "--plugins-dir plugins: no such folder",
    ),
    "a file as folder of plugins": (
        make_fixture_with_unknown_key,
        ["--plugins-dir", "chain.yaml"],
        "--plugins-dir chain.yaml: a file; it takes the folder that the file is in",
    ),
    "accounts for a database with others": (
        make_database,
        ["--db", "chain.db", "-a", "3"],
        "--accounts is for a new dev chain, and the chain comes from chain.db; leave it out",
    ),
    "a seed for a database of another": (
        make_database,
        ["--db", "chain.db", "--seed", "other"],
        "--seed is for a new dev chain, and the chain comes from chain.db; leave it out",
    ),
    "a ready file in no folder": (
        make_nothing,
        ["--ready-file", "absent/ready.json"],
        "--ready-file absent/ready.json: cannot be written: No such file or directory",
    ),
    "a ready file that is a folder": (
        make_nothing,
        ["--ready-file", "."],
        "--ready-file .: cannot be written: ",
    ),
    "an address of another machine": (
        make_nothing,
        ["--host", "192.0.2.1"],
        "cannot listen on 192.0.2.1:0: Cannot assign requested address",
    ),
}


@pytest.mark.parametrize("start", FAILING_STARTS)
def test_a_start_that_fails_says_why_in_one_line(tmp_path: Path, start: str) -> None:
    make, arguments, message = FAILING_STARTS[start]
    make(tmp_path)
    failed = run("--port", "0", *arguments, cwd=tmp_path)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith(f"rpcnode: {message}")
    assert failed.stderr.count("\n") == 1


def test_a_busy_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        failed = run("--port", port)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert (
        failed.stderr
        == f"rpcnode: cannot listen on 127.0.0.1:{port}: Address already in use; --port 0 takes a free port\n"
    )


def test_a_database_that_another_node_holds_is_named(tmp_path: Path) -> None:
    db = tmp_path / "chain.db"
    with running_node("--db", db, folder=tmp_path) as node:
        failed = run("--port", "0", "--db", db)
        assert (failed.returncode, failed.stdout) == (1, "")
        assert failed.stderr == f"rpcnode: {db}: in use by another process (database is locked)\n"
        assert node.call("getblockcount") == 70011


@pytest.mark.parametrize("option", [["-a", "3"], ["--accounts", "3"], ["--seed", "other"]])
@pytest.mark.parametrize("chain", ["--fixture", "--load-state"])
def test_accounts_and_seed_go_with_no_chain_that_has_its_own(option: list[str], chain: str) -> None:
    failed = run("--port", "0", *option, chain, "chain.yaml")
    assert (failed.returncode, failed.stdout) == (2, "")
    name = "--seed" if "--seed" in option else "--accounts"
    line = f"rpcnode serve: error: {name} is for the dev chain, and {chain} gives another; leave one of the two out"
    assert failed.stderr.splitlines()[-1] == line


def test_accounts_of_the_command_line_are_refused_beside_a_fixture_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / "chain.yaml").write_text(FIXTURE)
    failed = run("--port", "0", "-a", "3", cwd=tmp_path, RPCNODE_FIXTURE="chain.yaml")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr == (
        "rpcnode: --accounts is for a new dev chain, and the chain comes from chain.yaml; leave it out\n"
    )


@pytest.mark.parametrize(
    ("make", "arguments"),
    [
        (make_database_and_fixture, ["--fixture", "chain.yaml"]),
        (make_state, ["--load-state", "state.json"]),
        (make_database, ["--db", "chain.db"]),
    ],
)
def test_accounts_and_seed_that_are_a_habit_are_said_not_to_be_used(
    tmp_path: Path, make: Callable[[Path], None], arguments: list[str]
) -> None:
    make(tmp_path)
    (tmp_path / "node.yaml").write_text("accounts: 3\n")
    words = ("--config", "node.yaml", *arguments)
    with running_node(*words, folder=tmp_path, cwd=tmp_path, RPCNODE_SEED="other") as node:
        assert node.stderr.splitlines() == [
            f"WARNING rpcnode: {source} is for a new dev chain, and the chain comes from {arguments[1]}: it is not used"
            for source in ("node.yaml: accounts", "RPCNODE_SEED")
        ]


def test_the_same_command_goes_on_with_its_database(tmp_path: Path) -> None:
    words = ("--db", "chain.db", "-a", "3", "--seed", "other")
    for _ in range(2):
        with running_node(*words, folder=tmp_path, cwd=tmp_path) as node:
            assert len(node.call("dev_info")["accounts"]) == 3
            assert node.stop() == 0
            assert node.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--prot", "1"], "unrecognized arguments: --prot; did you mean --port?"),
        (["--por=1"], "unrecognized arguments: --por; did you mean --port?"),
        (["--fixtures", "a", "--bd", "b"], "unrecognized arguments: --fixtures --bd; did you mean --fixture?; did you"),
        (["--zzz"], "unrecognized arguments: --zzz"),
        (["serve", "node"], "unrecognized arguments: node"),
        (["check", "--profil", "n3", "a.yaml"], "unrecognized arguments: --profil; did you mean --profile?"),
        (["--port", "65536"], "argument -p/--port: '65536' is not a port: an integer of 0 to 65535"),
        (["--port", "http"], "argument -p/--port: 'http' is not a port: an integer of 0 to 65535"),
        (["--workers", "0"], "argument --workers: '0' is not a number of processes: an integer of 1 to 64"),
        (["--workers", "65"], "argument --workers: '65' is not a number of processes: an integer of 1 to 64"),
        (["--workers", "two"], "argument --workers: 'two' is not a number of processes: an integer of 1 to 64"),
        (["--accounts", "-1"], "argument -a/--accounts"),
        (["--profile", "n4"], "argument --profile: invalid choice: 'n4' (choose from "),
        (["--jsonrpc", "1.0"], "argument --jsonrpc: invalid choice: '1.0'"),
        (["--fixture"], "argument --fixture: expected one argument"),
        (["serev"], "argument COMMAND: invalid choice: 'serev' (choose from "),
        (["serev"], "; did you mean serve?"),
        (["chekc", "a.yaml"], "; did you mean check?"),
        (["help", "cal"], "; did you mean call?"),
        (["--jsonrpc", "stric"], "; did you mean strict?"),
        (["check"], "the following arguments are required: FIXTURE"),
        (["call"], "the following arguments are required: METHOD"),
    ],
)
def test_a_bad_option_is_refused_with_exit_code_2(arguments: list[str], message: str) -> None:
    failed = run(*arguments)
    assert (failed.returncode, failed.stdout) == (2, "")
    assert message in failed.stderr.splitlines()[-1]

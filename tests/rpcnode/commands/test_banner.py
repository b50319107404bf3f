"""What a person sees of a node that starts: its banner and its log."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpcnode import __version__
from rpcnode.payloads.verification import script_hash, single_key_script
from rpcnode.primitives.address import address_of
from rpcnode.primitives.keys import private_key_from_wif, public_key_of
from tests.node_process import RunningNode, run, running_node

pytestmark = pytest.mark.slow

N3_ADDRESS_VERSION = 0x35
N3_MAGIC = 860833102
FIXTURE = "node: {height: 7, header_height: 9}\naccounts: {alice: {seed: alice}}\n"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """The dev chain, started without options but a free port."""
    with running_node(folder=tmp_path_factory.mktemp("node")) as running:
        yield running


def address_of_wif(wif: str) -> str:
    key = public_key_of(private_key_from_wif(wif))
    return address_of(script_hash(single_key_script(key)), N3_ADDRESS_VERSION)


def test_the_last_line_of_the_banner_says_where_the_node_listens(node: RunningNode) -> None:
    assert re.fullmatch(r"Listening on http://127\.0\.0\.1:[0-9]+", node.banner[-1])
    assert node.port not in (0, 10332)
    assert node.call("getblockcount") == 70011


def test_the_banner_says_what_runs(node: RunningNode) -> None:
    assert node.banner[:6] == [
        f"rpcnode {__version__}",
        "",
        "  Profile   n3 (Neo:3.10.2)",
        f"  Network   {N3_MAGIC}",
        "  Chain     the dev chain, in memory",
        "  Height    70010",
    ]
    plugins = node.banner[6].removeprefix("  Plugins   ").split(", ")
    assert plugins == sorted(plugins)
    assert set(plugins) - {plugin["name"] for plugin in node.call("listplugins")} == {"Chainbase", "Teos"}


def test_the_banner_shows_the_accounts_and_warns_of_their_keys(node: RunningNode) -> None:
    rows = [line.split() for line in node.banner if line.startswith("  account")]
    assert [name for name, _, _ in rows] == [f"account{number}" for number in range(1, 11)]
    for _, address, wif in rows:
        assert address == address_of_wif(wif)
    assert any("These keys are public" in line for line in node.banner)


def test_nothing_is_written_to_stderr(node: RunningNode) -> None:
    assert node.stderr == ""


def test_the_banner_names_fixture_database_and_headers(tmp_path: Path) -> None:
    (tmp_path / "chain.yaml").write_text(FIXTURE)
    with running_node("--fixture", "chain.yaml", "--db", "chain.db", folder=tmp_path, cwd=tmp_path) as node:
        assert "  Chain     chain.yaml, kept in chain.db" in node.banner
        assert "  Height    7, headers up to 9" in node.banner
    with running_node("--db", "chain.db", folder=tmp_path, cwd=tmp_path) as node:
        assert "  Chain     kept in chain.db" in node.banner


def test_the_banner_names_the_state_that_was_loaded(tmp_path: Path) -> None:
    (tmp_path / "chain.yaml").write_text(FIXTURE)
    with running_node("--fixture", "chain.yaml", "--dump-state", "s.json", folder=tmp_path, cwd=tmp_path) as node:
        node.stop()
    with running_node("--load-state", "s.json", folder=tmp_path, cwd=tmp_path) as node:
        assert "  Chain     the state s.json, in memory" in node.banner
    with running_node("--load-state", "s.json", "--db", "chain.db", folder=tmp_path, cwd=tmp_path) as node:
        assert "  Chain     the state s.json, kept in chain.db" in node.banner


def test_the_banner_shows_ten_accounts_and_how_many_more_there_are(tmp_path: Path) -> None:
    with running_node("-a", "12", "--ready-file", "ready.json", folder=tmp_path, cwd=tmp_path) as node:
        rows = [line.split()[0] for line in node.banner if line.startswith("  account")]
        assert rows == [f"account{number}" for number in range(1, 11)]
        assert (
            node.banner[node.banner.index("Accounts") + 12] == "  and 2 more: dev_info and --ready-file have them all"
        )
        assert len(json.loads((tmp_path / "ready.json").read_text("utf-8"))["accounts"]) == 12


EXPOSED = "dev methods are on at the address 0.0.0.0: whoever reaches this port commands the node and reads its keys."


def test_a_node_that_any_host_may_command_says_so(tmp_path: Path) -> None:
    with running_node("--host", "0.0.0.0", "--dev", folder=tmp_path) as node:
        assert any(line.startswith(f"Warning: {EXPOSED}") for line in node.banner)
        assert node.stderr == ""
    with running_node("--host", "0.0.0.0", "--dev", "-q", folder=tmp_path) as node:
        assert len(node.banner) == 1
        assert node.stderr.startswith(f"WARNING rpcnode: {EXPOSED}")


@pytest.mark.parametrize(
    "arguments", [["--host", "0.0.0.0"], ["--host", "127.0.0.2", "--dev"], ["--host", "localhost"]]
)
def test_a_node_that_other_hosts_may_not_command_says_nothing(tmp_path: Path, arguments: list[str]) -> None:
    with running_node(*arguments, folder=tmp_path) as node:
        assert not any("Warning" in line for line in node.banner)
        assert node.stderr == ""


def test_a_quiet_node_prints_the_last_line_only(tmp_path: Path) -> None:
    with running_node("-q", folder=tmp_path) as node:
        assert len(node.banner) == 1


def test_log_lines_are_json_objects_when_asked(tmp_path: Path) -> None:
    with running_node("-v", "--log-json", folder=tmp_path) as node:
        assert node.stop() == 0
        entries = [json.loads(line) for line in node.stderr.splitlines()]
    assert {"level": "debug", "logger": "rpcnode", "message": "ready at block 70010"}.items() <= entries[0].items()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", entries[0]["time"])


def test_the_line_that_says_why_is_json_too_when_asked() -> None:
    failed = run("--log-json", "--fixture", "absent.yaml")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert json.loads(failed.stderr) == {
        "level": "critical",
        "logger": "rpcnode",
        "message": "absent.yaml: cannot be read: No such file or directory",
    }


def test_names_that_the_terminal_cannot_show_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "Zoë☃.yaml").write_text(FIXTURE)
    with running_node("--fixture", "Zoë☃.yaml", folder=tmp_path, cwd=tmp_path, PYTHONIOENCODING="ascii") as node:
        assert r"  Chain     Zo\xeb\u2603.yaml, in memory" in node.banner

"""What README and the pages in docs/ say is so: their tables, their examples, the first calls."""

import json
import re
import shlex
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from rpcnode.chain.wallets.new_file import write_wallet
from rpcnode.cli import main
from rpcnode.commands.methods import markdown_lines
from rpcnode.dev.control.dev_control import CONTROLS
from rpcnode.dev.fixture.schema import ContractData, NetworkData, NodeData
from rpcnode.dev.fixture.tables import members_of
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.plugin import Plugin
from rpcnode.plugin.config import keys_of, make_config, settings_of_document
from rpcnode.plugin.discovery import built_in_plugins
from rpcnode.primitives.address import N3_VERSION
from rpcnode.primitives.keys import private_key_from_wif
from rpcnode.testing import in_process, start

PROJECT: Final = Path(__file__).resolve().parents[1]
README: Final = (PROJECT / "README.md").read_text("utf-8")
PAGES: Final = {page.name: page.read_text("utf-8") for page in sorted((PROJECT / "docs").glob("*.md"))}
BUILT_IN: Final = sorted(built_in_plugins(), key=lambda kind: kind.name)
REGENERATE: Final = (
    "the table in docs/methods.md is not the registry's: put the output of `rpcnode methods --markdown` there"
)


def between(text: str, begin: str, end: str) -> str:
    """The part of a text after the one `begin` and before the next `end`."""
    _, found, rest = text.partition(begin)
    assert found, f"there is no {begin.strip()!r}"
    return rest.partition(end)[0]


def section(page: str, title: str) -> str:
    """The part of a page in docs/ under a heading, up to the next heading of any level."""
    return between(PAGES[page], f"\n{title}\n", "\n#")


def blocks(language: str, text: str) -> list[str]:
    """The blocks of code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def table(lines: Iterable[str]) -> dict[str, list[str]]:
    """The rows of a Markdown table by their first cell, without the head."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {row[0].strip("`"): row[1:] for row in rows[2:]}


# Methods


def test_the_method_table_is_the_registrys() -> None:
    written = between(PAGES["methods.md"], "<!-- begin: rpcnode methods --markdown -->\n", "<!-- end -->").splitlines()
    assert written == list(markdown_lines(NodeOptions(accounts=1))), REGENERATE


def test_every_dev_method_has_a_row_and_its_parameters() -> None:
    rows = [row for row in PAGES["commanding.md"].splitlines() if row.startswith("| `dev_")]
    documented = {row.split("`")[1].split()[0] for row in rows}
    known = {name for names in CONTROLS.values() for name in names}
    assert documented == known - {"rpc.discover"}
    assert all(re.match(r"\| `dev_\w+ \[.*\]` \|", row) for row in rows)
    assert known <= set(re.findall(r"`([\w.]+)`", between(README, "\n## Commanding a node\n", "\n## ")))


# Settings


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.name)
def test_every_setting_of_a_plugin_is_in_its_table_with_its_default(kind: type[Plugin]) -> None:
    config = kind.config_type()
    rows = table(section("settings.md", f"## {kind.name}").splitlines())
    assert {key: row[0] for key, row in rows.items()} == {
        key: f"`{json.dumps(getattr(config, field))}`" for key, field in keys_of(kind.config_type).items()
    }
    assert all(meaning for _, meaning in rows.values())


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.name)
def test_the_config_file_of_a_plugin_says_every_default(kind: type[Plugin]) -> None:
    module = kind.__module__.removeprefix("rpcnode.").replace(".", "/")
    text = (PROJECT / module).with_name("config.json").read_text("utf-8")
    settings = settings_of_document(text, "config.json")
    keys = {setting.key for setting in settings}
    assert keys_of(kind.config_type).keys() - keys <= {"UnhandledExceptionPolicy"}
    assert make_config(kind.name, kind.config_type, settings) == kind.config_type()


# Fixtures


def test_every_key_of_the_chain_as_a_whole_is_in_its_table() -> None:
    written = table(section("fixtures.md", "## The chain as a whole").splitlines())
    assert set(written) == {
        *(f"network.{key}" for key in members_of(NetworkData)),
        *(f"node.{key}" for key in members_of(NodeData)),
    }


def test_every_key_of_a_contract_is_in_its_table() -> None:
    assert set(table(section("fixtures.md", "## A contract").splitlines())) == set(members_of(ContractData))


def test_the_fixture_plays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fixture = tmp_path / "readme.yaml"
    [example] = blocks("yaml", between(README, "\n## Fixtures\n", "\n## "))
    fixture.write_text(example, "utf-8")
    assert main(["check", str(fixture)]) == 0
    assert "ok: height 70010, 2 contracts" in capsys.readouterr().out


# Examples


def test_the_first_calls_get_the_answers_that_are_printed_behind_them() -> None:
    first_calls = between(README, "\n## A first call\n", "\n## ")
    bodies = re.findall(r"^curl -s http://127\.0\.0\.1:10332 -d '(.*?)'$", first_calls, re.MULTILINE | re.DOTALL)
    answers = [json.loads(answer) for answer in blocks("json", first_calls)]
    assert [json.loads(body)["method"] for body in bodies] == ["dev_transfer", "getnep17balances", "getnep5balances"]
    with in_process() as node:
        assert [json.loads(node.post(body.encode()).body) for body in bodies] == answers


CALLS: Final = [
    shlex.split(words)
    for page in [README, *PAGES.values()]
    for words in re.findall(r"^ *(?:\.venv/bin/)?rpcnode call (\w.*)$", page, re.MULTILINE)
    if "METHOD" not in words
]
"""What `rpcnode call` is given in examples."""


def test_there_are_examples_of_calls() -> None:
    assert CALLS


@pytest.mark.parametrize("words", CALLS, ids=lambda words: str(words[0]))
def test_an_example_of_a_call_is_answered(
    words: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with start(settings={"RpcServer.DisabledMethods": []}) as node:
        keys = [(account.name, private_key_from_wif(account.wif)) for account in node.accounts.values() if account.wif]
        write_wallet(Path("wallet.json"), keys, "the-password", "n3", N3_VERSION)
        node.call("openwallet", "wallet.json", "the-password")
        assert main(["call", "--url", node.url, *words]) == 0, capsys.readouterr().err


def test_the_plugin_is_one(tmp_path: Path) -> None:
    [example] = blocks("python", PAGES["plugins.md"])
    (tmp_path / "hello.py").write_text(example, "utf-8")
    with closing(Node(NodeOptions(plugins_dirs=(tmp_path,)))) as node:
        assert node.methods["getgreeting"](["Alice"]) == "hello Alice, from block 70010"

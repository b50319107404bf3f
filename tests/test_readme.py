"""What README says is so: its tables, its examples, its first call."""

import json
import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.cli import main
from rpcnode.commands.methods import markdown_lines
from rpcnode.dev.fixture_schema import ContractData, NetworkData, NodeData
from rpcnode.dev.records import members_of
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.plugin import Plugin
from rpcnode.plugin.config import keys_of, make_config, settings_of_document
from rpcnode.plugin.discovery import built_in_plugins

PROJECT: Final = Path(__file__).resolve().parents[1]
README: Final = (PROJECT / "README.md").read_text("utf-8")
BUILT_IN: Final = sorted(built_in_plugins(), key=lambda kind: kind.name)
REGENERATE: Final = "README's method table is not the registry's: put the output of `rpcnode methods --markdown` there"
MAX_LINE_LENGTH: Final = 140


def between(begin: str, end: str) -> str:
    """The part of README after the one `begin` and before the next `end`."""
    _, found, rest = README.partition(begin)
    assert found, f"README has no {begin.strip()!r}"
    return rest.partition(end)[0]


def section(title: str) -> str:
    """The part of README under a heading, up to the next heading of any level."""
    return between(f"\n{title}\n", "\n#")


def block(language: str, under: str) -> str:
    """The first block of code in a language under a heading; `#` in it is no heading."""
    _, _, rest = README.partition(f"\n{under}\n")
    return rest.partition(f"```{language}\n")[2].partition("```")[0]


def table(lines: Iterable[str]) -> dict[str, list[str]]:
    """The rows of a Markdown table by their first cell, without the head."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {row[0].strip("`"): row[1:] for row in rows[2:]}


def test_no_line_is_long() -> None:
    assert [line for line in README.splitlines() if len(line) > MAX_LINE_LENGTH] == []


# Methods


def test_the_method_table_is_the_registrys() -> None:
    written = between("<!-- begin: rpcnode methods --markdown -->\n", "<!-- end -->").splitlines()
    assert written == list(markdown_lines(NodeOptions(accounts=1))), REGENERATE


# Settings


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.name)
def test_every_setting_of_a_plugin_is_in_its_table_with_its_default(kind: type[Plugin]) -> None:
    config = kind.config_type()
    rows = table(section(f"### {kind.name}").splitlines())
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
    written = table(between("\nThe chain as a whole:\n", "\n\nA hardfork").splitlines())
    assert set(written) == {
        *(f"network.{key}" for key in members_of(NetworkData)),
        *(f"node.{key}" for key in members_of(NodeData)),
    }


def test_every_key_of_a_contract_is_in_its_table() -> None:
    assert set(table(between("\nA contract:\n", "\n\nA recorded").splitlines())) == set(members_of(ContractData))


def test_the_fixture_plays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fixture = tmp_path / "readme.yaml"
    fixture.write_text(block("yaml", under="## Fixtures"), "utf-8")
    assert main(["check", str(fixture)]) == 0
    assert "ok: height 70010, 2 contracts" in capsys.readouterr().out


# Examples


def test_the_first_call_gets_the_answer_that_stands_there() -> None:
    request = re.search(r"-d '(.*)'$", block("sh", under="## A first call"), re.MULTILINE)
    assert request is not None
    call: dict[str, Any] = json.loads(request[1])
    answer = json.loads(block("json", under="## A first call"))
    with closing(Node(NodeOptions())) as node:
        assert node.methods[call["method"]](call["params"]) == answer["result"]
    assert answer["id"] == call["id"]


def test_the_plugin_is_one(tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(block("python", under="## Plugins of your own"), "utf-8")
    with closing(Node(NodeOptions(plugins_dirs=(tmp_path,)))) as node:
        assert node.methods["getgreeting"](["Alice"]) == "hello Alice, from block 70010"

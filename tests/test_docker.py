"""The Dockerfile names things that exist, and what it runs does what it is there for. No Docker is needed."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

import pytest

from rpcnode.cli import main
from rpcnode.commands.option_sources import OPTIONS, variable_of
from rpcnode.options import NodeOptions
from tests import PROJECT
from tests.node_process import environment, running_node

PORT: Final = 10332
TEXT: Final = (PROJECT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
LINES: Final = [line for line in TEXT.splitlines() if line and not line.startswith("#")]
PYPROJECT: Final = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))


def arguments(instruction: str) -> list[str]:
    """What comes after each of an instruction's words, in their order."""
    return [line.partition(" ")[2] for line in LINES if line.split()[0] == instruction]


def copied() -> list[str]:
    """What the build takes from the checkout."""
    words = [line.split() for line in arguments("COPY") if not line.startswith("--from")]
    return [source for line in words for source in line[:-1]]


def is_sent(name: str) -> bool:
    """Whether a file or folder of the checkout is sent to the build. Source: Docker's page on .dockerignore."""
    sent = True
    for line in (PROJECT / ".dockerignore").read_text("utf-8").splitlines():
        pattern = line.strip().removeprefix("!")
        if pattern and not pattern.startswith("#") and fnmatch(name, pattern):
            sent = line.startswith("!")
    return sent


def test_everything_that_is_copied_is_there_and_is_sent() -> None:
    assert copied()
    assert [name for name in copied() if not (PROJECT / name).exists() or not is_sent(name)] == []


def test_everything_that_building_needs_is_copied() -> None:
    project = PYPROJECT["project"]
    folders = {PYPROJECT["tool"]["setuptools"]["package-dir"].get(name, name) for name in ("rpcnode",)}
    folders |= set(PYPROJECT["tool"]["setuptools"]["package-dir"].values())
    assert {"pyproject.toml", project["readme"], *project["license-files"], *folders} == set(copied())


@pytest.mark.parametrize("name", [".git", ".venv", "tests", "chain.db", "Dockerfile", "docs"])
def test_nothing_else_is_sent(name: str) -> None:
    assert not is_sent(name)


def test_its_python_is_one_that_the_project_is_for() -> None:
    tags = {line.split()[0].removeprefix("python:").removesuffix("-slim") for line in arguments("FROM")}
    assert len(tags) == 1
    assert f"Programming Language :: Python :: {tags.pop()}" in PYPROJECT["project"]["classifiers"]


def test_it_starts_a_command_of_the_project_with_options_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    (entry,) = json.loads(arguments("ENTRYPOINT")[0])
    assert entry in PYPROJECT["project"]["scripts"]
    command = json.loads(arguments("CMD")[0])
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    assert "--db FILE" in capsys.readouterr().out


def test_it_listens_on_every_address_with_dev_methods_off() -> None:
    set_ones = dict(word.split("=", 1) for line in arguments("ENV") for word in shlex.split(line))
    own = {name: value for name, value in set_ones.items() if name.startswith("RPCNODE_")}
    assert own == {"RPCNODE_HOST": "0.0.0.0"}
    assert set(own) <= {variable_of(key) for key in OPTIONS}
    assert NodeOptions().dev is None  # on for a loopback address alone


def test_it_runs_as_a_user_of_its_own_who_may_write_where_the_chain_is_kept() -> None:
    (user,) = arguments("USER")
    (volume,) = arguments("VOLUME")
    command = json.loads(arguments("CMD")[0])
    assert user not in ("root", "0")
    assert f"chown {user}: {volume}" in TEXT
    assert Path(command[command.index("--db") + 1]).parent == Path(volume)
    assert TEXT.index("\nUSER ") < TEXT.index("\nENTRYPOINT ")


def health_check(port: int) -> int:
    """The exit code of the health check, put at another port."""
    (_, _, text) = arguments("HEALTHCHECK")[0].partition("CMD ")
    program, *words = json.loads(text)
    assert program == "python"
    assert words[-1].count(str(PORT)) == 1
    words[-1] = words[-1].replace(str(PORT), str(port))
    return subprocess.run(
        [sys.executable, *words], env=environment(), stderr=subprocess.DEVNULL, timeout=30, check=False
    ).returncode


def test_its_port_is_the_nodes_own() -> None:
    assert arguments("EXPOSE") == [str(PORT)]
    config = json.loads((PROJECT / "plugins/rpc_server/config.json").read_text("utf-8"))
    assert config["PluginConfiguration"]["Servers"][0]["Port"] == PORT


def test_its_health_check_tells_a_node_that_answers_from_none(tmp_path: Path) -> None:
    arguments_of_node = ("--quiet", "--set", "RpcServer.RpcUser=demo", "--set", "RpcServer.RpcPass=word")
    with running_node(*arguments_of_node, folder=tmp_path, cwd=tmp_path) as node:
        port = int(re.findall(r":(\d+)$", node.url)[0])
        assert health_check(port) == 0
    assert health_check(port) != 0

"""The examples of docs/contracts.md run as they stand there, each beside a compiled contract, on a node of its own."""

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

import pytest

from rpcnode.testing import start
from tests import PROJECT
from tests.clients.answers import installed
from tests.clients.installation import boa_test_constructor, neo_mamba, neon_js
from tests.rpcnode.dev.compiled_contracts import write_shop

pytestmark = pytest.mark.slow

PAGE: Final = PROJECT / "docs/contracts.md"
FILES: Final = re.compile(r"^[^`\n]*`(\w+\.m?(?:js|py))`[^\n]*\n\n```\w+\n(.*?)^```", re.M | re.S)
URL: Final = "http://127.0.0.1:10332"
PLUGIN: Final = "rpcnode.testing.pytest_plugin"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the page, the contract, and `rpcnode` as a command in `bin`."""
    for name, content in FILES.findall(PAGE.read_text("utf-8")):
        (tmp_path / name).write_text(content, "utf-8")
    write_shop(tmp_path)
    command = tmp_path / "bin/rpcnode"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{PROJECT / "run.py"}" "$@"\n', "utf-8")
    command.chmod(0o755)
    return tmp_path


def run(folder: Path, *command: str | Path) -> str:
    """What a command prints; it must not fail."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RPCNODE_", "PYTEST_"))}
    own = {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "no_proxy": "127.0.0.1"}
    ran = subprocess.run(
        command, cwd=folder, env=inherited | own, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def at(url: str, file: Path) -> Path:
    """The file, with the address of a node that runs."""
    written = file.read_text("utf-8")
    assert URL in written
    file.write_text(written.replace(URL, url), "utf-8")
    return file


def test_neon_js_deploys_and_calls(folder: Path) -> None:
    (folder / "node_modules").symlink_to(installed(neon_js) / "node_modules")
    with start() as node:
        assert run(folder, "node", at(node.url, folder / "deploy.mjs")) == "HALT Sold\n3\n"


def test_neo_mamba_deploys_and_calls(folder: Path) -> None:
    with start() as node:
        assert run(folder, installed(neo_mamba), at(node.url, folder / "deploy.py")) == "HALT Sold\n3\n"


def test_the_tests_in_python_pass(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    is_installed = any(entry.value == PLUGIN for entry in entry_points(group="pytest11"))
    named = [] if is_installed else ["-p", PLUGIN]
    others = [part for name in ("asyncio", "aiohttp", "schemathesis") for part in ("-p", f"no:{name}")]
    told = run(folder, sys.executable, "-m", "pytest", *others, *named, "-W", "error", "test_shop.py")
    assert "3 passed" in told


def test_boa_test_constructor_runs_on_this_node(folder: Path) -> None:
    python = installed(boa_test_constructor)
    assert shutil.which("rpcnode", path=str(folder / "bin")) is not None
    told = run(folder, python, "-m", "unittest", "boa_test")
    assert "Ran 2 tests" in told
    assert told.endswith("OK\n")

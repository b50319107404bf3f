"""The examples in README and docs/testing.md run as they stand there, in a folder of their own, as a user's would."""

import os
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests import PROJECT

EXAMPLES = PROJECT / "tests/examples"
PLUGIN = "rpcnode.testing.pytest_plugin"
OLDEST_NODE = 18
"""The major version of Node.js from which on there is `fetch`."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The examples, and `rpcnode` as a command in `bin`."""
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    command = tmp_path / "bin/rpcnode"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{PROJECT / "run.py"}" "$@"\n', "utf-8")
    command.chmod(0o755)
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RPCNODE_", "PYTEST_"))}
    own = {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
        "no_proxy": "127.0.0.1",
    }
    return subprocess.run(
        command, cwd=folder, env=inherited | own, capture_output=True, text=True, timeout=60, check=False
    )


def section() -> str:
    """README's part about tests."""
    return (PROJECT / "README.md").read_text("utf-8").partition("\n## In your tests\n")[2].partition("\n## ")[0]


def nodejs() -> str:
    """Node.js, if it is there and young enough."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("Node.js is not on this machine")
    version = subprocess.run(
        [found, "-p", "process.versions.node"], capture_output=True, text=True, timeout=30, check=False
    )
    if version.returncode != 0 or int(version.stdout.split(".")[0]) < OLDEST_NODE:
        pytest.skip(
            f"the example needs Node.js {OLDEST_NODE}, and this is {version.stdout.strip() or 'none that runs'}"
        )
    return found


@pytest.mark.slow
def test_the_pytest_example_passes(folder: Path) -> None:
    is_installed = any(entry.value == PLUGIN for entry in entry_points(group="pytest11"))
    named = [] if is_installed else ["-p", PLUGIN]
    others = [part for name in ("asyncio", "aiohttp", "schemathesis") for part in ("-p", f"no:{name}")]
    ran = run(folder, sys.executable, "-m", "pytest", *others, *named, "-W", "error", "test_example.py")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "3 passed" in ran.stdout


@pytest.mark.slow
def test_the_nodejs_example_passes(folder: Path) -> None:
    ran = run(folder, nodejs(), "--test", "example.mjs")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "pass 3" in ran.stdout


@pytest.mark.slow
def test_the_nodejs_example_tells_why_its_node_did_not_start(folder: Path) -> None:
    (folder / "shop.yaml").write_text("accounts:\n  alice: 5\n", "utf-8")
    ran = run(folder, nodejs(), "--test", "example.mjs")
    assert ran.returncode == 1
    assert "rpcnode did not start (exit code 1): rpcnode: shop.yaml:2: accounts.alice: 5 is a number" in ran.stdout


@pytest.mark.slow
def test_the_nodejs_example_says_that_there_is_no_rpcnode(folder: Path) -> None:
    node = nodejs()
    (folder / "bin/rpcnode").unlink()
    ran = run(folder, "env", f"PATH={folder / 'bin'}", node, "--test", "example.mjs")
    assert ran.returncode == 1
    assert "rpcnode is not on PATH: install it, or activate the environment that has it" in ran.stdout


def test_readmes_nodes_without_pytest_run(folder: Path) -> None:
    blocks = section().split("```python\nfrom rpcnode.testing import")[1:]
    assert len(blocks) == 1
    ran = run(
        folder, sys.executable, "-W", "error", "-c", f"from rpcnode.testing import{blocks[0].partition('```')[0]}"
    )
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("page", "file", "language"),
    [
        ("README.md", "shop.yaml", "yaml"),
        ("README.md", "test_example.py", "python"),
        ("docs/testing.md", "example.mjs", "js"),
    ],
)
def test_a_page_has_the_examples_as_they_run(page: str, file: str, language: str) -> None:
    example = f"```{language}\n{(EXAMPLES / file).read_text('utf-8')}```"
    assert example in (section() if page == "README.md" else (PROJECT / page).read_text("utf-8"))

"""The tests as a package: whole names, folders like the tree's, and found from wherever pytest starts."""

import shutil
import sys
from pathlib import Path
from typing import Final

import pytest

from tests import PROJECT
from tests.node_process import run

TESTS: Final = PROJECT / "tests"
NO_PACKAGES: Final = {"data", "examples", "clients/mamba", "clients/node"}
"""Data, and what runs without the project's environment or is copied into a folder of its own."""

OWN_WINGS: Final = {
    "dev/control/parameters",
    "dev/control/written",
    "payloads/witnesses",
    "vm/recorded",
    "rpc_server/invocations",
    "rpc_server/wallets",
    "rpc_server/older_sends",
}
"""Folders that divide the tests of one floor or plugin where its modules are not divided."""

MOST_MODULES: Final = 15

FOLDERS: Final = sorted(
    {
        path.parent
        for path in TESTS.rglob("*.py")
        if not any(path.is_relative_to(TESTS / folder) for folder in NO_PACKAGES)
    }
)


def names(folders: list[Path]) -> list[str]:
    return [str(folder.relative_to(PROJECT)) for folder in folders]


def test_every_folder_with_modules_is_a_package() -> None:
    assert names([folder for folder in FOLDERS if not (folder / "__init__.py").is_file()]) == []


@pytest.mark.parametrize("part", ["rpcnode", "plugins"])
def test_folders_are_those_of_the_tree(part: str) -> None:
    found = {str(folder.relative_to(TESTS / part)) for folder in FOLDERS if folder.is_relative_to(TESTS / part)}
    assert len(found) > 5
    assert {name for name in found - OWN_WINGS if not (PROJECT / part / name / "__init__.py").is_file()} == set()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(PROJECT)))
def test_no_folder_is_a_drawer(folder: Path) -> None:
    assert len({path.name for path in folder.glob("*.py")} - {"__init__.py", "conftest.py"}) <= MOST_MODULES


def test_nothing_is_imported_for_pytest_to_find() -> None:
    unused = "noqa: " + "F401"
    assert [str(path) for path in TESTS.rglob("*.py") if unused in path.read_text("utf-8")] == []


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone named `rpcnode`, of whose tests there are a few."""
    root = tmp_path_factory.mktemp("clone") / "rpcnode"
    for name in (
        "pyproject.toml",
        *("tests/__init__.py", "tests/conftest.py", "tests/node_process.py", "tests/recorded_answers.py"),
        *("tests/test_recorded_answers.py", "tests/examples/test_example.py"),
        *("tests/rpcnode/__init__.py", "tests/rpcnode/payloads/__init__.py"),
        *("tests/rpcnode/payloads/payload_strategies.py", "tests/rpcnode/payloads/test_attribute.py"),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, root / name)
    return root


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "arguments"),
    [(".", ["-n0"]), ("..", ["-n2", "rpcnode"])],
    ids=["the checkout, in one process", "its parent, in two"],
)
def test_pytest_finds_the_suite_from(checkout: Path, folder: str, arguments: list[str]) -> None:
    ran = run(
        *("-m", "pytest", "-p", "no:cacheprovider", *arguments),
        command=[sys.executable],
        cwd=checkout / folder,
        PYTHONPATH=str(PROJECT),
        PYTEST_ADDOPTS="",
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "[100%]" in ran.stdout

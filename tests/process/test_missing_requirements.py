"""Started with a Python that is too old, or without what it needs: one line says so, and no traceback."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import PROJECT
from tests.node_process import RUN, environment, run

STARTED_BY_ANY_PYTHON = ("run.py", "rpcnode/__init__.py", "rpcnode/__main__.py")
COMMANDS = (("run.py",), ("-m", "rpcnode"))


def older_pythons() -> Iterator[str]:
    """Interpreters of before Python 3.11 on this machine, one of each version."""
    for minor in range(6, 11):
        name = f"python3.{minor}"
        found = [
            shutil.which(name),
            *map(
                str, Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob(f"versions/3.{minor}.*/bin/{name}")
            ),
        ]
        yield from [path for path in found if path is not None and starts(path)][:1]


def starts(python: str) -> bool:
    """Whether it is one: a version manager has stand-ins for those that are not chosen."""
    try:
        return subprocess.run([python, "-c", ""], capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@pytest.mark.parametrize("name", STARTED_BY_ANY_PYTHON)
def test_what_an_old_python_starts_it_can_read(name: str) -> None:
    ast.parse((PROJECT / name).read_text("utf-8"), feature_version=(3, 7))


@pytest.mark.slow
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_an_old_python_is_told_which_one_is_needed(arguments: tuple[str, ...]) -> None:
    pythons = list(older_pythons())
    if not pythons:
        pytest.skip("no Python older than 3.11 is here")
    for python in pythons:
        failed = run(*arguments, command=[python], cwd=PROJECT, PYTHONDONTWRITEBYTECODE="1")
        assert (failed.returncode, failed.stdout) == (1, "")
        assert failed.stderr.startswith("rpcnode: needs Python 3.11 or newer; this is 3.")
        assert failed.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_without_its_dependencies_it_says_what_is_missing(arguments: tuple[str, ...]) -> None:
    # -S: no site-packages.
    failed = run("-S", *arguments, command=[sys.executable], cwd=PROJECT)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("rpcnode: needs the module ")
    assert f"which {sys.executable} does not have; `pip install" in failed.stderr
    assert failed.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["aiohttp", "base58", "yaml"])
def test_a_dependency_that_is_needed_later_is_named_too(tmp_path: Path, missing: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"import sys\nsys.modules[{missing!r}] = None\n")
    (tmp_path / "chain.yaml").write_text("node: {height: 1}\n")
    failed = subprocess.run(
        [*RUN, "--port", "0", "--fixture", "chain.yaml"],
        cwd=tmp_path,
        env=environment() | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith(f"rpcnode: needs the module {missing}, which ")
    assert failed.stderr.count("\n") == 1

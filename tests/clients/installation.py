"""Clients as their users install them: neon-js by npm, others by pip, kept in a folder that is not committed.

`python tests/clients/installation.py` makes the installations, as far as the machine can, and says which it cannot
make; that is no failure. Tests use what is there and install nothing: they skip, with the reason, where a client is
missing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

CLIENTS = Path(__file__).resolve().parent
KEPT = CLIENTS.parent.parent / ".clients"
INSTALL_TIMEOUT_S: Final = 180
OLDEST_NODE: Final = 18
"""The major version of Node.js from which on the scripts run."""


class ClientMissing(Exception):
    """A client is not installed, or cannot be; the text is the reason."""


def neon_js(*, may_install: bool = False) -> Path:
    """The folder whose `node_modules` holds neon-js 5 and 4. Raises ClientMissing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise ClientMissing("neon-js needs Node.js and npm, which are not on this machine")
    version = _output([node, "-p", "process.versions.node"])
    if not version or int(version.split(".")[0]) < OLDEST_NODE:
        raise ClientMissing(f"neon-js needs Node.js {OLDEST_NODE}, and this is {version or 'none that runs'}")
    manifest = CLIENTS / "node" / "package.json"

    def install(folder: Path) -> None:
        shutil.copy(manifest, folder)
        few_retries = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
        quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--no-update-notifier"]
        _run([npm, "install", "--prefer-offline", *few_retries, *quiet], folder)

    return _kept("neon-js", manifest, install if may_install else None)


def neo_mamba(*, may_install: bool = False) -> Path:
    """The Python that neo-mamba is installed in. Raises ClientMissing."""
    return _with_pip("neo-mamba", CLIENTS / "mamba" / "requirements.txt", may_install=may_install)


def boa_test_constructor(*, may_install: bool = False) -> Path:
    """The Python that boa-test-constructor is installed in, with a neo-mamba of its own. Raises ClientMissing."""
    return _with_pip("boa-test-constructor", CLIENTS / "boa" / "requirements.txt", may_install=may_install)


def _with_pip(name: str, requirements: Path, *, may_install: bool) -> Path:
    """The Python of an environment with what is required."""
    python = next(_pythons(), None)
    if python is None:
        raise ClientMissing(f"{name} needs Python 3.13, which is not on this machine")

    def install(folder: Path) -> None:
        _run([python, "-m", "venv", "."], folder)
        quiet = ["--quiet", "--disable-pip-version-check", "--retries=1", "--only-binary=:all:"]
        _run([str(folder / "bin/python"), "-m", "pip", "install", *quiet, "-r", str(requirements)], folder)

    return _kept(name, requirements, install if may_install else None) / "bin/python"


def _pythons() -> Iterator[str]:
    """Interpreters of Python 3.13 that run: the one on the path, which may be a mere shim, and pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for candidate in (shutil.which("python3.13"), *map(str, sorted(pyenv.glob("versions/3.13*/bin/python")))):
        if (
            candidate is not None
            and _output([candidate, "-c", "import venv, sys; print(sys.version_info[:2])"]) == "(3, 13)"
        ):
            yield candidate


def _kept(name: str, pins: Path, install: Callable[[Path], None] | None) -> Path:
    """The folder of an installation of exactly those pins: an earlier run's, or one that `install` makes now."""
    folder = KEPT / f"{name}-{hashlib.sha256(pins.read_bytes()).hexdigest()[:12]}"
    if folder.exists():
        return folder
    if install is None:
        raise ClientMissing(f"{name} is not installed; `python tests/clients/installation.py` does it")
    # It takes its name when it is whole, so that neither a run that was killed nor one beside this one harms it.
    partial = folder.with_name(f"{folder.name}.{os.getpid()}.partial")
    partial.mkdir(parents=True)
    try:
        install(partial)
        partial.rename(folder)
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(partial, ignore_errors=True)
        if not folder.exists():
            raise ClientMissing(f"{name} could not be installed: {_reason(error)}") from None
    return folder


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S)


def _output(command: list[str]) -> str:
    """What a command prints, or nothing where it does not run."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=10).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def _reason(error: Exception) -> str:
    """The first line that an installer wrote about its failure."""
    if isinstance(error, subprocess.CalledProcessError):
        lines = [line for line in (error.stderr or "").splitlines() if "warn" not in line.lower()]
        return lines[0] if lines else str(error)
    return str(error)


def main() -> None:
    """Makes each installation, or says why it is missing."""
    for install in (neon_js, neo_mamba, boa_test_constructor):
        try:
            sys.stdout.write(f"{install(may_install=True)}\n")
        except ClientMissing as missing:
            sys.stdout.write(f"{missing}; its tests will be skipped\n")


if __name__ == "__main__":
    main()

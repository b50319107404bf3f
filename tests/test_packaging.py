"""Wheel, sdist, editable install and bare checkout: one package, with everything in it that it needs."""

import importlib.util
import json
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from rpcnode import __version__
from tests import PROJECT
from tests.node_process import environment, run, running_node

pytestmark = pytest.mark.slow

IGNORED = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "*.db*")
PACKAGES = {
    "rpcnode": PROJECT / "rpcnode",
    "rpcnode/plugins": PROJECT / "plugins",
    "rpcnode/fixtures": PROJECT / "fixtures",
}
"""Folders of the installed package, and where they stand in a checkout."""


def run_here(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command that is kept from package indexes, run to its end; its two outputs are one."""
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment(PIP_NO_INDEX="1", PIP_DISABLE_PIP_VERSION_CHECK="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


def skip_without(*modules: str) -> None:
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed, and tests fetch nothing")


def build(kind: str, source: Path, folder: Path) -> Path:
    """The archive, `sdist` or `wheel`, built from a source folder with what this environment has."""
    skip_without("build", "setuptools")
    done = run_here(sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", folder, cwd=source)
    if "Missing dependencies" in done.stdout:
        pytest.skip(f"building without a package index: {done.stdout.strip()}")
    assert done.returncode == 0, done.stdout
    [archive] = folder.glob("*.tar.gz" if kind == "sdist" else "*.whl")
    return archive


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project: building writes into the folder it builds from."""
    return shutil.copytree(PROJECT, tmp_path_factory.mktemp("checkout") / "project", symlinks=True, ignore=IGNORED)


@pytest.fixture(scope="module")
def sdist(checkout: Path) -> Path:
    return build("sdist", checkout, checkout / "dist")


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    return build("wheel", checkout, checkout / "dist")


def new_environment(folder: Path) -> Path:
    """A virtual environment that sees this one's packages behind its own; its site-packages."""
    venv.create(folder, with_pip=False, symlinks=True)
    paths = {"base": str(folder), "platbase": str(folder)}
    site_packages = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    # The folder alone, without the .pth files in it: an editable install of this project stays invisible.
    (site_packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return site_packages


def install(site_packages: Path, *what: object) -> None:
    """Installs with this environment's pip: the new one needs none of its own."""
    skip_without("pip", "setuptools")
    python = python_of(site_packages)
    done = run_here(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-build-isolation"),
        # This environment may hold an editable install of the project, which pip would take for the one it is to make.
        "--ignore-installed",
        *what,
        cwd=site_packages,
    )
    assert done.returncode == 0, done.stdout


def python_of(site_packages: Path) -> Path:
    return site_packages.parents[2] / "bin" / "python"


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site-packages of an environment with the wheel in it."""
    site_packages = new_environment(tmp_path_factory.mktemp("installed"))
    install(site_packages, wheel)
    return site_packages


def files_of_wheel(wheel: Path) -> set[str]:
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


# What is in it


def test_the_wheel_holds_every_module_and_data_file(wheel: Path) -> None:
    expected = {
        str(PurePosixPath(package, path.relative_to(folder).as_posix()))
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files_of_wheel(wheel) == expected
    assert expected >= {
        "rpcnode/py.typed",
        "rpcnode/dev/accounts.json",
        "rpcnode/server/page/assets/main.js",
        "rpcnode/server/page/assets/page.css",
        "rpcnode/plugins/chainbase/openapi.json",
        "rpcnode/plugins/rpc_server/config.json",
        "rpcnode/plugins/rpc_nep5_tracker/config.json",
        "rpcnode/fixtures/demo.json",
        "rpcnode/fixtures/seed.yaml",
        "rpcnode/fixtures/fixture.schema.json",
        "rpcnode/fixtures/recorded-n3-chain.json.gz",
    }


def test_the_sdist_builds_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    [unpacked] = [path for path in tmp_path.iterdir() if path.is_dir()]
    assert files_of_wheel(build("wheel", unpacked, tmp_path)) == files_of_wheel(wheel)
    assert (unpacked / "LICENSE").is_file()
    for page in [*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md")]:
        assert (unpacked / page.relative_to(PROJECT)).is_file(), page


# Installed


def test_an_installed_wheel_puts_one_package_into_site_packages(installed: Path) -> None:
    ours = {path.name for path in installed.iterdir()} - {"dependencies.pth", "__pycache__"}
    assert ours == {"rpcnode", f"rpcnode-{__version__}.dist-info"}


@pytest.mark.parametrize("package", ["plugins", "fixtures", "tests"])
def test_installed_there_is_no_second_package(installed: Path, package: str) -> None:
    failed = run("-c", f"import {package}", command=[str(python_of(installed))], cwd=installed)
    assert f"ModuleNotFoundError: No module named '{package}'" in failed.stderr


def test_installed_the_console_script_is_there(installed: Path) -> None:
    script = str(python_of(installed).with_name("rpcnode"))
    told = run("--version", command=[script])
    assert (told.returncode, told.stdout) == (0, f"rpcnode {__version__}\n")
    listed = run("methods", command=[script], cwd=installed)
    assert "getnep5balances" in listed.stdout


def test_a_node_started_from_the_wheel_is_the_wheels_and_answers(installed: Path, tmp_path: Path) -> None:
    fixture = installed / "rpcnode" / "fixtures" / "recorded-n3-chain.json.gz"
    command = (str(python_of(installed)), "-m", "rpcnode")
    with running_node("--fixture", fixture, folder=tmp_path, command=command, cwd=tmp_path) as node:
        assert node.call("getblockcount") == 88
    with running_node(folder=tmp_path, command=command, cwd=tmp_path) as node:
        balances = node.call("getnep5balances", "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1")["balance"]
    assert len(balances) == 5
    where = run("-c", "import rpcnode; print(rpcnode.__file__)", command=[command[0]], cwd=tmp_path)
    assert Path(where.stdout.strip()) == installed / "rpcnode" / "__init__.py"


def test_an_editable_install_runs_the_checkout(checkout: Path, tmp_path: Path) -> None:
    site_packages = new_environment(tmp_path / "environment")
    install(site_packages, "--editable", checkout)
    where = run(
        "-c",
        "import json, rpcnode, rpcnode.plugins, rpcnode.fixtures\n"
        "print(json.dumps([module.__file__ for module in (rpcnode, rpcnode.plugins, rpcnode.fixtures)]))",
        command=[str(python_of(site_packages))],
        cwd=tmp_path,
    )
    folders = [Path(file).resolve().parent for file in json.loads(where.stdout)]
    assert folders == [checkout / "rpcnode", checkout / "plugins", checkout / "fixtures"]
    script = str(python_of(site_packages).with_name("rpcnode"))
    with running_node(folder=tmp_path, command=[script], cwd=tmp_path) as node:
        assert node.call("getblockcount") == 70011


FOLDER_TEST = """\
from rpcnode.testing import start


def test_a_node_starts():
    with start() as node:
        assert node.call("getblockcount") == 70011


def test_the_plugin_is_there(rpcnode):
    assert rpcnode.call("getblockcount") == 70011
"""


@pytest.fixture(scope="module")
def beside_checkout(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder with a checkout named `rpcnode` in it, and the Python of an environment with its editable install."""
    folder = tmp_path_factory.mktemp("beside")
    shutil.copytree(checkout, folder / "rpcnode", symlinks=True, ignore=IGNORED)
    site_packages = new_environment(folder / "environment")
    install(site_packages, "--editable", folder / "rpcnode")
    return folder, python_of(site_packages)


def test_beside_a_checkout_named_rpcnode_an_editable_install_runs_as_a_module(
    beside_checkout: tuple[Path, Path],
) -> None:
    folder, python = beside_checkout
    told = run("-m", "rpcnode", "--version", command=[str(python)], cwd=folder)
    assert (told.returncode, told.stdout, told.stderr) == (0, f"rpcnode {__version__}\n", "")
    with running_node(folder=folder, command=(str(python), "-m", "rpcnode"), cwd=folder) as node:
        assert node.call("getblockcount") == 70011


def test_beside_a_checkout_named_rpcnode_an_editable_install_is_imported(beside_checkout: tuple[Path, Path]) -> None:
    folder, python = beside_checkout
    where = run(
        "-c",
        "from rpcnode.testing import start\n"
        "import rpcnode, rpcnode.plugins, rpcnode.fixtures\n"
        "for module in (rpcnode, rpcnode.plugins, rpcnode.fixtures): print(module.__file__)",
        command=[str(python)],
        cwd=folder,
    )
    assert where.stderr == ""
    files = [folder / "rpcnode" / part / "__init__.py" for part in ("rpcnode", "plugins", "fixtures")]
    assert [Path(line).resolve() for line in where.stdout.splitlines()] == files


def test_beside_a_checkout_named_rpcnode_pytest_has_the_plugin_of_an_editable_install(
    beside_checkout: tuple[Path, Path],
) -> None:
    folder, python = beside_checkout
    (folder / "test_here.py").write_text(FOLDER_TEST)
    ran = run(
        "-m",
        "pytest",
        "-q",
        "-W",
        "error::pytest.PytestAssertRewriteWarning",
        "test_here.py",
        command=[str(python)],
        cwd=folder,
    )
    assert "2 passed" in ran.stdout, ran.stdout + ran.stderr


def test_an_editable_install_holds_one_module_and_no_finder(beside_checkout: tuple[Path, Path]) -> None:
    folder, _ = beside_checkout
    [site_packages] = (folder / "environment").glob("lib/python*/site-packages")
    ours = {path.name for path in site_packages.iterdir()} - {"dependencies.pth", "__pycache__"}
    assert ours == {"rpcnode", f"rpcnode-{__version__}.dist-info"}
    assert {path.name for path in (site_packages / "rpcnode").iterdir()} - {"__pycache__"} == {"__init__.py"}


# Bare


def test_a_bare_checkout_runs_from_any_folder(checkout: Path, tmp_path: Path) -> None:
    command = (sys.executable, str(checkout / "run.py"))
    with running_node(folder=tmp_path, command=command, cwd=tmp_path) as node:
        assert node.call("getblockcount") == 70011


@pytest.mark.parametrize("package", ["plugins", "fixtures"])
def test_in_a_checkout_there_is_no_second_package(checkout: Path, package: str) -> None:
    failed = run("-c", f"import {package}", command=[sys.executable], cwd=checkout)
    assert failed.returncode == 1
    assert f"ImportError: the package is rpcnode.{package}" in failed.stderr


def test_the_packages_listed_are_those_there_are() -> None:
    with (PROJECT / "pyproject.toml").open("rb") as stream:
        listed = tomllib.load(stream)["tool"]["setuptools"]["packages"]
    there = {
        ".".join(PurePosixPath(package, path.parent.relative_to(folder).as_posix()).parts)
        for package, folder in PACKAGES.items()
        for path in folder.rglob("__init__.py")
    }
    assert listed == sorted(there)

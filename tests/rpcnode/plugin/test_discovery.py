"""Where plugins come from: built in, installed, and folders named on the command line."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpcnode.plugin import Plugin
from rpcnode.plugin.discovery import built_in_plugins, discover, folder_plugins, installed_plugins, plugins_of
from rpcnode.primitives.errors import NodeError
from tests.rpcnode.plugin.plugin_files import node_with, write_plugin

ECHO = """
    class Echo(Plugin):
        name = "Echo"

        @rpc_method()
        def echo_back(self, address: str) -> Json:
            return address
"""


def names(kinds: object) -> list[str]:
    assert isinstance(kinds, list | Iterator)
    return [kind.name for kind in kinds]


def test_the_built_in_plugins_are_found_once_each() -> None:
    found = names(built_in_plugins())
    assert {"RpcServer", "RpcNep5Tracker"} <= set(found)
    assert len(found) == len(set(found))


# Folders


def test_a_folder_gives_its_files_and_the_plugin_files_of_its_folders(tmp_path: Path) -> None:
    write_plugin(tmp_path, "echo.py", ECHO)
    write_plugin(tmp_path, "deeper/plugin.py", ECHO.replace("Echo", "Deeper"))
    write_plugin(tmp_path, "deeper/other.py", ECHO.replace("Echo", "NotLoaded"))
    write_plugin(tmp_path, "deeper/still/plugin.py", ECHO.replace("Echo", "TooDeep"))
    write_plugin(tmp_path, "constants.py", "ANSWER = 42")
    assert sorted(names(folder_plugins(tmp_path))) == ["Deeper", "Echo"]


def test_a_method_of_a_folders_plugin_is_served_under_its_wire_name(tmp_path: Path) -> None:
    node = node_with(write_plugin(tmp_path, "echo.py", ECHO))
    assert node.methods["echoback"](["hello"]) == "hello"
    node.close()


def test_files_of_one_name_in_two_folders_are_two_modules(tmp_path: Path) -> None:
    first = write_plugin(tmp_path / "one" / "plugins", "same.py", ECHO)
    second = write_plugin(
        tmp_path / "two" / "plugins", "same.py", ECHO.replace("Echo", "Other").replace("echo", "other")
    )
    kinds = [*folder_plugins(first), *folder_plugins(second)]
    assert [sys.modules[kind.__module__].__file__ for kind in kinds] == [
        str(first / "same.py"),
        str(second / "same.py"),
    ]
    node = node_with(first, second)
    assert (node.methods["echoback"](["1"]), node.methods["otherback"](["2"])) == ("1", "2")
    node.close()


def test_two_plugins_of_one_name_stop_the_start_and_both_files_are_named(tmp_path: Path) -> None:
    first = write_plugin(tmp_path / "one", "echo.py", ECHO)
    second = write_plugin(tmp_path / "two", "echo.py", ECHO)
    with pytest.raises(NodeError) as caught:
        node_with(first, second)
    assert str(caught.value) == f"two plugins are named Echo: Echo in {first}/echo.py and Echo in {second}/echo.py"


def test_a_plugin_may_not_take_a_built_in_ones_name(tmp_path: Path) -> None:
    folder = write_plugin(tmp_path, "mine.py", ECHO.replace('"Echo"', '"RpcServer"'))
    with pytest.raises(
        NodeError, match=r"two plugins are named RpcServer: RpcServer in .*plugin\.py and Echo in .*mine\.py"
    ):
        node_with(folder)


def test_a_folder_that_is_not_there_is_named() -> None:
    with pytest.raises(NodeError, match="--plugins-dir no/such: no such folder"):
        discover([Path("no/such")])


def test_a_folder_without_a_plugin_says_what_one_is(tmp_path: Path) -> None:
    write_plugin(tmp_path, "constants.py", "ANSWER = 42")
    with pytest.raises(NodeError, match=r"no plugin in it; one is a class derived from rpcnode\.plugin\.Plugin"):
        discover([tmp_path])


@pytest.mark.parametrize(
    "code, fault",
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("class Broken(Plugin", "SyntaxError: "),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_file_that_cannot_be_imported_is_named_with_its_fault(code: str, fault: str, tmp_path: Path) -> None:
    write_plugin(tmp_path, "broken.py", code)
    before = set(sys.modules)
    with pytest.raises(NodeError) as caught:
        discover([tmp_path])
    assert str(caught.value).startswith(f"{tmp_path / 'broken.py'}: {fault}")
    assert not [name for name in set(sys.modules) - before if name.startswith("rpcnode_plugin")]


def test_classes_without_a_name_and_those_imported_are_no_plugins_of_a_module(tmp_path: Path) -> None:
    write_plugin(
        tmp_path,
        "family.py",
        """
        from rpcnode.plugins.rpc_server.plugin import RpcServer

        class Base(Plugin):
            pass

        class Child(Base):
            name = "Child"
        """,
    )
    assert names(folder_plugins(tmp_path)) == ["Child"]


def test_the_base_class_is_no_plugin() -> None:
    assert plugins_of(sys.modules[Plugin.__module__]) == []


# Entry points


def install(site: Path, entry: str, module: str = "", code: str = "") -> None:
    """Puts a package's metadata, and a module of it, into a folder as pip would."""
    metadata = site / "someones_plugins-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: someones-plugins\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[rpcnode.plugins]\n{entry}\n")
    if module:
        write_plugin(site, f"{module}.py", code)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that packages are installed in; what is imported from it is forgotten afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    before = set(sys.modules)
    yield folder
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
            del sys.modules[name]


def test_an_entry_point_may_name_a_plugin_class(site: Path) -> None:
    install(site, "echo = installed_echo:Echo", "installed_echo", ECHO)
    assert names(installed_plugins()) == ["Echo"]
    node = node_with()
    assert node.methods["echoback"](["hello"]) == "hello"
    node.close()


def test_an_entry_point_may_name_a_module_of_plugins(site: Path) -> None:
    install(site, "both = installed_both", "installed_both", ECHO + ECHO.replace("Echo", "Other"))
    assert names(installed_plugins()) == ["Echo", "Other"]


def test_packages_without_plugins_cost_a_start_no_reading_of_their_metadata(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "echo = installed_echo:Echo")
    entry_points = site / "someones_plugins-1.0.dist-info" / "entry_points.txt"
    entry_points.write_text(entry_points.read_text().replace("rpcnode.plugins", "console_scripts"))
    monkeypatch.setitem(sys.modules, "importlib.metadata", None)
    monkeypatch.setattr(sys, "path", [str(site), "", str(site / "not there")])
    assert installed_plugins() == []


@pytest.mark.parametrize("suffix", ["dist-info", "egg-info"])
def test_packages_are_found_however_they_were_installed(site: Path, suffix: str) -> None:
    install(site, "echo = installed_echo:Echo", "installed_echo", ECHO)
    metadata = site / "someones_plugins-1.0.dist-info"
    (metadata / "METADATA").rename(metadata / {"dist-info": "METADATA", "egg-info": "PKG-INFO"}[suffix])
    metadata.rename(metadata.with_suffix(f".{suffix}"))
    assert names(installed_plugins()) == ["Echo"]


def test_a_package_in_an_archive_is_found(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(site, "echo = archived_echo:Echo", "archived_echo", ECHO)
    archive = shutil.make_archive(str(tmp_path / "packages"), "zip", site)
    monkeypatch.setattr(sys, "path", [archive, *(folder for folder in sys.path if folder != str(site))])
    assert names(installed_plugins()) == ["Echo"]
    del sys.modules["archived_echo"]


def test_an_entry_point_that_cannot_be_loaded_is_named(site: Path) -> None:
    install(site, "echo = not_there:Echo")
    with pytest.raises(NodeError, match=r"plugin entry point echo = not_there:Echo: No module named 'not_there'"):
        installed_plugins()


def test_an_entry_point_to_something_else_is_named(site: Path) -> None:
    install(site, "echo = installed_answer:ANSWER", "installed_answer", "ANSWER = 42")
    with pytest.raises(NodeError, match="neither a module nor a Plugin class"):
        installed_plugins()


def test_built_in_plugins_come_first_then_installed_ones_then_those_of_folders(site: Path, tmp_path: Path) -> None:
    install(site, "echo = installed_echo:Echo", "installed_echo", ECHO)
    folder = write_plugin(tmp_path / "dir", "other.py", ECHO.replace("Echo", "Other"))
    found = names(discover([folder]))
    assert found[-2:] == ["Echo", "Other"]
    assert "RpcServer" in found[:-2]

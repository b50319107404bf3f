"""Where plugins come from: those built in, installed packages, and folders named on the command line."""

import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from rpcnode.plugin.base import Plugin
from rpcnode.primitives.errors import NodeError

ENTRY_POINT_GROUP = "rpcnode.plugins"


def discover(plugins_dirs: Iterable[Path]) -> list[type[Plugin]]:
    """Every plugin class: built-in ones, then those of installed packages, then those of `--plugins-dir`.

    Raises NodeError that names what could not be loaded.
    """
    return [
        *built_in_plugins(),
        *installed_plugins(),
        *(kind for folder in plugins_dirs for kind in folder_plugins(folder)),
    ]


def built_in_plugins() -> list[type[Plugin]]:
    """The plugins of `rpcnode.plugins`: each a package with a module `plugin`."""
    package = importlib.import_module("rpcnode.plugins")
    kinds: list[type[Plugin]] = []
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        if found.ispkg:
            kinds += plugins_of(importlib.import_module(f"rpcnode.plugins.{found.name}.plugin"))
    return kinds


def installed_plugins() -> list[type[Plugin]]:
    """The plugins that installed packages announce as entry points of the group `rpcnode.plugins`.

    An entry point names a Plugin class, or a module that defines some.
    """
    if not any(_may_announce(folder) for folder in sys.path):
        return []
    from importlib.metadata import entry_points

    kinds: list[type[Plugin]] = []
    for entry_point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda found: found.name):
        try:
            loaded = entry_point.load()
        except Exception as error:
            raise NodeError(f"plugin entry point {entry_point.name} = {entry_point.value}: {error}") from error
        if isinstance(loaded, ModuleType):
            kinds += plugins_of(loaded)
        elif isinstance(loaded, type) and issubclass(loaded, Plugin):
            kinds.append(loaded)
        else:
            raise NodeError(
                f"plugin entry point {entry_point.name} = {entry_point.value}: neither a module nor a Plugin class"
            )
    return kinds


def _may_announce(folder: str) -> bool:
    """Whether a package in an entry of `sys.path` may have plugins; False spares a start the reading of all of them."""
    try:
        with os.scandir(folder or ".") as found:
            return any(_announces(entry.path) for entry in found if entry.name.endswith((".dist-info", ".egg-info")))
    except NotADirectoryError:
        return True  # an archive: who knows
    except OSError:
        return False


def _announces(package: str) -> bool:
    try:
        with open(f"{package}/entry_points.txt", "rb") as entry_points:  # noqa: PTH123  # a Path for each takes longer
            return ENTRY_POINT_GROUP.encode() in entry_points.read()
    except OSError:
        return False


def folder_plugins(folder: Path) -> Iterator[type[Plugin]]:
    """The plugins of a folder: its `*.py` files, and its sub-folders with a `plugin.py`."""
    if not folder.is_dir():
        reason = "a file; it takes the folder that the file is in" if folder.exists() else "no such folder"
        raise NodeError(f"--plugins-dir {folder}: {reason}")
    files = sorted([*folder.glob("*.py"), *folder.glob("*/plugin.py")])
    found = False
    for file in files:
        for kind in plugins_of(_import_file(file)):
            found = True
            yield kind
    if not found:
        raise NodeError(f"--plugins-dir {folder}: no plugin in it; one is a class derived from rpcnode.plugin.Plugin")


def plugins_of(module: ModuleType) -> list[type[Plugin]]:
    """The plugin classes that a module defines itself."""
    return [
        kind
        for _, kind in sorted(vars(module).items())
        if isinstance(kind, type)
        and issubclass(kind, Plugin)
        and kind is not Plugin
        and kind.__module__ == module.__name__
        and "name" in vars(kind)
    ]


class _SourceLoader(SourceFileLoader):
    """Always compiles the source: a folder's plugin, edited twice within a second, is the one that was saved last.

    Nor does it leave a `__pycache__` in the user's folder.
    """

    def get_code(self, fullname: str) -> CodeType:
        """The code of the file as it stands."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def _import_file(file: Path) -> ModuleType:
    # Two folders may each hold a file of that name.
    name = f"rpcnode_plugin_{file.stem}_{sha256(bytes(file.resolve())).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, file, loader=_SourceLoader(name, str(file)))
    if spec is None or spec.loader is None:
        raise NodeError(f"{file}: cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise NodeError(f"{file}: {type(error).__name__}: {error}") from error
    return module

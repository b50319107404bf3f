"""Imports point one way: a floor of the house uses those below it, never one above."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FLOORS = (
    ("primitives",),
    ("payloads",),
    ("vm",),
    ("execution",),
    ("natives", "models"),
    ("chain",),
    ("plugin",),
    ("server",),
    ("dev",),
    ("options", "plugin_set", "node", "endpoint"),
    ("testing",),  # a user of whole nodes, as the command line is: it starts them and gives them ports
    ("commands", "cli", "__main__"),
)
LEVEL = {name: level for level, names in enumerate(FLOORS) for name in names}
PURE = ("vm", "execution", "natives", "models")
NEVER_IN_PURE = ("asyncio", "aiohttp", "sqlite3", "time", "datetime")


def imported_names(tree: ast.AST) -> set[str]:
    """Every absolute module name that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which floor is meant"
            names.add(node.module or "")
    return names


def modules_of(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def floor_of(path: Path) -> str:
    return path.relative_to(ROOT / "rpcnode").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules_of("rpcnode"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_its_own_floor_and_those_below_only(path: Path) -> None:
    floor = floor_of(path)
    if floor == "__init__":
        return
    for name in imported_names(ast.parse(path.read_text("utf-8"))):
        parts = name.split(".")
        if parts[0] == "rpcnode" and len(parts) > 1:
            assert LEVEL[parts[1]] <= LEVEL[floor], f"{path.name} imports {name}"


@pytest.mark.parametrize("path", modules_of("rpcnode"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_node_names_no_plugin(path: Path) -> None:
    for name in imported_names(ast.parse(path.read_text("utf-8"))):
        assert not name.startswith("rpcnode.plugins"), f"{path.name} imports {name}"


@pytest.mark.parametrize(
    "path",
    [path for floor in PURE for path in modules_of(f"rpcnode/{floor}")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_pure_floors_know_no_clock_and_no_database(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported_names(ast.parse(path.read_text("utf-8")))}
    assert not roots & set(NEVER_IN_PURE)


@pytest.mark.parametrize("path", modules_of("plugins"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_plugin_imports_the_plugin_floor_and_itself_only(path: Path) -> None:
    own = path.relative_to(ROOT / "plugins").parts[0]
    allowed = ("rpcnode.plugin", "rpcnode.primitives", f"rpcnode.plugins.{own}")
    for name in imported_names(ast.parse(path.read_text("utf-8"))):
        if name.split(".")[0] == "rpcnode":
            assert any(name == prefix or name.startswith(prefix + ".") for prefix in allowed), (
                f"{path.name} imports {name}"
            )


def test_every_folder_of_the_package_is_listed_in_pyproject() -> None:
    import tomllib

    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"])
    found = {
        ".".join(("rpcnode", *path.parent.relative_to(ROOT / "rpcnode").parts))
        for path in (ROOT / "rpcnode").rglob("__init__.py")
    }
    for folder in ("plugins", "fixtures"):
        found |= {
            ".".join(("rpcnode", folder, *path.parent.relative_to(ROOT / folder).parts))
            for path in (ROOT / folder).rglob("__init__.py")
        }
    assert listed == found

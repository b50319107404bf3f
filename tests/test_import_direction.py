"""Imports point one way: a floor of the house uses those below it, never one above, and so do wings of a floor."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
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
    ("options", "plugin_set", "loading", "node", "own_paths", "page_node", "endpoint"),
    ("workers",),  # several processes of whole nodes
    ("testing",),  # a user of whole nodes, as the command line is: it starts them and gives them ports
    ("commands",),
    ("cli", "__main__"),
)
WINGS = {
    "payloads": (".", ("preview2", "neo2", "wallet")),
    "execution": (
        ".",
        "serializers",
        ("contract", "iterators"),
        ("context", "native_set"),
        "witnesses",
        "run_state",
        "application_engine",
        "held_memory",
        "in_pieces",
        ("block_run", "call_trace", "diagnostics", "test_invocation"),
        "syscalls",
    ),
    "natives": (("native", "policy_values", "committee", "fungible_token", "gas_token"), ("crypto", "neo", "std"), "."),
    "chain": (
        "db",
        "network",
        "executed",
        ("blocks", "declaration", "invocation", "state"),
        ("format", "verification"),
        ".",
        "block_runner",
        ("modelled_run", "persist", "trie", "wallets"),
        ("described", "recorded"),
        ("block_draft", "executed_draft", "miner", "modelled_draft", "relay", "older_relay"),
        ("injector", "neo2_relay", "preview2_relay", "relays"),
    ),
    "models": (".", "declared"),
    "server": ("traffic", "jsonrpc", "parameters", "http", ("observing", "page", "websocket")),
    "dev": ("places", ".", "recording", "fixture", "control"),
    "testing": (("answer",), "contracts", "."),
    "commands": (".", "remote", "export"),
}
"""The wings of a floor from below, modules of its own beside them; "." are those that are not named."""

PURE = ("vm", "execution", "natives", "models")
NEVER_IN_PURE = ("asyncio", "aiohttp", "sqlite3", "time", "datetime")
MOST_LINES = 400


def levels_of(rows: tuple[str | tuple[str, ...], ...]) -> dict[str, int]:
    """The level of each name, 0 the lowest."""
    return {name: level for level, names in enumerate(rows) for name in ((names,) if isinstance(names, str) else names)}


FLOOR_LEVELS = levels_of(FLOORS)
WING_LEVELS = {floor: levels_of(wings) for floor, wings in WINGS.items()}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def imported_names(path: Path) -> frozenset[str]:
    """What a file imports, wherever in it: modules, and what is taken from each, which may be a module too."""
    names = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which floor is meant"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def modules_of(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    """A module's name once the package is installed."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    package = ("rpcnode", *parts) if parts[0] == "plugins" else parts
    return ".".join(package).removesuffix(".__init__")


MODULES = {name_of(path): path for folder in ("rpcnode", "plugins") for path in modules_of(folder)}


@cache
def imported_modules(path: Path) -> frozenset[str]:
    """The modules of rpcnode/ and plugins/ that a file imports."""
    names = imported_names(path)
    return frozenset(name if name in MODULES else name.rpartition(".")[0] for name in names) & MODULES.keys()


def place_of(name: str) -> tuple[str, str]:
    """The floor and the wing of a module of rpcnode/; a module of the floor's own has none, unless it is named."""
    _, floor, *rest = name.split(".")
    path = MODULES[name]
    in_folder = len(rest) > 1 or (len(rest) == 1 and path.name == "__init__.py")
    return floor, rest[0] if in_folder or (rest and rest[0] in WING_LEVELS.get(floor, {})) else "."


def may_import(importer: str, imported: str) -> bool:
    """Whether floors and wings allow an import between two modules of rpcnode/."""
    floor, wing = place_of(importer)
    other_floor, other_wing = place_of(imported)
    if floor != other_floor:
        return is_below(FLOOR_LEVELS, other_floor, floor, ROOT / "rpcnode")
    return wing == other_wing or is_below(WING_LEVELS[floor], other_wing, wing, ROOT / "rpcnode" / floor)


def is_below(levels: dict[str, int], name: str, other: str, folder: Path) -> bool:
    """Whether a name has a lower level than another one; or the same, and both are single modules."""
    are_modules = (folder / f"{name}.py").is_file() and (folder / f"{other}.py").is_file()
    return levels[name] < levels[other] or (levels[name] == levels[other] and are_modules)


@pytest.mark.parametrize("name", [name for name in MODULES if name != "rpcnode" and "plugins" not in name.split(".")])
def test_a_module_imports_its_own_floor_and_wing_and_those_below_only(name: str) -> None:
    for imported in imported_modules(MODULES[name]) - {"rpcnode"}:
        assert may_import(name, imported), f"{name} imports {imported}"


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("rpcnode.chain.ledger", "rpcnode.plugin.base"),
        ("rpcnode.natives.native", "rpcnode.models.modelled"),
        ("rpcnode.server.traffic.faults", "rpcnode.server.jsonrpc.access"),
        ("rpcnode.chain.described.described", "rpcnode.chain.recorded.replay"),
        ("rpcnode.chain.ledger", "rpcnode.chain.described.described"),
        ("rpcnode.chain.network", "rpcnode.chain.format.layout"),
        ("rpcnode.dev.places.place", "rpcnode.dev.fixture.reader"),
    ],
)
def test_an_import_upwards_or_sideways_is_refused(importer: str, imported: str) -> None:
    assert not may_import(importer, imported)


def test_every_wing_has_its_level() -> None:
    for floor, levels in WING_LEVELS.items():
        folders = {path.parent.name for path in (ROOT / "rpcnode" / floor).glob("*/__init__.py")}
        modules = {path.stem for path in (ROOT / "rpcnode" / floor).glob("*.py")}
        assert folders <= levels.keys() <= folders | modules | {"."}, floor
    for floor in FLOOR_LEVELS.keys() - WINGS.keys():
        assert not [*(ROOT / "rpcnode" / floor).glob("*/__init__.py")], f"{floor} has wings"


def test_imports_for_types_and_inside_functions_count() -> None:
    path = MODULES["rpcnode.dev.control.dev_control"]
    at_once = {node.module for node in tree_of(path).body if isinstance(node, ast.ImportFrom)}
    assert "rpcnode.dev.control.mining" in imported_modules(path) - at_once


def test_no_modules_import_each_other_in_a_circle_not_even_for_types() -> None:
    graph = {name: imported_modules(path) - {name} for name, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize("folder", ["rpcnode", "plugins", "tests"])
def test_a_module_has_at_most_400_lines(folder: str) -> None:
    lines = {str(path): len(path.read_text("utf-8").splitlines()) for path in modules_of(folder)}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


@pytest.mark.parametrize("path", modules_of("rpcnode"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_node_names_no_plugin(path: Path) -> None:
    for name in imported_names(path):
        assert not name.startswith("rpcnode.plugins"), f"{path.name} imports {name}"


@pytest.mark.parametrize(
    "path",
    [path for floor in PURE for path in modules_of(f"rpcnode/{floor}")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_pure_floors_know_no_clock_and_no_database(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported_names(path)}
    assert not roots & set(NEVER_IN_PURE)


@pytest.mark.parametrize("path", modules_of("plugins"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_plugin_imports_the_plugin_floor_and_itself_only(path: Path) -> None:
    own = path.relative_to(ROOT / "plugins").parts[0]
    allowed = ("rpcnode.plugin", "rpcnode.primitives", f"rpcnode.plugins.{own}")
    for name in imported_names(path):
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

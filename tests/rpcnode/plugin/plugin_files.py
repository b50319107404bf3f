"""Plugins as files, and nodes that load them."""

import json
from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent
from typing import Final

from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.primitives.json import Json

IMPORTS: Final = "from rpcnode.plugin import *\n"

HOLDER: Final = "0x" + "a1" * 20
CHAIN: Final[dict[str, Json]] = {
    "contracts": {"demo": {"hash": "0x" + "77" * 20, "standard": "NEP-5"}},
    "blocks": [
        {
            "index": index,
            "transactions": [{"transfers": [{"asset": "demo", "from": None, "to": HOLDER, "amount": "1"}]}],
        }
        for index in (1, 2, 3)
    ],
}
"""Three blocks, each of which mints 1."""


def write_plugin(folder: Path, file_name: str, code: str) -> Path:
    """Writes a plugin's module; everything a plugin imports is there. Returns the folder."""
    file = folder / file_name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(IMPORTS + dedent(code), "utf-8")
    return folder


def chain_file(folder: Path, height: int = 3) -> Path:
    """A fixture file with `CHAIN` up to a height."""
    file = folder / f"chain-{height}.json"
    file.write_text(json.dumps({**CHAIN, "node": {"height": height}}), "utf-8")
    return file


def node_with(
    *plugins_dirs: Path,
    chain: Path | None = None,
    db: Path | None = None,
    settings: Iterable[tuple[str, Json]] = (),
    environment: dict[str, str] | None = None,
) -> Node:
    """A node with plugins of folders; `settings` are `Plugin.Key` and value, as `--set` gives them."""
    return Node(
        NodeOptions(
            fixtures=() if chain is None else (chain,),
            db=db,
            plugins_dirs=plugins_dirs,
            settings=tuple(
                PluginSetting(*name.split("."), value=value, source=f"--set {name}")  # type: ignore[misc]
                for name, value in settings
            ),
            environment=environment or {},
        )
    )

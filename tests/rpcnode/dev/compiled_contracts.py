"""A contract that neo3-boa compiled, for tests to deploy; its source is tests/data/compiled/shop.py.txt."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any, Final

from tests import PROJECT

FOLDER: Final = PROJECT / "tests" / "data" / "compiled"
NEF: Final = FOLDER / "shop.nef"
MANIFEST: Final = FOLDER / "shop.manifest.json"
NEF_BASE64: Final = b64encode(NEF.read_bytes()).decode()

VALIDATORS: Final = "0x69c2d964ef4a69348bc8705def0024d47d1770a5"
HOLDER: Final = "0x0d06acef833b73ae2065611d3744485e989295d9"
"""The account of the seed `a`."""

SHOP: Final = "0xc1319b7ff4506ee6b16e47513c99ec824c9950d8"
SHOP_OF_HOLDER: Final = "0x0e4bb2d944c85876627a6f38147d7362e584dc4b"
"""Its hash where the validators' account deploys it, and where the holder does, as neo-mamba 3.3.0 works them out."""


def manifest(**members: Any) -> dict[str, Any]:
    """Its manifest, with some members of another value."""
    return {**json.loads(MANIFEST.read_text("utf-8")), **members}


def shop(**members: Any) -> dict[str, Any]:
    """Its entry in a fixture."""
    return {"nef": str(NEF), "manifest": str(MANIFEST), **members}


def buying(amount: Any, buyer: str = "holder", **members: Any) -> dict[str, Any]:
    """An invocation that buys something, which the buyer signs."""
    args = [{"type": "Hash160", "value": buyer}, amount]
    return {"contract": "shop", "method": "buy", "args": args, "signers": [buyer], **members}


def write_shop(folder: Path) -> None:
    """Puts its files into a folder."""
    for file in (NEF, MANIFEST):
        (folder / file.name).write_bytes(file.read_bytes())

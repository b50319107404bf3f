"""Contracts that a test deploys."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Final

from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json
from rpcnode.testing.contracts.contract import Contract
from rpcnode.testing.contracts.outcome import Executed, Outcome

_BASE64: Final = "TkVGM"
"""How every NEF begins in Base64."""


class Deployment(Outcome):
    """What the transaction did that deployed a contract, and that contract."""

    def __init__(
        self, transaction_id: str, read: Callable[[str], Executed | None], find: Callable[[], Contract | None]
    ) -> None:
        super().__init__(transaction_id, read)
        self._find: Final = find

    @property
    def contract(self) -> Contract:
        """The contract. Raises NodeError while its transaction waits."""
        found = self._find() if self.is_mined else None
        if found is None:
            raise NodeError(f"transaction {self.transaction_id} waits for a block; mine() makes one")
        return found


def compiled_json(
    nef: bytes | str | PathLike[str], manifest: Mapping[str, object] | str | PathLike[str] | None
) -> dict[str, Json]:
    """NEF and manifest as dev_deploy takes them. Raises NodeError for a file that cannot be read."""
    path: Path | None = None
    if isinstance(nef, bytes):
        encoded = b64encode(nef).decode()
    elif isinstance(nef, str) and nef.startswith(_BASE64):
        encoded = nef
    else:
        path = Path(fspath(nef))
        encoded = b64encode(_content(path)).decode()
    if manifest is None:
        if path is None:
            raise NodeError("manifest is missing; only a NEF in a file has one beside it")
        manifest = path.with_suffix(".manifest.json")
    if isinstance(manifest, Mapping):
        return {"nef": encoded, "manifest": json.loads(json.dumps(dict(manifest)))}
    if isinstance(manifest, str) and manifest.lstrip().startswith("{"):
        return {"nef": encoded, "manifest": manifest}
    return {"nef": encoded, "manifest": _content(Path(fspath(manifest))).decode("utf-8", "replace")}


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NodeError(f"{path}: cannot be read: {error.strerror}") from None

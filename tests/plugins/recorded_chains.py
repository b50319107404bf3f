"""The two recorded chains as fixture files: a private N3 network's, and that of neo-go's own RPC tests."""

from pathlib import Path
from typing import Final

import pytest

from tests import PROJECT
from tests.plugins.node_builder import Document, json_of

PRIVATE_NETWORK: Final = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"
NEO_GO_TESTCHAIN: Final = PROJECT.parent / "shared" / "data" / "neo-go-testchain.json"


def recording_of(chain: str, folder: Path) -> tuple[Path, Document]:
    """A fixture file and its data; skips the test for the chain that is not part of the project, where it is absent."""
    if chain == "private network":
        return PRIVATE_NETWORK, json_of(PRIVATE_NETWORK)
    if not NEO_GO_TESTCHAIN.exists():
        pytest.skip(f"{NEO_GO_TESTCHAIN.name} is not beside this checkout")
    return NEO_GO_TESTCHAIN, json_of(NEO_GO_TESTCHAIN)

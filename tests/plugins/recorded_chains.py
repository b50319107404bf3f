"""The two recorded chains as fixture files: a private N3 network's, and that of neo-go's own RPC tests."""

import base64
import json
from pathlib import Path
from typing import Final

import pytest
from node_builder import Document, json_of

PROJECT: Final = Path(__file__).resolve().parents[2]
PRIVATE_NETWORK: Final = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"
NEO_GO_TESTCHAIN: Final = PROJECT.parent / "shared" / "data" / "neo-go-testchain.json"


def recording_of(chain: str, folder: Path) -> tuple[Path, Document]:
    """A fixture file and its data; skips the test for the chain that is not part of the project, where it is absent."""
    if chain == "private network":
        return PRIVATE_NETWORK, json_of(PRIVATE_NETWORK)
    if not NEO_GO_TESTCHAIN.exists():
        pytest.skip(f"{NEO_GO_TESTCHAIN.name} is not beside this checkout")
    document = json_of(NEO_GO_TESTCHAIN)
    _add_missing_contracts(document)
    file = folder / NEO_GO_TESTCHAIN.name
    file.write_text(json.dumps(document), "utf-8")
    return file, document


def _add_missing_contracts(document: Document) -> None:
    """Gives every deployed contract a state: neo-go's recording lacks those of three that never notify anything.

    They are made from that of RoleManagement, which claims no standard and is no token.
    """
    known = document["contracts"]
    model = known["0x49cf4e5378ffcd4dec034fd98a174c5491e395e2"]
    assert model["manifest"]["supportedstandards"] == []
    notifications = [
        event
        for log in document["application_logs"].values()
        for execution in log["executions"]
        for event in execution["notifications"]
    ]
    speaking = {event["contract"] for event in notifications}
    for event in notifications:
        if event["eventname"] == "Deploy":
            deployed = "0x" + base64.b64decode(event["state"]["value"][0]["value"])[::-1].hex()
            if deployed not in known:
                assert deployed not in speaking
                known[deployed] = {**model, "hash": deployed, "id": 100 + len(known)}

"""neon-js commands a node by dev methods, and finds that what comes of it is a real transaction."""

import json
from base64 import b64encode
from pathlib import Path

import pytest

from tests.clients.answers import Answers, answers_of, installed
from tests.clients.installation import CLIENTS, neon_js
from tests.node_process import running_node

pytestmark = pytest.mark.slow


def commanded(script: str, folder: Path, *arguments: str) -> tuple[Answers, list[dict[str, str]]]:
    """What a script made of a fresh node, and the node's accounts."""
    packages = installed(neon_js)
    ready_file = folder / "ready.json"
    with running_node("--ready-file", ready_file, *arguments, folder=folder, cwd=folder):
        ready = json.loads(ready_file.read_text())
        first, second = ready["accounts"][:2]
        plan = {"url": ready["url"], "magic": ready["magic"], "from": first["name"], "to": second["address"]}
        return answers_of(["node", CLIENTS / "node" / script, packages], plan), ready["accounts"]


def test_neon_js_5_finds_a_transfer_of_n3_hashed_signed_mined_and_logged(tmp_path: Path) -> None:
    answers, (sender, receiver, *_) = commanded("commands_5.mjs", tmp_path)
    assert answers.failures == {}
    assert answers["hash of the parsed bytes"] == answers["id"]
    assert answers["address of the key in the witness"] == sender["address"]
    assert answers["signature is right"] is True
    assert answers["transactions of the block"] == [answers["id"]]
    assert answers["merkle root of the block"] == answers["id"]  # the only transaction is its own root
    (execution,) = answers["application log"]["executions"]
    (event,) = execution["notifications"]
    parties = [b64encode(bytes.fromhex(each["script_hash"][2:])[::-1]).decode() for each in (sender, receiver)]
    assert (execution["vmstate"], event["eventname"]) == ("HALT", "Transfer")
    assert [item["value"] for item in event["state"]["value"]] == [*parties, "12345"]
    assert [entry["amount"] for entry in answers["GAS that was received"]] == ["12345"]


def test_neon_js_4_finds_a_transfer_of_neo_2_hashed_signed_and_logged(tmp_path: Path) -> None:
    answers, (sender, receiver, *_) = commanded("commands_4.mjs", tmp_path, "--profile", "n2")
    assert answers.failures == {}
    assert answers["hash of the parsed bytes"] == answers["id"]
    assert answers["address of the key in the witness"] == sender["address"]
    assert answers["signature is right"] is True
    (execution,) = answers["application log"]["executions"]
    (event,) = execution["notifications"]
    parties = [bytes.fromhex(each["script_hash"][2:])[::-1].hex() for each in (sender, receiver)]
    assert execution["vmstate"] == "HALT"
    assert [item["value"] for item in event["state"]["value"]][1:3] == parties

"""Compiled contracts that are deployed, and what methods of contracts answer."""

import json
from base64 import b64encode
from typing import Any, Final

from rpcnode.primitives.json import Json
from tests.rpcnode.dev.compiled_contracts import FOLDER
from tests.rpcnode.dev.control.small_chain_nodes import Commanded

NEO: Final = "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"
GAS: Final = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
CHAIN: Final[dict[str, Any]] = {
    "accounts": {"alice": {"seed": "alice"}, "bob": {"seed": "bob"}, "carol": "0x" + "ca" * 20},
    "contracts": {"coin": {"standard": "NEP-17", "decimals": 0}, "gems": {"standard": "NEP-11"}},
    "balances": [
        {"account": "alice", "asset": "coin", "amount": 1000, "block": 1},
        {"account": "alice", "asset": "gems", "amount": 1, "token_id": "ruby", "block": 1},
        {"account": "alice", "asset": "GAS", "amount": "500000000000", "block": 1},
        {"account": "alice", "asset": "NEO", "amount": 1000, "block": 1},
    ],
    "node": {"height": 3},
}


def nef_of(name: str) -> str:
    """A compiled contract, in Base64."""
    return b64encode((FOLDER / f"{name}.nef").read_bytes()).decode()


def manifest_of(name: str) -> dict[str, Any]:
    """The manifest of a compiled contract."""
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.manifest.json").read_text("utf-8"))
    return read


def deploy(node: Commanded, name: str, data: Json = None) -> str:
    """Deploys a compiled contract under its file's name, by alice; its hash."""
    node(
        "dev_deploy",
        {"key": name, "nef": nef_of(name), "manifest": manifest_of(name), "data": data, "deployer": "alice"},
    )
    return hash_of(node, name)


def hash_of(node: Commanded, name: str) -> str:
    """The script hash of the contract with a name."""
    return next(str(each["script_hash"]) for each in node("dev_info")["contracts"] if each["name"] == name)


def account(node: Commanded, name: str) -> str:
    """The script hash of a named account."""
    rows = node.node.ledger.store.connection.execute("SELECT script_hash FROM chain_account WHERE name = ?", (name,))
    return "0x" + bytes(rows.fetchone()[0])[::-1].hex()


def asked(node: Commanded, contract: str, method: str, *args: Json) -> Any:
    """The JSON of what a method answers, its type and value. Fails where it faults."""
    run = node("invokefunction", contract, method, list(args))
    assert run["state"] == "HALT", run["exception"]
    (answer,) = run["stack"]
    return answer


def held(node: Commanded, contract: str, name: str) -> int:
    """What balanceOf of a token says of a named account."""
    return int(asked(node, contract, "balanceOf", {"type": "Hash160", "value": account(node, name)})["value"])


def tracked(node: Commanded, name: str) -> dict[str, str]:
    """What the tracker says that a named account holds, by asset."""
    rows = node("getnep17balances", account(node, name))["balance"]
    return {row["assethash"]: row["amount"] for row in rows}


def root(node: Commanded) -> str:
    """The state root after the newest block."""
    return str(node("getstateroot", node.node.ledger.height)["roothash"])

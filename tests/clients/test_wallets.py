"""Wallet files go between clients and a node, both ways."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.dev.accounts import DEFAULT_SEED, dev_accounts
from rpcnode.primitives.address import N3_VERSION, address_of
from rpcnode.primitives.keys import wif_of
from tests.clients.answers import Answers, answers_of, installed
from tests.clients.installation import CLIENTS, neo_mamba, neon_js
from tests.node_process import RunningNode, running_node

pytestmark = pytest.mark.slow

PASSWORD: Final = "pässword"
ACCOUNTS: Final = [
    [account.name, address_of(account.script_hash, N3_VERSION), wif_of(account.private_key)]
    for account in dev_accounts("n3", DEFAULT_SEED, 3)
]
OTHERS: Final = [
    "L1QqQJnpBwbsPGAuutuzPTac8piqvbR1HRjrY5qHup48TBCBFe4g",
    "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU76rnZwVdz",
]
COMMANDS: Final[dict[str, Callable[[], list[str | Path]]]] = {
    "neon-js 5": lambda: ["node", CLIENTS / "node/wallets_5.mjs", installed(neon_js)],
    "neo-mamba": lambda: [installed(neo_mamba), CLIENTS / "mamba/neo_mamba_wallets.py"],
}


@pytest.fixture(scope="module", params=COMMANDS)
def wallets(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Answers, Any]:
    """What a client made of a wallet that a node wrote, and what a node made of the client's wallets."""
    command = COMMANDS[request.param]()
    folder = tmp_path_factory.mktemp("wallets")
    own = folder / "own.json"
    options = ("--accounts", "3", "--wallet", own, "--set", "RpcServer.DisabledMethods=[]")
    with running_node(*options, folder=folder, cwd=folder, RPCNODE_WALLET_PASSWORD=PASSWORD) as node:
        answers = answers_of(command, {"wallet": own.read_text("utf-8"), "password": PASSWORD, "wifs": OTHERS})
        return answers, {
            query: keys_in(node, folder / f"{number}.json", answers[query])
            for number, query in enumerate(("wallet of its own", "wallet of its own, with the usual scrypt"))
        }


def keys_in(node: RunningNode, file: Path, wallet: object) -> list[str]:
    """The keys that a node finds in a client's wallet."""
    file.write_text(json.dumps(wallet), "utf-8")
    assert node.call("openwallet", str(file), PASSWORD) is True
    return [node.call("dumpprivkey", row["address"]) for row in node.call("listaddress")]


def test_the_client_reads_the_nodes_wallet(wallets: tuple[Answers, Any]) -> None:
    answers, _ = wallets
    assert answers.failures == {}
    assert answers["keys of the node's wallet"] == ACCOUNTS
    assert answers["default account"] == "account1"
    assert answers.refusal("wrong password")["message"]


def test_the_node_reads_the_clients_wallets(wallets: tuple[Answers, Any]) -> None:
    assert wallets[1] == {
        "wallet of its own": OTHERS,
        "wallet of its own, with the usual scrypt": OTHERS,
    }

"""Open wallets of the older dev chains: what they pay is mined, and what they cannot do is said in words."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.payloads.neo2.coins import GAS_ASSET, NEO_ASSET
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.keys import wif_of
from tests.plugins.node_builder import error, result
from tests.plugins.rpc_server.older_sends.opening import finished, open_wallet

EMPTY: dict[str, Json] = {
    "name": "w",
    "version": "3.0",
    "scrypt": {"n": 2, "r": 1, "p": 1},
    "accounts": [],
    "extra": None,
}


def node_with_wallet(profile: ProfileName, folder: Path) -> Node:
    """A node of the dev chain that mines at once, with a wallet that has the keys of its first two accounts."""
    enabled = PluginSetting("RpcServer", "DisabledMethods", [], "test")
    node = Node(NodeOptions(profile=profile, settings=(enabled,)))
    (folder / "w.json").write_text(json.dumps(EMPTY))
    open_wallet(node, folder / "w.json", "secret")
    for account in node.accounts[:2]:
        finished(node, "importprivkey", wif_of(account.private_key))
    return node


@pytest.fixture
def neo2(tmp_path: Path) -> Iterator[Node]:
    with closing(node_with_wallet("n2", tmp_path)) as node:
        yield node


@pytest.fixture
def preview2(tmp_path: Path) -> Iterator[Node]:
    with closing(node_with_wallet("n3-preview", tmp_path)) as node:
        yield node


def token(node: Node, symbol: str) -> str:
    return next(str(each.script_hash) for each in node.ledger.contracts() if each.symbol == symbol)


def address(node: Node, position: int) -> str:
    return node.view.address_of(node.accounts[position].script_hash)


def test_coins_of_neo_2_are_paid_with_change_and_mined(neo2: Node) -> None:
    receiver = address(neo2, 2)
    paid: Any = finished(neo2, "sendtoaddress", str(NEO_ASSET), receiver, "1500")
    # Two coins of 1,000 NEO: both are taken, and 500 come back.
    assert (len(paid["vin"]), [output["value"] for output in paid["vout"]]) == (2, ["1500", "500"])
    assert result(neo2, "getrawtransaction", paid["txid"], True)["confirmations"] == 1
    assert result(neo2, "getbalance", str(NEO_ASSET)) == {"balance": "500", "confirmed": "500"}
    held = result(neo2, "getunspents", receiver)["balance"]
    assert {row["asset"]: row["amount"] for row in held} == {"GAS": 10_000, "NEO": 2500}


def test_what_a_wallet_of_neo_2_has_spent_it_does_not_spend_again(neo2: Node) -> None:
    neo2.miner.set_block_time("manual")
    for _ in range(2):
        finished(neo2, "sendtoaddress", str(NEO_ASSET), address(neo2, 2), "900")
    assert len(result(neo2, "getrawmempool")) == 2
    # Two hundred come back once there is a block.
    assert result(neo2, "getbalance", str(NEO_ASSET)) == {"balance": "200", "confirmed": "0"}
    assert error(neo2, "sendtoaddress", str(NEO_ASSET), address(neo2, 2), "1") == {
        "code": -300,
        "message": "Insufficient funds",
    }
    neo2.miner.mine()
    assert result(neo2, "getbalance", str(NEO_ASSET)) == {"balance": "200", "confirmed": "200"}


def test_a_wallet_of_neo_2_claims(neo2: Node) -> None:
    finished(neo2, "sendtoaddress", str(NEO_ASSET), address(neo2, 2), "2000")
    available = result(neo2, "getunclaimedgas")["available"]
    # 2,000 NEO from block 1 until before block 70,011, of 8 GAS a block for 100,000,000.
    assert available == "11.2016"
    claim: Any = finished(neo2, "claimgas")
    assert [output["value"] for output in claim["vout"]] == [available]
    assert result(neo2, "getunclaimedgas")["available"] == "0"
    assert error(neo2, "claimgas") == {"code": -300, "message": "No gas to claim"}


def test_a_fee_over_the_most_that_is_allowed_is_not_paid(neo2: Node) -> None:
    payment = [str(GAS_ASSET), address(neo2, 2), "1"]
    assert error(neo2, "sendtoaddress", *payment, "0.2")["code"] == -301
    paid: Any = finished(neo2, "sendtoaddress", *payment, "0.1")
    assert paid["net_fee"] == "0.1"


def test_many_are_paid_in_one_transaction_coins_and_a_token(neo2: Node) -> None:
    outputs: list[Json] = [
        {"asset": token(neo2, "DN5"), "value": "1.5", "address": address(neo2, 2)},
        {"asset": str(GAS_ASSET), "value": 2, "address": address(neo2, 3)},
    ]
    paid: Any = finished(neo2, "sendmany", address(neo2, 0), outputs)
    log = result(neo2, "getapplicationlog", paid["txid"])
    assert log["executions"][0]["vmstate"] == "HALT"
    # Both accounts had 10,000 of the token, with eight decimals.
    rows = result(neo2, "getnep5balances", address(neo2, 2))["balance"]
    assert [row["amount"] for row in rows] == ["1000150000000"]
    assert result(neo2, "getbalance", token(neo2, "DN5")) == {"balance": "19998.5"}


def test_a_payer_that_is_not_in_the_wallet_is_refused(neo2: Node) -> None:
    refused = error(neo2, "sendfrom", str(NEO_ASSET), address(neo2, 5), address(neo2, 2), "1")
    assert refused["code"] == -2146232969


def test_tokens_of_preview2_are_paid_from_more_than_one_account(preview2: Node) -> None:
    gas = token(preview2, "gas")
    before = int(str(result(preview2, "getbalance", gas)["balance"]))
    each = before // 2
    amount = (each + 10**8) / 10**8
    paid: Any = finished(preview2, "sendtoaddress", gas, address(preview2, 2), str(amount))
    assert len(paid["witnesses"]) == 2
    log = result(preview2, "getapplicationlog", paid["hash"])
    assert log["vmstate"] == "HALT"
    fees = int(paid["sys_fee"]) + int(paid["net_fee"])
    assert int(str(result(preview2, "getbalance", gas)["balance"])) == before - each - 10**8 - fees


def test_a_wallet_that_lacks_a_key_is_told_so_in_words(preview2: Node, tmp_path: Path) -> None:
    file = json.loads((tmp_path / "w.json").read_text())
    file["accounts"][0]["key"] = None
    (tmp_path / "w.json").write_text(json.dumps(file))
    assert finished(preview2, "openwallet", str(tmp_path / "w.json"), "secret") is True
    refused = error(preview2, "sendfrom", token(preview2, "gas"), address(preview2, 0), address(preview2, 2), "1")
    assert refused["code"] == -32603
    assert "signatures of others" in str(refused["data"])


@pytest.mark.parametrize("profile", ["n2", "n3-preview"])
def test_an_account_that_is_made_is_in_the_file(profile: ProfileName, tmp_path: Path) -> None:
    with closing(node_with_wallet(profile, tmp_path)) as node:
        made = finished(node, "getnewaddress")
        wif = finished(node, "dumpprivkey", made)
        assert made in [account["address"] for account in json.loads((tmp_path / "w.json").read_text())["accounts"]]
        assert finished(node, "importprivkey", wif) == {
            "address": made,
            "haskey": True,
            "label": None,
            "watchonly": False,
        }

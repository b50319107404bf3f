"""Neo 2's own methods, as neon-js 4 calls them on a balance check."""

import json
from typing import Any

import pytest

from rpcnode.node import Node
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import HOLDER, NodeBuilder, address, block, chain_of, error, result, transfers
from tests.recorded_answers import DATA, read

NEO = "c56f33fc6ecfcd0c225c4ab356fee59390af8560be0e930faebe74a6daff7c9b"
GAS = "602c79718b16e442de58778e148d0b1084e3b2dffd5de6b7b16cee7969282de7"
HOLDER_ADDRESS = address("n2", HOLDER)


@pytest.fixture(scope="module")
def chain(build_once: NodeBuilder) -> Node:
    """A chain of 11 blocks; all NEO is where the first block put it, with the validators."""
    return build_once(chain_of(block(1, transfers((None, HOLDER, 5))), height=10), "n2")


@pytest.fixture(scope="module")
def issue(chain: Node) -> dict[str, Any]:
    """The transaction of the first block that gave all NEO to the validators."""
    transaction: dict[str, Any] = result(chain, "getblock", 0, True)["tx"][-1]
    return transaction


@pytest.fixture(scope="module")
def validators(issue: dict[str, Any]) -> str:
    (output,) = issue["vout"]
    return str(output["address"])


def test_an_account_holds_no_global_assets(chain: Node) -> None:
    assert result(chain, "getaccountstate", HOLDER_ADDRESS) == {
        "version": 0,
        "script_hash": HOLDER,
        "frozen": False,
        "votes": [],
        "balances": [],
    }
    assert result(chain, "getunspents", HOLDER_ADDRESS) == {"balance": [], "address": HOLDER_ADDRESS}
    assert result(chain, "getclaimable", HOLDER_ADDRESS) == {
        "claimable": [],
        "address": HOLDER_ADDRESS,
        "unclaimed": 0,
    }
    assert result(chain, "getunclaimed", HOLDER_ADDRESS) == {"available": 0, "unavailable": 0, "unclaimed": 0}


def test_the_validators_hold_all_neo(chain: Node, validators: str) -> None:
    assert result(chain, "getaccountstate", validators)["balances"] == [{"asset": f"0x{NEO}", "value": "100000000"}]


def test_an_unspent_output_names_its_transaction_without_0x(
    chain: Node, issue: dict[str, Any], validators: str
) -> None:
    expected = {
        "unspent": [{"txid": str(issue["txid"])[2:], "n": 0, "value": 100000000}],
        "asset_hash": NEO,
        "asset": "NEO",
        "asset_symbol": "NEO",
        "amount": 100000000,
    }
    assert result(chain, "getunspents", validators)["balance"] == [expected]
    assert result(chain, "getunspents", validators, True)["balance"] == [expected]
    assert result(chain, "getunspents", validators, False)["balance"] == []


def test_all_neo_earns_8_gas_a_block_at_first(chain: Node, validators: str) -> None:
    # from block 0 until before block 10
    assert result(chain, "getunclaimed", validators) == {"available": 0, "unavailable": 80, "unclaimed": 80}


def test_the_rate_falls_every_2000000_blocks(build: NodeBuilder) -> None:
    node = build(chain_of(height=2_000_003), "n2")
    holder = result(node, "getblock", 0, True)["tx"][-1]["vout"][0]["address"]
    assert result(node, "getunclaimed", holder)["unavailable"] == 2_000_000 * 8 + 3 * 7


def test_an_output_that_nobody_spent_is_printed_and_any_other_is_null(chain: Node, issue: dict[str, Any]) -> None:
    (output,) = issue["vout"]
    assert result(chain, "gettxout", issue["txid"], 0) == output
    assert result(chain, "gettxout", issue["txid"], 1) is None
    assert result(chain, "gettxout", "0x" + "12" * 32, 0) is None


@pytest.mark.parametrize(
    ("asset", "kind", "name", "available", "precision", "admin"),
    [
        (NEO, "GoverningToken", "AntShare", "100000000", 0, "Abf2qMs1pzQb8kYk9RuxtUb9jtRKJVuBJt"),
        (GAS, "UtilityToken", "AntCoin", "0", 8, "AWKECj9RD8rS8RPcpCgYVjk1DeYyHwxZm3"),
    ],
)
def test_a_global_asset_is_printed_as_registered(
    chain: Node, asset: str, kind: str, name: str, available: str, precision: int, admin: str
) -> None:
    state = result(chain, "getassetstate", asset)
    assert state["name"][1] == {"lang": "en", "name": name}
    del state["name"]
    assert state == {
        "version": 0,
        "id": f"0x{asset}",
        "type": kind,
        "amount": "100000000",
        "available": available,
        "precision": precision,
        "owner": "00",
        "admin": admin,
        "issuer": admin,
        "expiration": 4000000,
        "frozen": False,
    }


def test_another_asset_is_unknown(chain: Node) -> None:
    assert error(chain, "getassetstate", "12" * 32) == {"code": -100, "message": "Unknown asset"}


def test_a_script_hash_is_no_account_for_getaccountstate(chain: Node) -> None:
    assert error(chain, "getaccountstate", HOLDER) == {"code": -32602, "message": "Invalid params"}


def test_nobody_paid_a_system_fee(chain: Node) -> None:
    assert result(chain, "getblocksysfee", 10) == "0"
    assert error(chain, "getblocksysfee", 11) == {"code": -100, "message": "Invalid Height"}


def nothing_of(*assets: str) -> list[Json]:
    symbols = {NEO: "NEO", GAS: "GAS"}
    return [
        {"asset_hash": f"0x{asset}", "asset": symbols[asset], "total_amount": "0", "transactions": []}
        for asset in assets
    ]


@pytest.mark.parametrize(
    ("params", "assets"),
    [([], [NEO, GAS]), (["neo"], [NEO]), (["GAS"], [GAS]), ([0, 5], [NEO, GAS]), (["neo", 3, 3], [NEO])],
)
def test_no_global_asset_moved(chain: Node, params: list[Json], assets: list[str]) -> None:
    assert result(chain, "getutxotransfers", HOLDER_ADDRESS, *params) == {
        "address": HOLDER_ADDRESS,
        "sent": nothing_of(*assets),
        "received": nothing_of(*assets),
    }


@pytest.mark.parametrize("params", [["btc"], [5, 4], ["neo", 5, 4]])
def test_a_span_or_asset_that_is_none_is_refused(chain: Node, params: list[Json]) -> None:
    assert error(chain, "getutxotransfers", HOLDER_ADDRESS, *params)["code"] == -32602


def test_a_recorded_proof_is_verified_without_the_state_it_is_of(chain: Node) -> None:
    """The calls and the row are those of a running neo-cli 2.12.2, on another chain."""
    root = "0x91e43bb441e786ada15f6520efd6f021935b33a49c3dd543677fed0a8bbc1188"
    calls = read(DATA / "neo2" / "answers.json.gz")["calls"]
    shown = next(
        call["answer"] for call in calls if call["method"] == "getproof" and '"success":true' in call["answer"]
    )
    proof = json.loads(shown)["result"]["proof"]
    assert result(chain, "verifyproof", root, proof) == {"value": "8a2d597611"}
    assert result(chain, "verifyproof", root, proof[:-2]) == "invalid"
    assert error(chain, "verifyproof", root, proof[:40])["code"] == -2147024858


def test_nothing_is_proved_in_the_empty_state_and_another_is_not_known(chain: Node) -> None:
    token = "70b3f7fc1f751e6915926540dfa10cdeeed15743"
    assert result(chain, "getproof", "0" * 64, token, "00") == {
        "success": False,
        "proof": f"25{bytes.fromhex(token)[::-1].hex()}{'00' * 16}0f00",
    }
    assert error(chain, "getproof", "1" * 64, token, "00")["code"] == -32603

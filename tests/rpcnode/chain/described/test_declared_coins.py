"""NEO and GAS of Neo 2 in a fixture: holdings and movements become coins, by the rules of running nodes' UTXOs."""

from typing import Any

import pytest

from rpcnode.primitives.errors import NodeError
from rpcnode.testing import in_process
from rpcnode.testing.local_node import LocalNode

HOLDER, OTHER = "0x" + "a1" * 20, "0x" + "b2" * 20
NEO = "0xc56f33fc6ecfcd0c225c4ab356fee59390af8560be0e930faebe74a6daff7c9b"
GAS = "0x602c79718b16e442de58778e148d0b1084e3b2dffd5de6b7b16cee7969282de7"


def moving(*transfers: dict[str, Any], block: int = 2) -> dict[str, Any]:
    return {
        "balances": [
            {"account": HOLDER, "asset": "NEO", "amount": 100, "block": 1},
            {"account": HOLDER, "asset": "GAS", "amount": "250000000", "block": 1},
        ],
        "blocks": [{"index": block, "transactions": [{"transfers": [each]} for each in transfers]}],
    }


def moved(asset: str, amount: int, sender: str | None = HOLDER, receiver: str | None = OTHER) -> dict[str, Any]:
    return {"asset": asset, "from": sender, "to": receiver, "amount": amount}


def balances(node: LocalNode, account: str) -> dict[str, str]:
    address = node.call("getunspents", account)["address"]
    return {row["asset"]: row["value"] for row in node.call("getaccountstate", address)["balances"]}


def node_of(fixture: dict[str, Any]) -> Any:
    return in_process(fixture, profile="n2")


def test_balances_are_coins_and_the_validators_have_the_change() -> None:
    with node_of(moving()) as node:
        assert balances(node, HOLDER) == {NEO: "100", GAS: "2.5"}
        validators = node.call("getblockheader", 0, 1)["nextconsensus"]
        assert node.call("getaccountstate", validators)["balances"] == [{"asset": NEO, "value": "99999900"}]


def test_a_movement_spends_coins_and_gives_change() -> None:
    with node_of(moving(moved("NEO", 30), moved("GAS", 50_000_000))) as node:
        assert balances(node, HOLDER) == {NEO: "70", GAS: "2"}
        assert balances(node, OTHER) == {NEO: "30", GAS: "0.5"}
        neo, gas = (tx for tx in node.call("getblock", 2, 1)["tx"] if tx["type"] == "ContractTransaction")
        assert [(out["asset"], out["value"]) for out in neo["vout"]] == [(NEO, "70"), (NEO, "30")]
        assert (neo["net_fee"], gas["net_fee"]) == ("0", "0")
        spent = neo["vin"][0]
        assert node.call("gettxout", spent["txid"], spent["vout"]) is None
        assert node.call("gettxout", neo["txid"], 1)["value"] == "30"


def test_coins_made_in_a_block_can_be_spent_in_it() -> None:
    third = "0x" + "c3" * 20
    with node_of(moving(moved("NEO", 100), moved("NEO", 60, OTHER, third))) as node:
        assert (balances(node, OTHER)[NEO], balances(node, third)[NEO]) == ("40", "60")


def test_spent_neo_can_be_claimed_for() -> None:
    # 100 NEO from block 1 to block 11: 8 GAS a block for 100,000,000 NEO are 0.00000008 for one and block.
    with node_of(moving(moved("NEO", 100), block=11)) as node:
        (claim,) = node.call("getclaimable", HOLDER)["claimable"]
        assert (claim["start_height"], claim["end_height"], claim["generated"]) == (1, 11, 0.00008)


def test_what_is_burned_of_gas_is_a_network_fee_and_neo_goes_back_to_the_validators() -> None:
    with node_of(moving(moved("GAS", 50_000_000, receiver=None), moved("NEO", 40, receiver=None))) as node:
        assert balances(node, HOLDER) == {NEO: "60", GAS: "2"}
        fees = [tx["net_fee"] for tx in node.call("getblock", 2, 1)["tx"] if tx["type"] == "ContractTransaction"]
        assert fees == ["0.5", "0"]


def test_tokens_and_coins_go_in_one_transaction() -> None:
    fixture = moving()
    fixture["contracts"] = {"demo": {"standard": "NEP-5"}}
    both = [{"asset": "demo", "from": None, "to": OTHER, "amount": 7}, moved("NEO", 5)]
    fixture["blocks"] = [{"index": 2, "transactions": [{"transfers": both}]}]
    with node_of(fixture) as node:
        assert balances(node, OTHER) == {NEO: "5"}
        assert [row["amount"] for row in node.call("getnep5balances", OTHER)["balance"]] == ["7"]


@pytest.mark.parametrize(
    ("transfer", "told"),
    [
        (moved("NEO", 101), f"cannot move so much of NEO: {HOLDER} has 100"),
        (moved("GAS", 1, OTHER, HOLDER), f"cannot move so much of GAS: {OTHER} has 0"),
        (moved("NEO", 100_000_000, None), "has 99999900"),
    ],
)
def test_more_than_there_is_cannot_be_moved(transfer: dict[str, Any], told: str) -> None:
    with pytest.raises(NodeError, match=told), node_of(moving(transfer)):
        pass


def test_coins_go_though_a_script_fails_so_that_such_a_transaction_is_refused() -> None:
    fixture = moving()
    fixture["blocks"] = [{"index": 2, "transactions": [{"transfers": [moved("NEO", 1)], "faults": True}]}]
    with pytest.raises(NodeError, match="leave faults out"), node_of(fixture):
        pass


def test_dev_transfer_moves_coins_and_a_rewind_gives_them_back() -> None:
    with node_of(moving()) as node:
        node.call("dev_setBlockTime", "manual")
        node.call("dev_transfer", {"asset": "NEO", "from": HOLDER, "to": OTHER, "amount": 60})
        node.call("dev_transfer", {"asset": "NEO", "from": OTHER, "to": HOLDER, "amount": 20})
        height = node.call("dev_mine") - 1
        assert (balances(node, HOLDER)[NEO], balances(node, OTHER)[NEO]) == ("60", "40")
        node.call("dev_rewind", height)
        assert (balances(node, HOLDER)[NEO], balances(node, OTHER)) == ("100", {})
        with pytest.raises(Exception, match="cannot move so much of NEO"):
            node.call("dev_transfer", {"asset": "NEO", "from": OTHER, "to": HOLDER, "amount": 1})

"""Compiled contracts of a fixture are deployed by transactions, and invocations run their scripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rpcnode.primitives.errors import NodeError
from rpcnode.testing import in_process
from rpcnode.testing.local_node import LocalNode
from tests.rpcnode.dev.compiled_contracts import (
    HOLDER,
    NEF_BASE64,
    SHOP,
    SHOP_OF_HOLDER,
    VALIDATORS,
    buying,
    manifest,
    shop,
)

CONTRACT_MANAGEMENT = "0xfffdc93764dbaddd97c48f252a53ea4643faa3fd"
GAS_FOR_DEPLOYMENT = 2_000_000_000


def chain(contract: dict[str, Any], *transactions: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """A chain with the shop, and with transactions in block 5."""
    return {
        "accounts": {"holder": {"seed": "a"}, "other": {"seed": "b"}, "stranger": "0x" + "12" * 20},
        "contracts": {"shop": contract},
        "balances": [{"account": "holder", "asset": "GAS", "amount": GAS_FOR_DEPLOYMENT, "block": 1}],
        "blocks": [{"index": 5, "transactions": list(transactions)}],
        **sections,
    }


def calling(*invocations: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"invocations": list(invocations), **members}


@contextmanager
def playing(fixture: dict[str, Any], **options: Any) -> Iterator[LocalNode]:
    with in_process(fixture, **options) as node:
        yield node


def only_execution(node: LocalNode, transaction: str) -> dict[str, Any]:
    (execution,) = node.call("getapplicationlog", transaction)["executions"]
    return dict(execution)


def transactions(node: LocalNode, block_index: int) -> list[dict[str, Any]]:
    return list(node.call("getblock", block_index, True)["tx"])


def answer(node: LocalNode, contract: str, method: str, *args: Any) -> Any:
    (item,) = node.call("invokefunction", contract, method, list(args))["stack"]
    return item["value"]


def test_a_contract_is_deployed_by_a_transaction_of_the_validators() -> None:
    with playing(chain(shop(deployed_at=3, data=7))) as node:
        (transaction,) = transactions(node, 3)
        execution = only_execution(node, transaction["hash"])
        signers = [(signer["account"], signer["scopes"]) for signer in transaction["signers"]]
        state = node.call("getcontractstate", SHOP)
        price = answer(node, SHOP, "price")
        contracts = node.contracts
    assert signers == [(VALIDATORS, "None")]
    assert (execution["vmstate"], execution["gasconsumed"]) == ("HALT", transaction["sysfee"])
    (deployed,) = execution["notifications"]
    assert (deployed["contract"], deployed["eventname"]) == (CONTRACT_MANAGEMENT, "Deploy")
    assert (state["id"], state["updatecounter"], state["manifest"]["name"]) == (1, 0, "Shop")
    assert price == "7"
    assert contracts["shop"] == SHOP


def test_a_deployer_sends_and_pays_the_deployment() -> None:
    with playing(chain(shop(deployed_at=3, deployer="holder"))) as node:
        (transaction,) = transactions(node, 3)
        owner = answer(node, SHOP_OF_HOLDER, "owner")
        left = node.balance("holder", "GAS")
    assert [(signer["account"], signer["scopes"]) for signer in transaction["signers"]] == [(HOLDER, "CalledByEntry")]
    assert owner == "2ZWSmF5IRDcdYWUgrnM7g++sBg0="  # the bytes of HOLDER
    assert left == GAS_FOR_DEPLOYMENT - int(transaction["sysfee"]) - int(transaction["netfee"])


def test_an_invocation_runs_the_script_and_is_paid_by_the_validators() -> None:
    with playing(chain(shop(data=7), calling(buying(3)))) as node:
        (transaction,) = transactions(node, 5)
        execution = only_execution(node, transaction["hash"])
        sold = answer(node, SHOP, "sold", {"type": "Hash160", "value": HOLDER})
    assert (execution["vmstate"], execution["gasconsumed"]) == ("HALT", transaction["sysfee"])
    assert execution["stack"] == [{"type": "Integer", "value": "21"}]
    (event,) = execution["notifications"]
    assert (event["contract"], event["eventname"]) == (SHOP, "Sold")
    assert [(signer["account"], signer["scopes"]) for signer in transaction["signers"]] == [
        (VALIDATORS, "None"),
        (HOLDER, "CalledByEntry"),
    ]
    assert sold == "3"


def test_each_transaction_is_tried_on_what_those_before_it_left() -> None:
    with playing(chain(shop(), *[calling(buying(2), buying(1))] * 2)) as node:
        stacks = [only_execution(node, each["hash"])["stack"] for each in transactions(node, 5)]
    assert [[item["value"] for item in stack] for stack in stacks] == [["2", "3"], ["5", "6"]]


def test_transfers_come_before_invocations_and_events_behind() -> None:
    moved = {"asset": "GAS", "from": "holder", "to": "other", "amount": 5}
    event = {"contract": "shop", "event": "Told", "state": [1]}
    with playing(chain(shop(), calling(buying(1), transfers=[moved], notifications=[event]))) as node:
        (transaction,) = transactions(node, 5)
        names = [each["eventname"] for each in only_execution(node, transaction["hash"])["notifications"]]
    assert names == ["Transfer", "Sold", "Told"]


def test_a_call_that_is_declared_to_fail_fails_of_itself() -> None:
    with playing(chain(shop(), calling(buying(0), faults=True))) as node:
        (transaction,) = transactions(node, 5)
        execution = only_execution(node, transaction["hash"])
    assert (execution["vmstate"], execution["gasconsumed"]) == ("FAULT", transaction["sysfee"])
    assert "nothing is bought" in execution["exception"]


def test_native_contracts_are_called_by_their_names() -> None:
    fee = {"contract": "PolicyContract", "method": "getFeePerByte"}
    with playing(chain(shop(), calling(fee))) as node:
        (transaction,) = transactions(node, 5)
        stack = only_execution(node, transaction["hash"])["stack"]
    assert stack == [{"type": "Integer", "value": "1000"}]


def test_what_is_above_the_height_comes_with_its_block() -> None:
    with playing(chain(shop(deployed_at=4, data=2), calling(buying(3)), node={"height": 2})) as node:
        assert "shop" not in node.contracts
        node.mine(3)
        assert node.contracts["shop"] == SHOP
        assert answer(node, SHOP, "sold", {"type": "Hash160", "value": HOLDER}) == "3"


def test_contracts_put_in_place_get_the_ids_that_scripts_left_free() -> None:
    contracts = {
        "first": {"standard": "none"},
        "shop": shop(deployed_at=2),
        "later": {"standard": "none", "deployed_at": 4},
    }
    with playing(chain(shop(), contracts=contracts)) as node:
        ids = [node.call("getcontractstate", node.contracts[name])["id"] for name in ("first", "shop", "later")]
    assert ids == [1, 2, 3]


def test_the_validators_of_a_committee_deploy_at_the_hash_that_the_fixture_knows() -> None:
    network = {"committee": ["holder", "other"], "validators_count": 2}
    with playing(chain(shop(), calling(buying(1)), network=network)) as node:
        (transaction,) = transactions(node, 5)
        script_hash = node.contracts["shop"]
        assert script_hash != SHOP
        assert node.call("getcontractstate", script_hash)["manifest"]["name"] == "Shop"
        assert transaction["signers"][0]["account"] != VALIDATORS


def test_a_node_in_a_test_deploys_and_invokes() -> None:
    with playing({"accounts": {"holder": {"seed": "a"}}}) as node:
        node.deploy("shop", nef=NEF_BASE64, manifest=manifest(), data=7)
        args = [{"type": "Hash160", "value": "holder"}, 3]
        outcome = node.invoke("shop", "buy", args, signers=["holder"])
        assert only_execution(node, outcome.transaction_id)["stack"] == [{"type": "Integer", "value": "21"}]


def test_the_same_files_make_the_same_blocks() -> None:
    hashes = []
    for _ in range(2):
        with playing(chain(shop(data=7), calling(buying(3)))) as node:
            hashes.append((node.call("getblockhash", 5), node.call("getblockhash", 1)))
    assert hashes[0] == hashes[1]


TRANSACTION = "blocks[0].transactions[0]"


@pytest.mark.parametrize(
    ("fixture", "error"),
    [
        (
            chain(shop(), calling(buying(0))),
            f"{TRANSACTION}.invocations[0]: its script fails: ASSERTMSG is executed with false result. "
            "Reason: nothing is bought",
        ),
        (
            chain(shop(), calling(buying(1, signers=[]))),
            f"{TRANSACTION}.invocations[0]: its script fails: ASSERTMSG is executed with false result. "
            "Reason: the buyer has not signed",
        ),
        (
            chain(shop(), calling(buying(1, method="sell"))),
            f'Method "sell" with 2 parameter(s) doesn\'t exist in the contract {SHOP}.',
        ),
        (
            chain(shop(), calling(buying(1), faults=True)),
            f"{TRANSACTION}: faults is true, and its script does not fail",
        ),
        (
            chain(shop(), calling(buying(1), buying(1, signers=[{"account": "holder", "scopes": "Global"}]))),
            f"{TRANSACTION}.invocations[1]: {HOLDER} signs this transaction already, with another scope",
        ),
        (
            chain(shop(data=[1])),
            "contracts.shop: its script fails: ",
        ),
        (
            chain(shop(deployer="stranger")),
            "contracts.shop: 0x1212121212121212121212121212121212121212 has 0 datoshi of GAS, and its transactions of "
            "this block cost ",
        ),
        (
            chain(shop(deployer="holder", deployed_at=1)),
            f"contracts.shop: {HOLDER} has 0 datoshi of GAS",
        ),
    ],
    ids=["assert", "witness", "method", "does not fail", "scopes", "deploy", "no gas", "too early"],
)
def test_what_cannot_be_played_is_refused_in_words(fixture: dict[str, Any], error: str) -> None:
    with pytest.raises(NodeError) as caught, playing(fixture):
        pass
    assert error in str(caught.value)


def test_an_error_names_file_and_line(tmp_path: Path) -> None:
    entry = shop()
    path = tmp_path / "chain.yaml"
    path.write_text(
        "contracts:\n"
        f"  shop: {{nef: {entry['nef']}, manifest: {entry['manifest']}}}\n"
        "blocks:\n"
        "- index: 1\n"
        "  transactions:\n"
        "  - invocations:\n"
        "    - {contract: shop, method: buy, args: [null, 1]}\n",
        "utf-8",
    )
    with pytest.raises(NodeError) as caught, in_process(path):
        pass
    assert str(caught.value).startswith(f"{path}:7: blocks[0].transactions[0].invocations[0]: its script fails: ")

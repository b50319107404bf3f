"""Commands that run scripts: dev_invoke, and dev_deploy of a compiled contract."""

from typing import Any

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.rpcnode.dev.compiled_contracts import HOLDER, NEF_BASE64, SHOP, SHOP_OF_HOLDER, VALIDATORS, buying, manifest
from tests.rpcnode.dev.control.small_chain_nodes import HEIGHT, Commanded, Start

COMPILED: dict[str, Json] = {"key": "shop", "nef": NEF_BASE64, "manifest": manifest()}
CHAIN: dict[str, Any] = {
    "accounts": {"holder": {"seed": "a"}, "other": {"seed": "b"}},
    "balances": [{"account": "holder", "asset": "GAS", "amount": 4_000_000_000, "block": 1}],
    "node": {"height": HEIGHT},
}


def signers(node: Commanded, transaction: str) -> list[tuple[str, str]]:
    return [(each["account"], each["scopes"]) for each in node("getrawtransaction", transaction, True)["signers"]]


def execution(node: Commanded, transaction: str) -> dict[str, Any]:
    (found,) = node("getapplicationlog", transaction)["executions"]
    return dict(found)


def hash_of(node: Commanded, name: str) -> str:
    return next(str(each["script_hash"]) for each in node("dev_info")["contracts"] if each["name"] == name)


def test_a_compiled_contract_is_deployed_and_called(start: Start) -> None:
    node = start(document=CHAIN)
    deployment = node("dev_deploy", COMPILED | {"data": 7})
    assert signers(node, deployment) == [(VALIDATORS, "None")]
    assert hash_of(node, "shop") == SHOP
    call = node("dev_invoke", buying(3))
    assert execution(node, call)["stack"] == [{"type": "Integer", "value": "21"}]
    assert node("getrawtransaction", call, True)["sysfee"] == execution(node, call)["gasconsumed"]


@pytest.mark.parametrize("members", [{"deployer": "holder"}, {"signers": ["holder"]}], ids=["deployer", "signers"])
def test_who_signs_a_deployment_first_is_its_sender(start: Start, members: dict[str, Json]) -> None:
    node = start(document=CHAIN)
    deployment = node("dev_deploy", COMPILED | members)
    assert signers(node, deployment) == [(HOLDER, "CalledByEntry")]
    assert hash_of(node, "shop") == SHOP_OF_HOLDER


def test_the_name_in_the_manifest_is_the_key_where_there_is_none(start: Start) -> None:
    node = start(document=CHAIN)
    node("dev_deploy", {"nef": NEF_BASE64, "manifest": manifest()})
    assert hash_of(node, "Shop") == SHOP


def test_the_first_signer_pays_a_call_if_it_can(start: Start) -> None:
    node = start(document=CHAIN)
    node("dev_deploy", COMPILED)
    assert signers(node, node("dev_invoke", buying(1))) == [(HOLDER, "CalledByEntry")]
    other = node("dev_invoke", buying(1, "other"))
    assert signers(node, other)[0] == (VALIDATORS, "None")


def test_all_that_wait_together_are_paid(start: Start) -> None:
    """The holder can pay for one more deployment, and not for two; of calls the validators pay the rest."""
    node = start(document=CHAIN)
    node("dev_deploy", COMPILED | {"deployer": "holder"})
    node("dev_setBlockTime", "manual")
    sent = [
        node(
            "dev_deploy",
            COMPILED | {"key": f"shop{number}", "manifest": manifest(name=f"Shop{number}"), "deployer": "holder"},
        )
        for number in (1, 2)
    ]
    error = node.error(
        "dev_deploy", COMPILED | {"key": "more", "manifest": manifest(name="More"), "deployer": "holder"}
    )
    assert f"{HOLDER} has " in error["message"]
    node("dev_mine")
    assert [execution(node, each)["vmstate"] for each in sent] == ["HALT", "HALT"]


def test_what_waits_is_given_up_where_its_sender_cannot_pay_any_more(start: Start) -> None:
    node = start(document=CHAIN)
    node("dev_mine", 2)
    node("dev_setBlockTime", "manual")
    waiting = node("dev_deploy", COMPILED | {"deployer": "holder"})
    node("dev_rewind", 0)  # before the holder had any GAS
    node("dev_mine")
    assert node("dev_info")["waiting"] == []
    assert "error" not in node("getblock", 1, True)
    assert node.error("gettransactionheight", waiting)["code"] == -103


def test_what_waits_outlasts_a_dump(start: Start) -> None:
    node = start(document=CHAIN)
    node("dev_setBlockTime", "manual")
    deployment = node("dev_deploy", COMPILED | {"data": 7})
    call = node("dev_invoke", buying(3))
    node("dev_loadState", node("dev_dumpState"))
    node("dev_mine")
    assert execution(node, deployment)["vmstate"] == "HALT"
    assert execution(node, call)["stack"] == [{"type": "Integer", "value": "21"}]
    assert hash_of(node, "shop") == SHOP


def test_a_call_that_fails_is_an_error_and_nothing_is_mined(start: Start) -> None:
    node = start(document=CHAIN)
    node("dev_deploy", COMPILED)
    told = node.error("dev_invoke", buying(0))["message"]
    assert told == "its script fails: ASSERTMSG is executed with false result. Reason: nothing is bought"
    assert node("getblockcount") == HEIGHT + 2


def test_a_call_may_be_declared_to_fail_and_has_to(start: Start) -> None:
    node = start(document=CHAIN)
    node("dev_deploy", COMPILED)
    assert execution(node, node("dev_invoke", buying(0, faults=True)))["vmstate"] == "FAULT"
    assert "does not fail" in node.error("dev_invoke", buying(1, faults=True))["message"]


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"nef": "shop.nef"}, 'contract.nef: "shop.nef" is a path; a NEF is given in Base64 here'),
        ({"nef": "build/shop"}, 'contract.nef: "build/shop" is no NEF in Base64, which begins with TkVGM'),
        ({"manifest": "shop.manifest.json"}, "contract.manifest: "),
        ({"nef": NEF_BASE64[:-4]}, "contract.nef: what is here is no NEF: "),
        ({"manifest": None}, "contract.manifest: is missing"),
        ({"deployed_at": 5}, "contract.deployed_at: comes from the block"),
        ({"standard": "NEP-17"}, "contract.standard: does not go with nef"),
        ({"signers": "holder"}, 'contract.signers: "holder" stands where a list belongs'),
        ({"signers": ["holder"], "deployer": "holder"}, "contract.deployer: the first of signers deploys"),
        ({"key": "holder"}, "contract.key: holder is the name of an account"),
        ({"data": [1]}, "its script fails: "),
        ({"deployer": "other"}, "has 0 datoshi of GAS, and its transactions of this block cost "),
    ],
    ids=lambda value: "" if isinstance(value, str) else str([*value]),
)
def test_what_cannot_be_deployed_is_refused(start: Start, members: dict[str, Json], error: str) -> None:
    node = start(document=CHAIN)
    assert error in node.error("dev_deploy", COMPILED | members)["message"]
    assert node("getblockcount") == HEIGHT + 1


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_older_profiles_run_no_scripts(start: Start, profile: ProfileName) -> None:
    node = start(profile)
    assert "is for profile n3" in node.error("dev_deploy", COMPILED)["message"]
    assert "scripts run on profile n3 only" in node.error("dev_invoke", {"contract": "coin", "method": "a"})["message"]

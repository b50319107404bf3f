"""A token that dev_deploy deploys, as both REST faces show it, from its block on and no longer; over a real socket."""

from typing import Any, Final

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import HOLDER, PROFILES, Document, block, transfers
from tests.plugins.rest_node import RestNode, RestNodes, target_of

COIN: Final = "0x11223344556677889900" + "ab" * 10
COIN_ID: Final = "0x112233445566778899000001"
"""20 digits of the contract's hash, then the position of the chain, in four."""

NEIGHBOUR: Final = "0x11223344556677889900" + "cd" * 10
OLD: Final = "0x" + "77" * 20
FAR: Final = "0x" + "fa" * 20

REST: Final[dict[str, Json]] = {
    "logos": [{"uri": "https://x.example/a.png", "width": 1, "height": 2}],
    "urls": [{"name": "site", "url": "https://x.example/"}],
    "current_usd_price": 0.5,
    "unique_asset_id": "0x0ABC0001",
    "spark_factor": "100000000000000000000",
}
CHAIN: Final[Document] = {
    "node": {"height": 20},
    "contracts": {
        "old": {
            "hash": OLD,
            "standard": "NEP-5",
            "destroyed_at": 9,
            "rest": {"unique_asset_id": "0x70001", "current_usd_price": 3},
        }
    },
    "blocks": [block(2, transfers((None, HOLDER, 5), asset="old"))],
    "other_chains": [
        {
            "chain_id": "56",
            "name": "second",
            "kind": "evm",
            "assets": [{"contract_address": FAR, "name": "Far", "symbol": "FAR", "decimals": 18}],
            "balances": [],
        }
    ],
}


@pytest.fixture(params=PROFILES)
def node(serve: RestNodes, request: pytest.FixtureRequest) -> RestNode:
    profile: ProfileName = request.param
    node = serve(CHAIN, profile)
    node.call("dev_reset")
    return node


def deploy(node: RestNode, **members: Json) -> None:
    node.call("dev_deploy", {"key": "coin", "hash": COIN, "standard": "NEP-5", "decimals": 2, **members})


def metadata(node: RestNode, contract: str = COIN) -> Any:
    """What Chainbase says of a token; None where there is none."""
    target = target_of("/v1/token/metadata", chain_id="1", contract_address=contract)
    return node.get(target, x_api_key="demo").json.get("data")


def asset(node: RestNode, asset_id: str) -> Any:
    """What Teos says of an asset; None where there is none."""
    answer = node.get(f"/odata/v1.0/Assets('{asset_id}')", Authorization="Bearer demo-token")
    return answer.json if answer.status == 200 else None


def held(node: RestNode, asset_id: str) -> Any:
    """The amount that Teos says HOLDER has of an asset."""
    call = f"/odata/v1.0/Balances(address='{HOLDER}',uniqueAssetId='{asset_id}')"
    return node.get(call, Authorization="Bearer demo-token").json["Amount"]


def test_both_faces_show_it_under_its_derived_id(node: RestNode) -> None:
    deploy(node, name="Some coin", symbol="SOME")
    node.call("dev_mint", {"asset": "coin", "to": HOLDER, "amount": str(2**255 - 1)})
    assert metadata(node) == {
        "contract_address": COIN,
        "decimals": 2,
        "name": "Some coin",
        "symbol": "SOME",
        "total_supply": str(2**255 - 1),
        "logos": [],
        "urls": [],
        "current_usd_price": 0,
    }
    assert (asset(node, COIN_ID)["Name"], asset(node, COIN_ID)["SparkFactor"]) == ("Some coin", "100")
    assert held(node, COIN_ID) == str(2**255 - 1)


def test_what_rest_says_is_shown(node: RestNode) -> None:
    deploy(node, rest=REST)
    node.call("dev_mint", {"asset": "coin", "to": HOLDER, "amount": 7})
    shown = metadata(node)
    assert [shown[key] for key in ("logos", "urls", "current_usd_price")] == [REST["logos"], REST["urls"], 0.5]
    assert (asset(node, "abc0001")["Id"], asset(node, "abc0001")["SparkFactor"]) == ("0x0abc0001", "1" + "0" * 20)
    assert (held(node, "0xABC0001"), held(node, COIN_ID)) == ("7", "0")


def test_it_comes_with_its_block(node: RestNode) -> None:
    node.call("dev_setBlockTime", "manual")
    deploy(node, rest=REST)
    assert (metadata(node), asset(node, "0xabc0001")) == (None, None)
    node.call("dev_mine")
    assert (metadata(node)["current_usd_price"], asset(node, "0xabc0001")["Id"]) == (0.5, "0x0abc0001")


def test_it_goes_with_its_block(node: RestNode) -> None:
    before = node.call("dev_dumpState")
    deploy(node, rest=REST)
    state = node.call("dev_dumpState")
    node.call("dev_rewind", 20)
    assert node.call("dev_dumpState") == before
    assert (metadata(node), asset(node, "0xabc0001")) == (None, None)
    deploy(node, rest={"current_usd_price": 2})
    assert (metadata(node)["current_usd_price"], asset(node, "0xabc0001")) == (2, None)
    node.call("dev_loadState", state)
    assert (metadata(node)["current_usd_price"], asset(node, COIN_ID)) == (0.5, None)


def test_a_node_put_back_below_it_shows_it_again_when_it_comes_up(node: RestNode) -> None:
    deploy(node, rest=REST)
    node.call("dev_setSync", {"height": 20, "header_height": 21})
    assert (metadata(node), asset(node, "0xabc0001")) == (None, None)
    node.call("dev_setSync", {"height": 21})
    assert (metadata(node)["current_usd_price"], asset(node, "0xabc0001")["Id"]) == (0.5, "0x0abc0001")


def test_in_the_place_of_a_destroyed_one_it_has_its_own(node: RestNode) -> None:
    assert (metadata(node, OLD)["current_usd_price"], held(node, "0x70001")) == (3, "5")
    node.call("dev_deploy", {"key": "coin", "hash": OLD, "standard": "NEP-5"})
    assert (metadata(node, OLD)["current_usd_price"], asset(node, "0x70001")) == (0, None)
    assert asset(node, "0x777777777777777777770001")["Name"] == "coin"
    node.call("dev_rewind", 20)
    assert (metadata(node, OLD)["current_usd_price"], held(node, "0x70001")) == (3, "5")


@pytest.mark.parametrize(
    ("asset_id", "owner"),
    [("0x70001", "old"), ("0X0070001", "old"), (f"0x{'fa' * 10}0002", "FAR of chain 56"), (COIN_ID, "waiting")],
)
def test_an_id_that_is_another_assets_is_refused(serve: RestNodes, asset_id: str, owner: str) -> None:
    node = serve(CHAIN)
    node.call("dev_reset")
    node.call("dev_setBlockTime", "manual")
    node.call("dev_deploy", {"key": "waiting", "hash": COIN, "standard": "NEP-17"})
    before = node.call("dev_dumpState")
    error = node.error("dev_deploy", {"key": "x", "standard": "NEP-17", "rest": {"unique_asset_id": asset_id}})
    place, reason = "contract.rest.unique_asset_id", f"the unique asset id {asset_id} is that of {owner} already"
    assert error == {"code": -32602, "message": f"Invalid params - {place}: {reason}; give it another"}
    assert node.call("dev_dumpState") == before


def test_where_the_derived_id_is_another_assets_it_is_of_the_whole_hash(serve: RestNodes) -> None:
    node = serve(CHAIN)
    node.call("dev_reset")
    deploy(node)
    node.call("dev_deploy", {"key": "neighbour", "hash": NEIGHBOUR, "standard": "NEP-17"})
    assert asset(node, COIN_ID)["Name"] == "coin"
    assert asset(node, f"{NEIGHBOUR}0001")["Name"] == "neighbour"

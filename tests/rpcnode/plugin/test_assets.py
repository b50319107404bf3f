"""The chains and assets that REST faces show."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.node import Node
from rpcnode.plugin.assets import Assets
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from tests.rpcnode.plugin.plugin_files import node_with

ALICE: Final = "0x" + "a1" * 20
COIN: Final = "0x1234567890123456789" + "0" * 21
GONE: Final = "0x" + "66" * 20
LATER: Final = "0x" + "55" * 20
PICTURE: Final = "0x" + "44" * 20
PLAIN: Final = "0x" + "33" * 20
FAR: Final = "0x" + "22" * 20
GAS: Final = "0xd2a4cff31913016155e38e474a2c06d08be276cf"

CHAIN: Final[dict[str, Json]] = {
    "network": {"chain_id": "7"},
    "node": {"height": 20},
    "contracts": {
        "coin": {
            "hash": COIN,
            "standard": "NEP-17",
            "name": "Some coin",
            "symbol": "SOME",
            "decimals": 3,
            "rest": {
                "logos": [{"uri": "https://x.example/a.png", "width": 1, "height": 2}],
                "urls": [{"name": "site", "url": "https://x.example/"}],
                "current_usd_price": 0.5,
            },
        },
        "gone": {"hash": GONE, "standard": "NEP-5", "symbol": "GONE", "decimals": 2, "destroyed_at": 9},
        "later": {"hash": LATER, "standard": "NEP-17", "deployed_at": 21},
        "picture": {"hash": PICTURE, "standard": "NEP-11"},
        "plain": {"hash": PLAIN, "standard": "none"},
    },
    "blocks": [
        {
            "index": index,
            "transactions": [{"transfers": [{"asset": asset, "from": None, "to": ALICE, "amount": amount}]}],
        }
        for index, asset, amount in ((1, "coin", 2**200), (2, "gone", 5), (3, "GAS", 7), (4, "GAS", 8))
    ],
    "other_chains": [
        {
            "chain_id": "56",
            "name": "second",
            "kind": "evm",
            "assets": [{"contract_address": FAR, "name": "Far", "symbol": "FAR", "decimals": 18}],
            "balances": [{"address": ALICE, "contract_address": FAR, "amount": "0"}],
        }
    ],
    "keys": {"chainbase": [{"key": "k", "chains": ["56"]}]},
}


@pytest.fixture(params=["from the fixture", "reopened"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    path = tmp_path / "chain.json"
    path.write_text(json.dumps(CHAIN), "utf-8")
    db = tmp_path / "chain.db"
    node = node_with(chain=path, db=db)
    if request.param == "reopened":
        node.close()
        node = node_with(db=db)
    yield node
    node.close()


@pytest.fixture
def assets(node: Node) -> Assets:
    return node.view.assets


def test_the_nodes_own_chain_comes_first(assets: Assets) -> None:
    assert [(name, chain.address_version) for name, chain in assets.chains.items()] == [("7", 0x35), ("56", None)]


def test_an_asset_is_what_its_contract_and_the_fixture_say(assets: Assets) -> None:
    asset = assets.chains["7"].asset(UInt160.parse(COIN))
    assert asset is not None
    assert (asset.name, asset.symbol, asset.decimals, asset.total_supply) == ("Some coin", "SOME", 3, 2**200)
    assert asset.logos == [{"uri": "https://x.example/a.png", "width": 1, "height": 2}]
    assert (asset.urls, asset.current_usd_price) == ([{"name": "site", "url": "https://x.example/"}], 0.5)
    assert asset.spark_factor == 1000


def test_an_id_that_was_not_given_is_20_digits_of_the_hash_and_the_chains_position(assets: Assets) -> None:
    own_id, listed_id = int("0x12345678901234567890" + "0001", 16), int("22" * 10 + "0002", 16)
    found = assets.by_unique_id({own_id, listed_id, 5})
    own, listed = found.pop(own_id), found.pop(listed_id)
    assert found == {}
    assert (own[0].chain_id, str(own[1].contract)) == ("7", COIN)
    assert (listed[0].chain_id, str(listed[1].contract)) == ("56", FAR)


def test_native_tokens_are_assets_too(assets: Assets) -> None:
    asset = assets.chains["7"].asset(UInt160.parse(GAS))
    assert asset is not None
    assert (asset.name, asset.symbol, asset.decimals) == ("GasToken", "GAS", 8)
    assert asset.unique_asset_id == "0xd2a4cff31913016155e30001"


def test_a_destroyed_asset_is_shown_as_it_last_was(assets: Assets) -> None:
    asset = assets.chains["7"].asset(UInt160.parse(GONE))
    assert asset is not None
    assert (asset.symbol, asset.decimals, asset.total_supply) == ("GONE", 2, 5)


@pytest.mark.parametrize("contract", [LATER, PICTURE, PLAIN, "0x" + "99" * 20])
def test_no_asset_is_what_is_not_deployed_yet_not_fungible_or_no_token(assets: Assets, contract: str) -> None:
    assert assets.chains["7"].asset(UInt160.parse(contract)) is None


def test_holdings_come_page_by_page_in_the_order_of_displayed_hashes(assets: Assets) -> None:
    chain = assets.chains["7"]
    account = UInt160.parse(ALICE)
    whole = [(str(asset.contract), amount) for asset, amount in chain.holdings(account, 0, 9, with_zero=True)]
    assert whole == [(COIN, 2**200), (GONE, 5), (GAS, 15)]
    assert [asset.symbol for asset, _ in chain.holdings(account, 2, 9, with_zero=True)] == ["GAS"]
    assert chain.count(account, with_zero=True) == 3


def test_a_listed_chains_rows_are_those_of_the_fixture(assets: Assets) -> None:
    chain = assets.chains["56"]
    account = UInt160.parse(ALICE)
    assert [(asset.symbol, amount) for asset, amount in chain.holdings(account, 0, 9, with_zero=True)] == [("FAR", 0)]
    assert chain.holdings(account, 0, 9, with_zero=False) == []
    assert (chain.count(account, with_zero=True), chain.count(account, with_zero=False)) == (1, 0)
    assert dict(chain.amounts(account, [UInt160.parse(FAR)])) == {UInt160.parse(FAR): 0}
    assert chain.native_amount(account, None) == 0


@pytest.mark.parametrize("block_index, amount", [(2, 0), (3, 7), (4, 15), (None, 15), (10**9, 15)])
def test_the_native_amount_is_that_of_gas_after_a_block(assets: Assets, block_index: int | None, amount: int) -> None:
    assert assets.chains["7"].native_amount(UInt160.parse(ALICE), block_index) == amount


def test_keys_are_those_of_the_fixture(assets: Assets) -> None:
    expected: list[dict[str, Any]] = [{"key": "k", "chains": ["56"]}]
    assert (assets.keys("chainbase"), assets.keys("teos")) == (expected, None)

"""/v1/account/balance and /v1/token/metadata."""

from typing import Final

import pytest

from rpcnode.primitives.errors import ProfileName
from tests.plugins.chainbase.chainbase_chain import BALANCE, BIG, CHAIN, FAR, GAS, GONE, KEPT, METADATA, UNKNOWN, answer
from tests.plugins.node_builder import HOLDER
from tests.plugins.rest_node import RestNode, RestNodes

# In CHAIN, which stands at block 20, HOLDER gets 12 units of GAS in block 4 and 8 in block 6: 0xc, then 0x14.
BALANCES: Final = [
    (None, "0x14"),
    ("latest", "0x14"),
    ("0", "0x0"),
    ("3", "0x0"),
    ("4", "0xc"),
    ("0x5", "0xc"),
    ("005", "0xc"),
    ("6", "0x14"),
    ("0X14", "0x14"),
    ("21", "0x14"),
    (2**63, "0x14"),
    (10**100, "0x14"),
    ("9" * 5000, "0x14"),
    (hex(2**5000), "0x14"),
]


@pytest.fixture(scope="module")
def node(serve: RestNodes) -> RestNode:
    return serve(CHAIN)


@pytest.mark.parametrize(("to_block", "balance"), BALANCES)
def test_a_balance_is_that_of_gas_after_a_block(node: RestNode, to_block: object, balance: str) -> None:
    expected = {"code": 0, "message": "ok", "data": balance}
    assert answer(node, BALANCE, address=HOLDER, to_block=to_block) == expected


def test_a_balance_is_decimal_where_balances_are(serve: RestNodes) -> None:
    assert answer(serve(CHAIN, settings={"Chainbase.Balances": "decimal"}), BALANCE, address=HOLDER)["data"] == "20"


@pytest.mark.parametrize(("account", "chain_id"), [(UNKNOWN, "1"), (HOLDER, "56")])
def test_an_unknown_account_and_a_chain_without_a_native_token_have_nothing(
    node: RestNode, account: str, chain_id: str
) -> None:
    assert answer(node, BALANCE, address=account, chain_id=chain_id)["data"] == "0x0"


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_a_balance_is_answered_for_every_profile(serve: RestNodes, profile: ProfileName) -> None:
    assert answer(serve({"node": {"height": 1}}, profile), BALANCE, address=HOLDER)["data"] == "0x0"


def test_metadata_is_a_row_without_a_balance(node: RestNode) -> None:
    assert answer(node, METADATA, contract_address="0X" + KEPT[2:].upper()) == {
        "code": 0,
        "message": "ok",
        "data": {
            "contract_address": KEPT,
            "decimals": 3,
            "name": "Kept coin",
            "symbol": "KEPT",
            "total_supply": "77",
            "logos": [{"uri": "https://x.example/a.png", "width": 1, "height": 2}],
            "urls": [{"name": "site", "url": "https://x.example/"}],
            "current_usd_price": 0.5,
        },
    }


@pytest.mark.parametrize(
    ("contract", "chain_id", "symbol", "decimals", "total_supply"),
    [
        (BIG, "1", "BIG", 8, str(2**255 - 1)),
        (GONE, "1", "GONE", 8, "5"),
        (GAS, "1", "GAS", 8, None),
        (FAR, "56", "FAR", 18, "0"),
    ],
)
def test_the_metadata_of_a_token_is_what_its_contract_says(
    node: RestNode, contract: str, chain_id: str, symbol: str, decimals: int, total_supply: str | None
) -> None:
    told = answer(node, METADATA, contract_address=contract, chain_id=chain_id)["data"]
    assert (told["symbol"], told["decimals"]) == (symbol, decimals)
    assert total_supply in (None, told["total_supply"])

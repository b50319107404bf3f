"""/v1/account/tokens: which rows, in what order, on which page; every answer over a real socket."""

from typing import Any, Final

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests import PROJECT
from tests.plugins.chainbase.chainbase_chain import (
    BIG,
    CHAIN,
    FAR,
    GONE,
    KEPT,
    LATER,
    MANY,
    MOST,
    PICTURE,
    SPENDER,
    SPENT,
    UNKNOWN,
    answer,
    numbered,
    rows,
)
from tests.plugins.node_builder import HOLDER, PROFILES, address
from tests.plugins.rest_node import RestNode, RestNodes

SEED: Final = PROJECT / "fixtures" / "seed.yaml"
SEED_ACCOUNT: Final = "0x39e7394d6231aa09c097d02391d5d149f873f12b"


@pytest.fixture(scope="module")
def node(serve: RestNodes) -> RestNode:
    return serve(CHAIN)


# Rows


def test_the_example_of_the_documentation_page_is_answered(serve: RestNodes) -> None:
    # 9999200000000000 is 0x2386382c09c000.
    assert answer(serve(SEED), address=SEED_ACCOUNT, limit=1) == {
        "code": 0,
        "message": "ok",
        "data": [
            {
                "contract_address": "0x433f0891e80c107b9e63d5f5b7cddf1fc35eb0b9",
                "decimals": 8,
                "name": "Demo three",
                "symbol": "D3",
                "balance": "0x2386382c09c000",
                "total_supply": "10000000000000000",
                "logos": [],
                "urls": [],
                "current_usd_price": 0,
            }
        ],
        "next_page": 2,
        "count": 5,
    }


def test_a_row_says_what_the_fixture_says_of_its_token(node: RestNode) -> None:
    assert answer(node, address=SPENDER, limit=1)["data"] == [
        {
            "contract_address": KEPT,
            "decimals": 3,
            "name": "Kept coin",
            "symbol": "KEPT",
            "balance": "0x5",
            "total_supply": "77",
            "logos": [{"uri": "https://x.example/a.png", "width": 1, "height": 2}],
            "urls": [{"name": "site", "url": "https://x.example/"}],
            "current_usd_price": 0.5,
        }
    ]


def test_a_token_that_was_spent_or_is_gone_keeps_its_row(node: RestNode) -> None:
    assert rows(node, address=SPENDER) == [(KEPT, "0x5"), (SPENT, "0x0"), (GONE, "0x5")]


def test_zero_rows_can_be_left_out(serve: RestNodes) -> None:
    node = serve(CHAIN, settings={"Chainbase.ZeroRows": "omit"})
    assert rows(node, address=SPENDER) == [(KEPT, "0x5"), (GONE, "0x5")]
    assert answer(node, address=SPENDER, limit=2)["count"] == 2
    assert rows(node, address=SPENDER, contract_address=f"{SPENT},{BIG},{GONE}") == [(GONE, "0x5")]
    assert answer(node, address=SPENDER, chain_id="56") == {"code": 0, "message": "ok", "data": [], "count": 0}


@pytest.mark.parametrize("account", [UNKNOWN, LATER])
def test_an_unknown_account_has_no_rows(node: RestNode, account: str) -> None:
    assert answer(node, address=account) == {"code": 0, "message": "ok", "data": [], "count": 0}


def test_the_letter_case_of_an_address_says_nothing(node: RestNode) -> None:
    assert rows(node, address="0X" + SPENDER[2:].upper()) == rows(node, address=SPENDER)


@pytest.mark.parametrize(("form", "text"), [("hex", "0x7" + "f" * 63), ("decimal", str(2**255 - 1))])
def test_256_bits_survive(serve: RestNodes, form: str, text: str) -> None:
    node = serve(CHAIN, settings={"Chainbase.Balances": form})
    assert (BIG, text) in rows(node, address=HOLDER)
    assert int(text, 0) == MOST


@pytest.mark.parametrize(("form", "text"), [("hex", "0x" + "f" * 64), ("decimal", str(2**256 - 1))])
def test_256_bits_survive_on_another_chain(serve: RestNodes, form: str, text: str) -> None:
    assert rows(serve(CHAIN, settings={"Chainbase.Balances": form}), address=HOLDER, chain_id="56") == [(FAR, text)]


def test_a_total_supply_is_decimal_whatever_balances_are(serve: RestNodes) -> None:
    node = serve(CHAIN, settings={"Chainbase.Balances": "decimal"})
    [row] = answer(node, address=SPENDER, contract_address=KEPT)["data"]
    assert (row["balance"], row["total_supply"]) == ("5", "77")


def test_a_spent_out_row_of_another_chain_is_there(node: RestNode) -> None:
    assert rows(node, address=SPENDER, chain_id="56") == [(FAR, "0x0")]


def test_a_chain_id_is_any_text(node: RestNode) -> None:
    assert answer(node, address=HOLDER, chain_id="a b&c=d/é")["count"] == 0


@pytest.mark.parametrize(
    "tracker", [{"TokensTracker.EnabledTrackers": []}, {"RpcNep5Tracker.TrackedStandards": ["NEP-11"]}]
)
def test_what_trackers_are_told_to_follow_changes_nothing(serve: RestNodes, tracker: dict[str, Json]) -> None:
    picture: dict[str, Any] = {
        "transactions": [
            {"transfers": [{"asset": "picture", "from": None, "to": SPENDER, "amount": 1, "token_id": "01"}]}
        ],
        "index": 5,
    }
    chain = {**CHAIN, "blocks": sorted([*CHAIN["blocks"], picture], key=lambda block: int(block["index"]))}
    node = serve(chain, settings=tracker)
    assert rows(node, address=SPENDER) == [(KEPT, "0x5"), (SPENT, "0x0"), (GONE, "0x5")]
    assert answer(node, address=SPENDER, limit=3) == answer(node, address=SPENDER) | {"count": 3}


@pytest.mark.parametrize("profile", PROFILES)
def test_one_row_is_seen_through_every_face(serve: RestNodes, profile: ProfileName) -> None:
    chain = {key: CHAIN[key] for key in ("node", "contracts", "keys")} | {
        "contracts": {name: CHAIN["contracts"][name] for name in ("kept", "spent")},
        "blocks": [
            {"index": 2, "transactions": [{"transfers": [{"asset": "kept", "from": None, "to": HOLDER, "amount": 7}]}]},
            {
                "index": 3,
                "transactions": [{"transfers": [{"asset": "spent", "from": None, "to": HOLDER, "amount": 9}]}],
            },
        ],
        "keys": {"chainbase": [{"key": "demo"}]},
    }
    node = serve(chain, profile)
    assert rows(node, address=HOLDER) == [(KEPT, "0x7"), (SPENT, "0x9")]
    [nep5] = node.call("getnep5balances", address(profile, HOLDER))["balance"]
    assert (nep5["asset_hash"][-40:], nep5["amount"], nep5["last_updated_block"]) == (SPENT[2:], "9", 3)
    if profile == "n3":
        [nep17] = node.call("getnep17balances", HOLDER)["balance"]
        assert (nep17["assethash"], nep17["amount"], nep17["lastupdatedblock"]) == (KEPT, "7", 2)


# Pages


@pytest.mark.parametrize(
    ("limit", "page", "first", "last", "next_page"),
    [
        (10, 1, 1, 10, 2),
        (10, 2, 11, 20, 3),
        (10, 3, 21, 25, None),
        (5, 1, 1, 5, 2),
        (5, 4, 16, 20, 5),
        (5, 5, 21, 25, None),
        (None, None, 1, 20, 2),
        (25, 1, 1, 25, None),
        (100, None, 1, 25, None),
        (24, 2, 25, 25, None),
        ("007", "002", 8, 14, 3),
    ],
)
def test_25_rows_are_cut_into_pages(
    node: RestNode, limit: object, page: object, first: int, last: int, next_page: int | None
) -> None:
    given = answer(node, address=MANY, limit=limit, page=page)
    assert [(row["contract_address"], row["balance"]) for row in given["data"]] == [
        (numbered(number), hex(number)) for number in range(first, last + 1)
    ]
    assert given["count"] == 25
    assert given.get("next_page", "absent") == (next_page or "absent")


@pytest.mark.parametrize("page", [4, 50, 2**31, 2**63, 2**63 + 1, 2**64, 2**70, 10**100, "9" * 5000])
@pytest.mark.parametrize("limit", [10, 100])
@pytest.mark.parametrize("chain_id", ["1", "56"])
def test_a_page_past_the_last_is_empty(node: RestNode, page: object, limit: int, chain_id: str) -> None:
    given = answer(node, address=MANY, limit=limit, page=page, chain_id=chain_id)
    assert given == {"code": 0, "message": "ok", "data": [], "count": 25 if chain_id == "1" else 0}


# Named contracts


def test_named_contracts_are_all_there_in_order_once_each_if_registered(node: RestNode) -> None:
    named = [BIG, SPENT, UNKNOWN, PICTURE, LATER, BIG.upper().replace("X", "x"), KEPT, "0X" + KEPT[2:]]
    given = answer(node, address=SPENDER, contract_address=",".join(named))
    found = [(row["contract_address"], row["balance"]) for row in given["data"]]
    assert found == [(KEPT, "0x5"), (SPENT, "0x0"), (BIG, "0x0")]
    assert given["count"] == 3


@pytest.mark.parametrize("named", [UNKNOWN, f"{UNKNOWN},{LATER}"])
def test_only_unregistered_contracts_are_nothing_and_not_everything(node: RestNode, named: str) -> None:
    assert answer(node, address=SPENDER, contract_address=named) == {
        "code": 0,
        "message": "ok",
        "data": [],
        "count": 0,
    }


def test_an_empty_filter_is_none(node: RestNode) -> None:
    assert answer(node, address=SPENDER, contract_address="") == answer(node, address=SPENDER)


def test_a_hundred_contracts_can_be_named(node: RestNode) -> None:
    named = [numbered(number) for number in range(1, 26)] * 4
    given = answer(node, address=MANY, contract_address=",".join(named), limit=10, page=3)
    assert [row["contract_address"] for row in given["data"]] == named[20:25]
    assert given["count"] == 25


def test_named_contracts_are_cut_into_pages(node: RestNode) -> None:
    given = answer(node, address=SPENDER, contract_address=f"{GONE},{SPENT},{KEPT}", limit=2)
    assert [row["contract_address"] for row in given["data"]] == [KEPT, SPENT]
    assert (given["count"], given["next_page"]) == (3, 2)


def test_contracts_of_another_chain_are_found_there(node: RestNode) -> None:
    assert rows(node, address=UNKNOWN, contract_address=f"{FAR},{KEPT}", chain_id="56") == [(FAR, "0x0")]
    assert rows(node, address=HOLDER, contract_address=FAR) == []

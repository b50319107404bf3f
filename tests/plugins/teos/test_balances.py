"""Rows of GetAssetsBalances and its sisters: which, in what order, how spelled; every answer over a real socket."""

from typing import Final

import pytest

from rpcnode.primitives.errors import ProfileName
from tests import PROJECT
from tests.plugins.node_builder import HOLDER, OTHER, PROFILES, address
from tests.plugins.rest_node import RestNode, RestNodes
from tests.plugins.teos.teos_chain import (
    CALL,
    CHAIN,
    COIN_ID,
    DERIVED_ID,
    FAR_ID,
    MOST_LISTED,
    MOST_OWN,
    OLD_ID,
    ROOT,
    answer,
    ask,
    call_of,
    error,
    triples,
)

SEED: Final = PROJECT / "fixtures" / "seed.yaml"
SEED_ACCOUNT: Final = "0x39e7394d6231aa09c097d02391d5d149f873f12b"
SEED_ADDRESS: Final = "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1"
SEED_NEO2_ADDRESS: Final = "AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh"
SEED_ID: Final = "0x0fc6e610b23b09fae00e10001"
SEED_IDS: Final = {
    "8d06bc235c2585c9d27ede8ed7085b3e13fc0c36": SEED_ID,
    "8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b": "0x8c23f196d8a1bfd103a90001",
    "9bde8f209c88dd0e7ca3bf0af0f476cdd8207789": "0x9bde8f209c88dd0e7ca30001",
    "433f0891e80c107b9e63d5f5b7cddf1fc35eb0b9": "0x433f0891e80c107b9e630001",
    "9c33bbf2f5afbbc8fe271dd37508acd93573cffc": "0x9c33bbf2f5afbbc8fe270001",
}
"""By contract: the one that the fixture gives, else 20 digits of the hash and the chain's position."""


@pytest.fixture(scope="module")
def node(serve: RestNodes) -> RestNode:
    return serve(CHAIN)


@pytest.fixture(scope="module")
def seed(serve: RestNodes) -> RestNode:
    return serve(SEED)


def rows(node: RestNode, addresses: list[str], asset_ids: list[str]) -> list[tuple[str, str, str]]:
    return triples(answer(node, call_of(addresses, asset_ids)))


# The ledger


def test_the_worked_example_is_answered(seed: RestNode) -> None:
    assert answer(seed, call_of([SEED_ACCOUNT], [SEED_ID, "0xDEADBEEF0001"])) == [
        {"Address": SEED_ACCOUNT, "UniqueAssetId": SEED_ID, "Amount": "9990000000000000"},
        {"Address": SEED_ACCOUNT, "UniqueAssetId": "0xdeadbeef0001", "Amount": "0"},
    ]


@pytest.mark.parametrize("profile", ["n3", "n3-preview"])  # the fixture's address is none of Neo 2
def test_amounts_are_those_of_getnep5balances(serve: RestNodes, profile: ProfileName) -> None:
    node = serve(SEED, profile)
    of_neo = node.call("getnep5balances", SEED_ACCOUNT)["balance"]
    expected = {SEED_IDS[row["asset_hash"].removeprefix("0x")]: row["amount"] for row in of_neo}
    assert len(expected) == 5
    assert {asset: amount for _, asset, amount in rows(node, [SEED_ACCOUNT], list(expected))} == expected


def test_256_bits_arrive_unchanged(node: RestNode) -> None:
    assert rows(node, [HOLDER], [DERIVED_ID, FAR_ID]) == [
        (HOLDER, DERIVED_ID, str(MOST_OWN)),
        (HOLDER, FAR_ID, str(MOST_LISTED)),
    ]


def test_an_id_picks_the_chain_too(node: RestNode) -> None:
    # 1234 minted and 7 received; all 7 of OTHER's sent on.
    assert rows(node, [HOLDER, OTHER], [OLD_ID, COIN_ID]) == [
        (HOLDER, OLD_ID, "5"),
        (HOLDER, COIN_ID, "1241"),
        (OTHER, OLD_ID, "0"),
        (OTHER, COIN_ID, "0"),
    ]


@pytest.mark.parametrize(
    ("asset_id", "amount"),
    [("0x50001", "0"), ("0x60001", "0"), ("0xd2a4cff31913016155e30001", "0")],
    ids=["not deployed yet", "NEP-11", "GAS, of which nobody named has any"],
)
def test_what_is_no_asset_or_is_not_held_is_zero(node: RestNode, asset_id: str, amount: str) -> None:
    assert rows(node, [OTHER], [asset_id]) == [(OTHER, asset_id, amount)]


# Rows


def test_rows_are_by_address_then_by_asset_in_the_order_asked(node: RestNode) -> None:
    asked = [(who, what) for who, what, _ in rows(node, [OTHER, HOLDER], [FAR_ID, "0x1", COIN_ID])]
    assert asked == [(who, what) for who in (OTHER, HOLDER) for what in (FAR_ID, "0x1", COIN_ID)]


def test_what_is_asked_twice_is_answered_once_at_its_first_place(node: RestNode) -> None:
    addresses = [OTHER, HOLDER, "0X" + OTHER[2:].upper(), "nobody", "nobody", HOLDER[2:]]
    asset_ids = [COIN_ID, "abcdef0001", "0x5", "0x05", "0X00ABCDEF0001", "none", "NONE"]
    assert [(who, what) for who, what, _ in rows(node, addresses, asset_ids)] == [
        (who, what) for who in (OTHER, HOLDER, "nobody") for what in (COIN_ID, "0x5", "none")
    ]


def test_an_account_asked_for_in_hex_and_as_an_address_is_answered_once(seed: RestNode) -> None:
    asked = [SEED_ADDRESS, SEED_ACCOUNT, SEED_NEO2_ADDRESS]
    assert rows(seed, asked, [SEED_ID]) == [(SEED_ADDRESS, SEED_ID, "9990000000000000")]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (SEED_ACCOUNT, SEED_ACCOUNT),
        (SEED_ACCOUNT[2:], SEED_ACCOUNT),
        ("0X" + SEED_ACCOUNT[2:].upper(), SEED_ACCOUNT),
        (SEED_ADDRESS, SEED_ADDRESS),
        (SEED_NEO2_ADDRESS, SEED_NEO2_ADDRESS),
    ],
)
def test_an_account_has_many_spellings(seed: RestNode, sent: str, shown: str) -> None:
    assert rows(seed, [sent], [SEED_ID]) == [(shown, SEED_ID, "9990000000000000")]


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "0x",
        "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN2",  # the checksum
        SEED_ACCOUNT + "0",
        SEED_ACCOUNT[:-1],
        SEED_ACCOUNT[:-1] + "g",
        "0x0" + SEED_ACCOUNT[2:],
        "0x" * 2 + SEED_ACCOUNT[2:],
        "me@example.org",
    ],
)
def test_what_is_no_address_holds_nothing_and_is_shown_as_sent(seed: RestNode, sent: str) -> None:
    assert rows(seed, [sent], [SEED_ID]) == [(sent, SEED_ID, "0")]


@pytest.mark.parametrize(
    "sent",
    [
        "0x0fc6e610b23b09fae00e10001",
        "0xfc6e610b23b09fae00e10001",
        "fc6e610b23b09fae00e10001",
        "0X0000000FC6E610B23B09FAE00E10001",
    ],
)
def test_an_asset_id_is_a_number_and_shown_as_its_registry_spells_it(seed: RestNode, sent: str) -> None:
    assert rows(seed, [SEED_ADDRESS], [sent]) == [(SEED_ADDRESS, SEED_ID, "9990000000000000")]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("0xDEADBEEF0001", "0xdeadbeef0001"),
        ("DEADBEEF0001", "deadbeef0001"),
        ("GAS", "gas"),
        ("", ""),
        ("+1", "+1"),
        ("1_0", "1_0"),
        ("-1", "-1"),
        ("0x", "0x"),
    ],
)
def test_an_unknown_asset_is_zero_and_shown_as_sent_in_lower_case(seed: RestNode, sent: str, shown: str) -> None:
    assert rows(seed, [SEED_ACCOUNT], [sent]) == [(SEED_ACCOUNT, shown, "0")]


@pytest.mark.parametrize(("addresses", "asset_ids"), [([], []), ([HOLDER], []), ([], [COIN_ID])])
def test_an_empty_list_gives_no_rows(node: RestNode, addresses: list[str], asset_ids: list[str]) -> None:
    assert answer(node, call_of(addresses, asset_ids)) == []


def test_zero_rows_can_be_left_out(serve: RestNodes) -> None:
    node = serve(CHAIN, settings={"Teos.Rows": "omit"})
    assert rows(node, [HOLDER, OTHER, "nobody"], [COIN_ID, "0x30001", "0x1"]) == [
        (HOLDER, COIN_ID, "1241"),
        (OTHER, "0x30001", "2"),
    ]


def test_amounts_can_be_units(serve: RestNodes) -> None:
    node = serve(CHAIN, settings={"Teos.Amounts": "units"})
    assert rows(node, [HOLDER, OTHER], [COIN_ID, DERIVED_ID, FAR_ID, OLD_ID, "0x30001"]) == [
        (HOLDER, COIN_ID, "1.241"),
        # 2^255 - 1 at 8 decimals, and 2^256 - 1 at 18.
        (HOLDER, DERIVED_ID, "578960446186580977117854925043439539266349923328202820197287920039565.64819967"),
        (HOLDER, FAR_ID, "115792089237316195423570985008687907853269984665640564039457.584007913129639935"),
        (HOLDER, OLD_ID, "5"),
        (HOLDER, "0x30001", "0"),
        (OTHER, COIN_ID, "0"),
        (OTHER, DERIVED_ID, "0"),
        (OTHER, FAR_ID, "0"),
        (OTHER, OLD_ID, "0"),
        (OTHER, "0x30001", "0." + "6" * 77),  # 2 / 3
    ]


def test_300_addresses_times_300_assets_are_90000_rows_of_one_answer(serve: RestNodes) -> None:
    node = serve(CHAIN, settings={"Teos.MaxCombinations": 90_000})
    addresses = [HOLDER, *(f"0x{number:040x}" for number in range(1, 300))]
    asset_ids = [COIN_ID, *(f"0x{number:x}7777" for number in range(1, 300))]
    found = ask(node, call_of(addresses, asset_ids).replace("'", "%27"))
    assert len(found.json) == 90_000
    assert [row for row in found.json if row["Amount"] != "0"] == [
        {"Address": HOLDER, "UniqueAssetId": COIN_ID, "Amount": "1241"}
    ]


# One row


@pytest.mark.parametrize(
    ("target", "amount"),
    [
        (f"{ROOT}/Balances(address='{HOLDER}',uniqueAssetId='{COIN_ID}')", "1241"),
        (f"/Balances(UniqueAssetId=%22{COIN_ID}%22,%20ADDRESS='{HOLDER}')", "1241"),
        (f"/Balances(address=@a,uniqueAssetId=@b)?@a='{HOLDER}'&@b='{COIN_ID}'", "1241"),
        (f"/Balances(address='{HOLDER}',uniqueAssetId='0x30001')", "0"),
    ],
)
def test_one_balance_is_one_object_and_zero_when_unheld(node: RestNode, target: str, amount: str) -> None:
    asset_id = COIN_ID if amount != "0" else "0x30001"
    assert answer(node, target) == {"Address": HOLDER, "UniqueAssetId": asset_id, "Amount": amount}


# A token's own accounts


def test_the_balances_of_a_tokens_accounts_are_all_they_ever_received(node: RestNode) -> None:
    assert triples(answer(node, f"{ROOT}/Balances/My", token="holders")) == [
        (HOLDER, COIN_ID, "1241"),
        (HOLDER, DERIVED_ID, str(MOST_OWN)),
        (HOLDER, FAR_ID, str(MOST_LISTED)),
        (HOLDER, OLD_ID, "5"),
        (OTHER, COIN_ID, "0"),
        (OTHER, "0x30001", "2"),
        (OTHER, "0x40001", "5"),
        (OTHER, OLD_ID, "0"),
    ]


@pytest.mark.parametrize(
    ("skip", "first", "count"),
    [("0", COIN_ID, 8), ("3", OLD_ID, 5), ("7", OLD_ID, 1), ("8", None, 0), (str(2**70), None, 0), ("9" * 99, None, 0)],
)
def test_rows_can_be_skipped(node: RestNode, skip: str, first: str | None, count: int) -> None:
    found = answer(node, f"/Balances/My?$skip={skip}", token="holders")
    assert len(found) == count
    assert (found[0]["UniqueAssetId"] if found else None) == first


def test_a_page_of_own_balances_has_50_rows_at_most(serve: RestNodes) -> None:
    contracts = {f"n{number}": {"hash": f"0x{number:040x}", "standard": "NEP-17"} for number in range(1, 61)}
    held = [{"account": HOLDER, "asset": name, "amount": 1, "block": 1} for name in contracts]
    keys = {"teos": [{"token": "one", "accounts": [HOLDER]}]}
    # So small a hash begins with 20 zeros: ids are given.
    for number, contract in enumerate(contracts.values(), start=1):
        contract["rest"] = {"unique_asset_id": f"0x{number:x}0001"}  # type: ignore[assignment]
    node = serve({"node": {"height": 1}, "contracts": contracts, "balances": held, "keys": keys})
    assert [len(answer(node, f"/Balances/My?$skip={skip}", token="one")) for skip in (0, 50)] == [50, 10]


def test_a_token_without_accounts_has_no_balances(node: RestNode) -> None:
    assert answer(node, "/Balances/My") == []


def test_own_balances_without_zero_rows(serve: RestNodes) -> None:
    node = serve(CHAIN, settings={"Teos.Rows": "omit"})
    assert [row["UniqueAssetId"] for row in answer(node, "/Balances/My?$skip=4", token="holders")] == [
        "0x30001",
        "0x40001",
    ]


@pytest.mark.parametrize(
    ("query", "status", "code"), [("$filter=true", 501, "501"), ("$skip=x", 400, "12002"), ("$skip=-1", 400, "12002")]
)
def test_a_query_option_that_is_not_served_or_no_number_is_refused(
    node: RestNode, query: str, status: int, code: str
) -> None:
    found = ask(node, f"/Balances/My?{query}")
    assert (found.status, error(found)["code"]) == (status, code)


# Assets and the service itself


@pytest.mark.parametrize("target", [f"{ROOT}/Assets('0xabcdef0001')", "/Assets(ID=%22abcdef0001%22)"])
def test_an_asset_is_what_its_contract_and_the_fixture_say(node: RestNode, target: str) -> None:
    assert answer(node, target) == {
        "Id": COIN_ID,
        "Author": "",
        "Name": "Some coin",
        "Symbol": "SOME",
        "Description": "",
        "SparkFactor": "1000",
    }


@pytest.mark.parametrize(
    ("asset_id", "sparks", "units"),
    # Of the coin 1234 and 7 are minted.
    [(COIN_ID, "1241", "1.241"), (OLD_ID, "100", "100")],
)
def test_the_total_amount_is_in_sparks_and_in_units(node: RestNode, asset_id: str, sparks: str, units: str) -> None:
    found = answer(node, f"{ROOT}/Assets('{asset_id}')/TotalAmount")
    assert found == {"TotalSparks": sparks, "TotalUnits": units}


@pytest.mark.parametrize("tail", ["", "/TotalAmount"])
def test_an_unknown_asset_is_404(node: RestNode, tail: str) -> None:
    found = ask(node, f"{ROOT}/Assets('0x77'){tail}")
    assert found.status == 404
    assert [detail["code"] for detail in error(found)["details"]] == ["1001"]


@pytest.mark.parametrize("target", [f"{ROOT}/Ping", "/Ping"])
def test_ping_is_empty(node: RestNode, target: str) -> None:
    found = ask(node, target)
    assert (found.status, found.body, found.headers["odata-version"]) == (200, b"", "4.0")


@pytest.mark.parametrize("target", [ROOT, f"{ROOT}/"])
def test_the_service_document_lists_the_entity_sets(node: RestNode, target: str) -> None:
    found = answer(node, target)
    assert found["@odata.context"] == f"{ROOT}/$metadata"
    assert [(entry["name"], entry["url"]) for entry in found["value"]] == [
        ("Balances", "Balances"),
        ("Assets", "Assets"),
    ]


def test_the_function_of_the_metadata_can_be_called_by_its_full_name(node: RestNode) -> None:
    target = f"{ROOT}/Balances/Default.GetAssetsBalances(addresses=['{HOLDER}'],uniqueAssetIds=['{COIN_ID}'])"
    assert triples(answer(node, target)) == [(HOLDER, COIN_ID, "1241")]
    assert f"{ROOT}/Balances/GetAssetsBalances" == CALL


def test_the_metadata_describes_the_members_that_rows_have(node: RestNode) -> None:
    from xml.etree import ElementTree

    found = ask(node, f"{ROOT}/$metadata")
    assert (found.status, found.headers["content-type"]) == (200, "application/xml")
    names = {"edm": "http://docs.oasis-open.org/odata/ns/edm"}
    document = ElementTree.fromstring(found.body)
    members = {
        kind.attrib["Name"]: [member.attrib["Name"] for member in kind.iterfind("edm:Property", names)]
        for kind in [*document.iterfind(".//edm:EntityType", names), *document.iterfind(".//edm:ComplexType", names)]
    }
    asset = f"{ROOT}/Assets('{COIN_ID}')"
    assert members["Balance"] == list(answer(node, call_of([HOLDER], [COIN_ID]))[0])
    assert members["Asset"] == [*answer(node, asset), "TotalAmount"]
    assert members["TotalAmount"] == list(answer(node, f"{asset}/TotalAmount"))


@pytest.mark.parametrize("profile", PROFILES)
def test_an_address_of_the_profiles_network_is_one(serve: RestNodes, profile: ProfileName) -> None:
    node = serve(CHAIN, profile)
    text = address(profile, HOLDER)
    assert rows(node, [text], [COIN_ID]) == [(text, COIN_ID, "1241")]

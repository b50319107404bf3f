"""What the getnep5balances page promises about contracts, and what the nodes' sources do instead.

Source: the notes of the documentation's page; neo-plugins v3.0.0-preview2 and v2.12.0, RpcNep5Tracker: GetNep5Balances.
The codes of documented mode are our decision.
"""

from typing import Any, Final

import pytest

from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import (
    HOLDER,
    OTHER,
    PROFILES,
    REFERENCE,
    TOKEN,
    Document,
    NodeBuilder,
    address,
    balances,
    block,
    chain_of,
    error,
    event,
    history,
    notifies,
    result,
    transfers,
)

LATE: Final = "0x" + "1a" * 20
GONE: Final = "0x" + "90" * 20
NEP17: Final = "0x" + "17" * 20
NEP11: Final = "0x" + "11" * 20
PLAIN: Final = "0x" + "9a" * 20
CONTRACTS: Final[Document] = {
    "demo": {"hash": TOKEN, "standard": "NEP-5"},
    "late": {"hash": LATE, "standard": "NEP-5", "deployed_at": 50},
    "gone": {"hash": GONE, "standard": "NEP-5", "destroyed_at": 5},
    "newer": {"hash": NEP17, "standard": "NEP-17"},
    "unique": {"hash": NEP11, "standard": "NEP-11"},
    "plain": {"hash": PLAIN, "standard": "none"},
}
NOT_NEP5: Final = (NEP17, NEP11, PLAIN)
BLOCKS: Final = (
    block(
        1,
        transfers((None, HOLDER, 10), (None, LATE, 1), (None, GONE, 2), (None, NEP17, 3), (None, PLAIN, 4)),
        transfers((None, HOLDER, 20), asset="gone"),
    ),
    block(2, transfers((None, HOLDER, 30), asset="newer")),
    block(60, transfers((None, HOLDER, 40), asset="late")),
)
CHAIN: Final = chain_of(*BLOCKS, contracts=CONTRACTS, height=10)
SYNCED: Final = chain_of(*BLOCKS, contracts=CONTRACTS, height=60)
"""The same chain, at a node that has gone on to the last block."""

UNKNOWN_CONTRACT: Final[dict[ProfileName, tuple[int, str]]] = {
    "n3": (-102, "Unknown contract"),
    "n3-preview": (-100, "Unknown contract"),
    "n2": (-100, "Unknown contract"),
}
NOT_A_NEP5_CONTRACT: Final[dict[ProfileName, tuple[int, str]]] = {
    "n3": (-32602, "Invalid params - not a NEP-5 contract"),
    "n3-preview": (-32602, "Invalid params"),
    "n2": (-32602, "Invalid params"),
}


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> ProfileName:
    name: ProfileName = request.param
    return name


@pytest.fixture
def documented(profile: ProfileName, build_once: NodeBuilder) -> Node:
    return build_once(CHAIN, profile)


def code_and_message(refusal: dict[str, int | str]) -> tuple[Any, Any]:
    """The two, of an error that besides them has a text for data and nothing else."""
    assert list(refusal) == ["code", "message", "data"]
    assert isinstance(refusal["data"], str)
    return refusal["code"], refusal["message"]


def test_a_contract_above_the_nodes_height_is_unknown_until_the_node_gets_there(
    profile: ProfileName, documented: Node, build_once: NodeBuilder
) -> None:
    assert code_and_message(error(documented, "getnep5balances", LATE)) == UNKNOWN_CONTRACT[profile]
    synced = build_once(SYNCED, profile)
    assert balances(synced, LATE) == [(TOKEN, "1", 1)]


@pytest.mark.parametrize("height, is_deployed", [(49, False), (50, True)])
def test_the_deploy_block_itself_makes_the_contract_known(
    profile: ProfileName, height: int, is_deployed: bool, build_once: NodeBuilder
) -> None:
    node = build_once(chain_of(*BLOCKS, contracts=CONTRACTS, height=height), profile)
    if is_deployed:
        assert balances(node, LATE) == [(TOKEN, "1", 1)]
    else:
        assert code_and_message(error(node, "getnep5balances", LATE)) == UNKNOWN_CONTRACT[profile]


@pytest.mark.parametrize("contract", NOT_NEP5, ids=["NEP-17", "NEP-11", "no standard"])
def test_a_contract_of_another_standard_is_invalid_params(
    contract: str, profile: ProfileName, documented: Node
) -> None:
    refusal = error(documented, "getnep5balances", contract)
    assert code_and_message(refusal) == NOT_A_NEP5_CONTRACT[profile]
    assert refusal["data"] == "not a NEP-5 contract"


def test_a_native_token_of_n3_is_no_nep5_contract(build_once: NodeBuilder) -> None:
    gas = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
    refusal = error(build_once(CHAIN, "n3"), "getnep5balances", gas)
    assert code_and_message(refusal) == NOT_A_NEP5_CONTRACT["n3"]


def test_a_native_token_of_preview2_is_one(build_once: NodeBuilder) -> None:
    gas = "0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b"
    assert balances(build_once(CHAIN, "n3-preview"), gas) == []


def test_a_nep5_contract_has_its_holdings(profile: ProfileName, documented: Node, build: NodeBuilder) -> None:
    assert balances(documented, TOKEN) == []
    held = chain_of(block(1, transfers((None, TOKEN, 7))))
    assert balances(build(held, profile), TOKEN) == [(TOKEN, "7", 1)]


@pytest.mark.parametrize("height, stands", [(4, True), (5, False), (6, False)])
def test_a_destroyed_contract_is_unknown_from_its_last_block_on(
    profile: ProfileName, height: int, stands: bool, build_once: NodeBuilder
) -> None:
    node = build_once(chain_of(*BLOCKS, contracts=CONTRACTS, height=height), profile)
    if stands:
        assert balances(node, GONE) == [(TOKEN, "2", 1)]
    else:
        assert code_and_message(error(node, "getnep5balances", GONE)) == UNKNOWN_CONTRACT[profile]


@pytest.mark.parametrize("written", [LATE, LATE[2:], LATE.upper().replace("0X", "0x"), "0X" + LATE[2:]])
def test_the_rules_hold_for_every_spelling_of_a_hash(written: str, profile: ProfileName, documented: Node) -> None:
    assert code_and_message(error(documented, "getnep5balances", written)) == UNKNOWN_CONTRACT[profile]


@pytest.mark.parametrize("account", [LATE, GONE, NEP17, PLAIN])
def test_an_address_asks_for_holdings_whatever_stands_there(
    account: str, profile: ProfileName, documented: Node
) -> None:
    amount = {LATE: "1", GONE: "2", NEP17: "3", PLAIN: "4"}[account]
    assert balances(documented, address(profile, account)) == [(TOKEN, amount, 1)]


@pytest.mark.parametrize("account", [LATE, GONE, *NOT_NEP5])
def test_contract_rules_can_be_widened_to_addresses(
    account: str, profile: ProfileName, build_once: NodeBuilder
) -> None:
    node = build_once(CHAIN, profile, {"ContractRules": "both"})
    for written in (account, address(profile, account)):
        expected = NOT_A_NEP5_CONTRACT if account in NOT_NEP5 else UNKNOWN_CONTRACT
        assert code_and_message(error(node, "getnep5balances", written)) == expected[profile]


@pytest.mark.parametrize(
    "settings", [{"ContractRules": "off"}, REFERENCE, {**REFERENCE, "ContractRules": "both"}], ids=str
)
@pytest.mark.parametrize("account, amount", [(LATE, "1"), (GONE, "2"), (NEP17, "3"), (PLAIN, "4")])
def test_contract_rules_switched_off_and_reference_mode_take_any_hash_for_an_account(
    account: str, amount: str, settings: dict[str, Json], profile: ProfileName, build_once: NodeBuilder
) -> None:
    node = build_once(CHAIN, profile, settings)
    assert balances(node, account) == [(TOKEN, amount, 1)]
    assert balances(node, address(profile, account)) == [(TOKEN, amount, 1)]


@pytest.mark.parametrize("account", [LATE, GONE, *NOT_NEP5])
def test_the_rules_are_about_balances_only(account: str, profile: ProfileName, documented: Node) -> None:
    assert list(result(documented, "getnep5transfers", account)) == ["sent", "received", "address"]


def test_a_node_behind_answers_with_the_rows_of_its_last_block(profile: ProfileName, build_once: NodeBuilder) -> None:
    behind = chain_of(block(1, transfers((None, HOLDER, 10))), block(8, transfers((None, HOLDER, 1))), height=5)
    behind["node"]["header_height"] = 20
    assert balances(build_once(behind, profile), HOLDER) == [(TOKEN, "10", 1)]


# Which standards are tracked


def test_documented_mode_tracks_nep5_and_reference_mode_whatever_emits_a_transfer(
    profile: ProfileName, documented: Node, build_once: NodeBuilder
) -> None:
    height4 = chain_of(*BLOCKS, contracts=CONTRACTS, height=4)
    assert balances(build_once(height4, profile), HOLDER) == [(TOKEN, "10", 1), (GONE, "20", 1)]
    everything = balances(build_once(height4, profile, REFERENCE), HOLDER)
    assert everything == [(NEP17, "30", 2), (TOKEN, "10", 1), (GONE, "20", 1)]


@pytest.mark.parametrize(
    "standards, tracked",
    [(["NEP-17"], [NEP17]), (["NEP-5", "NEP-17"], [NEP17, TOKEN]), (["NEP-11"], []), ([], [])],
)
def test_tracked_standards_say_whose_transfers_count(
    standards: list[str], tracked: list[str], profile: ProfileName, build_once: NodeBuilder
) -> None:
    node = build_once(CHAIN, profile, {"TrackedStandards": list(standards)})
    assert [asset for asset, _, _ in balances(node, address(profile, HOLDER)) if asset != GONE] == tracked
    assert {"0x" + row["asset_hash"][-40:] for row in history(node, HOLDER)["received"]} - {GONE} == set(tracked)


def test_with_tracked_standards_widened_a_contract_of_one_of_them_is_asked_for_its_holdings(
    profile: ProfileName, build_once: NodeBuilder
) -> None:
    node = build_once(CHAIN, profile, {"TrackedStandards": ["NEP-5", "NEP-17"]})
    assert balances(node, NEP17) == [(TOKEN, "3", 1)]
    refusal = error(node, "getnep5balances", PLAIN)
    assert refusal["data"] == "not a NEP-17 or NEP-5 contract"


# Destroyed contracts


@pytest.mark.parametrize("settings", [{}, REFERENCE], ids=["documented", "reference"])
def test_rows_of_a_destroyed_asset_are_hidden_but_in_n2_kept(
    settings: dict[str, Json], profile: ProfileName, build_once: NodeBuilder
) -> None:
    rows = balances(build_once(CHAIN, profile, settings), HOLDER)
    assert ((GONE, "20", 1) in rows) is (profile == "n2")
    assert (TOKEN, "10", 1) in rows


def test_transfers_of_a_destroyed_asset_stay_listed(profile: ProfileName, documented: Node) -> None:
    received = history(documented, HOLDER)["received"]
    assert [row["amount"] for row in received if row["asset_hash"].endswith(GONE[2:])] == ["20"]


def test_a_contract_destroyed_in_the_block_of_its_transfer_leaves_balances_and_is_in_the_history(
    profile: ProfileName, build: NodeBuilder
) -> None:
    # Preview2 and 2.x look at no manifest, so the event counts; balanceOf fails on the post-block state, so the row
    # of block 1 stays as it was. It is only visible in n2.
    chain = chain_of(
        block(1, transfers((None, HOLDER, 9))),
        block(2, notifies(event(profile, HOLDER, OTHER, 4))),
        contracts={"demo": {"hash": TOKEN, "standard": "NEP-5", "destroyed_at": 2}},
    )
    for settings in ({}, REFERENCE):
        node = build(chain, profile, settings)
        assert balances(node, HOLDER) == ([(TOKEN, "9", 1)] if profile == "n2" else [])
        assert balances(node, OTHER) == []
        assert [row["amount"] for row in history(node, HOLDER)["sent"]] == ["4"]
        assert [row["amount"] for row in history(node, OTHER)["received"]] == ["4"]

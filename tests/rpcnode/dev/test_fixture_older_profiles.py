"""What a fixture of the older profiles can say that N3's cannot."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import yaml
from recorded_answers import DATA, read

from rpcnode.dev.fixture.reader import chain_of as read_chain
from rpcnode.dev.places.errors import FixtureError
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.testing import in_process
from rpcnode.testing.local_node import LocalNode

HOLDER, OTHER, THIRD = ("0x" + digits * 20 for digits in ("a1", "b2", "c3"))
REFERENCE = {"RpcNep5Tracker.ErrorSemantics": "reference"}
OLDER: tuple[ProfileName, ...] = ("n3-preview", "n2")


def odd_token(balance_of: Json) -> dict[str, Any]:
    """A token of which three accounts receive 5 in block 1."""
    transfers = [{"asset": "odd", "from": None, "to": account, "amount": 5} for account in (HOLDER, OTHER, THIRD)]
    return {
        "contracts": {"odd": {"standard": "NEP-5", "balance_of": balance_of}},
        "blocks": [{"index": 1, "transactions": [{"transfers": transfers}]}],
    }


def events(*states: Json) -> dict[str, Any]:
    notifications = [{"contract": "odd", "state": state} for state in states]
    return {
        "contracts": {"odd": {"standard": "NEP-5"}},
        "blocks": [{"index": 1, "transactions": [{"notifications": notifications}]}],
    }


def amounts(node: LocalNode, account: str) -> list[str]:
    return [row["amount"] for row in node.call("getnep5balances", account)["balance"]]


def states_of(node: LocalNode) -> list[Json]:
    (transaction,) = [
        each for each in node.call("getblock", 1, 1)["tx"] if each.get("type", "Invocation") != "MinerTransaction"
    ]
    log = node.call("getapplicationlog", transaction.get("txid") or transaction["hash"])
    return [event["state"] for event in log.get("executions", [log])[0]["notifications"]]


@pytest.mark.parametrize("profile", OLDER)
def test_balance_of_answers_by_account_and_else_by_default(profile: ProfileName) -> None:
    told: Json = {HOLDER: {"returns": -5}, OTHER: {"throws": True}, "default": {"returns": True}}
    with in_process(odd_token(told), profile=profile, settings=REFERENCE) as node:
        assert [amounts(node, account) for account in (HOLDER, OTHER, THIRD)] == [["-5"], [], ["1"]]


@pytest.mark.parametrize("profile", OLDER)
def test_one_answer_is_for_every_account_and_what_is_not_told_is_what_it_holds(profile: ProfileName) -> None:
    with in_process(odd_token({"returns": 7}), profile=profile, settings=REFERENCE) as node:
        assert amounts(node, HOLDER) == amounts(node, THIRD) == ["7"]
    with in_process(odd_token({OTHER: {"returns": 7}}), profile=profile, settings=REFERENCE) as node:
        assert [amounts(node, account) for account in (HOLDER, OTHER)] == [["5"], ["7"]]


def test_a_byte_array_is_hex_on_neo2_and_base64_on_preview2() -> None:
    # e803 is 1000, little-endian.
    written = {"n2": "e803", "n3-preview": b64encode(bytes.fromhex("e803")).decode()}
    for profile in OLDER:
        told: Json = {"returns": {"type": "ByteArray", "value": written[profile]}}
        with in_process(odd_token(told), profile=profile, settings=REFERENCE) as node:
            assert amounts(node, HOLDER) == ["1000"]
    with pytest.raises(FixtureError, match="is not hex, as a ByteArray of Neo 2 is"):
        read_chain([(Path("f"), odd_token({"returns": {"type": "ByteArray", "value": "6AM="}}))], "n2")


@pytest.mark.parametrize("profile", OLDER)
def test_dev_deploy_takes_answers_too(profile: ProfileName) -> None:
    contract = {"key": "late", "standard": "NEP-5", "balance_of": {"returns": 3}}
    with in_process({}, profile=profile, settings=REFERENCE) as node:
        node.call("dev_deploy", contract)
        node.call("dev_mint", {"asset": "late", "to": HOLDER, "amount": 1})
        assert amounts(node, HOLDER) == ["3"]


TRANSFER: Json = [{"type": "String", "value": "transfer"}, HOLDER, OTHER, 4]


def test_a_state_may_be_any_item() -> None:
    # As running nodes print a Struct, a number and a Boolean that a script gave as an event.
    name: Json = {"type": "String", "value": "Transfer"}
    struct: Json = {"type": "Struct", "value": [name, HOLDER, OTHER, 4]}
    with in_process(events(struct, 5, True), profile="n3-preview", settings=REFERENCE) as node:
        kinds = [state["type"] for state in states_of(node)]  # type: ignore[index, call-overload]
        assert kinds == ["Struct", "Integer", "Boolean"]
        assert [row["amount"] for row in node.call("getnep5transfers", OTHER, 0)["received"]] == ["4"]
    with in_process(events({"type": "Struct", "value": TRANSFER}, 5), profile="n2", settings=REFERENCE) as node:
        assert [row["amount"] for row in node.call("getnep5transfers", OTHER, 0)["received"]] == ["4"]
        assert states_of(node)[1] == {"type": "Integer", "value": "5"}


REFUSED: list[tuple[ProfileName, dict[str, Any], str]] = [
    ("n3", odd_token({"returns": 1}), "contracts.odd.balance_of: is for the older profiles; on n3 give a compiled"),
    ("n2", odd_token(5), "contracts.odd.balance_of: 5 stands where an answer belongs"),
    ("n2", odd_token({"throws": False}), "contracts.odd.balance_of.throws: false stands where true belongs"),
    ("n2", odd_token({"throws": True, "returns": 1}), "contracts.odd.balance_of: has both throws and returns"),
    ("n2", odd_token({"returns": 1, "gas": 1}), "contracts.odd.balance_of.gas: unknown key"),
    ("n2", odd_token({"nobody": {"returns": 1}}), '"nobody" is no account'),
    ("n2", odd_token({HOLDER: 5}), "5 is no answer; an answer is"),
    ("n2", odd_token({HOLDER: {}}), "is empty; an answer is"),
    (
        "n2",
        odd_token({HOLDER: {"returns": 1}, HOLDER[2:]: {"returns": 2}}),
        "is the account of another answer",
    ),
    ("n3", events(5), "5 stands where a list belongs: the state of an N3 event is one"),
]


@pytest.mark.parametrize(("profile", "fixture", "told"), REFUSED, ids=[told[:40] for _, _, told in REFUSED])
def test_what_is_no_answer_is_refused(profile: ProfileName, fixture: dict[str, Any], told: str) -> None:
    if profile == "n3" and "notifications" in str(fixture):
        fixture["blocks"][0]["transactions"][0]["notifications"][0]["event"] = "Transfer"
    with pytest.raises(FixtureError) as refused:
        read_chain([(Path("f"), fixture)], profile)
    assert told in str(refused.value)


def test_a_state_that_is_no_list_has_no_name_beside_it() -> None:
    fixture = yaml.safe_load(yaml.safe_dump(events(5)))
    fixture["blocks"][0]["transactions"][0]["notifications"][0]["event"] = "Transfer"
    with pytest.raises(FixtureError, match="stands beside a state that is no list"):
        read_chain([(Path("f"), fixture)], "n2")


# preview2's own


def test_the_first_block_of_preview2_gives_neo_and_gas_to_the_validators() -> None:
    # A running node: data/preview2-chain, getnep5balances and the log of block 0; one validator has all.
    with in_process({}, profile="n3-preview", settings=REFERENCE) as node:
        validators = node.call("getblockheader", 0, 1)["nextconsensus"]
        received = node.call("getnep5transfers", validators, 0)["received"]
        assert [(row["amount"], row["block_index"], row["transfer_notify_index"]) for row in received[:2]] == [
            ("3000000000000000", 0, 1),
            ("100000000", 0, 0),
        ]
        log = node.call("getapplicationlog", node.call("getblock", 0, 1)["tx"][0]["hash"])
        assert [event["contract"] for event in log["notifications"]] == [
            "0x9bde8f209c88dd0e7ca3bf0af0f476cdd8207789",
            "0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b",
        ]


def test_a_block_of_preview2_logs_what_a_running_node_logs_of_one_without_fees() -> None:
    recorded = read(DATA / "preview2/chain.json.gz")
    empty = next(entry["verbose"] for entry in recorded["blocks"][1:] if not entry["verbose"]["tx"])
    right = recorded["application_logs"][empty["hash"]]
    with in_process(events(5), profile="n3-preview") as node:
        log = node.call("getapplicationlog", node.call("getblockhash", 1))
        assert log == right
        with pytest.raises(Exception, match="Unknown transaction"):
            node.call("getapplicationlog", node.call("getblockhash", 0))


ODD_ANSWERS: dict[str, Json] = {
    "CONST": {"returns": "123456789012345678901234567890"},
    "NEG": {"returns": -5},
    "BOOL": {"returns": True},
    "BYTES": {"returns": {"type": "ByteString", "value": "6AM="}},
    "NOSTORE": {"returns": 77},
    "EMPTYB": {"returns": {"type": "ByteString", "value": ""}},
    "NIL": {"returns": 0},
    "SYMFAULT": {"NekNL9iBXJRbBCJpCYFBVH7z8kdNB879xh": {"returns": 100}},
    "DECFAULT": {"NekNL9iBXJRbBCJpCYFBVH7z8kdNB879xh": {"returns": 200}},
    **{token: {"throws": True} for token in ("BALFAULT", "BALTHROW", "NONE", "TWO")},
}
"""What the tokens of the recorded chain answer to balanceOf (tests/data/preview2)."""
FEES_AND_STORAGE = frozenset(
    (
        "0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b",  # GAS: fees are paid with it
        "0xa54e0724ae000d8424d695587eddcc54695836a8",  # ODD and RAW: their scripts set balances without an event
        "0x576f752bb0dc87e524f71982cc1d530d327fda33",
    )
)


def test_a_declared_chain_has_the_rows_of_the_recorded_one() -> None:
    declared, recorded = read(DATA / "preview2/fixture.json.gz"), read(DATA / "preview2/chain.json.gz")
    for token, answer in ODD_ANSWERS.items():
        declared["contracts"][token]["balance_of"] = answer
    with in_process(declared, profile="n3-preview", settings=REFERENCE) as node:
        for address, answers in recorded["queries"].items():
            ours, theirs = node.call("getnep5balances", address), answers["getnep5balances"]
            assert rows(ours) == rows(theirs), address


def rows(answer: Any) -> list[Any]:
    return [row for row in answer["balance"] if row["asset_hash"] not in FEES_AND_STORAGE]

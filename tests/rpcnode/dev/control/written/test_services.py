"""dev_designate and dev_oracleResponse."""

from base64 import b64decode, b64encode
from typing import Any, Final

import pytest

from rpcnode.primitives.json import Json
from rpcnode.primitives.keys import derive_private_key, public_key_of
from rpcnode.primitives.uint import UInt160
from tests.rpcnode.dev.control.small_chain_nodes import Commanded, Start
from tests.rpcnode.dev.control.written.calls import CHAIN, account, asked, deploy

ROLES: Final = "0x49cf4e5378ffcd4dec034fd98a174c5491e395e2"
ORACLE: Final = "0xfe924b7cfe89ddd271abaf7210a80a7e11178758"
STRANGERS: Final = [str(public_key_of(derive_private_key("stranger", number))) for number in range(4)]
URL: Final = "https://prices.example/neo"
GAS_FOR_RESPONSE: Final = 20_000_000  # datoshi


PUSHED_SIGNATURE: Final = 66  # bytes


def public_key(node: Commanded, name: str) -> str:
    return str(node.node.ledger.keyring.public_key(UInt160.parse(account(node, name))))


def designated(node: Commanded, role: int) -> list[str]:
    index: Json = {"type": "Integer", "value": str(node.node.ledger.height + 1)}
    answer = asked(node, ROLES, "getDesignatedByRole", {"type": "Integer", "value": str(role)}, index)
    return [each["value"] for each in answer["value"]]


def asking(start: Start, nodes: list[Json], gas: int = GAS_FOR_RESPONSE) -> tuple[Commanded, str]:
    """A node whose oracle nodes are designated, and a contract of it that has asked them: request 0."""
    node = start(document=CHAIN)
    node("dev_designate", "Oracle", nodes)
    asker = deploy(node, "asker")
    node("dev_invoke", {"contract": "asker", "method": "ask", "args": [URL, gas], "signers": ["alice"]})
    return node, asker


def execution(node: Commanded, transaction: str) -> dict[str, Any]:
    (found,) = node("getapplicationlog", transaction)["executions"]
    return dict(found)


@pytest.mark.parametrize(
    ("role", "number"),
    [("StateValidator", 4), ("Oracle", 8), ("NeoFSAlphabetNode", 16), ("P2PNotary", 32), (8, 8), (32, 32)],
)
def test_nodes_are_designated_by_the_committee(start: Start, role: Json, number: int) -> None:
    node = start(document=CHAIN)
    transaction = node("dev_designate", role, ["alice", STRANGERS[0]])
    assert execution(node, transaction)["vmstate"] == "HALT"
    keys = {b64encode(bytes.fromhex(key)).decode() for key in (public_key(node, "alice"), STRANGERS[0])}
    assert set(designated(node, number)) == keys
    assert node("dev_info")["impersonated"]["signers"]["count"] == 0


def test_a_committee_whose_keys_are_known_signs_and_another_is_impersonated(start: Start) -> None:
    """Of seven seats more than half sign; of four validators three."""
    seats = [f"seat{number}" for number in range(7)]
    document = {
        "accounts": {seat: {"seed": seat} for seat in seats},
        "network": {"committee": seats, "validators_count": 4},
        "node": {"height": 3},
    }
    node = start(document=document)
    transaction = node("getrawtransaction", node("dev_designate", "Oracle", [*seats[:4]]), True)
    sizes = [len(b64decode(witness["invocation"])) for witness in transaction["witnesses"]]
    assert sizes == [3 * PUSHED_SIGNATURE, 4 * PUSHED_SIGNATURE]
    assert node("dev_info")["impersonated"]["signers"]["count"] == 0
    strangers = start(document={"network": {"committee": STRANGERS, "validators_count": 1}, "node": {"height": 3}})
    assert execution(strangers, strangers("dev_designate", "Oracle", [*STRANGERS]))["vmstate"] == "HALT"
    assert strangers("dev_info")["impersonated"]["signers"]["count"] == 2


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (("Orakel", ["alice"]), "role: there is no 'Orakel'; the nearest is 'Oracle'"),
        ((9, ["alice"]), "role: there is no 9; there are 4 (StateValidator)"),
        (("Oracle", []), "keys: 0 are given, a role has 1 to 32 nodes"),
        (("Oracle", ["carol"]), "keys[0]: the key of carol is not known; write the public key"),
        (("Oracle", ["nobody"]), "keys[0]"),
        (("Oracle", ["alice", "05" + "00" * 32]), "keys[1]"),
        (("Oracle", ["alice", "alice"]), "Duplicate publickeys are not allowed"),
        (("Oracle", "alice"), "keys: "),
    ],
)
def test_what_is_no_designation_changes_nothing(start: Start, params: tuple[Json, ...], words: str) -> None:
    node = start(document=CHAIN)
    before = node("dev_dumpState")
    assert words in node.error("dev_designate", *params)["message"]
    assert node("dev_dumpState") == before


@pytest.mark.parametrize("nodes", [["alice"], ["alice", "bob"], [*STRANGERS]], ids=["one", "two", "unknown keys"])
def test_a_contract_gets_the_answer_of_the_oracle_nodes(start: Start, nodes: list[Json]) -> None:
    node, asker = asking(start, nodes)
    transaction = node("dev_oracleResponse", 0, "Success", b64encode(b"42").decode())
    found = execution(node, transaction)
    assert (found["vmstate"], [event["eventname"] for event in found["notifications"]]) == (
        "HALT",
        ["OracleResponse", "Answered"],
    )
    assert asked(node, asker, "result")["value"] == b64encode(b"42").decode()
    sent = node("getrawtransaction", transaction, True)
    assert int(sent["sysfee"]) + int(sent["netfee"]) == GAS_FOR_RESPONSE
    assert [(signer["account"] == ORACLE, signer["scopes"]) for signer in sent["signers"]] == [
        (True, "None"),
        (False, "None"),
    ]
    assert sent["attributes"] == [{"type": "OracleResponse", "id": 0, "code": "Success", "result": "NDI="}]
    error = node.error("dev_oracleResponse", 0)
    assert "there is no oracle request 0 that waits for an answer" in error["message"]


def test_nodes_without_known_keys_are_impersonated_and_told(start: Start) -> None:
    node, _ = asking(start, [*STRANGERS])
    node("dev_oracleResponse", 0)
    told = node("dev_info")["impersonated"]
    assert [each["script_hash"] for each in told["accounts"]] == [
        each["script_hash"] for each in told["signers"]["first"]
    ]
    known, _ = asking(start, ["alice"])
    known("dev_oracleResponse", 0)
    assert known("dev_info")["impersonated"]["accounts"] == []


@pytest.mark.parametrize(("code", "number"), [("NotFound", 20), (0x16, 22), ("Error", 255)])
def test_a_request_may_fail(start: Start, code: Json, number: int) -> None:
    node, asker = asking(start, ["alice"])
    node("dev_oracleResponse", 0, code)
    assert asked(node, asker, "code")["value"] == str(number)


def test_what_the_request_does_not_pay_for_is_answered_so(start: Start) -> None:
    """A result of 60,000 bytes costs 0.6 GAS at 1,000 datoshi a byte."""
    node, asker = asking(start, ["alice"])
    node("dev_oracleResponse", 0, "Success", b64encode(bytes(60_000)).decode())
    assert asked(node, asker, "code")["value"] == "28"


def test_a_callback_that_fails_is_in_its_block(start: Start) -> None:
    node, asker = asking(start, ["alice"])
    found = execution(node, node("dev_oracleResponse", 0, "Success", b64encode(b"bad").decode()))
    assert found["vmstate"] == "FAULT"
    assert "a bad answer" in found["exception"]
    assert asked(node, asker, "code")["value"] == "0"


def test_a_response_waits_where_blocks_are_made_by_hand(start: Start) -> None:
    node, asker = asking(start, [*STRANGERS])
    node("dev_setBlockTime", "manual")
    transaction = node("dev_oracleResponse", 0, "Success", "NDI=")
    assert node("getrawmempool") == [transaction]
    assert "AlreadyInPool" in node.error("dev_oracleResponse", 0, "Success", "NDI=")["message"]
    node("dev_mine")
    assert asked(node, asker, "result")["value"] == "NDI="


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ((1,), "there is no oracle request 1 that waits"),
        ((0, "Sucess"), "code: there is no 'Sucess'; the nearest is 'Success'"),
        ((0, 1), "code: there is no 1"),
        ((0, "Timeout", "NDI="), "result: goes with Success only, Timeout has none"),
        ((0, "Success", "?"), "result: is not Base64"),
        (("0",), "request: "),
    ],
)
def test_what_is_no_response_changes_nothing(start: Start, params: tuple[Json, ...], words: str) -> None:
    node, _ = asking(start, ["alice"])
    before = node("dev_dumpState")
    assert words in node.error("dev_oracleResponse", *params)["message"]
    assert node("dev_dumpState") == before


def test_nobody_answers_before_nodes_are_designated(start: Start) -> None:
    node = start(document=CHAIN)
    deploy(node, "asker")
    node("dev_invoke", {"contract": "asker", "method": "ask", "args": [URL, GAS_FOR_RESPONSE], "signers": ["alice"]})
    assert "no oracle nodes are designated yet; dev_designate does it" in node.error("dev_oracleResponse", 0)["message"]


@pytest.mark.parametrize("profile", ["n2", "n3-preview"])
def test_the_older_profiles_have_no_roles(start: Start, profile: str) -> None:
    node = start(profile)
    for method, params in (("dev_designate", ("Oracle", ["alice"])), ("dev_oracleResponse", (0,))):
        assert node.error(method, *params)["message"].startswith("roles and oracles are of chains of profile n3")

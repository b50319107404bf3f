"""Commands that make real transactions."""

import base64
import json
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from typing import Any

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests import PROJECT
from tests.rpcnode.dev.control.small_chain_nodes import (
    CAROL,
    COIN,
    FUNDS,
    HEIGHT,
    MS_PER_BLOCK,
    PROFILES,
    TIP_MS,
    Commanded,
    Start,
)

SENDER = "0xa6be06008088b00cfe1d4812c4af7384153db685"
"""Holds GAS on the recorded chain."""

MOVE: dict[str, Json] = {"asset": "coin", "from": "alice", "to": "bob", "amount": 7}
EVENT_NAME: dict[ProfileName, str] = {"n3": "Transfer", "n3-preview": "Transfer", "n2": "transfer"}


def account_hash(node: Any, name: str) -> str:
    """The script hash of an account whose key is known."""
    return next(str(entry["script_hash"]) for entry in node("dev_info")["accounts"] if entry["name"] == name)


# Moving


@pytest.mark.parametrize("profile", PROFILES)
def test_a_transfer_moves_a_token_and_every_reader_shows_it_at_once(start: Start, profile: ProfileName) -> None:
    node = start(profile)
    transaction = node("dev_transfer", MOVE)
    assert (node.balance("alice"), node.balance("bob")) == (FUNDS - 7, 7)
    assert node("gettransactionheight", transaction) == HEIGHT + 1
    log = node("getapplicationlog", transaction)
    execution = log["executions"][0] if "executions" in log else log
    assert execution["vmstate"].startswith("HALT")
    assert [notification["contract"] for notification in execution["notifications"]] == [COIN]


def test_trackers_show_a_transfer_at_once(start: Start) -> None:
    node = start()
    transaction = node("dev_transfer", MOVE)
    (received,) = node("getnep17transfers", account_hash(node, "bob"))["received"]
    assert (received["txhash"], received["amount"], received["blockindex"]) == (transaction, "7", HEIGHT + 1)
    assert received["timestamp"] == TIP_MS + MS_PER_BLOCK
    (balance,) = node("getnep17balances", account_hash(node, "bob"))["balance"]
    assert (balance["assethash"], balance["amount"], balance["lastupdatedblock"]) == (COIN, "7", HEIGHT + 1)


@pytest.mark.parametrize(
    ("member", "written"), [("asset", COIN), ("asset", COIN.upper().replace("X", "x")), ("to", CAROL), ("amount", "7")]
)
def test_what_has_a_name_may_be_given_by_hash_and_an_amount_by_its_digits(
    start: Start, member: str, written: str
) -> None:
    node = start()
    node("dev_transfer", {**MOVE, member: written})
    assert node.balance("alice") == FUNDS - 7


def test_nobody_as_the_sender_mints_and_nobody_as_the_receiver_burns(start: Start) -> None:
    node = start()
    node("dev_transfer", {**MOVE, "from": None})
    node("dev_transfer", {**MOVE, "to": None, "amount": 107})
    assert (node.balance("alice"), node.balance("bob")) == (FUNDS - 107, 7)
    supply = node("invokefunction", COIN, "totalSupply", [])["stack"][0]["value"]
    assert supply == str(FUNDS + 7 - 107)


def test_minting_gives_an_account_a_token(start: Start) -> None:
    node = start()
    node("dev_mint", {"asset": "coin", "to": "carol", "amount": 5})
    assert node.balance("carol") == 5


def test_a_non_fungible_token_moves_by_its_id(start: Start) -> None:
    node = start()
    node("dev_mint", {"asset": "gems", "to": "bob", "amount": 1, "token_id": "opal"})
    node("dev_transfer", {"asset": "gems", "from": "alice", "to": "bob", "amount": 1, "token_id": "ruby"})
    gems = node.contract("gems").script_hash
    owned = node("getnep11balances", account_hash(node, "bob"))["balance"]
    assert [entry["assethash"] for entry in owned] == [str(gems)]
    assert sorted(token["tokenid"] for token in owned[0]["tokens"]) == [b"opal".hex(), b"ruby".hex()]


def test_the_sender_signs_where_the_key_is_known(start: Start) -> None:
    node = start()
    signed = node("getrawtransaction", node("dev_transfer", MOVE), True)
    assert signed["sender"] == node("dev_info")["accounts"][0]["address"]
    assert [bool(witness["verification"]) for witness in signed["witnesses"]] == [True]
    node("dev_mint", {"asset": "coin", "to": "carol", "amount": 5})
    unsigned = node("getrawtransaction", node("dev_transfer", {**MOVE, "from": "carol", "amount": 5}), True)
    assert unsigned["witnesses"] == [{"invocation": "", "verification": ""}]


def test_the_id_is_the_hash_of_what_is_signed(start: Start) -> None:
    node = start()
    transaction = node("dev_transfer", MOVE)
    raw = base64.b64decode(node("getrawtransaction", transaction))
    (witness,) = node("getrawtransaction", transaction, True)["witnesses"]
    # At the end: one witness, its two scripts each with a length of one byte.
    size = 1 + sum(1 + len(base64.b64decode(script)) for script in witness.values())
    assert transaction == "0x" + sha256(raw[:-size]).digest()[::-1].hex()


def test_two_transfers_alike_are_two_transactions(start: Start) -> None:
    node = start(block_time="manual")
    ids = [node("dev_transfer", MOVE) for _ in range(3)]
    node("dev_mine")
    ids += [node("dev_transfer", MOVE) for _ in range(3)]
    assert len(set(ids)) == 6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"amount": FUNDS + 1}, "cannot move 1001 of coin: alice has 1000"),
        ({"from": "bob", "to": "alice"}, "cannot move 7 of coin: bob has 0"),
        ({"from": None, "amount": str(2**255 - 1)}, "255 bits do not hold all of it"),
        ({"asset": "gems", "token_id": "opal", "amount": 1}, "of token 6f70616c"),
        ({"asset": "gems", "token_id": "ruby", "amount": 1, "from": None}, "token 72756279 is there already"),
        ({"asset": "plain"}, "plain is no token that can be moved"),
    ],
    ids=["too much", "of nothing", "too much to count", "not hers", "minted twice", "no token"],
)
def test_what_no_contract_would_do_is_an_error_and_nothing_is_mined(
    start: Start, change: dict[str, Json], message: str
) -> None:
    node = start()
    before = node.node.store.image()
    error = node.error("dev_transfer", {**MOVE, **change})
    assert error["code"] == -32000
    assert message in error["message"]
    assert node.node.store.image() == before
    assert node("dev_transfer", MOVE)


# A recorded chain


@pytest.fixture
def recorded() -> Iterator[Commanded]:
    """A chain of block 87 that was recorded from a node."""
    path = PROJECT / "fixtures/recorded-n3-chain.json.gz"
    with closing(Node(NodeOptions(fixtures=(path,)))) as node:
        yield Commanded(node)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "parameter"),
    [
        ("dev_transfer", {"asset": "GAS", "from": SENDER, "to": "0x" + "11" * 20, "amount": 3}),
        ("dev_mint", {"asset": "0xa311f1e54756b3fb086976943c153c2d39741f4d", "to": SENDER, "amount": 1}),
        ("dev_deploy", {"key": "new", "standard": "NEP-17"}),
    ],
)
def test_a_chain_that_is_executed_takes_no_declared_transfers_and_contracts(
    recorded: Commanded, method: str, parameter: Json
) -> None:
    told = "the chain was recorded from genesis and is executed; only its contracts' scripts can move tokens"
    assert recorded.error(method, parameter) == {"code": -32000, "message": told}


# Deploying


@pytest.mark.parametrize("profile", PROFILES)
def test_a_deployed_contract_stands_from_its_block_on(start: Start, profile: ProfileName) -> None:
    node = start(profile)
    script_hash = "0x" + "12" * 20
    node("dev_deploy", {"key": "new", "hash": script_hash, "standard": "NEP-5", "symbol": "NEW", "decimals": 3})
    assert node("getcontractstate", script_hash)["hash"] == script_hash
    node("dev_mint", {"asset": "new", "to": "bob", "amount": 5})
    assert node.balance("bob", "new") == 5
    assert node.contract("new").deployed_at == HEIGHT + 1


def test_a_deployment_on_n3_has_the_event_of_contract_management(start: Start) -> None:
    node = start()
    transaction = node("dev_deploy", {"key": "new", "standard": "NEP-17"})
    (execution,) = node("getapplicationlog", transaction)["executions"]
    (event,) = execution["notifications"]
    script_hash = base64.b64decode(event["state"]["value"][0]["value"])[::-1].hex()
    assert (event["contract"], event["eventname"]) == ("0xfffdc93764dbaddd97c48f252a53ea4643faa3fd", "Deploy")
    assert node("getcontractstate", f"0x{script_hash}")["manifest"]["name"] == "new"


def test_a_deployed_contract_has_its_supply_and_its_tokens(start: Start) -> None:
    node = start()
    node("dev_deploy", {"key": "new", "standard": "NEP-17", "total_supply": "500"})
    node("dev_deploy", {"key": "art", "standard": "NEP-11", "tokens": {"one": {"name": "The first"}}})
    node("dev_mint", {"asset": "art", "to": "bob", "amount": 1, "token_id": "one"})
    hashes = {key: str(node.contract(key).script_hash) for key in ("new", "art")}
    assert node("invokefunction", hashes["new"], "totalSupply", [])["stack"][0]["value"] == "500"
    assert node("getnep11properties", hashes["art"], b"one".hex()) == {"name": "The first"}


def test_a_contract_that_waits_can_be_used_by_those_behind_it(start: Start) -> None:
    node = start(block_time="manual")
    node("dev_deploy", {"key": "new", "standard": "NEP-17"})
    node("dev_mint", {"asset": "new", "to": "bob", "amount": 5})
    node("dev_mine")
    assert node.balance("bob", "new") == 5


@pytest.mark.parametrize(
    ("contract", "message"),
    [
        ({"key": "coin", "standard": "NEP-17"}, "contract.key: there is a contract coin already"),
        ({"key": "later", "standard": "NEP-17"}, "contract.key: there is a contract later already"),
        ({"key": "x", "hash": COIN, "standard": "NEP-17"}, f"contract.hash: there is a contract {COIN} already"),
        ({"key": "alice", "standard": "NEP-17"}, "contract.key: alice is the name of an account; take another one"),
        ({"key": "GAS"}, "contract.key: there is a contract GAS already"),
        ({"key": "x"}, "contract.standard: is missing, and required; it is NEP-5, NEP-17, NEP-11 or none"),
        ({"standard": "NEP-17"}, "contract.key: is missing, and required where there is no name"),
        ({"key": "x", "standard": "NEP-17", "deployed_at": 5}, "contract.deployed_at: comes from the block"),
        ({"key": "x", "standard": "NEP-17", "rest": {"price": 1}}, "contract.rest.price: unknown key"),
        ({"key": "x", "standard": "NEP-17", "symbl": "X"}, "contract.symbl: unknown key; did you mean symbol?"),
        ({"key": "7", "standard": "NEP-17"}, 'contract.key: "7" is no name'),
        ([], "contract: a list stands where a mapping"),
    ],
)
def test_a_contract_that_cannot_be_deployed_is_refused(start: Start, contract: Json, message: str) -> None:
    error = start().error("dev_deploy", contract)
    assert error["code"] == -32602
    assert error["message"].startswith(f"Invalid params - {message}")


# Events


@pytest.mark.parametrize("profile", PROFILES)
def test_an_event_is_notified_as_it_is_declared(start: Start, profile: ProfileName) -> None:
    node = start(profile)
    transaction = node("dev_notify", {"contract": "plain", "event": "Odd", "state": [None, "alice", "5", [True]]})
    log = node("getapplicationlog", transaction)
    execution = log["executions"][0] if "executions" in log else log
    assert execution["vmstate"].startswith("HALT")
    (event,) = execution["notifications"]
    alice = bytes.fromhex(account_hash(node, "alice")[2:])[::-1]
    written = json.dumps(event["state"])
    assert (base64.b64encode(alice).decode() if profile != "n2" else alice.hex()) in written


def test_an_event_of_a_transfer_is_followed_by_trackers_and_moves_nothing(start: Start) -> None:
    node = start()
    node("dev_notify", {"contract": "coin", "event": "Transfer", "state": ["alice", "bob", "5"]})
    assert [entry["amount"] for entry in node("getnep17transfers", account_hash(node, "bob"))["received"]] == ["5"]
    assert node.balance("bob") == 0


def test_an_event_that_fails_is_executed_and_does_not_count(start: Start) -> None:
    node = start()
    event: Json = {"contract": "coin", "event": "Transfer", "state": ["alice", "bob", "5"], "faults": True}
    transaction = node("dev_notify", event)
    (execution,) = node("getapplicationlog", transaction)["executions"]
    assert (execution["vmstate"], execution["notifications"]) == ("FAULT", [])
    assert execution["exception"]
    assert node("getnep17transfers", account_hash(node, "bob"))["received"] == []


def test_an_event_of_neo_2_with_an_item_that_it_has_not_is_refused(start: Start) -> None:
    error = start("n2").error("dev_notify", {"contract": "coin", "state": [[{"type": "Buffer", "value": ""}]]})
    assert error["code"] == -32602
    expected = 'Invalid params - notification.state[0][0].type: "Buffer" is no type of an item of Neo 2; right are Any'
    assert error["message"].startswith(expected)


# What is wrong


@pytest.mark.parametrize(
    ("method", "params", "message"),
    [
        ("dev_transfer", [], "transfer is missing"),
        ("dev_transfer", [5], "transfer: 5 stands where a mapping with asset, amount, from, to, token_id belongs"),
        (
            "dev_transfer",
            [{**MOVE, "asset": "coyn"}],
            'transfer.asset: "coyn" is no declared contract; did you mean coin?',
        ),
        ("dev_transfer", [{**MOVE, "to": "bobby"}], 'transfer.to: "bobby" is no account, address or 0x script hash'),
        ("dev_transfer", [{**MOVE, "amount": -1}], "transfer.amount: -1 is negative; an amount is at least 0"),
        ("dev_transfer", [{**MOVE, "amount": 1.5}], "transfer.amount: 1.5 is not exact"),
        ("dev_transfer", [{**MOVE, "amount": 2**255}], "transfer.amount: "),
        ("dev_transfer", [{**MOVE, "from": None, "to": None}], "transfer: from and to are both null"),
        ("dev_transfer", [{**MOVE, "asset": "later"}], "transfer.asset: later is deployed at block 100 only"),
        ("dev_transfer", [{**MOVE, "asset": "gems", "amount": 1}], "transfer.token_id: is missing, and required"),
        ("dev_transfer", [{**MOVE, "token_id": "x"}], "transfer.token_id: coin is NEP-17; only NEP-11 tokens have ids"),
        ("dev_transfer", [{**MOVE, "memo": "x"}], "transfer.memo: unknown key"),
        ("dev_mint", [MOVE], "mint.from: nobody is minted from"),
        ("dev_mint", [{"asset": "coin", "amount": 1}], "mint.to: is missing, and required"),
        ("dev_notify", [{"contract": "coin", "state": []}], "notification.event: is missing, and required"),
        (
            "dev_notify",
            [{"contract": "later", "event": "E", "state": []}],
            "notification.contract: later is deployed at block 100 only, this is block 3",
        ),
        ("dev_notify", [{"contract": "coin", "event": "E", "state": 5}], "notification.state: 5 stands where a list"),
        (
            "dev_notify",
            [{"contract": "coin", "event": "E", "state": ["?"]}],
            'notification.state[0]: "?" is no item',
        ),
        (
            "dev_notify",
            [{"contract": "coin", "event": "E", "state": [], "faults": 1}],
            "notification.faults: 1 stands where true or false belongs",
        ),
    ],
)
def test_a_wrong_parameter_is_named_with_what_would_be_right(
    start: Start, method: str, params: list[Json], message: str
) -> None:
    error = start().error(method, *params)
    assert error["code"] == -32602
    assert error["message"].startswith(f"Invalid params - {message}")

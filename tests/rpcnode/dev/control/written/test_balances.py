"""dev_setBalance: what an account holds of any token."""

from base64 import b64encode
from typing import Final

import pytest

from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from tests.rpcnode.dev.control.small_chain_nodes import Commanded, Start
from tests.rpcnode.dev.control.written.calls import (
    CHAIN,
    GAS,
    NEO,
    account,
    asked,
    deploy,
    hash_of,
    held,
    root,
    tracked,
)

ALL_TOKENS: Final = pytest.mark.parametrize("token", ["coin", "NEO", "GAS", "beans"])


def with_beans(start: Start) -> Commanded:
    node = start(document=CHAIN)
    deploy(node, "beans")
    return node


@ALL_TOKENS
@pytest.mark.parametrize("amount", [7, 1, 99_999_999, 0])
@pytest.mark.parametrize("name", ["alice", "carol"])
def test_an_account_holds_what_it_is_told(start: Start, token: str, amount: int, name: str) -> None:
    node = with_beans(start)
    asset = hash_of(node, token)
    height, bob = node.node.ledger.height, held(node, asset, "bob")
    told: Json = {"asset": token, "account": name, "amount": str(amount), "with_transfer": True}
    assert node("dev_setBalance", told) == height + 1
    assert node.node.ledger.height == height + 1
    assert held(node, asset, name) == amount
    assert held(node, asset, "bob") == bob
    assert tracked(node, name).get(asset, "0") == str(amount)


@ALL_TOKENS
def test_trackers_hear_of_it_with_a_transfer_only(start: Start, token: str) -> None:
    node = with_beans(start)
    asset = hash_of(node, token)
    before = tracked(node, "alice")[asset]
    node("dev_setBalance", {"asset": token, "account": "alice", "amount": 5})
    assert (held(node, asset, "alice"), tracked(node, "alice")[asset]) == (5, before)
    assert node("getblock", node.node.ledger.height, 1)["tx"] == []
    node("dev_setBalance", {"asset": token, "account": "alice", "amount": 6, "with_transfer": True})
    (transaction,) = node("getblock", node.node.ledger.height, 1)["tx"]
    (execution,) = node("getapplicationlog", transaction["hash"])["executions"]
    sender, receiver, amount = execution["notifications"][0]["state"]["value"]
    assert sender == {"type": "Any"}
    assert receiver["type"] == "ByteString"
    assert (amount, tracked(node, "alice")[asset]) == ({"type": "Integer", "value": "1"}, "6")


def test_gas_changes_its_supply(start: Start) -> None:
    node = start(document=CHAIN)

    def supply() -> int:
        return int(asked(node, GAS, "totalSupply")["value"])

    node("dev_mine")
    first, alice = supply(), held(node, GAS, "alice")
    node("dev_mine")
    of_a_block = supply() - first
    node("dev_setBalance", {"asset": "GAS", "account": "alice", "amount": alice - 11})
    assert supply() == first + 2 * of_a_block - 11


def test_neo_pays_what_it_has_earned_and_moves_its_votes(start: Start) -> None:
    node = start(document=CHAIN)
    key = node.node.ledger.keyring.public_key(UInt160.parse(account(node, "alice")))
    alice: dict[str, Json] = {"type": "Hash160", "value": account(node, "alice")}
    candidate: dict[str, Json] = {"type": "PublicKey", "value": str(key)}

    def votes() -> int:
        return int(asked(node, NEO, "getCandidateVote", candidate)["value"])

    def unclaimed() -> int:
        next_index: Json = {"type": "Integer", "value": str(node.node.ledger.height + 1)}
        return int(asked(node, NEO, "unclaimedGas", alice, next_index)["value"])

    # Whoever pays NeoToken the price of 1,000 GAS registers a key, with the key's witness.
    paying: list[Json] = [alice, {"type": "Hash160", "value": NEO}, 100_000_000_000, candidate]
    signer: Json = {"account": "alice", "scopes": "Global"}
    node("dev_invoke", {"contract": GAS, "method": "transfer", "args": paying, "signers": [signer]})
    node("dev_invoke", {"contract": NEO, "method": "vote", "args": [alice, candidate], "signers": ["alice"]})
    assert votes() == 1000
    node("dev_mine", 10)
    gas, owed = held(node, GAS, "alice"), unclaimed()
    assert owed > 0
    node("dev_setBalance", {"asset": "NEO", "account": "alice", "amount": 300})
    assert (votes(), held(node, GAS, "alice")) == (300, gas + owed)
    node("dev_setBalance", {"asset": "NEO", "account": "alice", "amount": 0})
    assert votes() == 0


@pytest.mark.parametrize("kind", ["integer", "item", "digits"])
def test_a_row_may_hold_an_amount_in_any_of_these_forms(start: Start, kind: str) -> None:
    node = start(document=CHAIN)
    contract = deploy(node, "balances", kind)
    alice: Json = {"type": "Hash160", "value": account(node, "alice")}
    node("dev_invoke", {"contract": "balances", "method": "give", "args": [alice, 12]})
    for amount in (0, 3, 2**200):
        node("dev_setBalance", {"asset": "balances", "account": "alice", "amount": str(amount)})
        assert held(node, contract, "alice") == amount


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("two rows", "reads 3 rows for"),
        ("doubled", "none of them sets it to 9"),
        ("constant", "none of them sets it to 9"),
        ("item", "fails for"),
    ],
)
def test_a_balance_that_is_not_one_row_is_refused(start: Start, kind: str, words: str) -> None:
    """An item that is not there yet has no form; of two rows neither is the balance while the other holds some."""
    node = start(document=CHAIN)
    deploy(node, "balances", kind)
    alice: Json = {"type": "Hash160", "value": account(node, "alice")}
    if kind != "item":
        node("dev_invoke", {"contract": "balances", "method": "give", "args": [alice, 3]})
    key = b64encode(b"b" + bytes(UInt160.parse(account(node, "alice")))).decode()
    node("dev_setStorage", {"contract": "balances", "key": key, "value": "AQ=="})
    before = node.node.ledger.height, node("dev_dumpState")
    error = node.error("dev_setBalance", {"asset": "balances", "account": "alice", "amount": 9})
    assert error["code"] == -32000
    assert words in error["message"]
    assert (node.node.ledger.height, node("dev_dumpState")) == before


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"asset": "NEO", "amount": 100_000_001}, "more than all there are, 100000000"),
        ({"asset": "GAS", "amount": str(2**255 - 1)}, "255 bits do not hold all"),
        ({"asset": "coin", "amount": str(2**255)}, "balance.amount"),
        ({"asset": "coin", "amount": -1}, "balance.amount"),
        ({"asset": "Notary"}, "Notary is a native contract"),
        ({"asset": "StdLib"}, "StdLib is a native contract"),
        ({"asset": "nothing"}, "balance.asset"),
        ({"asset": "0x" + "12" * 20}, "there is no contract 0x1212"),
        ({"account": "nobody"}, "balance.account"),
        ({"asset": "gems", "with_transfer": True}, "is of NEP-11, whose Transfer names a token id"),
        ({"asset": "beans"}, "balance.asset"),
        ({"with_transfer": "yes"}, "balance.with_transfer"),
        ({"more": 1}, "balance.more"),
    ],
)
def test_what_cannot_be_held_is_refused_and_changes_nothing(start: Start, members: dict[str, Json], words: str) -> None:
    node = start(document=CHAIN)
    before = node("dev_dumpState")
    error = node.error("dev_setBalance", {"asset": "coin", "account": "alice", "amount": 1, **members})
    assert words in error["message"]
    assert node("dev_dumpState") == before


def test_how_many_tokens_of_nep_11_there_are_is_one_row_too(start: Start) -> None:
    node = start(document=CHAIN)
    node("dev_setBalance", {"asset": "gems", "account": "bob", "amount": 4})
    assert held(node, hash_of(node, "gems"), "bob") == 4


@ALL_TOKENS
def test_rewinds_snapshots_and_dumps_keep_it(start: Start, token: str) -> None:
    node = with_beans(start)
    told: dict[str, Json] = {"asset": token, "account": "bob", "amount": 77, "with_transfer": True}
    asset, before, height = hash_of(node, token), root(node), node.node.ledger.height
    node("dev_setBalance", told)
    after, dumped, snapshot = root(node), node("dev_dumpState"), node("dev_snapshot")
    assert after != before
    assert asset in [each["script_hash"] for each in node("dev_info")["injected"]["storage"]["first"]]
    node("dev_rewind", height)
    assert (root(node), held(node, asset, "bob")) == (before, 0)
    assert node("dev_info")["injected"]["events"]["count"] == 0
    node("dev_setBalance", told)
    assert root(node) == after
    node("dev_rewind", height)
    node("dev_revert", snapshot)
    assert (root(node), held(node, asset, "bob")) == (after, 77)
    node("dev_reset")
    node("dev_loadState", dumped)
    assert (root(node), held(node, asset, "bob"), tracked(node, "bob")[asset]) == (after, 77, "77")


def test_what_waits_goes_on_waiting(start: Start) -> None:
    node = start(document=CHAIN)
    node("dev_setBlockTime", "manual")
    waiting = node("dev_transfer", {"asset": "coin", "from": "alice", "to": "bob", "amount": 10})
    node("dev_setBalance", {"asset": "coin", "account": "alice", "amount": 10, "with_transfer": True})
    assert node("getrawmempool") == [waiting]
    node("dev_mine")
    coin = hash_of(node, "coin")
    assert (held(node, coin, "alice"), held(node, coin, "bob")) == (0, 10)


@pytest.mark.parametrize("profile", ["n2", "n3-preview"])
@pytest.mark.parametrize("method", ["dev_setBalance", "dev_setStorage", "dev_setContract"])
def test_the_older_profiles_have_no_storage_to_write(start: Start, profile: str, method: str) -> None:
    error = start(profile).error(method, {})
    assert error["message"].startswith("storage is written on chains of profile n3")


def test_the_validators_can_be_made_poor(start: Start) -> None:
    node = start(document=CHAIN)
    validators = str(node.node.ledger.validators)
    node("dev_setBalance", {"asset": "GAS", "account": validators, "amount": 0, "with_transfer": True})
    error = node.error("dev_setBalance", {"asset": "coin", "account": "bob", "amount": 1, "with_transfer": True})
    assert "the transaction that shows the Transfer cannot be paid" in error["message"]
    node("dev_setBalance", {"asset": "GAS", "account": validators, "amount": "1000000000"})
    node("dev_setBalance", {"asset": "coin", "account": "bob", "amount": 1, "with_transfer": True})

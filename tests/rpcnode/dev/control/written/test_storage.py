"""dev_setStorage and dev_setContract."""

import json
from base64 import b64decode, b64encode
from typing import Final

import pytest

from rpcnode.primitives.json import Json
from tests.rpcnode.dev.control.small_chain_nodes import Start
from tests.rpcnode.dev.control.written.calls import (
    CHAIN,
    account,
    asked,
    deploy,
    hash_of,
    held,
    manifest_of,
    nef_of,
    root,
)

PRICE: Final = b64encode(b"price").decode()
PLACE: Final = "0x" + "ab" * 20


def test_a_row_is_written_and_taken_away(start: Start) -> None:
    node = start(document=CHAIN)
    shop = deploy(node, "shop", 7)
    roots = [root(node)]
    height = node.node.ledger.height
    assert node("dev_setStorage", {"contract": "shop", "key": PRICE, "value": "BQ=="}) == height + 1
    assert asked(node, shop, "price") == {"type": "Integer", "value": "5"}
    assert node("getstorage", shop, PRICE) == "BQ=="
    roots.append(root(node))
    node("dev_setStorage", {"contract": shop, "key": PRICE, "value": None})
    assert node.error("getstorage", shop, PRICE)["code"] == -104
    roots.append(root(node))
    assert len(set(roots)) == 3
    assert node("dev_info")["injected"]["storage"]["first"] == [{"script_hash": shop, "block": height + 1}]
    node("dev_rewind", height)
    assert (root(node), asked(node, shop, "price")["value"]) == (roots[0], "7")


def test_a_row_that_a_declared_token_cannot_read_is_a_fault(start: Start) -> None:
    """Its twin in Python leaves the call to its script."""
    node = start(document=CHAIN)
    coin, alice = hash_of(node, "coin"), account(node, "alice")
    holder = bytes.fromhex(alice[2:])[::-1]
    (key,) = [
        row["key"] for row in node("findstorage", coin, "", 0)["results"] if b64decode(row["key"]).endswith(holder)
    ]
    node("dev_setStorage", {"contract": "coin", "key": key, "value": b64encode(b"\x01" * 33).decode()})
    words = "MaxSize of Integer is exceeded: 33/32."
    run = node("invokefunction", coin, "balanceOf", [{"type": "Hash160", "value": alice}])
    assert (run["state"], run["exception"][-len(words) :]) == ("FAULT", words)
    transfer: Json = {"asset": "coin", "from": "alice", "to": "bob", "amount": 1}
    assert words in node.error("dev_transfer", transfer)["message"]
    assert words in node.error("dev_setBalance", {"asset": "coin", "account": "alice", "amount": 1})["message"]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"contract": "PolicyContract"}, "PolicyContract is a native contract"),
        ({"contract": "nothing"}, "storage.contract"),
        ({"contract": PLACE}, f"there is no contract {PLACE}"),
        ({"key": "?"}, "storage.key: '?' is not Base64"),
        ({"key": b64encode(bytes(65)).decode()}, "storage.key: has 65 bytes, a row's is of 64 at most"),
        ({"value": 5}, "storage.value: 5 stands where a text in Base64 belongs"),
        ({"value": b64encode(bytes(65536)).decode()}, "storage.value: has 65536 bytes"),
        ({"kay": ""}, "storage.kay"),
    ],
)
def test_a_row_that_cannot_be_written_changes_nothing(start: Start, members: dict[str, Json], words: str) -> None:
    node = start(document=CHAIN)
    deploy(node, "shop")
    before = node("dev_dumpState")
    error = node.error("dev_setStorage", {"contract": "shop", "key": PRICE, "value": "", **members})
    assert words in error["message"].replace('"', "'")
    assert node("dev_dumpState") == before


def test_a_value_that_is_not_said_takes_nothing_away(start: Start) -> None:
    node = start(document=CHAIN)
    deploy(node, "shop")
    error = node.error("dev_setStorage", {"contract": "shop", "key": PRICE})
    assert "storage.value: is missing, and required; null takes the row away" in error["message"]


def test_a_contract_that_stands_gets_another_script_and_keeps_its_rows(start: Start) -> None:
    node = start(document=CHAIN)
    shop = deploy(node, "shop", 7)
    contract_id = node("getcontractstate", shop)["id"]
    before, height = root(node), node.node.ledger.height
    other: Json = manifest_of("beans") | {"name": "Other"}
    assert node("dev_setContract", {"contract": "shop", "nef": nef_of("beans"), "manifest": other}) == height + 1
    state = node("getcontractstate", "0x" + shop[2:])
    assert (state["id"], state["updatecounter"], state["manifest"]["name"]) == (contract_id, 1, "Other")
    assert asked(node, shop, "symbol")["value"] == b64encode(b"BEAN").decode()
    assert node("getstorage", shop, PRICE) == "Bw=="
    assert hash_of(node, "shop") == shop
    assert root(node) != before
    assert {"script_hash": shop, "block": height + 1} in node("dev_info")["injected"]["placed"]["first"]
    node("dev_setBalance", {"asset": "shop", "account": "bob", "amount": 3})
    assert held(node, shop, "bob") == 3
    node("dev_rewind", height)
    assert (root(node), asked(node, shop, "price")["value"]) == (before, "7")


def test_a_contract_is_put_in_place_at_any_hash(start: Start) -> None:
    node = start(document=CHAIN)
    newest = node("getcontractstate", deploy(node, "shop"))["id"]
    node("dev_setContract", {"contract": PLACE, "nef": nef_of("beans"), "manifest": manifest_of("beans")})
    assert node("getcontractstate", PLACE)["id"] == newest + 1
    assert asked(node, PLACE, "decimals") == {"type": "Integer", "value": "2"}
    assert hash_of(node, "Beans") == PLACE
    dumped = node("dev_dumpState")
    node("dev_reset")
    assert node.error("getcontractstate", PLACE)["code"] == -102
    node("dev_loadState", dumped)
    assert asked(node, PLACE, "decimals")["value"] == "2"
    deploy(node, "asker")
    assert node("getcontractstate", hash_of(node, "asker"))["id"] == newest + 2


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "contract.nef: is missing, as is manifest"),
        ({"contract": PLACE, "manifest": {}}, "contract.manifest: what is here is no manifest"),
        ({"contract": PLACE, "nef": nef_of("beans")}, "to put one there takes nef and manifest"),
        ({"contract": "NEO", "nef": nef_of("beans")}, "is a native contract, which has no script of its own"),
        ({"nef": "beans.nef"}, "is a path; a NEF is given in Base64 here"),
        ({"manifest": manifest_of("beans")}, "manifest and NEF do not fit together"),
    ],
)
def test_a_contract_that_cannot_be_changes_nothing(start: Start, members: dict[str, Json], words: str) -> None:
    node = start(document=CHAIN)
    deploy(node, "asker")
    before = node("dev_dumpState")
    assert words in node.error("dev_setContract", {"contract": "asker", **members})["message"]
    assert node("dev_dumpState") == before


def test_an_updated_contract_keeps_its_name(start: Start) -> None:
    node = start(document=CHAIN)
    beans = deploy(node, "beans")
    manifest = {**manifest_of("beans"), "extra": {"version": 2}}
    written: list[Json] = [{"type": "ByteArray", "value": nef_of("beans")}, json.dumps(manifest), None]
    node("dev_invoke", {"contract": "beans", "method": "update", "args": written, "signers": ["alice"]})
    assert node("getcontractstate", beans)["updatecounter"] == 1
    assert hash_of(node, "beans") == beans

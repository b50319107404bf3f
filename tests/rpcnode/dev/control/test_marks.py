"""What `dev_info` tells of a chain that is not as on a real node."""

from pathlib import Path
from typing import Any, Final

from rpcnode.primitives.address import address_of
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from tests.rpcnode.dev.control.small_chain_nodes import CAROL, COIN, Commanded, Start, chain
from tests.rpcnode.natives.governance import KEYS

NOBODY: Final = "0x" + "ab" * 20
GONE: Final = "0x" + "9e" * 20
KINDS: Final = ("placed", "taken", "storage", "events")


def injected(node: Commanded) -> dict[str, dict[str, int]]:
    """Hashes with their first blocks, by kind."""
    told = node("dev_info")["injected"]
    assert tuple(told) == KINDS
    assert all(kind["count"] == len(kind["first"]) for kind in told.values())
    return {kind: {entry["script_hash"]: entry["block"] for entry in told[kind]["first"]} for kind in KINDS}


def signers(node: Commanded) -> dict[str, int]:
    """Accounts without a key that have signed, with their first blocks."""
    told = node("dev_info")["impersonated"]["signers"]
    assert all(entry["address"] == address_of(UInt160.parse(entry["script_hash"]), 0x35) for entry in told["first"])
    return {entry["script_hash"]: entry["block"] for entry in told["first"]}


def with_more(*transactions: tuple[int, dict[str, Json]], height: int | None = None) -> dict[str, Any]:
    """The small chain with blocks of one transaction each, and a contract that goes in block 6."""
    document = chain()
    document["contracts"]["gone"] = {"hash": GONE, "standard": "NEP-17", "deployed_at": 3, "destroyed_at": 6}
    document["blocks"] = [{"index": index, "transactions": [transaction]} for index, transaction in transactions]
    document["node"]["height"] = height or 9
    return document


def moved(sender: str, receiver: str) -> dict[str, Json]:
    return {"transfers": [{"asset": "coin", "from": sender, "to": receiver, "amount": "1"}]}


SHOWN: Final[dict[str, Json]] = {
    "notifications": [{"contract": "coin", "event": "Odd", "state": [{"type": "Integer", "value": "1"}]}]
}


def test_contracts_that_were_put_in_place_or_taken_away_are_told(start: Start) -> None:
    node = start(document=with_more())
    told = injected(node)
    assert told["placed"][COIN] == 0 and told["placed"][GONE] == 3
    assert told["taken"] == {GONE: 6}
    assert injected(start(document=with_more(height=5)))["taken"] == {}


def test_a_real_deployment_is_none_of_them_but_what_it_begins_with_is_written(start: Start) -> None:
    node = start()
    before = injected(node)
    node("dev_deploy", {"name": "lean", "standard": "NEP-17"})
    assert injected(node) == before
    node("dev_deploy", {"name": "rich", "standard": "NEP-17", "total_supply": "5"})
    after = injected(node)
    (rich,) = after["storage"].keys() - before["storage"].keys()
    assert after["placed"] == before["placed"]
    assert node("getcontractstate", rich)["manifest"]["name"] == "rich"


def test_declared_events_are_told_by_contract(start: Start) -> None:
    document = with_more((4, SHOWN), (7, SHOWN), (8, {**SHOWN, "faults": True}))
    assert injected(start(document=document))["events"] == {COIN: 4}


def test_signers_whose_key_is_not_known_are_told_once(start: Start) -> None:
    document = with_more(
        (4, moved("alice", "carol")),
        (5, moved("carol", "alice")),
        (6, moved("alice", "carol")),
        (7, moved("carol", "bob")),
    )
    node = start(document=document)
    assert signers(node) == {CAROL: 5}
    transaction = node("getblock", 5, True)["tx"][0]
    assert [signer["account"] for signer in transaction["signers"]][1:] == [CAROL]
    assert [bool(witness["verification"]) for witness in transaction["witnesses"]] == [True, False]
    assert node("dev_info")["impersonated"]["validators"] is False


def test_marks_go_and_come_with_their_blocks(start: Start) -> None:
    document = with_more((4, moved("alice", "carol")), (5, moved("carol", "bob")), (7, SHOWN))
    node = start(document=document)
    whole = node("dev_info")
    node("dev_setSync", {"height": 4, "header_height": 9})
    assert signers(node) == {} and injected(node)["taken"] == {} == injected(node)["events"]
    node("dev_setSync", {"height": 6, "header_height": 9})
    assert signers(node) == {CAROL: 5} and injected(node)["events"] == {}
    node("dev_setSync", {"height": 9})
    assert [node("dev_info")[part] for part in ("injected", "impersonated")] == [
        whole[part] for part in ("injected", "impersonated")
    ]
    node("dev_snapshot", "whole")
    state = node("dev_dumpState")
    node("dev_rewind", 4)
    assert (signers(node), injected(node)["taken"], injected(node)["events"]) == ({}, {}, {})
    assert node.node.store.connection.execute("SELECT max(block_index) FROM chain_mark").fetchone()[0] < 5
    for method, given in (("dev_revert", "whole"), ("dev_loadState", state)):
        node(method, given)
        assert node("dev_info")["injected"] == whole["injected"]
        assert node("dev_info")["impersonated"] == whole["impersonated"]
        node("dev_rewind", 2)


def test_marks_are_there_after_a_restart(start: Start, tmp_path: Path) -> None:
    document = with_more((4, moved("alice", "carol")), (5, moved("carol", "bob")))
    node = start(document=document, db=tmp_path / "chain.db")
    told = node("dev_info")["injected"], node("dev_info")["impersonated"]
    node.node.close()
    again = start(with_fixture=False, db=tmp_path / "chain.db")
    assert (again("dev_info")["injected"], again("dev_info")["impersonated"]) == told


def test_validators_without_known_keys_are_told(start: Start) -> None:
    document = with_more()
    document["network"]["committee"] = [str(key) for key in KEYS[:4]]
    node = start(document=document)
    assert node("dev_info")["impersonated"]["validators"] is True
    transaction = node("dev_mint", {"asset": "coin", "to": "bob", "amount": 1})
    assert list(signers(node)) == [str(node.node.ledger.validators)]
    assert node("getrawtransaction", transaction, True)["witnesses"] == [{"invocation": "", "verification": ""}]


def test_a_list_ends_after_a_hundred(start: Start) -> None:
    document = with_more()
    document["contracts"] |= {
        f"token{number}": {"hash": f"0x{number:040x}", "standard": "NEP-17"} for number in range(1, 121)
    }
    placed = start(document=document)("dev_info")["injected"]["placed"]
    assert placed["count"] > 120 and len(placed["first"]) == 100

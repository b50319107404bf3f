"""What one worker has changed, the next answer of each other shows: blocks, reverts, lags, faults, wallets, waiting."""

import json
import threading
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from rpcnode.execution.native_hashes import LEDGER
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.script_builder import ScriptBuilder
from tests.node_process import RunningNode
from tests.recorded_answers import DATA, read
from tests.rpcnode.workers.shared_node import Client, call_body, client_of_reader, client_of_writer, stopped

ALICE, BOB = "0x" + "a1" * 20, "0x" + "b0" * 20


@pytest.fixture(scope="module")
def coin(writer: Client) -> str:
    """A token of which Alice has all."""
    writer.call("dev_deploy", {"key": "coin", "standard": "NEP-17", "decimals": 0})
    writer.call("dev_mint", {"asset": "coin", "to": ALICE, "amount": 1_000_000})
    balance = writer.call("getnep17balances", ALICE)["balance"]
    return str(balance[0]["assethash"])


def pay(client: Client, amount: int = 1) -> Any:
    return client.call("dev_transfer", {"asset": "coin", "from": ALICE, "to": BOB, "amount": amount})


def questions(coin: str, height: int) -> list[bytes]:
    """Calls that the chain alone decides, and answers otherwise after each change of it."""
    of_bob = [{"type": "Hash160", "value": BOB}]
    return [
        call_body("getblockcount"),
        call_body("getblockheadercount"),
        call_body("getbestblockhash"),
        call_body("getblock", height, True),
        call_body("getblockheader", height, True),
        call_body("getnep17balances", BOB),
        call_body("invokefunction", coin, "balanceOf", of_bob),
        call_body("getcontractstate", coin),
        call_body("getcandidates"),
        b"[%b,%b]" % (call_body("getblockcount"), call_body("getnep17balances", BOB)),
    ]


def check(node: RunningNode, reader: Client, writer: Client, coin: str) -> list[bytes]:
    """The reader answers at once, while the writer does nothing, and then the writer answers the same."""
    height = writer.call("getblockcount") - 1
    asked = questions(coin, height)
    with stopped([node.process.pid]):
        answers = [reader.post(body) for body in asked]
    assert answers == [writer.post(body) for body in asked]
    for body in (call_body("getnep17transfers", BOB, 0), call_body("getstateroot", height), call_body("getversion")):
        assert reader.post(body) == writer.post(body)
    assert not any(b'"error"' in answer for answer in answers)
    return answers


STEPS: dict[str, Callable[[Client], object]] = {
    "a block with a payment": pay,
    "an empty block": lambda client: client.call("dev_mine", 1),
    "many blocks": lambda client: client.call("dev_mine", 30),
    "a snapshot and a payment": lambda client: (client.call("dev_snapshot", "then"), pay(client, 7)),
    "back to it": lambda client: client.call("dev_revert", "then"),
    "payments after it": lambda client: [pay(client, 3), pay(client, 4)],
    "some blocks taken back": lambda client: client.call("dev_rewind", client.call("getblockcount") - 2),
    "another block in their place": lambda client: pay(client, 5),
    "a balance past all scripts": lambda client: client.call(
        "dev_setBalance", {"asset": "coin", "account": BOB, "amount": 12345, "with_transfer": True}
    ),
    "trackers behind": lambda client: client.call("dev_setLag", {"TokensTracker": 2}),
    "a block with trackers behind": pay,
    "trackers up to it": lambda client: client.call("dev_setLag", {"TokensTracker": 0}),
    "headers ahead": lambda client: client.call("dev_setSync", {"header_height": client.call("getblockcount") + 4}),
    "the node behind": lambda client: client.call("dev_setSync", {"height": client.call("getblockcount") - 2}),
    "up again": lambda client: client.call("dev_setSync", {"height": client.call("getblockheadercount") - 1}),
    "a contract": lambda client: client.call("dev_deploy", {"key": "other", "standard": "NEP-11", "symbol": "O"}),
    "a time": lambda client: client.call("dev_increaseTime", 3_600_000),
    "a block at that time": pay,
    "no block": lambda client: client.call("dev_clearFaults"),
}
"""One after the other, on one chain."""
SHOWS_NOTHING = ("a time", "no block", "headers ahead")


def test_a_reader_shows_each_change_at_once(node: RunningNode, reader: Client, writer: Client, coin: str) -> None:
    clients = reader, writer
    before = check(node, reader, writer, coin)
    for (name, step), turn in zip(STEPS.items(), count()):
        step(clients[turn % 2])
        after = check(node, reader, writer, coin)
        assert (before != after) or name in SHOWS_NOTHING, name
        before = after


def test_another_chain_and_a_state_that_is_loaded(node: RunningNode, reader: Client, writer: Client, coin: str) -> None:
    state = writer.call("dev_dumpState")
    answers = check(node, reader, writer, coin)
    writer.call("dev_reset")
    assert reader.call("getnep17balances", ALICE)["balance"] == []
    assert b"Unknown contract" in reader.post(call_body("getcontractstate", coin))
    reader.call("dev_loadState", state)
    assert check(node, reader, writer, coin) == answers


def test_faults_strike_at_readers_and_end_there(node: RunningNode, reader: Client, writer: Client) -> None:
    body = call_body("getblockcount")
    right, dropped = reader.post(body), client_of_reader(node)
    error = {"code": -7, "message": "on purpose"}
    writer.call("dev_setFault", {"method": "getblockcount", "error": error, "nth": 2})
    answers = [reader.post(body), writer.post(body), reader.post(body)]
    assert answers[0] == answers[2] == right
    assert b"on purpose" in answers[1]
    reader.call("dev_setFault", {"method": "getblockcount", "http_status": 503})
    assert reader.post(body).startswith(b"HTTP/1.1 503 ")
    assert writer.post(body).startswith(b"HTTP/1.1 503 ")
    writer.call("dev_setFault", {"method": "getblockhash", "drop": True, "times": 1})
    assert dropped.post(call_body("getblockhash", 0)) == b""
    dropped.close()
    writer.call("dev_clearFaults")
    with stopped([node.process.pid]):
        assert reader.post(body) == right


def test_a_wallet_signs_what_readers_are_asked(
    node: RunningNode, reader: Client, writer: Client, coin: str, tmp_path: Path
) -> None:
    recorded = read(DATA / "csharp-rpc/answers.json.xz")["wallet_flow"]
    file = tmp_path / "wallet.json"
    file.write_text(recorded["files"]["test-wallet.json"], "utf-8")
    signer = {"account": json.loads(file.read_text("utf-8"))["accounts"][0]["address"], "scopes": "CalledByEntry"}
    asked: tuple[Any, ...] = coin, "symbol", [], [signer]
    without = reader.call("invokefunction", *asked)
    assert "tx" not in without
    assert writer.call("openwallet", str(file), recorded["password"]) is True
    for client in (reader, writer):
        assert client.call("invokefunction", *asked)["exception"].startswith("Insufficient GAS"), "the fee is counted"
    assert reader.call("closewallet") is True
    with stopped([node.process.pid]):
        assert reader.call("invokefunction", *asked) == without


def test_what_waits_for_a_block_is_found_everywhere(
    node: RunningNode, reader: Client, writer: Client, coin: str
) -> None:
    writer.call("dev_setBlockTime", "manual")
    txid = pay(reader)
    found = call_body("getrawtransaction", txid, True)
    assert reader.post(found) == writer.post(found)
    assert b'"confirmations"' not in reader.post(found)
    assert reader.call("getrawmempool") == writer.call("getrawmempool") == [txid]
    writer.call("dev_mine")
    assert reader.call("getrawtransaction", txid, True)["confirmations"] == 1
    writer.call("dev_setBlockTime", "instant")


def test_a_hash_that_one_worker_has_worked_out_is_known_to_the_others(
    node: RunningNode, reader: Client, writer: Client
) -> None:
    with stopped([node.process.pid]):
        of_reader = reader.call("getblockhash", 30_000)
    assert writer.call("getblock", of_reader, True)["index"] == 30_000
    of_writer = writer.call("getblockhash", 40_000)
    assert reader.call("getblockheader", of_writer, True)["index"] == 40_000


def test_an_answer_is_of_one_block_while_blocks_are_made(
    node: RunningNode, reader: Client, writer: Client, coin: str
) -> None:
    """Each block moves one coin from Alice to Bob: a mix of two blocks would show another sum, or another height."""
    script = ScriptBuilder()
    for holder in (ALICE, BOB):
        script.call(UInt160.parse(coin), "balanceOf", (bytes(UInt160.parse(holder)),))
    script.call(LEDGER, "currentIndex", ())
    body = call_body("invokescript", b64encode(script.to_bytes()).decode())

    def look() -> tuple[int, int]:
        answer = json.loads(reader.post(body).partition(b"\r\n\r\n")[2])
        of_alice, of_bob, height = (int(item["value"]) for item in answer["result"]["stack"])
        return of_alice + of_bob, height - of_bob

    pay(writer)
    expected = look()
    paid: list[Any] = []
    enough = threading.Event()

    def go_on() -> None:
        with closing(client_of_writer(node)) as payer:
            while not enough.is_set():
                paid.append(pay(payer))

    thread = threading.Thread(target=go_on)
    thread.start()
    seen: list[tuple[int, int]] = []
    while thread.is_alive() and min(len(seen), len(paid)) < 50:
        seen.append(look())
    enough.set()
    thread.join()
    assert min(len(seen), len(paid)) >= 50, "it ended by itself"
    assert set(seen) == {expected}

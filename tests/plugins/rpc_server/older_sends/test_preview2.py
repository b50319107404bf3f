"""What clients of preview2 send: NEO and GAS move, fees are paid, NEO earns, and the rest is refused."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from rpcnode.models.preview_moves import GAS, NEO
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.preview2.transaction import Preview2Transaction
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from tests.plugins.node_builder import error, result
from tests.plugins.rpc_server.older_sends.clients import Preview2Client

STRANGER = UInt160(b"\x07" * 20)


@pytest.fixture
def node() -> Iterator[Node]:
    with closing(Node(NodeOptions(profile="n3-preview", block_time="manual"))) as built:
        yield built


@pytest.fixture
def alice(node: Node) -> Preview2Client:
    return Preview2Client(node, node.accounts[0].private_key)


def send(node: Node, transaction: Preview2Transaction) -> Json:
    answer: Json = result(node, "sendrawtransaction", transaction.serialize().hex())
    return answer


def refusal(node: Node, transaction: Preview2Transaction) -> dict[str, int | str]:
    return error(node, "sendrawtransaction", transaction.serialize().hex())


def held(node: Node, account: UInt160, token: UInt160) -> int:
    answer = node.ledger.state().call(token, "balanceOf", (bytes(account),))
    balance = answer.stack[0]
    assert isinstance(balance, int)
    return balance


def test_what_was_sent_has_its_hash_and_is_known(node: Node, alice: Preview2Client) -> None:
    sent = alice.signed(alice.transfer(GAS, STRANGER, 5))
    assert send(node, sent) == {"hash": str(sent.hash)}
    assert result(node, "getrawmempool") == [str(sent.hash)]
    assert refusal(node, sent) == {"code": -500, "message": "AlreadyExists"}


def test_a_transfer_moves_gas_and_its_fees_go_to_the_validator(node: Node, alice: Preview2Client) -> None:
    validator = ACCOUNT_SCRIPTS["n3-preview"].account(node.ledger.parameters.validators[0])
    before, paid_before = held(node, alice.account, GAS), held(node, validator, GAS)
    sent = alice.signed(alice.transfer(GAS, STRANGER, 5))
    send(node, sent)
    height = node.miner.mine()
    assert held(node, STRANGER, GAS) == 5
    assert held(node, alice.account, GAS) == before - 5 - 12_000_000
    assert held(node, validator, GAS) == paid_before + 2_000_000
    log = result(node, "getapplicationlog", str(sent.hash))
    # As a running node says of this script: the call 1,007,810, ASSERT with it, the transfer 8,000,000.
    assert (log["vmstate"], log["gas_consumed"], log["stack"]) == ("HALT", "9007810", [])
    own = result(node, "getapplicationlog", str(node.ledger.block_hash(height)))
    assert [event["state"]["value"][3]["value"] for event in own["notifications"]] == ["12000000", "2000000"]


def test_neo_that_moves_is_paid_what_it_has_earned(node: Node, alice: Preview2Client) -> None:
    neo = held(node, alice.account, NEO)
    since = node.ledger.changed_at(-1, b"\x14" + alice.account)
    first = alice.signed(alice.transfer(NEO, STRANGER, 1))
    send(node, first)
    height = node.miner.mine()
    events = result(node, "getapplicationlog", str(first.hash))["notifications"]
    # 6 GAS a block for 100,000,000 NEO: six datoshi for each.
    assert [event["state"]["value"][3]["value"] for event in events] == [str(neo * 6 * (height - since)), "1"]
    node.miner.mine(9)
    second = alice.signed(alice.transfer(NEO, STRANGER, 1))
    send(node, second)
    node.miner.mine()
    events = result(node, "getapplicationlog", str(second.hash))["notifications"]
    earned = [str((neo - 1) * 6 * 10), str(1 * 6 * 10), "1"]
    assert [event["state"]["value"][3]["value"] for event in events] == earned


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"valid_until_block": 0}, "Expired"),
        ({"valid_until_block": 2**32 - 1}, "Expired"),
        ({"system_fee": 10**16}, "InsufficientFunds"),
        ({"network_fee": 100_000}, "InsufficientFunds"),
        ({"network_fee": 1_000_000}, "Invalid"),  # enough for the size, not for the check of the signature
    ],
)
def test_what_does_not_hold_is_refused_by_its_name(
    node: Node, alice: Preview2Client, changes: dict[str, int], message: str
) -> None:
    sent = alice.signed(alice.transfer(GAS, STRANGER, 5), **changes)
    assert refusal(node, sent) == {"code": -500, "message": message}


def test_one_who_has_not_signed_is_refused(node: Node, alice: Preview2Client) -> None:
    sent = alice.signed(alice.transfer(GAS, STRANGER, 5))
    other = alice.signed(alice.transfer(GAS, STRANGER, 6))
    for witnesses in ((), other.witnesses, (*sent.witnesses, *sent.witnesses)):
        assert refusal(node, sent.with_witnesses(witnesses)) == {"code": -500, "message": "Invalid"}


def test_fees_of_all_that_waits_have_to_be_there(node: Node, alice: Preview2Client) -> None:
    gas = held(node, alice.account, GAS)
    send(node, alice.signed(alice.transfer(NEO, STRANGER, 1), system_fee=gas - 50_000_000))
    more = alice.signed(alice.transfer(NEO, STRANGER, 1), system_fee=50_000_000)
    assert refusal(node, more) == {"code": -500, "message": "InsufficientFunds"}


@pytest.mark.parametrize("paid", [9_007_809, 9_007_810])
def test_a_script_that_costs_more_than_was_paid_fails(node: Node, alice: Preview2Client, paid: int) -> None:
    sent = alice.signed(alice.transfer(GAS, STRANGER, 5), system_fee=paid)
    send(node, sent)
    node.miner.mine()
    state = "HALT" if paid == 9_007_810 else "FAULT"
    assert result(node, "getapplicationlog", str(sent.hash))["vmstate"] == state
    assert held(node, STRANGER, GAS) == (5 if state == "HALT" else 0)


def test_nobody_moves_what_is_anothers(node: Node, alice: Preview2Client) -> None:
    bob = Preview2Client(node, node.accounts[1].private_key)
    stolen = alice.signed(bob.transfer(GAS, alice.account, 5))
    send(node, stolen)
    node.miner.mine()
    assert result(node, "getapplicationlog", str(stolen.hash))["vmstate"] == "FAULT"


@pytest.mark.parametrize("script", ["11", "1140", "0b4130e1"])
def test_a_script_that_does_more_than_call_is_refused_in_words(node: Node, alice: Preview2Client, script: str) -> None:
    refused = refusal(node, alice.signed(bytes.fromhex(script)))
    assert refused["code"] == -32603
    assert refused["data"] == "sendrawtransaction: its script does more than call contracts, and is not run"


def test_a_block_of_another_node_is_applied(node: Node) -> None:
    with closing(Node(NodeOptions(profile="n3-preview", block_time="manual"))) as twin:
        client = Preview2Client(twin, twin.accounts[0].private_key)
        send(twin, client.signed(client.transfer(NEO, STRANGER, 3)))
        block = result(twin, "getblock", twin.miner.mine())
        best = result(twin, "getbestblockhash")
        rows = result(twin, "getnep5balances", twin.view.address_of(client.account))
    assert result(node, "submitblock", block) == {"hash": best}
    assert error(node, "submitblock", block) == {"code": -500, "message": "AlreadyExists"}
    assert result(node, "getnep5balances", node.view.address_of(client.account)) == rows

"""sendrawtransaction, submitblock, calculatenetworkfee and getrawmempool as clients see them."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from rpcnode.chain.verification.verdict import Verdict
from rpcnode.endpoint import envelope_of
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.signer import Signer
from rpcnode.payloads.witness import Witness
from rpcnode.plugins.rpc_server.relay import REFUSALS
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.server.jsonrpc.access import Authorization
from rpcnode.server.jsonrpc.reply import Reply
from rpcnode.vm.opcode import Opcode
from tests.plugins.node_builder import error, result
from tests.rpcnode.chain.verification.clients import GAS, Client, wire


@pytest.fixture
def node() -> Iterator[Node]:
    with closing(Node(NodeOptions(block_time="manual"))) as built:
        yield built


@pytest.fixture
def alice(node: Node) -> Client:
    return Client(node, node.accounts[0].private_key)


def test_every_refusal_has_the_name_of_a_verdict() -> None:
    assert REFUSALS.keys() < {verdict.value for verdict in Verdict}


def test_a_transaction_that_is_taken_in_is_answered_with_its_hash(node: Node, alice: Client) -> None:
    transaction = alice.signed()
    assert result(node, "sendrawtransaction", wire(transaction)) == {"hash": str(transaction.hash)}
    assert result(node, "getrawmempool") == [str(transaction.hash)]
    assert error(node, "sendrawtransaction", wire(transaction)) == {
        "code": -503,
        "message": "Already in pool - AlreadyInPool",
    }


def test_a_refusal_has_the_code_of_its_reason(node: Node, alice: Client) -> None:
    expired = alice.signed(valid_until_block=node.ledger.height)
    assert error(node, "sendrawtransaction", wire(expired)) == {
        "code": -510,
        "message": "Expired transaction - Expired",
    }
    stranger = replace(expired, signers=(Signer(UInt160(b"\x01" * 20)),))
    assert error(node, "sendrawtransaction", wire(stranger)) == {
        "code": -500,
        "message": "Inventory verification failed - Invalid",
    }


def test_the_network_fee_of_one_signature_is_that_of_size_and_check(node: Node, alice: Client) -> None:
    # 25 bytes before the signers, 1 + 21 of them, 1 of attributes, 1 + 1 of the script, 1 + 67 + 41 of the witness, at
    # 1,000 datoshi; and 30 datoshi for each of the 32,784 units that PUSHDATA1 twice and CheckSig cost.
    fee = 159 * 1_000 + 30 * 32_784
    unsigned = alice.unsigned(network_fee_datoshi=0)
    assert result(node, "calculatenetworkfee", wire(unsigned)) == {"networkfee": str(fee)}


def test_the_network_fee_of_what_is_no_contract_is_not_known(node: Node, alice: Client) -> None:
    nobody = alice.unsigned(network_fee_datoshi=0, witnesses=(Witness(),))
    refusal = error(node, "calculatenetworkfee", wire(nobody))
    assert refusal["code"] == -2147024809
    assert str(refusal["message"]).startswith(f"The smart contract or address {alice.account} (N")
    gas = alice.unsigned(network_fee_datoshi=0, signers=(Signer(GAS),), witnesses=(Witness(),))
    assert error(node, "calculatenetworkfee", wire(gas)) == {
        "code": -2147024809,
        "message": f"The smart contract {GAS} haven't got verify method",
    }


def test_a_block_above_the_next_one_cannot_be_judged_and_is_not_taken_up_later(node: Node) -> None:
    node.miner.mine(2)
    raw, below = (result(node, "getblock", node.ledger.height - number) for number in (0, 1))
    assert error(node, "submitblock", raw) == {
        "code": -501,
        "message": "Inventory already exists - AlreadyExists",
    }
    node.ledger.rewind(node.ledger.height - 2)
    assert error(node, "submitblock", raw) == {
        "code": -500,
        "message": "Inventory verification failed - UnableToVerify",
    }
    height = node.ledger.height
    result(node, "submitblock", below)
    assert node.ledger.height == height + 1
    result(node, "submitblock", raw)
    assert node.ledger.height == height + 2


def test_a_contract_that_takes_long_is_asked_in_steps(node: Node, alice: Client) -> None:
    """Its `verify` goes round, a jump to itself, until its GAS is spent."""
    verify: Json = {"name": "verify", "parameters": [], "returntype": "Boolean", "offset": 0, "safe": True}
    manifest: dict[str, Json] = {
        "name": "Endless",
        "groups": [],
        "features": {},
        "supportedstandards": [],
        "abi": {"methods": [verify], "events": []},
        "permissions": [{"contract": "*", "methods": "*"}],
        "trusts": [],
        "extra": None,
    }
    nef = b64encode(Nef("by hand", bytes((Opcode.JMP, 0))).serialize()).decode()
    result(node, "dev_deploy", {"key": "endless", "nef": nef, "manifest": manifest})
    result(node, "dev_mine")
    known = {each["name"]: each["script_hash"] for each in result(node, "dev_info")["contracts"]}
    endless = UInt160.parse(known["endless"])
    asking = alice.unsigned(network_fee_datoshi=0, signers=(Signer(endless),), witnesses=(Witness(),))
    call = {"jsonrpc": "2.0", "id": 1, "method": "calculatenetworkfee", "params": [wire(asking)]}
    steps = envelope_of(node).begin_post(json.dumps(call).encode(), Authorization.GRANTED)
    assert not isinstance(steps, Reply)
    next(steps)
    steps.close()

"""What becomes of transactions that clients send, each rule by itself; recorded answers judge them all together."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from rpcnode.chain.impersonation import set_impersonated
from rpcnode.chain.verification.pooled_fees import fees_of
from rpcnode.chain.verification.verdict import Verdict
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.payloads.attribute import Conflicts, HighPriority, NotaryAssisted, NotValidBefore
from rpcnode.payloads.signer import Signer
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.script_builder import ScriptBuilder
from tests.rpcnode.chain.verification.clients import GAS, SCRIPTS, Client

STRANGER = UInt160(b"\x11" * 20)


@pytest.fixture
def node() -> Iterator[Node]:
    with closing(Node(NodeOptions(block_time="manual"))) as built:
        yield built


@pytest.fixture
def alice(node: Node) -> Client:
    return Client(node, node.accounts[0].private_key)


@pytest.fixture
def bob(node: Node) -> Client:
    return Client(node, node.accounts[1].private_key)


def test_a_transfer_moves_gas_and_costs_its_fees(node: Node, alice: Client) -> None:
    before = alice.gas
    node.miner.set_block_time("instant")
    height = node.ledger.height
    transaction = alice.signed(alice.gas_script(STRANGER, 5))
    assert alice.relay.send(transaction) is Verdict.SUCCEED
    assert node.ledger.height == height + 1
    (execution,) = node.ledger.executions_of(transaction.hash, height + 1)
    assert execution.halted
    stored = node.ledger.transaction(transaction.hash)
    assert stored is not None
    assert stored[0].serialize() == transaction.serialize()
    assert alice.gas == before - 5 - fees_of(transaction)


def test_what_fails_is_in_its_block_and_costs_its_fees(node: Node, alice: Client) -> None:
    before = alice.gas
    transaction = alice.signed(b"\x38")
    assert alice.relay.send(transaction) is Verdict.SUCCEED
    node.miner.mine()
    (execution,) = node.ledger.executions_of(transaction.hash, node.ledger.height)
    assert not execution.halted
    assert alice.gas == before - fees_of(transaction)


def test_a_transaction_waits_until_a_block_is_made(node: Node, alice: Client) -> None:
    transaction = alice.signed()
    assert alice.relay.send(transaction) is Verdict.SUCCEED
    assert alice.relay.send(transaction) is Verdict.ALREADY_IN_POOL
    node.miner.mine()
    assert len(node.ledger.mempool) == 0
    assert alice.relay.send(transaction) is Verdict.ALREADY_EXISTS


def test_one_datoshi_less_than_the_network_fee_is_not_enough(alice: Client) -> None:
    enough = alice.unsigned().network_fee_datoshi
    assert alice.send(network_fee_datoshi=enough - 1) is Verdict.INSUFFICIENT_FUNDS
    assert alice.send(network_fee_datoshi=enough) is Verdict.SUCCEED


def test_the_signature_must_be_of_the_network_and_of_the_account(node: Node, alice: Client, bob: Client) -> None:
    assert alice.send(magic=1) is Verdict.INVALID_SIGNATURE
    transaction = alice.signed()
    assert alice.relay.send(transaction.with_witnesses(bob.signed().witnesses)) is Verdict.INVALID
    assert alice.relay.send(transaction.with_witnesses((Witness(),))) is Verdict.INVALID


def test_a_key_that_is_no_point_opens_no_account(alice: Client) -> None:
    verification = SCRIPTS.push_integer(1) + b"\x0c\x21\x02" + b"\xff" * 32 + SCRIPTS.push_integer(1)
    witness = Witness(b"\x0c\x40" + bytes(64), verification + SCRIPTS.check_signatures)
    assert alice.relay.send(alice.signed().with_witnesses((witness,))) is Verdict.INVALID
    assert alice.relay.send(alice.signed(signers=(Signer(witness.script_hash),), network_fee_datoshi=10**8)) in (
        Verdict.INVALID,
        Verdict.INSUFFICIENT_FUNDS,
    )


@pytest.mark.parametrize(
    ("ahead", "verdict"),
    [
        (0, Verdict.EXPIRED),
        (1, Verdict.SUCCEED),
        (5760, Verdict.SUCCEED),
        (5761, Verdict.NOT_YET_VALID),
    ],
)
def test_the_last_block_is_neither_here_nor_too_far(node: Node, alice: Client, ahead: int, verdict: Verdict) -> None:
    assert alice.send(valid_until_block=node.ledger.height + ahead) is verdict


def test_a_script_that_does_not_parse_is_refused(alice: Client) -> None:
    assert alice.send(b"\xff") is Verdict.INVALID_SCRIPT


def test_fees_of_all_that_wait_count(alice: Client) -> None:
    # Each account of the dev chain has 10,000 GAS.
    assert alice.send(system_fee_datoshi=6_000 * 10**8) is Verdict.SUCCEED
    assert alice.send(system_fee_datoshi=6_000 * 10**8) is Verdict.INSUFFICIENT_FUNDS


def test_attributes_hold_or_are_refused(node: Node, alice: Client) -> None:
    assert alice.send(attributes=(HighPriority(),)) is Verdict.INVALID_ATTRIBUTE
    assert alice.send(attributes=(NotValidBefore(node.ledger.height + 1),)) is Verdict.INVALID_ATTRIBUTE
    assert alice.send(attributes=(NotValidBefore(node.ledger.height),)) is Verdict.SUCCEED
    assert alice.send(attributes=(NotaryAssisted(1),)) is Verdict.INVALID_ATTRIBUTE


def test_a_transaction_replaces_one_of_the_same_sender_that_pays_less(node: Node, alice: Client, bob: Client) -> None:
    first = alice.signed()
    assert alice.relay.send(first) is Verdict.SUCCEED
    named = (Conflicts(first.hash),)
    assert bob.send(attributes=named, network_fee_datoshi=10**7) is Verdict.HAS_CONFLICTS
    assert alice.send(attributes=named, network_fee_datoshi=first.network_fee_datoshi) is Verdict.HAS_CONFLICTS
    second = alice.signed(attributes=named, network_fee_datoshi=10**7)
    assert alice.relay.send(second) is Verdict.SUCCEED
    assert [waiting.hash for waiting in node.ledger.mempool] == [second.hash]
    node.miner.mine()
    assert alice.relay.send(first) is Verdict.HAS_CONFLICTS
    assert alice.send(attributes=(Conflicts(second.hash),)) is Verdict.INVALID_ATTRIBUTE


def test_a_conflict_counts_as_long_as_its_block_stands(node: Node, alice: Client) -> None:
    height = node.ledger.height
    first, other = alice.signed(), alice.signed()
    assert alice.relay.send(first) is Verdict.SUCCEED
    assert alice.send(attributes=(Conflicts(first.hash),), network_fee_datoshi=10**7) is Verdict.SUCCEED
    node.miner.mine()
    assert alice.relay.send(first) is Verdict.HAS_CONFLICTS
    node.ledger.rewind(height)
    assert alice.relay.send(first) is Verdict.SUCCEED
    node.ledger.rewind(height - 1)
    assert alice.relay.send(other) is Verdict.SUCCEED
    assert alice.send(attributes=(Conflicts(first.hash),), network_fee_datoshi=10**7) is Verdict.SUCCEED
    node.miner.mine(2)
    assert alice.relay.send(first) is Verdict.HAS_CONFLICTS


def test_a_conflict_is_named_once(alice: Client) -> None:
    named = Conflicts(UInt256(b"\x01" * 32))
    assert alice.send(attributes=(named, named)) is Verdict.INVALID_ATTRIBUTE


def test_the_one_that_pays_most_for_its_size_goes_first(node: Node, alice: Client, bob: Client) -> None:
    cheap, dear = alice.signed(), bob.signed(network_fee_datoshi=10**8)
    assert alice.relay.send(cheap) is Verdict.SUCCEED
    assert bob.relay.send(dear) is Verdict.SUCCEED
    node.miner.mine()
    ran = [execution.container for execution in node.ledger.executions(node.ledger.height)]
    assert ran == [None, dear.hash, cheap.hash, None]


def test_an_account_that_is_impersonated_needs_no_witness(node: Node, alice: Client) -> None:
    script = ScriptBuilder().call(GAS, "transfer", (STRANGER, alice.account, 0, None)).to_bytes()
    signers = (Signer(alice.account), Signer(STRANGER))
    witnesses = (Witness(b"", alice.verification), Witness())
    assert alice.send(script, signers=signers, witnesses=witnesses, network_fee_datoshi=10**7) is Verdict.INVALID
    set_impersonated(node.store, frozenset((STRANGER,)))
    assert alice.send(script, signers=signers, witnesses=witnesses) is Verdict.SUCCEED
    node.miner.mine()
    assert node.ledger.executions(node.ledger.height)[1].stack == (True,)

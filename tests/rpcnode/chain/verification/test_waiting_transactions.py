"""Clients' transactions that wait: after blocks, after restarts, where there is no room, below the headers."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rpcnode.chain.verification.verdict import Verdict
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt256
from tests.plugins.node_builder import result
from tests.rpcnode.chain.verification.clients import Client, wire


@pytest.fixture
def node() -> Iterator[Node]:
    with closing(Node(NodeOptions(block_time="manual"))) as built:
        yield built


@pytest.fixture
def alice(node: Node) -> Client:
    return Client(node, node.accounts[0].private_key)


def sent(client: Client, **changes: int) -> Transaction:
    """A transaction that was taken in."""
    transaction = client.signed(**changes)
    assert client.relay.send(transaction) is Verdict.SUCCEED
    return transaction


def waiting(node: Node) -> list[UInt256]:
    return [each.hash for each in node.ledger.mempool]


def test_those_that_waited_for_a_block_in_vain_are_listed_by_their_fees_and_new_ones_behind(
    node: Node, alice: Client
) -> None:
    cheap, dear = sent(alice), sent(alice, network_fee_datoshi=10**8)
    assert result(node, "getrawmempool") == [str(cheap.hash), str(dear.hash)]
    node.ledger.append_empty([node.ledger.clock.next_block_ms])
    dearest = sent(alice, network_fee_datoshi=10**9)
    assert result(node, "getrawmempool") == [str(each.hash) for each in (dear, cheap, dearest)]
    assert result(node, "getrawmempool", True)["verified"] == [str(each.hash) for each in (dearest, dear, cheap)]


def test_what_has_expired_is_given_up_with_the_block(node: Node, alice: Client) -> None:
    node.ledger.parameters = replace(node.ledger.parameters, max_transactions_per_block=1)
    last = node.ledger.height + 1
    dear = sent(alice, network_fee_datoshi=10**8, valid_until_block=last)
    sent(alice, valid_until_block=last)
    later = sent(alice)
    assert len(waiting(node)) == 3
    node.miner.mine()
    assert node.ledger.transaction(dear.hash) is not None
    assert waiting(node) == [later.hash]


def test_the_one_that_pays_least_is_given_up_where_there_is_no_room(node: Node, alice: Client) -> None:
    node.ledger.parameters = replace(node.ledger.parameters, memory_pool_max_transactions=2)
    cheap, dear = sent(alice), sent(alice, network_fee_datoshi=10**8)
    assert alice.send(network_fee_datoshi=cheap.network_fee_datoshi - 1) is Verdict.INSUFFICIENT_FUNDS
    dearer = sent(alice, network_fee_datoshi=10**9)
    assert waiting(node) == [dear.hash, dearer.hash]
    assert alice.send(network_fee_datoshi=10**7) is Verdict.OUT_OF_MEMORY
    assert waiting(node) == [dear.hash, dearer.hash]


def test_below_its_headers_a_node_does_not_know_whether_they_hold(node: Node, alice: Client) -> None:
    node.miner.mine(3)
    height = node.ledger.height
    node.ledger.stand(height - 2, height)
    first = sent(alice)
    node.ledger.stand(height - 1, height)
    second = sent(alice)
    answer = {"height": height - 1, "verified": [str(second.hash)], "unverified": [str(first.hash)]}
    assert result(node, "getrawmempool", True) == answer
    assert result(node, "getrawmempool") == [str(second.hash)]
    node.ledger.stand(height, height)
    assert result(node, "getrawmempool", True)["unverified"] == []
    node.miner.mine()
    assert waiting(node) == []


def test_they_wait_through_a_restart_and_are_sent_with_their_witnesses(tmp_path: Path) -> None:
    options = NodeOptions(db=tmp_path / "chain.db", block_time="manual")
    with closing(Node(options)) as node:
        transaction = sent(Client(node, node.accounts[0].private_key))
    with closing(Node(options)) as again:
        assert result(again, "getrawmempool", True)["verified"] == [str(transaction.hash)]
        assert result(again, "getrawtransaction", str(transaction.hash)) == wire(transaction)
        again.miner.mine()
        assert result(again, "getrawtransaction", str(transaction.hash)) == wire(transaction)


def test_blocks_of_clients_follow_or_are_refused(node: Node, alice: Client) -> None:
    node.miner.set_block_time("instant")
    transaction = sent(alice)
    height = node.ledger.height
    raw = result(node, "getblock", height)
    log = result(node, "getapplicationlog", str(transaction.hash))
    block_hash = str(node.ledger.block_hash(height))
    node.ledger.rewind(height - 1)
    assert result(node, "submitblock", raw) == {"hash": block_hash}
    assert result(node, "getblock", height) == raw
    assert result(node, "getapplicationlog", str(transaction.hash)) == log

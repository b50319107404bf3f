"""Those who write to a chain: in order, in steps, each whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from rpcnode.chain.writers import Writers
from rpcnode.dev.control.method import DevFailed
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.payloads.signer import Signer
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.json import Answer, Json, document_of
from rpcnode.primitives.steps import Steps
from tests.rpcnode.chain.verification.clients import Client

ENDLESS = b"\x22\x00"


@pytest.fixture
def node() -> Iterator[Node]:
    with closing(Node(NodeOptions(dev=True))) as built:
        yield built


@pytest.fixture
def alice(node: Node) -> Client:
    return Client(node, node.accounts[0].private_key)


def counting(seen: list[str], name: str, count: int) -> Steps[str]:
    for number in range(count):
        seen.append(f"{name}{number}")
        yield
    return name


def test_a_second_write_waits_and_moves_the_first_on() -> None:
    writers, seen = Writers(), list[str]()
    first = writers.steps(counting(seen, "a", 3))
    next(first)
    assert writers.at_once(counting(seen, "b", 2)) == "b"
    assert seen == ["a0", "a1", "a2", "b0", "b1"]
    with pytest.raises(StopIteration) as end:
        next(first)
    assert end.value.value == "a"
    assert not writers.is_busy


def test_what_goes_wrong_is_raised_to_who_wrote_it() -> None:
    writers = Writers()

    def failing() -> Steps[None]:
        yield
        raise ValueError("wrong")

    first = writers.steps(failing())
    next(first)
    assert writers.at_once(counting([], "b", 1)) == "b"
    with pytest.raises(ValueError, match="wrong"):
        next(first)


def test_what_nobody_waits_for_any_more_is_written_all_the_same() -> None:
    writers, seen, due = Writers(), list[str](), list[Callable[[], None]]()

    class Timer:
        def cancel(self) -> None:
            raise AssertionError("nothing is called off")

    def call_later(seconds: float, call: Callable[[], None]) -> Timer:
        due.append(call)
        return Timer()

    writers.attach(call_later)
    first = writers.steps(counting(seen, "a", 3))
    next(first)
    first.close()
    while due:
        due.pop()()
    assert seen == ["a0", "a1", "a2"]
    assert not writers.is_busy


def test_a_write_within_a_write_is_a_part_of_it() -> None:
    writers, seen = Writers(), list[str]()

    def outer() -> Steps[str]:
        seen.append("begun")
        inner = yield from writers.steps(counting(seen, "inner", 1))
        return inner + writers.at_once(counting(seen, "more", 1))

    assert writers.at_once(outer()) == "innermore"
    assert seen == ["begun", "inner0", "more0"]


def test_a_block_under_way_is_seen_by_nobody_and_others_come_behind_it(node: Node, alice: Client) -> None:
    height = node.ledger.height
    block_time = node.miner.block_time
    long = alice.relay.sending(alice.signed(ENDLESS, system_fee_datoshi=10**8))
    for _ in range(20):
        next(long)
    assert node.ledger.height == height
    assert len(node.ledger.mempool) == 0
    answer = node.methods["getblockcount"]([])
    assert answer == height + 1
    mined: Answer = node.methods["dev_mine"]([1])
    assert document_of(mined) == height + 2
    with pytest.raises(StopIteration) as end:
        next(long)
    assert end.value.value.value == "Succeed"
    (execution,) = node.ledger.executions(height + 1)[1:-1]
    assert execution.exception == "Insufficient GAS."
    assert node.miner.block_time == block_time


def test_an_endless_invocation_is_tried_in_steps(node: Node) -> None:
    invocation: Json = {"contract": "GAS", "method": "transfer", "args": []}
    with pytest.raises(DevFailed):
        document_of(node.methods["dev_invoke"]([invocation]))
    assert not node.miner.writers.is_busy


def test_a_witness_that_never_ends_is_refused_in_steps(node: Node, alice: Client) -> None:
    endless = Witness(b"", ENDLESS)
    signers = (Signer(alice.account), Signer(endless.script_hash))
    witnesses = (Witness(b"", alice.verification), endless)
    sending = alice.relay.sending(alice.signed(signers=signers, witnesses=witnesses, network_fee_datoshi=2 * 10**8))
    steps = 0
    while True:
        try:
            next(sending)
        except StopIteration as end:
            assert end.value.value == "Invalid"
            break
        steps += 1
    assert steps > 50

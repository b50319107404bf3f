"""What clients of Neo 2 send: coins, claims and calls of modelled tokens, as they wait, are mined, or are refused."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rpcnode.execution.call_scripts import CALL_SCRIPTS
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.neo2.attribute import SCRIPT, Neo2Attribute
from rpcnode.payloads.neo2.coins import GAS_ASSET, NEO_ASSET, ONE, CoinReference
from rpcnode.payloads.neo2.transaction import Neo2Transaction
from rpcnode.payloads.neo2.transaction_data import Claim, InvocationTransaction, Issue, MinerTransaction, Register
from rpcnode.primitives.json import Json
from rpcnode.primitives.keys import public_key_of
from rpcnode.primitives.uint import UInt160, UInt256
from tests.plugins.node_builder import error, result
from tests.plugins.rpc_server.older_sends.clients import Neo2Client

INVALID = {"code": -504, "message": "Block or transaction validation failed."}
KNOWN = {"code": -501, "message": "Block or transaction already exists and cannot be sent repeatedly."}
STRANGER = UInt160(b"\x07" * 20)
NOWHERE = CoinReference(UInt256(b"\xab" * 32), 0)


@pytest.fixture
def node() -> Iterator[Node]:
    with closing(Node(NodeOptions(profile="n2", block_time="manual"))) as built:
        yield built


@pytest.fixture
def alice(node: Node) -> Neo2Client:
    """Has 1,000 NEO in one coin and 10,000 GAS in another, as every account of the dev chain."""
    return Neo2Client(node, node.accounts[0].private_key)


def send(node: Node, transaction: Neo2Transaction) -> Json:
    answer: Json = result(node, "sendrawtransaction", transaction.serialize().hex())
    return answer


def refusal(node: Node, transaction: Neo2Transaction) -> dict[str, int | str]:
    return error(node, "sendrawtransaction", transaction.serialize().hex())


def payment(alice: Neo2Client, *, fee: float = 0, kept: float = 1000) -> Neo2Transaction:
    """Some of the NEO goes to a stranger; a fee, if there is one, comes from the GAS."""
    inputs, outputs = [alice.coin(NEO_ASSET)], [alice.output(NEO_ASSET, 1000 - kept, STRANGER)] if kept < 1000 else []
    if kept:
        outputs.append(alice.output(NEO_ASSET, kept))
    if fee:
        inputs.append(alice.coin(GAS_ASSET))
        outputs.append(alice.output(GAS_ASSET, 10_000 - fee))
    return alice.signed(inputs, outputs)


BAD: dict[str, Callable[[Neo2Client], Neo2Transaction]] = {
    "more NEO comes out than goes in": lambda a: a.signed([a.coin(NEO_ASSET)], [a.output(NEO_ASSET, 1001)]),
    "GAS comes out of nothing": lambda a: a.signed(
        [a.coin(NEO_ASSET)], [a.output(NEO_ASSET, 1000), a.output(GAS_ASSET, 1)]
    ),
    "NEO is lost": lambda a: a.signed([a.coin(NEO_ASSET)], [a.output(NEO_ASSET, 999)]),
    "a part of a NEO": lambda a: a.signed(
        [a.coin(NEO_ASSET)], [a.output(NEO_ASSET, 999.5), a.output(NEO_ASSET, 0.5, STRANGER)]
    ),
    "an asset that is none": lambda a: a.signed([a.coin(GAS_ASSET)], [a.output(UInt256(b"\x01" * 32), 1)]),
    "a coin twice": lambda a: a.signed([a.coin(GAS_ASSET)] * 2, [a.output(GAS_ASSET, 20_000)]),
    "a coin that is not there": lambda a: a.signed([NOWHERE], [a.output(GAS_ASSET, 1)]),
    "an output that its transaction has not": lambda a: a.signed(
        [replace(a.coin(GAS_ASSET), output_index=99)], [a.output(GAS_ASSET, 1)]
    ),
    "nobody has signed": lambda a: payment(a).with_witnesses(()),
    "another has signed": lambda a: Neo2Client(a.node, a.node.accounts[1].private_key).with_witness(payment(a)),
    "something else was signed": lambda a: payment(a, kept=999).with_witnesses(payment(a).witnesses),
    "one more would have to sign": lambda a: a.signed(
        [a.coin(NEO_ASSET)], [a.output(NEO_ASSET, 1000)], attributes=(Neo2Attribute(SCRIPT, bytes(STRANGER)),)
    ),
    "a system fee that is not paid": lambda a: a.signed([], [], InvocationTransaction(b"\x51", ONE), version=1),
    "a system fee in parts of a GAS": lambda a: a.signed([], [], InvocationTransaction(b"\x51", ONE // 2), version=1),
    "a miner's transaction": lambda a: a.signed([], [], MinerTransaction(1)),
    "an asset is registered": lambda a: a.signed(
        [], [], Register(0x60, "x", ONE, 8, public_key_of(a.private_key), STRANGER)
    ),
    "GAS is issued": lambda a: a.signed([], [a.output(GAS_ASSET, 1)], Issue()),
    "NEO is issued": lambda a: a.signed([], [a.output(NEO_ASSET, 1)], Issue()),
    "what is not spent is claimed": lambda a: a.signed([], [a.output(GAS_ASSET, 1)], Claim((a.coin(NEO_ASSET),))),
    "what is not there is claimed": lambda a: a.signed([], [a.output(GAS_ASSET, 1)], Claim((NOWHERE,))),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_transaction_is_refused_and_changes_nothing(
    node: Node, alice: Neo2Client, bad: Callable[[Neo2Client], Neo2Transaction]
) -> None:
    assert refusal(node, bad(alice)) == INVALID
    assert result(node, "getrawmempool") == []
    assert send(node, payment(alice)) is True


def test_a_transaction_of_nothing_is_taken_in(node: Node) -> None:
    # Recorded of neo-cli 2.12.2: `true`.
    assert result(node, "sendrawtransaction", "800000000000") is True


def test_what_waits_is_known_and_shown_without_a_block(node: Node, alice: Neo2Client) -> None:
    sent = payment(alice, fee=0.001)
    assert send(node, sent) is True
    assert refusal(node, sent) == KNOWN
    assert result(node, "getrawmempool") == [str(sent.hash)]
    shown = result(node, "getrawtransaction", str(sent.hash), True)
    assert (shown["net_fee"], shown.get("confirmations")) == ("0.001", None)
    node.miner.mine()
    assert refusal(node, sent) == KNOWN
    assert result(node, "getrawtransaction", str(sent.hash), True)["confirmations"] == 1


def test_a_coin_is_spent_once(node: Node, alice: Neo2Client) -> None:
    first, second = payment(alice, kept=999), payment(alice, kept=998)
    assert send(node, first) is True
    assert refusal(node, second) == INVALID
    node.miner.mine()
    assert refusal(node, second) == INVALID
    assert result(node, "gettxout", str(first.hash), 0)["value"] == "1"


def test_what_waits_cannot_be_spent_before_it_is_in_a_block(node: Node, alice: Neo2Client) -> None:
    first = payment(alice)
    following = alice.signed([CoinReference(first.hash, 0)], [alice.output(NEO_ASSET, 1000)])
    send(node, first)
    assert refusal(node, following) == INVALID
    node.miner.mine()
    assert send(node, following) is True


def test_the_validator_gets_the_fees_and_those_who_pay_more_go_first(node: Node, alice: Neo2Client) -> None:
    bob = Neo2Client(node, node.accounts[1].private_key)
    cheap, dear = payment(alice, fee=0.002), payment(bob, fee=0.5)
    for sent in (cheap, dear):
        assert send(node, sent) is True
    assert result(node, "getrawmempool") == [str(cheap.hash), str(dear.hash)]
    height = node.miner.mine()
    miners, *others = result(node, "getblock", height, True)["tx"]
    assert [each["txid"] for each in others] == [str(dear.hash), str(cheap.hash)]
    validator = ACCOUNT_SCRIPTS["n2"].account(node.ledger.parameters.validators[0])
    paid = {"n": 0, "asset": str(GAS_ASSET), "value": "0.502", "address": node.view.address_of(validator)}
    assert (miners["type"], miners["vout"]) == ("MinerTransaction", [paid])
    assert result(node, "gettxout", miners["txid"], 0) == paid


def test_a_claim_is_taken_once_and_only_with_its_own_amount(node: Node, alice: Neo2Client) -> None:
    coin = alice.coin(NEO_ASSET)
    send(node, payment(alice))
    spent_at = node.miner.mine()
    # 1,000 of 100,000,000 NEO, from block 1 on, of 8 GAS a block; nobody has paid a system fee.
    earned = (spent_at - 1) * 8 * 1000 / 10**8

    def claim(amount: float) -> Neo2Transaction:
        return alice.signed([], [alice.output(GAS_ASSET, amount)], Claim((coin,)))

    assert refusal(node, claim(earned + 1e-8)) == INVALID
    assert refusal(node, claim(earned - 1e-8)) == INVALID
    assert send(node, claim(earned)) is True
    other = alice.signed([], [alice.output(GAS_ASSET, earned, STRANGER)], Claim((coin,)))
    assert refusal(node, other) == INVALID
    node.miner.mine()
    assert refusal(node, other) == INVALID


def test_what_is_declared_and_what_is_sent_take_no_coin_from_each_other(node: Node, alice: Neo2Client) -> None:
    sent = payment(alice, kept=999)
    send(node, sent)
    transfer: dict[str, Json] = {
        "asset": "GAS",
        "from": node.accounts[0].name,
        "to": node.accounts[1].name,
        "amount": "1",
    }
    result(node, "dev_transfer", transfer)
    too_late = alice.signed([alice.coin(GAS_ASSET)], [alice.output(GAS_ASSET, 10_000)])
    assert refusal(node, too_late) == INVALID
    with pytest.raises(Exception, match="cannot move so much of NEO"):
        result(node, "dev_transfer", {**transfer, "asset": "NEO"})
    height = node.miner.mine()
    kinds = [each["type"] for each in result(node, "getblock", height, True)["tx"]]
    assert kinds == ["MinerTransaction", "ContractTransaction", "ContractTransaction"]


def test_what_waits_is_there_after_a_restart(tmp_path: Path) -> None:
    options = NodeOptions(profile="n2", block_time="manual", db=tmp_path / "chain.db")
    with closing(Node(options)) as first:
        sent = payment(Neo2Client(first, first.accounts[0].private_key), kept=999)
        send(first, sent)
    with closing(Node(options)) as second:
        assert result(second, "getrawmempool") == [str(sent.hash)]
        second.miner.mine()
        assert result(second, "gettxout", str(sent.hash), 0)["value"] == "1"


def test_a_block_that_goes_back_gives_its_coins_back(node: Node, alice: Neo2Client) -> None:
    sent = payment(alice, kept=999)
    send(node, sent)
    before = node.ledger.height
    node.miner.mine()
    node.ledger.rewind(before)
    assert send(node, sent) is True


def token_call(alice: Neo2Client, method: str, amount: int) -> Neo2Transaction:
    token = next(each.script_hash for each in alice.node.ledger.contracts() if each.symbol == "DN5")
    arguments = bytes(alice.account), bytes(STRANGER), amount
    script = CALL_SCRIPTS["n2"](token, method, arguments) + b"\xf1\x66"
    agreed = (Neo2Attribute(SCRIPT, bytes(alice.account)),)
    return alice.signed([], [], InvocationTransaction(script), version=1, attributes=agreed)


def test_a_modelled_token_moves_or_fails(node: Node, alice: Neo2Client) -> None:
    moved, failed = token_call(alice, "transfer", 5), token_call(alice, "transfer", 10**20)
    for sent in (moved, failed):
        assert send(node, sent) is True
    node.miner.mine()
    states = [result(node, "getapplicationlog", str(sent.hash))["executions"][0]["vmstate"] for sent in (moved, failed)]
    assert states == ["HALT", "FAULT"]
    balance = result(node, "getnep5balances", node.view.address_of(STRANGER))["balance"]
    assert [row["amount"] for row in balance] == ["5"]


@pytest.mark.parametrize("method", ["mint", "nothing"])
def test_what_only_a_script_knows_is_refused_in_words(node: Node, alice: Neo2Client, method: str) -> None:
    refused = refusal(node, token_call(alice, method, 5))
    assert refused["code"] == -32603
    assert "is not modelled, and its script is not run" in str(refused["data"])
    assert result(node, "getrawmempool") == []


def test_a_block_of_another_node_is_applied_once_it_is_the_next_and_signed(node: Node, alice: Neo2Client) -> None:
    blocks = []
    with closing(Node(NodeOptions(profile="n2", block_time="manual"))) as twin:
        send(twin, payment(Neo2Client(twin, twin.accounts[0].private_key), kept=999, fee=0.1))
        for _ in range(2):
            blocks.append(result(twin, "getblock", twin.miner.mine()))
        best = result(twin, "getbestblockhash")
    first, second = blocks
    assert error(node, "submitblock", second) == {"code": -503, "message": "The block cannot be validated."}
    # A byte of the signature is another: header, count of witnesses, lengths of script and push stand before it.
    forged = bytearray.fromhex(first)
    forged[120] ^= 1
    assert error(node, "submitblock", forged.hex()) == INVALID
    assert result(node, "submitblock", first) is True
    assert error(node, "submitblock", first) == KNOWN
    assert result(node, "submitblock", second) is True
    assert result(node, "getbestblockhash") == best
    unspent = result(node, "getunspents", node.view.address_of(STRANGER))["balance"]
    assert [coin["amount"] for coin in unspent] == [1]

"""What an open wallet sends is on the chain then, and goes back with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rpcnode.testing import LocalNode
from tests.plugins.rpc_server.wallets.open_wallets import (
    GAS,
    NEO,
    NO_TRANSACTION,
    STRANGER,
    open_in,
    refusal,
    running,
)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[LocalNode]:
    """A node with the wallet of its first two accounts open."""
    with running() as node:
        open_in(node, tmp_path / "wallet.json", "account1", "account2")
        yield node


def address(node: LocalNode, name: str) -> str:
    return node.accounts[name].address


def test_what_is_sent_is_in_a_block_and_its_sender_pays(node: LocalNode) -> None:
    before = node.balance("account1", "GAS"), node.balance("account3", "GAS")
    sent = node.call("sendfrom", GAS, address(node, "account1"), address(node, "account3"), "500")
    assert node.call("getapplicationlog", sent["hash"])["executions"][0]["vmstate"] == "HALT"
    fees = int(sent["sysfee"]) + int(sent["netfee"])
    assert node.balance("account1", "GAS") == before[0] - 500 - fees
    assert node.balance("account3", "GAS") == before[1] + 500


def test_a_wallet_stays_open_when_the_chain_goes_back_and_its_answers_follow(node: LocalNode) -> None:
    before, height = node.call("getwalletbalance", NEO), node.height
    node.call("sendtoaddress", NEO, STRANGER, "7")
    assert int(node.call("getwalletbalance", NEO)["balance"]) == int(before["balance"]) - 7
    node.rewind(height)
    assert node.call("getwalletbalance", NEO) == before
    node.call("sendtoaddress", NEO, STRANGER, "7")


def test_the_same_send_twice_is_two_transactions(node: LocalNode) -> None:
    node.set_block_time("manual")
    first, second = (node.call("sendtoaddress", NEO, STRANGER, "1") for _ in range(2))
    assert first["hash"] != second["hash"]
    assert set(node.call("getrawmempool")) == {first["hash"], second["hash"]}


def test_sendmany_pays_each_of_a_list(node: LocalNode) -> None:
    before = node.balance("account3", "NEO"), node.balance("account4", "GAS")
    node.call(
        "sendmany",
        address(node, "account1"),
        [
            {"asset": NEO, "value": "3", "address": address(node, "account3")},
            {"asset": GAS, "value": "4", "address": address(node, "account4")},
        ],
    )
    assert (node.balance("account3", "NEO"), node.balance("account4", "GAS")) == (before[0] + 3, before[1] + 4)


def test_several_accounts_pay_what_none_has_alone(node: LocalNode) -> None:
    both = node.balance("account1", "NEO") + node.balance("account2", "NEO")
    sent = node.call("sendtoaddress", NEO, STRANGER, str(both))
    assert len(sent["signers"]) == len(sent["witnesses"]) == 2
    assert (node.balance("account1", "NEO"), node.balance("account2", "NEO")) == (0, 0)


def test_a_transaction_that_waits_is_cancelled_by_one_that_pays_a_datoshi_more(node: LocalNode) -> None:
    node.set_block_time("manual")
    before = node.balance("account3", "NEO")
    sent = node.call("sendfrom", NEO, address(node, "account1"), address(node, "account3"), "1")
    cancelled = node.call("canceltransaction", sent["hash"], [address(node, "account1")])
    assert int(cancelled["netfee"]) == int(sent["netfee"]) + 1
    assert node.call("getrawmempool") == [cancelled["hash"]]
    node.mine()
    assert node.balance("account3", "NEO") == before


def test_extra_fee_counts_where_the_other_does_not_wait(node: LocalNode) -> None:
    fees = [
        int(node.call("canceltransaction", NO_TRANSACTION, [address(node, "account1")], *extra)["netfee"])
        for extra in ([], ["0.01"], ["1e-2"])
    ]
    assert [fee - fees[0] for fee in fees] == [0, 1_000_000, 1_000_000]


def test_a_network_fee_over_max_fee_is_not_paid(tmp_path: Path) -> None:
    with running(MaxFee=0.001) as node:
        open_in(node, tmp_path / "wallet.json", "account1")
        code, message = refusal(node, "sendtoaddress", NEO, STRANGER, "1")
        assert code == -301
        assert message.startswith("Wallet fee limit exceeded - The necessary fee is more than the MaxFee")
        assert node.call("getrawmempool") == []


def test_the_fee_of_an_accounts_transaction_is_known_without_its_script(node: LocalNode) -> None:
    tx: str = _invocation(node)["tx"]
    fee = node.call("calculatenetworkfee", tx)
    node.call("closewallet")
    assert node.call("calculatenetworkfee", tx) == fee  # the witness has the script too


def test_what_an_invocation_signed_can_be_sent(node: LocalNode) -> None:
    before = node.balance("account3", "NEO")
    node.call("sendrawtransaction", _invocation(node)["tx"])
    assert node.balance("account3", "NEO") == before + 5


def test_without_an_open_wallet_an_invocation_signs_nothing(node: LocalNode) -> None:
    assert "tx" in _invocation(node)
    node.call("closewallet")
    assert "tx" not in _invocation(node)


def test_invocations_with_diagnostics_and_iterators_are_signed_too(node: LocalNode) -> None:
    signers = [{"account": node.accounts["account1"].script_hash, "scopes": "CalledByEntry"}]
    answer = node.call("invokefunction", NEO, "getAllCandidates", [], signers, True)
    assert [*answer][-3:] == ["diagnostics", "stack", "tx"]


def _invocation(node: LocalNode) -> Any:
    sender, receiver = (node.accounts[name].script_hash for name in ("account1", "account3"))
    arguments = [
        {"type": "Hash160", "value": sender},
        {"type": "Hash160", "value": receiver},
        {"type": "Integer", "value": "5"},
        {"type": "Any"},
    ]
    return node.call("invokefunction", NEO, "transfer", arguments, [{"account": sender, "scopes": "CalledByEntry"}])

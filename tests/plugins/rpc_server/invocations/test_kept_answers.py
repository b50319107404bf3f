"""The same question again, in the same state: answered as if the script had been run anew."""

import base64
from typing import Any

import pytest

from rpcnode.execution.native_hashes import GAS, LEDGER
from rpcnode.primitives.uint import UInt160
from rpcnode.testing import LocalNode, in_process
from rpcnode.vm.script_builder import ScriptBuilder

ALICE = {"accounts": {"alice": {"seed": "alice"}}}


def asked(node: LocalNode, script: ScriptBuilder, *more: Any) -> Any:
    answer: Any = node.call("invokescript", base64.b64encode(script.to_bytes()).decode(), *more)
    return answer


def test_the_same_is_left_again_and_after_a_block_what_is_so_then() -> None:
    with in_process(ALICE) as node:
        height = ScriptBuilder().call(LEDGER, "currentIndex", ())
        first, again = asked(node, height), asked(node, height)
        assert first == again
        node.mine()
        assert int(asked(node, height)["stack"][0]["value"]) == int(first["stack"][0]["value"]) + 1


def test_going_back_changes_the_answer_back() -> None:
    with in_process(ALICE) as node:
        alice = node.accounts["alice"]
        balance = ScriptBuilder().call(GAS, "balanceOf", (UInt160.parse(alice.script_hash),))
        node.snapshot("before")
        before = asked(node, balance)
        node.mint("GAS", "alice", 5)
        assert asked(node, balance) != before
        node.revert("before")
        assert asked(node, balance) == before


@pytest.mark.parametrize("service", ["System.Runtime.GetRandom", "System.Runtime.GetScriptContainer"])
def test_what_the_made_up_transaction_decides_differs_each_time(service: str) -> None:
    with in_process(ALICE) as node:
        script = ScriptBuilder().syscall(service)
        assert asked(node, script)["stack"] != asked(node, script)["stack"]


def test_signers_and_diagnostics_are_part_of_the_question() -> None:
    with in_process(ALICE) as node:
        account = node.accounts["alice"].script_hash
        script = ScriptBuilder().push(UInt160.parse(account)).syscall("System.Runtime.CheckWitness")
        signer = [{"account": account, "scopes": "CalledByEntry"}]
        assert asked(node, script)["stack"][0]["value"] is False
        assert asked(node, script, signer)["stack"][0]["value"] is True
        assert "diagnostics" not in asked(node, script, signer)
        assert "diagnostics" in asked(node, script, signer, True)

"""Calls that only ask: run over the newest state, in no block, and nothing stays."""

from typing import Final, NamedTuple

from rpcnode.dev.control.chain_names import names_of
from rpcnode.dev.control.parameter_place import parameter, reading_parameters
from rpcnode.dev.fixture.invocations import InvocationReader
from rpcnode.dev.fixture.names import Names
from rpcnode.dev.fixture.schema import InvocationData
from rpcnode.dev.fixture.tables import record
from rpcnode.execution.contract import Contract, contract_of
from rpcnode.execution.test_invocation import finished, run_of_script
from rpcnode.node import Node
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.testing.contracts.values import Value, value_of
from rpcnode.vm.script_builder import ScriptBuilder

_read_invocation: Final = record(InvocationData)


class Asked(NamedTuple):
    """What a call answers, or why it fails."""

    value: Value
    exception: str | None


def ask(node: Node, invocation: Json, return_type: str) -> Asked:
    """The answer of a call, in the words of a fixture's invocation. An iterator gives its rows."""
    _check_executed(node)
    with reading_parameters():
        data = _read_invocation(invocation, parameter("invocation"))
        call = InvocationReader(_names(node), node.ledger.profile).read(data)
    script = ScriptBuilder().call(call.contract, call.method, call.args).to_bytes()
    run = run_of_script(node.ledger.execution_at(), script, signers=call.signers or None)
    finished(run)
    execution = run.execution()
    if not execution.halted:
        return Asked(None, str(execution.exception))
    return Asked(value_of(execution.stack[-1], return_type), None)


def contract_hash(node: Node, written: str) -> str:
    """The script hash of the contract with a name or a hash, as text; it must stand."""
    _check_executed(node)
    with reading_parameters():
        script_hash = _names(node).called(written, parameter("contract"))
    return str(standing(node, str(script_hash)).hash)


def standing(node: Node, script_hash: str) -> Contract:
    """The contract with a hash as it is now. Raises NodeError where there is none."""
    contract = contract_of(node.ledger.execution_at().storage, UInt160.parse(script_hash))
    if contract is None:
        raise NodeError(f"there is no contract {script_hash} at block {node.ledger.height}")
    return contract


def _names(node: Node) -> Names:
    return names_of(node.ledger, node.miner.contracts)


def _check_executed(node: Node) -> None:
    if not node.ledger.is_executed:
        raise NodeError("contracts are called on chains of profile n3 that are executed, and this is none")

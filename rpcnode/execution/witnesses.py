"""Whether an account agrees to what the running context does.

Source: neo 3.10.2, ApplicationEngine.CheckWitnessInternal, Network/P2P/Payloads/Signer.GetAllRules, Conditions/*.cs.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

from rpcnode.execution.context import Context
from rpcnode.execution.contract import Contract
from rpcnode.execution.ledger_view import LedgerView
from rpcnode.execution.serializers.binary import deserialize
from rpcnode.execution.snapshot import Snapshot
from rpcnode.payloads.attribute import OracleResponse
from rpcnode.payloads.block import Block
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.header import Header
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness_rule import (
    AndCondition,
    BooleanCondition,
    CalledByContractCondition,
    CalledByEntryCondition,
    CalledByGroupCondition,
    GroupCondition,
    NotCondition,
    OrCondition,
    ScriptHashCondition,
    WitnessCondition,
    WitnessRuleAction,
)
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import Array

ORACLE_ID: Final = -9
REQUEST_PREFIX: Final = b"\x07"
"""What the key of an oracle request's row begins with; its id follows, 8 bytes, most significant first."""

NULL_REFERENCE: Final = "Object reference not set to an instance of an object."
READ_STATES: Final = int(CallFlags.ReadStates)

# Flags are plain numbers while a script runs: Python's own take several times as long.
GLOBAL: Final = int(WitnessScope.Global)
CALLED_BY_ENTRY: Final = int(WitnessScope.CalledByEntry)


class Witnessed(Protocol):
    """The engine, as far as witnesses need it."""

    @property
    def container(self) -> object: ...
    @property
    def context(self) -> Context: ...
    @property
    def calling_script_hash(self) -> UInt160 | None: ...
    @property
    def storage(self) -> Snapshot: ...
    @property
    def ledger(self) -> LedgerView: ...
    def contract(self, script_hash: UInt160) -> Contract | None: ...
    def require(self, flags: int) -> None: ...


def is_witness(run: Witnessed, account: UInt160) -> bool:
    """Whether an account is the caller, or a signer whose scopes cover the running context.

    Raises VmFault where the answer needs what the call flags do not allow to read.
    """
    if run.calling_script_hash == account:
        return True
    container = run.container
    if isinstance(container, Transaction):
        for signer in _signers(run, container):
            if signer.account == account:
                return _covers(run, signer)
        return False
    if container is None:
        return False
    run.require(READ_STATES)
    return account in _accounts(run, container)


def _signers(run: Witnessed, transaction: Transaction) -> Iterable[Signer]:
    """Who signs: of an oracle's response those who asked the oracle."""
    for attribute in transaction.attributes:
        if isinstance(attribute, OracleResponse):
            return _requesters(run, attribute.id)
    return transaction.signers


def _requesters(run: Witnessed, request_id: int) -> Iterable[Signer]:
    row = run.storage.get(ORACLE_ID, REQUEST_PREFIX + request_id.to_bytes(8, "big"))
    request = None if row is None else deserialize(row)
    match request:
        case Array(items=[bytes(original), *_]):
            found = run.ledger.transaction(UInt256(original))
            if found is not None:
                return found[1].signers
    raise VmFault(NULL_REFERENCE)


def _accounts(run: Witnessed, container: object) -> tuple[UInt160, ...]:
    """Who must sign a block. Source: neo 3.10.2, Header.GetScriptHashesForVerifying."""
    header = container.header if isinstance(container, Block) else container
    if not isinstance(header, Header):
        raise TypeError(f"no witnesses are known for {type(container).__name__}")
    if header.previous_hash == UInt256.ZERO:
        return (header.witness.script_hash,)
    index = run.ledger.index_of(header.previous_hash)
    previous = None if index is None else run.ledger.header(index)
    if previous is None:
        raise VmFault(f"Block {header.previous_hash} was not found")
    return (previous.next_consensus,)


def _covers(run: Witnessed, signer: Signer) -> bool:
    """Whether a signer's scopes cover the running context: the first that matches decides."""
    scopes = int(signer.scopes)
    if scopes == GLOBAL:
        return True
    if scopes & CALLED_BY_ENTRY and _is_called_by_entry(run):
        return True
    if signer.allowed_contracts and run.context.script_hash in signer.allowed_contracts:
        return True
    if any(_is_in_group(run, group) for group in signer.allowed_groups):
        return True
    for rule in signer.rules:
        if _matches(run, rule.condition):
            return rule.action is WitnessRuleAction.Allow
    return False


def _is_called_by_entry(run: Witnessed) -> bool:
    calling = run.context.calling
    return calling is None or calling.calling is None


def _is_in_group(run: Witnessed, group: ECPoint) -> bool:
    run.require(READ_STATES)
    return _belongs(run, run.context.script_hash, group)


def _is_called_by_group(run: Witnessed, group: ECPoint) -> bool:
    run.require(READ_STATES)
    calling = run.calling_script_hash
    return calling is not None and _belongs(run, calling, group)


def _belongs(run: Witnessed, script_hash: UInt160, group: ECPoint) -> bool:
    contract = run.contract(script_hash)
    return contract is not None and group in contract.manifest.group_keys


def _matches(run: Witnessed, condition: WitnessCondition) -> bool:
    return _MATCHERS[type(condition)](run, condition)


_MATCHERS: Final[dict[type[WitnessCondition], Callable[[Witnessed, Any], bool]]] = {
    BooleanCondition: lambda run, condition: condition.expression,
    NotCondition: lambda run, condition: not _matches(run, condition.expression),
    AndCondition: lambda run, condition: all(_matches(run, one) for one in condition.expressions),
    OrCondition: lambda run, condition: any(_matches(run, one) for one in condition.expressions),
    ScriptHashCondition: lambda run, condition: run.context.script_hash == condition.hash,
    GroupCondition: lambda run, condition: _is_in_group(run, condition.group),
    CalledByEntryCondition: lambda run, condition: _is_called_by_entry(run),
    CalledByContractCondition: lambda run, condition: run.calling_script_hash == condition.hash,
    CalledByGroupCondition: lambda run, condition: _is_called_by_group(run, condition.group),
}
"""When each condition holds."""

"""Whether a signature counts where a script asks for it. Source: neo, Neo: ApplicationEngine.CheckWitnessInternal."""

from collections.abc import Callable, Iterator
from typing import Final

from rpcnode.execution.contract_abi import groups_of
from rpcnode.execution.engine import Context, NotModelled, ScriptRun
from rpcnode.payloads.attribute import OracleResponse
from rpcnode.payloads.signer import Signer, WitnessScope
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
    WitnessRule,
    WitnessRuleAction,
)
from rpcnode.primitives.uint import UInt160


def is_witness(run: ScriptRun, account: UInt160) -> bool:
    """Whether `account` agrees: it is the caller, or its signature covers the running context."""
    context = run.context
    if context.calling is not None and context.calling.script_hash == account:
        return True
    transaction = run.world.transaction
    if transaction is None:
        return False
    if any(isinstance(attribute, OracleResponse) for attribute in transaction.attributes):
        raise NotModelled("the signers of an oracle's request")
    signer = next((signer for signer in transaction.signers if signer.account == account), None)
    return signer is not None and _allows(run, context, signer)


def rules_of(signer: Signer) -> Iterator[WitnessRule]:
    """What the scopes of a signature mean as rules, in the order in which they are asked."""
    allowed: list[WitnessCondition] = []
    if signer.scopes & WitnessScope.Global:
        allowed.append(BooleanCondition(True))
    if signer.scopes & WitnessScope.CalledByEntry:
        allowed.append(CalledByEntryCondition())
    allowed += map(ScriptHashCondition, signer.allowed_contracts)
    allowed += map(GroupCondition, signer.allowed_groups)
    for condition in allowed:
        yield WitnessRule(WitnessRuleAction.Allow, condition)
    yield from signer.rules


def _allows(run: ScriptRun, context: Context, signer: Signer) -> bool:
    for rule in rules_of(signer):
        if _matches(run, context, rule.condition):
            return rule.action is WitnessRuleAction.Allow
    return False


def _matches(run: ScriptRun, context: Context, condition: WitnessCondition) -> bool:
    return _MATCHERS[type(condition)](run, context, condition)


def _is_true(run: ScriptRun, context: Context, condition: WitnessCondition) -> bool:
    assert isinstance(condition, BooleanCondition)
    return condition.expression


def _is_not(run: ScriptRun, context: Context, condition: WitnessCondition) -> bool:
    assert isinstance(condition, NotCondition)
    return not _matches(run, context, condition.expression)


def _are_all(run: ScriptRun, context: Context, condition: WitnessCondition) -> bool:
    assert isinstance(condition, AndCondition)
    return all(_matches(run, context, expression) for expression in condition.expressions)


def _is_any(run: ScriptRun, context: Context, condition: WitnessCondition) -> bool:
    assert isinstance(condition, OrCondition)
    return any(_matches(run, context, expression) for expression in condition.expressions)


def _is_script(run: ScriptRun, context: Context, condition: WitnessCondition) -> bool:
    assert isinstance(condition, ScriptHashCondition)
    return context.script_hash == condition.hash


def _is_of_group(run: ScriptRun, context: Context, condition: WitnessCondition) -> bool:
    assert isinstance(condition, GroupCondition)
    return _belongs(run, context.script_hash, str(condition.group))


def _is_called_by_entry(run: ScriptRun, context: Context, condition: WitnessCondition) -> bool:
    return context.calling is None or context.calling.calling is None


def _is_called_by_contract(run: ScriptRun, context: Context, condition: WitnessCondition) -> bool:
    assert isinstance(condition, CalledByContractCondition)
    return context.calling is not None and context.calling.script_hash == condition.hash


def _is_called_by_group(run: ScriptRun, context: Context, condition: WitnessCondition) -> bool:
    assert isinstance(condition, CalledByGroupCondition)
    return context.calling is not None and _belongs(run, context.calling.script_hash, str(condition.group))


def _belongs(run: ScriptRun, script_hash: UInt160, group: str) -> bool:
    contract = run.world.contract(script_hash)
    return contract is not None and group in groups_of(contract)


_MATCHERS: Final[dict[type[WitnessCondition], Callable[[ScriptRun, Context, WitnessCondition], bool]]] = {
    BooleanCondition: _is_true,
    NotCondition: _is_not,
    AndCondition: _are_all,
    OrCondition: _is_any,
    ScriptHashCondition: _is_script,
    GroupCondition: _is_of_group,
    CalledByEntryCondition: _is_called_by_entry,
    CalledByContractCondition: _is_called_by_contract,
    CalledByGroupCondition: _is_called_by_group,
}

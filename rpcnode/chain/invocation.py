"""Calls the safe methods of contracts that models stand for."""

from collections.abc import Mapping, Sequence

from rpcnode.execution.contract_state import ContractState, Model
from rpcnode.execution.records import HALT, Execution, Trigger
from rpcnode.execution.storage import Storage
from rpcnode.models.nft import DIVISIBLE_METHODS, INDIVISIBLE_METHODS
from rpcnode.models.observed import as_observed
from rpcnode.models.token import FUNGIBLE_METHODS, SafeMethod
from rpcnode.models.told_balances import told_balance_of
from rpcnode.primitives.errors import ScriptNeeded, VmFault
from rpcnode.vm.items import StackItem


def invoke(
    contract: ContractState,
    storage: Storage,
    method: str,
    args: Sequence[StackItem],
) -> Execution:
    """What calling a safe method of a modelled contract leaves; it takes no gas.

    Raises VmFault where the method fails or where the contract has no such method, ScriptNeeded where it has one that
    is not modelled.
    Source of the message: neo, Neo: SmartContract/ApplicationEngine.CallContract.
    """
    observed = contract.model in (Model.OBSERVED_TOKEN, Model.OBSERVED_NFT, Model.TOLD_TOKEN)
    safe = methods_of(contract).get((method, len(args)))
    if safe is not None:
        return left(HALT, safe(as_observed(contract) if observed else contract, storage, args))
    if contract.has_method(method, len(args)):
        raise ScriptNeeded(f"{method} of {contract.script_hash} is not modelled, and its script is not run")
    raise VmFault(
        f'Method "{method}" with {len(args)} parameter(s) doesn\'t exist in the contract {contract.script_hash}.'
    )


def left(vm_state: str, *stack: StackItem, exception: str | None = None, needs_script: bool = False) -> Execution:
    """What a call of no transaction left that ran no script."""
    return Execution(Trigger.APPLICATION, None, vm_state, 0, stack, exception, (), needs_script=needs_script)


_TOLD_METHODS: Mapping[tuple[str, int], SafeMethod] = {**FUNGIBLE_METHODS, ("balanceOf", 1): told_balance_of}
_NO_METHODS: Mapping[tuple[str, int], SafeMethod] = {}


def methods_of(contract: ContractState) -> Mapping[tuple[str, int], SafeMethod]:
    """The methods of a contract's model that only read, by name and number of arguments."""
    if contract.model is None:
        return _NO_METHODS
    if contract.model in (Model.TOKEN, Model.OBSERVED_TOKEN):
        return FUNGIBLE_METHODS
    if contract.model is Model.TOLD_TOKEN:
        return _TOLD_METHODS
    return DIVISIBLE_METHODS if contract.is_divisible else INDIVISIBLE_METHODS

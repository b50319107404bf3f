"""Calls the safe methods of contracts that are modelled in Python."""

from collections.abc import Mapping, Sequence

from rpcnode.contracts.nft import DIVISIBLE_METHODS, INDIVISIBLE_METHODS
from rpcnode.contracts.state import ContractState, Model
from rpcnode.contracts.token import FUNGIBLE_METHODS, SafeMethod, Storage
from rpcnode.primitives.errors import ScriptNeeded, VmFault
from rpcnode.vm.items import StackItem


def invoke(contract: ContractState, storage: Storage, method: str, args: Sequence[StackItem]) -> StackItem:
    """What a safe method of a modelled contract answers.

    Raises VmFault where it fails or where the contract has no such method, ScriptNeeded where it has one that is not
    modelled.
    Source of the message: neo, Neo: SmartContract/ApplicationEngine.CallContract.
    """
    safe = _methods_of(contract).get((method, len(args)))
    if safe is not None:
        return safe(contract, storage, args)
    if contract.has_method(method, len(args)):
        raise ScriptNeeded(f"{method} of {contract.script_hash} is in its script, which only a VM can run")
    raise VmFault(
        f'Method "{method}" with {len(args)} parameter(s) doesn\'t exist in the contract {contract.script_hash}.'
    )


_NO_METHODS: Mapping[tuple[str, int], SafeMethod] = {}


def _methods_of(contract: ContractState) -> Mapping[tuple[str, int], SafeMethod]:
    if contract.model is None:
        return _NO_METHODS
    if contract.model in (Model.TOKEN, Model.OBSERVED_TOKEN):
        return FUNGIBLE_METHODS
    return DIVISIBLE_METHODS if contract.is_divisible else INDIVISIBLE_METHODS

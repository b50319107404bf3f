"""Calls the safe methods of contracts that are modelled in Python."""

from collections.abc import Mapping, Sequence

from rpcnode.contracts.nft import DIVISIBLE_METHODS, INDIVISIBLE_METHODS
from rpcnode.contracts.state import ContractState, Model
from rpcnode.contracts.token import FUNGIBLE_METHODS, SafeMethod, Storage
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import StackItem


def invoke(contract: ContractState, storage: Storage, method: str, args: Sequence[StackItem]) -> StackItem:
    """What a safe method of a modelled contract answers; raises VmFault where it fails or where there is none."""
    if contract.model is None:
        raise VmFault(f"{contract.script_hash} has a script, which only a VM can run")
    safe = _methods_of(contract).get((method, len(args)))
    if safe is None:
        raise VmFault(
            f'Method "{method}" with {len(args)} parameter(s) doesn\'t exist in the contract {contract.script_hash}.'
        )
    return safe(contract, storage, args)


def _methods_of(contract: ContractState) -> Mapping[tuple[str, int], SafeMethod]:
    if contract.model in (Model.TOKEN, Model.OBSERVED_TOKEN):
        return FUNGIBLE_METHODS
    return DIVISIBLE_METHODS if contract.is_divisible else INDIVISIBLE_METHODS

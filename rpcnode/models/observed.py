"""Where the balances of tokens stand that follow events: of recordings that cannot be executed, and of older nodes."""

from dataclasses import replace

from rpcnode.execution.contract_state import ContractState

_OBSERVED = 1 << 24


def observed_id(contract_id: int) -> int:
    """Under which id observed balances stand: a native contract's own, for the others one apart from their storage."""
    return contract_id if contract_id < 0 else -_OBSERVED - contract_id


def as_observed(contract: ContractState) -> ContractState:
    """The contract, to be asked for its observed balances."""
    return replace(contract, contract_id=observed_id(contract.contract_id))

"""Which contracts of a recording are run from their scripts, and where the others' observed balances stand.

A recording tells what scripts notified, not what they stored. Running them again gives the storage, as long as what
they then notify and return is what the recording says. A contract whose run ever differed, or asked for what is not
built, is observed instead: its balances follow its Transfer events.
"""

from dataclasses import replace

from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.storage import Storage

_OBSERVED = 1 << 24
_RUNS = b"runs"


def observed_id(contract_id: int) -> int:
    """Under which id observed balances stand: a native contract's own, for the others one apart from their storage."""
    return contract_id if contract_id < 0 else -_OBSERVED - contract_id


def as_observed(contract: ContractState) -> ContractState:
    """The contract, to be asked for its observed balances."""
    return replace(contract, contract_id=observed_id(contract.contract_id))


def runs(storage: Storage, contract_id: int) -> bool:
    """Whether the contract's script is run: its storage is what it would be on the node that was recorded."""
    return contract_id > 0 and storage.get(observed_id(contract_id), _RUNS) is not None


def set_runs(storage: Storage, contract_id: int, *, is_run: bool) -> None:
    """Says from now on whether the contract's script is run."""
    if is_run:
        storage.put(observed_id(contract_id), _RUNS, b"\x01")
    else:
        storage.delete(observed_id(contract_id), _RUNS)

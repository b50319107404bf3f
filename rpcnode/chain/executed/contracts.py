"""The contracts that a block's execution has deployed, updated or destroyed."""

from collections.abc import Iterable, Iterator

from rpcnode.execution.contract import CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX, Contract, contract_of
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT
from rpcnode.execution.records import Execution
from rpcnode.execution.snapshot import StorageReader
from rpcnode.primitives.uint import UInt160

_CHANGES = ("Deploy", "Update", "Destroy")


def changed_contracts(executions: Iterable[Execution]) -> list[UInt160]:
    """The hashes of the contracts that ContractManagement's events name, each once, in order."""
    return list(dict.fromkeys(_named(executions)))


def contracts_in(rows: Iterable[tuple[int, bytes]]) -> list[UInt160]:
    """The hashes of the contracts whose rows are among these, by contract id and key."""
    size = len(CONTRACT_PREFIX) + UInt160.SIZE
    return [
        UInt160(key[len(CONTRACT_PREFIX) :])
        for contract_id, key in rows
        if contract_id == CONTRACT_MANAGEMENT_ID and len(key) == size and key.startswith(CONTRACT_PREFIX)
    ]


def states_of(script_hashes: Iterable[UInt160], storage: StorageReader, block_index: int) -> list[ContractState]:
    """What stands at these hashes after a block that has changed each of them."""
    standing = ((script_hash, contract_of(storage, script_hash)) for script_hash in script_hashes)
    return [contract_state_of(contract, block_index) for _, contract in standing if contract is not None]


def contract_state_of(contract: Contract, deployed_at: int) -> ContractState:
    """A contract as the chain lists it, from a block on."""
    key = "state", deployed_at
    made = contract.derived.get(key)
    if not isinstance(made, ContractState):
        made = contract.derived[key] = ContractState(
            contract_id=contract.id,
            script_hash=contract.hash,
            update_counter=contract.update_counter,
            code=contract,
            deployed_at=deployed_at,
        )
    return made


def _named(executions: Iterable[Execution]) -> Iterator[UInt160]:
    for execution in executions:
        for event in execution.notifications:
            if event.contract == CONTRACT_MANAGEMENT and event.event_name in _CHANGES:
                (script_hash,) = event.state
                assert isinstance(script_hash, bytes)
                yield UInt160(script_hash)

"""What no script can do: contracts that were put in place, rows that were written past all scripts, declared events.

All of it is marked where a chain is described: design, section 2.
"""

from collections.abc import Mapping

from rpcnode.execution.contract import CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX, Contract, contract_of
from rpcnode.execution.snapshot import Snapshot, StorageReader
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import integer_bytes, integer_of

NEXT_ID_KEY = b"\x0f"
HASH_OF_ID_PREFIX = b"\x0c"


def put_contract(snapshot: Snapshot, contract: Contract) -> None:
    """Has a contract stand, as if ContractManagement had deployed it."""
    snapshot.put(CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX + contract.hash, contract.serialize())
    snapshot.put(CONTRACT_MANAGEMENT_ID, hash_of_id_key(contract.id), bytes(contract.hash))
    if next_id(snapshot) <= contract.id:
        snapshot.put(CONTRACT_MANAGEMENT_ID, NEXT_ID_KEY, integer_bytes(contract.id + 1))


def take_contract(snapshot: Snapshot, script_hash: UInt160) -> None:
    """Has a contract be gone, with all that it stored."""
    contract = contract_of(snapshot, script_hash)
    if contract is None:
        return
    snapshot.delete(CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX + script_hash)
    snapshot.delete(CONTRACT_MANAGEMENT_ID, hash_of_id_key(contract.id))
    for key, _ in list(snapshot.find(contract.id, b"")):
        snapshot.delete(contract.id, key)


def put_rows(snapshot: Snapshot, contract_id: int, rows: Mapping[bytes, bytes | None]) -> None:
    """Writes rows of a contract's storage; None takes one away."""
    for key, value in rows.items():
        if value is None:
            snapshot.delete(contract_id, key)
        else:
            snapshot.put(contract_id, key, value)


def next_id(snapshot: Snapshot) -> int:
    """The id that the next contract gets."""
    row = snapshot.get(CONTRACT_MANAGEMENT_ID, NEXT_ID_KEY)
    return 1 if row is None else integer_of(row)


def hash_of_id(storage: StorageReader, contract_id: int) -> UInt160 | None:
    """The hash of the contract with an id, None where there is none."""
    row = storage.get(CONTRACT_MANAGEMENT_ID, hash_of_id_key(contract_id))
    return None if row is None else UInt160(row)


def hash_of_id_key(contract_id: int) -> bytes:
    """The key of the row that tells which contract has an id."""
    return HASH_OF_ID_PREFIX + contract_id.to_bytes(4, "big", signed=True)

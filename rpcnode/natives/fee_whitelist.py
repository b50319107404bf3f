"""PolicyContract's whitelist: methods of contracts that cost a fixed fee, whatever they execute.

Their rows: prefix 10, the contract's hash, and the method's offset in its script as four bytes, most significant
first. The value is a Struct: hash, method, number of parameters, fee in datoshi.
Source: neo 3.10.2, SmartContract/Native/PolicyContract.cs, WhitelistedContract.cs.
"""

from typing import Final

from rpcnode.execution.contract import Contract
from rpcnode.execution.serializers.binary import deserialize, serialize
from rpcnode.natives.committee import check_committee
from rpcnode.natives.native import Run
from rpcnode.natives.policy_values import POLICY_ID, WHITELIST_PREFIX, whitelist_key
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem, Struct

CHANGED_EVENT: Final = "WhitelistFeeChanged"


def set_fixed_fee(
    run: Run, policy: UInt160, contract_hash: UInt160, method: str, parameter_count: int, fee_datoshi: int
) -> None:
    """Gives a method its fixed fee, and sends the event of the contract `policy`.

    Where another name has the same offset already, its name stays and its fee changes.
    """
    if fee_datoshi < 0:
        raise VmFault(
            f"fixedFee ('{fee_datoshi}') must be a non-negative value. (Parameter 'fixedFee')\n"
            f"Actual value was {fee_datoshi}."
        )
    _check_committee(run)
    key = _key_of(run, contract_hash, method, parameter_count)
    row = run.storage.get(POLICY_ID, key)
    members: list[StackItem] = [bytes(contract_hash), method.encode(), parameter_count]
    if row is not None:
        members = _members(row)[:3]
    run.storage.put(POLICY_ID, key, serialize(Struct([*members, fee_datoshi])))
    run.notify(policy, CHANGED_EVENT, (bytes(contract_hash), method.encode(), parameter_count, fee_datoshi))


def remove_fixed_fee(run: Run, policy: UInt160, contract_hash: UInt160, method: str, parameter_count: int) -> None:
    """Takes the fixed fee from a method, and sends the event of the contract `policy`."""
    _check_committee(run)
    key = _key_of(run, contract_hash, method, parameter_count)
    if run.storage.get(POLICY_ID, key) is None:
        raise VmFault("Whitelist not found")
    run.storage.delete(POLICY_ID, key)
    run.notify(policy, CHANGED_EVENT, (bytes(contract_hash), method.encode(), parameter_count, None))


def clean_fixed_fees(run: Run, policy: UInt160, contract_hash: UInt160) -> int:
    """Takes the fixed fees from all methods of a contract, with an event for each; answers how many there were."""
    rows = list(run.storage.find(POLICY_ID, WHITELIST_PREFIX + contract_hash))
    for key, row in rows:
        run.storage.delete(POLICY_ID, key)
        _, method, parameter_count, _ = _members(row)
        run.notify(policy, CHANGED_EVENT, (bytes(contract_hash), method, parameter_count, None))
    return len(rows)


def _check_committee(run: Run) -> None:
    if not check_committee(run):
        raise VmFault("Invalid committee signature")


def _key_of(run: Run, contract_hash: UInt160, method: str, parameter_count: int) -> bytes:
    """The row's key of a method that its contract has. Raises VmFault for any other."""
    contract = run.contract(contract_hash)
    if contract is None:
        raise VmFault("Is not a valid contract")
    found = _method(contract, method, parameter_count)
    if found is None:
        raise VmFault(f"Method {method} with {parameter_count} args was not found in {contract_hash}")
    return whitelist_key(contract_hash, found)


def _method(contract: Contract, name: str, parameter_count: int) -> int | None:
    """The offset of the method of exactly that number of parameters; -1 is no word for any number here."""
    found = contract.manifest.method(name, parameter_count) if parameter_count >= 0 else None
    return None if found is None else found.offset


def _members(row: bytes) -> list[StackItem]:
    item = deserialize(row)
    assert isinstance(item, Struct), row.hex()
    return item.items

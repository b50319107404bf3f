"""A fungible token in Python: NEP-5 and NEP-17 as far as their ledgers go.

Balances and supply stand in the contract's storage, under the prefixes that the native tokens use, as little-endian integers. Balances
of a token that never existed as a script are what the tracker's `balanceOf` reads.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from rpcnode.contracts.state import ContractState
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import ByteString, Integer, StackItem, integer_bytes, integer_of

TOTAL_SUPPLY = b"\x0b"
ACCOUNT = b"\x14"


class Storage(Protocol):
    """The key-value storage of all contracts, as interops see it."""

    def get(self, contract_id: int, key: bytes) -> bytes | None: ...
    def put(self, contract_id: int, key: bytes, value: bytes) -> None: ...
    def delete(self, contract_id: int, key: bytes) -> None: ...


def read_integer(storage: Storage, contract_id: int, key: bytes) -> int:
    """The integer under a key, 0 where there is none."""
    value = storage.get(contract_id, key)
    return 0 if value is None else integer_of(value)


def write_integer(storage: Storage, contract_id: int, key: bytes, value: int) -> None:
    """Puts an integer under a key; 0 deletes the key, as the native tokens do."""
    if value == 0:
        storage.delete(contract_id, key)
    else:
        storage.put(contract_id, key, integer_bytes(value))


def balance_of(storage: Storage, contract_id: int, account: UInt160) -> int:
    return read_integer(storage, contract_id, ACCOUNT + account)


def move(storage: Storage, contract_id: int, sender: UInt160 | None, receiver: UInt160 | None, amount: int) -> None:
    """Moves `amount`; no sender mints, no receiver burns. Raises VmFault when the sender has less."""
    if sender is not None:
        balance = read_integer(storage, contract_id, ACCOUNT + sender)
        if balance < amount:
            raise VmFault(f"{sender} has {balance}, {amount} is asked")
        write_integer(storage, contract_id, ACCOUNT + sender, balance - amount)
    if receiver is not None:
        key = ACCOUNT + receiver
        write_integer(storage, contract_id, key, read_integer(storage, contract_id, key) + amount)
    if sender is None or receiver is None:
        supply = read_integer(storage, contract_id, TOTAL_SUPPLY)
        minted = (amount if sender is None else 0) - (amount if receiver is None else 0)
        write_integer(storage, contract_id, TOTAL_SUPPLY, supply + minted)


def observe(storage: Storage, contract_id: int, sender: UInt160 | None, receiver: UInt160 | None, amount: int) -> None:
    """Follows a Transfer that a real node recorded: as `move`, without a check of funds.

    A token whose events do not add up gets what they say, below zero too; only its script, run by a VM, would know better.
    """
    for account, change in ((sender, -amount), (receiver, amount)):
        if account is not None:
            key = ACCOUNT + account
            write_integer(storage, contract_id, key, read_integer(storage, contract_id, key) + change)
    if sender is None or receiver is None:
        supply = read_integer(storage, contract_id, TOTAL_SUPPLY)
        minted = (amount if sender is None else 0) - (amount if receiver is None else 0)
        write_integer(storage, contract_id, TOTAL_SUPPLY, supply + minted)


def _balance_of(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    account = args[0].to_bytes()
    if len(account) != UInt160.SIZE:
        raise VmFault(f"an account has {UInt160.SIZE} bytes, got {len(account)}")
    return Integer(balance_of(storage, contract.contract_id, UInt160(account)))


def _total_supply(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    return Integer(read_integer(storage, contract.contract_id, TOTAL_SUPPLY))


def _symbol(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    if contract.symbol is None:
        raise VmFault(f"the symbol of {contract.script_hash} is in its script, which only a VM can run")
    return ByteString(contract.symbol.encode())


def _decimals(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    if contract.decimals is None:
        raise VmFault(f"the decimals of {contract.script_hash} are in its script, which only a VM can run")
    return Integer(contract.decimals)


SafeMethod = Callable[[ContractState, Storage, Sequence[StackItem]], StackItem]

SAFE_METHODS: dict[tuple[str, int], SafeMethod] = {
    ("symbol", 0): _symbol,
    ("decimals", 0): _decimals,
    ("totalSupply", 0): _total_supply,
    ("balanceOf", 1): _balance_of,
}
"""What can be asked of a modelled token: (method, number of arguments) -> how it is answered."""


def invoke(contract: ContractState, storage: Storage, method: str, args: Sequence[StackItem]) -> StackItem:
    """What a safe method of a modelled token answers; raises VmFault where it fails or where there is none."""
    if contract.model is None:
        raise VmFault(f"{contract.script_hash} has a script, which only a VM can run")
    safe = SAFE_METHODS.get((method, len(args)))
    if safe is None:
        raise VmFault(
            f'Method "{method}" with {len(args)} parameter(s) doesn\'t exist in the contract {contract.script_hash}.'
        )
    return safe(contract, storage, args)

"""A fungible token in Python: NEP-5 and NEP-17 as far as their ledgers go.

Balances and supply stand in the contract's storage, under the prefixes that the native tokens use, as little-endian
integers. Balances of a token that never existed as a script are what the tracker's `balanceOf` reads.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from rpcnode.contracts.state import ContractState
from rpcnode.primitives.errors import ScriptNeeded, VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import checked, to_bytes
from rpcnode.vm.items import StackItem, integer_bytes, integer_of

TOTAL_SUPPLY = b"\x0b"
ACCOUNT = b"\x14"


class Overspent(VmFault):
    """An account has less than it is asked for; `lack` says so of it, without its name."""

    def __init__(self, account: UInt160, lack: str) -> None:
        super().__init__(f"{account} {lack}")
        self.lack = lack


class Storage(Protocol):
    """The key-value storage of all contracts, as interops see it."""

    def get(self, contract_id: int, key: bytes) -> bytes | None: ...
    def put(self, contract_id: int, key: bytes, value: bytes) -> None: ...
    def delete(self, contract_id: int, key: bytes) -> None: ...
    def find(self, contract_id: int, prefix: bytes) -> Iterator[tuple[bytes, bytes]]: ...


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
    """What an account holds of a modelled or native fungible token, in its smallest unit; 0 where it has none."""
    return read_integer(storage, contract_id, ACCOUNT + account)


def move(storage: Storage, contract_id: int, sender: UInt160 | None, receiver: UInt160 | None, amount: int) -> None:
    """Moves `amount`; no sender mints, no receiver burns. Raises Overspent when the sender has less."""
    if sender is not None:
        balance = read_integer(storage, contract_id, ACCOUNT + sender)
        if balance < amount:
            raise Overspent(sender, f"has {balance}")
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

    A token whose events do not add up gets what they say, below zero too; only its script, run by a VM, would know
    better.
    """
    for account, change in ((sender, -amount), (receiver, amount)):
        if account is not None:
            key = ACCOUNT + account
            write_integer(storage, contract_id, key, read_integer(storage, contract_id, key) + change)
    if sender is None or receiver is None:
        supply = read_integer(storage, contract_id, TOTAL_SUPPLY)
        minted = (amount if sender is None else 0) - (amount if receiver is None else 0)
        write_integer(storage, contract_id, TOTAL_SUPPLY, supply + minted)


def account_of(item: StackItem) -> UInt160:
    """An argument that is an account; raises VmFault unless it has 20 bytes."""
    account = bytes(to_bytes(item))
    if len(account) != UInt160.SIZE:
        raise VmFault(f"an account has {UInt160.SIZE} bytes, got {len(account)}")
    return UInt160(account)


def _balance_of(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    return checked(balance_of(storage, contract.contract_id, account_of(args[0])))


def total_supply(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    """How much there is of a token."""
    return checked(read_integer(storage, contract.contract_id, TOTAL_SUPPLY))


def symbol_of(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    """A token's symbol; raises ScriptNeeded where only its script knows."""
    if contract.symbol is None:
        raise ScriptNeeded(f"the symbol of {contract.script_hash} is in its script, which is not run")
    return contract.symbol.encode()


def decimals_of(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    """A token's decimals; raises ScriptNeeded where only its script knows."""
    if contract.decimals is None:
        raise ScriptNeeded(f"the decimals of {contract.script_hash} are in its script, which is not run")
    return contract.decimals


SafeMethod = Callable[[ContractState, Storage, Sequence[StackItem]], StackItem]

FUNGIBLE_METHODS: dict[tuple[str, int], SafeMethod] = {
    ("symbol", 0): symbol_of,
    ("decimals", 0): decimals_of,
    ("totalSupply", 0): total_supply,
    ("balanceOf", 1): _balance_of,
}
"""What can be asked of a modelled fungible token: (method, number of arguments) -> how it is answered."""

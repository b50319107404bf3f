"""A fungible token in Python: NEP-5 and NEP-17 as far as their ledgers go.

Balances and supply stand in the contract's storage, under the prefixes that the native tokens use, as little-endian
integers. Balances of a token that never existed as a script are what the tracker's `balanceOf` reads.
"""

from collections.abc import Callable, Sequence

from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.storage import Storage, read_integer, write_integer
from rpcnode.models.accounts import account_of
from rpcnode.primitives.errors import ScriptNeeded, VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import checked
from rpcnode.vm.items import StackItem

TOTAL_SUPPLY = b"\x0b"
ACCOUNT = b"\x14"


class Overspent(VmFault):
    """An account has less than it is asked for; `lack` says so of it, without its name."""

    def __init__(self, account: UInt160, lack: str) -> None:
        super().__init__(f"{account} {lack}")
        self.lack = lack


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

"""What NeoToken and GasToken have in common: balances, transfers, minting and burning.

Source: neo 3.10.2, SmartContract/Native/FungibleToken.cs, AccountState.cs.
"""

from collections.abc import Sequence
from typing import ClassVar, Final, Generic, Self, TypeVar

from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.application_engine import Call, Steps
from rpcnode.execution.contract import Contract
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import ReadBalance
from rpcnode.execution.parameters import INVALID_STATE, Byte
from rpcnode.execution.serializers.binary import deserialize
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.native import NativeContract, NativeEvent, native_method
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.manifest import Method
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_integer
from rpcnode.vm.faults import INVALID_CAST
from rpcnode.vm.items import StackItem, Struct, integer_bytes, integer_of

TOTAL_SUPPLY_KEY: Final = b"\x0b"
ACCOUNT_PREFIX: Final = b"\x14"

NULL_REFERENCE: Final = "Object reference not set to an instance of an object."
NEGATIVE: Final = "cannot be negative (Parameter 'amount')"

TRANSFER_EVENT: Final = NativeEvent("Transfer", (("from", "Hash160"), ("to", "Hash160"), ("amount", "Integer")))

_STRUCT, _INTEGER = 0x41, 0x21
_BEFORE_BALANCE: Final = b"\x41\x01\x21"  # a Struct of one Integer


class AccountState:
    """What a token keeps of an account: a Struct of its balance, and of more in a token that says so."""

    __slots__ = ("balance",)

    def __init__(self, balance: int = 0) -> None:
        self.balance = balance

    @classmethod
    def parse(cls, row: bytes) -> Self:
        """Read a row. Raises VmFault for bytes that are none."""
        return cls(balance_in(row))

    def to_row(self) -> bytes:
        """The row that holds it."""
        balance = integer_bytes(self.balance)
        return _BEFORE_BALANCE + bytes((len(balance),)) + balance


def balance_in(row: bytes) -> int:
    """The balance in an account's row, of either token. Raises VmFault for bytes that are no such row."""
    size = row[3] if len(row) > 3 else 255
    if size <= 32 and row[0] == _STRUCT and row[1] and row[2] == _INTEGER and len(row) >= 4 + size:
        return integer_of(row[4 : 4 + size])  # what a native wrote: no item need be made of it
    item = deserialize(row)
    if not isinstance(item, Struct) or not item.items:
        raise VmFault(INVALID_CAST)
    return to_integer(item.items[0])


State = TypeVar("State", bound=AccountState)

Reward = tuple[UInt160, int]
"""GAS that an account is owed for what it held, in datoshi."""


class FungibleToken(NativeContract, Generic[State]):
    """A native NEP-17 token, whose accounts are of the class `account_state`."""

    account_state: type[State]
    token_symbol: ClassVar[str]
    token_decimals: ClassVar[int]
    has_fixed_supply: ClassVar[bool] = False
    events: ClassVar[tuple[NativeEvent, ...]] = (TRANSFER_EVENT,)

    def standards(self, enabled: frozenset[Hardfork]) -> tuple[str, ...]:
        return ("NEP-17",)

    def balances(
        self, contract: Contract, method: Method, settings: ProtocolSettings, block_index: int
    ) -> ReadBalance | None:
        price = self.price_of_plain(contract, method, settings, block_index)
        return None if price is None or method.name != "balanceOf" else ReadBalance(price, balance_in)

    # What a token may add

    def balance_changing(self, run: Run, account: UInt160, state: State, amount: int) -> Reward | None:
        """Is told before a balance changes by an amount, which may be 0; what it returns is paid in the end."""
        return None

    def pay(self, run: Run, rewards: list[Reward], call_on_payment: bool) -> Steps[None]:
        """Pays what a change of balances has made due, which is nothing where `balance_changing` names nothing."""
        yield from ()

    # For scripts

    @native_method(is_plain=True)
    def symbol(self, run: Run) -> str:
        return self.token_symbol

    @native_method(is_plain=True)
    def decimals(self, run: Run) -> Byte:
        return self.token_decimals

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, is_plain=True)
    def total_supply(self, run: Run) -> int:
        """What exists of the token, in its smallest unit."""
        return integer_of(run.storage.get(self.id, TOTAL_SUPPLY_KEY) or b"")

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, is_plain=True)
    def balance_of(self, run: Run, account: UInt160) -> int:
        """What an account holds, in the token's smallest unit."""
        row = run.storage.get(self.id, ACCOUNT_PREFIX + account)
        return 0 if row is None else balance_in(row)

    @native_method(
        cpu_fee=1 << 17, storage_fee=50, flags=CallFlags.States | CallFlags.AllowCall | CallFlags.AllowNotify
    )
    def transfer(self, run: Run, from_: UInt160, to: UInt160, amount: int, data: StackItem) -> Steps[bool]:
        """Moves an amount and tells the receiver if it is a contract; false without right or balance."""
        if amount < 0:
            raise VmFault(NEGATIVE)
        if from_ != run.calling_script_hash and not run.check_witness(from_):
            return False
        rewards: list[Reward] = []
        if not self._move(run, from_, to, amount, rewards):
            return False
        sender = bytes(from_)
        run.notify(self.hash, "Transfer", (sender, bytes(to), amount))
        if run.is_contract(to):
            yield Call(self.hash, to, "onNEP17Payment", (sender, amount, data))
        if rewards:
            yield from self.pay(run, rewards, True)
        return True

    # For other native contracts

    def mint(self, run: Run, account: UInt160, amount: int, call_on_payment: bool) -> Steps[None]:
        """Makes an amount and gives it to an account, which is called if it is a contract and `call_on_payment`.

        Raises VmFault for a negative amount; 0 does nothing, without an event.
        """
        rewards = self.credit(run, account, amount)
        if amount and call_on_payment and run.is_contract(account):
            yield Call(self.hash, account, "onNEP17Payment", (None, amount, None))
        if rewards:
            yield from self.pay(run, rewards, call_on_payment)

    def credit(self, run: Run, account: UInt160, amount: int) -> list[Reward]:
        """Mints without a call, what is due for it left to be paid."""
        if amount < 0:
            raise VmFault(NEGATIVE)
        rewards: list[Reward] = []
        if amount:
            self._add(run, account, amount, rewards)
            self._change_supply(run.storage, amount)
            run.notify(self.hash, "Transfer", (None, bytes(account), amount))
        return rewards

    def hold(self, run: Run, account: UInt160, amount: int) -> None:
        """Has an account hold an amount, past all scripts, with the event of what it gains or loses, be it 0.

        What it has earned until now is paid, and the supply follows unless it is fixed. Nobody is called. Raises
        VmFault where no integer of the VM holds the supply.
        """
        key = ACCOUNT_PREFIX + account
        row = run.storage.get(self.id, key)
        state = self.account_state() if row is None else self.account_state.parse(row)
        gained = amount - state.balance
        reward = self.balance_changing(run, account, state, gained)
        state.balance = amount
        if amount:
            run.storage.put(self.id, key, state.to_row())
        else:
            run.storage.delete(self.id, key)
        if not self.has_fixed_supply:
            self._change_supply(run.storage, gained)
        who = bytes(account)
        run.notify(self.hash, "Transfer", (who, None, -gained) if gained < 0 else (None, who, gained))
        for _ in self.pay(run, [] if reward is None else [reward], False):
            raise AssertionError("paying calls nobody here")

    def burn(self, run: Run, account: UInt160, amount: int) -> None:
        """Takes an amount from an account and from the supply; 0 does nothing. Raises VmFault where there is less."""
        if amount < 0:
            raise VmFault(NEGATIVE)
        if not amount:
            return
        storage = run.storage
        row = storage.get(self.id, ACCOUNT_PREFIX + account)
        if row is None:
            raise VmFault(NULL_REFERENCE)
        state = self.account_state.parse(row)
        if state.balance < amount:
            raise VmFault(INVALID_STATE)
        self.balance_changing(run, account, state, -amount)
        self._take(storage, account, state, amount)
        self._change_supply(storage, -amount)
        run.notify(self.hash, "Transfer", (bytes(account), None, amount))

    def burn_all(self, run: Run, account: UInt160, amounts: Sequence[int]) -> None:
        """Takes amounts from one account, one after the other."""
        storage, total = run.storage, sum(amounts)
        row = storage.get(self.id, ACCOUNT_PREFIX + account)
        state = None if row is None or min(amounts) <= 0 else self.account_state.parse(row)
        if state is None or state.balance <= total:
            for amount in amounts:
                self.burn(run, account, amount)
            return
        self.balance_changing(run, account, state, -total)
        self._take(storage, account, state, total)
        self._change_supply(storage, -total)
        for amount in amounts:
            run.notify(self.hash, "Transfer", (bytes(account), None, amount))

    def _move(self, run: Run, sender: UInt160, receiver: UInt160, amount: int, rewards: list[Reward]) -> bool:
        """Whether the sender has the amount, which is then the receiver's."""
        key = ACCOUNT_PREFIX + sender
        row = run.storage.get(self.id, key)
        if row is None:
            return not amount
        state = self.account_state.parse(row)
        if state.balance < amount:
            run.storage.put(self.id, key, row)  # neo counts it among the rows that were changed
            return False
        moved = 0 if sender == receiver else amount
        reward = self.balance_changing(run, sender, state, -moved)
        if reward is not None:
            rewards.append(reward)
        if moved:
            self._take(run.storage, sender, state, moved)
            self._add(run, receiver, moved, rewards)
        else:
            run.storage.put(self.id, key, state.to_row())
        return True

    def _take(self, storage: Snapshot, account: UInt160, state: State, amount: int) -> None:
        """Writes the account without the amount; with nothing left it has no row."""
        key = ACCOUNT_PREFIX + account
        if state.balance == amount:
            storage.delete(self.id, key)
        else:
            state.balance -= amount
            storage.put(self.id, key, state.to_row())

    def _add(self, run: Run, account: UInt160, amount: int, rewards: list[Reward]) -> None:
        """Writes the account with the amount."""
        key = ACCOUNT_PREFIX + account
        row = run.storage.get(self.id, key)
        state = self.account_state() if row is None else self.account_state.parse(row)
        reward = self.balance_changing(run, account, state, amount)
        if reward is not None:
            rewards.append(reward)
        state.balance += amount
        run.storage.put(self.id, key, state.to_row())

    def _change_supply(self, storage: Snapshot, amount: int) -> None:
        supply = integer_of(storage.get(self.id, TOTAL_SUPPLY_KEY) or b"")
        storage.put(self.id, TOTAL_SUPPLY_KEY, integer_bytes(supply + amount))

"""Whole transactions that do nothing but move declared tokens, executed without a machine.

Their scripts are those of chain/transfers.py: calls of `transfer`, `mint` and `burn`, one after the other, each with
ASSERT or DROP behind it or with nothing.
"""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Final, NamedTuple

from rpcnode.execution.contract import CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX, contract_of
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.records import HALT, Execution, Notification, Trigger
from rpcnode.execution.run_state import MAX_NOTIFICATIONS, PICO
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot, StorageReader
from rpcnode.execution.syscalls.storage_calls import charged_bytes
from rpcnode.models.declared.calls import TokenCall, Transfer, calls_in, only_transfer
from rpcnode.models.declared.parts import GET_CONTRACT
from rpcnode.models.declared.plan import NO_ROW, Plan, Uncertain, check_prices
from rpcnode.models.declared.reads import TokenReads
from rpcnode.models.declared.twins import TokenTwin, is_sure, twin_of
from rpcnode.models.token import ACCOUNT
from rpcnode.payloads.block import Block
from rpcnode.payloads.manifest import Method
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import MAX_INTEGER, MAX_INTEGER_SIZE, StackItem, integer_bytes, integer_of
from rpcnode.vm.opcode import Opcode

_WAYS: Final = {
    (keeps, held): ("transfer", *(() if keeps else ("nothing left",)), *(() if held else (NO_ROW,)), "transfer done")
    for keeps in (True, False)
    for held in (True, False)
}
"""The ways of `transfer`, by whether the sender keeps some, and the receiver had a row."""

_ASSERT, _DROP = bytes((Opcode.ASSERT,)), bytes((Opcode.DROP,))


class DeclaredTwins:
    """The twins of declared tokens, as the engine is given them."""

    twin_of = staticmethod(twin_of)

    def of_state(
        self, storage: StorageReader, settings: ProtocolSettings, natives: NativeSet, block_index: int
    ) -> TokenReads:
        """What answers calls of declared tokens that only ask."""
        return TokenReads(storage, settings, natives, block_index)

    def of_block(
        self, block: Block, snapshot: Snapshot, settings: ProtocolSettings, natives: NativeSet
    ) -> "BlockOfTransfers":
        """What executes the block's transactions that are declared transfers."""
        return BlockOfTransfers(block, snapshot, settings, natives)


class Prices(NamedTuple):
    """Pico-GAS of a unit of opcode prices, datoshi of a byte of storage."""

    factor: int
    storage: int


class BlockOfTransfers:
    """Executes transactions of a block that only move declared tokens; see `native_set.BlockTwins`.

    What it has found out of prices and contracts holds until a transaction is left to the machine.
    """

    def __init__(self, block: Block, snapshot: Snapshot, settings: ProtocolSettings, natives: NativeSet) -> None:
        self._block: Final = block
        self._snapshot: Final = snapshot
        self._settings: Final = settings
        self._natives: Final = natives
        # Before Domovoi a contract at the script's own hash would have a say.
        self._is_new: Final = settings.is_enabled(Hardfork.Domovoi, block.index)
        self._has_fixed_fees: Final = settings.is_enabled(Hardfork.Faun, block.index)
        self._prices: Prices | None = None
        self._methods: Final[dict[tuple[UInt160, str, int], tuple[TokenTwin, Method]]] = {}
        self._asked: Final[set[int]] = set()

    def execution(self, transaction: Transaction) -> Execution | None:
        """Executes a transaction of declared transfers, if it halts for certain."""
        try:
            if not self._is_new or transaction.attributes:
                raise Uncertain
            only = only_transfer(transaction.script)
            done = None if only is None else self._moved(transaction, only)
            if done is not None:
                return done
            calls = calls_in(transaction.script)
            if not calls:
                raise Uncertain
            return self._executed(transaction, calls)
        except Uncertain:
            self._prices = None
            self._methods.clear()
            self._asked.clear()
            return None

    def _moved(self, transaction: Transaction, moved: Transfer) -> Execution | None:
        """What `_executed` gives, in one step, for a transfer between two accounts that succeeds, as nearly all do.

        None for any other; nothing has happened then.
        """
        contract, sender, receiver, amount, tail, call_units = moved
        twin, _ = self._methods.get((contract, "transfer", 4)) or self._method_of(contract, "transfer", 4)
        if not twin.is_fungible or amount <= 0 or sender == receiver or not _agrees(transaction, sender):
            return None
        snapshot, contract_id = self._snapshot, twin.contract_id
        sender_key, receiver_key = ACCOUNT + sender, ACCOUNT + receiver
        held, received = snapshot.get(contract_id, sender_key), snapshot.get(contract_id, receiver_key)
        if held is None or len(held) > MAX_INTEGER_SIZE or len(received or b"") > MAX_INTEGER_SIZE:
            return None
        rest, total = integer_of(held) - amount, integer_of(received or b"") + amount
        if rest < 0 or not 0 < total <= MAX_INTEGER:
            return None
        if snapshot.get(CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX + receiver) is not None:
            return None
        left, gained = integer_bytes(rest), integer_bytes(total)
        units = call_units + twin.units_of_way(*_WAYS[rest > 0, received is not None])
        stored_bytes = charged_bytes(len(receiver_key), received, len(gained))
        if rest:
            stored_bytes += charged_bytes(len(sender_key), held, len(left))
        self._check_asked((GET_CONTRACT,))
        gas_pico = self._gas_pico(transaction, units, stored_bytes)
        if rest:
            snapshot.put(contract_id, sender_key, left)
        else:
            snapshot.delete(contract_id, sender_key)
        snapshot.put(contract_id, receiver_key, gained)
        event = Notification(contract, "Transfer", (sender, receiver, amount))
        return _halted(transaction, gas_pico, () if tail else (True,), (event,))

    def _executed(self, transaction: Transaction, calls: Sequence[TokenCall]) -> Execution:
        plan = Plan(self._snapshot)
        stack: list[StackItem] = []
        is_witness = partial(_agrees, transaction)
        for call in calls:
            named = call.contract, call.method, len(call.args)
            twin, method = self._methods.get(named) or self._method_of(*named)
            result = twin.plan(plan, method, call.args, is_witness)
            plan.units += call.units
            if call.tail == _ASSERT:
                if result is not True:
                    raise Uncertain
            elif call.tail != _DROP:
                stack.append(result)
        self._check_asked(plan.asked)
        gas_pico = self._gas_pico(transaction, plan.units, plan.stored_bytes)
        if len(plan.events) > MAX_NOTIFICATIONS:
            raise Uncertain
        plan.commit(self._snapshot)
        return _halted(transaction, gas_pico, tuple(stack), tuple(plan.events))

    def _check_asked(self, asked: Collection[int]) -> None:
        """Raises Uncertain unless native methods that are called answer at their own price."""
        if not self._asked.issuperset(asked):
            check_prices(asked, self._snapshot, self._natives)
            self._asked.update(asked)

    def _gas_pico(self, transaction: Transaction, units: int, stored_bytes: int) -> int:
        """What is paid for. Raises Uncertain where the transaction does not pay so much."""
        prices = self._prices or self._prices_now()
        gas_pico = units * prices.factor + stored_bytes * prices.storage * PICO
        if gas_pico > transaction.system_fee_datoshi * PICO:
            raise Uncertain
        return gas_pico

    def _method_of(self, script_hash: UInt160, name: str, count: int) -> tuple[TokenTwin, Method]:
        """The twin that a script calls, and the method. Raises Uncertain where the call could fail or costs its own."""
        snapshot, natives = self._snapshot, self._natives
        contract = contract_of(snapshot, script_hash)
        twin = None if contract is None else twin_of(contract)
        if contract is None or twin is None or natives.is_blocked(snapshot, contract.hash):
            raise Uncertain
        method = contract.manifest.method(name, count)
        if method is None or (
            self._has_fixed_fees and natives.whitelisted_fee(snapshot, contract.hash, method) is not None
        ):
            raise Uncertain
        found = self._methods[script_hash, name, count] = twin, method
        return found

    def _prices_now(self) -> Prices:
        block = self._block
        factors = self._natives.fee_factors(self._snapshot, self._settings, block.index, Trigger.APPLICATION, block)
        self._prices = Prices(*factors)
        return self._prices


def _halted(
    transaction: Transaction, gas_pico: int, stack: tuple[StackItem, ...], events: tuple[Notification, ...]
) -> Execution:
    return Execution(Trigger.APPLICATION, transaction.hash, HALT, -(-gas_pico // PICO), stack, None, events)


def _agrees(transaction: Transaction, account: bytes) -> bool:
    for signer in transaction.signers:
        if signer.account == account:
            return is_sure(signer, True)
    raise Uncertain

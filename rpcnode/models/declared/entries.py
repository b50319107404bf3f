"""Whole transactions that do nothing but move declared tokens, executed without a machine.

Their scripts are those of chain/transfers.py: calls of `transfer`, `mint` and `burn`, one after the other, each with
ASSERT or DROP behind it or with nothing.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rpcnode.execution.contract import contract_of
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.records import HALT, Execution, Trigger
from rpcnode.execution.run_state import MAX_NOTIFICATIONS, PICO
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot, StorageReader
from rpcnode.models.declared.calls import TokenCall, calls_in
from rpcnode.models.declared.plan import IsWitness, Plan, Uncertain, check_prices
from rpcnode.models.declared.reads import TokenReads
from rpcnode.models.declared.twins import TokenTwin, is_sure, twin_of
from rpcnode.payloads.block import Block
from rpcnode.payloads.manifest import Method
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem
from rpcnode.vm.opcode import Opcode

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
        calls = calls_in(transaction.script) if self._is_new and not transaction.attributes else None
        try:
            if not calls:
                raise Uncertain
            return self._executed(transaction, calls)
        except Uncertain:
            self._prices = None
            self._methods.clear()
            self._asked.clear()
            return None

    def _executed(self, transaction: Transaction, calls: Sequence[TokenCall]) -> Execution:
        plan = Plan(self._snapshot)
        stack: list[StackItem] = []
        is_witness = _witnesses_of(transaction)
        for call in calls:
            twin, method = self._methods.get((call.contract, call.method, len(call.args))) or self._method_of(call)
            result = twin.plan(plan, method, call.args, is_witness)
            plan.units += call.units
            if call.tail == _ASSERT:
                if result is not True:
                    raise Uncertain
            elif call.tail != _DROP:
                stack.append(result)
        if not plan.asked.keys() <= self._asked:
            check_prices(plan.asked, self._snapshot, self._natives)
            self._asked.update(plan.asked)
        prices = self._prices or self._prices_now()
        gas_pico = plan.units * prices.factor + plan.stored_bytes * prices.storage * PICO
        if gas_pico > transaction.system_fee_datoshi * PICO or len(plan.events) > MAX_NOTIFICATIONS:
            raise Uncertain
        plan.commit(self._snapshot)
        gas, events = -(-gas_pico // PICO), tuple(plan.events)
        return Execution(Trigger.APPLICATION, transaction.hash, HALT, gas, tuple(stack), None, events)

    def _method_of(self, call: TokenCall) -> tuple[TokenTwin, Method]:
        """The twin that a script calls, and the method. Raises Uncertain where the call could fail or costs its own."""
        snapshot, natives = self._snapshot, self._natives
        contract = contract_of(snapshot, call.contract)
        twin = None if contract is None else twin_of(contract)
        if contract is None or twin is None or natives.is_blocked(snapshot, contract.hash):
            raise Uncertain
        method = contract.manifest.method(call.method, len(call.args))
        if method is None or (
            self._has_fixed_fees and natives.whitelisted_fee(snapshot, contract.hash, method) is not None
        ):
            raise Uncertain
        found = self._methods[call.contract, call.method, len(call.args)] = twin, method
        return found

    def _prices_now(self) -> Prices:
        block = self._block
        factors = self._natives.fee_factors(self._snapshot, self._settings, block.index, Trigger.APPLICATION, block)
        self._prices = Prices(*factors)
        return self._prices


def _witnesses_of(transaction: Transaction) -> IsWitness:
    def is_witness(account: bytes) -> bool:
        for signer in transaction.signers:
            if signer.account == account:
                return is_sure(signer, True)
        raise Uncertain

    return is_witness

"""Whole transactions that do nothing but move declared tokens, executed without a machine.

Their scripts are those of chain/transfers.py: calls of `transfer`, `mint` and `burn` of fungible tokens, one after the
other, each with ASSERT or DROP behind it or with nothing.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from rpcnode.execution.contract import contract_of
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.records import HALT, Execution, Trigger
from rpcnode.execution.run_state import MAX_NOTIFICATIONS, PICO
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.execution.syscalls.table import ROW_OF
from rpcnode.models.declared.plan import IsWitness, Plan, Uncertain, check_prices
from rpcnode.models.declared.twins import TokenTwin, is_sure, twin_of
from rpcnode.payloads.block import Block
from rpcnode.payloads.manifest import Method
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem, integer_of
from rpcnode.vm.opcode import Opcode, opcodes
from rpcnode.vm.script import read_instruction
from rpcnode.vm.script_builder import ScriptBuilder, syscall_id

MAX_CALLS: Final = 256
PUSH_0: Final = int(Opcode.PUSH0)

_AMOUNT: Final = rb"([\x0f-\x20]|\x00.|\x01..|\x02.{4}|\x03.{8}|\x04.{16}|\x05.{32})"
_ACCOUNT: Final = rb"\x0c\x14(.{20})"
_CALL: Final = rb"\x0c\x14(.{20})\x41" + re.escape(syscall_id("System.Contract.Call"))
_TRANSFER: Final = re.compile(
    rb"\x0b" + _AMOUNT + _ACCOUNT + _ACCOUNT + rb"\x14\xc0\x1f\x0c\x08(transfer)" + _CALL + rb"([\x39\x45]?)",
    re.DOTALL,
)
_MINT_OR_BURN: Final = re.compile(
    _AMOUNT + _ACCOUNT + rb"\x12\xc0\x1f\x0c\x04(mint|burn)" + _CALL + rb"([\x45]?)", re.DOTALL
)
_PUSH_PRICES: Final = {int(opcode): opcode.price for opcode in opcodes(Opcode.PUSHINT8, Opcode.PUSH16)}
_ASSERT, _DROP = bytes((Opcode.ASSERT,)), bytes((Opcode.DROP,))


class TokenCall(NamedTuple):
    """A call in a script: `units` is what its instructions cost, `tail` the instruction behind it, if there is one."""

    contract: UInt160
    method: str
    args: tuple[StackItem, ...]
    tail: bytes
    units: int


class DeclaredTwins:
    """The twins of declared tokens, as the engine is given them."""

    twin_of = staticmethod(twin_of)

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
        self._methods: Final[dict[tuple[UInt160, str], tuple[TokenTwin, Method]]] = {}
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
            twin, method = self._methods.get((call.contract, call.method)) or self._method_of(call)
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
        plan.commit()
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
        found = self._methods[call.contract, call.method] = twin, method
        return found

    def _prices_now(self) -> Prices:
        block = self._block
        factors = self._natives.fee_factors(self._snapshot, self._settings, block.index, Trigger.APPLICATION, block)
        self._prices = Prices(*factors)
        return self._prices


def calls_in(script: bytes) -> list[TokenCall] | None:
    """The calls that a script consists of; None for any other script."""
    calls: list[TokenCall] = []
    position, end = 0, len(script)
    while position < end and len(calls) < MAX_CALLS:
        found = _TRANSFER.match(script, position)
        if found is not None:
            amount, receiver, sender, method, contract, tail = found.groups()
            args: tuple[StackItem, ...] = (sender, receiver, _number(amount), None)
        else:
            found = _MINT_OR_BURN.match(script, position)
            if found is None:
                return None
            amount, account, method, contract, tail = found.groups()
            args = (account, _number(amount))
        name, units = _call_of(method, tail)
        calls.append(TokenCall(UInt160(contract), name, args, tail, units + _PUSH_PRICES[amount[0]]))
        position = found.end()
    return calls if position == end else None


def _number(pushed: bytes) -> int:
    return pushed[0] - PUSH_0 if len(pushed) == 1 else integer_of(pushed[1:])


def _witnesses_of(transaction: Transaction) -> IsWitness:
    def is_witness(account: bytes) -> bool:
        for signer in transaction.signers:
            if signer.account == account:
                return is_sure(signer, True)
        raise Uncertain

    return is_witness


@cache
def _call_of(method: bytes, tail: bytes) -> tuple[str, int]:
    """The method as a text, and what the instructions of its call cost, without the one that pushes the amount."""
    account, name = UInt160.ZERO, method.decode()
    args = (account, account, 0, None) if name == "transfer" else (account, 0)
    script = ScriptBuilder().call(account, name, args).to_bytes() + tail
    units, position = -Opcode.PUSH0.price, 0
    while position < len(script):
        instruction = read_instruction(script, position)
        units += instruction.opcode.price
        if instruction.opcode is Opcode.SYSCALL:
            units += ROW_OF[int.from_bytes(instruction.data, "little")].price
        position = instruction.next
    return name, units

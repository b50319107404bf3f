"""Whole transactions that do nothing but move declared tokens, executed without a machine.

Their scripts are those of chain/transfers.py: calls of `transfer`, `mint` and `burn` of fungible tokens, one after the
other, each with ASSERT or DROP behind it or with nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from rpcnode.execution.application_engine import MAX_NOTIFICATIONS, PICO
from rpcnode.execution.contract import Contract, contract_of
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.records import HALT, Execution, Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.models.declared.plan import IsWitness, Plan, Uncertain, check_management
from rpcnode.models.declared.twins import TokenTwin, is_sure, twin_of
from rpcnode.payloads.block import Block
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem, integer_of
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script import read_instruction
from rpcnode.vm.script_builder import syscall_id

MAX_CALLS: Final = 256

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
_ASSERT, _DROP = bytes((Opcode.ASSERT,)), bytes((Opcode.DROP,))


class NotOnlyTransfers(Exception):
    """A script does something else too."""


@dataclass(frozen=True, slots=True)
class TokenCall:
    """A call in a script: `units` is what its instructions cost, `tail` the instruction behind it, if there is one."""

    contract: UInt160
    method: str
    args: tuple[StackItem, ...]
    tail: bytes
    units: int


class DeclaredTwins:
    """The twins of declared tokens, as the engine is given them."""

    def twin_of(self, contract: Contract) -> TokenTwin | None:
        """The twin of a contract, if it has one."""
        return twin_of(contract)

    def execution(
        self, transaction: Transaction, snapshot: Snapshot, block: Block, settings: ProtocolSettings, natives: NativeSet
    ) -> Execution | None:
        """Executes a transaction of declared transfers, if it halts for certain; `snapshot` gets what it writes."""
        calls = calls_in(transaction.script)
        # Before Domovoi a contract at the script's own hash would have a say.
        if not calls or transaction.attributes or not settings.is_enabled(Hardfork.Domovoi, block.index):
            return None
        plan = Plan(snapshot)
        stack: list[StackItem] = []
        try:
            run_calls(
                plan, calls, transaction, snapshot, natives, settings.is_enabled(Hardfork.Faun, block.index), stack
            )
        except Uncertain:
            return None
        factor, price = natives.fee_factors(snapshot, settings, block.index, Trigger.APPLICATION, block)
        gas_pico = plan.units * factor + plan.stored_bytes * price * PICO
        if gas_pico > transaction.system_fee_datoshi * PICO or len(plan.events) > MAX_NOTIFICATIONS:
            return None
        plan.commit()
        return Execution(
            Trigger.APPLICATION, transaction.hash, HALT, -(-gas_pico // PICO), tuple(stack), None, tuple(plan.events)
        )


def run_calls(
    plan: Plan,
    calls: Sequence[TokenCall],
    transaction: Transaction,
    snapshot: Snapshot,
    natives: NativeSet,
    has_fixed_fees: bool,
    stack: list[StackItem],
) -> None:
    """Plans the calls of a transaction's script. Raises Uncertain."""
    is_witness = _witnesses_of(transaction)
    for call in calls:
        contract = contract_of(snapshot, call.contract)
        twin = None if contract is None else twin_of(contract)
        if contract is None or twin is None or natives.is_blocked(snapshot, contract.hash):
            raise Uncertain
        method = contract.manifest.method(call.method, len(call.args))
        if method is None or (has_fixed_fees and natives.whitelisted_fee(snapshot, contract.hash, method) is not None):
            raise Uncertain
        result = twin.plan(plan, method, call.args, is_witness)
        plan.units += call.units
        if call.tail == _ASSERT:
            if result is not True:
                raise Uncertain
        elif call.tail != _DROP:
            stack.append(result)
    if plan.managed:
        check_management(snapshot, natives)


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
        units = _units_without_amount(method, tail) + Opcode(amount[0]).price
        calls.append(TokenCall(UInt160(contract), method.decode(), args, tail, units))
        position = found.end()
    return calls if position == end else None


def _number(pushed: bytes) -> int:
    return pushed[0] - Opcode.PUSH0 if len(pushed) == 1 else integer_of(pushed[1:])


def _witnesses_of(transaction: Transaction) -> IsWitness:
    def is_witness(account: bytes) -> bool:
        for signer in transaction.signers:
            if signer.account == account:
                return is_sure(signer, True)
        raise Uncertain

    return is_witness


@cache
def _units_without_amount(method: bytes, tail: bytes) -> int:
    """What the instructions of a call cost, the service among them, without the one that pushes the amount."""
    from rpcnode.execution.syscalls.table import ROW_OF
    from rpcnode.vm.script_builder import ScriptBuilder

    account = UInt160.ZERO
    args = (account, account, 0, None) if method == b"transfer" else (account, 0)
    script = ScriptBuilder().call(account, method.decode(), args).to_bytes() + tail
    units, position = -Opcode.PUSH0.price, 0
    while position < len(script):
        instruction = read_instruction(script, position)
        units += instruction.opcode.price
        if instruction.opcode is Opcode.SYSCALL:
            units += ROW_OF[int.from_bytes(instruction.data, "little")].price
        position = instruction.next
    return units

"""Scripts that do nothing but move tokens, as chain/transfers.py writes them, read without a machine."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from rpcnode.execution.syscalls.table import ROW_OF
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem, integer_of
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script import read_instruction
from rpcnode.vm.script_builder import syscall_id

MAX_CALLS: Final = 256

Args: TypeAlias = tuple[StackItem, ...]

_PUSH_0: Final = int(Opcode.PUSH0)
_NAMES: Final = {name.encode(): name for name in ("transfer", "mint", "burn")}

# Patterns of instructions, with groups for what differs. Of an id the size is looked at afterwards.
_NULL: Final = rb"\x0b"
_AMOUNT: Final = rb"([\x0f-\x20]|\x00.|\x01..|\x02.{4}|\x03.{8}|\x04.{16}|\x05.{32})"
_ACCOUNT: Final = rb"\x0c\x14(.{20})"
_ID: Final = rb"\x0c(.)(.{1,64}?)"
_TRANSFER: Final = rb"\xc0\x1f\x0c\x08(transfer)"
_MINT_OR_BURN: Final = rb"\xc0\x1f\x0c\x04(mint|burn)"
_CALL: Final = rb"\x0c\x14(.{20})\x41" + re.escape(syscall_id("System.Contract.Call")) + rb"([\x39\x45]?)"


class TokenCall(NamedTuple):
    """A call in a script: `units` is what its instructions cost, `tail` the instruction behind it, if there is one."""

    contract: UInt160
    method: str
    args: Args
    tail: bytes
    units: int


class Transfer(NamedTuple):
    """A script that is one transfer of a fungible token, without data; `tail` and `units` are as in `TokenCall`."""

    contract: UInt160
    sender: bytes
    receiver: bytes
    amount: int
    tail: bytes
    units: int


class NotSo(Exception):
    """What a pattern has found is something else."""


class Form(NamedTuple):
    """How a call is written; `args` makes the arguments of all groups but the last three.

    The group `amount_at` pushes the amount: what that costs is all that differs from call to call.
    """

    pattern: re.Pattern[bytes]
    args: Callable[..., Args]
    amount_at: int | None
    units: dict[tuple[bytes, bytes, int], int]


def _fungible_transfer(amount: bytes, receiver: bytes, sender: bytes) -> Args:
    return sender, receiver, _number(amount), None


def _fungible_supply(amount: bytes, account: bytes) -> Args:
    return account, _number(amount)


def _indivisible_transfer(size: bytes, token_id: bytes, receiver: bytes) -> Args:
    return receiver, _sized(size, token_id), None


def _divisible_transfer(size: bytes, token_id: bytes, amount: bytes, receiver: bytes, sender: bytes) -> Args:
    return sender, receiver, _number(amount), _sized(size, token_id), None


def _nft_supply(size: bytes, token_id: bytes, amount: bytes, account: bytes) -> Args:
    return account, _number(amount), _sized(size, token_id)


def _form(pattern: bytes, args: Callable[..., Args], amount_at: int | None) -> Form:
    return Form(re.compile(pattern + _CALL, re.DOTALL), args, amount_at, {})


FORMS: Final = (
    _form(_NULL + _AMOUNT + _ACCOUNT + _ACCOUNT + rb"\x14" + _TRANSFER, _fungible_transfer, 0),
    _form(_AMOUNT + _ACCOUNT + rb"\x12" + _MINT_OR_BURN, _fungible_supply, 0),
    _form(_NULL + _ID + _ACCOUNT + rb"\x13" + _TRANSFER, _indivisible_transfer, None),
    _form(_NULL + _ID + _AMOUNT + _ACCOUNT + _ACCOUNT + rb"\x15" + _TRANSFER, _divisible_transfer, 2),
    _form(_ID + _AMOUNT + _ACCOUNT + rb"\x13" + _MINT_OR_BURN, _nft_supply, 2),
)
"""Every call of a declared transfer, those of fungible tokens first: there are most of them."""

_END_OF_TRANSFER: Final = re.compile(rb"\x14" + _TRANSFER + _CALL, re.DOTALL)
_PUSH_NULL, _PUSH_ACCOUNT = b"\x0b", b"\x0c\x14"
_AMOUNTS: Final = {
    bytes((opcode,)): (1 + opcode.operand_size, opcode.price)
    for opcode in (Opcode(code) for code in (*range(6), *range(_PUSH_0 - 1, _PUSH_0 + 17)))
}
"""Size and price of an instruction that pushes a number, by its first byte."""


def calls_in(script: bytes) -> list[TokenCall] | None:
    """The calls that a script consists of; None for any other script."""
    calls: list[TokenCall] = []
    position, end = 0, len(script)
    while position < end and len(calls) < MAX_CALLS:
        for form in FORMS:
            found = form.pattern.match(script, position)
            if found is not None:
                break
        else:
            return None
        *pushed, method, contract, tail = found.groups()
        try:
            args = form.args(*pushed)
        except NotSo:
            return None
        shape = method, tail, 0 if form.amount_at is None else pushed[form.amount_at][0]
        units = form.units.get(shape)
        if units is None:
            units = form.units[shape] = units_of(found[0])
        calls.append(TokenCall(UInt160(contract), _NAMES[method], args, tail, units))
        position = found.end()
    return calls if position == end else None


class _End(NamedTuple):
    """What comes after the accounts in a transfer of a fungible token; `units` counts all but pushing the amount."""

    contract: UInt160
    tail: bytes
    units: int


def only_transfer(script: bytes) -> Transfer | None:
    """The transfer of a script that is one transfer of a fungible token, as nearly all are; None for any other."""
    size, price = _AMOUNTS.get(script[1:2]) or (0, 0)
    at = 1 + size
    receiver, sender = script[at + 2 : at + 22], script[at + 24 : at + 44]
    if script[:1] != _PUSH_NULL or script[at : at + 2] != _PUSH_ACCOUNT or script[at + 22 : at + 24] != _PUSH_ACCOUNT:
        return None
    end = _end_of_transfer(script[at + 44 :])
    if end is None or not size:
        return None
    return Transfer(end.contract, sender, receiver, _number(script[1:at]), end.tail, end.units + price)


@lru_cache(maxsize=256)
def _end_of_transfer(end: bytes) -> _End | None:
    """What the end of a transfer says; the same for all transfers of a token."""
    found = _END_OF_TRANSFER.fullmatch(end)
    if found is None:
        return None
    return _End(UInt160(found[2]), found[3], units_of(_PUSH_NULL + 2 * (_PUSH_ACCOUNT + bytes(UInt160.SIZE)) + end))


def _number(pushed: bytes) -> int:
    return pushed[0] - _PUSH_0 if len(pushed) == 1 else integer_of(pushed[1:])


def _sized(size: bytes, token_id: bytes) -> bytes:
    if size[0] != len(token_id):
        raise NotSo
    return token_id


def units_of(instructions: bytes) -> int:
    """What instructions cost that are executed one after the other, and the services that they call."""
    units = position = 0
    while position < len(instructions):
        instruction = read_instruction(instructions, position)
        units += instruction.opcode.price
        if instruction.opcode is Opcode.SYSCALL:
            units += ROW_OF[int.from_bytes(instruction.data, "little")].price
        position = instruction.next
    return units

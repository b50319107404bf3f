"""Which function each opcode is, now and before earlier hardforks.

The function of NAME is `op_name`; opcodes that differ in the size of their operand only, or hold what others have as an
operand, share one. Source of the hardforks: neo, SmartContract/ApplicationEngine: jump tables.
"""

from types import UnionType
from typing import Final

from rpcnode.primitives.errors import VmFault
from rpcnode.vm import ops_compound, ops_flow, ops_stack, ops_values
from rpcnode.vm.code import JumpTable, Operation
from rpcnode.vm.conversions import pop, pop_key, to_int32
from rpcnode.vm.faults import INT32_MAX
from rpcnode.vm.items import Array, Buffer, key_of, primitive_of
from rpcnode.vm.machine import Frame
from rpcnode.vm.opcode import Opcode, opcodes

MODULES: Final = (ops_stack, ops_flow, ops_values, ops_compound)

MAX_DOTNET_ARRAY: Final = 0x7FFFFFC7  # bytes; before Echidna a longer buffer fails in .NET's words

SHARED: Final[dict[Opcode, str]] = {
    **dict.fromkeys(opcodes(Opcode.PUSHINT8, Opcode.PUSHF), "push"),
    **dict.fromkeys(opcodes(Opcode.PUSHM1, Opcode.PUSH16), "push"),
    Opcode.PUSHNULL: "push",
    **dict.fromkeys(opcodes(Opcode.PUSHDATA1, Opcode.PUSHDATA4), "pushdata"),
    **{Opcode.NIP: "xdrop", Opcode.OVER: "pick", Opcode.ROT: "roll"},
    **dict.fromkeys((Opcode.REVERSE3, Opcode.REVERSE4, Opcode.REVERSEN), "reverse"),
    **{opcode: opcode.name.lower().removesuffix("_l") for opcode in Opcode if opcode.name.endswith("_L")},
    **{opcode: opcode.name.lower().rstrip("0123456") for opcode in opcodes(Opcode.LDSFLD0, Opcode.STARG)},
}
"""The name of the function of each opcode that shares one."""


def _latest() -> JumpTable:
    functions = {name: function for module in MODULES for name, function in vars(module).items()}
    return {opcode: functions[f"op_{SHARED.get(opcode, opcode.name.lower())}"] for opcode in Opcode}


def op_haskey_before_gorgon(frame: Frame, operand: None) -> None:
    """HASKEY without an upper end for indices but that of 32 bits."""
    index = int32_index(frame, 0, Array | Buffer | bytes)  # CHECK
    if index is None or 0 <= index < frame.engine.limits.max_item_size:
        ops_compound.op_haskey(frame, operand)
        return
    if index < 0:
        raise VmFault(f"The negative index {index} is invalid for OpCode HASKEY.")
    pop_key(frame)  # POP
    pop(frame)
    frame.stack.append(False)  # PUSH


def op_substr_before_echidna(frame: Frame, operand: None) -> None:
    """SUBSTR whose end overflows unseen: what fails then is the new buffer, or the cut."""
    stack = frame.stack
    if len(stack) > 2 and isinstance(stack[-3], int | bytes | Buffer):  # CHECK
        index, count = (number if type(number) is int else -1 for number in stack[-2:])
        if 0 <= index <= INT32_MAX and 0 <= count <= INT32_MAX < index + count:
            if count > MAX_DOTNET_ARRAY:
                raise VmFault("Array dimensions exceeded supported range.")
            raise VmFault("Specified argument was out of the range of valid values.")
    ops_values.op_substr(frame, operand)


def op_setitem_before_gorgon(frame: Frame, operand: None) -> None:
    """SETITEM with indices and bytes of 32 bits; a buffer takes what a negative byte wraps to."""
    stack, index = frame.stack, int32_index(frame, 1, Array | Buffer)  # CHECK
    buffer = stack[-3] if index is not None else None
    if isinstance(buffer, Buffer) and index in range(len(buffer)) and isinstance(stack[-1], int | bytes):
        byte = to_int32(stack[-1])
        stack[-1] = byte % 256 if -128 <= byte < 0 else byte
    ops_compound.op_setitem(frame, operand)


def with_int32_index(operation: Operation, indexed: UnionType | type[Array]) -> Operation:
    """PICKITEM or REMOVE with an index past 32 bits as a fault that nothing catches."""

    def before_gorgon(frame: Frame, operand: None) -> None:
        int32_index(frame, 0, indexed)  # CHECK
        operation(frame, operand)

    return before_gorgon


def unless_by_zero(shift: Operation) -> Operation:
    """SHL or SHR that leaves what it would shift by 0 bits as it is, and does not even look whether it is there."""

    def before_gorgon(frame: Frame, operand: None) -> None:
        if frame.stack and to_int32(frame.stack[-1]) == 0:  # CHECK
            frame.stack.pop()
        else:
            shift(frame, operand)

    return before_gorgon


def int32_index(frame: Frame, depth: int, indexed: UnionType | type[Array]) -> int | None:
    """The index so far below the top, None where nothing indexed is below it. Raises VmFault past 32 bits."""
    stack = frame.stack
    if len(stack) < depth + 2 or not isinstance(stack[-2 - depth], indexed):
        return None
    return to_int32(primitive_of(key_of(stack[-1 - depth])))


LATEST: Final = _latest()
BEFORE_GORGON: Final[JumpTable] = {
    **LATEST,
    Opcode.HASKEY: op_haskey_before_gorgon,
    Opcode.PICKITEM: with_int32_index(LATEST[Opcode.PICKITEM], Array | Buffer | int | bytes),
    Opcode.SETITEM: op_setitem_before_gorgon,
    Opcode.REMOVE: with_int32_index(LATEST[Opcode.REMOVE], Array),
    Opcode.SHL: unless_by_zero(LATEST[Opcode.SHL]),
    Opcode.SHR: unless_by_zero(LATEST[Opcode.SHR]),
}

BEFORE_ECHIDNA: Final[JumpTable] = {**BEFORE_GORGON, Opcode.SUBSTR: op_substr_before_echidna}

"""Which function each opcode is, now and before earlier hardforks.

The function of NAME is `op_name`; opcodes that differ in the size of their operand only, or hold what others have as an
operand, share one. Source of the hardforks: neo, SmartContract/ApplicationEngine: jump tables.
"""

from typing import Final

from rpcnode.vm import ops_compound, ops_flow, ops_stack, ops_values
from rpcnode.vm.code import JumpTable, Operation
from rpcnode.vm.conversions import pop, pop_key, to_int32
from rpcnode.vm.faults import invalid_for
from rpcnode.vm.frame import Frame
from rpcnode.vm.items import Array, Buffer, Map, key_of, primitive_of, type_of
from rpcnode.vm.opcode import Opcode, opcodes

MODULES: Final = (ops_stack, ops_flow, ops_values, ops_compound)

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
    index = int32_index(frame, 0)  # CHECK
    if index is None or index < frame.engine.limits.max_item_size:
        ops_compound.op_haskey(frame, operand)
        return
    pop_key(frame)  # POP
    item = pop(frame)
    if not isinstance(item, Array | Buffer | bytes):  # CHECK
        raise invalid_for("HASKEY", type_of(item).name)
    frame.stack.append(False)  # PUSH


def with_int32_index(operation: Operation, depth: int) -> Operation:
    """PICKITEM or SETITEM with an index past 32 bits, so far below the top, as a fault that nothing catches."""

    def before_gorgon(frame: Frame, operand: None) -> None:
        int32_index(frame, depth)  # CHECK
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


def int32_index(frame: Frame, depth: int) -> int | None:
    """The index so far below the top, None where what is below it is a map. Raises VmFault past 32 bits."""
    stack = frame.stack
    if len(stack) < depth + 2 or isinstance(stack[-2 - depth], Map):
        return None
    return to_int32(primitive_of(key_of(stack[-1 - depth])))


LATEST: Final = _latest()
BEFORE_GORGON: Final[JumpTable] = {
    **LATEST,
    Opcode.HASKEY: op_haskey_before_gorgon,
    Opcode.PICKITEM: with_int32_index(LATEST[Opcode.PICKITEM], 0),
    Opcode.SETITEM: with_int32_index(LATEST[Opcode.SETITEM], 1),
    Opcode.SHL: unless_by_zero(LATEST[Opcode.SHL]),
    Opcode.SHR: unless_by_zero(LATEST[Opcode.SHR]),
}

JUMP_TABLES: Final[dict[str, JumpTable]] = {"": BEFORE_GORGON, "HF_Gorgon": LATEST}
"""The table that holds from each hardfork on; SUBSTR before HF_Echidna differs in how it fails, not in when."""

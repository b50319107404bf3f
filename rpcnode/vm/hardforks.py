"""Operations as they were before a hardfork changed them. Source: neo, SmartContract/ApplicationEngine: jump tables."""

from typing import Final

from rpcnode.vm.code import Operation
from rpcnode.vm.conversions import pop, pop_key, to_int32
from rpcnode.vm.faults import invalid_for
from rpcnode.vm.frame import Frame
from rpcnode.vm.items import Array, Buffer, Map, key_of, primitive_of, type_of
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.ops_compound import op_haskey
from rpcnode.vm.ops_items import op_pickitem, op_setitem
from rpcnode.vm.ops_numeric import op_shl, op_shr


def op_haskey_before_gorgon(frame: Frame, operand: None) -> None:
    """HASKEY without an upper end for indices but that of 32 bits."""
    # CHECK
    index = int32_index(frame, 0)
    if index is None or index < frame.engine.limits.max_item_size:
        op_haskey(frame, operand)
        return
    # POP
    pop_key(frame)
    value = pop(frame)
    # PUSH
    if not isinstance(value, Array | Buffer | bytes):
        raise invalid_for("HASKEY", type_of(value).name)
    frame.stack.append(False)


def with_int32_index(operation: Operation, depth: int) -> Operation:
    """PICKITEM or SETITEM with an index past 32 bits, so far below the top, as a fault that nothing catches."""

    def before_gorgon(frame: Frame, operand: None) -> None:
        # CHECK
        int32_index(frame, depth)
        operation(frame, operand)

    return before_gorgon


def unless_by_zero(shift: Operation) -> Operation:
    """SHL or SHR that leaves what it would shift by 0 bits as it is, and does not even look whether it is there."""

    def before_gorgon(frame: Frame, operand: None) -> None:
        # CHECK
        if frame.stack and to_int32(frame.stack[-1]) == 0:
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


BEFORE_GORGON: Final[dict[Opcode, Operation]] = {
    Opcode.HASKEY: op_haskey_before_gorgon,
    Opcode.PICKITEM: with_int32_index(op_pickitem, 0),
    Opcode.SETITEM: with_int32_index(op_setitem, 1),
    Opcode.SHL: unless_by_zero(op_shl),
    Opcode.SHR: unless_by_zero(op_shr),
}

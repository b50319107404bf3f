"""Operations as they were before a hardfork changed them. Source: neo, SmartContract/ApplicationEngine: jump tables."""

from typing import Final

from rpcnode.vm.code import Operation
from rpcnode.vm.conversions import pop, pop_key, to_int32
from rpcnode.vm.faults import invalid_for
from rpcnode.vm.frame import Frame
from rpcnode.vm.items import Buffer
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.ops_compound import op_haskey
from rpcnode.vm.ops_items import op_pickitem, op_setitem
from rpcnode.vm.ops_numeric import op_shl, op_shr
from rpcnode.vm.values import VmArray, VmMap, key_of, primitive_of, type_name


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
    if not isinstance(value, VmArray | Buffer | bytes):
        raise invalid_for("HASKEY", type_name(value))
    frame.stack.append(False)


def op_pickitem_before_gorgon(frame: Frame, operand: None) -> None:
    """PICKITEM with an index past 32 bits as a fault that nothing catches."""
    # CHECK
    int32_index(frame, 0)
    op_pickitem(frame, operand)


def op_setitem_before_gorgon(frame: Frame, operand: None) -> bool:
    """SETITEM with an index past 32 bits as a fault that nothing catches."""
    # CHECK
    int32_index(frame, 1)
    return op_setitem(frame, operand)


def op_shl_before_gorgon(frame: Frame, operand: None) -> None:
    """SHL that leaves what it would shift by 0 bits as it is, and does not even look whether it is there."""
    # CHECK
    if not shifts_nothing(frame):
        op_shl(frame, operand)


def op_shr_before_gorgon(frame: Frame, operand: None) -> None:
    """SHR that leaves what it would shift by 0 bits as it is, and does not even look whether it is there."""
    # CHECK
    if not shifts_nothing(frame):
        op_shr(frame, operand)


def int32_index(frame: Frame, depth: int) -> int | None:
    """The index so far below the top, None where what is below it is a map. Raises VmFault past 32 bits."""
    stack = frame.stack
    if len(stack) < depth + 2 or isinstance(stack[-2 - depth], VmMap):
        return None
    return to_int32(primitive_of(key_of(stack[-1 - depth])))


def shifts_nothing(frame: Frame) -> bool:
    """Take the shift off the stack if it is 0."""
    if not frame.stack or to_int32(frame.stack[-1]) != 0:
        return False
    frame.stack.pop()
    return True


BEFORE_GORGON: Final[dict[Opcode, Operation]] = {
    Opcode.HASKEY: op_haskey_before_gorgon,
    Opcode.PICKITEM: op_pickitem_before_gorgon,
    Opcode.SETITEM: op_setitem_before_gorgon,
    Opcode.SHL: op_shl_before_gorgon,
    Opcode.SHR: op_shr_before_gorgon,
}

"""Constants, and what type a value is. Source of all: neo-vm, JumpTable.Push and JumpTable.Types."""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import check_item_size, convert, pop, push
from rpcnode.vm.frame import Frame
from rpcnode.vm.items import TYPE_CODES, TYPES, Pointer, StackItem, StackItemType


def op_push(frame: Frame, value: StackItem) -> None:
    """Push the constant that the instruction is or holds."""
    # PUSH
    frame.stack.append(value)


def op_pushdata(frame: Frame, data: bytes) -> None:
    """Push the bytes of the operand."""
    # CHECK
    check_item_size(frame, len(data))
    # PUSH
    frame.stack.append(data)


def op_pusha(frame: Frame, pointer: Pointer) -> None:
    """Push a position of the script, which CALLA takes."""
    # CHECK
    if not 0 <= pointer.position <= len(frame.script):
        raise VmFault(f"Bad pointer address(Instruction instruction) {pointer.position}")
    # PUSH
    frame.stack.append(pointer)


def op_isnull(frame: Frame, operand: None) -> None:
    """Push whether the top is Null."""
    # POP
    value = pop(frame)
    # PUSH
    frame.stack.append(value is None)


def op_istype(frame: Frame, kind: int) -> None:
    """Push whether the top is of a type."""
    # POP
    value = pop(frame)
    # CHECK
    if kind == StackItemType.Any or kind not in TYPE_CODES:
        raise VmFault(f"Invalid type: {StackItemType(kind).name if kind in TYPE_CODES else kind}")
    # PUSH
    frame.stack.append(TYPES[type(value)] == kind)


def op_convert(frame: Frame, kind: int) -> None:
    """Push the top as another type."""
    # POP
    value = pop(frame)
    # PUSH
    push(frame, convert(value, kind))

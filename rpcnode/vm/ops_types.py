"""Types. Source of all: neo-vm, JumpTable.Types."""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import convert, pop, push
from rpcnode.vm.frame import Frame
from rpcnode.vm.items import StackItemType
from rpcnode.vm.values import TYPE_CODES, TYPES, VmArray


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


def op_convert(frame: Frame, kind: int) -> bool:
    """Push the top as another type."""
    # POP
    value = pop(frame)
    # PUSH
    push(frame, convert(value, kind))
    return isinstance(value, VmArray)

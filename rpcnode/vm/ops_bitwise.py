"""Bits, and equality. Source of all: neo-vm, JumpTable.Bitwisee."""

import operator

from rpcnode.vm.conversions import pop
from rpcnode.vm.equality import equals
from rpcnode.vm.frame import Frame
from rpcnode.vm.ops_numeric import binary, unary

op_invert = unary(operator.invert)
op_and = binary(operator.and_)
op_or = binary(operator.or_)
op_xor = binary(operator.xor)


def op_equal(frame: Frame, operand: None) -> None:
    """Push whether two items are equal: type and value, or identity where they have one."""
    # POP
    right, left = pop(frame), pop(frame)
    # PUSH
    frame.stack.append(equals(left, right, frame.engine.limits))


def op_notequal(frame: Frame, operand: None) -> None:
    """Push whether two items are not equal."""
    # POP
    right, left = pop(frame), pop(frame)
    # PUSH
    frame.stack.append(not equals(left, right, frame.engine.limits))

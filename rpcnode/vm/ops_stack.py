"""The stack itself; its top is its last item. Source of all: neo-vm, JumpTable.Stack."""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import pop, pop_int32, push
from rpcnode.vm.faults import peek_underflow, underflow
from rpcnode.vm.frame import Frame
from rpcnode.vm.values import Compound, Value


def op_depth(frame: Frame, operand: None) -> None:
    """Push how many items there are."""
    # PUSH
    frame.stack.append(len(frame.stack))


def op_drop(frame: Frame, operand: None) -> None:
    """Remove the top."""
    # POP
    pop(frame)


def op_nip(frame: Frame, operand: None) -> None:
    """Remove the item below the top."""
    # POP
    remove(frame, 1)


def op_xdrop(frame: Frame, operand: None) -> None:
    """Remove the item `depth` below the top."""
    # POP
    depth = not_negative("XDROP", pop_int32(frame))
    remove(frame, depth)


def op_clear(frame: Frame, operand: None) -> None:
    """Remove all items."""
    # POP
    stack = frame.stack
    frame.counter.base += len(stack)
    for value in stack:
        frame.counter.remove(value)
    stack.clear()


def op_dup(frame: Frame, operand: None) -> None:
    """Push the top once more."""
    stack = frame.stack
    # CHECK
    if not stack:
        raise peek_underflow(0, 0)
    # PUSH
    value = stack[-1]
    stack.append(value)
    if type(value) is not int and isinstance(value, Compound):
        frame.counter.pushed(value)


def op_over(frame: Frame, operand: None) -> None:
    """Push the item below the top once more."""
    # CHECK
    value = peek(frame, 1)
    # PUSH
    push(frame, value)


def op_pick(frame: Frame, operand: None) -> None:
    """Push the item `depth` below the top once more."""
    # POP
    depth = not_negative("PICK", pop_int32(frame))
    # CHECK
    value = peek(frame, depth)
    # PUSH
    push(frame, value)


def op_tuck(frame: Frame, operand: None) -> None:
    """Put the top once more below the item below it."""
    stack = frame.stack
    # CHECK
    value = peek(frame, 0)
    if len(stack) < 2:
        raise VmFault(f"Insert index is out of stack bounds: 2/{len(stack)}")
    # PUSH
    stack.insert(-2, value)
    if isinstance(value, Compound):
        frame.counter.pushed(value)


def op_swap(frame: Frame, operand: None) -> None:
    """Exchange the two top items."""
    stack = frame.stack
    # CHECK
    if len(stack) < 2:
        raise VmFault(
            "Specified argument was out of the range of valid values. "
            f"(Parameter 'Swap index is out of stack bounds: 1/{len(stack)}')"
        )
    # PUSH
    stack[-1], stack[-2] = stack[-2], stack[-1]


def op_rot(frame: Frame, operand: None) -> None:
    """Bring the third item to the top."""
    # PUSH
    roll(frame, 2)


def op_roll(frame: Frame, operand: None) -> None:
    """Bring the item `depth` below the top to the top."""
    # POP
    depth = pop_int32(frame)
    # PUSH
    roll(frame, depth)


def op_reverse3(frame: Frame, operand: None) -> None:
    """Reverse the order of the three top items."""
    # PUSH
    reverse(frame, 3)


def op_reverse4(frame: Frame, operand: None) -> None:
    """Reverse the order of the four top items."""
    # PUSH
    reverse(frame, 4)


def op_reversen(frame: Frame, operand: None) -> None:
    """Reverse the order of the `count` top items."""
    # POP
    count = pop_int32(frame)
    # PUSH
    reverse(frame, count)


def not_negative(opcode: str, depth: int) -> int:
    """The same depth. Raises VmFault for one below zero."""
    if depth < 0:
        raise VmFault(f"The negative value {depth} is invalid for OpCode.{opcode}.")
    return depth


def peek(frame: Frame, depth: int) -> Value:
    """The item so far below the top."""
    if depth >= len(frame.stack):
        raise peek_underflow(depth, len(frame.stack))
    return frame.stack[-1 - depth]


def remove(frame: Frame, depth: int) -> None:
    """Take out the item so far below the top."""
    stack = frame.stack
    if depth >= len(stack):
        raise underflow(depth, len(stack))
    value = stack.pop(-1 - depth)
    if isinstance(value, Compound):
        frame.counter.popped(value)


def roll(frame: Frame, depth: int) -> None:
    """Bring an item to the top."""
    stack = frame.stack
    if not 0 <= depth < len(stack):
        raise underflow(depth, len(stack))
    stack.append(stack.pop(-1 - depth))


def reverse(frame: Frame, count: int) -> None:
    """Reverse the order of the top items."""
    stack = frame.stack
    if not 0 <= count <= len(stack):
        raise VmFault(f"Out of stack bounds: {count}/{len(stack)} (Parameter 'n')")
    if count > 1:
        stack[-count:] = stack[: -count - 1 : -1]

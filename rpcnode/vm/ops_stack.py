"""The stack itself; its top is its last item. Source of all: neo-vm, JumpTable.Stack."""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import pop_int32, push
from rpcnode.vm.faults import peek_underflow, underflow
from rpcnode.vm.frame import Frame
from rpcnode.vm.items import Compound, StackItem


def op_depth(frame: Frame, operand: None) -> None:
    """Push how many items there are."""
    # PUSH
    frame.stack.append(len(frame.stack))


def op_drop(frame: Frame, operand: None) -> None:
    """Remove the top."""
    # POP
    value = frame.stack.pop()
    if type(value) is not int and isinstance(value, Compound):
        frame.counter.popped(value)


def op_xdrop(frame: Frame, depth: int | None) -> None:
    """Remove the item `depth` below the top: for NIP the next one, for XDROP as the top says."""
    stack = frame.stack
    # POP
    depth = pop_depth(frame, "XDROP") if depth is None else depth
    # CHECK
    if depth >= len(stack):
        raise underflow(depth, len(stack))
    # POP
    value = stack.pop(-1 - depth)
    if isinstance(value, Compound):
        frame.counter.popped(value)


def op_clear(frame: Frame, operand: None) -> None:
    """Remove all items."""
    # POP
    values = frame.stack.copy()
    frame.stack.clear()
    frame.counter.base += len(values)  # the shorter stack must not show
    frame.counter.remove_all(values)


def op_dup(frame: Frame, operand: None) -> None:
    """Push the top once more."""
    # CHECK
    try:
        value = frame.stack[-1]
    except IndexError:
        raise peek_underflow(0, 0) from None
    # PUSH
    frame.stack.append(value)
    if type(value) is not int and isinstance(value, Compound):
        frame.counter.pushed(value)


def op_pick(frame: Frame, depth: int | None) -> None:
    """Push the item `depth` below the top once more: for OVER the next one, for PICK as the top says."""
    # POP
    depth = pop_depth(frame, "PICK") if depth is None else depth
    # PUSH
    push(frame, peek(frame, depth))


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


def op_roll(frame: Frame, depth: int | None) -> None:
    """Bring the item `depth` below the top to the top: for ROT the third, for ROLL as the top says."""
    stack = frame.stack
    # POP
    depth = pop_int32(frame) if depth is None else depth
    # CHECK
    if not 0 <= depth < len(stack):
        raise underflow(depth, len(stack))
    # PUSH
    stack.append(stack.pop(-1 - depth))


def op_reverse(frame: Frame, count: int | None) -> None:
    """Reverse the order of the top items: for REVERSE3 three, for REVERSE4 four, for REVERSEN as the top says."""
    stack = frame.stack
    # POP
    count = pop_int32(frame) if count is None else count
    # CHECK
    if not 0 <= count <= len(stack):
        raise VmFault(f"Out of stack bounds: {count}/{len(stack)} (Parameter 'n')")
    # PUSH
    if count > 1:
        stack[-count:] = stack[: -count - 1 : -1]


def pop_depth(frame: Frame, opcode: str) -> int:
    """Take the top of the stack as a depth, which is not below zero."""
    depth = pop_int32(frame)
    if depth < 0:
        raise VmFault(f"The negative value {depth} is invalid for OpCode.{opcode}.")
    return depth


def peek(frame: Frame, depth: int) -> StackItem:
    """The item so far below the top."""
    if depth >= len(frame.stack):
        raise peek_underflow(depth, len(frame.stack))
    return frame.stack[-1 - depth]

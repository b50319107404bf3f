"""Constants, the stack, static fields, local variables, arguments.

The stack's top is its last item. A slot that was not initialized is empty. What runs most often looks for a number
before it looks for a compound: most items are numbers. Source of all: neo-vm, JumpTable.Push, .Stack and .Slot.
"""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import Operation
from rpcnode.vm.conversions import check_item_size, pop_int32, push
from rpcnode.vm.faults import out_of_range, underflow
from rpcnode.vm.items import Compound, Pointer, StackItem
from rpcnode.vm.machine import ARGUMENTS, STATICS, Frame


def op_push(frame: Frame, item: StackItem) -> None:
    """Push the constant that the instruction is or holds."""
    frame.stack.append(item)  # PUSH


def op_pushdata(frame: Frame, data: bytes) -> None:
    """Push the bytes of the operand."""
    check_item_size(frame, len(data))  # CHECK
    frame.stack.append(data)  # PUSH


def op_pusha(frame: Frame, position: int) -> None:
    """Push a position of the script, which CALLA takes."""
    if not 0 <= position <= len(frame.script):  # CHECK
        raise VmFault(f"Bad pointer address(Instruction instruction) {position}")
    frame.stack.append(Pointer(position, frame.shared))  # PUSH


def op_depth(frame: Frame, operand: None) -> None:
    """Push how many items there are."""
    frame.stack.append(len(frame.stack))  # PUSH


def op_drop(frame: Frame, operand: None) -> None:
    """Remove the top."""
    item = frame.stack.pop()  # POP
    if type(item) is not int and isinstance(item, Compound):
        frame.counter.popped(item)


def op_xdrop(frame: Frame, depth: int | None) -> None:
    """Remove the item `depth` below the top: for NIP the next one, for XDROP as the top says."""
    depth = pop_depth(frame, "XDROP") if depth is None else depth  # POP
    if depth >= len(frame.stack):  # CHECK
        raise underflow(depth, len(frame.stack))
    item = frame.stack.pop(-1 - depth)  # POP
    if isinstance(item, Compound):
        frame.counter.popped(item)


def op_clear(frame: Frame, operand: None) -> None:
    """Remove all items."""
    items = frame.stack.copy()  # POP
    frame.stack.clear()
    frame.counter.base += len(items)  # the shorter stack must not show
    frame.counter.remove_all(items)


def op_dup(frame: Frame, operand: None) -> None:
    """Push the top once more."""
    stack = frame.stack
    item = stack[-1] if stack else peek(frame, 0)  # CHECK
    stack.append(item)  # PUSH
    if type(item) is not int and isinstance(item, Compound):
        frame.counter.pushed(item)


def op_pick(frame: Frame, depth: int | None) -> None:
    """Push the item `depth` below the top once more: for OVER the next one, for PICK as the top says."""
    depth = pop_depth(frame, "PICK") if depth is None else depth  # POP
    push(frame, peek(frame, depth))  # CHECK, PUSH


def op_tuck(frame: Frame, operand: None) -> None:
    """Put the top once more below the item below it."""
    item = peek(frame, 0)  # CHECK
    if len(frame.stack) < 2:
        raise VmFault(f"Insert index is out of stack bounds: 2/{len(frame.stack)}")
    frame.stack.insert(-2, item)  # PUSH
    if isinstance(item, Compound):
        frame.counter.pushed(item)


def op_swap(frame: Frame, operand: None) -> None:
    """Exchange the two top items."""
    stack = frame.stack
    if len(stack) < 2:  # CHECK
        raise out_of_range(f"Swap index is out of stack bounds: 1/{len(stack)}")
    stack[-1], stack[-2] = stack[-2], stack[-1]  # PUSH


def op_roll(frame: Frame, depth: int | None) -> None:
    """Bring the item `depth` below the top to the top: for ROT the third, for ROLL as the top says."""
    stack = frame.stack
    if depth is None:
        depth = pop_depth(frame, "ROLL")  # POP
        if depth >= len(stack) and depth > 0:  # CHECK; neo-vm quirk: 0 needs no item
            raise underflow(depth, len(stack))
    elif depth >= len(stack):
        raise out_of_range(f"Swap index is out of stack bounds: {depth}/{len(stack)}")
    if depth:
        stack.append(stack.pop(-1 - depth))  # PUSH


def op_reverse(frame: Frame, count: int | None) -> None:
    """Reverse the order of the top items: for REVERSE3 three, for REVERSE4 four, for REVERSEN as the top says."""
    stack = frame.stack
    count = pop_int32(frame) if count is None else count  # POP
    if not 0 <= count <= len(stack):  # CHECK
        raise VmFault(f"Out of stack bounds: {count}/{len(stack)} (Parameter 'n')")
    below = len(stack) - count
    if count > below:  # PUSH; copies the fewer items
        stack.reverse()
        rest = stack[count:]
        del stack[count:]
        rest.reverse()
        stack[:0] = rest
    else:
        items = stack[below:]
        items.reverse()
        stack[below:] = items


def pop_depth(frame: Frame, opcode: str) -> int:
    """Take the top of the stack as a depth, which is not below zero."""
    depth = pop_int32(frame)
    if depth < 0:
        raise VmFault(f"The negative value {depth} is invalid for OpCode.{opcode}.")
    return depth


def peek(frame: Frame, depth: int) -> StackItem:
    """The item so far below the top."""
    if depth >= len(frame.stack):
        raise VmFault(f"Peek index is out of stack bounds: {depth}/{len(frame.stack)}")
    return frame.stack[-1 - depth]


def op_initsslot(frame: Frame, count: int) -> None:
    """Make `count` static fields."""
    statics = frame.slots[STATICS]
    if statics:  # CHECK
        raise VmFault("INITSSLOT cannot be executed twice.")
    if count == 0:
        raise VmFault("The operand 0 is invalid for OpCode.INITSSLOT.")
    statics += [None] * count  # PUT
    frame.counter.base += count


def op_initslot(frame: Frame, counts: tuple[int, int]) -> None:
    """Make local variables, and arguments from the top of the stack."""
    stack, (statics, variables, arguments) = frame.stack, frame.slots
    local_count, argument_count = counts
    if variables or arguments:  # CHECK
        raise VmFault("INITSLOT cannot be executed twice.")
    if local_count == argument_count == 0:
        raise VmFault("The operand 0 is invalid for OpCode.INITSLOT.")
    if argument_count > len(stack):
        raise underflow(0, 0)
    if argument_count:
        arguments = stack[-argument_count:]  # POP
        arguments.reverse()
        del stack[-argument_count:]
    frame.locals = [None] * local_count  # PUT
    frame.slots = (statics, frame.locals, arguments)
    frame.counter.base += local_count + argument_count


def loading(which: int) -> Operation:
    """Push what a slot holds at an index."""

    def operation(frame: Frame, index: int) -> None:
        try:  # CHECK
            item = frame.slots[which][index]
        except IndexError:
            raise no_slot(frame.slots[which], index, "loading from") from None
        frame.stack.append(item)  # PUSH
        if type(item) is not int and isinstance(item, Compound):
            frame.counter.pushed(item)

    return operation


def storing(which: int) -> Operation:
    """Pop into a slot at an index."""

    def operation(frame: Frame, index: int) -> None:
        slot = frame.slots[which]
        try:  # CHECK
            old = slot[index]
        except IndexError:
            raise no_slot(slot, index, "storing to") from None
        slot[index] = frame.stack.pop()  # POP, PUT
        if type(old) is not int and isinstance(old, Compound):
            frame.counter.popped(old)

    return operation


op_ldsfld = loading(STATICS)
op_ldarg = loading(ARGUMENTS)
op_stsfld = storing(STATICS)
op_starg = storing(ARGUMENTS)


def op_ldloc(frame: Frame, index: int) -> None:
    """Push a local variable: as above, written out because nothing is executed more often."""
    try:  # CHECK
        item = frame.locals[index]
    except IndexError:
        raise no_slot(frame.locals, index, "loading from") from None
    frame.stack.append(item)  # PUSH
    if type(item) is not int and isinstance(item, Compound):
        frame.counter.pushed(item)


def op_stloc(frame: Frame, index: int) -> None:
    """Pop into a local variable."""
    slot = frame.locals
    try:  # CHECK
        old = slot[index]
    except IndexError:
        raise no_slot(slot, index, "storing to") from None
    slot[index] = frame.stack.pop()  # POP, PUT
    if type(old) is not int and isinstance(old, Compound):
        frame.counter.popped(old)


def no_slot(slot: list[StackItem], index: int, doing: str) -> VmFault:
    """What is raised where a slot has nothing at an index, or was not initialized."""
    bounds = f"Index out of range when {doing} slot: {index}, {index}/[0, {len(slot)})."
    return VmFault(bounds if slot else "Slot has not been initialized.")

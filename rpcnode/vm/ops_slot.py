"""Static fields, local variables and arguments. Source of all: neo-vm, JumpTable.Slot.

A slot that was not initialized is empty. Loads and stores look for a number before they look for a compound: most are.
"""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import Operation
from rpcnode.vm.faults import underflow
from rpcnode.vm.frame import ARGUMENTS, STATICS, Frame
from rpcnode.vm.items import Compound, StackItem


def op_initsslot(frame: Frame, count: int) -> None:
    """Make `count` static fields."""
    statics = frame.slots[STATICS]
    # CHECK
    if statics:
        raise VmFault("INITSSLOT cannot be executed twice.")
    if count == 0:
        raise VmFault("The operand 0 is invalid for OpCode.INITSSLOT.")
    # SLOT
    statics += [None] * count
    frame.counter.base += count


def op_initslot(frame: Frame, counts: tuple[int, int]) -> None:
    """Make local variables, and arguments from the top of the stack."""
    stack, (_, variables, arguments) = frame.stack, frame.slots
    local_count, argument_count = counts
    # CHECK
    if variables or arguments:
        raise VmFault("INITSLOT cannot be executed twice.")
    if local_count == argument_count == 0:
        raise VmFault("The operand 0 is invalid for OpCode.INITSLOT.")
    # POP
    if argument_count > len(stack):
        raise underflow(0, 0)
    for _ in range(argument_count):
        arguments.append(stack.pop())
    # SLOT
    variables += [None] * local_count
    frame.counter.base += local_count + argument_count


def loading(which: int) -> Operation:
    """Push what a slot holds at an index."""

    def operation(frame: Frame, index: int) -> None:
        # CHECK
        try:
            value = frame.slots[which][index]
        except IndexError:
            raise no_load(frame.slots[which], index) from None
        # PUSH
        frame.stack.append(value)
        if type(value) is not int and isinstance(value, Compound):
            frame.counter.pushed(value)

    return operation


def storing(which: int) -> Operation:
    """Pop into a slot at an index."""

    def operation(frame: Frame, index: int) -> None:
        slot = frame.slots[which]
        # CHECK
        try:
            old = slot[index]
        except IndexError:
            raise no_store(slot, index) from None
        # POP
        slot[index] = frame.stack.pop()
        if type(old) is not int and isinstance(old, Compound):
            frame.counter.popped(old)

    return operation


op_ldsfld = loading(STATICS)
op_ldarg = loading(ARGUMENTS)
op_stsfld = storing(STATICS)
op_starg = storing(ARGUMENTS)


def op_ldloc(frame: Frame, index: int) -> None:
    """Push a local variable: as above, written out because nothing is executed more often."""
    # CHECK
    try:
        value = frame.locals[index]
    except IndexError:
        raise no_load(frame.locals, index) from None
    # PUSH
    frame.stack.append(value)
    if type(value) is not int and isinstance(value, Compound):
        frame.counter.pushed(value)


def op_stloc(frame: Frame, index: int) -> None:
    """Pop into a local variable."""
    slot = frame.locals
    # CHECK
    try:
        old = slot[index]
    except IndexError:
        raise no_store(slot, index) from None
    # POP
    slot[index] = frame.stack.pop()
    if type(old) is not int and isinstance(old, Compound):
        frame.counter.popped(old)


def no_load(slot: list[StackItem], index: int) -> VmFault:
    """What a load from where nothing is raises."""
    if not slot:
        return VmFault("Slot has not been initialized.")
    return VmFault(f"Index out of range when loading from slot: {index}, {index}/[0, {len(slot)}).")


def no_store(slot: list[StackItem], index: int) -> VmFault:
    """What a store to where nothing is raises."""
    if not slot:
        return VmFault("Slot has not been initialized.")
    return underflow(index, len(slot))

"""Static fields, local variables and arguments. Source of all: neo-vm, JumpTable.Slot.

A slot that was not initialized is empty. Loads and stores look for a number before they look for a compound: most are.
"""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.faults import underflow
from rpcnode.vm.frame import Frame
from rpcnode.vm.values import Compound, Value


def op_initsslot(frame: Frame, count: int) -> bool:
    """Make `count` static fields."""
    # CHECK
    if frame.shared.statics:
        raise VmFault("INITSSLOT cannot be executed twice.")
    if count == 0:
        raise VmFault("The operand 0 is invalid for OpCode.INITSSLOT.")
    # SLOT
    frame.shared.statics = [None] * count
    frame.counter.base += count
    return True


def op_initslot(frame: Frame, counts: tuple[int, int]) -> bool:
    """Make local variables, and arguments from the top of the stack."""
    local_count, argument_count = counts
    # CHECK
    if frame.locals or frame.arguments:
        raise VmFault("INITSLOT cannot be executed twice.")
    if local_count == argument_count == 0:
        raise VmFault("The operand 0 is invalid for OpCode.INITSLOT.")
    # POP
    if argument_count > len(frame.stack):
        raise underflow(0, 0)
    arguments = [frame.stack.pop() for _ in range(argument_count)]
    # SLOT
    frame.locals = [None] * local_count
    frame.arguments = arguments
    frame.counter.base += local_count + argument_count
    return local_count > 1


def op_ldsfld(frame: Frame, index: int) -> None:
    """Push a static field."""
    # CHECK
    try:
        value = frame.shared.statics[index]
    except IndexError:
        raise no_load(frame.shared.statics, index) from None
    # PUSH
    frame.stack.append(value)
    if type(value) is not int and isinstance(value, Compound):
        frame.counter.pushed(value)


def op_ldloc(frame: Frame, index: int) -> None:
    """Push a local variable."""
    # CHECK
    try:
        value = frame.locals[index]
    except IndexError:
        raise no_load(frame.locals, index) from None
    # PUSH
    frame.stack.append(value)
    if type(value) is not int and isinstance(value, Compound):
        frame.counter.pushed(value)


def op_ldarg(frame: Frame, index: int) -> None:
    """Push an argument."""
    # CHECK
    try:
        value = frame.arguments[index]
    except IndexError:
        raise no_load(frame.arguments, index) from None
    # PUSH
    frame.stack.append(value)
    if type(value) is not int and isinstance(value, Compound):
        frame.counter.pushed(value)


def op_stsfld(frame: Frame, index: int) -> None:
    """Pop into a static field."""
    slot = frame.shared.statics
    # CHECK
    try:
        old = slot[index]
    except IndexError:
        raise no_store(slot, index) from None
    # POP
    slot[index] = frame.stack.pop()
    if type(old) is not int and isinstance(old, Compound):
        frame.counter.popped(old)


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


def op_starg(frame: Frame, index: int) -> None:
    """Pop into an argument."""
    slot = frame.arguments
    # CHECK
    try:
        old = slot[index]
    except IndexError:
        raise no_store(slot, index) from None
    # POP
    slot[index] = frame.stack.pop()
    if type(old) is not int and isinstance(old, Compound):
        frame.counter.popped(old)


def no_load(slot: list[Value], index: int) -> VmFault:
    """What a load from where nothing is raises."""
    if not slot:
        return VmFault("Slot has not been initialized.")
    return VmFault(f"Index out of range when loading from slot: {index}, {index}/[0, {len(slot)}).")


def no_store(slot: list[Value], index: int) -> VmFault:
    """What a store to where nothing is raises."""
    if not slot:
        return VmFault("Slot has not been initialized.")
    return underflow(index, len(slot))

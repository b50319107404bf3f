"""Constants. Source of all: neo-vm, JumpTable.Push."""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.frame import Frame
from rpcnode.vm.items import Pointer
from rpcnode.vm.values import Value


def op_push(frame: Frame, value: Value) -> None:
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


def check_item_size(frame: Frame, size: int) -> None:
    """Raises VmFault for bytes of a size that no item may have."""
    most = frame.engine.limits.max_item_size
    if not 0 <= size <= most:
        raise VmFault(f"MaxItemSize exceed: {size}/{most}")

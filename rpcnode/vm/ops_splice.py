"""Bytes. Source of all: neo-vm, JumpTable.Splice."""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import check_item_size, pop, pop_bytes, pop_int32
from rpcnode.vm.faults import INT32_MAX, wrong_type
from rpcnode.vm.frame import Frame
from rpcnode.vm.items import Buffer


def op_newbuffer(frame: Frame, operand: None) -> None:
    """Push a buffer of `size` zeros."""
    # POP
    size = pop_int32(frame)
    # CHECK
    check_item_size(frame, size)
    # PUSH
    frame.stack.append(Buffer(bytes(size)))


def op_memcpy(frame: Frame, operand: None) -> None:
    """Copy `count` bytes from an index of one item to an index of a buffer."""
    # POP
    count = not_negative(pop_int32(frame), "The count can not be negative for MEMCPY, count")
    source_index = not_negative(pop_int32(frame), "The source index can not be negative for MEMCPY, index")
    source = pop_bytes(frame)
    # CHECK
    if sum_int32(source_index, count) > len(source):
        raise VmFault(
            f"The source index + count is out of range for MEMCPY, index: {source_index}, count: {count}, "
            f"{source_index}/[0, {len(source)}]."
        )
    # POP
    index = pop_int32(frame)
    # neo-vm quirk: names the source's index here.
    not_negative(index, "The destination index can not be negative for MEMCPY, index", source_index)
    buffer = pop(frame)
    # CHECK
    if not isinstance(buffer, Buffer):
        raise wrong_type("Buffer")
    if sum_int32(index, count) > len(buffer):
        raise VmFault(
            f"The destination index + count is out of range for MEMCPY, index: {index}, count: {count}, "
            f"{index}/[0, {len(buffer)}]."
        )
    # COPY
    buffer[index : index + count] = source[source_index : source_index + count]


def op_cat(frame: Frame, operand: None) -> None:
    """Push the bytes of two items as one buffer."""
    # POP
    right, left = pop_bytes(frame), pop_bytes(frame)
    # CHECK
    check_item_size(frame, len(left) + len(right))
    # PUSH
    frame.stack.append(Buffer(left + right))


def op_substr(frame: Frame, operand: None) -> None:
    """Push `count` bytes from an index as a buffer."""
    # POP
    count = not_negative(pop_int32(frame), "The count can not be negative for SUBSTR, count")
    index = not_negative(pop_int32(frame), "The index can not be negative for SUBSTR, index")
    data = pop_bytes(frame)
    # CHECK
    end = sum_int32(index, count)
    if end > len(data):
        raise VmFault(
            f"The index + count is out of range for SUBSTR, index: {index}, count: {count}, {end}/[0, {len(data)}]."
        )
    # PUSH
    frame.stack.append(Buffer(data[index:end]))


def op_left(frame: Frame, operand: None) -> None:
    """Push the first `count` bytes as a buffer."""
    # POP
    count = not_negative(pop_int32(frame), "The count can not be negative for LEFT, count")
    data = pop_bytes(frame)
    # CHECK
    if count > len(data):
        raise VmFault(f"The count is out of range for LEFT, {count}/[0, {len(data)}].")
    # PUSH
    frame.stack.append(Buffer(data[:count]))


def op_right(frame: Frame, operand: None) -> None:
    """Push the last `count` bytes as a buffer."""
    # POP
    count = not_negative(pop_int32(frame), "The count can not be negative for RIGHT, count")
    data = pop_bytes(frame)
    # CHECK
    if count > len(data):
        raise VmFault(f"The count is out of range for RIGHT, {count}/[0, {len(data)}].")
    # PUSH
    frame.stack.append(Buffer(data[len(data) - count :]))


def not_negative(number: int, complaint: str, shown: int | None = None) -> int:
    """The same number. Raises VmFault for one below zero; the complaint ends with it, or with `shown`."""
    if number < 0:
        raise VmFault(f"{complaint}: {number if shown is None else shown}.")
    return number


def sum_int32(index: int, count: int) -> int:
    """The sum of two numbers. Raises VmFault for one that does not fit 32 bits."""
    if index + count > INT32_MAX:
        raise VmFault("Arithmetic operation resulted in an overflow.")
    return index + count

"""Making, taking apart and asking arrays, structs and maps. Source of all: neo-vm, JumpTable.Compound.

An operation that moves what the stack holds into a compound, or back, leaves the count of references as it is: it adds
to `counter.base` what the stack became shorter, and takes away what it became longer.
"""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import pop, pop_int32, pop_key, pop_map, to_integer
from rpcnode.vm.copying import clone_struct
from rpcnode.vm.faults import invalid_for, wrong_type
from rpcnode.vm.frame import Frame
from rpcnode.vm.items import Buffer, StackItemType
from rpcnode.vm.values import (
    TYPE_CODES,
    Compound,
    Value,
    VmArray,
    VmMap,
    VmStruct,
    checked_key,
    primitive_bytes,
    primitive_of,
    type_name,
)

DEFAULTS: dict[int, Value] = {StackItemType.Boolean: False, StackItemType.Integer: 0, StackItemType.ByteString: b""}
"""What a new array of a type is filled with, where it is not Null."""


def op_packmap(frame: Frame, operand: None) -> None:
    """Push a map of the `count` pairs on top, each a key above its value."""
    stack, counter = frame.stack, frame.counter
    # POP
    count = pop_int32(frame)
    # CHECK
    if count < 0 or count * 2 > len(stack):
        raise VmFault(f"The map size is out of valid range, 2*{count}/[0, {len(stack)}].")
    # PUSH
    result = VmMap()
    counter.base += 2 * count
    for _ in range(count):
        key, value = checked_key(pop_key(frame)), stack.pop()
        if key in result.entries:
            counter.base -= 1
            counter.remove(result.entries[key])
        result.entries[key] = value
    result.references = 1
    stack.append(result)


def op_packstruct(frame: Frame, operand: None) -> None:
    """Push a struct of the `count` items on top, the top first."""
    # POP
    items = pop_items(frame, "struct")
    # PUSH
    push_packed(frame, VmStruct(items))


def op_pack(frame: Frame, operand: None) -> None:
    """Push an array of the `count` items on top, the top first."""
    # POP
    items = pop_items(frame, "array")
    # PUSH
    push_packed(frame, VmArray(items))


def op_unpack(frame: Frame, operand: None) -> bool:
    """Push the items of a compound, the first one last, and their count; of a map, each key above its value."""
    stack, counter = frame.stack, frame.counter
    # POP
    compound = stack.pop()
    # CHECK
    if not isinstance(compound, Compound):
        raise wrong_type("CompoundType")
    # PUSH
    items: list[Value] = []
    if isinstance(compound, VmMap):
        for key, value in compound.entries.items():
            items += (primitive_of(key), value)
    else:
        items += compound.elements()
    items.reverse()
    compound.references -= 1
    stack += items
    if compound.references == 0:
        counter.base -= len(items)
    else:
        for item in items:
            if isinstance(item, Compound):
                counter.pushed(item)
    stack.append(len(items) // 2 if isinstance(compound, VmMap) else len(items))
    return True


def op_newarray0(frame: Frame, operand: None) -> None:
    """Push an empty array."""
    # PUSH
    push_packed(frame, VmArray())


def op_newarray(frame: Frame, operand: None) -> bool:
    """Push an array of `count` times Null."""
    # POP
    count = pop_count(frame, "array")
    # PUSH
    return push_filled(frame, VmArray([None] * count))


def op_newarray_t(frame: Frame, kind: int) -> bool:
    """Push an array of `count` times what a type begins with."""
    # POP
    count = pop_count(frame, "array")
    # CHECK
    if kind not in TYPE_CODES:
        raise invalid_for("NEWARRAY_T", str(kind))
    # PUSH
    return push_filled(frame, VmArray([DEFAULTS.get(kind)] * count))


def op_newstruct0(frame: Frame, operand: None) -> None:
    """Push an empty struct."""
    # PUSH
    push_packed(frame, VmStruct())


def op_newstruct(frame: Frame, operand: None) -> bool:
    """Push a struct of `count` times Null."""
    # POP
    count = pop_count(frame, "struct")
    # PUSH
    return push_filled(frame, VmStruct([None] * count))


def op_newmap(frame: Frame, operand: None) -> None:
    """Push an empty map."""
    # PUSH
    push_packed(frame, VmMap())


def op_size(frame: Frame, operand: None) -> None:
    """Push how many items a compound has, or how many bytes an item."""
    # POP
    value = pop(frame)
    # PUSH
    if isinstance(value, VmMap):
        size = len(value.entries)
    elif isinstance(value, VmArray):
        size = len(value.items)
    elif isinstance(value, Buffer):
        size = len(value.value)
    elif isinstance(value, int | bytes):
        size = len(primitive_bytes(value))
    else:
        raise invalid_for("SIZE", type_name(value))
    frame.stack.append(size)


def op_haskey(frame: Frame, operand: None) -> None:
    """Push whether a map has a key, or whether an index is within an array or bytes."""
    # POP
    key = pop_key(frame)
    value = pop(frame)
    # PUSH
    if isinstance(value, VmMap):
        frame.stack.append(checked_key(key) in value.entries)
        return
    if isinstance(value, VmArray):
        size = len(value.items)
    elif isinstance(value, Buffer):
        size = len(value.value)
    elif isinstance(value, bytes):
        size = len(value)
    else:
        raise invalid_for("HASKEY", type_name(value))
    index = to_integer(primitive_of(key))
    if not 0 <= index < frame.engine.limits.max_item_size:
        raise VmFault(f"The index {index} is invalid for OpCode HASKEY.")
    frame.stack.append(index < size)


def op_keys(frame: Frame, operand: None) -> bool:
    """Push a map's keys as an array."""
    # POP
    source = pop_map(frame)
    # PUSH
    return push_filled(frame, VmArray(map(primitive_of, source.entries)))


def op_values(frame: Frame, operand: None) -> bool:
    """Push the values of a compound as an array; structs among them are cloned."""
    stack, counter, limits = frame.stack, frame.counter, frame.engine.limits
    # POP
    source = stack.pop()
    # CHECK
    if not isinstance(source, Compound):
        raise invalid_for("VALUES", type_name(source))
    # PUSH
    source.references -= 1
    shared = source.references != 0
    if isinstance(source, VmMap):
        values = list(source.entries.values())
        if not shared:
            counter.base -= len(values)  # the keys
    else:
        values = source.elements()
    result = VmArray()
    for value in values:
        item = value
        if isinstance(value, VmStruct):
            item = clone_struct(value, limits)
            if not shared:
                counter.remove(value)
            counter.add(item)
            if counter.count > limits.max_stack_size + len(values):
                break  # more than the size check forgives, whatever follows
        elif shared:
            counter.add(item)
        result.items.append(item)
    result.references = 1
    stack.append(result)
    return True


def pop_count(frame: Frame, kind: str) -> int:
    """Take the top of the stack as the number of items of a new compound."""
    count = pop_int32(frame)
    most = frame.engine.limits.max_stack_size
    if not 0 <= count <= most:
        raise VmFault(f"The {kind} size is out of valid range, {count}/[0, {most}].")
    return count


def pop_items(frame: Frame, kind: str) -> list[Value]:
    """Take a number off the stack and as many items below it, which stay counted; the top first."""
    stack = frame.stack
    count = pop_int32(frame)
    if not 0 <= count <= len(stack):
        raise VmFault(f"The {kind} size is out of valid range, {count}/[0, {len(stack)}].")
    items = stack[len(stack) - count :]
    del stack[len(stack) - count :]
    frame.counter.base += count
    items.reverse()
    return items


def push_packed(frame: Frame, compound: Compound) -> None:
    """Push a new compound whose elements, if there are any, are counted already."""
    compound.references = 1
    frame.stack.append(compound)


def push_filled(frame: Frame, array: VmArray) -> bool:
    """Push a new array and count its elements, of which none is a compound."""
    frame.counter.base += len(array.items)
    push_packed(frame, array)
    return True

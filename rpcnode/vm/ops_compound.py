"""Making, taking apart and asking arrays, structs and maps. Source of all: neo-vm, JumpTable.Compound.

An operation that moves what the stack holds into a compound, or back, leaves the count of references as it is: it adds
to `counter.base` what the stack became shorter, and takes away what it became longer.
"""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import Operation
from rpcnode.vm.conversions import checked_key, pop, pop_int32, pop_key, pop_map, size_of, to_integer
from rpcnode.vm.copying import clone_struct
from rpcnode.vm.faults import invalid_for, wrong_type
from rpcnode.vm.frame import Frame
from rpcnode.vm.items import (
    TYPE_CODES,
    Array,
    Compound,
    Map,
    StackItem,
    StackItemType,
    Struct,
    primitive_of,
    type_of,
)

DEFAULTS: dict[int, StackItem] = {StackItemType.Boolean: False, StackItemType.Integer: 0, StackItemType.ByteString: b""}
"""What a new array of a type is filled with, where it is not Null."""


def making(kind: type[Compound]) -> Operation:
    """Push an empty compound."""

    def operation(frame: Frame, operand: None) -> None:
        # PUSH
        push_new(frame, kind())

    return operation


def filling(kind: type[Array], name: str) -> Operation:
    """Push an array or a struct of `count` times Null; an array of a type, of what the type begins with."""

    def operation(frame: Frame, item_kind: int | None) -> None:
        # POP
        count = pop_int32(frame)
        # CHECK
        most = frame.engine.limits.max_stack_size
        if not 0 <= count <= most:
            raise VmFault(f"The {name} size is out of valid range, {count}/[0, {most}].")
        if item_kind is not None and item_kind not in TYPE_CODES:
            raise invalid_for("NEWARRAY_T", str(item_kind))
        # PUSH
        frame.counter.base += count
        push_new(frame, kind([None if item_kind is None else DEFAULTS.get(item_kind)] * count))

    return operation


def packing(kind: type[Array], name: str) -> Operation:
    """Push an array or a struct of the `count` items on top, the top first."""

    def operation(frame: Frame, operand: None) -> None:
        stack = frame.stack
        # POP
        count = pop_int32(frame)
        # CHECK
        rest = len(stack) - count
        if count < 0 or rest < 0:
            raise VmFault(f"The {name} size is out of valid range, {count}/[0, {len(stack)}].")
        # PUSH
        items = stack[rest:]
        items.reverse()
        del stack[rest:]
        frame.counter.base += count
        push_new(frame, kind(items))

    return operation


op_newarray0 = making(Array)
op_newstruct0 = making(Struct)
op_newmap = making(Map)
op_newarray = op_newarray_t = filling(Array, "array")
op_newstruct = filling(Struct, "struct")
op_pack = packing(Array, "array")
op_packstruct = packing(Struct, "struct")


def op_packmap(frame: Frame, operand: None) -> None:
    """Push a map of the `count` pairs on top, each a key above its value."""
    stack, counter = frame.stack, frame.counter
    # POP
    count = pop_int32(frame)
    # CHECK
    if count < 0 or count * 2 > len(stack):
        raise VmFault(f"The map size is out of valid range, 2*{count}/[0, {len(stack)}].")
    # PUSH
    result = Map()
    counter.base += 2 * count
    for _ in range(count):
        key, value = checked_key(pop_key(frame)), stack.pop()
        if key in result.entries:
            counter.base -= 1
            counter.remove(result.entries[key])
        result.entries[key] = value
    push_new(frame, result)


def op_unpack(frame: Frame, operand: None) -> None:
    """Push the items of a compound, the first one last, and their count; of a map, each key above its value."""
    stack, counter = frame.stack, frame.counter
    # POP
    compound = stack.pop()
    # CHECK
    if not isinstance(compound, Compound):
        raise wrong_type("CompoundType")
    # PUSH
    items: list[StackItem] = []
    if isinstance(compound, Map):
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
    stack.append(len(items) // 2 if isinstance(compound, Map) else len(items))


def op_size(frame: Frame, operand: None) -> None:
    """Push how many items a compound has, or how many bytes an item."""
    # POP
    value = pop(frame)
    # CHECK
    size = size_of(value)
    if size is None:
        raise invalid_for("SIZE", type_of(value).name)
    # PUSH
    frame.stack.append(size)


def op_haskey(frame: Frame, operand: None) -> None:
    """Push whether a map has a key, or whether an index is within an array or bytes."""
    # POP
    key, value = pop_key(frame), pop(frame)
    # PUSH
    if isinstance(value, Map):
        frame.stack.append(checked_key(key) in value.entries)
        return
    # CHECK
    size = None if isinstance(value, int) else size_of(value)
    if size is None:
        raise invalid_for("HASKEY", type_of(value).name)
    index = to_integer(primitive_of(key))
    if not 0 <= index < frame.engine.limits.max_item_size:
        raise VmFault(f"The index {index} is invalid for OpCode HASKEY.")
    # PUSH
    frame.stack.append(index < size)


def op_keys(frame: Frame, operand: None) -> None:
    """Push a map's keys as an array."""
    # POP
    source = pop_map(frame)
    # PUSH
    frame.counter.base += len(source.entries)
    push_new(frame, Array(map(primitive_of, source.entries)))


def op_values(frame: Frame, operand: None) -> None:
    """Push the values of a compound as an array; structs among them are cloned."""
    counter, limits = frame.counter, frame.engine.limits
    # POP
    source = frame.stack.pop()
    # CHECK
    if not isinstance(source, Compound):
        raise invalid_for("VALUES", type_of(source).name)
    # PUSH
    source.references -= 1
    shared = source.references != 0
    if isinstance(source, Map):
        values = list(source.entries.values())
        if not shared:
            counter.base -= len(values)  # the keys
    else:
        values = source.elements()
    result = Array()
    for value in values:
        item = value
        if isinstance(value, Struct):
            item = clone_struct(value, limits)
            if not shared:
                counter.remove(value)
            counter.add(item)
            if counter.count > limits.max_stack_size + len(values):
                break  # more than the size check forgives, whatever follows
        elif shared:
            counter.add(item)
        result.items.append(item)
    push_new(frame, result)


def push_new(frame: Frame, compound: Compound) -> None:
    """Push a new compound whose elements, if there are any, are counted already."""
    compound.references = 1
    frame.stack.append(compound)

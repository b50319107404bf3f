"""Arrays, structs and maps, and what they hold. Source of all: neo-vm, JumpTable.Compound.

An operation that moves what the stack holds into a compound, or back, leaves the count of references as it is: it adds
to `counter.base` what the stack became shorter, and takes away what it became longer.
"""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import Operation
from rpcnode.vm.conversions import (
    checked_key,
    pop,
    pop_array,
    pop_int32,
    pop_key,
    push,
    size_of,
    to_integer,
)
from rpcnode.vm.copying import cloned
from rpcnode.vm.faults import INT32_MAX, OVERFLOW, Catchable, invalid_for, wrong_type
from rpcnode.vm.items import (
    MAX_KEY_SIZE,
    TYPE_CODES,
    Array,
    Buffer,
    Compound,
    Key,
    Map,
    StackItem,
    StackItemType,
    Struct,
    primitive_bytes,
    primitive_of,
    primitive_text,
    type_of,
)
from rpcnode.vm.machine import Frame

DEFAULTS: dict[int, StackItem] = {StackItemType.Boolean: False, StackItemType.Integer: 0, StackItemType.ByteString: b""}
"""What a new array of a type is filled with, where it is not Null."""


def making(kind: type[Array | Map]) -> Operation:
    """Push an empty compound."""

    def operation(frame: Frame, operand: None) -> None:
        push_new(frame, kind())  # PUSH

    return operation


def filling(kind: type[Array], name: str) -> Operation:
    """Push an array or a struct of `count` times Null; an array of a type, of what the type begins with."""

    def operation(frame: Frame, item_kind: int | None) -> None:
        count, most = pop_int32(frame), frame.engine.limits.max_stack_size  # POP
        if not 0 <= count <= most:  # CHECK
            raise VmFault(f"The {name} size is out of valid range, {count}/[0, {most}].")
        if item_kind is not None and item_kind not in TYPE_CODES:
            raise invalid_for("NEWARRAY_T", str(item_kind))
        frame.counter.base += count  # PUSH
        push_new(frame, kind([None if item_kind is None else DEFAULTS.get(item_kind)] * count))

    return operation


def packing(kind: type[Array], name: str) -> Operation:
    """Push an array or a struct of the `count` items on top, the top first."""

    def operation(frame: Frame, operand: None) -> None:
        count, stack = pop_int32(frame), frame.stack  # POP
        if not 0 <= count <= len(stack):  # CHECK
            raise VmFault(f"The {name} size is out of valid range, {count}/[0, {len(stack)}].")
        items = stack[len(stack) - count :]  # PUSH
        items.reverse()
        del stack[len(stack) - count :]
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
    count, stack, counter = pop_int32(frame), frame.stack, frame.counter  # POP
    # neo-vm quirk: twice the count overflows 32 bits unseen, so that the pops fail.
    if count < 0 or len(stack) < count * 2 <= INT32_MAX:  # CHECK
        raise VmFault(f"The map size is out of valid range, 2*{count}/[0, {len(stack)}].")
    result = Map()  # PUSH
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
    compound = stack.pop()  # POP
    if not isinstance(compound, Compound):  # CHECK
        raise wrong_type("CompoundType")
    items = compound.elements().copy()  # PUSH
    if isinstance(compound, Map):
        items = [item for pair in compound.pairs() for item in pair]
    items.reverse()
    stack += items
    compound.references -= 1
    if compound.references == 0:
        counter.base -= len(items)
    else:
        for item in items:
            if isinstance(item, Compound):
                counter.pushed(item)
    stack.append(len(items) // 2 if isinstance(compound, Map) else len(items))


def op_size(frame: Frame, operand: None) -> None:
    """Push how many items a compound has, or how many bytes an item."""
    item = pop(frame)  # POP
    size = size_of(item)
    if size is None:  # CHECK
        raise invalid_for("SIZE", type_of(item).name)
    frame.stack.append(size)  # PUSH


def op_haskey(frame: Frame, operand: None) -> None:
    """Push whether a map has a key, or whether an index is within an array or bytes."""
    key, item = pop_key(frame), pop(frame)  # POP
    if isinstance(item, Map):
        frame.stack.append(checked_key(key) in item.entries)  # PUSH
        return
    size = None if isinstance(item, int) else size_of(item)
    if size is None:  # CHECK
        raise invalid_for("HASKEY", type_of(item).name)
    index = to_integer(primitive_of(key))
    if not 0 <= index < frame.engine.limits.max_item_size:
        raise VmFault(f"The index {index} is invalid for OpCode HASKEY.")
    frame.stack.append(index < size)  # PUSH


def op_keys(frame: Frame, operand: None) -> None:
    """Push a map's keys as an array."""
    source = pop(frame)  # POP
    if not isinstance(source, Map):  # CHECK
        raise wrong_type("Map")
    if source.keys is None:  # PUSH
        source.keys = [primitive_of(key) for key in source.entries]
    keys = Array(source.keys)
    keys.is_flat = True
    frame.counter.base += len(keys.items)
    push_new(frame, keys)


def op_values(frame: Frame, operand: None) -> None:
    """Push the values of a compound as an array; structs among them are cloned."""
    counter, limits = frame.counter, frame.engine.limits
    source = frame.stack.pop()  # POP
    if not isinstance(source, Compound):  # CHECK
        raise invalid_for("VALUES", type_of(source).name)
    source.references -= 1  # PUSH
    shared = source.references != 0
    values = source.elements()
    if isinstance(source, Map):
        values = list(source.entries.values())
        if not shared:
            counter.base -= len(values)  # the keys
    result = Array()
    for value in values:
        item = cloned(value, limits)
        if item is not value and not shared:
            counter.remove(value)
        if item is not value or shared:
            counter.add(item)
        result.items.append(item)
        if counter.count > limits.max_stack_size + len(values):
            break  # more than the size check forgives, whatever follows; its message names fewer than neo-vm's
    push_new(frame, result)


def push_new(frame: Frame, compound: Compound) -> None:
    """Push a new compound whose elements, if there are any, are counted already."""
    compound.references = 1
    frame.stack.append(compound)


def op_pickitem(frame: Frame, operand: None) -> None:
    """Push what stands at an index of an array or of bytes, or at a key of a map."""
    key, item = pop_key(frame), pop(frame)  # POP
    if isinstance(item, Array):  # CHECK, PUSH
        push(frame, item.items[index_of(key, len(item.items), "VMArray")])
    elif isinstance(item, Map):
        key = checked_key(key)
        if key not in item.entries:
            raise Catchable(f"Key {primitive_text(primitive_of(key))} not found in Map.")
        push(frame, item.entries[key])
    elif isinstance(item, int | bytes):
        data = primitive_bytes(item)
        frame.stack.append(data[index_of(key, len(data), "PrimitiveType")])
    elif isinstance(item, Buffer):
        frame.stack.append(item[index_of(key, len(item), "Buffer")])
    else:
        raise invalid_for("PICKITEM", type_of(item).name)


def op_append(frame: Frame, operand: None) -> None:
    """Put an item behind the last one of an array; a struct is cloned."""
    item, array = pop(frame), pop_array(frame)  # POP
    item = cloned(item, frame.engine.limits)
    check_writable(array, "The array is readonly, can not add item.")  # CHECK
    array.items.append(item)  # PUT
    changed(frame, array, item)
    if array.references != 0:
        frame.counter.add(item)


def op_setitem(frame: Frame, operand: None) -> None:
    """Put an item at an index of an array or of a buffer, or at a key of a map; a struct is cloned."""
    counter = frame.counter
    item = frame.stack.pop()  # POP
    counter.base += 1  # counted until it is clear whether its new holder counts
    if isinstance(item, Struct):
        counter.remove(item)
        item = cloned(item, frame.engine.limits)
        counter.add(item)
    key, target = pop_key(frame), pop(frame)
    if isinstance(target, Array):  # CHECK, PUT
        items = target.items
        index = key if type(key) is int else to_integer(primitive_of(key))
        if not 0 <= index < len(items):
            counter.remove(item)
            raise Catchable(no_index("VMArray", index, len(items)))
        counter.remove(items[index] if target.references != 0 else item)
        check_writable(target, "The object is readonly.")
        items[index] = item
        if target.is_flat or type(target) is not Array:
            changed(frame, target, item)
    elif isinstance(target, Map):
        key = checked_key(key)
        if target.references == 0:
            counter.remove(item)
        elif key in target.entries:
            counter.remove(target.entries[key])
        else:
            counter.base += 1  # the key
        check_writable(target, "The map is readonly, can not set value.")
        target.keys = None
        target.entries[key] = item
    elif isinstance(target, Buffer):
        counter.remove(item)
        index = index_of(key, len(target), "Buffer")
        if not isinstance(item, int | bytes):
            raise VmFault("Only primitive type values can be set in Buffer in SETITEM.")
        byte = to_integer(item)
        if not -128 <= byte <= 255:
            raise VmFault(f"Overflow in SETITEM, {byte} is not a byte type.")
        if byte < 0:  # .NET's conversion to a byte refuses it
            raise VmFault(OVERFLOW)
        target[index] = byte
        changed(frame, target)
    else:
        raise invalid_for("SETITEM", type_of(target).name)


def op_reverseitems(frame: Frame, operand: None) -> None:
    """Reverse the order of an array's items, or of a buffer's bytes."""
    item = pop(frame)  # POP
    if not isinstance(item, Array | Buffer):  # CHECK
        raise invalid_for("REVERSEITEMS", type_of(item).name)
    if isinstance(item, Array):
        check_writable(item, "The array is readonly, can not reverse.")
        item.items.reverse()  # PUT
    else:
        item.reverse()
    changed(frame, item)


def op_remove(frame: Frame, operand: None) -> None:
    """Take out what stands at an index of an array, or at a key of a map if it is there."""
    key, target = pop_key(frame), pop(frame)  # POP
    if isinstance(target, Array):  # CHECK, PUT
        index = to_integer(primitive_of(key))
        if not 0 <= index < len(target.items):
            raise VmFault(no_index("VMArray", index, len(target.items)))
        check_writable(target, "The array is readonly, can not remove item.")
        removed = [target.items.pop(index)]
        changed(frame, target)
    elif isinstance(target, Map):
        if isinstance(key, bytes) and len(key) > MAX_KEY_SIZE:
            sizes = f"{len(key)}/{MAX_KEY_SIZE}"
            raise VmFault(f"Can not remove key from map, MaxKeySize of Map is exceeded: {sizes}. (Parameter 'key')")
        check_writable(target, "The map is readonly, can not remove key.")
        key = checked_key(key)
        removed = [primitive_of(key), target.entries.pop(key)] if key in target.entries else []
        target.keys = None if removed else target.keys
    else:
        raise invalid_for("REMOVE", type_of(target).name)
    frame.counter.remove_all(removed if target.references != 0 else ())


def op_clearitems(frame: Frame, operand: None) -> None:
    """Take out all items of a compound."""
    target = pop(frame)  # POP
    if not isinstance(target, Array | Map):  # CHECK
        raise wrong_type("CompoundType")
    check_writable(target, f"The {'map' if isinstance(target, Map) else 'array'} is readonly, can not clear.")
    removed = target.elements().copy()  # PUT
    if isinstance(target, Map):
        target.entries.clear()
        target.keys = None
    else:
        target.items.clear()
        changed(frame, target)
    if target.is_flat and target.references != 0:
        frame.counter.base -= len(removed)
    elif target.references != 0:
        frame.counter.remove_all(removed)


def op_popitem(frame: Frame, operand: None) -> None:
    """Take out the last item of an array and push it."""
    array = pop_array(frame)  # POP
    if not array.items:  # CHECK
        wanted = "Must be non-negative and less than the size of the collection."
        raise VmFault(f"Index was out of range. {wanted} (Parameter 'index')")
    push(frame, array.items[-1])  # PUSH
    check_writable(array, "The array is readonly, can not remove item.")
    item = array.items.pop()
    changed(frame, array)
    if array.references != 0:
        frame.counter.remove(item)


def no_index(kind: str, index: int, size: int) -> str:
    """What is said of an index that leads to nothing."""
    return f"The index of {kind} is out of range, {index}/[0, {size})."


def index_of(key: Key, size: int, kind: str) -> int:
    """The index that a key is. Raises Catchable for one that leads to nothing."""
    index = key if type(key) is int else to_integer(primitive_of(key))
    if not 0 <= index < size:
        raise Catchable(no_index(kind, index, size))
    return index


def check_writable(compound: Compound, complaint: str) -> None:
    """Raises VmFault for a compound that must not change."""
    if compound.read_only:
        raise VmFault(complaint)


def changed(frame: Frame, target: Array | Buffer, item: StackItem = None) -> None:
    """Say that an array or a buffer has changed, and what came into it, to whoever remembers what it was."""
    if isinstance(target, Buffer):
        frame.engine.texts.clear()
        return
    if isinstance(item, Compound):
        target.is_flat = False
    if isinstance(target, Struct):
        frame.engine.equality.forget()

"""Reading and changing what arrays, structs, maps and buffers hold. Source of all: neo-vm, JumpTable.Compound."""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import checked_key, pop, pop_array, pop_key, push, to_integer
from rpcnode.vm.copying import clone_struct, cloned
from rpcnode.vm.faults import Catchable, invalid_for, wrong_type
from rpcnode.vm.frame import Frame
from rpcnode.vm.items import (
    MAX_KEY_SIZE,
    Array,
    Buffer,
    Compound,
    Key,
    Map,
    Struct,
    primitive_bytes,
    primitive_of,
    primitive_text,
    type_of,
)


def op_pickitem(frame: Frame, operand: None) -> None:
    """Push what stands at an index of an array or of bytes, or at a key of a map."""
    # POP
    key, value = pop_key(frame), pop(frame)
    # CHECK, PUSH
    if isinstance(value, Array):
        push(frame, value.items[index_of(key, len(value.items), "VMArray")])
    elif isinstance(value, Map):
        if checked_key(key) not in value.entries:
            raise Catchable(f"Key {primitive_text(primitive_of(key))} not found in Map.")
        push(frame, value.entries[key])
    elif isinstance(value, int | bytes):
        data = primitive_bytes(value)
        frame.stack.append(data[index_of(key, len(data), "PrimitiveType")])
    elif isinstance(value, Buffer):
        frame.stack.append(value[index_of(key, len(value), "Buffer")])
    else:
        raise invalid_for("PICKITEM", type_of(value).name)


def op_append(frame: Frame, operand: None) -> None:
    """Put an item behind the last one of an array; a struct is cloned."""
    # POP
    item = pop(frame)
    array = pop_array(frame)
    # CHECK
    item = cloned(item, frame.engine.limits)
    check_writable(array, "The array is readonly, can not add item.")
    # PUT
    array.items.append(item)
    if array.references != 0:
        frame.counter.add(item)


def op_setitem(frame: Frame, operand: None) -> None:
    """Put an item at an index of an array or of a buffer, or at a key of a map; a struct is cloned."""
    counter = frame.counter
    # POP
    item = frame.stack.pop()
    counter.base += 1  # counted until it is clear whether its new holder counts
    if isinstance(item, Struct):
        counter.remove(item)
        item = clone_struct(item, frame.engine.limits)
        counter.add(item)
    key = pop_key(frame)
    target = pop(frame)
    # CHECK, PUT
    if isinstance(target, Array):
        items = target.items
        index = key if type(key) is int else to_integer(primitive_of(key))
        if not 0 <= index < len(items):
            counter.remove(item)
            raise out_of_range("VMArray", index, len(items))
        counter.remove(items[index] if target.references != 0 else item)
        check_writable(target, "The object is readonly.")
        items[index] = item
    elif isinstance(target, Map):
        checked_key(key)
        if target.references == 0:
            counter.remove(item)
        elif key in target.entries:
            counter.remove(target.entries[key])
        else:
            counter.base += 1  # the key
        check_writable(target, "The map is readonly, can not set value.")
        target.entries[key] = item
    elif isinstance(target, Buffer):
        counter.remove(item)
        index = index_of(key, len(target), "Buffer")
        if not isinstance(item, int | bytes):
            raise VmFault("Only primitive type values can be set in Buffer in SETITEM.")
        byte = to_integer(item)
        if not -128 <= byte <= 255:
            raise VmFault(f"Overflow in SETITEM, {byte} is not a byte type.")
        target[index] = byte & 0xFF
    else:
        raise invalid_for("SETITEM", type_of(target).name)


def op_reverseitems(frame: Frame, operand: None) -> None:
    """Reverse the order of an array's items, or of a buffer's bytes."""
    # POP
    value = pop(frame)
    # CHECK, PUT
    if isinstance(value, Array):
        check_writable(value, "The array is readonly, can not reverse.")
        value.items.reverse()
    elif isinstance(value, Buffer):
        value.reverse()
    else:
        raise invalid_for("REVERSEITEMS", type_of(value).name)


def op_remove(frame: Frame, operand: None) -> None:
    """Take out what stands at an index of an array, or at a key of a map if it is there."""
    # POP
    key = pop_key(frame)
    value = pop(frame)
    # CHECK, PUT
    if isinstance(value, Array):
        index = to_integer(primitive_of(key))
        if not 0 <= index < len(value.items):
            raise VmFault(str(out_of_range("VMArray", index, len(value.items))))
        check_writable(value, "The array is readonly, can not remove item.")
        item = value.items.pop(index)
        if value.references != 0:
            frame.counter.remove(item)
    elif isinstance(value, Map):
        check_removable(value, key)
        if key in value.entries:
            item = value.entries.pop(key)
            if value.references != 0:
                frame.counter.base -= 1  # the key
                frame.counter.remove(item)
    else:
        raise invalid_for("REMOVE", type_of(value).name)


def op_clearitems(frame: Frame, operand: None) -> None:
    """Take out all items of a compound."""
    # POP
    value = pop(frame)
    # CHECK
    if not isinstance(value, Compound):
        raise wrong_type("CompoundType")
    check_writable(value, f"The {'map' if isinstance(value, Map) else 'array'} is readonly, can not clear.")
    # PUT
    elements = list(value.elements())
    if isinstance(value, Map):
        value.entries.clear()
    elif isinstance(value, Array):
        value.items.clear()
    if value.references != 0:
        for element in elements:
            frame.counter.remove(element)


def op_popitem(frame: Frame, operand: None) -> None:
    """Take out the last item of an array and push it."""
    # POP
    array = pop_array(frame)
    # CHECK
    if not array.items:
        raise VmFault(
            "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')"
        )
    # PUSH
    item = array.items[-1]
    push(frame, item)
    check_writable(array, "The array is readonly, can not remove item.")
    array.items.pop()
    if array.references != 0:
        frame.counter.remove(item)


def out_of_range(kind: str, index: int, size: int) -> Catchable:
    """What an index that leads to nothing raises."""
    return Catchable(f"The index of {kind} is out of range, {index}/[0, {size}).")


def index_of(key: Key, size: int, kind: str) -> int:
    """The index that a key is. Raises Catchable for one that leads to nothing."""
    index = key if type(key) is int else to_integer(primitive_of(key))
    if not 0 <= index < size:
        raise out_of_range(kind, index, size)
    return index


def check_writable(compound: Compound, complaint: str) -> None:
    """Raises VmFault for a compound that must not change."""
    if compound.read_only:
        raise VmFault(complaint)


def check_removable(target: Map, key: Key) -> None:
    """Raises VmFault for a key that no map has, or for a map that must not change."""
    if isinstance(key, bytes) and len(key) > MAX_KEY_SIZE:
        raise VmFault(
            f"Can not remove key from map, MaxKeySize of Map is exceeded: {len(key)}/{MAX_KEY_SIZE}. (Parameter 'key')"
        )
    check_writable(target, "The map is readonly, can not remove key.")

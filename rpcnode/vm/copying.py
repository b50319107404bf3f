"""Copies of compounds, made without recursion. Source: neo-vm, Types: Struct.Clone, StackItem.DeepCopy."""

from typing import Final

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import TYPES, Array, Buffer, Compound, Map, StackItem, Struct
from rpcnode.vm.limits import Limits


def cloned(item: StackItem, limits: Limits) -> StackItem:
    """What is stored when an item is put into a compound: of a struct a clone, any other itself.

    Structs in a struct are cloned as well. Raises VmFault past `max_stack_size` fields in all.
    """
    if not isinstance(item, Struct):
        return item
    fields_left = limits.max_stack_size - 1
    result = Struct()
    pending: Final = [(item, result)]
    for source, copy in pending:
        for field in source.items:
            fields_left -= 1
            if fields_left < 0:
                raise VmFault("Beyond struct subitem clone limits!")
            if isinstance(field, Struct):
                nested = Struct()
                pending.append((field, nested))
                copy.items.append(nested)
            else:
                copy.items.append(field)
    return result


def _plain(value: StackItem) -> StackItem:
    if isinstance(value, bytes):
        return bytes(value)
    return int(value) if isinstance(value, int) else value


def deep_copy(item: StackItem, as_immutable: bool = False) -> StackItem:
    """A copy that shares no array, map or buffer with the item; what is held twice, or in a cycle, is copied once.

    When immutable, its compounds are read-only and its buffers are bytes. A value of a class that is no item, such as a
    hash, becomes the item that its class is derived from.
    """
    made: Final[dict[int, StackItem]] = {}
    pending: Final[list[tuple[Compound, Compound]]] = []

    def copied(source: StackItem) -> StackItem:
        if not isinstance(source, Compound | Buffer):
            return source if type(source) in TYPES else _plain(source)
        if id(source) not in made:
            if isinstance(source, Buffer):
                made[id(source)] = bytes(source) if as_immutable else source.copy()
            else:
                made[id(source)] = copy = type(source)()
                copy.read_only = source.read_only or as_immutable
                pending.append((source, copy))
        return made[id(source)]

    result = copied(item)
    for source, copy in pending:
        if isinstance(source, Array) and isinstance(copy, Array):
            copy.items.extend(map(copied, source.items))
        elif isinstance(source, Map) and isinstance(copy, Map):
            copy.entries.update((key, copied(held)) for key, held in source.entries.items())
    return result

"""Copies of compounds, made without recursion. Source: neo-vm, Types: Struct.Clone, StackItem.DeepCopy."""

from typing import Final

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import Buffer
from rpcnode.vm.limits import Limits
from rpcnode.vm.values import Compound, Value, VmArray, VmMap, VmStruct


def clone_struct(struct: VmStruct, limits: Limits) -> VmStruct:
    """A struct with the same items; structs in it are cloned as well, at most `max_stack_size` fields in all."""
    result = VmStruct()
    fields_left = limits.max_stack_size - 1
    pending: Final = [(struct, result)]
    for source, copy in pending:
        for item in source.items:
            fields_left -= 1
            if fields_left < 0:
                raise VmFault("Beyond struct subitem clone limits!")
            if isinstance(item, VmStruct):
                nested = VmStruct()
                pending.append((item, nested))
                copy.items.append(nested)
            else:
                copy.items.append(item)
    return result


def cloned(value: Value, limits: Limits) -> Value:
    """What is stored when a value is put into a compound: a clone of a struct, anything else itself."""
    return clone_struct(value, limits) if isinstance(value, VmStruct) else value


def deep_copy(value: Value, as_immutable: bool = False) -> Value:
    """A copy that shares no array, map or buffer with the value; what is held twice, or in a cycle, is copied once.

    When immutable, its compounds are read-only and its buffers are bytes.
    """
    copier: Final = _Copier(as_immutable)
    result = copier.copy(value)
    for source, copy in copier.pending:
        if isinstance(source, VmMap) and isinstance(copy, VmMap):
            copy.entries.update((key, copier.copy(item)) for key, item in source.entries.items())
        elif isinstance(source, VmArray) and isinstance(copy, VmArray):
            copy.items.extend(map(copier.copy, source.items))
    return result


class _Copier:
    """Copies one value at a time; `pending` grows by each compound whose elements are still to be copied."""

    __slots__ = ("_as_immutable", "_copies", "pending")

    def __init__(self, as_immutable: bool) -> None:
        self._as_immutable = as_immutable
        self._copies: Final[dict[int, Value]] = {}
        self.pending: Final[list[tuple[Compound, Compound]]] = []

    def copy(self, value: Value) -> Value:
        if not isinstance(value, Buffer | Compound):
            return value
        copy = self._copies.get(id(value))
        if copy is None:
            copy = self._copies[id(value)] = self._new(value)
        return copy

    def _new(self, value: Buffer | Compound) -> Value:
        if isinstance(value, Buffer):
            return bytes(value.value) if self._as_immutable else Buffer(value.value)
        copy = type(value)()
        copy.read_only = value.read_only or self._as_immutable
        self.pending.append((value, copy))
        return copy

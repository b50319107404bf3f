"""Copies of compounds, made without recursion. Source: neo-vm, Types: Struct.Clone, StackItem.DeepCopy."""

from collections.abc import Callable
from typing import Any, Final

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import Array, Buffer, Map
from rpcnode.vm.limits import Limits
from rpcnode.vm.values import Compound, Value, VmArray, VmStruct

HOLDERS: Final = (Compound, Array, Map, Buffer)


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

    def begin(value: Value) -> Value:
        if isinstance(value, Buffer):
            return bytes(value.value) if as_immutable else Buffer(value.value)
        if not isinstance(value, Compound):
            return value
        copy = type(value)()
        copy.read_only = value.read_only or as_immutable
        return copy

    copied: Value = rebuilt(value, begin, lambda key: key)
    return copied


def rebuilt(root: Any, begin: Callable[[Any], Any], key_for: Callable[[Any], Any]) -> Any:
    """The counterpart of a value or a stack item and of all that it holds; cycles stay cycles.

    `begin` makes the counterpart of one value, which for an array or a map is still empty; `key_for` that of a key.
    """
    made: Final[dict[int, Any]] = {}
    pending: Final[list[Any]] = []

    def counterpart(source: Any) -> Any:
        if not isinstance(source, HOLDERS):
            return begin(source)
        if id(source) not in made:
            made[id(source)] = begin(source)
            pending.append(source)
        return made[id(source)]

    result = counterpart(root)
    for source in pending:
        if isinstance(source, VmArray | Array):
            made[id(source)].items.extend(map(counterpart, source.items))
        elif not isinstance(source, Buffer):
            entries = source.entries.items()
            made[id(source)].entries.update((key_for(key), counterpart(value)) for key, value in entries)
    return result

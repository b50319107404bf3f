"""How system calls take their arguments off the stack: one function for each kind of parameter, made once.

Each takes the top item of a frame's stack and gives what the handler wants; what cannot be converted is a VmFault with
the text of .NET's conversion. They are what `execution/parameters.py` has for natives, a call less for each argument.
Source: neo 3.10.2, SmartContract/InteropParameterDescriptor.cs, ApplicationEngine.Convert.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from rpcnode.execution.iterators import StorageIterator
from rpcnode.execution.parameters import parameter_of, to_uint160
from rpcnode.execution.storage_context import StorageContext
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import pop, to_bytes
from rpcnode.vm.items import TYPES, Array, InteropInterface, StackItem
from rpcnode.vm.machine import Frame

Popper: TypeAlias = Callable[[Frame], Any]

DOTNET_CLASSES: Final[dict[Any, str]] = {
    StorageContext: "Neo.SmartContract.StorageContext",
    StorageIterator: "Neo.SmartContract.Iterators.IIterator",
}
"""Parameters that take an object out of an InteropInterface: their .NET names."""


def popper_of(name: str, annotation: Any) -> Popper:
    """What takes the argument of a parameter; `name` is the one that .NET gives it."""
    if annotation in DOTNET_CLASSES:
        return _object_popper(name)
    made = _QUICK.get(annotation)
    if made is not None:
        return made(name)
    convert = parameter_of(name, annotation).convert
    return lambda frame: convert(frame, pop(frame))


def check_class(value: object, wanted: type) -> None:
    """Raises VmFault unless an object is of the class that a parameter has: looked at once all arguments are taken."""
    if not isinstance(value, wanted):
        raise _not_converted(getattr(value, "dotnet_name", type(value).__name__), DOTNET_CLASSES[wanted])


def _bytes_popper(name: str) -> Popper:
    def pop_data(frame: Frame) -> bytes:
        item = frame.stack.pop()
        if type(item) is bytes:
            return item
        if item is None:
            raise _null_argument(name)
        return bytes(to_bytes(item))

    return pop_data


def _hash_popper(name: str) -> Popper:
    def pop_hash(frame: Frame) -> UInt160:
        item = frame.stack.pop()
        if item is None:
            raise _null_argument(name)
        return to_uint160(item)

    return pop_hash


def _array_popper(name: str) -> Popper:
    """An Array is always the last parameter, so that it may be looked at right away."""

    def pop_array(frame: Frame) -> Array:
        item = pop(frame)
        if isinstance(item, Array):
            return item
        if item is None:
            raise _null_argument(name)
        raise _not_converted(_dotnet_name(item), "Neo.VM.Types.Array")

    return pop_array


def _object_popper(name: str) -> Popper:
    def pop_object(frame: Frame) -> object:
        item = frame.stack.pop()
        if isinstance(item, InteropInterface):
            return item.value
        if item is None:
            raise _null_argument(name)
        wanted = "Neo.VM.Types.InteropInterface"
        raise VmFault(f"Unable to cast object of type '{_dotnet_name(item)}' to type '{wanted}'.")

    return pop_object


def _dotnet_name(item: StackItem) -> str:
    return f"Neo.VM.Types.{TYPES[type(item)].name}"


def _null_argument(name: str) -> VmFault:
    return VmFault(f"The argument `{name}` can't be null.")


def _not_converted(given: str, wanted: str) -> VmFault:
    return VmFault(f"Object of type '{given}' cannot be converted to type '{wanted}'.")


_QUICK: Final[dict[Any, Callable[[str], Popper]]] = {
    bytes: _bytes_popper,
    UInt160: _hash_popper,
    Array: _array_popper,
}

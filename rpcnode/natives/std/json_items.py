"""Stack items of JSON. Source: neo 3.10.2, SmartContract/JsonSerializer.cs, Deserialize."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from rpcnode.primitives.dotnet_json import read_json
from rpcnode.primitives.dotnet_json_reader import JsonValue
from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.vm.conversions import checked, checked_key
from rpcnode.vm.items import Array, Map, StackItem
from rpcnode.vm.limits import DEFAULT_LIMITS

MAX_DEPTH: Final = 10  # of arrays and objects in each other
_LAST_EXACT: Final = 2**53


def exact_integer(number: float) -> int:
    """The whole number that a double is: 1e30 is 1000000000000000019884624838656. How it was before Basilisk."""
    return int(number)


def shortest_integer(number: float) -> int:
    """The whole number that a double's shortest digits stand for: 1e30 is one with 30 zeros. Since Basilisk."""
    return int(number) if -_LAST_EXACT <= number <= _LAST_EXACT else int(Decimal(repr(number)))


def item_of_json(data: bytes, integer: Callable[[float], int]) -> StackItem:
    """The item of a JSON text: texts are bytes, objects are maps.

    Raises VmFault for what is no JSON, numbers that are not whole or of more than 32 bytes, names of more than 64
    bytes, and for more than 2,048 items, names counted.
    """
    try:
        value = read_json(data, MAX_DEPTH)
    except FormatError as error:
        raise VmFault(str(error), logged=error.logged) from None
    return _Items(integer).item(value)


class _Items:
    """Makes items until there are too many."""

    __slots__ = ("_integer", "_left")

    def __init__(self, integer: Callable[[float], int]) -> None:
        self._integer = integer
        self._left = DEFAULT_LIMITS.max_stack_size

    def item(self, value: JsonValue) -> StackItem:
        self._count()
        if isinstance(value, str):
            return value.encode()
        if isinstance(value, float):
            if value % 1 != 0:
                raise VmFault("Decimal value is not allowed")
            return checked(self._integer(value))
        if isinstance(value, list):
            return Array([self.item(element) for element in value])
        if isinstance(value, dict):
            members = Map()
            for name, held in value.items():
                self._count()
                item = self.item(held)
                members.entries[checked_key(name.encode())] = item
            return members
        return value

    def _count(self) -> None:
        if self._left == 0:
            raise VmFault("Max stack size reached")
        self._left -= 1

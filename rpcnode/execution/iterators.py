"""Iterators over a contract's rows, as scripts and RPC sessions hold them.

Source: neo 3.10.2, SmartContract/Iterators/StorageIterator.cs, SmartContract/FindOptions.cs.
"""

from collections.abc import Iterator
from enum import IntFlag
from typing import ClassVar, Final

from rpcnode.execution.serializers.binary import deserialize
from rpcnode.execution.snapshot import Cell, Snapshot
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import TYPES, Array, StackItem, Struct


class FindOptions(IntFlag):
    """What an iterator gives of each row, and in which order."""

    None_ = 0
    KeysOnly = 0x01
    RemovePrefix = 0x02
    ValuesOnly = 0x04
    DeserializeValues = 0x08
    PickField0 = 0x10
    PickField1 = 0x20
    Backwards = 0x80


KEYS_ONLY, REMOVE_PREFIX, VALUES_ONLY = 0x01, 0x02, 0x04
DESERIALIZE, PICK_FIELD_0, PICK_FIELD_1, BACKWARDS = 0x08, 0x10, 0x20, 0x80
PICKS: Final = PICK_FIELD_0 | PICK_FIELD_1
ALL_OPTIONS: Final = 0xBF

_REFUSED: Final[tuple[tuple[int, int, int, str], ...]] = (
    # one of the first with one of the second and none of the third
    (
        KEYS_ONLY,
        VALUES_ONLY | DESERIALIZE | PICKS,
        0,
        "KeysOnly cannot be used with ValuesOnly, DeserializeValues, PickField0, or PickField1",
    ),
    (VALUES_ONLY, KEYS_ONLY | REMOVE_PREFIX, 0, "ValuesOnly cannot be used with KeysOnly or RemovePrefix"),
    (PICK_FIELD_0, PICK_FIELD_1, 0, "PickField0 and PickField1 cannot be used together"),
    (PICKS, PICKS, DESERIALIZE, "PickField0 or PickField1 requires DeserializeValues"),
)


def check_options(options: int) -> None:
    """Raises VmFault for options that do not exist or do not go together; the first rule that they break speaks."""
    if options & ~ALL_OPTIONS:
        raise VmFault(f"Invalid find options: {options} (Parameter 'options')")
    for one, other, unless, text in _REFUSED:
        if options & one and options & other and not options & unless:
            raise VmFault(f"{text} (Parameter 'options')")


class StorageIterator:
    """Rows of one contract, taken from the storage at the first `advance`.

    A value is that of the cell when `value` is called: what the context that asked for the rows has written there
    since is seen. `prefix_size` in bytes is what RemovePrefix takes off the keys; `layer` is where the rows are from.
    """

    __slots__ = ("_cell", "_key", "_options", "_prefix_size", "_rows", "layer")
    dotnet_name: ClassVar[str] = "Neo.SmartContract.Iterators.StorageIterator"

    def __init__(
        self, rows: Iterator[tuple[bytes, Cell]], prefix_size: int, options: int, layer: Snapshot | None = None
    ) -> None:
        self.layer: Final = layer
        self._rows: Final = rows
        self._prefix_size: Final = prefix_size
        self._options: Final = options
        self._key = b""
        self._cell: Cell | None = None

    @property
    def deserializes(self) -> bool:
        """Whether the values are items, which takes longer the larger they are."""
        return self._options & DESERIALIZE != 0

    @property
    def size(self) -> int:
        """Bytes of the current row's value."""
        return 0 if self._cell is None else len(self._cell.value)

    def advance(self) -> bool:
        """Whether there is a next row, which is then the current one."""
        row = next(self._rows, None)
        if row is None:
            self._cell = None
            return False
        self._key, self._cell = row
        return True

    def value(self) -> StackItem:
        """The current row in the form that the options ask for: a key, a value, or both in a Struct.

        Raises VmFault before the first row and behind the last one, and for a value without the form asked for.
        """
        if self._cell is None:
            raise VmFault("Object reference not set to an instance of an object.")
        options, key = self._options, self._key
        if options & REMOVE_PREFIX:
            key = key[self._prefix_size :]
        item: StackItem = self._cell.value
        if options & DESERIALIZE:
            item = deserialize(self._cell.value)
            if options & PICKS:
                item = _field(item, 0 if options & PICK_FIELD_0 else 1)
        if options & KEYS_ONLY:
            return key
        return item if options & VALUES_ONLY else Struct((key, item))


def _field(item: StackItem, index: int) -> StackItem:
    if not isinstance(item, Array):
        given = "Null" if item is None else TYPES[type(item)].name
        raise VmFault(f"Unable to cast object of type 'Neo.VM.Types.{given}' to type 'Neo.VM.Types.Array'.")
    if index >= len(item.items):
        limits = "Must be non-negative and less than the size of the collection."
        raise VmFault(f"Index was out of range. {limits} (Parameter 'index')")
    return item.items[index]

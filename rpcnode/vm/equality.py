"""When two items are equal, and how much is looked at to find out. Source: neo-vm, Types: Equals."""

from collections.abc import Iterator
from typing import Final, TypeAlias
from weakref import ref

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import InteropInterface, Pointer, StackItem, Struct
from rpcnode.vm.limits import Limits

MIN_KNOWN: Final = 16  # fields that a comparison must have looked at to be worth remembering
MAX_KNOWN: Final = 1 << 14

Cost: TypeAlias = tuple[int, int]
"""What a comparison uses up of the fields and of the bytes that may be looked at."""


class Comparisons:
    """Compares items for one engine, and remembers which structs it found equal or not until `forget`.

    A comparison costs a script the same whether it looks at one field or at 2,048: a loop over the same two structs
    must not look at all of them every time.
    """

    __slots__ = ("_known", "_limits")

    def __init__(self, limits: Limits) -> None:
        self._limits: Final = limits
        self._known: Final[dict[tuple[int, int], tuple[ref[Struct], ref[Struct], Cost | None]]] = {}

    def forget(self) -> None:
        """Remember nothing: a struct has changed."""
        self._known.clear()

    def equals(self, left: StackItem, right: StackItem) -> bool:
        """Whether two items are equal.

        Structs are compared field by field, last field first. Raises VmFault when there are more bytes or fields than
        one comparison looks at.
        """
        if isinstance(left, bytes):
            return _Comparison(self, self._limits).equal_bytes(left, right)
        if isinstance(left, Struct):
            return isinstance(right, Struct) and self._equal_structs(left, right)
        return _equal(left, right)

    def remember(self, left: Struct, right: Struct, cost: Cost | None) -> None:
        """Remember that two structs are equal, and what it took to know; None for two that are not."""
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[id(left), id(right)] = ref(left), ref(right), cost

    def known(self, left: Struct, right: Struct) -> tuple[Cost | None] | None:
        """What is remembered of two structs, None for nothing. Of a struct that is gone, another may have the id."""
        found = self._known.get((id(left), id(right)))
        return (found[2],) if found is not None and found[0]() is left and found[1]() is right else None

    def _equal_structs(self, left: Struct, right: Struct) -> bool:
        known = self.known(left, right)
        if known is not None and known[0] is None:
            return False
        comparison = _Comparison(self, self._limits)
        result = comparison.equal_structs(left, right)
        if not result and comparison.fields_left <= self._limits.max_stack_size - MIN_KNOWN:
            self.remember(left, right, None)
        return result


def _equal(left: StackItem, right: StackItem) -> bool:
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if isinstance(left, int):
        return left == right
    if isinstance(left, Pointer) and isinstance(right, Pointer):
        return left.position == right.position and left.script is right.script
    if isinstance(left, InteropInterface) and isinstance(right, InteropInterface):
        return left.value is right.value or (left.value is not None and left.value == right.value)
    return False


class _Comparison:
    """One comparison; holds how many fields and bytes may still be looked at."""

    __slots__ = ("_comparisons", "_size_left", "fields_left")

    def __init__(self, comparisons: Comparisons, limits: Limits) -> None:
        self._comparisons: Final = comparisons
        self._size_left = limits.max_comparable_size
        self.fields_left = limits.max_stack_size

    def equal_bytes(self, left: bytes, right: StackItem) -> bool:
        self._check_size(len(left))
        if not isinstance(right, bytes):
            self._size_left -= 1
            return False
        self._check_size(len(right))
        self._size_left -= max(len(left), len(right), 1)
        return left == right

    def _check_size(self, size: int) -> None:
        if size > self._size_left or self._size_left == 0:
            raise VmFault(f"The operand exceeds the maximum comparable size, {size}/{self._size_left}.")

    def equal_structs(self, left: Struct, right: Struct) -> bool:
        pairs: Iterator[tuple[StackItem, StackItem]] = iter(((left, right),))
        outer: list[tuple[Iterator[tuple[StackItem, StackItem]], Struct, Struct, int, int]] = []
        while True:
            for a, b in pairs:
                if self.fields_left == 0:
                    raise VmFault("Too many struct items to compare in struct comparison.")
                self.fields_left -= 1
                if isinstance(a, bytes):
                    if not self.equal_bytes(a, b):
                        return False
                    continue
                if self._size_left == 0:
                    raise VmFault("The operand exceeds the maximum comparable size in struct comparison.")
                self._size_left -= 1
                if isinstance(a, Struct):
                    if a is b:
                        continue
                    if not isinstance(b, Struct) or len(a.items) != len(b.items):
                        return False
                    if a.items and not self._is_known(a, b):
                        outer.append((pairs, a, b, self.fields_left + 1, self._size_left + 1))
                        pairs = zip(reversed(a.items), reversed(b.items), strict=True)
                        break
                elif not _equal(a, b):
                    return False
            else:
                if not outer:
                    return True
                pairs, a, b, fields_left, size_left = outer.pop()
                if fields_left - self.fields_left >= MIN_KNOWN:
                    self._comparisons.remember(a, b, (fields_left - self.fields_left, size_left - self._size_left))

    def _is_known(self, left: Struct, right: Struct) -> bool:
        """Whether two structs that were just counted are known to be equal; then their fields are counted as well.

        When that is more than may be looked at, the fields are to be compared up to where the limit is met.
        """
        known = self._comparisons.known(left, right)
        if known is None or known[0] is None:
            return False
        fields, size = known[0]
        if fields - 1 > self.fields_left or size - 1 > self._size_left:
            return False
        self.fields_left -= fields - 1
        self._size_left -= size - 1
        return True

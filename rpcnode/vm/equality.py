"""When two items are equal, and how much is looked at to find out. Source: neo-vm, Types: Equals."""

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import InteropInterface, Pointer, StackItem, Struct
from rpcnode.vm.limits import Limits


def equals(left: StackItem, right: StackItem, limits: Limits) -> bool:
    """Whether two items are equal.

    Structs are compared field by field, last field first. Raises VmFault when there are more bytes or fields than one
    comparison looks at.
    """
    if isinstance(left, bytes):
        return _Comparison(limits).equal_bytes(left, right)
    if isinstance(left, Struct):
        return isinstance(right, Struct) and _Comparison(limits).equal_structs(left, right)
    return _equal(left, right)


def _equal(left: StackItem, right: StackItem) -> bool:
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if isinstance(left, Pointer) and isinstance(right, Pointer):
        return left.position == right.position and left.script is right.script
    if isinstance(left, InteropInterface) and isinstance(right, InteropInterface):
        return left.value is right.value or (left.value is not None and left.value == right.value)
    return isinstance(left, int) and left == right


class _Comparison:
    """Compares; holds how many bytes and fields may still be looked at."""

    __slots__ = ("_fields_left", "_size_left")

    def __init__(self, limits: Limits) -> None:
        self._size_left = limits.max_comparable_size
        self._fields_left = limits.max_stack_size

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
        pending: list[tuple[StackItem, StackItem]] = [(left, right)]
        while pending:
            if self._fields_left == 0:
                raise VmFault("Too many struct items to compare in struct comparison.")
            self._fields_left -= 1
            a, b = pending.pop()
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
                pending += zip(a.items, b.items, strict=True)
            elif not _equal(a, b):
                return False
        return True

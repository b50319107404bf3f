"""Items as numbers, truths and bytes, and what pops them so. An item without the conversion is a VmFault."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.primitives.utf8 import strict_text
from rpcnode.vm.faults import INT32_MAX, INVALID_CAST, OVERFLOW, UINT32_MAX, wrong_type
from rpcnode.vm.items import (
    MAX_INTEGER,
    MAX_INTEGER_SIZE,
    MAX_KEY_SIZE,
    MAX_PLAIN_KEY,
    MIN_INTEGER,
    TYPE_CODES,
    TYPES,
    Array,
    Buffer,
    Compound,
    Key,
    Map,
    StackItem,
    StackItemType,
    Struct,
    integer_of,
    key_of,
    key_of_integer,
    primitive_bytes,
)

if TYPE_CHECKING:  # a node that runs no script loads no machine
    from rpcnode.vm.machine import Frame

T = TypeVar("T")


def to_integer(item: StackItem) -> int:
    """The number; of bytes at most 32. Buffers have none. Source: neo-vm, Types: GetInteger."""
    if not isinstance(item, bytes):
        if isinstance(item, int):
            return int(item)
        raise VmFault(INVALID_CAST)
    if len(item) > MAX_INTEGER_SIZE:
        sizes = f"{len(item)}/{MAX_INTEGER_SIZE}"
        raise VmFault(f"Can not convert ByteString to an integer, MaxSize of Integer is exceeded: {sizes}.")
    return int.from_bytes(item, "little", signed=True)


def to_int32(item: StackItem) -> int:
    """The number, which must fit 32 bits."""
    number = to_integer(item)
    if not -INT32_MAX - 1 <= number <= INT32_MAX:
        # .NET takes another way for what fits 32 bits without a sign, with a text of its own.
        is_unsigned = INT32_MAX < number <= UINT32_MAX
        raise VmFault(OVERFLOW if is_unsigned else "Value was either too large or too small for an Int32.")
    return number


def to_boolean(item: StackItem) -> bool:
    """The truth; of bytes at most 32. Source: neo-vm, Types: GetBoolean."""
    if not isinstance(item, bytes):
        return bool(item) if item is None or isinstance(item, int) else True
    if len(item) > MAX_INTEGER_SIZE:
        raise VmFault(INVALID_CAST)
    return item.strip(b"\0") != b""


def to_bytes(item: StackItem) -> bytes | Buffer:
    """The bytes of a primitive item, or a buffer itself, not copied. Source: neo-vm, Types: GetSpan."""
    if isinstance(item, bytes | Buffer):
        return item
    if isinstance(item, int):
        return primitive_bytes(item)
    raise VmFault(INVALID_CAST)


def to_text(item: StackItem) -> str:
    """The bytes as UTF-8; Null has no characters. Source: neo-vm, Types: GetString."""
    if item is None:
        return ""
    try:
        return strict_text(to_bytes(item))
    except FormatError as error:
        raise VmFault(str(error)) from None


def size_of(item: StackItem) -> int | None:
    """How many items a compound has, or how many bytes another item; None for what has neither."""
    if isinstance(item, Compound):
        return len(item.entries if isinstance(item, Map) else item.elements())
    return len(to_bytes(item)) if isinstance(item, int | bytes | Buffer) else None


def check_item_size(frame: "Frame", size: int) -> None:
    """Raises VmFault for bytes of a size that no item may have."""
    most = frame.engine.limits.max_item_size
    if not 0 <= size <= most:
        raise VmFault(f"MaxItemSize exceed: {size}/{most}")


def checked(number: int) -> int:
    """The same number. Raises VmFault for one of more than 256 bits with its sign."""
    if not MIN_INTEGER <= number <= MAX_INTEGER:
        size = f"{(number if number >= 0 else ~number).bit_length() // 8 + 1} bytes"
        raise VmFault(
            f"Integer size {size} exceeds maximum allowed size of {MAX_INTEGER_SIZE} bytes. (Parameter 'value')"
        )
    return number


def checked_key(key: Key) -> Key:
    """The key as it is in `Map.entries`. Raises VmFault for one of more bytes than a map takes."""
    if type(key) is int:
        return key if -MAX_PLAIN_KEY <= key <= MAX_PLAIN_KEY else key_of_integer(key)
    if isinstance(key, bytes) and len(key) > MAX_KEY_SIZE:
        size, most = f"{len(key)} bytes", f"{MAX_KEY_SIZE} bytes"
        raise VmFault(f"Key size {size} exceeds maximum allowed size of {most}. (Parameter 'key')")
    return key


def convert(item: StackItem, target: int) -> StackItem:
    """The item as another type; itself where it is of that type already. Source: neo-vm, Types: ConvertTo."""
    if item is None:
        if target == StackItemType.Any or target not in TYPE_CODES:
            name = StackItemType.Any.name if target == StackItemType.Any else target
            raise VmFault(f"Type Null can't be converted to StackItemType: {name}")
        return None
    if target == TYPES[type(item)]:
        return item
    if target == StackItemType.Boolean:
        return to_boolean(item)
    if isinstance(item, int | bytes | Buffer):
        if target == StackItemType.ByteString:
            return bytes(to_bytes(item))
        if target == StackItemType.Buffer:
            return Buffer(to_bytes(item))
        if target == StackItemType.Integer:
            if not isinstance(item, Buffer):
                return to_integer(item)
            if len(item) <= MAX_INTEGER_SIZE:
                return integer_of(item)
    if isinstance(item, Array) and target in (StackItemType.Array, StackItemType.Struct):
        return (Struct if target == StackItemType.Struct else Array)(item.items)
    raise VmFault(INVALID_CAST)


def push(frame: "Frame", item: StackItem) -> None:
    """Put an item, whatever it is, on the stack and count it."""
    frame.stack.append(item)
    if type(item) is not int and isinstance(item, Compound):
        frame.counter.pushed(item)


def pop(frame: "Frame") -> StackItem:
    """Take the top of the stack, whatever it is, and count it no longer."""
    item = frame.stack.pop()
    if type(item) is not int and isinstance(item, Compound):
        if item.references > 1:  # as `popped` has it, a call less
            item.references -= 1
        else:
            frame.counter.popped(item)
    return item


def pop_boolean(frame: "Frame") -> bool:
    """Take the top of the stack as a truth."""
    item = frame.stack.pop()
    if item is True or item is False:
        return item
    if type(item) is bytes and len(item) <= MAX_INTEGER_SIZE:  # as `to_boolean` has it, a call less
        return item.strip(b"\0") != b""
    if isinstance(item, Compound):
        frame.counter.popped(item)
    return to_boolean(item)


def popping(conversion: Callable[[StackItem], T]) -> "Callable[[Frame], T]":
    """Take the top of the stack as what a conversion makes of it, which knows no compound: there is none to count."""
    return lambda frame: conversion(frame.stack.pop())


pop_integer = popping(to_integer)
pop_int32 = popping(to_int32)
pop_bytes = popping(to_bytes)


def pop_key(frame: "Frame") -> Key:
    """Take the top of the stack as an index of an array, or as a key that `checked_key` has yet to see."""
    item = frame.stack.pop()
    return item if type(item) is int or type(item) is bytes else key_of(item)


def pop_array(frame: "Frame") -> Array:
    """Take the top of the stack, which must be an Array or a Struct."""
    item = pop(frame)
    if not isinstance(item, Array):
        raise wrong_type("Array")
    return item

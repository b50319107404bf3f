"""Values as numbers, truths and bytes, and what pops them so. A value without the conversion is a VmFault."""

from typing import TYPE_CHECKING

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.faults import INT32_MAX, INVALID_CAST, wrong_type
from rpcnode.vm.items import (
    MAX_INTEGER,
    MAX_INTEGER_SIZE,
    MAX_KEY_SIZE,
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
    primitive_bytes,
)

if TYPE_CHECKING:
    from rpcnode.vm.frame import Frame


def to_integer(value: StackItem) -> int:
    """The number; of bytes at most 32. Buffers have none. Source: neo-vm, Types: GetInteger."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, bytes):
        if len(value) > MAX_INTEGER_SIZE:
            raise VmFault(
                "Can not convert ByteString to an integer, "
                f"MaxSize of Integer is exceeded: {len(value)}/{MAX_INTEGER_SIZE}."
            )
        return int.from_bytes(value, "little", signed=True)
    raise VmFault(INVALID_CAST)


def to_int32(value: StackItem) -> int:
    """The number, which must fit 32 bits."""
    number = to_integer(value)
    if not -INT32_MAX - 1 <= number <= INT32_MAX:
        raise VmFault("Value was either too large or too small for an Int32.")
    return number


def to_boolean(value: StackItem) -> bool:
    """The truth; of bytes at most 32. Source: neo-vm, Types: GetBoolean."""
    if isinstance(value, bytes):
        if len(value) > MAX_INTEGER_SIZE:
            raise VmFault(INVALID_CAST)
        return any(value)
    if value is None or isinstance(value, int):
        return bool(value)
    return True


def to_bytes(value: StackItem) -> bytes | bytearray:
    """The bytes of a primitive value, or a buffer's own, not copied. Source: neo-vm, Types: GetSpan."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, Buffer):
        return value
    if isinstance(value, int):
        return primitive_bytes(value)
    raise VmFault(INVALID_CAST)


def to_text(value: StackItem) -> str:
    """The bytes as UTF-8; Null has no characters. Source: neo-vm, Types: GetString."""
    if value is None:
        return ""
    data = to_bytes(value)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        bad = "".join(f"[{byte:02X}]" for byte in data[error.start : error.end])
        raise VmFault(
            f"Unable to translate bytes {bad} at index {error.start} from specified code page to Unicode."
        ) from None


def size_of(value: StackItem) -> int | None:
    """How many items a compound has, or how many bytes another value; None for what has neither."""
    if isinstance(value, Array):
        return len(value.items)
    if isinstance(value, Map):
        return len(value.entries)
    return len(to_bytes(value)) if isinstance(value, int | bytes | Buffer) else None


def check_item_size(frame: "Frame", size: int) -> None:
    """Raises VmFault for bytes of a size that no item may have."""
    most = frame.engine.limits.max_item_size
    if not 0 <= size <= most:
        raise VmFault(f"MaxItemSize exceed: {size}/{most}")


def checked(number: int) -> int:
    """The same number. Raises VmFault for one of more than 256 bits with its sign."""
    if not MIN_INTEGER <= number <= MAX_INTEGER:
        size = (number if number >= 0 else ~number).bit_length() // 8 + 1
        raise VmFault(
            f"Integer size {size} bytes exceeds maximum allowed size of {MAX_INTEGER_SIZE} bytes. (Parameter 'value')"
        )
    return number


def checked_key(key: Key) -> Key:
    """The same key. Raises VmFault for one of more bytes than a map takes."""
    if isinstance(key, bytes) and len(key) > MAX_KEY_SIZE:
        raise VmFault(
            f"Key size {len(key)} bytes exceeds maximum allowed size of {MAX_KEY_SIZE} bytes. (Parameter 'key')"
        )
    return key


def convert(value: StackItem, target: int) -> StackItem:
    """The value as another type; itself where it is of that type already. Source: neo-vm, Types: ConvertTo."""
    if value is None:
        if target == StackItemType.Any or target not in TYPE_CODES:
            name = StackItemType.Any.name if target == StackItemType.Any else str(target)
            raise VmFault(f"Type Null can't be converted to StackItemType: {name}")
        return None
    if target == TYPES[type(value)]:
        return value
    if target == StackItemType.Boolean:
        return to_boolean(value)
    if isinstance(value, int | bytes | Buffer):
        if target == StackItemType.Integer:
            return _buffer_integer(value) if isinstance(value, Buffer) else to_integer(value)
        if target == StackItemType.ByteString:
            return bytes(to_bytes(value))
        if target == StackItemType.Buffer:
            return Buffer(to_bytes(value))
    elif isinstance(value, Array):
        if target == StackItemType.Array:
            return Array(value.items)
        if target == StackItemType.Struct:
            return Struct(value.items)
    raise VmFault(INVALID_CAST)


def _buffer_integer(buffer: Buffer) -> int:
    if len(buffer) > MAX_INTEGER_SIZE:
        raise VmFault(INVALID_CAST)
    return integer_of(buffer)


def pop(frame: "Frame") -> StackItem:
    """Take the top of the stack, whatever it is, and count it no longer."""
    value = frame.stack.pop()
    if type(value) is not int and isinstance(value, Compound):
        if value.references > 1:  # as `popped` has it, a call less
            value.references -= 1
        else:
            frame.counter.popped(value)
    return value


def pop_integer(frame: "Frame") -> int:
    """Take the top of the stack as a number."""
    return to_integer(frame.stack.pop())


def pop_int32(frame: "Frame") -> int:
    """Take the top of the stack as a number of 32 bits."""
    return to_int32(frame.stack.pop())


def truth(frame: "Frame", value: StackItem) -> bool:
    """The truth of a value that was taken off the stack and is still counted."""
    if isinstance(value, Compound):
        frame.counter.popped(value)
        return True
    return to_boolean(value)


def pop_boolean(frame: "Frame") -> bool:
    """Take the top of the stack as a truth."""
    return truth(frame, frame.stack.pop())


def pop_bytes(frame: "Frame") -> bytes | bytearray:
    """Take the top of the stack as bytes."""
    return to_bytes(frame.stack.pop())


def pop_key(frame: "Frame") -> Key:
    """Take the top of the stack as a key; indices of arrays are keys as well."""
    value = frame.stack.pop()
    return value if type(value) is int or type(value) is bytes else key_of(value)


def pop_array(frame: "Frame") -> Array:
    """Take the top of the stack, which must be an Array or a Struct."""
    value = pop(frame)
    if not isinstance(value, Array):
        raise wrong_type("Array")
    return value


def pop_map(frame: "Frame") -> Map:
    """Take the top of the stack, which must be a Map."""
    value = pop(frame)
    if not isinstance(value, Map):
        raise wrong_type("Map")
    return value


def push(frame: "Frame", value: StackItem) -> None:
    """Put a value, whatever it is, on the stack and count it."""
    frame.stack.append(value)
    if type(value) is not int and isinstance(value, Compound):
        frame.counter.pushed(value)

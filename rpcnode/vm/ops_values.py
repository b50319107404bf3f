"""Numbers, bits, truths, bytes, types. Source of all: neo-vm, JumpTable.Numeric, .Bitwisee, .Splice, .Types.

Rows of one shape are made by a function of that shape. The commonest shapes look at the types themselves and convert
only what is not yet a number, which is quicker; INC, ADD and SUB are written out for the same reason: a call less each.
"""

import operator
from collections.abc import Callable
from math import isqrt

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import Operation
from rpcnode.vm.conversions import (
    check_item_size,
    checked,
    convert,
    pop,
    pop_boolean,
    pop_bytes,
    pop_int32,
    pop_integer,
    push,
    to_integer,
)
from rpcnode.vm.faults import DIVIDE_BY_ZERO, INT32_MAX, OVERFLOW, bad_argument, wrong_type
from rpcnode.vm.items import MAX_INTEGER, TYPE_CODES, Buffer, StackItemType, type_of
from rpcnode.vm.machine import Frame

SURE_BITS = 256  # a number of fewer bits than these has no more than 256 with its sign


def unary(compute: Callable[[int], int]) -> Operation:
    """Push what a number becomes."""

    def operation(frame: Frame, operand: None) -> None:
        number = frame.stack.pop()  # POP
        result = compute(number if type(number) is int else to_integer(number))
        frame.stack.append(result if result.bit_length() < SURE_BITS else checked(result))  # CHECK, PUSH

    return operation


def binary(compute: Callable[[int, int], int]) -> Operation:
    """Push what two numbers become; the second is the top."""

    def operation(frame: Frame, operand: None) -> None:
        stack = frame.stack
        right = stack.pop()  # POP
        if type(right) is not int:
            right = to_integer(right)
        left = stack.pop()
        result = compute(left if type(left) is int else to_integer(left), right)
        stack.append(result if result.bit_length() < SURE_BITS else checked(result))  # CHECK, PUSH

    return operation


def ternary(compute: Callable[[int, int, int], int]) -> Operation:
    """Push what three numbers become; the third is the top."""

    def operation(frame: Frame, operand: None) -> None:
        third, second, first = pop_integer(frame), pop_integer(frame), pop_integer(frame)  # POP
        frame.stack.append(checked(compute(first, second, third)))  # CHECK, PUSH

    return operation


def shift(compute: Callable[[int, int], int]) -> Operation:
    """Push what a number becomes by the top, which has a limit."""

    def operation(frame: Frame, operand: None) -> None:
        count, most = pop_int32(frame), frame.engine.limits.max_shift  # POP
        if not 0 <= count <= most:  # CHECK
            raise VmFault(f"Invalid shift value: {count}/{most}")
        number = pop_integer(frame)  # POP
        frame.stack.append(checked(compute(number, count)))  # CHECK, PUSH

    return operation


def comparison(holds: Callable[[int, int], bool]) -> Operation:
    """Push whether the lower number compares so with the top; with Null, none does."""

    def operation(frame: Frame, operand: None) -> None:
        right, left = pop(frame), pop(frame)  # POP
        if type(left) is int and type(right) is int:  # PUSH
            frame.stack.append(holds(left, right))
        else:
            is_one_null = left is None or right is None
            frame.stack.append(not is_one_null and holds(to_integer(left), to_integer(right)))

    return operation


def truths(holds: Callable[[bool, bool], bool]) -> Operation:
    """Push what two truths become."""

    def operation(frame: Frame, operand: None) -> None:
        right, left = pop_boolean(frame), pop_boolean(frame)  # POP
        frame.stack.append(holds(left, right))  # PUSH

    return operation


def equality(is_wanted: bool) -> Operation:
    """Push whether two items are equal, or are not: type and value, or identity where they have one."""

    def operation(frame: Frame, operand: None) -> None:
        right, left = pop(frame), pop(frame)  # POP
        frame.stack.append(frame.engine.equality.equals(left, right) is is_wanted)  # PUSH

    return operation


def quotient(left: int, right: int) -> int:
    """The quotient rounded to zero, where Python's rounds down. Raises VmFault for a divisor of 0."""
    if right == 0:
        raise VmFault(DIVIDE_BY_ZERO)
    result = abs(left) // abs(right)
    return result if (left < 0) == (right < 0) else -result


def remainder(left: int, right: int) -> int:
    """The remainder, which has the sign of what was divided."""
    return left - right * quotient(left, right)


def square_root(number: int) -> int:
    """The square root, rounded down."""
    if number < 0:
        raise VmFault("value can not be negative")
    return isqrt(number)


def modular_power(number: int, exponent: int, modulus: int) -> int:
    """The remainder of a power, which has the power's sign; for the exponent -1, what times `number` leaves 1.

    Source: .NET, BigInteger.ModPow; neo-vm, Utility.ModInverse.
    """
    if exponent == -1:
        return inverse(number, modulus)
    if exponent < 0:
        raise bad_argument("exponent", -1, "a non-negative value")  # of the exponent, .NET looks at the sign only
    if modulus == 0:
        raise VmFault(DIVIDE_BY_ZERO)
    result = pow(abs(number), exponent, abs(modulus))
    return -result if number < 0 and exponent & 1 else result


def inverse(number: int, modulus: int) -> int:
    """What times `number` leaves 1."""
    if number <= 0:
        raise bad_argument("value", number, "a non-negative and non-zero value")
    if modulus < 2:
        raise bad_argument("modulus", modulus, "greater than or equal to '2'")
    try:
        return pow(number, -1, modulus)
    except ValueError:
        raise VmFault("Operation is not valid due to the current state of the object.") from None


op_invert = unary(operator.invert)
op_and = binary(operator.and_)
op_or = binary(operator.or_)
op_xor = binary(operator.xor)
op_equal = equality(True)
op_notequal = equality(False)
op_sign = unary(lambda number: (number > 0) - (number < 0))
op_abs = unary(abs)
op_negate = unary(operator.neg)
op_dec = unary(lambda number: number - 1)
op_mul = binary(operator.mul)
op_div = binary(quotient)
op_mod = binary(remainder)
op_pow = shift(operator.pow)
op_sqrt = unary(square_root)
op_modmul = ternary(lambda left, right, modulus: remainder(left * right, modulus))
op_modpow = ternary(modular_power)
op_shl = shift(operator.lshift)
op_shr = shift(operator.rshift)
op_booland = truths(operator.and_)
op_boolor = truths(operator.or_)
op_nz = unary(bool)
op_numequal = binary(operator.eq)
op_numnotequal = binary(operator.ne)
op_lt = comparison(operator.lt)
op_le = comparison(operator.le)
op_gt = comparison(operator.gt)
op_ge = comparison(operator.ge)
op_min = binary(min)
op_max = binary(max)
op_within = ternary(lambda number, lower, upper: lower <= number < upper)


def op_not(frame: Frame, operand: None) -> None:
    """Push the opposite of a truth."""
    frame.stack.append(not pop_boolean(frame))  # POP, PUSH


def op_inc(frame: Frame, operand: None) -> None:
    """Push a number and one."""
    number = frame.stack.pop()  # POP
    if type(number) is not int:
        number = to_integer(number)
    frame.stack.append(number + 1 if number < MAX_INTEGER else checked(number + 1))  # CHECK, PUSH


def op_add(frame: Frame, operand: None) -> None:
    """Push the sum."""
    stack = frame.stack
    right = stack.pop()  # POP
    if type(right) is not int:
        right = to_integer(right)
    left = stack.pop()
    result = (left if type(left) is int else to_integer(left)) + right
    stack.append(result if result.bit_length() < SURE_BITS else checked(result))  # CHECK, PUSH


def op_sub(frame: Frame, operand: None) -> None:
    """Push the difference, the top from what is below it."""
    stack = frame.stack
    right = stack.pop()  # POP
    if type(right) is not int:
        right = to_integer(right)
    left = stack.pop()
    result = (left if type(left) is int else to_integer(left)) - right
    stack.append(result if result.bit_length() < SURE_BITS else checked(result))  # CHECK, PUSH


def op_newbuffer(frame: Frame, operand: None) -> None:
    """Push a buffer of `size` zeros."""
    size = pop_int32(frame)  # POP
    check_item_size(frame, size)  # CHECK
    frame.stack.append(Buffer(size))  # PUSH


def op_memcpy(frame: Frame, operand: None) -> None:
    """Copy `count` bytes from an index of one item to an index of a buffer."""
    count = not_negative(pop_int32(frame), "The count can not be negative for MEMCPY, count")  # POP
    source_index = not_negative(pop_int32(frame), "The source index can not be negative for MEMCPY, index")
    source = pop_bytes(frame)
    if sum_int32(source_index, count) > len(source):  # CHECK
        asked = f"index: {source_index}, count: {count}, {source_index}/[0, {len(source)}]"
        raise VmFault(f"The source index + count is out of range for MEMCPY, {asked}.")
    index = pop_int32(frame)  # POP
    # neo-vm quirk: names the source's index here.
    not_negative(index, "The destination index can not be negative for MEMCPY, index", source_index)
    buffer = pop(frame)
    if not isinstance(buffer, Buffer):  # CHECK
        raise wrong_type("Buffer")
    if sum_int32(index, count) > len(buffer):
        asked = f"index: {index}, count: {count}, {index}/[0, {len(buffer)}]"
        raise VmFault(f"The destination index + count is out of range for MEMCPY, {asked}.")
    buffer[index : index + count] = source[source_index : source_index + count]  # PUT
    frame.engine.texts.clear()


def op_cat(frame: Frame, operand: None) -> None:
    """Push the bytes of two items as one buffer."""
    right, left = pop_bytes(frame), pop_bytes(frame)  # POP
    check_item_size(frame, len(left) + len(right))  # CHECK
    frame.stack.append(Buffer(left + right))  # PUSH


def op_substr(frame: Frame, operand: None) -> None:
    """Push `count` bytes from an index as a buffer."""
    count = not_negative(pop_int32(frame), "The count can not be negative for SUBSTR, count")  # POP
    index = not_negative(pop_int32(frame), "The index can not be negative for SUBSTR, index")
    data = pop_bytes(frame)
    end = sum_int32(index, count)  # CHECK
    if end > len(data):
        asked = f"index: {index}, count: {count}, {end}/[0, {len(data)}]"
        raise VmFault(f"The index + count is out of range for SUBSTR, {asked}.")
    frame.stack.append(Buffer(data[index:end]))  # PUSH


def cutting(opcode: str, is_left: bool) -> Operation:
    """Push the first or the last `count` bytes as a buffer."""

    def operation(frame: Frame, operand: None) -> None:
        count = not_negative(pop_int32(frame), f"The count can not be negative for {opcode}, count")  # POP
        data = pop_bytes(frame)
        if count > len(data):  # CHECK
            raise VmFault(f"The count is out of range for {opcode}, {count}/[0, {len(data)}].")
        frame.stack.append(Buffer(data[:count] if is_left else data[len(data) - count :]))  # PUSH

    return operation


op_left = cutting("LEFT", True)
op_right = cutting("RIGHT", False)


def not_negative(number: int, complaint: str, shown: int | None = None) -> int:
    """The same number. Raises VmFault for one below zero; the complaint ends with it, or with `shown`."""
    if number < 0:
        raise VmFault(f"{complaint}: {number if shown is None else shown}.")
    return number


def sum_int32(index: int, count: int) -> int:
    """The sum of two numbers. Raises VmFault for one that does not fit 32 bits."""
    if index + count > INT32_MAX:
        raise VmFault(OVERFLOW)
    return index + count


def op_isnull(frame: Frame, operand: None) -> None:
    """Push whether the top is Null."""
    frame.stack.append(pop(frame) is None)  # POP, PUSH


def op_istype(frame: Frame, kind: int) -> None:
    """Push whether the top is of a type."""
    item = pop(frame)  # POP
    if kind == StackItemType.Any or kind not in TYPE_CODES:  # CHECK
        raise VmFault(f"Invalid type: {StackItemType.Any.name if kind == StackItemType.Any else kind}")
    frame.stack.append(type_of(item) == kind)  # PUSH


def op_convert(frame: Frame, kind: int) -> None:
    """Push the top as another type."""
    push(frame, convert(pop(frame), kind))  # POP, CHECK, PUSH

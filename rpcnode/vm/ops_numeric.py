"""Numbers and truths. Source of all: neo-vm, JumpTable.Numeric.

Rows of one shape are made by a function of that shape. The commonest operations look at the types themselves, and
convert only what is not yet a number: two calls less each.
"""

import operator
from collections.abc import Callable
from math import isqrt

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import Operation
from rpcnode.vm.conversions import checked, pop, pop_boolean, pop_int32, pop_integer, to_integer
from rpcnode.vm.faults import DIVIDE_BY_ZERO
from rpcnode.vm.frame import Frame
from rpcnode.vm.values import MAX_INTEGER, MIN_INTEGER


def unary(compute: Callable[[int], int]) -> Operation:
    """Push what a number becomes."""

    def operation(frame: Frame, operand: None) -> None:
        # POP
        number = pop_integer(frame)
        # PUSH
        frame.stack.append(checked(compute(number)))

    return operation


def binary(compute: Callable[[int, int], int]) -> Operation:
    """Push what two numbers become; the second is the top."""

    def operation(frame: Frame, operand: None) -> None:
        # POP
        right, left = pop_integer(frame), pop_integer(frame)
        # PUSH
        frame.stack.append(checked(compute(left, right)))

    return operation


def comparison(holds: Callable[[int, int], bool]) -> Operation:
    """Push whether the lower number compares so with the top; with Null, none does."""

    def operation(frame: Frame, operand: None) -> None:
        # POP
        right, left = pop(frame), pop(frame)
        # PUSH
        is_one_null = right is None or left is None
        frame.stack.append(not is_one_null and holds(to_integer(left), to_integer(right)))

    return operation


def sign(number: int) -> int:
    """-1, 0 or 1."""
    return (number > 0) - (number < 0)


def quotient(left: int, right: int) -> int:
    """The quotient rounded to zero, where Python's rounds down. Raises VmFault for a divisor of 0."""
    if right == 0:
        raise VmFault(DIVIDE_BY_ZERO)
    result = abs(left) // abs(right)
    return result if (left < 0) == (right < 0) else -result


def remainder(left: int, right: int) -> int:
    """The remainder, which has the sign of what was divided."""
    return left - right * quotient(left, right)


op_sign = unary(sign)
op_abs = unary(abs)
op_negate = unary(operator.neg)
op_div = binary(quotient)
op_mod = binary(remainder)
op_nz = unary(bool)
op_numequal = binary(operator.eq)
op_numnotequal = binary(operator.ne)
op_lt = comparison(operator.lt)
op_le = comparison(operator.le)
op_gt = comparison(operator.gt)
op_ge = comparison(operator.ge)
op_min = binary(min)
op_max = binary(max)


def op_inc(frame: Frame, operand: None) -> None:
    """Push a number and one."""
    # POP
    number = frame.stack.pop()
    if type(number) is not int:
        number = to_integer(number)
    # PUSH
    frame.stack.append(number + 1 if number < MAX_INTEGER else checked(number + 1))


def op_dec(frame: Frame, operand: None) -> None:
    """Push a number less one."""
    # POP
    number = frame.stack.pop()
    if type(number) is not int:
        number = to_integer(number)
    # PUSH
    frame.stack.append(number - 1 if number > MIN_INTEGER else checked(number - 1))


def op_add(frame: Frame, operand: None) -> None:
    """Push the sum."""
    stack = frame.stack
    # POP
    right, left = stack.pop(), stack.pop()
    if type(right) is not int or type(left) is not int:
        right, left = to_integer(right), to_integer(left)
    # PUSH
    result = left + right
    stack.append(result if MIN_INTEGER <= result <= MAX_INTEGER else checked(result))


def op_sub(frame: Frame, operand: None) -> None:
    """Push the difference, the top from what is below it."""
    stack = frame.stack
    # POP
    right, left = stack.pop(), stack.pop()
    if type(right) is not int or type(left) is not int:
        right, left = to_integer(right), to_integer(left)
    # PUSH
    result = left - right
    stack.append(result if MIN_INTEGER <= result <= MAX_INTEGER else checked(result))


def op_mul(frame: Frame, operand: None) -> None:
    """Push the product."""
    stack = frame.stack
    # POP
    right, left = stack.pop(), stack.pop()
    if type(right) is not int or type(left) is not int:
        right, left = to_integer(right), to_integer(left)
    # PUSH
    result = left * right
    stack.append(result if MIN_INTEGER <= result <= MAX_INTEGER else checked(result))


def op_pow(frame: Frame, operand: None) -> None:
    """Push a number to the power of the top."""
    # POP
    exponent = checked_shift(frame, pop_int32(frame))
    number = pop_integer(frame)
    # PUSH
    frame.stack.append(checked(number**exponent))


def op_sqrt(frame: Frame, operand: None) -> None:
    """Push the square root, rounded down."""
    # POP
    number = pop_integer(frame)
    # CHECK
    if number < 0:
        raise VmFault("value can not be negative")
    # PUSH
    frame.stack.append(isqrt(number))


def op_modmul(frame: Frame, operand: None) -> None:
    """Push the remainder of a product, which has the product's sign."""
    # POP
    modulus, right, left = pop_integer(frame), pop_integer(frame), pop_integer(frame)
    # PUSH
    frame.stack.append(remainder(left * right, modulus))


def op_modpow(frame: Frame, operand: None) -> None:
    """Push the remainder of a power, which has the power's sign; for the exponent -1, the modular inverse."""
    # POP
    modulus, exponent, number = pop_integer(frame), pop_integer(frame), pop_integer(frame)
    # PUSH
    frame.stack.append(inverse(number, modulus) if exponent == -1 else power(number, exponent, modulus))


def op_shl(frame: Frame, operand: None) -> None:
    """Push a number shifted to the left, which multiplies it."""
    # POP
    shift = checked_shift(frame, pop_int32(frame))
    number = pop_integer(frame)
    # PUSH
    frame.stack.append(checked(number << shift))


def op_shr(frame: Frame, operand: None) -> None:
    """Push a number shifted to the right, which divides it and rounds down."""
    # POP
    shift = checked_shift(frame, pop_int32(frame))
    number = pop_integer(frame)
    # PUSH
    frame.stack.append(number >> shift)


def op_not(frame: Frame, operand: None) -> None:
    """Push the opposite of a truth."""
    # POP
    condition = pop_boolean(frame)
    # PUSH
    frame.stack.append(not condition)


def op_booland(frame: Frame, operand: None) -> None:
    """Push whether both are true."""
    # POP
    right, left = pop_boolean(frame), pop_boolean(frame)
    # PUSH
    frame.stack.append(left and right)


def op_boolor(frame: Frame, operand: None) -> None:
    """Push whether one of them is true."""
    # POP
    right, left = pop_boolean(frame), pop_boolean(frame)
    # PUSH
    frame.stack.append(left or right)


def op_within(frame: Frame, operand: None) -> None:
    """Push whether a number is in a range, whose upper end is the top and not in it."""
    # POP
    upper, lower, number = pop_integer(frame), pop_integer(frame), pop_integer(frame)
    # PUSH
    frame.stack.append(lower <= number < upper)


def checked_shift(frame: Frame, shift: int) -> int:
    """The same shift or exponent. Raises VmFault for one past the limit."""
    most = frame.engine.limits.max_shift
    if not 0 <= shift <= most:
        raise VmFault(f"Invalid shift value: {shift}/{most}")
    return shift


def power(number: int, exponent: int, modulus: int) -> int:
    """The remainder of a power, as .NET's BigInteger.ModPow has it."""
    if exponent < 0:
        raise VmFault(f"exponent ('{exponent}') must be a non-negative value. (Parameter 'exponent')")
    if modulus == 0:
        raise VmFault(DIVIDE_BY_ZERO)
    result = pow(abs(number), exponent, abs(modulus))
    return -result if number < 0 and exponent & 1 else result


def inverse(number: int, modulus: int) -> int:
    """What times `number` leaves 1. Source: neo-vm, Utility.ModInverse."""
    if number <= 0:
        raise VmFault(f"value ('{number}') must be a non-negative and non-zero value. (Parameter 'value')")
    if modulus < 2:
        raise VmFault(f"modulus ('{modulus}') must be greater than or equal to '2'. (Parameter 'modulus')")
    try:
        return pow(number, -1, modulus)
    except ValueError:
        raise VmFault("Operation is not valid due to the current state of the object.") from None

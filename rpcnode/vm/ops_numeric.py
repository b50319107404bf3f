"""Numbers, bits and truths. Source of all: neo-vm, JumpTable.Numeric and JumpTable.Bitwisee.

Rows of one shape are made by a function of that shape. It looks at the types itself, and converts only what is not yet
a number, which is quicker. The commonest rows are written out: a call less each.
"""

import operator
from collections.abc import Callable
from math import isqrt

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import Operation
from rpcnode.vm.conversions import checked, pop, pop_boolean, pop_int32, pop_integer, to_integer
from rpcnode.vm.equality import equals
from rpcnode.vm.faults import DIVIDE_BY_ZERO
from rpcnode.vm.frame import Frame
from rpcnode.vm.items import MAX_INTEGER, MIN_INTEGER


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
        stack = frame.stack
        # POP
        right = stack.pop()
        if type(right) is not int:
            right = to_integer(right)
        left = stack.pop()
        if type(left) is not int:
            left = to_integer(left)
        # PUSH
        result = compute(left, right)
        stack.append(result if result.bit_length() < 256 else checked(result))

    return operation


def ternary(compute: Callable[[int, int, int], int]) -> Operation:
    """Push what three numbers become; the third is the top."""

    def operation(frame: Frame, operand: None) -> None:
        # POP
        third, second, first = pop_integer(frame), pop_integer(frame), pop_integer(frame)
        # PUSH
        frame.stack.append(checked(compute(first, second, third)))

    return operation


def shift(compute: Callable[[int, int], int]) -> Operation:
    """Push what a number becomes by the top, which has a limit."""

    def operation(frame: Frame, operand: None) -> None:
        # POP
        count = pop_int32(frame)
        most = frame.engine.limits.max_shift
        if not 0 <= count <= most:
            raise VmFault(f"Invalid shift value: {count}/{most}")
        number = pop_integer(frame)
        # PUSH
        frame.stack.append(checked(compute(number, count)))

    return operation


def comparison(holds: Callable[[int, int], bool]) -> Operation:
    """Push whether the lower number compares so with the top; with Null, none does."""

    def operation(frame: Frame, operand: None) -> None:
        # POP
        right, left = pop(frame), pop(frame)
        # PUSH
        if type(left) is int and type(right) is int:
            frame.stack.append(holds(left, right))
        else:
            is_one_null = right is None or left is None
            frame.stack.append(not is_one_null and holds(to_integer(left), to_integer(right)))

    return operation


def truths(holds: Callable[[bool, bool], bool]) -> Operation:
    """Push what two truths become."""

    def operation(frame: Frame, operand: None) -> None:
        # POP
        right, left = pop_boolean(frame), pop_boolean(frame)
        # PUSH
        frame.stack.append(holds(left, right))

    return operation


def equality(is_wanted: bool) -> Operation:
    """Push whether two items are equal, or are not: type and value, or identity where they have one."""

    def operation(frame: Frame, operand: None) -> None:
        # POP
        right, left = pop(frame), pop(frame)
        # PUSH
        frame.stack.append(equals(left, right, frame.engine.limits) is is_wanted)

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
        raise VmFault(f"exponent ('{exponent}') must be a non-negative value. (Parameter 'exponent')")
    if modulus == 0:
        raise VmFault(DIVIDE_BY_ZERO)
    result = pow(abs(number), exponent, abs(modulus))
    return -result if number < 0 and exponent & 1 else result


def inverse(number: int, modulus: int) -> int:
    """What times `number` leaves 1."""
    if number <= 0:
        raise VmFault(f"value ('{number}') must be a non-negative and non-zero value. (Parameter 'value')")
    if modulus < 2:
        raise VmFault(f"modulus ('{modulus}') must be greater than or equal to '2'. (Parameter 'modulus')")
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
op_sign = unary(sign)
op_abs = unary(abs)
op_negate = unary(operator.neg)
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
    # POP
    condition = pop_boolean(frame)
    # PUSH
    frame.stack.append(not condition)


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
    right = stack.pop()
    if type(right) is not int:
        right = to_integer(right)
    left = stack.pop()
    if type(left) is not int:
        left = to_integer(left)
    # PUSH
    result = left + right
    stack.append(result if result.bit_length() < 256 else checked(result))


def op_sub(frame: Frame, operand: None) -> None:
    """Push the difference, the top from what is below it."""
    stack = frame.stack
    # POP
    right = stack.pop()
    if type(right) is not int:
        right = to_integer(right)
    left = stack.pop()
    if type(left) is not int:
        left = to_integer(left)
    # PUSH
    result = left - right
    stack.append(result if result.bit_length() < 256 else checked(result))

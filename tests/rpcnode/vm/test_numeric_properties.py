"""Arithmetic against Python's integers, and .NET's rules where they differ."""

import math
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from rpcnode.execution.scripts import script_of
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.items import MAX_INTEGER, MIN_INTEGER, StackItem
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import ScriptBuilder

integers = st.integers(MIN_INTEGER, MAX_INTEGER) | st.integers(-300, 300)
truths = st.sampled_from(
    [(True, True), (False, False), (None, False), (0, False), (5, True), (b"\x00", False), (b"a", True)]
)


def result(opcode: Opcode, *operands: StackItem) -> StackItem:
    """What the operation leaves, or None where it faults."""
    builder = ScriptBuilder()
    for operand in operands:
        assert operand is None or isinstance(operand, bool | int | bytes)
        builder.push(operand)
    engine = Engine()
    engine.load_script(script_of(builder.op(opcode).to_bytes()))
    if engine.execute() is VmState.FAULT:
        return None
    (item,) = engine.results
    return item


def in_range(number: int) -> int | None:
    return number if MIN_INTEGER <= number <= MAX_INTEGER else None


@given(integers, integers)
def test_sums_products_and_bits_are_pythons(left: int, right: int) -> None:
    assert result(Opcode.ADD, left, right) == in_range(left + right)
    assert result(Opcode.SUB, left, right) == in_range(left - right)
    assert result(Opcode.MUL, left, right) == in_range(left * right)
    assert result(Opcode.AND, left, right) == left & right
    assert result(Opcode.OR, left, right) == left | right
    assert result(Opcode.XOR, left, right) == left ^ right


@given(integers)
def test_operations_on_one_number_are_pythons(number: int) -> None:
    assert result(Opcode.INC, number) == in_range(number + 1)
    assert result(Opcode.DEC, number) == in_range(number - 1)
    assert result(Opcode.NEGATE, number) == in_range(-number)
    assert result(Opcode.ABS, number) == in_range(abs(number))
    assert result(Opcode.INVERT, number) == -1 - number
    assert result(Opcode.SIGN, number) == (0 if number == 0 else math.copysign(1, number))
    assert result(Opcode.NZ, number) is (number != 0)


@given(integers, integers)
def test_comparisons_are_pythons(left: int, right: int) -> None:
    assert result(Opcode.LT, left, right) is (left < right)
    assert result(Opcode.LE, left, right) is (left <= right)
    assert result(Opcode.GT, left, right) is (left > right)
    assert result(Opcode.GE, left, right) is (left >= right)
    assert result(Opcode.NUMEQUAL, left, right) is (left == right)
    assert result(Opcode.NUMNOTEQUAL, left, right) is (left != right)
    assert result(Opcode.MIN, left, right) == sorted((left, right))[0]
    assert result(Opcode.MAX, left, right) == sorted((left, right))[1]


@given(integers, integers)
def test_quotients_are_cut_off_and_remainders_make_up_for_it(left: int, right: int) -> None:
    assume(right != 0)
    quotient = math.trunc(Fraction(left, right))
    assert result(Opcode.DIV, left, right) == in_range(quotient)
    assert result(Opcode.MOD, left, right) == left - quotient * right


@given(integers, st.integers(-5, 260))
def test_shifts_multiply_and_divide_by_powers_of_two(number: int, shift: int) -> None:
    allowed = 0 <= shift <= 256
    assert result(Opcode.SHL, number, shift) == (in_range(number * 2**shift) if allowed else None)
    assert result(Opcode.SHR, number, shift) == (math.floor(Fraction(number, 2**shift)) if allowed else None)


@given(st.integers(-300, 300), st.integers(-2, 258))
def test_powers_are_pythons_up_to_256(number: int, exponent: int) -> None:
    assert result(Opcode.POW, number, exponent) == (in_range(number**exponent) if 0 <= exponent <= 256 else None)


@given(integers)
def test_square_roots_are_rounded_down(number: int) -> None:
    root = result(Opcode.SQRT, number)
    if number < 0:
        assert root is None
    else:
        assert isinstance(root, int)
        assert root**2 <= number < (root + 1) ** 2


@given(integers, integers, integers)
def test_products_modulo_have_the_sign_of_the_product(left: int, right: int, modulus: int) -> None:
    assume(modulus != 0)
    product = left * right
    assert result(Opcode.MODMUL, left, right, modulus) == product - math.trunc(Fraction(product, modulus)) * modulus


@given(integers, st.integers(0, 40), integers)
def test_powers_modulo_have_the_sign_of_the_power(number: int, exponent: int, modulus: int) -> None:
    assume(modulus != 0)
    power = number**exponent
    expected = power - math.trunc(Fraction(power, modulus)) * modulus
    assert result(Opcode.MODPOW, number, exponent, modulus) == expected


@given(st.integers(1, 10**6), st.integers(2, 10**6))
def test_an_inverse_times_its_number_leaves_one(number: int, modulus: int) -> None:
    inverse = result(Opcode.MODPOW, number, -1, modulus)
    if math.gcd(number, modulus) == 1:
        assert isinstance(inverse, int)
        assert 0 <= inverse < modulus
        assert number * inverse % modulus == 1
    else:
        assert inverse is None


@given(integers, integers, integers)
def test_a_range_has_its_lower_end_and_not_its_upper(number: int, lower: int, upper: int) -> None:
    assert result(Opcode.WITHIN, number, lower, upper) is (number >= lower and number < upper)


@given(truths, truths)
def test_truths_are_combined(left: tuple[StackItem, bool], right: tuple[StackItem, bool]) -> None:
    assert result(Opcode.BOOLAND, left[0], right[0]) is (left[1] and right[1])
    assert result(Opcode.BOOLOR, left[0], right[0]) is (left[1] or right[1])
    assert result(Opcode.NOT, left[0]) is not left[1]


@given(st.binary(max_size=40))
def test_bytes_are_little_endian_numbers_of_at_most_32_bytes(data: bytes) -> None:
    expected = int.from_bytes(data, "little", signed=True) if len(data) <= 32 else None
    assert result(Opcode.ABS, data) == (None if expected is None else in_range(abs(expected)))

from typing import cast

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rpcnode.natives.crypto.bls import fp12
from rpcnode.natives.crypto.bls.fp2 import ONE2, Fp2, P, invert2, multiply2, power2, root2, square2
from rpcnode.natives.crypto.bls.fp12 import ONE, Fp12, conjugate, frobenius, invert, multiply, power, square
from tests import part_of

numbers = st.one_of(st.integers(0, P - 1), st.integers(0, 3), st.integers(P - 3, P - 1))
pairs = st.tuples(numbers, numbers)
elements = st.tuples(*[numbers] * 12).map(lambda given: cast(Fp12, given))


@settings(max_examples=part_of(30))
@given(pairs)
def test_roots_square_to_what_they_are_of_and_squares_have_them(a: Fp2) -> None:
    root, of_square = root2(a), root2(square2(a))
    assert root is None or square2(root) == a
    assert of_square is not None
    assert square2(of_square) == square2(a)
    # Euler: what has no root gives -1.
    assert (root is None) == (power2(a, (P * P - 1) // 2) == (P - 1, 0))


@given(pairs)
def test_an_element_times_its_inverse_is_one(a: Fp2) -> None:
    assume(a != (0, 0))
    assert multiply2(a, invert2(a)) == ONE2


@settings(max_examples=part_of(30))
@given(elements, elements, elements)
def test_the_large_field_is_one(a: Fp12, b: Fp12, c: Fp12) -> None:
    assert multiply(multiply(a, b), c) == multiply(a, multiply(b, c))
    assert multiply(a, b) == multiply(b, a)
    assert square(a) == multiply(a, a)
    assert any(a) is False or multiply(a, invert(a)) == ONE
    assert fp12.parse(fp12.serialize(a)) == a


@settings(max_examples=part_of(20))
@given(elements)
def test_the_frobenius_map_is_the_power_by_the_prime(a: Fp12) -> None:
    assert frobenius(a) == power(a, P)
    six = a
    for _ in range(6):
        six = frobenius(six)
    assert six == conjugate(a)


@given(elements, pairs, pairs, numbers)
def test_a_line_is_an_element_with_five_numbers(a: Fp12, constant: Fp2, of_v: Fp2, of_vw: int) -> None:
    line = (*constant, *of_v, 0, 0, 0, 0, of_vw, 0, 0, 0)
    assert fp12.multiply_by_line(a, constant, of_v, of_vw) == multiply(a, line)


@given(elements)
def test_squares_in_the_cyclotomic_subgroup_are_squares(a: Fp12) -> None:
    assume(any(a))
    unit = multiply(conjugate(a), invert(a))
    unit = multiply(frobenius(frobenius(unit)), unit)
    assert fp12.cyclotomic_square(unit) == square(unit)
    assert multiply(unit, conjugate(unit)) == ONE

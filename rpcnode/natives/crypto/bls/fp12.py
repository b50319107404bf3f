"""The field that pairings end in, as the tower Fp2, Fp6, Fp12: v³ = u + 1, w² = v.

An element of Fp6 is six numbers, x0 + y0·u, then those of v and of v²; one of Fp12 is twelve, Fp6's and then those of
w. What ends in `wide` is not reduced modulo the prime: Python's numbers have room, and one reduction at the end is
cheaper than one after each step. Source: https://eprint.iacr.org/2006/471 (Karatsuba), and for squares in the
cyclotomic subgroup https://eprint.iacr.org/2009/565.
"""

from typing import Final

from rpcnode.natives.crypto.bls.fp2 import P, conjugate2, invert2, multiply2, power2

Fp6 = tuple[int, int, int, int, int, int]
Fp12 = tuple[int, int, int, int, int, int, int, int, int, int, int, int]

ONE: Final[Fp12] = (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
SIZE: Final = 576

_XI: Final = (1, 1)
_FROBENIUS: Final = tuple(power2(_XI, power * (P - 1) // 6) for power in range(6))
"""What the P-th power multiplies the coefficient of each power of w by."""


def parse(data: bytes) -> Fp12 | None:
    """The element in 576 bytes, its last number first; None if a number is not below the prime."""
    numbers = [int.from_bytes(data[start : start + 48], "big") for start in range(SIZE - 48, -48, -48)]
    return None if max(numbers) >= P else _fp12(numbers)


def serialize(element: Fp12) -> bytes:
    """The 576 bytes of an element."""
    return b"".join(number.to_bytes(48, "big") for number in reversed(element))


def multiply(a: Fp12, b: Fp12) -> Fp12:
    a0, a1, b0, b1 = a[:6], a[6:], b[:6], b[6:]
    low, high = _multiply_wide(a0, b0), _multiply_wide(a1, b1)
    both = _multiply_wide(_add_wide(a0, a1), _add_wide(b0, b1))
    return _joined(low, high, both)


def square(a: Fp12) -> Fp12:
    a0, a1 = a[:6], a[6:]
    x0, y0, x1, y1, x2, y2 = a1
    product = _multiply_wide(a0, a1)
    both = _multiply_wide(_add_wide(a0, a1), _add_wide(a0, (x2 - y2, x2 + y2, x0, y0, x1, y1)))
    p0, q0, p1, q1, p2, q2 = product
    return (
        (both[0] - p0 - p2 + q2) % P,
        (both[1] - q0 - p2 - q2) % P,
        (both[2] - p1 - p0) % P,
        (both[3] - q1 - q0) % P,
        (both[4] - p2 - p1) % P,
        (both[5] - q2 - q1) % P,
        2 * p0 % P,
        2 * q0 % P,
        2 * p1 % P,
        2 * q1 % P,
        2 * p2 % P,
        2 * q2 % P,
    )


def power(a: Fp12, exponent: int) -> Fp12:
    """A power with an exponent of 0 or more; 1 if that is 0, whatever the element is."""
    if exponent == 0:
        return ONE
    powers = [ONE, a]
    for _ in range(14):
        powers.append(multiply(powers[-1], a))
    digits = f"{exponent:x}"
    result = powers[int(digits[0], 16)]
    for digit in digits[1:]:
        result = square(square(square(square(result))))
        if digit != "0":
            result = multiply(result, powers[int(digit, 16)])
    return result


def conjugate(a: Fp12) -> Fp12:
    """The element with -w for w: the inverse of one that an exponentiation by P⁶ - 1 ended in."""
    x0, y0, x1, y1, x2, y2 = a[6:]
    return (*a[:6], -x0 % P, -y0 % P, -x1 % P, -y1 % P, -x2 % P, -y2 % P)


def invert(a: Fp12) -> Fp12:
    """The inverse; ValueError for 0."""
    a0, a1 = a[:6], a[6:]
    x0, y0, x1, y1, x2, y2 = _multiply_wide(a1, a1)
    norm = _subtract_wide(_multiply_wide(a0, a0), (x2 - y2, x2 + y2, x0, y0, x1, y1))
    inverse = _invert6(_reduced(norm))
    low, high = _reduced(_multiply_wide(a0, inverse)), _multiply_wide(a1, inverse)
    x0, y0, x1, y1, x2, y2 = high
    return (*low, -x0 % P, -y0 % P, -x1 % P, -y1 % P, -x2 % P, -y2 % P)


def frobenius(a: Fp12) -> Fp12:
    """The P-th power."""
    by_power = (a[0:2], a[6:8], a[2:4], a[8:10], a[4:6], a[10:12])
    c0, c1, c2, c3, c4, c5 = (
        multiply2(conjugate2(coefficient), factor) for coefficient, factor in zip(by_power, _FROBENIUS, strict=True)
    )
    return (*c0, *c2, *c4, *c1, *c3, *c5)


def cyclotomic_square(a: Fp12) -> Fp12:
    """The square of an element whose inverse is its conjugate."""
    x0, y0, x4, y4, x3, y3, x2, y2, x1, y1, x5, y5 = a
    p0, q0, p1, q1 = _square4_wide(x0, y0, x1, y1)
    p2, q2, p3, q3 = _square4_wide(x2, y2, x3, y3)
    p4, q4, p5, q5 = _square4_wide(x4, y4, x5, y5)
    return (
        (3 * p0 - 2 * x0) % P,
        (3 * q0 - 2 * y0) % P,
        (3 * p2 - 2 * x4) % P,
        (3 * q2 - 2 * y4) % P,
        (3 * p4 - 2 * x3) % P,
        (3 * q4 - 2 * y3) % P,
        (3 * (p5 - q5) + 2 * x2) % P,
        (3 * (p5 + q5) + 2 * y2) % P,
        (3 * p1 + 2 * x1) % P,
        (3 * q1 + 2 * y1) % P,
        (3 * p3 + 2 * x5) % P,
        (3 * q3 + 2 * y5) % P,
    )


def multiply_by_line(a: Fp12, constant: tuple[int, int], of_v: tuple[int, int], of_vw: int) -> Fp12:
    """The element times constant + of_v·v + of_vw·v·w, whose last coefficient is a plain number."""
    low, high = _multiply_by_two_wide(a[:6], constant, of_v), _multiply_by_two_wide(a[6:], constant, of_v)
    a0, b0, a1, b1, a2, b2, c0, d0, c1, d1, c2, d2 = a
    return (
        (low[0] + of_vw * (c1 - d1)) % P,
        (low[1] + of_vw * (c1 + d1)) % P,
        (low[2] + of_vw * (c2 - d2)) % P,
        (low[3] + of_vw * (c2 + d2)) % P,
        (low[4] + of_vw * c0) % P,
        (low[5] + of_vw * d0) % P,
        (high[0] + of_vw * (a2 - b2)) % P,
        (high[1] + of_vw * (a2 + b2)) % P,
        (high[2] + of_vw * a0) % P,
        (high[3] + of_vw * b0) % P,
        (high[4] + of_vw * a1) % P,
        (high[5] + of_vw * b1) % P,
    )


def _fp12(numbers: list[int]) -> Fp12:
    a, b, c, d, e, f, g, h, i, j, k, m = numbers
    return a, b, c, d, e, f, g, h, i, j, k, m


def _add_wide(a: Fp6, b: Fp6) -> Fp6:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5]


def _subtract_wide(a: Fp6, b: Fp6) -> Fp6:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3], a[4] - b[4], a[5] - b[5]


def _reduced(a: Fp6) -> Fp6:
    return a[0] % P, a[1] % P, a[2] % P, a[3] % P, a[4] % P, a[5] % P


def _multiply_wide(a: Fp6, b: Fp6) -> Fp6:
    x0, y0, x1, y1, x2, y2 = a
    s0, t0, s1, t1, s2, t2 = b
    p0, q0 = x0 * s0 - y0 * t0, x0 * t0 + y0 * s0
    p1, q1 = x1 * s1 - y1 * t1, x1 * t1 + y1 * s1
    p2, q2 = x2 * s2 - y2 * t2, x2 * t2 + y2 * s2
    x, y, s, t = x1 + x2, y1 + y2, s1 + s2, t1 + t2
    p12, q12 = x * s - y * t - p1 - p2, x * t + y * s - q1 - q2
    x, y, s, t = x0 + x1, y0 + y1, s0 + s1, t0 + t1
    p01, q01 = x * s - y * t - p0 - p1, x * t + y * s - q0 - q1
    x, y, s, t = x0 + x2, y0 + y2, s0 + s2, t0 + t2
    p02, q02 = x * s - y * t - p0 - p2, x * t + y * s - q0 - q2
    return p0 + p12 - q12, q0 + p12 + q12, p01 + p2 - q2, q01 + p2 + q2, p02 + p1, q02 + q1


def _multiply_by_two_wide(a: Fp6, constant: tuple[int, int], of_v: tuple[int, int]) -> Fp6:
    x0, y0, x1, y1, x2, y2 = a
    (s0, t0), (s1, t1) = constant, of_v
    p, q = x2 * s1 - y2 * t1, x2 * t1 + y2 * s1
    return (
        x0 * s0 - y0 * t0 + p - q,
        x0 * t0 + y0 * s0 + p + q,
        x1 * s0 - y1 * t0 + x0 * s1 - y0 * t1,
        x1 * t0 + y1 * s0 + x0 * t1 + y0 * s1,
        x2 * s0 - y2 * t0 + x1 * s1 - y1 * t1,
        x2 * t0 + y2 * s0 + x1 * t1 + y1 * s1,
    )


def _joined(low: Fp6, high: Fp6, both: Fp6) -> Fp12:
    """The product of two elements from those of their halves and of the sums of their halves."""
    x0, y0, x1, y1, x2, y2 = low
    s0, t0, s1, t1, s2, t2 = high
    return (
        (x0 + s2 - t2) % P,
        (y0 + s2 + t2) % P,
        (x1 + s0) % P,
        (y1 + t0) % P,
        (x2 + s1) % P,
        (y2 + t1) % P,
        (both[0] - x0 - s0) % P,
        (both[1] - y0 - t0) % P,
        (both[2] - x1 - s1) % P,
        (both[3] - y1 - t1) % P,
        (both[4] - x2 - s2) % P,
        (both[5] - y2 - t2) % P,
    )


def _square4_wide(x0: int, y0: int, x1: int, y1: int) -> tuple[int, int, int, int]:
    """The square of a + b·s, where s² = u + 1."""
    p1, q1 = (x1 + y1) * (x1 - y1), 2 * x1 * y1
    p, q = x0 * x1 - y0 * y1, x0 * y1 + y0 * x1
    return (x0 + y0) * (x0 - y0) + p1 - q1, 2 * x0 * y0 + p1 + q1, 2 * p, 2 * q


def _invert6(a: Fp6) -> Fp6:
    a0, a1, a2 = a[:2], a[2:4], a[4:]
    x0, y0 = _minus_xi(multiply2(a0, a0), multiply2(a1, a2))
    s0, t0 = multiply2(a2, a2)
    s1, t1 = multiply2(a0, a1)
    x1, y1 = (s0 - t0 - s1) % P, (s0 + t0 - t1) % P
    s0, t0 = multiply2(a1, a1)
    s1, t1 = multiply2(a0, a2)
    x2, y2 = (s0 - s1) % P, (t0 - t1) % P
    s0, t0 = multiply2(a1, (x2, y2))
    s1, t1 = multiply2(a2, (x1, y1))
    s, t = s0 + s1, t0 + t1
    p, q = multiply2(a0, (x0, y0))
    norm = invert2(((p + s - t) % P, (q + s + t) % P))
    return (*multiply2((x0, y0), norm), *multiply2((x1, y1), norm), *multiply2((x2, y2), norm))


def _minus_xi(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return (a[0] - b[0] + b[1]) % P, (a[1] - b[0] - b[1]) % P

"""The field of the curve's prime, and the one of its square: x + y·u as (x, y), where u² = -1.

Source: https://www.ietf.org/archive/id/draft-irtf-cfrg-pairing-friendly-curves-11.html, 4.2.1.
"""

from typing import Final

P: Final = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
"""The prime; 3 modulo 4."""

Fp2 = tuple[int, int]

ZERO2: Final[Fp2] = (0, 0)
ONE2: Final[Fp2] = (1, 0)


def root(value: int) -> int | None:
    """A square root modulo the prime, or None."""
    result = pow(value, (P + 1) // 4, P)
    return result if result * result % P == value % P else None


def is_larger(value: int) -> bool:
    """Whether the number is the larger of itself and its negative."""
    return value > P // 2


def add2(a: Fp2, b: Fp2) -> Fp2:
    return (a[0] + b[0]) % P, (a[1] + b[1]) % P


def subtract2(a: Fp2, b: Fp2) -> Fp2:
    return (a[0] - b[0]) % P, (a[1] - b[1]) % P


def multiply2(a: Fp2, b: Fp2) -> Fp2:
    x, y = a
    v, w = b
    return (x * v - y * w) % P, (x * w + y * v) % P


def square2(a: Fp2) -> Fp2:
    x, y = a
    return (x + y) * (x - y) % P, 2 * x * y % P


def scale2(a: Fp2, number: int) -> Fp2:
    return a[0] * number % P, a[1] * number % P


def conjugate2(a: Fp2) -> Fp2:
    """x - y·u, which is also the P-th power."""
    return a[0], -a[1] % P


def invert2(a: Fp2) -> Fp2:
    """The inverse; ValueError for 0."""
    x, y = a
    norm = pow(x * x + y * y, -1, P)
    return x * norm % P, -y * norm % P


def power2(a: Fp2, exponent: int) -> Fp2:
    result = ONE2
    for bit in f"{exponent:b}":
        result = square2(result)
        if bit == "1":
            result = multiply2(result, a)
    return result


def root2(a: Fp2) -> Fp2 | None:
    """A square root, or None."""
    x, y = a
    if y == 0:
        real = root(x)
        if real is not None:
            return real, 0
        imaginary = root(-x)
        return None if imaginary is None else (0, imaginary)
    norm = root(x * x + y * y)
    if norm is None:
        return None
    half = (P + 1) // 2
    real = root((x + norm) * half % P)
    if real is None:
        real = root((x - norm) * half % P)
    return None if real is None else (real, y * half * pow(real, -1, P) % P)


def is_larger2(a: Fp2) -> bool:
    """Whether the element is the larger of itself and its negative, compared by y and then by x."""
    return is_larger(a[1]) or (a[1] == 0 and is_larger(a[0]))

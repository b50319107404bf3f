"""The two groups of points: G1 over the prime's field, G2 over its square; y² = x³ + 4, and y² = x³ + 4(u + 1).

A point is x and y, or None: the point at infinity. Between the first and the last step of a computation it is x/z²,
y/z³ (Jacobian). Formulas: https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian-0.html, dbl-2009-l, add-2007-bl.
"""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from rpcnode.natives.crypto.bls.fp2 import (
    ONE2,
    ZERO2,
    Fp2,
    P,
    add2,
    conjugate2,
    invert2,
    multiply2,
    power2,
    square2,
    subtract2,
)
from rpcnode.primitives.records import dataclass

ORDER: Final = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
"""The number of points of each group, a prime."""

X: Final = 0xD201000000010000
"""The number that the curve is made from, without its minus sign."""

E = TypeVar("E")
Jacobian = tuple[E, E, E]


@dataclass(frozen=True, slots=True)
class Group(Generic[E]):
    """Points whose coordinates are of one field."""

    zero: E
    one: E
    add_elements: Callable[[E, E], E]
    subtract: Callable[[E, E], E]
    multiply: Callable[[E, E], E]
    square: Callable[[E], E]
    invert: Callable[[E], E]

    def add(self, a: tuple[E, E] | None, b: tuple[E, E] | None) -> tuple[E, E] | None:
        """The sum of two points."""
        return self._affine(self._sum(self._jacobian(a), self._jacobian(b)))

    def times(self, point: tuple[E, E] | None, factor: int) -> tuple[E, E] | None:
        """The multiple of a point by a number of 0 or more."""
        return self._affine(self._multiple(self._jacobian(point), factor))

    def negate(self, point: tuple[E, E] | None) -> tuple[E, E] | None:
        return None if point is None else (point[0], self.subtract(self.zero, point[1]))

    def _jacobian(self, point: tuple[E, E] | None) -> Jacobian[E] | None:
        return None if point is None else (*point, self.one)

    def _affine(self, point: Jacobian[E] | None) -> tuple[E, E] | None:
        if point is None:
            return None
        x, y, z = point
        if z == self.one:
            return x, y
        inverse = self.invert(z)
        square = self.square(inverse)
        return self.multiply(x, square), self.multiply(y, self.multiply(square, inverse))

    def _multiple(self, point: Jacobian[E] | None, factor: int) -> Jacobian[E] | None:
        """By the signed odd digits of the factor, each below 16, with zeros between them."""
        doubled = self._double(point)
        odd = [point]
        for _ in range(7 if factor > 16 else 0):
            odd.append(self._sum(odd[-1], doubled))
        width = 5 if factor > 16 else 2
        result: Jacobian[E] | None = None
        for digit in _digits(factor, width):
            result = self._double(result)
            if digit > 0:
                result = self._sum(result, odd[digit // 2])
            elif digit < 0:
                result = self._sum(result, self._negated(odd[-digit // 2]))
        return result

    def _negated(self, point: Jacobian[E] | None) -> Jacobian[E] | None:
        return None if point is None else (point[0], self.subtract(self.zero, point[1]), point[2])

    def _double(self, point: Jacobian[E] | None) -> Jacobian[E] | None:
        """Twice a point; none has y = 0, since the number of points of both curves is odd."""
        if point is None:
            return None
        add, subtract, square = self.add_elements, self.subtract, self.square
        x, y, z = point
        a, b = square(x), square(y)
        c = square(b)
        d = subtract(square(add(x, b)), add(a, c))
        d = add(d, d)
        e = add(add(a, a), a)
        f = subtract(square(e), add(d, d))
        c = add(c, c)
        c = add(c, c)
        z = self.multiply(y, z)
        return f, subtract(self.multiply(e, subtract(d, f)), add(c, c)), add(z, z)

    def _sum(self, a: Jacobian[E] | None, b: Jacobian[E] | None) -> Jacobian[E] | None:
        if a is None or b is None:
            return a or b
        add, subtract, multiply, square = self.add_elements, self.subtract, self.multiply, self.square
        (x1, y1, z1), (x2, y2, z2) = a, b
        square1, square2 = square(z1), square(z2)
        u1, u2 = multiply(x1, square2), multiply(x2, square1)
        s1, s2 = multiply(multiply(y1, z2), square2), multiply(multiply(y2, z1), square1)
        h, r = subtract(u2, u1), subtract(s2, s1)
        if h == self.zero:
            return self._double(a) if r == self.zero else None
        i = square(h)
        j, v = multiply(h, i), multiply(u1, i)
        x = subtract(subtract(square(r), j), add(v, v))
        return x, subtract(multiply(r, subtract(v, x)), multiply(s1, j)), multiply(multiply(z1, z2), h)


def _digits(factor: int, width: int) -> list[int]:
    """The digits of a number to the base 2, from the first: 0, or odd and between ±2^(width - 1)."""
    digits = []
    while factor:
        digit = 0
        if factor % 2:
            digit = factor % (1 << width)
            digit -= (digit >> (width - 1)) << width
            factor -= digit
        digits.append(digit)
        factor >>= 1
    return digits[::-1]


G1: Final[Group[int]] = Group(
    zero=0,
    one=1,
    add_elements=lambda a, b: (a + b) % P,
    subtract=lambda a, b: (a - b) % P,
    multiply=lambda a, b: a * b % P,
    square=lambda a: a * a % P,
    invert=lambda a: pow(a, -1, P),
)
G2: Final[Group[Fp2]] = Group(ZERO2, ONE2, add2, subtract2, multiply2, square2, invert2)

_BETA: Final = pow(2, (P - 1) // 3, P)
"""A cube root of 1 that multiplies x where a point of G1 is multiplied by -X²."""

_PSI_X: Final = invert2(power2((1, 1), (P - 1) // 3))
_PSI_Y: Final = invert2(power2((1, 1), (P - 1) // 2))


def in_g1(point: tuple[int, int] | None) -> bool:
    """Whether a point of the curve is one of the group. Source: https://eprint.iacr.org/2021/1130, 6."""
    if point is None:
        return True
    return G1.negate(G1.times(G1.times(point, X), X)) == (point[0] * _BETA % P, point[1])


def in_g2(point: tuple[Fp2, Fp2] | None) -> bool:
    """Whether a point of the curve is one of the group. Source: https://eprint.iacr.org/2021/1130, 4."""
    if point is None:
        return True
    x, y = point
    psi = multiply2(conjugate2(x), _PSI_X), multiply2(conjugate2(y), _PSI_Y)
    return G2.negate(G2.times(point, X)) == psi

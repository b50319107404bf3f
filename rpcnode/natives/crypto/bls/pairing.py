"""The optimal ate pairing of a point of G1 and one of G2.

The value is the third power of what the shortest final exponentiation gives, as it is in the C# node.
Sources: https://eprint.iacr.org/2012/232 (lines), https://eprint.iacr.org/2020/875 (final exponentiation).
"""

from rpcnode.natives.crypto.bls import fp12
from rpcnode.natives.crypto.bls.fp2 import Fp2, P, invert2, multiply2, scale2, square2
from rpcnode.natives.crypto.bls.fp12 import Fp12
from rpcnode.natives.crypto.bls.groups import X


def pairing(first: tuple[int, int] | None, second: tuple[Fp2, Fp2] | None) -> Fp12:
    """The pairing; 1 if one of the points is that at infinity."""
    if first is None or second is None:
        return fp12.ONE
    return _final_exponentiation(_miller_loop(first, second))


def _miller_loop(first: tuple[int, int], second: tuple[Fp2, Fp2]) -> Fp12:
    """The product of the lines through the multiples of `second`, taken at `first`."""
    result, point = fp12.ONE, second
    for bit in f"{X:b}"[1:]:
        x, y = point
        slope = multiply2(scale2(square2(x), 3), invert2(scale2(y, 2)))
        result = _with_line(fp12.square(result), first, point, slope)
        point = _third(point, point[0], slope)
        if bit == "1":
            slope = multiply2(
                ((point[1][0] - second[1][0]) % P, (point[1][1] - second[1][1]) % P),
                invert2(((point[0][0] - second[0][0]) % P, (point[0][1] - second[0][1]) % P)),
            )
            result = _with_line(result, first, second, slope)
            point = _third(second, point[0], slope)
    return fp12.conjugate(result)


def _with_line(value: Fp12, at: tuple[int, int], point: tuple[Fp2, Fp2], slope: Fp2) -> Fp12:
    """The value times the line of that slope through the point, taken at a point of G1."""
    x, y = multiply2(slope, point[0])
    constant = (x - point[1][0]) % P, (y - point[1][1]) % P
    return fp12.multiply_by_line(value, constant, scale2(slope, -at[0]), at[1])


def _third(point: tuple[Fp2, Fp2], other_x: Fp2, slope: Fp2) -> tuple[Fp2, Fp2]:
    """The sum of two points: the third one on their line, mirrored."""
    x, y = square2(slope)
    third_x = (x - point[0][0] - other_x[0]) % P, (y - point[0][1] - other_x[1]) % P
    x, y = multiply2(slope, (point[0][0] - third_x[0], point[0][1] - third_x[1]))
    return third_x, ((x - point[1][0]) % P, (y - point[1][1]) % P)


def _final_exponentiation(value: Fp12) -> Fp12:
    """The power by (P⁶ - 1)(P² + 1), and then by (x - 1)²(x + P)(x² + P² - 1) + 3, where x is -X."""
    value = fp12.multiply(fp12.conjugate(value), fp12.invert(value))
    value = fp12.multiply(fp12.frobenius(fp12.frobenius(value)), value)
    power = fp12.multiply(_power_of_x(value), fp12.conjugate(value))
    power = fp12.multiply(_power_of_x(power), fp12.conjugate(power))
    power = fp12.multiply(_power_of_x(power), fp12.frobenius(power))
    squared = fp12.frobenius(fp12.frobenius(power))
    power = fp12.multiply(
        _power_of_x(_power_of_x(power)),
        fp12.multiply(squared, fp12.conjugate(power)),
    )
    return fp12.multiply(power, fp12.multiply(fp12.cyclotomic_square(value), value))


def _power_of_x(value: Fp12) -> Fp12:
    result = value
    for bit in f"{X:b}"[1:]:
        result = fp12.cyclotomic_square(result)
        if bit == "1":
            result = fp12.multiply(result, value)
    return fp12.conjugate(result)

import pytest

from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError

# RFC 6979, A.2.5: the key pair for P-256; Uy is odd.
X = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
Y = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
P = 2**256 - 2**224 + 2**192 + 2**96 - 1


def test_the_y_is_found_from_x_and_its_parity() -> None:
    assert ECPoint.parse("03" + X).y == int(Y, 16)
    assert ECPoint.parse("02" + X).y == P - int(Y, 16)


def test_the_text_is_the_compressed_form_in_lower_case() -> None:
    assert str(ECPoint.parse("03" + X.upper())) == "03" + X


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "66 hex digits"),
        ("0x03" + X[:-2], "66 hex digits"),
        ("03" + X[:-1] + "g", "66 hex digits"),
        ("03" + X[:-2] + "  ", "66 hex digits"),
        ("04" + X + Y, "66 hex digits"),
        ("04" + X, "begins with 02 or 03, got 04"),
        ("00" + X, "begins with 02 or 03, got 00"),
        # x = 1: 1 - 3 + b is no square modulo p, by Euler's criterion.
        ("02" + "00" * 31 + "01", "no point of secp256r1"),
        # x = p + 5 is out of the field, though 5 is the x of a point.
        ("02" + f"{P + 5:064x}", "no point of secp256r1"),
    ],
)
def test_what_is_no_point_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        ECPoint.parse(text)


def test_bytes_of_another_length_are_refused() -> None:
    with pytest.raises(FormatError, match="33 bytes, got 32"):
        ECPoint(bytes(32))


def test_points_sort_by_x_then_y_and_not_by_their_first_byte() -> None:
    # Of the two points with one X, 03 has Y = 7903..., 02 the larger p - Y = 86fc....
    ascending = ["035a928f201639204e06b4368b1a93365462a8ebbff0b8818151b74faab3a2b61a", "03" + X, "02" + X]
    points = [ECPoint.parse(text) for text in reversed(ascending)]
    assert [str(point) for point in sorted(points, key=lambda point: point.sort_key)] == ascending

from collections.abc import Callable

import pytest

from rpcnode.natives.crypto.ecdsa import verify, verify_of_first_curves, verify_sized
from rpcnode.primitives.curves import SECP256K1
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.keys import public_key_of, sign

PRIVATE_KEY = bytes(31) + b"\x07"
KEY = bytes(public_key_of(PRIVATE_KEY))
MESSAGE = b"what is signed"
SIGNATURE = sign(PRIVATE_KEY, MESSAGE)
BASE = SECP256K1.base
OFF_CURVE = b"\x04" + BASE.x.to_bytes(32, "big") + (BASE.y ^ 1).to_bytes(32, "big")

Verify = Callable[[bytes, bytes, bytes, int], bool]
FORMS = pytest.mark.parametrize("form", [verify_of_first_curves, verify, verify_sized], ids=["first", "1", "2"])


@FORMS
def test_a_signature_holds_on_its_curve_only(form: Verify) -> None:
    assert form(MESSAGE, KEY, SIGNATURE, 23)
    assert not form(b"another", KEY, SIGNATURE, 23)
    assert not form(MESSAGE, b"\x02" + BASE.x.to_bytes(32, "big"), SIGNATURE, 22)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (verify_of_first_curves, "Specified argument was out of the range of valid values. (Parameter 'curve')"),
        (verify, "The given key '24' was not present in the dictionary."),
        (verify_sized, "Unsupported curve or hash algorithm: 24"),
    ],
)
def test_an_unknown_curve_fails_before_anything_else(form: Verify, text: str) -> None:
    with pytest.raises(VmFault) as caught:
        form(MESSAGE, b"", b"", 24)
    assert str(caught.value) == text


def test_the_first_form_knows_no_keccak() -> None:
    with pytest.raises(VmFault, match=r"\(Parameter 'curve'\)"):
        verify_of_first_curves(MESSAGE, KEY, SIGNATURE, 123)


def test_a_signature_of_another_size_is_false_until_gorgon() -> None:
    assert not verify_of_first_curves(MESSAGE, KEY, SIGNATURE[:-1], 23)
    assert not verify(MESSAGE, KEY, SIGNATURE[:-1], 23)
    with pytest.raises(VmFault, match=r"^Signature size should be 64 bytes\.$"):
        verify_sized(MESSAGE, KEY, SIGNATURE[:-1], 23)


def test_a_coordinate_outside_the_field_is_false_until_gorgon() -> None:
    key = b"\x02" + b"\xff" * 32
    assert not verify_of_first_curves(MESSAGE, key, SIGNATURE, 22)
    assert not verify(MESSAGE, key, SIGNATURE, 122)
    with pytest.raises(VmFault, match="Invalid field element value"):
        verify_sized(MESSAGE, key, SIGNATURE, 22)


@FORMS
@pytest.mark.parametrize(
    ("key", "text"),
    [
        (b"", "Index was outside the bounds of the array."),
        (b"\x00", "unknown prefix byte 0x00"),
        (KEY[:-1], "expected 33 bytes, but got 32 bytes"),
        (b"\x02" + (5).to_bytes(32, "big"), "Failed to decompress ECPoint"),
    ],
)
def test_a_key_that_is_no_point_fails(form: Verify, key: bytes, text: str) -> None:
    with pytest.raises(VmFault, match=text):
        form(MESSAGE, key, SIGNATURE, 22)


def test_a_point_off_the_curve_fails_but_for_keccak_until_gorgon() -> None:
    # .NET's own classes look at it for SHA-256, BouncyCastle for Keccak-256 until Gorgon; only the latter is caught.
    assert not verify(MESSAGE, OFF_CURVE, SIGNATURE, 122)
    for form, curve in [(verify, 22), (verify_sized, 22), (verify_sized, 122)]:
        with pytest.raises(VmFault, match="point is not on curve"):
            form(MESSAGE, OFF_CURVE, SIGNATURE, curve)

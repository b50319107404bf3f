import pytest

from rpcnode.execution.signatures import check_signature, check_sized_signature, decode_point, verify_p256
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.keys import public_key_of, sign

PRIVATE_KEY = bytes(31) + b"\x07"
KEY = public_key_of(PRIVATE_KEY)
UNCOMPRESSED = b"\x04" + KEY.x.to_bytes(32, "big") + KEY.y.to_bytes(32, "big")
MESSAGE = b"what is signed"
SIGNATURE = sign(PRIVATE_KEY, MESSAGE)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# The texts of a neo-cli 3.10.2 node for System.Crypto.CheckSig.
BAD_KEYS = [
    (b"", "Index was outside the bounds of the array."),
    (b"\x05" + bytes(32), "unknown prefix byte 0x05. Expected 0x02, 0x03 (compressed), or 0x04 (uncompressed)."),
    (b"\x02" + bytes(31), "Invalid compressed ECPoint encoding length: expected 33 bytes, but got 32 bytes."),
    (b"\x04" + bytes(63), "Invalid uncompressed ECPoint encoding length: expected 65 bytes, but got 64 bytes."),
    (b"\x02" + b"\xff" * 32, f"Invalid field element value: {2**256 - 1}. The value must be less than"),
    (b"\x02" + bytes(31) + b"\x01", "Failed to decompress ECPoint: the provided X coordinate does not correspond"),
    (UNCOMPRESSED[:-1] + b"\x00", "point is not on curve"),
]
BAD_KEY_IDS = ["empty", "prefix", "short", "short uncompressed", "out of the field", "no point", "off the curve"]


@pytest.mark.parametrize("data", [bytes(KEY), UNCOMPRESSED], ids=["compressed", "uncompressed"])
def test_a_key_is_decoded_from_both_forms(data: bytes) -> None:
    assert decode_point(data) == KEY
    assert check_signature(MESSAGE, SIGNATURE, data)
    assert check_sized_signature(MESSAGE, SIGNATURE, data)


@pytest.mark.parametrize(("data", "text"), BAD_KEYS, ids=BAD_KEY_IDS)
def test_a_bad_key_fails_in_the_words_of_the_real_node(data: bytes, text: str) -> None:
    for check in (check_signature, check_sized_signature):
        with pytest.raises(VmFault) as caught:
            check(MESSAGE, SIGNATURE, data)
        assert text in str(caught.value)
    with pytest.raises(VmFault):
        decode_point(data)


@pytest.mark.parametrize("signature", [b"", SIGNATURE[:-1], SIGNATURE + b"\x00"])
def test_a_signature_of_another_size_is_false_until_gorgon_and_fails_after(signature: bytes) -> None:
    assert not check_signature(MESSAGE, signature, KEY)
    with pytest.raises(VmFault, match=r"^Signature size should be 64 bytes\.$"):
        check_sized_signature(MESSAGE, signature, KEY)


def test_the_key_is_looked_at_before_the_size_of_the_signature() -> None:
    with pytest.raises(VmFault, match="unknown prefix byte 0x00"):
        check_sized_signature(MESSAGE, b"", b"\x00")


def test_both_forms_of_s_hold() -> None:
    s = int.from_bytes(SIGNATURE[32:], "big")
    assert verify_p256(MESSAGE, SIGNATURE, KEY)
    assert verify_p256(MESSAGE, SIGNATURE[:32] + (ORDER - s).to_bytes(32, "big"), KEY)


@pytest.mark.parametrize(
    ("message", "signature", "key"),
    [
        (b"another", SIGNATURE, KEY),
        (MESSAGE, bytes(64), KEY),
        (MESSAGE, b"\xff" * 64, KEY),
        (MESSAGE, SIGNATURE[:32] + ORDER.to_bytes(32, "big"), KEY),
        (MESSAGE, SIGNATURE, public_key_of(bytes(31) + b"\x08")),
    ],
    ids=["message", "zeros", "out of range", "the order", "key"],
)
def test_a_wrong_signature_is_false(message: bytes, signature: bytes, key: ECPoint) -> None:
    assert not verify_p256(message, signature, key)

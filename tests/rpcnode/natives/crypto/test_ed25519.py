import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.natives.crypto.ed25519 import verify, verify_strictly
from rpcnode.primitives.errors import VmFault

ORDER = 2**252 + 27742317777372353535851937790883648493

# RFC 8032, 7.1: key, message, signature.
RFC_SIGNATURES = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]

# The encodings of the points whose order divides 8: their y is 0, 1, -1 or one of the two of order 8.
SMALL_KEYS = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
BAD_KEYS = [
    *SMALL_KEYS,
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # the prime
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0200000000000000000000000000000000000000000000000000000000000000",  # no point has this y
]


@pytest.mark.parametrize(("key", "message", "signature"), RFC_SIGNATURES)
def test_signatures_of_rfc_8032_hold(key: str, message: str, signature: str) -> None:
    arguments = bytes.fromhex(message), bytes.fromhex(key), bytes.fromhex(signature)
    assert verify(*arguments)
    assert verify_strictly(*arguments)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100))
def test_openssls_signatures_hold_and_no_others(seed: bytes, message: bytes) -> None:
    private_key = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = private_key.public_key().public_bytes_raw(), private_key.sign(message)
    assert verify(message, key, signature)
    assert not verify(message + b"x", key, signature)
    assert not verify(message, key, signature[:32] + bytes((signature[32] ^ 1,)) + signature[33:])
    larger = int.from_bytes(signature[32:], "little") + ORDER
    assert not verify(message, key, signature[:32] + larger.to_bytes(32, "little"))


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_of_small_order_or_of_no_point_is_false_until_gorgon_and_fails_after(key: str) -> None:
    signature = bytes.fromhex(SMALL_KEYS[0]) + bytes(32)
    assert not verify(b"", bytes.fromhex(key), signature)
    with pytest.raises(VmFault, match=r"^invalid public key$"):
        verify_strictly(b"", bytes.fromhex(key), signature)


def test_sizes_are_false_until_gorgon_and_fail_after() -> None:
    key, signature = bytes.fromhex(RFC_SIGNATURES[0][0]), bytes.fromhex(RFC_SIGNATURES[0][2])
    assert not verify(b"", key, signature[:-1])
    assert not verify(b"", key[:-1], signature)
    with pytest.raises(VmFault, match=r"^Signature size should be 64$"):
        verify_strictly(b"", key[:-1], signature[:-1])
    with pytest.raises(VmFault, match=r"^Public key size should be 32$"):
        verify_strictly(b"", key[:-1], signature)


@pytest.mark.parametrize("small", SMALL_KEYS)
def test_a_part_of_small_order_in_the_signature_does_not_matter(small: str) -> None:
    # The signature's point is of small order, its number is made to fit: s·B = R + k·A holds but for R.
    secret = int.from_bytes(hashlib.sha256(b"a secret").digest(), "little") % ORDER
    first = bytes.fromhex(small)
    key = encoded_multiple_of_base(secret)
    challenge = int.from_bytes(hashlib.sha512(first + key + b"message").digest(), "little")
    signature = first + (challenge * secret % ORDER).to_bytes(32, "little")
    assert verify(b"message", key, signature)
    assert not verify(b"another", key, signature)


def encoded_multiple_of_base(factor: int) -> bytes:
    from Crypto.PublicKey import ECC

    base = ECC.construct(
        curve="Ed25519",
        point_x=15112221349535400772501151409588531511454012693041857206046113283949847762202,
        point_y=46316835694926478169428394003475163141307993866256225615783033603165251855960,
    )
    x, y = map(int, (base.pointQ * factor).xy)
    return (y | x % 2 << 255).to_bytes(32, "little")

import pytest
from Crypto.Hash import SHA256
from Crypto.PublicKey import ECC
from Crypto.Signature import DSS
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.primitives import keys
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.keys import derive_private_key, private_key_from_wif, public_key_of, sign, verify, wif_of

# RFC 6979, A.2.5, P-256 with SHA-256.
RFC_KEY = bytes.fromhex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721")
RFC_PUBLIC = "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
RFC_SIGNATURES = [
    (
        b"sample",
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    ),
    (
        b"test",
        "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
        "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
    ),
]
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# The account of Neo's own documentation on wallets.
WIF = "L3tgppXLgdaeqSGSFw1Go3skBiy8vQAM7YMXvTHsKQtE16PBncSU"
WIF_KEY = "c7134d6fd8e73d819e82755c64c93788d8db0961929e025a53363c4cc02a6962"
WIF_PUBLIC = "035a928f201639204e06b4368b1a93365462a8ebbff0b8818151b74faab3a2b61a"


def test_a_wif_is_the_private_key_in_base58check() -> None:
    assert private_key_from_wif(WIF).hex() == WIF_KEY
    assert wif_of(bytes.fromhex(WIF_KEY)) == WIF


@pytest.mark.parametrize(("private_key", "public_key"), [(WIF_KEY, WIF_PUBLIC), (RFC_KEY.hex(), RFC_PUBLIC)])
def test_the_public_key_follows_from_the_private_one(private_key: str, public_key: str) -> None:
    assert str(public_key_of(bytes.fromhex(private_key))) == public_key


@pytest.mark.parametrize(("message", "signature"), RFC_SIGNATURES)
def test_signatures_are_those_of_rfc_6979(message: bytes, signature: str) -> None:
    assert sign(RFC_KEY, message).hex() == signature
    assert verify(ECPoint.parse(RFC_PUBLIC), message, bytes.fromhex(signature))


@pytest.mark.parametrize(
    ("public_key", "message", "signature"),
    [
        (RFC_PUBLIC, b"other", RFC_SIGNATURES[0][1]),
        (WIF_PUBLIC, b"sample", RFC_SIGNATURES[0][1]),
        (RFC_PUBLIC, b"sample", RFC_SIGNATURES[1][1]),
        (RFC_PUBLIC, b"sample", RFC_SIGNATURES[0][1][:-2]),
        (RFC_PUBLIC, b"sample", ""),
        (RFC_PUBLIC, b"sample", "00" * 64),
        (RFC_PUBLIC, b"sample", "ff" * 64),
    ],
    ids=["message", "key", "signature", "a byte less", "nothing", "zero", "out of range"],
)
def test_a_signature_of_something_else_does_not_verify(public_key: str, message: bytes, signature: str) -> None:
    assert not verify(ECPoint.parse(public_key), message, bytes.fromhex(signature))


@pytest.mark.parametrize(
    ("wif", "message"),
    [
        ("", "a WIF is Base58 of"),
        (WIF[:-1], "a WIF is Base58 of"),
        (WIF + " ", "a WIF is Base58 of"),
        (WIF[:-1] + "0", "a WIF is Base58 of"),
        (WIF[:-1] + "\u00fc", "a WIF is Base58 of"),
        (WIF[:-1] + "V", "checksum is wrong"),
        ("5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", "a WIF is Base58 of"),
        ("K" * 100_000, "a WIF is Base58 of"),
    ],
    ids=["empty", "short", "blank", "character", "not ASCII", "checksum", "uncompressed", "long"],
)
def test_a_wrong_wif_is_refused_without_showing_it(wif: str, message: str) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        private_key_from_wif(wif)
    assert not wif or wif not in str(caught.value)


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(32), ORDER.to_bytes(32, "big"), b"\xff" * 32, bytes(33)])
def test_a_number_outside_the_curve_is_no_private_key(key: bytes) -> None:
    with pytest.raises(FormatError, match="a private key"):
        wif_of(key)
    with pytest.raises(FormatError, match="a private key"):
        public_key_of(key)


def test_derived_keys_are_the_same_on_every_machine() -> None:
    # printf 'rpcnode/test/0' | sha256sum
    assert derive_private_key("test", 0).hex() == "2df89669f7400cbc05b8ab4370080cbd449a25de59dc9e5768d694076e86b25b"


def test_derived_keys_differ_by_seed_and_index() -> None:
    keys = {derive_private_key(seed, index) for seed in ("a", "b", "") for index in range(5)}
    assert len(keys) == 15


@given(st.integers(1, ORDER - 1), st.binary(max_size=100))
def test_a_signature_is_the_one_that_the_library_makes(number: int, message: bytes) -> None:
    private_key = number.to_bytes(32, "big")
    signer = DSS.new(ECC.construct(curve="P-256", d=number), "deterministic-rfc6979")
    assert sign(private_key, message) == signer.sign(SHA256.new(message))


def test_what_was_signed_once_is_not_signed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    signature = sign(RFC_KEY, b"again")
    monkeypatch.setattr(keys, "_library_key", None)
    assert sign(RFC_KEY, b"again") == signature

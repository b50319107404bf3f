import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.natives.crypto.digests import keccak256
from rpcnode.natives.crypto.secp256k1 import recover, verify_digest
from rpcnode.primitives.curves import SECP256K1, Point, decode_key

ORDER = SECP256K1.order

# The examples of EIP-2098: the key 1234567890... signs two messages as wallets do. r, s, and which key is meant.
EIP_KEY = ec.derive_private_key(int("1234567890" * 6 + "1234", 16), ec.SECP256K1()).public_key().public_numbers()
EIP_SIGNATURES = [
    (
        b"Hello World",
        "68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b90",
        "7e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064",
        27,
    ),
    (
        b"It's a small(er) world",
        "9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76",
        "139c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793",
        28,
    ),
]


def signed_message(message: bytes) -> bytes:
    return keccak256(b"\x19Ethereum Signed Message:\n%d%s" % (len(message), message))


@pytest.mark.parametrize(("message", "r", "s", "which"), EIP_SIGNATURES)
def test_a_key_is_recovered_from_both_forms_of_a_signature(message: bytes, r: str, s: str, which: int) -> None:
    digest = signed_message(message)
    key = bytes((2 + EIP_KEY.y % 2,)) + EIP_KEY.x.to_bytes(32, "big")
    full = bytes.fromhex(r + s)
    assert recover(digest, full + bytes((which,))) == key
    assert recover(digest, full + bytes((which - 27,))) == key
    compact = full[:32] + (int(s, 16) | (which - 27) << 255).to_bytes(32, "big")
    assert recover(digest, compact) == key
    assert verify_digest(Point(EIP_KEY.x, EIP_KEY.y), digest, full)


def test_ethereums_precompiled_contract_finds_the_same_account() -> None:
    # go-ethereum, core/vm/testdata/precompiles/ecRecover.json, "ValidKey".
    digest = bytes.fromhex("18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c")
    signature = bytes.fromhex(
        "73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f"
        "eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549"
        "1c"
    )
    key = recover(digest, signature)
    assert key is not None
    point = decode_key(key, SECP256K1)
    account = keccak256(point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big"))[12:]
    assert account.hex() == "a94f5374fce5edbc8e2a8697c15331677e6ebf0b"


@pytest.mark.parametrize(
    ("digest_size", "signature"),
    [
        (31, bytes(31) + b"\x01" * 34),
        (33, bytes(31) + b"\x01" * 34),
        (32, b"\x01" * 63),
        (32, b"\x01" * 66),
        (32, b"\x01" * 64 + b"\x04"),
        (32, b"\x01" * 64 + b"\x1a"),
        (32, b"\x01" * 64 + b"\x1f"),
        (32, bytes(32) + b"\x01" * 32 + b"\x00"),
        (32, ORDER.to_bytes(32, "big") + b"\x01" * 32 + b"\x00"),
        (32, b"\xff" * 64 + b"\x00"),
        (32, b"\x01" * 64 + b"\x02"),
    ],
    ids=[
        "short digest",
        "long digest",
        "63",
        "66",
        "4",
        "26",
        "31",
        "r 0",
        "r the order",
        "r too large",
        "x too large",
    ],
)
def test_no_key_is_recovered_from_what_is_no_signature(digest_size: int, signature: bytes) -> None:
    assert recover(bytes(digest_size), signature) is None


def test_s_may_be_zero_and_leaves_a_multiple_of_the_base_point() -> None:
    # Source: BouncyCastle's sum of two products takes a factor of 0; here it is -1/1 times the base point, whose y is
    # even, so that of its negative is odd.
    assert SECP256K1.y_of(1, odd=False) is not None
    signature = (1).to_bytes(32, "big") + bytes(32) + b"\x00"
    assert recover((1).to_bytes(32, "big"), signature) == b"\x03" + SECP256K1.base.x.to_bytes(32, "big")


@given(st.integers(1, ORDER - 1), st.binary(min_size=32, max_size=32))
def test_openssls_signatures_hold_and_give_back_their_key(number: int, digest: bytes) -> None:
    private_key = ec.derive_private_key(number, ec.SECP256K1())
    numbers = private_key.public_key().public_numbers()
    r, s = decode_dss_signature(private_key.sign(digest, ec.ECDSA(Prehashed(SHA256()))))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    key = Point(numbers.x, numbers.y)
    assert verify_digest(key, digest, signature)
    assert not verify_digest(key, digest, signature[:-1] + bytes((signature[-1] ^ 1,)))
    found = [recover(digest, signature + bytes((which,))) for which in (0, 1)]
    assert bytes((2 + key.y % 2,)) + key.x.to_bytes(32, "big") in found


@pytest.mark.parametrize(("r", "s"), [(0, 1), (1, 0), (ORDER, 1), (1, ORDER)])
def test_numbers_outside_the_order_are_no_signature(r: int, s: int) -> None:
    assert not verify_digest(SECP256K1.base, bytes(32), r.to_bytes(32, "big") + s.to_bytes(32, "big"))

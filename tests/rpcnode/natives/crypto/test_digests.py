import pytest

from rpcnode.natives.crypto.digests import keccak256, murmur32


@pytest.mark.parametrize(
    ("data", "seed", "value"),
    [
        # The verification values of SMHasher, https://github.com/aappleby/smhasher, for MurmurHash3_x86_32.
        (b"", 0, 0),
        (b"", 1, 0x514E28B7),
        (b"", 0xFFFFFFFF, 0x81F16F39),
        (b"\xff\xff\xff\xff", 0, 0x76293B50),
        (b"\x21\x43\x65\x87", 0x5082EDEE, 0x2362F9DE),
        (b"\x21\x43\x65", 0, 0x7E4A8634),
        (b"\x21", 0, 0x72661CF4),
        (b"Hello, world!", 0x9747B28C, 0x24884CBA),
    ],
)
def test_murmur32_is_murmurhash3_least_significant_byte_first(data: bytes, seed: int, value: int) -> None:
    assert murmur32(data, seed) == value.to_bytes(4, "little")


def test_keccak256_is_ethereums() -> None:
    # The hash of no bytes, as in the Ethereum yellow paper.
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"

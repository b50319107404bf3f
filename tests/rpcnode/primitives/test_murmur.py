import pytest

from rpcnode.primitives.murmur import murmur128


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"hello", "0bc59d0ad25fde2982ed65af61227a0e"),
        (b"world", "3d3810fed480472bd214a14023bb407f"),
        (b"hello world", "e0a0632d4f51302c55e3b3e48d28795d"),
        (bytes.fromhex("718f952132679baa9c5c2aa0d329fd2a"), "9b4aa747ff0cf4e41b3d96251551c8ae"),
        (b"hello worldhello world", "76f870485d4e69f8302d4b3fad28fd39"),
    ],
    ids=["5 bytes", "another", "11 bytes", "16 bytes", "22 bytes"],
)
def test_murmur128_gives_the_digests_of_neos_own_tests(data: bytes, digest: str) -> None:
    # Source: neo, tests/Neo.UnitTests/Cryptography/UT_Murmur128.cs; the seed is 123 throughout.
    assert murmur128(data, 123).hex() == digest

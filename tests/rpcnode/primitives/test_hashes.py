import pytest

from rpcnode.primitives.hashes import checksum4, hash160, hash256, ripemd160, sha256

# SHA-256 of "abc": FIPS 180-2, appendix B.1. RIPEMD-160: the vectors of its authors' page.
SHA256_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_sha256_gives_the_published_digest() -> None:
    assert sha256(b"abc").hex() == SHA256_ABC


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"", "9c1185a5c5e9fc54612808977ee8f548b2258d31"),
        (b"abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
        (b"message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"),
    ],
)
def test_ripemd160_gives_the_published_digest(message: bytes, digest: str) -> None:
    assert ripemd160(message).hex() == digest


def test_hash256_is_sha256_twice() -> None:
    # Bitcoin's wiki, Protocol documentation, Hashes: the example "hello".
    assert hash256(b"hello").hex() == "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50"


def test_hash160_is_ripemd160_of_sha256() -> None:
    # The same page's example of RIPEMD-160 after SHA-256.
    assert hash160(b"hello").hex() == "b6a9c8c230722b7c748331a8b450f05566dc7d0f"


def test_the_checksum_is_the_start_of_hash256() -> None:
    assert checksum4(b"hello").hex() == "9595c9df"

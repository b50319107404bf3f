import hashlib
from collections.abc import Callable
from importlib.util import find_spec, module_from_spec
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

import pytest

from rpcnode.primitives.hashes import checksum4, hash160, hash256, sha256

# SHA-256 of "abc": FIPS 180-2, appendix B.1.
SHA256_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_sha256_gives_the_published_digest() -> None:
    assert sha256(b"abc").hex() == SHA256_ABC


RIPEMD160 = [
    (b"", "9c1185a5c5e9fc54612808977ee8f548b2258d31"),
    (b"a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe"),
    (b"abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
    (b"message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"),
    (ascii_lowercase.encode(), "f71c27109c692c1b56bbdceb5b9d2865b3708dbc"),
    (b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "12a053384a9c0c88e405a06c27dcf49ada62eb2b"),
    ((ascii_uppercase + ascii_lowercase + digits).encode(), "b0e20b6e3116640286ed3a87a5713079b21f5189"),
    (b"1234567890" * 8, "9b752e45573d4b39f4dbd3323cab82bf63326bfb"),
    (b"a" * 1_000_000, "52783243c1697bdbe16d37f97f68f08325dc1528"),
]
"""H. Dobbertin, A. Bosselaers, B. Preneel, RIPEMD-160: A Strengthened Version of RIPEMD, appendix B."""


@pytest.fixture(params=["OpenSSL's", "pycryptodome's"])
def ripemd160_of(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], bytes]:
    """`ripemd160` where OpenSSL has the function, and where it has not."""
    new = hashlib.new
    if request.param == "pycryptodome's":

        def without_ripemd160(name: str, data: bytes = b"") -> Any:
            if name == "ripemd160":
                raise ValueError("unsupported hash type ripemd160")
            return new(name, data)

        monkeypatch.setattr(hashlib, "new", without_ripemd160)
    elif "ripemd160" not in hashlib.algorithms_available:
        pytest.skip("this OpenSSL has no RIPEMD-160")
    spec = find_spec("rpcnode.primitives.hashes")
    assert spec is not None
    assert spec.loader is not None
    afresh = module_from_spec(spec)  # the module keeps its choice
    spec.loader.exec_module(afresh)
    function: Callable[[bytes], bytes] = afresh.ripemd160
    return function


@pytest.mark.parametrize(("message", "digest"), RIPEMD160, ids=[f"{len(message)} bytes" for message, _ in RIPEMD160])
def test_ripemd160_gives_the_published_digest(
    ripemd160_of: Callable[[bytes], bytes], message: bytes, digest: str
) -> None:
    assert ripemd160_of(message).hex() == digest


def test_hash256_is_sha256_twice() -> None:
    # Bitcoin's wiki, Protocol documentation, Hashes: the example "hello".
    assert hash256(b"hello").hex() == "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50"


def test_hash160_is_ripemd160_of_sha256() -> None:
    # The same page's example of RIPEMD-160 after SHA-256.
    assert hash160(b"hello").hex() == "b6a9c8c230722b7c748331a8b450f05566dc7d0f"


def test_the_checksum_is_the_start_of_hash256() -> None:
    assert checksum4(b"hello").hex() == "9595c9df"

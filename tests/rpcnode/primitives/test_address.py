import base58
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.primitives.address import N2_VERSION, N3_VERSION, address_of, script_hash_of
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.uint import UInt160

VECTORS = [
    ("NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1", 0x35, "0x39e7394d6231aa09c097d02391d5d149f873f12b"),
    ("AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh", 0x17, "0x39e7394d6231aa09c097d02391d5d149f873f12b"),
    ("NNSri1QcdtidykMxryz1xpmzSFwEXeYohH", 0x35, "0x9c41f803d389070554e08988514cf49f0cbdc71b"),
    ("AY6eqWjsUFCzsVELG7yG72XDukKvC34p2w", 0x17, "0x1aada0032aba1ef6d1f07bbd8bec1d85f5380fb3"),
    ("NgaiKFjurmNmiRzDRQGs44yzByXuSkdGPF", 0x35, "0x86df72a6b4ab5335d506294f9ce993722253b6e2"),
    ("NKuyBkoGdZZSLyPbJEetheRhMjeznFZszf", 0x35, "0x" + "00" * 20),
    ("AFmseVrdL9f9oyCzZefL9tG6UbvhPbdYzM", 0x17, "0x" + "00" * 20),
]


@pytest.mark.parametrize(("address", "version", "displayed"), VECTORS)
def test_an_address_stands_for_its_script_hash(address: str, version: int, displayed: str) -> None:
    assert address_of(UInt160.parse(displayed), version) == address
    assert script_hash_of(address, version) == UInt160.parse(displayed)


@given(st.binary(min_size=20, max_size=20), st.integers(0, 255))
def test_every_hash_comes_back_from_its_address_under_every_version(data: bytes, version: int) -> None:
    assert script_hash_of(address_of(UInt160(data), version), version) == data


GOOD = VECTORS[0][0]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", "holds 0 bytes, an address 25"),
        (GOOD[:-1], "holds 24 bytes, an address 25"),
        (GOOD[:10], "holds 8 bytes, an address 25"),
        ("1" + GOOD, "holds 26 bytes, an address 25"),
        (GOOD[:-1] + "0", "'0' at 33 is not a Base58 character"),
        ("l" + GOOD[1:], "'l' at 0 is not a Base58 character"),
        (GOOD + " ", "' ' at 34 is not a Base58 character"),
        ("\n" + GOOD, "at 0 is not a Base58 character"),
        (GOOD[:4] + "\u00fc" + GOOD[5:], "at 4 is not a Base58 character"),
        (GOOD[:-1] + "2", "its checksum is wrong"),
        ("N" * 100_000, "N' is no address: it has 100000 characters, an address at most 35"),
        (VECTORS[1][0], "is of address version 0x17, this network has 0x35"),
    ],
)
def test_a_wrong_address_is_refused_with_its_fault(address: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        script_hash_of(address, N3_VERSION)


def test_an_address_of_n3_is_foreign_to_neo_2() -> None:
    with pytest.raises(FormatError, match="is of address version 0x35, this network has 0x17"):
        script_hash_of(GOOD, N2_VERSION)


def test_base58check_of_another_payload_is_no_address() -> None:
    with pytest.raises(FormatError, match="holds 24 bytes, an address 25"):
        script_hash_of(base58.b58encode_check(bytes([0x35]) + bytes(19)).decode(), N3_VERSION)

import pytest

from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import EndOfData, FormatError


def test_a_witness_is_two_scripts_with_their_lengths() -> None:
    witness = Witness(b"\x01\x02", b"\x11")
    assert witness.serialize().hex() == "0201020111"
    assert Witness.parse(bytes.fromhex("0201020111")) == witness


def test_the_json_is_base64() -> None:
    assert Witness(b"\x01\x02", b"\x11").to_json() == {"invocation": "AQI=", "verification": "EQ=="}


@pytest.mark.parametrize("scripts", [(1024, 0), (0, 1024)])
def test_a_script_may_have_1024_bytes(scripts: tuple[int, int]) -> None:
    witness = Witness(bytes(scripts[0]), bytes(scripts[1]))
    assert Witness.parse(witness.serialize()) == witness


@pytest.mark.parametrize("data", ["fd0104" + "00" * 1025 + "00", "00" + "fd0104" + "00" * 1025])
def test_a_longer_script_is_refused(data: str) -> None:
    with pytest.raises(FormatError, match=r"VarInt value is greater than max: \d+/1024"):
        Witness.parse(bytes.fromhex(data))


def test_a_longer_script_cannot_be_made() -> None:
    with pytest.raises(FormatError, match="invocation script has at most 1024 bytes, got 1025"):
        Witness(bytes(1025), b"")


def test_a_cut_off_witness_is_the_end_of_data() -> None:
    with pytest.raises(EndOfData):
        Witness.parse(b"\x02\x01")


def test_bytes_after_a_witness_are_refused() -> None:
    with pytest.raises(FormatError, match="1 bytes too many"):
        Witness.parse(b"\x00\x00\x00")


def test_a_witness_speaks_for_the_account_of_its_verification_script() -> None:
    # An account of neo-go's test chain with one key.
    key = "02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2"
    witness = Witness(b"", bytes.fromhex(f"0c21{key}4156e7b327"))
    assert str(witness.script_hash) == "0xb248508f4ef7088e10c48f14d04be3272ca29eee"

import copy
import pickle
import sqlite3

import pytest

from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.uint import UInt160, UInt256

STORED = bytes.fromhex("2bf173f849d1d59123d097c009aa31624d39e739")
DISPLAYED = "0x39e7394d6231aa09c097d02391d5d149f873f12b"


def test_the_displayed_form_is_the_stored_bytes_reversed() -> None:
    assert str(UInt160(STORED)) == DISPLAYED
    assert UInt160.parse(DISPLAYED) == STORED


@pytest.mark.parametrize(
    "text",
    [DISPLAYED, DISPLAYED[2:], "0X" + DISPLAYED[2:], DISPLAYED.upper(), DISPLAYED[2:].upper()],
    ids=["0x", "no prefix", "0X", "all upper case", "upper case, no prefix"],
)
def test_prefix_and_case_do_not_matter(text: str) -> None:
    assert UInt160.parse(text) == UInt160(STORED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0x",
        DISPLAYED[:-1],
        DISPLAYED + "0",
        "0x0x" + DISPLAYED[4:],
        DISPLAYED[:-1] + "g",
        DISPLAYED[:-2] + "  ",
        " " + DISPLAYED[:-1],
        "0x" + "\u0661" * 40,
        "-" + DISPLAYED[1:],
        "0x" + "00 " * 13 + "0",
        "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1",
    ],
)
def test_anything_but_forty_hex_digits_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="UInt160 takes"):
        UInt160.parse(text)


def test_a_hash_of_the_other_width_is_refused() -> None:
    with pytest.raises(FormatError, match="64 hex digits, got 40"):
        UInt256.parse(DISPLAYED)


def test_the_message_about_a_long_text_stays_short() -> None:
    with pytest.raises(FormatError) as caught:
        UInt160.parse("ab" * 100_000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("size", [0, 19, 21, 32])
def test_bytes_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(FormatError, match=f"takes 20 bytes, got {size}"):
        UInt160(bytes(size))


def test_storage_order_and_numeric_order_disagree() -> None:
    low, high = UInt160.parse("0x01" + "00" * 18 + "02"), UInt160.parse("0x02" + "00" * 18 + "01")
    assert sorted([low, high]) == [high, low]
    assert sorted([high, low], key=lambda value: value.numeric_key) == [low, high]


def test_a_hash_is_a_blob_to_sqlite() -> None:
    connection = sqlite3.connect(":memory:")
    try:
        row = connection.execute("SELECT typeof(?), ?", (UInt160(STORED), UInt160(STORED))).fetchone()
    finally:
        connection.close()
    assert row == ("blob", STORED)


def test_copies_keep_their_type() -> None:
    value = UInt160(STORED)
    assert type(copy.deepcopy(value)) is UInt160
    assert type(pickle.loads(pickle.dumps(value))) is UInt160


def test_zero_is_all_zero_bytes() -> None:
    assert bytes(20) == UInt160.ZERO
    assert bytes(32) == UInt256.ZERO

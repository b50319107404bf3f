from dataclasses import replace
from hashlib import sha256

import pytest

from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.nef import MethodToken, Nef
from rpcnode.primitives.errors import EndOfData, FormatError
from rpcnode.primitives.uint import UInt160

TOKEN = MethodToken(UInt160(b"\xaa" * 20), "transfer", 4, True, CallFlags.ReadOnly)
NEF = Nef(compiler="test 1.0", script=b"\x11\x40", source="https://a", tokens=(TOKEN,))
CONTENT = (
    b"NEF3"
    + b"test 1.0".ljust(64, b"\0")
    + b"\x09https://a"
    + b"\0"  # reserved
    + b"\x01"
    + b"\xaa" * 20
    + b"\x08transfer"
    + bytes.fromhex("04000105")  # parameter count, has a return value, call flags
    + b"\0\0"  # reserved
    + b"\x02\x11\x40"
)


def _with_checksum(content: bytes) -> bytes:
    return content + sha256(sha256(content).digest()).digest()[:4]


FILE = _with_checksum(CONTENT)


def test_a_file_has_neos_layout_and_the_checksum_of_all_before_it() -> None:
    assert NEF.serialize() == FILE
    assert Nef.parse(FILE) == NEF
    assert NEF.checksum == int.from_bytes(FILE[-4:], "little")


def test_the_json_has_neo_clis_members_in_its_order() -> None:
    json = NEF.to_json()
    assert json == {
        "magic": 860243278,
        "compiler": "test 1.0",
        "source": "https://a",
        "tokens": [
            {
                "hash": "0x" + "aa" * 20,
                "method": "transfer",
                "paramcount": 4,
                "hasreturnvalue": True,
                "callflags": "ReadOnly",
            }
        ],
        "script": "EUA=",
        "checksum": int.from_bytes(FILE[-4:], "little"),
    }
    assert list(json) == ["magic", "compiler", "source", "tokens", "script", "checksum"]
    assert list(TOKEN.to_json()) == ["hash", "method", "paramcount", "hasreturnvalue", "callflags"]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (b"NEF2" + FILE[4:], "Wrong magic"),
        (FILE[:-1] + bytes([FILE[-1] ^ 1]), "CRC verification fail"),
        (FILE + b"\0", "1 bytes too many"),
        (
            _with_checksum(CONTENT.replace(b"test 1.0\0\0", b"test 1.0\0x")),
            "The padding is not 0 at fixed string offset 13",
        ),
        (_with_checksum(CONTENT.replace(b"test 1.0", b"test 1.\xff")), "Unable to translate bytes"),
        (_with_checksum(CONTENT.replace(b"https://a\0", b"https://a\1")), "Reserved bytes must be 0"),
        (_with_checksum(CONTENT[:-5] + b"\1\0" + CONTENT[-3:]), "Reserved bytes must be 0"),
        (_with_checksum(CONTENT[:-3] + b"\0"), "Script cannot be empty"),
        (_with_checksum(CONTENT.replace(b"transfer", b"_ransfer")), r"Method\('_ransfer'\) cannot start with '_'"),
        (_with_checksum(CONTENT.replace(b"\x04\0\1\5", b"\x04\0\2\5")), "Invalid boolean value: 2"),
        (_with_checksum(CONTENT.replace(b"\x04\0\1\5", b"\x04\0\1\x15")), r"CallFlags\(21\) is not valid"),
        (_with_checksum(CONTENT.replace(b"\x08transfer", b"\x21" + b"t" * 33)), "greater than max: 33/32"),
        (_with_checksum(CONTENT[:79] + b"\x81" + CONTENT[80:]), "greater than max: 129/128"),
        (
            _with_checksum(CONTENT[:68] + bytes.fromhex("fd0101") + b"s" * 257 + CONTENT[78:]),
            "greater than max: 257/256",
        ),
        (_with_checksum(CONTENT[:-3] + bytes.fromhex("feffff0100") + bytes(131071)), "greater than max: 131071/131070"),
    ],
    ids=range(15),
)
def test_a_wrong_file_is_refused(file: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        Nef.parse(file)


@pytest.mark.parametrize("size", range(len(FILE)))
def test_a_cut_off_file_is_the_end_of_data(size: int) -> None:
    with pytest.raises(EndOfData):
        Nef.parse(FILE[:size])


def test_a_file_larger_than_the_vms_largest_item_is_refused() -> None:
    with pytest.raises(FormatError, match="Max vm item size exceed"):
        Nef.parse(replace(NEF, script=bytes(131_000)).serialize())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"compiler": "x" * 65}, "compiler has at most 64 bytes"),
        ({"compiler": "a\0b"}, "none of them 0"),
        ({"source": "x" * 257}, "source has at most 256 bytes"),
        ({"tokens": (TOKEN,) * 129}, "at most 128 method tokens, got 129"),
        ({"script": b""}, "script is not empty"),
        ({"script": bytes(131_071)}, "script has at most 131070 bytes, got 131071"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_file_past_a_limit_cannot_be_made(changes: dict[str, object], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        replace(NEF, **changes)  # type: ignore[arg-type]

import pytest
from hypothesis import given

from rpcnode.payloads.attribute import (
    Conflicts,
    HighPriority,
    NotaryAssisted,
    NotValidBefore,
    OracleResponse,
    OracleResponseCode,
    TransactionAttribute,
)
from rpcnode.primitives.errors import EndOfData, FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt256
from tests.rpcnode.payloads.payload_strategies import attributes


@pytest.mark.parametrize(
    ("attribute", "data", "json"),
    [
        # type byte, then: nothing; id u64, code u8 and var-bytes; u32; 32 bytes; u8.
        (HighPriority(), "01", {"type": "HighPriority"}),
        (
            OracleResponse(258, OracleResponseCode.Success, b"\x01\x02"),
            "11020100000000000000020102",
            {"type": "OracleResponse", "id": 258, "code": "Success", "result": "AQI="},
        ),
        (
            OracleResponse(2**64 - 1, OracleResponseCode.ContentTypeNotSupported, b""),
            "11ffffffffffffffff1f00",
            {"type": "OracleResponse", "id": 2**64 - 1, "code": "ContentTypeNotSupported", "result": ""},
        ),
        (NotValidBefore(0x01020304), "2004030201", {"type": "NotValidBefore", "height": 16909060}),
        (
            Conflicts(UInt256(bytes(range(32)))),
            "21" + bytes(range(32)).hex(),
            {"type": "Conflicts", "hash": "0x" + bytes(range(31, -1, -1)).hex()},
        ),
        (NotaryAssisted(3), "2203", {"type": "NotaryAssisted", "nkeys": 3}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_attributes_have_neos_bytes_and_json(attribute: TransactionAttribute, data: str, json: dict[str, Json]) -> None:
    assert attribute.serialize().hex() == data
    assert TransactionAttribute.parse(bytes.fromhex(data)) == attribute
    assert attribute.to_json() == json
    assert list(attribute.to_json()) == list(json)


@given(attributes)
def test_every_attribute_comes_back_from_its_bytes(attribute: TransactionAttribute) -> None:
    assert TransactionAttribute.parse(attribute.serialize()) == attribute


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("02", "no transaction attribute has type 0x02"),
        ("11" + "00" * 8 + "11" + "00", "no oracle response has code 0x11"),
        ("11" + "00" * 8 + "14" + "0101", "an oracle response NotFound has no result, got 1 bytes"),
        ("11" + "00" * 8 + "00" + "fe00000100", r"VarInt value is greater than max: \d+/65535"),
    ],
)
def test_a_wrong_attribute_is_refused(data: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        TransactionAttribute.parse(bytes.fromhex(data))


@pytest.mark.parametrize("data", ["", "11" + "00" * 8, "20040302", "21" + "00" * 31, "22"])
def test_a_cut_off_attribute_is_the_end_of_data(data: str) -> None:
    with pytest.raises(EndOfData):
        TransactionAttribute.parse(bytes.fromhex(data))

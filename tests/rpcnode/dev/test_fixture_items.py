"""The state of a declared notification: from what a fixture writes to stack items."""

from pathlib import Path

import pytest

from rpcnode.chain.description import Account
from rpcnode.dev.fixture.contracts import Contracts
from rpcnode.dev.fixture.items import MAX_DEPTH, ItemReader
from rpcnode.dev.fixture.names import Names
from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.place import Place
from rpcnode.dev.places.yaml_file import load
from rpcnode.execution.serializers.item_json import item_to_json
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

# The Base58Check payload of NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1 is 0x35 and these storage bytes, least significant
# first.
HOLDER = UInt160(bytes.fromhex("2bf173f849d1d59123d097c009aa31624d39e739"))
NAMES = Names({"holder": Account("holder", HOLDER)}, Contracts({}, {}, {}), "n3")
READER = ItemReader(NAMES, "n3")
PLACE = Place(Path("a.yaml"), "state[0]")

HOLDER_ITEM: Json = {"type": "ByteString", "value": "K/Fz+EnR1ZEj0JfACaoxYk055zk="}  # Base64 of the storage bytes


@pytest.mark.parametrize(
    ("written", "item"),
    [
        ("null", {"type": "Any"}),
        ("{type: Any}", {"type": "Any"}),
        ("true", {"type": "Boolean", "value": True}),
        ("{type: Boolean, value: false}", {"type": "Boolean", "value": False}),
        ("5", {"type": "Integer", "value": "5"}),
        ("-5", {"type": "Integer", "value": "-5"}),
        ("'5'", {"type": "Integer", "value": "5"}),
        ("'-5'", {"type": "Integer", "value": "-5"}),
        ("{type: Integer, value: '5'}", {"type": "Integer", "value": "5"}),
        (str(2**255 - 1), {"type": "Integer", "value": str(2**255 - 1)}),
        (str(-(2**255)), {"type": "Integer", "value": str(-(2**255))}),
        ("holder", HOLDER_ITEM),
        ("NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1", HOLDER_ITEM),
        ("0x39e7394d6231aa09c097d02391d5d149f873f12b", HOLDER_ITEM),
        ("{type: Hash160, value: holder}", HOLDER_ITEM),
        ("{type: Hash160, value: 39e7394d6231aa09c097d02391d5d149f873f12b}", HOLDER_ITEM),
        ("0x", {"type": "ByteString", "value": ""}),
        ("0x00ff", {"type": "ByteString", "value": "AP8="}),
        ("0x39e7394d6231aa09c097d02391d5d149f873f1", {"type": "ByteString", "value": "Oec5TWIxqgnAl9AjkdXRSfhz8Q=="}),
        ("{type: ByteString, value: AP8=}", {"type": "ByteString", "value": "AP8="}),
        ("{type: ByteArray, value: AP8=}", {"type": "ByteString", "value": "AP8="}),
        ("{type: Buffer, value: AP8=}", {"type": "Buffer", "value": "AP8="}),
        ("{type: String, value: holder}", {"type": "ByteString", "value": "aG9sZGVy"}),
        ("{type: String, value: ''}", {"type": "ByteString", "value": ""}),
        (
            f"{{type: Hash256, value: 0x{'00' * 31}01}}",
            {"type": "ByteString", "value": "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        ),
        (
            "{type: PublicKey, value: 035a928f201639204e06b4368b1a93365462a8ebbff0b8818151b74faab3a2b61a}",
            {"type": "ByteString", "value": "A1qSjyAWOSBOBrQ2ixqTNlRiqOu/8LiBgVG3T6qzorYa"},
        ),
        (f"{{type: Signature, value: {'A' * 86}==}}", {"type": "ByteString", "value": "A" * 86 + "=="}),
        (
            "[1, [holder]]",
            {"type": "Array", "value": [{"type": "Integer", "value": "1"}, {"type": "Array", "value": [HOLDER_ITEM]}]},
        ),
        ("{type: Array, value: []}", {"type": "Array", "value": []}),
        ("{type: Struct, value: [true]}", {"type": "Struct", "value": [{"type": "Boolean", "value": True}]}),
        (
            "{type: Map, value: [{key: 0x61, value: holder}]}",
            {"type": "Map", "value": [{"key": {"type": "ByteString", "value": "YQ=="}, "value": HOLDER_ITEM}]},
        ),
        (
            "{type: Map, value: [{key: true, value: 0}, {key: 1, value: false}]}",
            {
                "type": "Map",
                "value": [
                    {"key": {"type": "Boolean", "value": True}, "value": {"type": "Integer", "value": "0"}},
                    {"key": {"type": "Integer", "value": "1"}, "value": {"type": "Boolean", "value": False}},
                ],
            },
        ),
        ("{type: Pointer, value: 3}", {"type": "Pointer", "value": 3}),
        ("{type: InteropInterface}", {"type": "InteropInterface"}),
    ],
)
def test_what_is_written_becomes_an_item(written: str, item: Json) -> None:
    assert item_to_json(READER.read(load(written, PLACE.file), PLACE)) == item


@pytest.mark.parametrize(
    "written",
    [
        "holder",
        "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1",
        "0x39e7394d6231aa09c097d02391d5d149f873f12b",
        "{type: Hash160, value: holder}",
        f"{{type: Hash256, value: 0x{'00' * 32}}}",
        "{type: PublicKey, value: 035a928f201639204e06b4368b1a93365462a8ebbff0b8818151b74faab3a2b61a}",
    ],
)
def test_a_hash_or_key_becomes_a_byte_string(written: str) -> None:
    assert type(READER.read(load(written, PLACE.file), PLACE)) is bytes


@pytest.mark.parametrize(
    ("written", "error"),
    [
        (
            "some text",
            'state[0]: "some text" is no item; an item is null, true, false, an integer or its digits, a name',
        ),
        ("some text", "a text is {type: String, value: ...}"),
        ("''", 'state[0]: "" is no item'),
        ("'1.5'", 'state[0]: "1.5" is no item'),
        ("1.5", "state[0]: 1.5 is no item"),
        ("0x123", 'state[0]: "0x123" is no item'),
        ("0X12", 'state[0]: "0X12" is no item'),
        ("39e7394d6231aa09c097d02391d5d149f873f12b", "is no item"),
        ("AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh", "is of address version 0x17, this network has 0x35"),
        ("NPvKVTGZapmFWABLsyvfreuqn73jCjJtN2", "its checksum is wrong"),
        (str(2**255), "state[0]: an integer has at most 256 bits"),
        (f"'{10**99}'", "state[0]: an integer has at most 256 bits"),
        ("[1, some text]", 'state[0][1]: "some text" is no item'),
        ("{value: 1}", "state[0].type: null is no type of an item; known are Any, Boolean"),
        ("{type: Bytestring, value: ''}", 'state[0].type: "Bytestring" is no type of an item; did you mean ByteString'),
        ("{type: Integer, val: 1}", "state[0].val: unknown key; did you mean value?"),
        ("{type: Any, value: 1}", "state[0].value: 1 stands in an item of type Any, which has no value"),
        ("{type: InteropInterface, value: 1}", "state[0].value: 1 stands in an item of type InteropInterface"),
        ("{type: Boolean}", "state[0].value: null stands where true or false belongs"),
        ("{type: Boolean, value: 1}", "state[0].value: 1 stands where true or false belongs"),
        ("{type: Integer, value: true}", "state[0].value: true stands where an integer or its digits belong"),
        ("{type: Integer, value: 0x10}", 'state[0].value: "0x10" stands where an integer or its digits belong'),
        ("{type: ByteString, value: A}", 'state[0].value: "A" is not Base64'),
        ("{type: ByteString, value: 5}", "state[0].value: 5 stands where a text belongs; write it in quotes"),
        ("{type: Signature, value: AP8=}", "state[0].value: a signature has 64 bytes, this 2"),
        ("{type: Hash160, value: nobody}", 'state[0].value: "nobody" is no account, address or 0x script hash'),
        ("{type: Hash256, value: 0x12}", "state[0].value: UInt256 takes 64 hex digits, got 2: '0x12'"),
        ("{type: PublicKey, value: 0x12}", "state[0].value: a public key is 66 hex digits, got '0x12'"),
        ("{type: Array, value: {}}", "state[0].value: a mapping stands where a list of items belongs"),
        ("{type: Struct}", "state[0].value: null stands where a list of items belongs"),
        ("{type: Map, value: {}}", "state[0].value: a mapping stands where a list of {key, value} belongs"),
        ("{type: Map, value: [{key: 1}]}", "state[0].value[0]: a Map's entry is a mapping with key and value"),
        (
            "{type: Map, value: [{key: [], value: 1}]}",
            "state[0].value[0].key: a Map's key cannot be of type Array; right is a Boolean, an Integer or a Byte",
        ),
        ("{type: Pointer, value: -1}", "state[0].value: -1 stands where a position in a script belongs"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "items are nested deeper than 64 levels"),
    ],
)
def test_what_is_no_item_is_refused(written: str, error: str) -> None:
    with pytest.raises(FixtureError) as caught:
        READER.read(load(written, PLACE.file), PLACE)
    assert error in str(caught.value)


@pytest.mark.parametrize("written", ["{type: Buffer, value: AP8=}", "{type: Pointer, value: 3}"])
def test_a_type_that_neo_2_has_not_is_refused_there_and_taken_elsewhere(written: str) -> None:
    """Its VM has Array, Boolean, ByteArray, Integer, InteropInterface, Map and Struct. Source: neo-vm 2.4, Types."""
    item = load(written, PLACE.file)
    with pytest.raises(FixtureError) as caught:
        ItemReader(NAMES, "n2").read([item], PLACE)
    assert caught.value.path == "state[0][0].type"
    assert caught.value.message.endswith(
        " is no type of an item of Neo 2; right are Any, Boolean, Integer, ByteString, ByteArray, Signature, String, "
        "Hash160, Hash256, PublicKey, Array, Struct, Map, InteropInterface"
    )
    ItemReader(NAMES, "n3-preview").read([item], PLACE)


def test_half_a_character_is_no_text() -> None:
    with pytest.raises(FixtureError, match="half a character"):
        READER.read({"type": "String", "value": "\ud83d"}, PLACE)


def test_items_nested_to_the_limit_are_read() -> None:
    READER.read(load("[" * MAX_DEPTH + "]" * MAX_DEPTH, PLACE.file), PLACE)

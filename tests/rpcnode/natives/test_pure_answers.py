"""Tests of natives/pure_answers.py and the serializers it answers with.

Answers marked neo-go were recorded from that node's contracts (tests/data/README.md, contract Facts).
"""

import tracemalloc

import pytest

from rpcnode.execution.engine import NotModelled
from rpcnode.execution.native_hashes import CRYPTO_LIB, STD_LIB
from rpcnode.execution.serializers.binary import deserialize, serialize
from rpcnode.execution.serializers.json_text import json_bytes
from rpcnode.natives.pure_answers import pure_answer
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import Array, Buffer, InteropInterface, Map, Primitive, StackItem, Struct


@pytest.mark.parametrize(
    ("method", "args", "answer"),
    [
        ("itoa", [-255, 16], b"f01"),  # two's complement of three digits
        ("itoa", [128, 16], b"080"),
        ("itoa", [-1, 16], b"f"),
        ("itoa", [255], b"255"),
        ("atoi", [b"-77"], -77),
        ("atoi", [b"f01", 16], -255),
        ("atoi", [b"080", 16], 128),
        ("base64Encode", [b"hallo"], b"aGFsbG8="),
        ("base64Decode", [b"aGFsbG8="], b"hallo"),
        ("base64UrlEncode", [b"hi?>"], b"aGk_Pg"),
        ("base64UrlDecode", [b"aGk_Pg"], b"hi?>"),
        ("base58Encode", [b"\x00\x01"], b"12"),
        ("base58Decode", [b"12"], b"\x00\x01"),
        ("hexEncode", [b"\x01\xab"], b"01ab"),
        ("hexDecode", [b"01ab"], b"\x01\xab"),
        ("memoryCompare", [b"b", b"a"], 1),
        ("memorySearch", [b"abcabc", b"c"], 2),
        ("memorySearch", [b"abcabc", b"c", 3], 5),
        ("memorySearch", [b"abcabc", b"c", 5, True], 2),  # looks in the first five
        ("memorySearch", [b"abcabc", b"x"], -1),
        ("strLen", [b"abc"], 3),
        ("jsonSerialize", [Array([b"a<\xc3\xa9", 5, None, True])], b'["a\\u003C\\u00E9",5,null,true]'),
    ],
)
def test_std_lib_answers(method: str, args: list[StackItem], answer: StackItem) -> None:
    assert pure_answer(STD_LIB, method, args) == answer


@pytest.mark.parametrize(
    ("method", "args", "digest"),
    [
        # https://www.di-mgt.com.au/sha_testvectors.html
        ("sha256", [b"abc"], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("keccak256", [b"abc"], "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
        # https://homes.esat.kuleuven.be/~bosselae/ripemd160.html
        ("ripemd160", [b"abc"], "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
        # Reference implementation (SMHasher): MurmurHash3_x86_32("", 1) = 0x514e28b7, little-endian
        ("murmur32", [b"", 1], "b7284e51"),
    ],
)
def test_crypto_lib_hashes(method: str, args: list[StackItem], digest: str) -> None:
    assert pure_answer(CRYPTO_LIB, method, args) == bytes.fromhex(digest)


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("itoa", [1, 8]),
        ("atoi", [b"7x"]),
        ("atoi", [b"9" * 80]),
        ("base64Decode", [b"?"]),
        ("base58CheckDecode", [b"12345"]),
        ("base64Encode", [b"x" * 1025]),
        ("deserialize", [b"\x99"]),
        ("jsonSerialize", [2**53]),
        ("jsonSerialize", [Map([(1, None)])]),
        ("jsonSerialize", [Map([(True, None)])]),
        ("jsonDeserialize", [b"[1.5]"]),
        ("jsonDeserialize", [b"[" * 11 + b"]" * 11]),
        ("memorySearch", [b"abc", b"c", 4]),
    ],
)
def test_std_lib_refuses(method: str, args: list[StackItem]) -> None:
    with pytest.raises(VmFault):
        pure_answer(STD_LIB, method, args)


INVALID_OPERATION = "Operation is not valid due to the current state of the object."
TOO_DEEP = (
    "CurrentDepth (1000) is equal to or larger than the maximum allowed depth of 1000. "
    "Cannot write the next JSON object or array."
)


def nested(levels: int) -> StackItem:
    """Arrays, each in the next."""
    item = Array()
    for _ in range(levels - 1):
        item = Array([item])
    return item


def holding_itself(*before: StackItem) -> StackItem:
    """An array that holds itself behind other items."""
    item = Array(before)
    item.items.append(item)
    return item


def map_of_itself() -> StackItem:
    """A map that holds itself."""
    item = Map()
    item.entries[b"k"] = item
    return item


def test_1000_arrays_in_one_another_have_json() -> None:
    assert pure_answer(STD_LIB, "jsonSerialize", [nested(1000)]) == b"[" * 1000 + b"]" * 1000


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (nested(1001), TOO_DEEP),
        (nested(2048), TOO_DEEP),
        (holding_itself(), TOO_DEEP),
        (map_of_itself(), TOO_DEEP),
        (holding_itself(b"x" * 200), INVALID_OPERATION),  # 204 characters a level: 131,070 are full at the 643rd
        (Array([b"x" * 66_000] * 2), INVALID_OPERATION),
        (Array([InteropInterface(None), holding_itself()]), "Invalid StackItemType"),
        (Array([2**53, holding_itself()]), INVALID_OPERATION),
        (Array([1, Map([(b"k", holding_itself()), (1, None)])]), "Key is not a ByteString"),
    ],
    ids=["1001", "2048", "itself", "a map", "itself, long", "too long", "interface", "integer", "key"],
)
def test_what_comes_first_in_the_text_of_an_item_without_json_is_the_fault(item: StackItem, message: str) -> None:
    """neo writes from left to right and looks at the size after each step; .NET's writer takes 1000 levels.

    Source: neo 3.9, Neo: SmartContract/JsonSerializer.SerializeToByteArray; dotnet/runtime, System.Text.Json:
    Utf8JsonWriter.WriteStart, JsonWriterOptions.MaxDepth.
    """
    with pytest.raises(VmFault) as caught:
        pure_answer(STD_LIB, "jsonSerialize", [item])
    assert str(caught.value) == message


def test_131070_bytes_are_the_longest_json() -> None:
    assert len(json_bytes(b"x" * 131_068)) == 131_070  # and two quotes
    with pytest.raises(VmFault):
        json_bytes(b"x" * 131_069)


def test_a_map_is_written_in_the_order_of_its_keys() -> None:
    item = Map([(b"b", Array([1, Map()])), (b'"', Map([(b"", False)]))])
    assert json_bytes(item) == b'{"b":[1,{}],"\\u0022":{"":false}}'


@pytest.mark.parametrize("text", ["é", "a\r\nb"])
def test_what_takes_tables_of_characters_is_not_built(text: str) -> None:
    with pytest.raises(NotModelled):
        pure_answer(STD_LIB, "strLen", [text.encode()])


@pytest.mark.parametrize(
    ("args", "parts"),
    [
        ([b"a,b,,c", b","], [b"a", b"b", b"", b"c"]),
        ([b"a,b,,c", b",", True], [b"a", b"b", b"c"]),
        ([b"abc", b""], [b"abc"]),
    ],
)
def test_a_text_is_split(args: list[StackItem], parts: list[bytes]) -> None:
    answer = pure_answer(STD_LIB, "stringSplit", args)
    assert isinstance(answer, Array)
    assert answer.items == parts


def test_json_is_read_to_values() -> None:
    answer = pure_answer(STD_LIB, "jsonDeserialize", [b'[1e2,{"a":"b"},null,true]'])
    assert isinstance(answer, Array)
    number, entries, nothing, truth = answer.items
    assert (number, nothing, truth) == (100, None, True)
    assert isinstance(entries, Map)
    assert [*entries.pairs()] == [(b"a", b"b")]
    assert [type(number), type(truth)] == [int, bool]


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (None, "00"),
        (True, "2001"),
        (1, "210101"),
        (0, "2100"),
        (-1, "2101ff"),
        (b"ab", "28026162"),
    ],
)
def test_a_plain_value_is_serialized(value: StackItem, data: str) -> None:
    assert serialize(value) == bytes.fromhex(data)
    read = deserialize(bytes.fromhex(data))
    assert (type(read), read) == (type(value), value)


def test_compounds_are_serialized_in_order() -> None:
    data = serialize(Array([Map([(b"k", Struct([1, Buffer(b"z")]))]), None]))
    assert data == bytes.fromhex("4002 4801 28016b 4102 210101 30017a 00")
    assert serialize(deserialize(data)) == data


def test_keys_that_python_takes_for_one_another_are_serialized_apart() -> None:
    keys: list[Primitive] = [True, 1, b"\x01"]
    data = serialize(Map([(key, None) for key in keys]))
    assert data == bytes.fromhex("4803 200100 21010100 28010100")
    read = deserialize(data)
    assert isinstance(read, Map)
    assert [(type(key), key) for key, _ in read.pairs()] == [(type(key), key) for key in keys]


@pytest.mark.parametrize("value", [InteropInterface(None), Array([InteropInterface(None)])], ids=["itself", "within"])
def test_an_interface_has_no_bytes(value: StackItem) -> None:
    with pytest.raises(VmFault, match="not supported"):
        serialize(value)


def test_one_array_twice_has_no_bytes() -> None:
    inner = Array()
    with pytest.raises(VmFault, match="not supported"):
        serialize(Array([inner, inner]))


def test_2048_items_are_serialized() -> None:
    assert len(serialize(Array([1] * 2047))) == 1 + 3 + 3 * 2047


def test_2049_items_are_not_serialized() -> None:
    with pytest.raises(VmFault, match="Too many items"):
        serialize(Array([1] * 2048))


def test_what_is_written_never_grows_far_past_the_limit() -> None:
    # 2047 times the same 100,000 bytes are 205 MB: neo looks at the size after each item.
    tracemalloc.start()
    try:
        with pytest.raises(VmFault, match="current state of the object"):
            serialize(Array([b"a" * 100_000] * 2047))
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_a_key_past_64_bytes_is_not_deserialized() -> None:
    # neo-vm, Map: the indexer checks MaxKeySize, for StdLib too.
    data = bytes.fromhex("4801 2841") + b"k" * 65 + b"\x00"
    with pytest.raises(VmFault, match=r"^Key size 65 bytes exceeds maximum allowed size of 64 bytes"):
        deserialize(data)

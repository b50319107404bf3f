"""The items that arguments of an invocation become; what is refused is in tests of the RpcServer plugin."""

import pytest

from rpcnode.plugin.parameters import ContractArguments
from rpcnode.primitives.errors import FormatError, LeakedException
from rpcnode.primitives.json import Json
from rpcnode.server.parameters.arguments import n2_arguments, n3_arguments, preview_arguments
from rpcnode.server.parameters.conversion import Converter
from rpcnode.vm.items import Map, StackItem, type_of

KEY = "02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2"
HASH_160, HASH_256 = "0x" + "ab" * 20, "0x" + "cd" * 32


def _argument(convert: Converter, kind: str, value: Json) -> StackItem:
    arguments = convert([{"type": kind, "value": value}], 1)
    assert isinstance(arguments, ContractArguments)
    (argument,) = arguments
    return argument


@pytest.mark.parametrize("convert", [n3_arguments, preview_arguments, n2_arguments])
@pytest.mark.parametrize(
    ("kind", "value", "name", "item"),
    [
        ("Boolean", True, "Boolean", True),
        ("Boolean", "x", "Boolean", True),
        ("Integer", "1", "Integer", 1),
        ("Integer", " -7 \0", "Integer", -7),
        ("Integer", str(2**255 - 1), "Integer", 2**255 - 1),
        ("Integer", str(-(2**255)), "Integer", -(2**255)),
        ("String", "é", "ByteString", b"\xc3\xa9"),
        ("Hash160", HASH_160, "ByteString", b"\xab" * 20),
        ("Hash256", HASH_256, "ByteString", b"\xcd" * 32),
        ("PublicKey", KEY, "ByteString", bytes.fromhex(KEY)),
    ],
)
def test_an_argument_is_an_item(convert: Converter, kind: str, value: Json, name: str, item: StackItem) -> None:
    argument = _argument(convert, kind, value)
    assert type_of(argument).name == name  # a hash or a key is no item before it is plain bytes
    assert argument == item


@pytest.mark.parametrize("convert", [n3_arguments, preview_arguments, n2_arguments])
@pytest.mark.parametrize("kind", ["17", " Integer", "\u00a0Integer\n", "Boolean, Integer", "Integer,Boolean", "+017"])
def test_a_type_is_read_as_enum_parse_reads_it(convert: Converter, kind: str) -> None:
    """Boolean is 16 and Integer 17, of which the bits are united. Source: dotnet/runtime, Enum.cs: TryParseByName."""
    assert _argument(convert, kind, "5") == 5


@pytest.mark.parametrize("kind", ["99", "integer", "Integer,", "256", ""])
def test_a_type_that_n3_does_not_know_is_refused(kind: str) -> None:
    with pytest.raises(FormatError):
        _argument(n3_arguments, kind, "5")


def test_a_number_that_is_no_type_is_out_of_range_on_the_older_nodes() -> None:
    for convert in (preview_arguments, n2_arguments):
        with pytest.raises(LeakedException, match="Value does not fall"):
            _argument(convert, "99", "5")


def test_an_uncompressed_key_is_pushed_compressed() -> None:
    # the generator of secp256r1, SEC 2 version 2.0, section 2.4.2
    x = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    y = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
    assert _argument(n3_arguments, "PublicKey", f"04{x}{y}") == bytes.fromhex(f"03{x}")
    with pytest.raises(FormatError):
        _argument(n3_arguments, "PublicKey", f"04{x}{x}")


@pytest.mark.parametrize(
    ("convert", "text"), [(n3_arguments, "q80="), (preview_arguments, "q80="), (n2_arguments, "abcd")]
)
@pytest.mark.parametrize("kind", ["ByteArray", "Signature"])
def test_bytes_are_base64_and_in_neo_2_hex(convert: Converter, text: str, kind: str) -> None:
    argument = _argument(convert, kind, text)
    assert (type(argument), argument) == (bytes, b"\xab\xcd")


@pytest.mark.parametrize("number", [2**255, -(2**255) - 1, 10**78])
def test_an_integer_past_256_bits_is_out_of_range(number: int) -> None:
    with pytest.raises(LeakedException, match="out of the range of valid values"):
        n3_arguments([{"type": "Integer", "value": str(number)}], 1)


def test_keys_that_python_takes_for_one_another_stay_apart() -> None:
    one: Json = {"type": "Integer", "value": "1"}
    yes: Json = {"type": "Boolean", "value": True}
    argument = _argument(n3_arguments, "Map", [{"key": yes, "value": one}, {"key": one, "value": yes}])
    assert isinstance(argument, Map)
    assert [(type(key), type(value)) for key, value in argument.pairs()] == [(bool, int), (int, bool)]

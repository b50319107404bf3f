"""The methods about blocks and headers: how each node reads what names one, and what it says of one that is not there.

Source: neo-node 3.10, plugins/RpcServer: ParameterConverter, BlockHashOrIndex, RpcServer.Blockchain; neo-plugins
v3.0.0-preview2, RpcServer; neo 2.12, Neo: Network/RPC/RpcServer.
Blocks and headers of the older profiles are in test_rpc_server_older_profiles.py.
"""

from typing import Final

import pytest

from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import NodeBuilder, error, result
from tests.plugins.rpc_server.one_transfer_nodes import CHAIN, INDEX, NULL_REFERENCE, missing

OVERFLOW: Final[dict[str, Json]] = {
    "code": -2146233066,
    "message": "Value was either too large or too small for a UInt32.",
}
INVALID: Final[dict[str, Json]] = {"code": -32602, "message": "Invalid params"}
UNKNOWN_BLOCK: Final[dict[ProfileName, dict[str, Json]]] = {
    "n3": {"code": -101, "message": "Unknown block"},
    "n3-preview": {"code": -100, "message": "Unknown block"},
    "n2": {"code": -100, "message": "Unknown block"},
}
UNKNOWN_HEIGHT: Final[dict[ProfileName, dict[str, Json]]] = {
    "n3": {"code": -109, "message": "Unknown height"},
    "n3-preview": {"code": -100, "message": "Invalid Height"},
    "n2": {"code": -100, "message": "Invalid Height"},
}


def refused(detail: str) -> dict[str, Json]:
    """What a converter of neo-cli 3.10 raises."""
    return {"code": -32602, "message": f"Invalid params - {detail}", "data": detail}


# getblockhash

Expected = int | dict[str, Json]
"""The index of the block that is found, or an error."""

HEIGHTS: Final[dict[str, tuple[Json, Expected, Expected]]] = {
    "number": (3, 3, 3),
    "whole fraction": (3.0, 3, 3),
    "zero": (0, 0, 0),
    "digits": ("3", 3, 3),
    "digits in spaces": (" 3\n", 3, 3),
    "digits with a plus": ("+3", 3, 3),
    "digits with zeros": ("003", 3, 3),
    "minus zero": ("-0", 0, 0),
    "digits before nulls": ("3 \0\0", 3, 3),
    "null before digits": ("\0003", refused('Invalid System.UInt32 value: "\\u00003"'), INVALID),
    "true": (True, 1, INVALID),
    "false": (False, 0, INVALID),
    "empty text": ("", 0, INVALID),
    "exponent": ("1e0", 1, INVALID),
    "negative": (-1, refused("Invalid System.UInt32 value: -1"), OVERFLOW),
    "fraction": (1.5, refused("Invalid System.UInt32 value: 1.5"), INVALID),
    "fraction as text": ("1.0", 1, INVALID),
    "word": ("abc", refused('Invalid System.UInt32 value: "abc"'), INVALID),
    "hexadecimal": ("0x1", refused('Invalid System.UInt32 value: "0x1"'), INVALID),
    "object": ({}, refused("Invalid System.UInt32 value: {}"), INVALID),
    "array": ([], refused("Invalid System.UInt32 value: []"), INVALID),
    "array of a number": ([3], refused("Invalid System.UInt32 value: [3]"), 3),
    "33 bits": (2**32, refused("Invalid System.UInt32 value: 4294967296"), OVERFLOW),
    "33 bits as text": ("4294967296", refused('Invalid System.UInt32 value: "4294967296"'), OVERFLOW),
    "70 digits": ("9" * 70, refused('Invalid System.UInt32 value: "' + "9" * 70 + '"'), OVERFLOW),
}


@pytest.mark.parametrize("row", HEIGHTS)
def test_getblockhash_reads_its_height_as_its_node_does(row: str, profile: ProfileName, node: Node) -> None:
    value, n3, legacy = HEIGHTS[row]
    expected = n3 if profile == "n3" else legacy
    if isinstance(expected, int):
        assert result(node, "getblockhash", value) == result(node, "getblockhash", expected)
    else:
        assert error(node, "getblockhash", value) == expected


@pytest.mark.parametrize("height", [11, 12, 2**32 - 1, "11"])
def test_getblockhash_above_the_newest_block_is_unknown(height: Json, profile: ProfileName, node: Node) -> None:
    assert error(node, "getblockhash", height) == UNKNOWN_HEIGHT[profile]


def test_getblockhash_wants_a_height(profile: ProfileName, node: Node) -> None:
    if profile == "n3":
        assert error(node, "getblockhash") == error(node, "getblockhash", None) == missing("height")
    else:
        assert error(node, "getblockhash") == INDEX[profile]
        assert error(node, "getblockhash", None) == NULL_REFERENCE


# getblock and getblockheader

BLOCK_METHODS: Final = ("getblock", "getblockheader")


def bad_block(text: str) -> dict[str, Json]:
    return refused(f"Invalid block hash or index format: {text}")


BLOCKS: Final[dict[str, tuple[Json, Expected, Expected]]] = {
    "number": (3, 3, 3),
    "zero": (0, 0, 0),
    "digits": ("3", 3, INVALID),
    "digits in spaces": (" 3 ", 3, INVALID),
    "digits with a plus": ("+3", 3, INVALID),
    "minus zero": ("-0", 0, INVALID),
    "negative": (-1, bad_block("-1"), OVERFLOW),
    "fraction": (1.5, bad_block("1.5"), INVALID),
    "33 bits": (2**32, bad_block("4294967296"), OVERFLOW),
    "large number": (1e20, bad_block("1E+20"), INVALID),
    "true": (True, bad_block("true"), INVALID),
    "object": ({}, bad_block("{}"), INVALID),
    "array": ([], bad_block("[]"), INVALID),
    "empty text": ("", bad_block('""'), INVALID),
    "word": ("abc", bad_block('"abc"'), INVALID),
    "short hash": ("0x" + "ab" * 31, bad_block('"0x' + "ab" * 31 + '"'), INVALID),
    "long hash": ("ab" * 33, bad_block('"' + "ab" * 33 + '"'), INVALID),
    "no hex": ("zz" * 32, bad_block('"' + "zz" * 32 + '"'), INVALID),
}


@pytest.mark.parametrize("method", BLOCK_METHODS)
@pytest.mark.parametrize("row", BLOCKS)
def test_a_block_is_named_as_its_node_reads_it(row: str, method: str, profile: ProfileName, node: Node) -> None:
    value, n3, legacy = BLOCKS[row]
    expected = n3 if profile == "n3" else legacy
    if isinstance(expected, int):
        assert result(node, method, value) == result(node, method, expected)
    else:
        assert error(node, method, value) == expected


@pytest.mark.parametrize("method", BLOCK_METHODS)
def test_a_block_is_named_by_any_spelling_of_its_hash(method: str, profile: ProfileName, node: Node) -> None:
    found: str = result(node, "getblockhash", 3)
    expected = result(node, method, 3)
    for written in (found, found[2:], found[2:].upper(), "0x" + found[2:].upper()):
        assert result(node, method, written) == expected
    capital = "0X" + found[2:]
    if profile == "n2":
        assert error(node, method, capital) == INVALID
    else:
        assert result(node, method, capital) == expected


@pytest.mark.parametrize("method", BLOCK_METHODS)
def test_an_array_of_one_hash_is_that_hash_before_n3(method: str, profile: ProfileName, node: Node) -> None:
    found = result(node, "getblockhash", 3)
    if profile == "n3":
        assert error(node, method, [found]) == bad_block(f'["{found}"]')
    else:
        assert result(node, method, [found]) == result(node, method, 3)


@pytest.mark.parametrize("method", BLOCK_METHODS)
@pytest.mark.parametrize("block_name", [11, 2**32 - 1, "0x" + "00" * 32, "ab" * 32])
def test_a_block_that_is_not_there_is_unknown(block_name: Json, method: str, profile: ProfileName, node: Node) -> None:
    assert error(node, method, block_name) == error(node, method, block_name, True) == UNKNOWN_BLOCK[profile]


@pytest.mark.parametrize("method", BLOCK_METHODS)
def test_a_hash_read_backwards_is_a_block_nobody_knows(method: str, profile: ProfileName, node: Node) -> None:
    found: str = result(node, "getblockhash", 3)
    backwards = bytes.fromhex(found[2:])[::-1].hex()
    assert error(node, method, backwards) == UNKNOWN_BLOCK[profile]


@pytest.mark.parametrize("method", BLOCK_METHODS)
def test_a_block_must_be_named(method: str, profile: ProfileName, node: Node) -> None:
    if profile == "n3":
        assert error(node, method) == error(node, method, None) == missing("blockHashOrIndex")
    else:
        assert error(node, method) == INDEX[profile]
        assert error(node, method, None) == NULL_REFERENCE


@pytest.mark.parametrize("method", BLOCK_METHODS)
@pytest.mark.parametrize("value", [True, 1, -1, 0.5, "true", "false", "0", {}, []], ids=repr)
def test_verbose_is_anything_but_false_zero_and_the_empty_text(value: Json, method: str, node: Node) -> None:
    assert result(node, method, 3, value) == result(node, method, 3, True)
    assert isinstance(result(node, method, 3, value), dict)


@pytest.mark.parametrize("method", BLOCK_METHODS)
@pytest.mark.parametrize("value", [False, 0, 0.0, ""], ids=repr)
def test_otherwise_a_block_is_a_text(value: Json, method: str, node: Node) -> None:
    assert result(node, method, 3, value) == result(node, method, 3)
    assert isinstance(result(node, method, 3), str)


@pytest.mark.parametrize("method", BLOCK_METHODS)
def test_a_null_for_verbose_is_absent_in_n3_and_leaks_before(method: str, profile: ProfileName, node: Node) -> None:
    if profile == "n3":
        assert result(node, method, 3, None) == result(node, method, 3)
    else:
        assert error(node, method, 3, None) == NULL_REFERENCE


# Headers above the height


@pytest.fixture(name="syncing")
def syncing_fixture(profile: ProfileName, build: NodeBuilder) -> Node:
    return build({**CHAIN, "node": {"height": 5, "header_height": 8}}, profile)


def test_a_header_without_its_block_makes_no_block(profile: ProfileName, syncing: Node) -> None:
    assert result(syncing, "getblockcount") == 6
    assert error(syncing, "getblockhash", 6) == UNKNOWN_HEIGHT[profile]
    assert error(syncing, "getblock", 6) == UNKNOWN_BLOCK[profile]


def test_a_header_without_its_block_is_told_by_the_nodes_that_store_it(profile: ProfileName, syncing: Node) -> None:
    # n2 and preview2 find it, as GetHeader does, and count Height - Index + 1 unsigned: 5 - 8 + 1 is 2**32 - 2.
    if profile == "n3":
        assert error(syncing, "getblockheader", 8) == UNKNOWN_BLOCK[profile]
        assert "nextblockhash" not in result(syncing, "getblock", 5, True)
    else:
        newest = result(syncing, "getblockheader", 8, True)
        assert newest["confirmations"] == 4294967294
        assert "nextblockhash" not in newest
        next_hash = result(syncing, "getblock", 5, True)["nextblockhash"]
        assert result(syncing, "getblockheader", next_hash, True)["index"] == 6
        assert error(syncing, "getblockheader", 9) == UNKNOWN_BLOCK[profile]

"""The first parameter of getnep5balances and getnep5transfers, good and bad.

Source: neo-plugins v3.0.0-preview2 and v2.12.0, RpcNep5Tracker: GetScriptHashFromParam; neo-node 3.10, RpcServer:
ParameterConverter.ToAddress.
"""

from collections.abc import Callable
from typing import Any, Final

import aiohttp
import pytest

from rpcnode.endpoint import Endpoint
from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import (
    HOLDER,
    PROFILES,
    REFERENCE,
    TOKEN,
    NodeBuilder,
    address,
    block,
    chain_of,
    error,
    result,
    transfers,
)

METHODS: Final = ("getnep5balances", "getnep5transfers")
LATE: Final = "0x" + "1a" * 20
GONE: Final = "0x" + "90" * 20
PLAIN: Final = "0x" + "9a" * 20
NEVER_SEEN: Final = "0x" + "5e" * 20

CHAIN: Final = chain_of(
    block(1, transfers((None, HOLDER, 5))),
    contracts={
        "demo": {"hash": TOKEN, "standard": "NEP-5"},
        "late": {"hash": LATE, "standard": "NEP-5", "deployed_at": 50},
        "gone": {"hash": GONE, "standard": "NEP-5", "destroyed_at": 3},
        "plain": {"hash": PLAIN, "standard": "none"},
    },
    height=10,
)

DIGITS: Final = HOLDER[2:]
NOTHING: Final = object()
"""Stands for a params array without a first item."""

Given = Callable[[ProfileName], Any]


def _wrong_version(profile: ProfileName) -> str:
    return address("n3" if profile == "n2" else "n2", HOLDER)


def _changed(text: str, position: int, character: str) -> str:
    assert text[position] != character
    return text[:position] + character + text[position + 1 :]


# What is given, by profile; then who takes it: n3, n3-preview, n2, and documented mode of any profile.
ROWS: Final[dict[str, tuple[Given, tuple[bool, bool, bool, bool]]]] = {
    "address": (lambda profile: address(profile, HOLDER), (True, True, True, True)),
    "number": (lambda _: 123, (False, False, False, False)),
    "fraction": (lambda _: 1.5, (False, False, False, False)),
    "true": (lambda _: True, (False, False, False, False)),
    "false": (lambda _: False, (False, False, False, False)),
    "object": (lambda _: {}, (False, False, False, False)),
    "object with members": (lambda profile: {"address": address(profile, HOLDER)}, (False, False, False, False)),
    "array of one address": (lambda profile: [address(profile, HOLDER)], (False, True, True, False)),
    "array in an array": (lambda profile: [[address(profile, HOLDER)]], (False, True, True, False)),
    "array of one hash": (lambda _: [HOLDER], (False, True, True, False)),
    "array of two": (lambda profile: [address(profile, HOLDER), "x"], (False, False, False, False)),
    "empty array": (lambda _: [], (False, False, False, False)),
    "empty text": (lambda _: "", (False, False, False, False)),
    "address cut short": (lambda profile: address(profile, HOLDER)[:-1], (False, False, False, False)),
    "no base58 character": (
        lambda profile: _changed(address(profile, HOLDER), 5, "0"),
        (False, False, False, False),
    ),
    "bad checksum": (
        lambda profile: _changed(address(profile, HOLDER), -1, "z" if address(profile, HOLDER)[-1] != "z" else "y"),
        (False, False, False, False),
    ),
    "address of another version": (_wrong_version, (False, False, False, False)),
    "space before": (lambda profile: " " + address(profile, HOLDER), (False, False, False, False)),
    "space after": (lambda profile: address(profile, HOLDER) + " ", (False, False, False, False)),
    "hash": (lambda _: DIGITS, (True, True, True, True)),
    "hash with 0x": (lambda _: "0x" + DIGITS, (True, True, True, True)),
    "hash with 0X": (lambda _: "0X" + DIGITS, (True, True, False, True)),
    "hash in capitals": (lambda _: "0x" + DIGITS.upper(), (True, True, True, True)),
    "hash in mixed case": (lambda _: "A1a1" + DIGITS[4:], (True, True, True, True)),
    "39 digits": (lambda _: DIGITS[1:], (False, False, False, False)),
    "41 digits": (lambda _: "a" + DIGITS, (False, False, False, False)),
    "0x and 38 digits": (lambda _: "0x" + DIGITS[2:], (False, False, False, False)),
    "42 digits": (lambda _: "a1" + DIGITS, (False, False, False, False)),
    "40 letters": (lambda _: "g" * 40, (False, False, False, False)),
    "hash with space before": (lambda _: " " + DIGITS, (False, False, False, False)),
    "hash with space inside": (lambda _: DIGITS[:20] + "  " + DIGITS[20:38], (False, False, False, False)),
    "fullwidth digits": (lambda _: "\uff11" * 40, (False, False, False, False)),
}

INVALID_QUOTED: Final[dict[str, str]] = {
    "number": "123",
    "fraction": "1.5",
    "true": "true",
    "false": "false",
    "object": "{}",
    "empty array": "[]",
    "empty text": "",
    "40 letters": "g" * 40,
}
"""What neo-cli 3.10 quotes after `Invalid Address: `; other texts are quoted as given."""

OUT_OF_RANGE: Final = "Index was out of range. Must be non-negative and less than the size of the collection."
MISSING: Final[dict[ProfileName, dict[str, Json]]] = {
    "n3": {"code": -2147024809, "message": "Required parameter 'address' is missing"},
    "n3-preview": {"code": -2146233086, "message": OUT_OF_RANGE + " (Parameter 'index')"},
    "n2": {"code": -2146233086, "message": OUT_OF_RANGE + "\nParameter name: index"},
}
NULL_REFERENCE: Final[dict[str, Json]] = {
    "code": -2147467261,
    "message": "Object reference not set to an instance of an object.",
}
NULL: Final[dict[ProfileName, dict[str, Json]]] = {
    "n3": MISSING["n3"],
    "n3-preview": NULL_REFERENCE,
    "n2": NULL_REFERENCE,
}


@pytest.fixture(params=PROFILES)
def reference(request: pytest.FixtureRequest, build_once: NodeBuilder) -> Node:
    return build_once(CHAIN, request.param, REFERENCE)


@pytest.fixture(params=PROFILES)
def documented(request: pytest.FixtureRequest, build_once: NodeBuilder) -> Node:
    return build_once(CHAIN, request.param)


def answer_of(method: str, profile: ProfileName, account: str, node: Node) -> dict[str, Any]:
    """The method's answer for an account given in hex, with the account's address in it."""
    if method == "getnep5balances":
        rows = result(node, method, account)["balance"]
        return {"balance": rows, "address": address(profile, account)}
    answer = result(node, method, account)
    return {"sent": answer["sent"], "received": answer["received"], "address": address(profile, account)}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("row", ROWS)
def test_a_source_faithful_node_takes_or_refuses_as_its_source_does(method: str, row: str, reference: Node) -> None:
    profile = reference.options.profile
    given, taken = ROWS[row]
    value = given(profile)
    if taken[PROFILES.index(profile)]:
        expected = answer_of(method, profile, HOLDER, reference)
        assert len(expected["balance"] if method == "getnep5balances" else expected["received"]) == 1
        assert result(reference, method, value) == expected
    elif profile == "n3":
        detail = f"Invalid Address: {INVALID_QUOTED.get(row, value)}" if isinstance(value, str) else None
        if detail is None and row in INVALID_QUOTED:
            detail = f"Invalid Address: {INVALID_QUOTED[row]}"
        refusal = error(reference, method, value)
        assert refusal["code"] == -32602
        assert refusal["message"] == f"Invalid params - {refusal['data']}"
        assert detail is None or refusal["data"] == detail
    else:
        assert error(reference, method, value) == {"code": -32602, "message": "Invalid params"}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("row", ROWS)
def test_documented_mode_takes_addresses_and_hashes_and_refuses_all_else_as_invalid_params(
    method: str, row: str, documented: Node
) -> None:
    profile = documented.options.profile
    given, (*_, taken) = ROWS[row]
    value = given(profile)
    if taken:
        assert result(documented, method, value) == answer_of(method, profile, HOLDER, documented)
        return
    refusal = error(documented, method, value)
    assert list(refusal) == ["code", "message", "data"]
    assert refusal["code"] == -32602
    detail = refusal["data"]
    assert isinstance(detail, str)
    assert refusal["message"] == (f"Invalid params - {detail}" if profile == "n3" else "Invalid params")


@pytest.mark.parametrize("method", METHODS)
def test_a_source_faithful_node_answers_a_missing_or_null_account_with_its_runtimes_error(
    method: str, reference: Node
) -> None:
    profile = reference.options.profile
    assert error(reference, method) == MISSING[profile]
    assert error(reference, method, None) == NULL[profile]


@pytest.mark.parametrize("method", METHODS)
def test_documented_mode_never_leaks_a_runtimes_error_for_a_missing_or_null_account(
    method: str, documented: Node
) -> None:
    for params in ([], [None]):
        refusal = error(documented, method, *params)
        assert refusal["code"] == -32602
        assert str(refusal["message"]).split(" - ")[0] == "Invalid params"


@pytest.mark.parametrize(
    "value, reason",
    [
        ("NPvKVTGZapmFWABLsyvfreuqn73jCjJtN2", "is no address: its checksum is wrong, so a character is"),
        ("NPvKVTGZapmFWABLsyvfreuqn73jCjJtNl", "is no address: 'l' at 33 is not a Base58 character"),
        ("NPvKVTGZapmFWABLsyvfreuqn73jCjJtN11", "is no address: it holds "),
        ("NPvKVTGZapmFWABLsyvfreuqn73jCjJtN111", "is no address: it has 36 characters, an address at most 35"),
        ("0x39e7394d6231aa09c097d02391d5d149f873f12", "takes 40 hex digits, got 39"),
    ],
    ids=["checksum", "character", "longer", "too long", "hex"],
)
def test_documented_mode_says_once_what_is_wrong_with_which_address(value: str, reason: str, documented: Node) -> None:
    detail = str(error(documented, "getnep5balances", value)["data"])
    assert detail.startswith("Invalid Address: ")
    assert reason in detail
    assert detail.count(value) == 1


def test_documented_mode_says_which_address_version_it_saw(documented: Node) -> None:
    profile = documented.options.profile
    refusal = error(documented, "getnep5balances", _wrong_version(profile))
    assert ("0x35" if profile == "n2" else "0x17") in str(refusal["data"])


@pytest.mark.parametrize("surplus", [(0,), (None,), ("x", {}, 1.5), ([],)])
def test_surplus_params_of_getnep5balances_are_ignored_as_the_pages_own_request_needs(
    surplus: tuple[Json, ...], reference: Node, documented: Node
) -> None:
    for node in (reference, documented):
        account = address(node.options.profile, HOLDER)
        assert result(node, "getnep5balances", account, *surplus) == result(node, "getnep5balances", account)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "account", [NEVER_SEEN, TOKEN, PLAIN, LATE, GONE], ids=["never seen", "NEP-5", "other", "undeployed", "destroyed"]
)
def test_a_source_faithful_node_takes_any_hash_for_an_account(method: str, account: str, reference: Node) -> None:
    profile = reference.options.profile
    empty: dict[str, Any] = {"balance": []} if method == "getnep5balances" else {"sent": [], "received": []}
    assert result(reference, method, account) == {**empty, "address": address(profile, account)}


@pytest.mark.parametrize("method", METHODS)
def test_an_account_never_seen_has_empty_lists_in_documented_mode(method: str, documented: Node) -> None:
    empty: dict[str, Any] = {"balance": []} if method == "getnep5balances" else {"sent": [], "received": []}
    expected = {**empty, "address": address(documented.options.profile, NEVER_SEEN)}
    assert result(documented, method, NEVER_SEEN) == expected


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("params", ["absent", "null"])
async def test_params_left_out_are_an_invalid_request_before_n3_and_an_empty_array_in_n3(
    method: str, profile: ProfileName, params: str, build: NodeBuilder
) -> None:
    """As 3.5 and later read them; before, the request object was malformed."""
    node = build(
        CHAIN,
        profile,
        REFERENCE,
        environment={"RPCNODE_RPCSERVER_PORT": "0"},
    )
    endpoint = Endpoint(node)
    await endpoint.start()
    request: dict[str, Json] = {"jsonrpc": "2.0", "method": method, "id": 1}
    if params == "null":
        request["params"] = None
    try:
        async with aiohttp.ClientSession() as session, session.post(endpoint.url, json=request) as response:
            answer = await response.json(content_type=None)
    finally:
        await endpoint.stop()
    legacy: dict[str, Json] = {"code": -32600, "message": "Invalid Request"}
    assert answer == {"jsonrpc": "2.0", "id": 1, "error": MISSING["n3"] if profile == "n3" else legacy}

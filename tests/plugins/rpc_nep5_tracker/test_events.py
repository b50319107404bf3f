"""Which notifications count as transfers.

Source: neo-plugins v3.0.0-preview2 and v2.12.0, RpcNep5Tracker: HandleNotification.
"""

from base64 import b64encode
from itertools import product
from typing import Final

import pytest

from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import (
    EVENT_NAME,
    HOLDER,
    OTHER,
    PROFILES,
    REFERENCE,
    TOKEN,
    ZERO,
    ZERO_ADDRESS,
    Document,
    NodeBuilder,
    address,
    amounts,
    balances,
    block,
    chain_of,
    event,
    history,
    notifies,
    transfers,
)

MINT: Final = block(1, transfers((None, HOLDER, 1000), (None, OTHER, 500)))
"""Gives both accounts a row of block 1, so that a later event shows in its height."""

UNTOUCHED: Final = ("1000", 1), ("500", 1)


def item(kind: str, value: Json = None) -> Json:
    return {"type": kind, "value": value}


def byte_string(data: bytes) -> Json:
    return item("ByteString", b64encode(data).decode())


def buffer(data: bytes) -> Json:
    return item("Buffer", b64encode(data).decode())


HOLDER_BYTES: Final = bytes.fromhex(HOLDER[2:])[::-1]
OTHER_BYTES: Final = bytes.fromhex(OTHER[2:])[::-1]


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> ProfileName:
    name: ProfileName = request.param
    return name


def rows(node: Node) -> tuple[tuple[str, int], tuple[str, int]]:
    """Amount and block of the rows of both accounts."""
    ((_, held, holder_block),) = balances(node, HOLDER)
    ((_, owned, other_block),) = balances(node, OTHER)
    return (held, holder_block), (owned, other_block)


def emitting(profile: ProfileName, build: NodeBuilder, *items: Json, name: Json = "") -> Node:
    """A node whose block 2 holds one event with these items."""
    return build(chain_of(MINT, block(2, notifies(event(profile, *items, name=name)))), profile)


def moved(node: Node) -> list[tuple[str, str, str]]:
    """Who sent to whom how much in block 2: (account, counterparty, amount), from both sides' histories."""
    return [
        (account, row["transfer_address"], row["amount"])
        for account in (HOLDER, OTHER)
        for side in ("sent", "received")
        for row in history(node, account)[side]
        if row["block_index"] == 2
    ]


def test_an_event_of_sender_receiver_and_amount_counts_and_moves_nothing(
    profile: ProfileName, build: NodeBuilder
) -> None:
    """The heights move, the balances are what balanceOf says: an event's amount is never credited."""
    node = emitting(profile, build, HOLDER, OTHER, 7)
    assert rows(node) == (("1000", 2), ("500", 2))
    assert moved(node) == [(HOLDER, address(profile, OTHER), "7"), (OTHER, address(profile, HOLDER), "7")]


def test_items_after_the_amount_are_not_looked_at(profile: ProfileName, build: NodeBuilder) -> None:
    node = emitting(profile, build, HOLDER, OTHER, 7, item("Map", []), None)
    assert rows(node) == (("1000", 2), ("500", 2))


@pytest.mark.parametrize("items", [[], [HOLDER], [HOLDER, OTHER]], ids=len)
def test_an_event_with_too_few_items_is_ignored(items: list[Json], profile: ProfileName, build: NodeBuilder) -> None:
    node = emitting(profile, build, *items)
    assert (rows(node), moved(node)) == (UNTOUCHED, [])


# The event's name


@pytest.mark.parametrize("name", ["Transfer", "transfer", "TRANSFER", "Transfer ", "Transfe", "Mint", "mintTokens"])
def test_only_the_profiles_own_spelling_of_the_name_counts(name: str, profile: ProfileName, build: NodeBuilder) -> None:
    node = emitting(profile, build, HOLDER, OTHER, 7, name=name)
    assert rows(node) == ((("1000", 2), ("500", 2)) if name == EVENT_NAME[profile] else UNTOUCHED)


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_a_fixture_may_name_an_event_beside_its_items_before_n3_too(profile: ProfileName, build: NodeBuilder) -> None:
    named: Document = {"contract": "demo", "event": EVENT_NAME[profile], "state": [HOLDER, OTHER, 7]}
    node = build(chain_of(MINT, block(2, notifies(named))), profile)
    assert rows(node) == (("1000", 2), ("500", 2))


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ("n3-preview", buffer(b"Transfer")),
        ("n3-preview", buffer(b"transfer")),
        *product(("n3-preview", "n2"), (item("Array", []), item("Any"), 7, byte_string(b"\xffTransfer"))),
    ],
)
def test_a_name_that_is_no_byte_string_of_text_is_none(name: Json, profile: ProfileName, build: NodeBuilder) -> None:
    node = emitting(profile, build, HOLDER, OTHER, 7, name=name)
    assert (rows(node), moved(node)) == (UNTOUCHED, [])


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_an_event_without_any_item_is_ignored(profile: ProfileName, build: NodeBuilder) -> None:
    node = build(chain_of(MINT, block(2, notifies({"contract": "demo", "state": []}))), profile)
    assert rows(node) == UNTOUCHED


# The two sides


WRONG_SIDES: Final[dict[str, Json]] = {
    "Buffer of 20 bytes": buffer(HOLDER_BYTES),
    "Boolean": True,
    "Integer": int.from_bytes(HOLDER_BYTES, "little"),
    "Array": item("Array", [HOLDER]),
    "Struct": item("Struct", [HOLDER]),
    "Map": item("Map", []),
    "Pointer": item("Pointer", 0),
    "InteropInterface": item("InteropInterface"),
}
NOT_IN_NEO_2: Final = frozenset(product(("n2",), ("Buffer", "Buffer of 20 bytes", "Pointer")))


@pytest.mark.parametrize(("profile", "side"), sorted({*product(PROFILES, WRONG_SIDES)} - NOT_IN_NEO_2))
def test_a_side_of_another_type_than_byte_string_or_null_spoils_the_event(
    side: str, profile: ProfileName, build: NodeBuilder
) -> None:
    for items in ([WRONG_SIDES[side], OTHER, 7], [HOLDER, WRONG_SIDES[side], 7]):
        node = emitting(profile, build, *items)
        assert (rows(node), moved(node)) == (UNTOUCHED, [])


@pytest.mark.parametrize("size", [0, 1, 19, 21, 33])
def test_a_side_of_another_length_than_20_spoils_the_event_and_in_n2_counts_as_null(
    size: int, profile: ProfileName, build: NodeBuilder
) -> None:
    odd = byte_string((HOLDER_BYTES * 2)[:size])
    minted, burned = emitting(profile, build, odd, OTHER, 7), emitting(profile, build, HOLDER, odd, 7)
    if profile == "n2":
        assert rows(minted) == (("1000", 1), ("500", 2))
        assert moved(minted) == [(OTHER, ZERO_ADDRESS["n2"], "7")]
        assert rows(burned) == (("1000", 2), ("500", 1))
        assert moved(burned) == [(HOLDER, ZERO_ADDRESS["n2"], "7")]
    else:
        for node in (minted, burned):
            assert (rows(node), moved(node)) == (UNTOUCHED, [])


@pytest.mark.parametrize(
    "sides",
    [(None, None), (byte_string(b""), None), (None, byte_string(b"")), (byte_string(b"x"), byte_string(b"y"))],
    ids=["null and null", "empty and null", "null and empty", "both too short"],
)
def test_an_event_without_a_side_is_ignored(sides: tuple[Json, Json], profile: ProfileName, build: NodeBuilder) -> None:
    node = emitting(profile, build, *sides, 7)
    assert (rows(node), moved(node)) == (UNTOUCHED, [])


def test_a_null_sender_mints_and_a_null_receiver_burns_with_the_zero_address_on_the_other_side(
    profile: ProfileName, build: NodeBuilder
) -> None:
    minted, burned = emitting(profile, build, None, OTHER, 7), emitting(profile, build, HOLDER, None, 7)
    assert rows(minted) == (("1000", 1), ("500", 2))
    assert moved(minted) == [(OTHER, ZERO_ADDRESS[profile], "7")]
    assert rows(burned) == (("1000", 2), ("500", 1))
    assert moved(burned) == [(HOLDER, ZERO_ADDRESS[profile], "7")]


def test_an_explicit_zero_hash_is_an_account_like_any_other_but_in_the_history(
    profile: ProfileName, build: NodeBuilder
) -> None:
    chain = chain_of(block(1, transfers((None, HOLDER, 10), (HOLDER, ZERO, 4))))
    node = build(chain, profile)
    assert balances(node, ZERO) == [(TOKEN, "4", 1)]
    assert amounts(node, HOLDER) == (["4"], ["10"])
    assert amounts(node, ZERO) == ([], [])
    recording = build(chain, profile, {"RecordNullAddressHistory": True})
    assert amounts(recording, ZERO) == (["10"], ["4"])


def test_a_transfer_to_oneself_is_one_sent_and_one_received_with_the_same_index(
    profile: ProfileName, build: NodeBuilder
) -> None:
    node = build(chain_of(MINT, block(2, transfers((HOLDER, HOLDER, 30)))), profile)
    assert rows(node)[0] == ("1000", 2)
    listed = history(node, HOLDER)
    sent, received = listed["sent"][-1], listed["received"][-1]
    assert sent == received
    assert (sent["transfer_address"], sent["amount"], sent["block_index"]) == (address(profile, HOLDER), "30", 2)


def test_a_transfer_of_nothing_counts(profile: ProfileName, build: NodeBuilder) -> None:
    node = build(chain_of(MINT, block(2, transfers((HOLDER, OTHER, 0)))), profile)
    assert rows(node) == (("1000", 2), ("500", 2))
    assert moved(node) == [(HOLDER, address(profile, OTHER), "0"), (OTHER, address(profile, HOLDER), "0")]


# The amount

LARGEST: Final = 2**255 - 1
SMALLEST: Final = -(2**255)
AMOUNTS: Final[dict[str, tuple[Json, str]]] = {
    "Integer": (7, "7"),
    "digits": (str(10**70), str(10**70)),
    "negative": (-5, "-5"),
    "largest": (str(LARGEST), str(LARGEST)),
    "smallest": (str(SMALLEST), str(SMALLEST)),
    "ByteString": (byte_string(b"\x2c\x01"), "300"),
    "empty ByteString": (byte_string(b""), "0"),
    "negative ByteString": (byte_string(b"\xff"), "-1"),
    "ByteString with a leading zero": (byte_string(b"\xff\x00"), "255"),
    "ByteString of 32 bytes": (byte_string(b"\xff" * 31 + b"\x7f"), str(LARGEST)),
    "negative ByteString of 32 bytes": (byte_string(b"\x00" * 31 + b"\x80"), str(SMALLEST)),
}


@pytest.mark.parametrize("row", AMOUNTS)
def test_an_amount_is_an_integer_or_a_little_endian_byte_string_of_any_sign(
    row: str, profile: ProfileName, build: NodeBuilder
) -> None:
    value, amount = AMOUNTS[row]
    node = emitting(profile, build, HOLDER, OTHER, value)
    assert moved(node) == [(HOLDER, address(profile, OTHER), amount), (OTHER, address(profile, HOLDER), amount)]
    assert rows(node) == (("1000", 2), ("500", 2))


WRONG_AMOUNTS: Final[dict[str, Json]] = {
    "Null": None,
    "Boolean": True,
    "Buffer": buffer(b"\x07"),
    "Array": item("Array", [7]),
    "Struct": item("Struct", [7]),
    "Map": item("Map", []),
    "Pointer": item("Pointer", 7),
    "InteropInterface": item("InteropInterface"),
    "ByteString of 33 bytes": byte_string(b"\x01" * 33),
    "ByteString of 1000 bytes": byte_string(b"\x00" * 1000),
}


@pytest.mark.parametrize(("profile", "row"), sorted({*product(PROFILES, WRONG_AMOUNTS)} - NOT_IN_NEO_2))
def test_an_event_with_another_amount_is_ignored_and_harms_no_other(
    row: str, profile: ProfileName, build: NodeBuilder
) -> None:
    bad = event(profile, OTHER, HOLDER, WRONG_AMOUNTS[row])
    good = event(profile, HOLDER, OTHER, 7)
    node = build(chain_of(MINT, block(2, notifies(bad, good, bad)), block(3, notifies(bad))), profile)
    assert moved(node) == [(HOLDER, address(profile, OTHER), "7"), (OTHER, address(profile, HOLDER), "7")]
    assert [row["transfer_notify_index"] for row in history(node, HOLDER)["sent"]] == [0]
    assert rows(node) == (("1000", 2), ("500", 2))


@pytest.mark.parametrize("amount", [LARGEST, 10**70])
def test_a_balance_may_have_255_bits(amount: int, profile: ProfileName, build: NodeBuilder) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, amount)))), profile)
    assert balances(node, HOLDER) == [(TOKEN, str(amount), 1)]
    assert amounts(node, HOLDER) == ([], [str(amount)])


# Executions


def test_a_failed_execution_counts_for_nothing(profile: ProfileName, build: NodeBuilder) -> None:
    """Before N3 a failed execution still shows its notifications; trackers look at its state."""
    failed_transfer: Document = {**transfers((HOLDER, OTHER, 5)), "faults": True}
    failed_event = notifies(event(profile, HOLDER, OTHER, 7), faults=True)
    chain = chain_of(MINT, block(2, failed_transfer, failed_event, transfers((HOLDER, OTHER, 1))))
    for settings in ({}, REFERENCE):
        node = build(chain, profile, settings)
        assert rows(node) == (("999", 2), ("501", 2))
        assert [row["amount"] for row in history(node, HOLDER)["sent"]] == ["1"]
        assert [row["transfer_notify_index"] for row in history(node, HOLDER)["sent"]] == [0]


# mintTokens, which one token of Neo 2 emitted

MINT_TOKENS: Final = {"TrackNonStandardMintTokens": True}


def minting(build: NodeBuilder, *items: Json, settings: dict[str, Json] | None = None) -> Node:
    named = event("n2", *items, name="mintTokens")
    return build(chain_of(MINT, block(2, notifies(named))), "n2", settings)


def test_mint_tokens_counts_in_n2_when_it_is_switched_on(build: NodeBuilder) -> None:
    node = minting(build, "0x00", OTHER, 7, settings=dict(MINT_TOKENS))
    assert rows(node) == (("1000", 1), ("500", 2))
    assert moved(node) == [(OTHER, ZERO_ADDRESS["n2"], "7")]


def test_mint_tokens_is_ignored_by_default(build: NodeBuilder) -> None:
    node = minting(build, "0x00", OTHER, 7)
    assert (rows(node), moved(node)) == (UNTOUCHED, [])


@pytest.mark.parametrize(
    "items, counts",
    [
        ([None, OTHER, byte_string(b"\x07"), "0x00"], True),
        ([item("Array", []), OTHER, 7], True),
        (["0x00", byte_string(OTHER_BYTES[:19]), 7], False),
        (["0x00", byte_string(b""), 7], False),
        (["0x00", None, 7], False),
        (["0x00", OTHER, True], False),
        (["0x00", OTHER], False),
    ],
)
def test_mint_tokens_wants_a_receiver_of_20_bytes_and_an_amount(
    items: list[Json], counts: bool, build: NodeBuilder
) -> None:
    node = minting(build, *items, settings=dict(MINT_TOKENS))
    assert moved(node) == ([(OTHER, ZERO_ADDRESS["n2"], "7")] if counts else [])


@pytest.mark.parametrize("profile", ["n3", "n3-preview"])
def test_mint_tokens_means_nothing_in_n3(profile: ProfileName, build: NodeBuilder) -> None:
    named = event(profile, "0x00", OTHER, 7, name="mintTokens")
    node = build(chain_of(MINT, block(2, notifies(named))), profile, dict(MINT_TOKENS))
    assert (rows(node), moved(node)) == (UNTOUCHED, [])

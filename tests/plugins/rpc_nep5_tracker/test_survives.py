"""Where a real node of Neo 2 or preview2 stops for good, RpcNep5Tracker leaves the event or row out and says so.

Expected is what running nodes did: section 4 of the measured pages, `stall` in tests/data/preview2/answers.json.gz.
"""

import logging
from base64 import b64encode
from typing import Any, Final

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.testing import in_process
from rpcnode.testing.local_node import LocalNode

HOLDER, OTHER = "0x" + "a1" * 20, "0x" + "b2" * 20
STOPS: Final[dict[ProfileName, str]] = {
    "n3-preview": "neo-cli 3.0.0-preview2 stops for good",
    "n2": "neo-cli 2.12.2 stops for good",
}
SEMANTICS = ("documented", "reference")
LONG: Final[dict[ProfileName, Json]] = {
    "n3-preview": {"type": "ByteString", "value": b64encode(b"\x01" * 33).decode()},
    "n2": {"type": "ByteArray", "value": "01" * 33},
}
"""33 bytes: as a little-endian number 0x0101…01."""
LONG_NUMBER: Final = str(int.from_bytes(b"\x01" * 33, "little"))


def chain(balance_of: Json, *amounts: Json) -> dict[str, Any]:
    """A token whose balanceOf is told; HOLDER receives 5 in block 1, and an event of each amount in block 2."""
    events = [{"contract": "odd", "event": None, "state": [HOLDER, OTHER, amount]} for amount in amounts]
    return {
        "contracts": {"odd": {"standard": "NEP-5", "balance_of": balance_of}},
        "blocks": [
            {"index": 1, "transactions": [{"transfers": [{"asset": "odd", "to": HOLDER, "amount": 5}]}]},
            *([{"index": 2, "transactions": [{"notifications": events}]}] if events else []),
        ],
    }


def named(fixture: dict[str, Any], profile: ProfileName) -> dict[str, Any]:
    """The events with their name as the first item, as these nodes have it."""
    name = {"type": "String", "value": "transfer" if profile == "n2" else "Transfer"}
    for block in fixture["blocks"][1:]:
        for event in block["transactions"][0]["notifications"]:
            del event["event"]
            event["state"] = [name, *event["state"]]
    return fixture


def survived(node: LocalNode) -> list[Any]:
    info = node.call("dev_info")
    return [(each["block"], each["what"], each["real_node"]) for each in info["survived"]["newest"]]


def rows(node: LocalNode, account: str) -> list[tuple[str, int]]:
    found = node.call("getnep5balances", account)["balance"]
    return [(row["amount"], row["last_updated_block"]) for row in found]


ITEMS: Final[list[tuple[ProfileName, Json, str]]] = [
    ("n3-preview", {"type": "Array", "value": []}, "an item of type Array"),
    ("n3-preview", {"type": "Map", "value": []}, "an item of type Map"),
    ("n3-preview", {"type": "Buffer", "value": ""}, "an item of type Buffer"),
    ("n3-preview", None, "an item of type Any"),
    ("n3-preview", LONG["n3-preview"], "33 bytes"),
    ("n2", {"type": "Array", "value": []}, "an item of type Array"),
    ("n2", {"type": "Map", "value": []}, "an item of type Map"),
    ("n2", {"type": "InteropInterface"}, "an item of type InteropInterface"),
]


@pytest.mark.parametrize("semantics", SEMANTICS)
@pytest.mark.parametrize(("profile", "left", "shown"), ITEMS, ids=[f"{item[0]} {item[2]}" for item in ITEMS])
def test_a_balance_of_the_wrong_type_is_left_out_logged_and_told(
    profile: ProfileName, left: Json, shown: str, semantics: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings = {"RpcNep5Tracker.ErrorSemantics": semantics}
    with (
        caplog.at_level(logging.WARNING, "rpcnode.plugin"),
        in_process(chain({"returns": left}), profile=profile, settings=settings) as node,
    ):
        assert rows(node, HOLDER) == []
        ((block, what, real_node),) = survived(node)
    assert (block, real_node) == (1, STOPS[profile])
    assert what.startswith(f"its balanceOf answers {shown} for ")
    (line,) = [record.getMessage() for record in caplog.records if "stops for good" in record.getMessage()]
    assert "RpcNep5Tracker: block 1, token 0x" in line


def test_the_old_row_stays_where_a_later_answer_has_no_number() -> None:
    fixture = named(chain({OTHER: {"returns": None}}, 1), "n3-preview")
    with in_process(fixture, profile="n3-preview", settings={"RpcNep5Tracker.ErrorSemantics": "reference"}) as node:
        assert (rows(node, HOLDER), rows(node, OTHER)) == ([("5", 2)], [])
        assert [block for block, _, _ in survived(node)] == [2]


@pytest.mark.parametrize("semantics", SEMANTICS)
def test_an_event_of_an_amount_over_32_bytes_alone_is_left_out_on_preview2(semantics: str) -> None:
    fixture = named(chain({OTHER: {"returns": 3}}, LONG["n3-preview"], 7), "n3-preview")
    settings = {"RpcNep5Tracker.ErrorSemantics": semantics}
    with in_process(fixture, profile="n3-preview", settings=settings) as node:
        received = node.call("getnep5transfers", OTHER, 0)["received"]
        assert [(row["amount"], row["transfer_notify_index"]) for row in received] == [("7", 0)]
        assert survived(node) == [(2, "an amount of 33 bytes, its event is left out", STOPS["n3-preview"])]


def test_an_amount_over_32_bytes_counts_on_neo2_and_stops_nothing() -> None:
    fixture = named(chain({OTHER: {"returns": LONG["n2"]}}, LONG["n2"]), "n2")
    with in_process(fixture, profile="n2", settings={"RpcNep5Tracker.ErrorSemantics": "reference"}) as node:
        received = node.call("getnep5transfers", OTHER, 0)["received"]
        assert [row["amount"] for row in received] == [LONG_NUMBER]
        assert rows(node, OTHER) == [(LONG_NUMBER, 2)]
        assert survived(node) == []


def test_documented_semantics_ignore_such_an_amount_on_neo2_as_before() -> None:
    fixture = named(chain({OTHER: {"returns": LONG["n2"]}}, LONG["n2"]), "n2")
    with in_process(fixture, profile="n2") as node:
        assert node.call("getnep5transfers", OTHER, 0)["received"] == []
        assert (rows(node, OTHER), survived(node)) == ([], [])


@pytest.mark.parametrize("size", [512, 513])
def test_a_row_of_over_512_bytes_is_stored_on_neo2_and_cannot_be_read_again(size: int) -> None:
    # The highest byte is 1, so that none of them only extends the sign.
    told: Json = {"type": "ByteArray", "value": "00" * (size - 1) + "01"}
    fixture = named(chain({OTHER: {"returns": told}}, 7), "n2")
    with in_process(fixture, profile="n2", settings={"RpcNep5Tracker.ErrorSemantics": "reference"}) as node:
        if size == 512:
            assert rows(node, OTHER) == [(str(1 << 8 * 511), 2)]
        else:
            with pytest.raises(Exception, match="-32602: Invalid params"):
                rows(node, OTHER)


def test_a_rewind_takes_back_what_was_survived() -> None:
    fixture = named(chain({OTHER: {"returns": None}}, 1), "n3-preview")
    with in_process(fixture, profile="n3-preview", settings={"RpcNep5Tracker.ErrorSemantics": "reference"}) as node:
        node.call("dev_rewind", 1)
        assert survived(node) == []


SETTINGS: Final[list[tuple[ProfileName, str, bool]]] = [
    ("n3-preview", "false", True),
    ("n3-preview", "False", False),
    ("n3-preview", "no", True),
    ("n2", "false", False),
    ("n2", " True ", True),
    ("n2", "no", False),
]


@pytest.mark.parametrize(("profile", "text", "is_on"), SETTINGS)
def test_a_flag_as_text_is_read_as_the_node_reads_it(profile: ProfileName, text: str, is_on: bool) -> None:
    settings = {"RpcNep5Tracker.ErrorSemantics": "reference", "RpcNep5Tracker.TrackHistory": text}
    with in_process(chain({"returns": 1}), profile=profile, settings=settings) as node:
        if is_on:
            assert node.call("getnep5transfers", HOLDER, 0)["sent"] == []
        else:
            with pytest.raises(Exception, match="-32601: Method not found"):
                node.call("getnep5transfers", HOLDER, 0)


@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
def test_documented_semantics_take_no_text_for_a_flag(profile: ProfileName) -> None:
    settings = {"RpcNep5Tracker.TrackHistory": "False"}
    with (
        pytest.raises(Exception, match=r'RpcNep5Tracker\.TrackHistory: true or false is expected, not "False"'),
        in_process({}, profile=profile, settings=settings),
    ):
        pass

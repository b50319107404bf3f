"""Calls as a generator writes them read back as what they were made from; whatever else comes is refused in order."""

import json
from collections.abc import Callable
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rpcnode.node import Node
from rpcnode.plugin.rest import RestFace, RestRequest, RestResponse
from rpcnode.plugins.teos.balances import BalanceRows, units_text
from rpcnode.plugins.teos.config import Amounts, TeosConfig
from rpcnode.plugins.teos.errors import TeosError
from rpcnode.plugins.teos.odata import Arguments, Query, parse_call, percent_decoded
from tests import part_of
from tests.plugins.node_builder import NodeBuilder
from tests.plugins.rest_node import RestNode, RestNodes
from tests.plugins.teos.teos_chain import CALL, CHAIN, COIN_ID, ask, error

NAME: Final = "GetAssetsBalances"
PARAMETERS: Final = ("addresses", "uniqueAssetIds")

# Calls that are well-formed


class Written(NamedTuple):
    """A call as it goes over the wire, and the two lists it was made from."""

    path: str
    query: str
    lists: dict[str, list[str]]


spaces: Final = st.text(" \t\r\n", max_size=3)
texts: Final = st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=4)
identifiers: Final = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)


@st.composite
def any_case(draw: st.DrawFn, name: str) -> str:
    # One number for all letters: to draw each by itself takes longer than all else of a call.
    upper = draw(st.integers(0, 2 ** len(name) - 1))
    return "".join(letter.upper() if upper >> position & 1 else letter.lower() for position, letter in enumerate(name))


@st.composite
def percent_encoded(draw: st.DrawFn, text: str, needed: str) -> str:
    """A text with what has to be encoded encoded, and of the rest something."""
    encode = draw(st.sampled_from(["", "'", "'\"[](),=", "@", "all"]))
    safe = "" if encode == "all" else "".join(c for c in "!'\"()[]*+,-./:;=?@_~&$" if c not in encode + needed)
    return quote(text, safe=safe)


@st.composite
def lists(draw: st.DrawFn, values: list[str]) -> str:
    """A list in either quote style; what holds a double quote can only stand in single ones."""
    written = []
    for value in values:
        in_single = '"' in value or draw(st.booleans())
        quoted = "'" + value.replace("'", "''") + "'" if in_single else f'"{value}"'
        written.append(draw(spaces) + quoted + draw(spaces))
    return "[" + (",".join(written) if written else draw(spaces)) + "]"


@st.composite
def calls(draw: st.DrawFn) -> Written:
    made = {name: draw(texts) for name in PARAMETERS}
    aliases = draw(st.lists(identifiers, min_size=2, max_size=2, unique=True))
    inside: list[str] = []
    options: list[str] = []
    for name, alias in zip(draw(st.permutations(PARAMETERS)), aliases, strict=True):
        place = draw(st.sampled_from(["inline", "alias", "query"]))
        value = draw(lists(made[name]))
        shown = draw(any_case(name))
        if place == "query":
            options.append(f"{shown}={draw(percent_encoded(value, '&+#%'))}")
            continue
        if place == "alias":
            options.append(f"{draw(percent_encoded('@' + alias, ''))}={draw(percent_encoded(value, '&+#%'))}")
            value = f"@{alias}"
        inside.append("".join((draw(spaces), shown, draw(spaces), "=", draw(spaces), value, draw(spaces))))
    has_parentheses = bool(inside) or draw(st.booleans())
    call = NAME + (f"({','.join(inside)})" if has_parentheses else "")
    options.append(draw(st.sampled_from(["", "$top=1", "x", "%zz=%zz"])))
    return Written(draw(percent_encoded(call, "?#%")), "&".join(draw(st.permutations(options))), made)


def read(written: Written) -> dict[str, list[str]]:
    """What the parser makes of a call."""
    path = percent_decoded(written.path)
    # Without parentheses it is the same call as with empty ones.
    call = parse_call(path if path != NAME else f"{NAME}()", len(NAME))
    assert call.rest == ""
    arguments = Arguments(call, PARAMETERS, Query(written.query), in_query=True)
    return {name: arguments.strings(name) for name in PARAMETERS}


@pytest.mark.slow
@given(calls())
@settings(max_examples=part_of(400), deadline=None)
def test_a_well_formed_call_reads_back_as_what_it_was_made_from(written: Written) -> None:
    assert read(written) == written.lists


# Whatever comes


@pytest.fixture(scope="module")
def served(build_once: NodeBuilder) -> Callable[[RestRequest], RestResponse]:
    """The face, without a socket: an exception that it lets out is the test's."""
    return face_of(build_once(CHAIN)).balances  # type: ignore[no-any-return]


def face_of(node: Node) -> Any:
    return next(plugin for plugin in node.registry if isinstance(plugin, RestFace) and plugin.name == "Teos")


def check_answer(response: RestResponse) -> None:
    body = json.loads(response.body)
    if response.status == 200:
        assert isinstance(body, list | dict)
    else:
        assert response.status in (400, 404, 501)
        assert set(body) == {"code", "message", "target", "details", "clTraceId"}


def request(path: str, query: str) -> RestRequest:
    return RestRequest("GET", path, query, {"Authorization": "Bearer demo-token"})


PIECES: Final = (
    *"[](),=@'\"&?;/ \n",
    *("addresses", "uniqueAssetIds", "addresses=['a']", "uniqueAssetIds=['b']", "@a", "Default."),
    *("'x'", '"y"', "''", "%27", "%", "%zz", "%FF", "null", "5", "\udcff", "é"),
)
pieces: Final = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
resources: Final = st.sampled_from(
    ["/Balances/GetAssetsBalances", f"{CALL}(", f"{CALL}(addresses=[", "/Balances(", "/Assets(", "/Balances/My", "/"]
)


@pytest.mark.slow
@given(resources, pieces, pieces)
@settings(max_examples=part_of(600), deadline=None)
def test_whatever_is_asked_is_answered_or_refused_in_the_faces_form(
    served: Callable[[RestRequest], RestResponse], start: str, path: str, query: str
) -> None:
    check_answer(served(request(start + path, f"addresses={query}&@a={query}")))


@given(resources, st.text(), st.text())
@settings(max_examples=part_of(300), deadline=None)
def test_any_text_is_answered_or_refused_in_the_faces_form(
    served: Callable[[RestRequest], RestResponse], start: str, path: str, query: str
) -> None:
    # A request line comes as bytes; those that are no UTF-8 are surrogates in its text.
    sent_path, sent_query = (
        text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape") for text in (path, query)
    )
    check_answer(served(request(start + sent_path, sent_query)))


@given(st.binary(max_size=60))
@settings(max_examples=part_of(200), deadline=None)
def test_any_bytes_percent_encoded_over_a_socket_are_answered_or_refused(node: RestNode, sent: bytes) -> None:
    found = ask(node, f"{CALL}({quote(sent)}")
    assert (found.status, error(found)["code"]) in ((400, "12001"), (400, "12002"), (404, "404"))


@given(st.binary(max_size=60).filter(lambda sent: b"\r" not in sent and b"\n" not in sent))
@settings(max_examples=part_of(200), deadline=None)
def test_any_bytes_on_the_request_line_are_never_an_error_of_ours(node: RestNode, sent: bytes) -> None:
    line = b"GET %b('%b') HTTP/1.1\r\n" % (CALL.encode(), sent)
    found = node.send(line + b"Host: x\r\nAuthorization: Bearer demo-token\r\n\r\n")
    assert found.status in (400, 404, 505)


@pytest.fixture(scope="module")
def node(serve: RestNodes) -> RestNode:
    return serve(CHAIN)


@pytest.mark.parametrize("text", ["['" * 50_000, "'" * 99_999, "[" * 100_000, '["a",' * 30_000, " " * 100_000, "@" * 9])
def test_the_time_to_refuse_a_long_call_grows_with_its_length_only(text: str) -> None:
    with pytest.raises(TeosError):
        parse_call(f"{NAME}(addresses={text}", len(NAME))


# Units


@given(st.integers(0, 2**256 - 1), st.integers(0, 77))
@settings(max_examples=part_of(200), deadline=None)
def test_units_are_sparks_with_the_point_moved(sparks: int, places: int) -> None:
    text = units_text(sparks, 10**places)
    whole, _, fraction = text.partition(".")
    assert int(whole + fraction.ljust(places, "0")) == sparks
    assert not text.endswith((".", "0")) or "." not in text
    assert whole == "0" or not whole.startswith("0")


@pytest.mark.parametrize(
    ("sparks", "factor", "units"),
    [
        (1234, 1000, "1.234"),
        (0, 1000, "0"),
        (1000, 1000, "1"),
        (1, 10**77, "0." + "0" * 76 + "1"),
        (7, 1, "7"),
        (1, 8, "0.125"),
        (3, 2**10, "0.0029296875"),
        (6, 3, "2"),
        (1, 6, "0.1" + "6" * 76),
        (2**256 - 1, 1, str(2**256 - 1)),
    ],
)
def test_units_are_exact_or_cut_where_they_never_end(sparks: int, factor: int, units: str) -> None:
    assert units_text(sparks, factor) == units


@pytest.mark.parametrize("amounts", Amounts)
def test_an_amount_below_zero_is_zero(build_once: NodeBuilder, amounts: Amounts) -> None:
    assets = build_once(CHAIN).view.assets
    [(_, asset)] = assets.by_unique_id({int(COIN_ID, 16)}).values()
    assert BalanceRows(assets, TeosConfig(amounts=amounts)).amount_text(-5, asset) == "0"

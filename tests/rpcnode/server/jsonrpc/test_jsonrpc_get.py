"""The envelope's answers to GET, whose query string is one request.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.ProcessAsync; neo-plugins 3.0.0-preview2, RpcServer; neo 2.12, Neo:
Network/RPC/RpcServer.
"""

import base64
from urllib.parse import quote

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.server.jsonrpc.access import Authorization
from rpcnode.server.jsonrpc.reply import Reply
from tests.rpcnode.server.jsonrpc.envelopes import ALL, CRASH, INVALID_REQUEST, LEGACY, PARSE_ERROR, envelope, error, ok


def get(profile: ProfileName, query: str) -> Reply:
    """The reply to a GET."""
    return envelope(profile).answer_get(query, Authorization.GRANTED)


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("jsonrpc=2.0&id=1&method=echo&params=[1,%22a%22]", ok('[1,"a"]', '"1"')),
        ("ID=1&Method=echo&PARAMS=[]", ok("[]", '"1"')),
        ("id=a+b&method=echo&params=[]", ok("[]", '"a b"')),
        ("id=1&id=2&method=echo&params=[]", ok("[]", '"1,2"')),
        ("id=%C3%A9&method=echo&params=[]", ok("[]", r'"\u00E9"')),
        ("id=1&method=echo&params=" + quote(base64.b64encode(b'["x"]')), ok('["x"]', '"1"')),
        ("id=1&method=echo&params=W10%3D", ok("[]", '"1"')),
    ],
)
def test_a_get_is_one_request_with_a_string_for_an_id(profile: ProfileName, query: str, body: bytes) -> None:
    assert get(profile, query) == Reply(200, body)


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize(
    ("text", "request_id"),
    [
        # The first four as neo-cli 3.10.2 answered them, the first and second as 2.12.2 and preview2 did, too.
        ("%FF", "%FF"),
        ("%C3%A9", r"\u00E9"),
        ("%C3%A9%", r"\u00E9%"),
        ("a%0Ab", r"a\nb"),
        ("caf%FFe", "caf%FFe"),
        ("%ff", "%ff"),
        ("%C3%28%e9%80x", "%C3(%e9%80x"),
        ("%ED%A0%80", "%ED%A0%80"),
        ("%C3%A9%FF%E2%82%AC", r"\u00E9%FF\u20AC"),
        ("%EF%BF%BD", r"\uFFFD"),
        ("100%", "100%"),
        ("%zz%4", "%zz%4"),
        ("a+b%2B", r"a b\u002B"),
    ],
)
def test_escapes_of_what_is_no_utf_8_stay_as_they_are(profile: ProfileName, text: str, request_id: str) -> None:
    assert get(profile, f"id={text}&method=echo&params=[]").body == ok("[]", f'"{request_id}"')


@pytest.mark.parametrize("profile", ALL)
def test_a_key_given_many_times_has_all_its_values(profile: ProfileName) -> None:
    # Joined one by one they take minutes.
    query = "&id=12345" * 200_000
    assert get(profile, f"method=null&params=[]{query}").body == ok("null", f'"{",".join(["12345"] * 200_000)}"')


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize(
    "query", ["", "id=1", "id=1&method=echo", "id=&method=echo&params=[]", "id=1&method=echo&params=", "&&=&"]
)
def test_a_get_without_id_method_or_params_is_a_parse_error(profile: ProfileName, query: str) -> None:
    assert get(profile, query) == Reply(200, error(-32700, PARSE_ERROR[profile], "null"))


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize("params", ["1234", "[", "nope", "eyJh"])
def test_params_of_a_get_that_are_no_json_crash_the_handler(profile: ProfileName, params: str) -> None:
    # 1234 and eyJh are valid Base64: of garbage, and of {"a
    assert get(profile, f"id=1&method=echo&params={params}") == CRASH


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize("params", ["{}", "5", "%22a%22"])
def test_params_of_a_get_that_are_no_array_are_invalid(profile: ProfileName, params: str) -> None:
    assert get(profile, f"id=1&method=echo&params={params}").body == error(-32600, INVALID_REQUEST[profile], '"1"')


def test_params_null_of_a_get_are_none_in_n3_and_invalid_elsewhere() -> None:
    # Written in Base64, because the four letters themselves are valid Base64 of something else.
    query = "id=1&method=echo&params=" + quote(base64.b64encode(b"null"))
    assert get("n3", query).body == ok("[]", '"1"')
    for profile in LEGACY:
        assert get(profile, query).body == error(-32600, "Invalid Request", '"1"')

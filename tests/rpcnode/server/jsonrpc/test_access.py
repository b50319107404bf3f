"""Credentials and CORS.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.CheckAuth, RpcServer.StartRpcServer; neo-plugins 3.0.0-preview2,
RpcServer; neo-plugins 2.12, RpcSecurity.
"""

import base64
from typing import Final

import pytest

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import ProfileName
from rpcnode.server.http.content_coding import accepts_gzip
from rpcnode.server.jsonrpc.access import AccessRules, Authorization, CrossOriginRules

GRANTED, MISSING, WRONG = Authorization.GRANTED, Authorization.MISSING, Authorization.WRONG
LEGACY: Final[tuple[ProfileName, ...]] = ("n3-preview", "n2")


def rules(profile: ProfileName, user: str = "user", password: str = "pass") -> AccessRules:
    """Rules with one user."""
    return AccessRules(profile, HttpSettings(rpc_user=user, rpc_pass=password))


def basic(credentials: str) -> str:
    """An Authorization header."""
    return "Basic " + base64.b64encode(credentials.encode()).decode()


@pytest.mark.parametrize("profile", ["n3", *LEGACY])
@pytest.mark.parametrize(
    ("header", "authorization"),
    [
        (None, MISSING),
        ("", MISSING),
        (basic("user:pass"), GRANTED),
        (basic("user:wrong"), WRONG),
        (basic("wrong:pass"), WRONG),
        (basic("user"), WRONG),
        (basic(""), WRONG),
        ("Basic ???", WRONG),
        ("Bearer " + base64.b64encode(b"user:pass").decode(), WRONG),
        (base64.b64encode(b"user:pass").decode(), GRANTED),
        ("dXNlcjBasic pwYXNz", GRANTED),  # user:pass in Base64 with the scheme's name in its middle
        ("  " + basic("user:pass") + "\t", GRANTED),
        ("basic " + base64.b64encode(b"user:pass").decode(), WRONG),
    ],
)
def test_an_authorization_header_is_judged(
    profile: ProfileName, header: str | None, authorization: Authorization
) -> None:
    assert rules(profile).authorize(header) is authorization


def test_without_a_user_everybody_is_let_in() -> None:
    open_rules = AccessRules("n3", HttpSettings(rpc_pass="pass"))
    assert not open_rules.asks_credentials
    assert open_rules.authorize(None) is GRANTED


@pytest.mark.parametrize(
    ("credentials", "password", "n3", "legacy"),
    [
        ("user:pass:more", "pass", WRONG, GRANTED),
        ("user:pass:more", "pass:more", GRANTED, WRONG),
        (":user::pass", "pass", WRONG, GRANTED),
        ("user:", "", GRANTED, WRONG),
        ("user:pä", "pä", GRANTED, GRANTED),
    ],
    ids=["surplus part", "colon in the password", "empty parts", "empty password", "not ASCII"],
)
def test_credentials_are_split_as_the_profile_splits_them(
    credentials: str, password: str, n3: Authorization, legacy: Authorization
) -> None:
    assert rules("n3", password=password).authorize(basic(credentials)) is n3
    for profile in LEGACY:
        assert rules(profile, password=password).authorize(basic(credentials)) is legacy


def test_a_method_is_allowed_unless_it_is_disabled_or_the_caller_unknown() -> None:
    access = AccessRules("n3", HttpSettings())
    assert access.allows(GRANTED, "getblock")
    assert not access.allows(GRANTED, "openwallet")
    assert not access.allows(WRONG, "getblock")


@pytest.mark.parametrize("profile", LEGACY)
@pytest.mark.parametrize("origin", [None, "https://a.example"])
def test_the_older_nodes_always_send_their_four_headers(profile: ProfileName, origin: str | None) -> None:
    rule = CrossOriginRules(profile, HttpSettings(enable_cors=False, allow_origins=("https://b.example",)))
    assert not rule.answers_preflights
    assert dict(rule.headers_for(origin)) == {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": "31536000",
    }


A, B = "https://a.example", "https://b.example"


@pytest.mark.parametrize(
    ("enabled", "origins", "origin", "headers"),
    [
        (True, (), None, {}),
        (True, (), A, {"Access-Control-Allow-Origin": "*"}),
        (False, (), A, {}),
        (True, (A,), A, {"Access-Control-Allow-Origin": A, "Access-Control-Allow-Credentials": "true"}),
        (
            True,
            ("HTTPS://A.Example",),
            A,
            {"Access-Control-Allow-Origin": A, "Access-Control-Allow-Credentials": "true"},
        ),
        (True, (A,), B, {}),
        (True, (A,), None, {}),
        (
            True,
            (A, B),
            B,
            {"Access-Control-Allow-Origin": B, "Access-Control-Allow-Credentials": "true", "Vary": "Origin"},
        ),
    ],
)
def test_n3_answers_an_origin_as_its_middleware_does(
    enabled: bool, origins: tuple[str, ...], origin: str | None, headers: dict[str, str]
) -> None:
    rule = CrossOriginRules("n3", HttpSettings(enable_cors=enabled, allow_origins=origins))
    assert dict(rule.headers_for(origin)) == headers
    preflight = {"Access-Control-Allow-Headers": "Content-Type", "Access-Control-Allow-Methods": "GET,POST"}
    assert dict(rule.preflight_headers_for(origin)) == (headers | preflight if headers else {})


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZip", True),
        ("deflate, gzip, br", True),
        ("deflate, br", False),
        ("*", True),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.5", True),
        ("gzip;q=0.5, identity;q=0.7", False),
        ("gzip;q=0.5, *;q=0", True),
        ("*;q=0", False),
        ("gzip;q=x", False),
    ],
)
def test_gzip_is_used_when_the_client_prefers_it(header: str | None, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted

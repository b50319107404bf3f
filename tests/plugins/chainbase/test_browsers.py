"""What lets a page of another origin ask the Chainbase face: its key stands in a header, so browsers ask first."""

import json
import re
from html import unescape
from typing import Final

import pytest

from rpcnode.primitives.errors import ProfileName
from tests.plugins.chainbase.chainbase_chain import CHAIN, TOKENS, UNKNOWN
from tests.plugins.node_builder import PROFILES
from tests.plugins.rest_node import RestNode, RestNodes, request_bytes, target_of

PAGE: Final = "https://page.example"
TARGET: Final = target_of(TOKENS, chain_id="1", address=UNKNOWN)
PREFLIGHT: Final = {
    "Origin": PAGE,
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "x-api-key",
}


@pytest.fixture(scope="module")
def node(serve: RestNodes) -> RestNode:
    return serve(CHAIN)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_page_may_ask_with_a_key(serve: RestNodes, profile: ProfileName) -> None:
    chain = {key: CHAIN[key] for key in ("node", "keys")} | {"keys": {"chainbase": [{"key": "demo"}]}}
    node = serve(chain, profile)
    told = node.send(request_bytes(TARGET, "OPTIONS", PREFLIGHT))
    assert told.status == 204
    assert told.headers["access-control-allow-origin"] == "*"
    assert told.headers["access-control-allow-methods"] == "GET"
    assert told.headers["access-control-allow-headers"] == "x-api-key"
    answer = node.get(TARGET, Origin=PAGE, x_api_key="demo")
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")


def test_a_page_reads_errors_too(node: RestNode) -> None:
    answer = node.get(TARGET, Origin=PAGE)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (401, "*")


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        (TARGET, {"Origin": PAGE}),
        (TARGET, {name: PREFLIGHT[name] for name in PREFLIGHT if name != "Origin"}),
    ],
    ids=["not a preflight", "no page"],
)
def test_other_options_requests_are_405(node: RestNode, target: str, headers: dict[str, str]) -> None:
    assert node.send(request_bytes(target, "OPTIONS", headers)).status == 405


def test_there_is_nothing_to_allow_on_a_path_that_is_not_there(node: RestNode) -> None:
    assert node.send(request_bytes("/v1/nowhere", "OPTIONS", PREFLIGHT)).status == 404


def test_a_page_that_is_not_among_the_origins_may_not_ask(serve: RestNodes) -> None:
    node = serve(CHAIN, settings={"RpcServer.AllowOrigins": ["https://other.example"]})
    told = node.send(request_bytes(TARGET, "OPTIONS", PREFLIGHT))
    assert told.status == 405
    assert "access-control-allow-origin" not in told.headers


def test_the_page_for_browsers_links_to_documents_that_are_there(serve: RestNodes) -> None:
    node = serve(CHAIN)
    page = node.get("/methods", Accept="text/html").body.decode()
    links = [
        unescape(link) for link in re.findall(r'href="([^"]+)"', page) if "openapi" in link or "rpc.discover" in link
    ]
    assert "/v1/openapi.json" in links
    documents = [json.loads(node.get(link, Accept="text/html").body) for link in links]
    assert [document.get("openapi") or document["result"]["openrpc"] for document in documents] == ["1.2.6", "3.0.3"]

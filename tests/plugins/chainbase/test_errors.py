"""Every row of the Chainbase face's error table, by real bytes over a real socket, and the order of the checks."""

from typing import Any, Final

import pytest

from tests import PROJECT
from tests.plugins.chainbase.chainbase_chain import BALANCE, CHAIN, FAR, KEPT, METADATA, TOKENS, UNKNOWN, ask
from tests.plugins.node_builder import HOLDER
from tests.plugins.rest_node import Answer, RestNode, RestNodes, request_bytes, target_of

DOCUMENT: Final = "/v1/openapi.json"
PATHS: Final = (TOKENS, BALANCE, METADATA)
FULL_WIDTH_ONE: Final = "\uff11"
ARABIC_ONE: Final = "\u0661"


@pytest.fixture(scope="module")
def node(serve: RestNodes) -> RestNode:
    return serve(CHAIN)


def error(answer: Answer) -> tuple[int, str]:
    """Status and message of an error, which has the face's form."""
    body = answer.json
    assert answer.headers["content-type"] == "application/json"
    assert body.keys() == {"code", "message"}
    assert body["code"] == answer.status
    assert isinstance(body["message"], str)
    return answer.status, body["message"]


def parameters(path: str, **given: object) -> dict[str, Any]:
    """Good parameters of a path, with others in their places."""
    good = {"contract_address": KEPT} if path == METADATA else {"address": HOLDER}
    return {**good, **given}


# 404 and 405


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        "/v1/account",
        "/v1/account/tokens/",
        "/v1/account/token",
        "/v1//account/tokens",
        "/v1/Account/tokens",
    ],
)
def test_a_path_that_is_not_served_is_404(node: RestNode, path: str) -> None:
    assert error(ask(node, path, address=HOLDER)) == (404, "no such path; /v1/openapi.json lists those there are")


@pytest.mark.parametrize(
    "method", ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "PROPFIND", "LINK"]
)
@pytest.mark.parametrize("path", [*PATHS, DOCUMENT])
def test_a_method_other_than_get_is_405(node: RestNode, method: str, path: str) -> None:
    answer = node.send(request_bytes(target_of(path, chain_id="1", address=HOLDER), method, {"x-api-key": "demo"}))
    assert (answer.status, answer.headers["allow"]) == (405, "GET")
    assert method == "HEAD" or error(answer) == (405, "this method is not served here, GET is")


def test_a_refused_post_is_answered_however_long_its_body(node: RestNode) -> None:
    body = b"x" * 5_000_000
    head = f"POST {TOKENS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    assert error(node.send(head.encode() + body))[0] == 405


# 401


@pytest.mark.parametrize("path", PATHS)
def test_without_a_key_it_is_401(node: RestNode, path: str) -> None:
    answer = node.get(target_of(path, chain_id="1", **parameters(path)))
    assert error(answer) == (401, "the header x-api-key is missing")


@pytest.mark.parametrize("key", ["", "Demo", "demo2", "demo, demo", "Bearer demo"])
@pytest.mark.parametrize("path", PATHS)
def test_with_an_unknown_key_it_is_401(node: RestNode, path: str, key: str) -> None:
    answer = ask(node, path, key=key, **parameters(path))
    assert error(answer) == (401, "the key in the header x-api-key is not known")


@pytest.mark.parametrize("name", ["x-api-key", "X-API-KEY", "X-Api-Key"])
def test_the_name_of_the_header_is_read_in_any_letter_case(node: RestNode, name: str) -> None:
    target = target_of(TOKENS, chain_id="1", address=HOLDER)
    assert node.send(request_bytes(target, headers={name: "demo"})).status == 200


def test_the_nodes_own_user_and_password_come_first(serve: RestNodes) -> None:
    node = serve(CHAIN, settings={"RpcServer.RpcUser": "user", "RpcServer.RpcPass": "pass"})
    answer = ask(node, address=HOLDER)
    assert error(answer) == (401, "the node asks for its user and password")
    assert answer.headers["www-authenticate"].startswith("Basic")
    # "user:pass" in base64.
    target = target_of(TOKENS, chain_id="1", address=HOLDER)
    assert node.get(target, x_api_key="demo", authorization="Basic dXNlcjpwYXNz").status == 200


# 422

BAD_ADDRESSES: Final = {
    "empty": "",
    "39 digits": HOLDER[:-1],
    "41 digits": HOLDER + "0",
    "no prefix": HOLDER[2:],
    "two prefixes": "0x" + HOLDER,
    "no hex": HOLDER[:-1] + "g",
    "a NEO address": "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1",
    "a line break behind": HOLDER + "\n",
    "a line break before": "\n" + HOLDER,
    "a NUL": HOLDER + "\0",
    "a space": " " + HOLDER,
    "a full-width digit": HOLDER[:-1] + FULL_WIDTH_ONE,
    "an Arabic digit": HOLDER[:-1] + ARABIC_ONE,
    "a full-width prefix": "0\uff58" + HOLDER[2:],
    "a ligature": HOLDER[:-2] + "\ufb00",
    "256 KB": "0x" + "0" * 200_000,
}
BAD_NUMBERS: Final = {
    "empty": "",
    "zero": "0",
    "many zeros": "0000",
    "negative": "-1",
    "a sign": "+1",
    "a space": " 1",
    "a space behind": "1 ",
    "a line break": "1\n",
    "an underscore": "1_0",
    "full width": FULL_WIDTH_ONE,
    "Arabic": ARABIC_ONE,
    "superscript": "\u00b2",
    "a fraction": "1.0",
    "an exponent": "1e1",
    "hex": "0x1",
    "a word": "one",
    "two numbers": "1,2",
}


@pytest.mark.parametrize("text", BAD_ADDRESSES.values(), ids=BAD_ADDRESSES)
@pytest.mark.parametrize(("path", "name"), [(TOKENS, "address"), (BALANCE, "address"), (METADATA, "contract_address")])
def test_a_malformed_address_is_422(node: RestNode, path: str, name: str, text: str) -> None:
    status, message = error(ask(node, path, **parameters(path, **{name: text})))
    assert (status, message.split(": ")[0]) == (422, name)
    assert message.endswith("is not 0x and 40 hex digits")
    assert len(message) < 250


@pytest.mark.parametrize("text", [text for text in BAD_ADDRESSES.values() if text], ids=[*BAD_ADDRESSES][1:])
@pytest.mark.parametrize("form", ["{}", "{1},{0}", "{0},{1}"])
def test_a_malformed_address_among_contracts_is_422(node: RestNode, form: str, text: str) -> None:
    status, message = error(ask(node, address=HOLDER, contract_address=form.format(text, KEPT)))
    assert (status, message.split(": ")[0]) == (422, "contract_address")


@pytest.mark.parametrize("text", [",", f"{KEPT},", f",{KEPT}", f"{KEPT},,{FAR}", f"{KEPT}, {FAR}", f"{KEPT};{FAR}"])
def test_a_list_of_contracts_has_one_comma_between_two_and_nothing_else(node: RestNode, text: str) -> None:
    assert error(ask(node, address=HOLDER, contract_address=text))[0] == 422


def test_more_than_a_hundred_contracts_are_422(node: RestNode) -> None:
    named = ",".join([KEPT] * 101)
    told = "contract_address: 101 addresses are too many, 100 may be given"
    assert error(ask(node, address=HOLDER, contract_address=named)) == (422, told)


def test_the_metadata_of_one_token_at_a_time_is_told(node: RestNode) -> None:
    assert error(ask(node, METADATA, contract_address=f"{KEPT},{FAR}"))[0] == 422


@pytest.mark.parametrize("text", BAD_NUMBERS.values(), ids=BAD_NUMBERS)
@pytest.mark.parametrize("name", ["limit", "page"])
def test_a_malformed_number_is_422(node: RestNode, name: str, text: str) -> None:
    status, message = error(ask(node, address=HOLDER, **{name: text}))
    assert (status, message.split(": ")[0]) == (422, name)


@pytest.mark.parametrize("limit", [101, 1000, 2**63, 10**100, "9" * 5000])
def test_a_limit_above_a_hundred_is_422(node: RestNode, limit: object) -> None:
    status, message = error(ask(node, address=HOLDER, limit=limit))
    assert (status, message[-15:]) == (422, "is not 1 to 100")


@pytest.mark.parametrize("text", [text for text in BAD_NUMBERS.values() if text not in ("0", "0000", "0x1")])
def test_a_malformed_block_is_422(node: RestNode, text: str) -> None:
    status, message = error(ask(node, BALANCE, address=HOLDER, to_block=text))
    assert (status, message.split(": ")[0]) == (422, "to_block")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *((path, "chain_id") for path in PATHS),
        (TOKENS, "address"),
        (BALANCE, "address"),
        (METADATA, "contract_address"),
    ],
)
def test_a_missing_parameter_is_422(node: RestNode, path: str, name: str) -> None:
    assert error(ask(node, path, **parameters(path, **{name: None}))) == (422, f"{name}: is required")


@pytest.mark.parametrize("name", ["chain_id", "address", "contract_address", "limit", "page"])
def test_a_repeated_parameter_is_422(node: RestNode, name: str) -> None:
    good = {"chain_id": "1", "address": HOLDER, "contract_address": KEPT, "limit": "1", "page": "1"}
    answer = node.get(target_of(TOKENS, **good) + f"&{name}={good[name]}", x_api_key="demo")
    assert error(answer) == (422, f"{name}: is given twice")


@pytest.mark.parametrize("name", ["Limit", "unknown", "", "chain_id[]"])
def test_a_parameter_nobody_knows_is_ignored(node: RestNode, name: str) -> None:
    answer = node.get(target_of(TOKENS, chain_id="1", address=HOLDER) + f"&{name}=0&{name}=&&{name}", x_api_key="demo")
    assert answer.status == 200


# 404 for a chain or a token


@pytest.mark.parametrize("chain_id", ["", "2", " 1", "01", "1\n", FULL_WIDTH_ONE, "56 ", "a%20b"])
@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_chain_is_404(node: RestNode, path: str, chain_id: str) -> None:
    assert error(ask(node, path, **parameters(path, chain_id=chain_id))) == (404, f"there is no chain {chain_id!r}")


@pytest.mark.parametrize(("chain_id", "contract"), [("1", UNKNOWN), ("1", FAR), ("56", KEPT)])
def test_an_unknown_token_is_404(node: RestNode, chain_id: str, contract: str) -> None:
    told = f"there is no token {contract} on chain {chain_id!r}"
    assert error(ask(node, METADATA, contract_address=contract, chain_id=chain_id)) == (404, told)


# 403


@pytest.mark.parametrize("path", PATHS)
def test_a_chain_that_a_key_is_not_for_is_403(node: RestNode, path: str) -> None:
    answer = ask(node, path, key="only-56", **parameters(path))
    assert error(answer) == (403, "the key is not for chain '1'; it is for 56")
    answer = ask(node, path, key="nowhere", **parameters(path))
    assert error(answer) == (403, "the key is not for chain '1'; it is for none")


def test_a_chain_that_a_key_is_for_is_answered(node: RestNode) -> None:
    assert ask(node, key="only-56", address=HOLDER, chain_id="56").status == 200


def test_a_disabled_path_is_403(serve: RestNodes) -> None:
    node = serve(CHAIN, settings={"RpcServer.DisabledMethods": [TOKENS]})
    assert error(ask(node, address=HOLDER)) == (403, "this path is disabled")
    assert ask(node, BALANCE, address=HOLDER).status == 200


# 429


def test_one_request_too_many_is_429_and_says_when_to_come_again(serve: RestNodes) -> None:
    node = serve(CHAIN, fresh=True, settings={"Chainbase.RateLimit": 1})
    answers = [ask(node, address=HOLDER) for _ in range(20)]
    refused = [answer for answer in answers if answer.status != 200]
    assert answers[0].status == 200
    assert len(refused) >= 18
    assert {error(answer) for answer in refused} == {(429, "too many requests: 1 a second are answered")}
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}


def test_every_key_has_a_rate_of_its_own(serve: RestNodes) -> None:
    node = serve(CHAIN, fresh=True, settings={"Chainbase.RateLimit": 1})
    assert ask(node, address=HOLDER, chain_id="56").status == 200
    assert ask(node, key="only-56", address=HOLDER, chain_id="56").status == 200
    assert ask(node, address=HOLDER, chain_id="56").status == 429


# 500


def test_what_fails_inside_is_500(serve: RestNodes, caplog: pytest.LogCaptureFixture) -> None:
    node = serve(CHAIN, fresh=True)
    node.node.view.assets = None  # type: ignore[misc,assignment]  # a bug of ours
    assert error(ask(node, address=HOLDER)) == (500, "the node failed at this request")
    assert "GET /v1/account/tokens failed" in caplog.text
    assert node.call("getblockcount") == 21


@pytest.mark.parametrize(
    ("status", "message"), [(500, "the node failed at this request"), (503, "this status was asked for")]
)
def test_a_fault_is_told_in_the_faces_form(serve: RestNodes, status: int, message: str) -> None:
    node = serve(CHAIN)
    node.call("dev_setFault", {"path": TOKENS, "http_status": status, "times": 1})
    assert error(ask(node, address=HOLDER)) == (status, message)
    assert ask(node, address=HOLDER).status == 200


# The order of the checks


@pytest.mark.parametrize(
    ("method", "path", "key", "given", "status"),
    [
        ("POST", "/v1/nowhere", None, {}, 404),
        ("POST", TOKENS, None, {}, 405),
        ("GET", TOKENS, None, {"chain_id": "nowhere", "address": "bad"}, 401),
        ("GET", TOKENS, "only-56", {"chain_id": "nowhere", "address": "bad"}, 422),
        ("GET", TOKENS, "only-56", {"chain_id": "nowhere", "address": HOLDER}, 404),
        ("GET", TOKENS, "only-56", {"chain_id": "1", "address": HOLDER}, 403),
        ("GET", METADATA, "only-56", {"chain_id": "1", "contract_address": UNKNOWN}, 403),
    ],
)
def test_of_several_faults_the_first_in_the_table_is_told(
    serve: RestNodes, method: str, path: str, key: str | None, given: dict[str, str], status: int
) -> None:
    node = serve(CHAIN, settings={"Chainbase.RateLimit": 1})
    ask(node, key="only-56", address=HOLDER, chain_id="56")
    headers = {} if key is None else {"x-api-key": key}
    for _ in range(3):  # none of them counts for the rate limit
        assert error(node.send(request_bytes(target_of(path, **given), method, headers)))[0] == status


# The document


def test_the_document_needs_no_key_and_names_every_path(node: RestNode) -> None:
    answer = node.get(DOCUMENT)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert set(answer.json["paths"]) == {*PATHS, DOCUMENT}
    assert answer.json["openapi"].startswith("3.")


def test_other_paths_stay_the_rpc_servers(serve: RestNodes) -> None:
    seed = serve(PROJECT / "fixtures" / "seed.yaml")
    assert seed.call("getblockcount") == 70011

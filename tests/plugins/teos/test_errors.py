"""Every row of the Teos error table, by real bytes over a real socket, and the order of the checks."""

from typing import Any, Final

import pytest

from tests.plugins.node_builder import HOLDER
from tests.plugins.rest_node import Answer, RestNode, RestNodes, request_bytes
from tests.plugins.teos.teos_chain import CALL, CHAIN, COIN_ID, ROOT, TOKEN, ask, call_of, error, triples

GOOD: Final = call_of([HOLDER], [COIN_ID])
CHAIN_WITHOUT_KEYS: Final = {key: value for key, value in CHAIN.items() if key != "keys"}


@pytest.fixture(scope="module")
def node(serve: RestNodes) -> RestNode:
    return serve(CHAIN)


def with_authorization(node: RestNode, value: str | None, target: str = GOOD) -> Answer:
    return node.send(request_bytes(target, headers={} if value is None else {"authorization": value}))


# 401


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        TOKEN,
        f"Basic {TOKEN}",
        f"Token {TOKEN}",
        f"Bearer{TOKEN}",
        "Bearer unknown",
        "Bearer DEMO-TOKEN",
        f"Bearer {TOKEN} {TOKEN}",
        f"Bearer {TOKEN}, Bearer {TOKEN}",
        f'Bearer "{TOKEN}"',
        "Bearer \u00e9",
        "Bearer " + "x" * 10_000,
    ],
)
def test_whoever_shows_no_good_token_is_not_authenticated(node: RestNode, value: str | None) -> None:
    refused = with_authorization(node, value)
    body = error(refused)
    assert (refused.status, body["code"], body["details"]) == (401, "11001", [])
    assert body["message"] == "User id was not found in authentication data"
    assert refused.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_name_of_the_scheme_is_of_any_letter_case(node: RestNode, scheme: str) -> None:
    assert with_authorization(node, f"{scheme} {TOKEN}").status == 200


def test_the_name_of_the_header_is_of_any_letter_case(node: RestNode) -> None:
    assert node.send(request_bytes(GOOD, headers={"AUTHORIZATION": f"Bearer  {TOKEN} "})).status == 200


@pytest.mark.parametrize(
    "target", [f"{CALL}(", f"{ROOT}/%zz", f"{ROOT}/nothing", ROOT, f"{ROOT}/$metadata", "/Ping", "/Assets('x')"]
)
def test_the_token_is_looked_at_before_the_path(node: RestNode, target: str) -> None:
    assert with_authorization(node, "Bearer unknown", target).status == 401


def test_a_chain_that_lists_no_tokens_has_the_demo_token(serve: RestNodes) -> None:
    node = serve(CHAIN_WITHOUT_KEYS)
    assert with_authorization(node, "Bearer demo-token").status == 200
    assert with_authorization(node, "Bearer holders").status == 401


def test_a_chain_that_lists_tokens_has_those_only(serve: RestNodes) -> None:
    node = serve({**CHAIN_WITHOUT_KEYS, "keys": {"teos": [{"token": "a/b+c=="}]}})
    assert with_authorization(node, "Bearer a/b+c==").status == 200
    assert with_authorization(node, "Bearer demo-token").status == 401


PASSWORD = {"RpcServer.RpcUser": "u", "RpcServer.RpcPass": "p"}


def test_a_token_that_the_fixture_lists_stands_for_the_nodes_password(serve: RestNodes) -> None:
    node = serve({**CHAIN_WITHOUT_KEYS, "keys": {"teos": [{"token": "secret"}]}}, settings=PASSWORD)
    assert with_authorization(node, "Bearer secret").status == 200
    assert with_authorization(node, "Bearer other").status == 401
    # The credentials open the node's door; the face's own asks for a token.
    assert with_authorization(node, "Basic dTpw").headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("keys", [{}, {"keys": {"teos": [{"token": "demo-token"}]}}], ids=["not listed", "listed"])
def test_the_public_token_does_not_stand_for_the_nodes_password(serve: RestNodes, keys: dict[str, Any]) -> None:
    node = serve({**CHAIN_WITHOUT_KEYS, **keys}, settings=PASSWORD)
    assert with_authorization(node, "Bearer demo-token").status == 401


# 404, 405 and the rest


@pytest.mark.parametrize(
    "target",
    [
        "/odata",
        "/odata/",
        "/odata/v2.0/Balances/My",
        "/odata/v1.0x",
        f"{ROOT}//Balances/My",
        f"{ROOT}/balances/My",
        f"{ROOT}/Balances",
        f"{ROOT}/Balances/",
        f"{ROOT}/Balances/my",
        f"{ROOT}/Balances/My/",
        f"{ROOT}/Balances/getassetsbalances(addresses=[],uniqueAssetIds=[])",
        f"{ROOT}/Balances/GetAssetsBalancesOf(addresses=[],uniqueAssetIds=[])",
        f"{ROOT}/Balances/GetAssetsBalances%20(addresses=[],uniqueAssetIds=[])",
        f"{ROOT}/Balances/GetEthBalances(addresses=[])",
        f"{ROOT}/Balances/Other.GetAssetsBalances(addresses=[],uniqueAssetIds=[])",
        f"{GOOD}/$count",
        f"{ROOT}/Balances(address='a',uniqueAssetId='b')/Amount",
        f"{ROOT}/Assets",
        f"{ROOT}/Assets/1",
        f"{ROOT}/Assets('{COIN_ID}')/Name",
        f"{ROOT}/Assets('{COIN_ID}')/TotalAmount/TotalSparks",
        f"{ROOT}/ping",
        f"{ROOT}/%24Metadata",
        "/Balancesheet",
        "/Ping/x",
    ],
)
def test_what_the_service_does_not_have_is_404(node: RestNode, target: str) -> None:
    refused = ask(node, target)
    assert (refused.status, error(refused)["code"]) == (404, "404")


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"])
@pytest.mark.parametrize("target", [GOOD, "/Balances/My", "/Assets('1')", "/Ping", ROOT])
def test_a_method_other_than_get_is_405(node: RestNode, method: str, target: str) -> None:
    refused = ask(node, target, method=method)
    assert (refused.status, refused.headers["allow"]) == (405, "GET")
    if method != "HEAD":
        assert error(refused)["code"] == "405"


@pytest.mark.parametrize(
    ("status", "code"), [(401, "11001"), (403, "403"), (404, "404"), (405, "405"), (429, "13000"), (500, "500")]
)
def test_an_error_from_outside_has_the_faces_form(node: RestNode, status: int, code: str) -> None:
    from rpcnode.plugin.rest import RestFace, RestRequest

    face = next(plugin for plugin in node.node.registry if isinstance(plugin, RestFace) and plugin.name == "Teos")
    response = face.rest_error(status, RestRequest("GET", "/Ping", "", {}))
    assert error(Answer(response.status, {"content-type": response.content_type}, response.body))["code"] == code
    assert (("WWW-Authenticate", "Bearer") in response.headers) is (status == 401)


@pytest.mark.parametrize(
    ("disabled", "target"),
    [
        ("/Ping", "/Ping"),
        ("/Ping", "/odata/v1.0/Ping"),
        ("/odata/v1.0/Ping", "/odata/v1.0/P%69ng"),
        ("/Balances/My", "/Balances/M%79"),
        ("/Balances/My", "/odata/v1.0/Balances/M%79?$skip=1"),
        ("/Balances/GetAssetsBalances", "/Balances/GetAssetsBalances(addresses=[],uniqueAssetIds=[])"),
        ("/Balances/GetAssetsBalances", "/Balances/GetAssetsBalances%28addresses=[],uniqueAssetIds=[]%29"),
        ("/Balances/GetAssetsBalances", "/odata/v1.0/Balances/Default.GetAssetsBalances?addresses=[]"),
        ("/Balances/GetAssetsBalances(", "/Balances/GetAssetsBalances"),
        ("/Balances", "/Balances(address='x',uniqueAssetId='1')"),
        ("/Assets", "/Assets(%27x%27)"),
        ("/Assets/TotalAmount", "/odata/v1.0/Assets('x')/TotalAmount"),
    ],
)
def test_a_disabled_path_is_403_however_it_is_written(serve: RestNodes, disabled: str, target: str) -> None:
    node = serve(CHAIN, settings={"RpcServer.DisabledMethods": [disabled]})
    refused = ask(node, target)
    assert (refused.status, error(refused)["code"]) == (403, "403")
    assert ask(node, "/odata/v1.0/$metadata").status == 200


def test_a_bug_of_ours_is_500_and_the_node_serves_on(serve: RestNodes, monkeypatch: pytest.MonkeyPatch) -> None:
    node = serve(CHAIN)

    def fail(*_: object) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("rpcnode.plugins.teos.service.asked_assets", fail)
        refused = ask(node, GOOD)
        assert (refused.status, error(refused)["code"]) == (500, "500")
    assert triples(ask(node, GOOD).json) == [(HOLDER, COIN_ID, "1241")]


# The body


def test_a_body_is_as_the_vendors_error_page_has_it(node: RestNode) -> None:
    body = error(ask(node, f"{CALL}(addresses=[)"))
    body.pop("clTraceId")
    assert body == {
        "code": "12001",
        "message": "The call is not valid OData",
        "target": "Balances/GetAssetsBalances(addresses=[)",
        "details": [{"code": "12001", "message": "list is not closed", "arguments": {"position": "30"}}],
    }


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        (f"{CALL}%28%5B", "Balances/GetAssetsBalances(["),
        (f"{CALL}('%FF')", "Balances/GetAssetsBalances('%FF')"),
        ("/Balances/x?y=z", "Balances/x"),
        (f"/Balances/{'x' * 2000}", f"Balances/{'x' * 991}…"),
    ],
)
def test_the_target_is_the_path_below_the_root(node: RestNode, target: str, shown: str) -> None:
    assert error(ask(node, target))["target"] == shown


def test_the_same_request_has_the_same_trace_id_and_another_one_another(node: RestNode) -> None:
    targets = [f"{CALL}(", f"{CALL}((", f"{CALL}(?x", "/Balances/GetAssetsBalances("]
    once, again = ([error(ask(node, target))["clTraceId"] for target in targets] for _ in range(2))
    assert once == again
    assert len(set(once)) == len(targets)


@pytest.mark.parametrize(("addresses", "assets", "status"), [(2, 3, 200), (7, 1, 400), (3, 3, 400), (7, 0, 400)])
def test_a_call_for_more_combinations_than_allowed_is_400_and_names_the_setting(
    serve: RestNodes, addresses: int, assets: int, status: int
) -> None:
    node = serve(CHAIN, settings={"Teos.MaxCombinations": 6})
    answer = ask(node, call_of(["x"] * addresses, ["1"] * assets))
    assert answer.status == status
    if status == 400:
        [detail] = error(answer)["details"]
        assert "Teos.MaxCombinations" in detail["message"]

"""The envelope, for the three profiles.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.ProcessAsync, RpcServer.ProcessRequestAsync; neo-plugins
3.0.0-preview2, RpcServer, the same names; neo 2.12, Neo: Network/RPC/RpcServer.
"""

import logging

import pytest

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.access import AccessRules, Authorization
from rpcnode.server.jsonrpc.envelope import Envelope
from rpcnode.server.jsonrpc.reply import Method, Reply
from tests.rpcnode.server.jsonrpc.envelopes import (
    ALL,
    CRASH,
    EMPTY,
    INVALID_REQUEST,
    LEGACY,
    PARSE_ERROR,
    envelope,
    error,
    ok,
    post,
)


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize(
    ("request_id", "echoed"),
    [
        ("1", "1"),
        ('"a"', '"a"'),
        ("null", "null"),
        ("true", "true"),
        ("[1,{}]", "[1,{}]"),
        ('{"a":[null]}', '{"a":[null]}'),
        ("1.0", "1"),
        ("-1", "-1"),
        ("0.5", "0.5"),
        ("999999999999999", "999999999999999"),
        ('"it\'s"', r'"it\u0027s"'),
        ('"é"', r'"\u00E9"'),
    ],
)
def test_an_id_of_any_type_is_echoed(profile: ProfileName, request_id: str, echoed: str) -> None:
    body = f'{{"jsonrpc":"2.0","id":{request_id},"method":"null","params":[]}}'
    assert post(profile, body) == Reply(200, ok("null", echoed))


@pytest.mark.parametrize(
    ("profile", "number", "echo"),
    [
        ("n3", "1e16", "10000000000000000"),  # as neo-cli 3.10.2 on .NET 10
        ("n3", "123456789012345678", "1.2345678901234568E+17"),
        ("n3-preview", "1e15", "1E+15"),
        ("n2", "1000000000000000", "1E+15"),
    ],
)
def test_a_large_id_is_echoed_as_the_profile_s_runtime_prints_it(profile: ProfileName, number: str, echo: str) -> None:
    assert post(profile, f'{{"id":{number},"method":"echo","params":[]}}').body == ok("[]", request_id=echo)


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize("version", ["", '"jsonrpc":"1.0",', '"jsonrpc":null,', '"jsonrpc":2,'])
def test_the_jsonrpc_member_is_not_looked_at(profile: ProfileName, version: str) -> None:
    assert post(profile, f'{{{version}"id":1,"method":"echo","params":[2]}}') == Reply(200, ok("[2]"))


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize("body", ["", " ", "{", "null", "[1,", "nonsense", '{"id":1,}', "[[[[["])
def test_what_is_no_json_and_null_are_parse_errors(profile: ProfileName, body: str) -> None:
    assert post(profile, body) == Reply(200, error(-32700, PARSE_ERROR[profile], "null"))


def test_an_empty_batch_is_one_invalid_request_and_crashes_n3() -> None:
    for profile in ("n3-preview", "n2"):
        assert post(profile, "[]") == Reply(200, error(-32600, "Invalid Request", "null"))
    assert post("n3", "[]") == Reply(500, b"")


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize(
    "members",
    ['"params":[]', '"method":"echo","params":{}', '"method":"echo","params":"a"', '"method":"echo","params":5'],
    ids=["no method", "params an object", "params a string", "params a number"],
)
def test_a_request_of_the_wrong_shape_is_invalid(profile: ProfileName, members: str) -> None:
    assert post(profile, f'{{"id":1,{members}}}') == Reply(200, error(-32600, INVALID_REQUEST[profile]))


@pytest.mark.parametrize("members", ['"method":"echo"', '"method":"echo","params":null'])
def test_params_may_be_left_out_in_n3_only(members: str) -> None:
    assert post("n3", f'{{"id":1,{members}}}') == Reply(200, ok("[]"))
    for profile in LEGACY:
        assert post(profile, f'{{"id":1,{members}}}') == Reply(200, error(-32600, "Invalid Request"))


def test_a_null_method_is_invalid_in_n3_and_leaks_the_exception_elsewhere() -> None:
    body = '{"id":1,"method":null,"params":[]}'
    assert post("n3", body) == Reply(200, error(-32600, "Invalid request"))
    leak = error(-2147467261, "Object reference not set to an instance of an object.")
    for profile in LEGACY:
        assert post(profile, body) == Reply(200, leak)


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize("method", ["5", "5.0"])
def test_a_number_for_a_method_is_taken_as_a_string(profile: ProfileName, method: str) -> None:
    assert post(profile, f'{{"id":1,"method":{method},"params":[]}}') == Reply(200, ok('"five"'))


@pytest.mark.parametrize("profile", LEGACY)
def test_a_list_of_one_method_is_that_method_before_n3(profile: ProfileName) -> None:
    assert post(profile, '{"id":1,"method":["echo"],"params":[]}') == Reply(200, ok("[]"))
    assert post(profile, '{"id":1,"method":["echo","x"],"params":[]}').body == error(-32601, "Method not found")


@pytest.mark.parametrize(
    ("method", "name"),
    [
        # The first three as neo-cli 3.10.2 answered them.
        ('["getblockcount"]', r"[\u0022getblockcount\u0022]"),
        ('["a","b"]', r"[\u0022a\u0022,\u0022b\u0022]"),
        ("[]", "[]"),
        ('["echo"]', r"[\u0022echo\u0022]"),
        ('{"a":1}', r"{\u0022a\u0022:1}"),
    ],
)
def test_a_list_or_object_for_a_method_is_its_json_text_in_n3(method: str, name: str) -> None:
    expected = error(-32601, f"Method not found - {name}", data=name)
    assert post("n3", f'{{"id":1,"method":{method},"params":[]}}').body == expected


def test_an_unknown_method_is_named_in_n3_only() -> None:
    body = '{"id":1,"method":"GetBlock","params":[]}'
    assert post("n3", body) == Reply(200, error(-32601, "Method not found - GetBlock", data="GetBlock"))
    for profile in LEGACY:
        assert post(profile, body) == Reply(200, error(-32601, "Method not found"))


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize("body", ['{"method":"echo","params":[]}', "{}", '[{"method":"echo","params":[]},{}]'])
def test_a_request_without_id_is_dropped_unexecuted(profile: ProfileName, body: str) -> None:
    calls: list[Json] = []
    assert envelope(profile, calls).answer_post(body.encode(), Authorization.GRANTED) == EMPTY
    assert calls == []


@pytest.mark.parametrize("body", ["5", '"a"', "true"])
def test_a_top_level_scalar_crashes_n3_and_is_dropped_elsewhere(body: str) -> None:
    assert post("n3", body) == CRASH
    for profile in LEGACY:
        assert post(profile, body) == EMPTY


@pytest.mark.parametrize("element", ["5", '"a"', "true", "[]", '[{"id":1,"method":"null","params":[]}]'])
def test_a_batch_element_that_is_no_object_crashes_n3_and_is_dropped_elsewhere(element: str) -> None:
    body = f'[{{"id":1,"method":"null","params":[]}},{element}]'
    assert post("n3", body) == CRASH
    for profile in LEGACY:
        assert post(profile, body) == Reply(200, b"[" + ok("null") + b"]")


def test_a_null_batch_element_is_invalid_in_n3_and_crashes_elsewhere() -> None:
    body = '[{"id":1,"method":"null","params":[]},null]'
    invalid = error(-32600, "Invalid request", "null")
    assert post("n3", body) == Reply(200, b"[" + ok("null") + b"," + invalid + b"]")
    for profile in LEGACY:
        assert post(profile, body) == CRASH


@pytest.mark.parametrize("profile", ALL)
def test_a_batch_is_answered_in_its_order_without_the_notifications(profile: ProfileName) -> None:
    body = (
        '[{"id":2,"method":"echo","params":["b"]},{"method":"echo","params":["n"]},'
        '{"id":1,"method":"nope"},{"id":1,"method":"echo","params":["a"]}]'
    )
    middle = {
        "n3": error(-32601, "Method not found - nope", data="nope"),
        "n3-preview": error(-32600, "Invalid Request"),
        "n2": error(-32600, "Invalid Request"),
    }[profile]
    assert post(profile, body) == Reply(200, b"[" + ok('["b"]', "2") + b"," + middle + b"," + ok('["a"]') + b"]")


@pytest.mark.parametrize("profile", ALL)
def test_the_requests_before_one_that_crashes_are_executed(profile: ProfileName) -> None:
    calls: list[Json] = []
    broken = "5" if profile == "n3" else "null"
    body = f'[{{"id":1,"method":"echo","params":[1]}},{broken},{{"id":2,"method":"echo","params":[2]}}]'
    assert envelope(profile, calls).answer_post(body.encode(), Authorization.GRANTED) == CRASH
    assert calls == [[1]]


@pytest.mark.parametrize("profile", ALL)
def test_a_result_of_null_is_written(profile: ProfileName) -> None:
    assert post(profile, '{"id":1,"method":"null","params":[]}') == Reply(200, ok("null"))


@pytest.mark.parametrize(
    ("profile", "method", "body"),
    [
        ("n3", "refuse", error(-32602, "Invalid params - DETAIL", data="DETAIL")),
        ("n3", "unknownblock", error(-101, "Unknown block")),
        ("n3-preview", "unknownblock", error(-100, "Unknown block")),
        ("n2", "unknownblock", error(-100, "Unknown block")),
        ("n3", "leak", error(-2147024809, r"Required parameter \u0027x\u0027 is missing")),
        ("n3", "bug", error(-32603, "Internal server RpcError")),
        ("n2", "bug", error(-32603, "Internal error")),
        ("n3", "notjson", error(-32603, "Internal server RpcError")),
    ],
)
def test_what_a_method_raises_becomes_an_error_object(
    profile: ProfileName, method: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL, "rpcnode"):
        assert post(profile, f'{{"id":1,"method":"{method}","params":[]}}') == Reply(200, body)


def test_a_bug_in_a_method_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    post("n3", '{"id":1,"method":"bug","params":[]}')
    assert "method bug failed" in caplog.text
    assert "ZeroDivisionError: 1/0" in caplog.text


def test_the_table_may_change_while_serving() -> None:
    methods: dict[str, Method] = {}
    served = Envelope("n3", methods, AccessRules("n3", HttpSettings()))
    body = b'{"id":1,"method":"late","params":[]}'
    assert b"-32601" in served.answer_post(body, Authorization.GRANTED).body
    methods["late"] = lambda _: "here"
    assert served.answer_post(body, Authorization.GRANTED).body == ok('"here"')


@pytest.mark.parametrize(
    ("profile", "text", "body"),
    [
        ("n3", '/**/{"id":1,"method":"echo","params":[1]}//', ok("[1]")),
        ("n3-preview", '/**/{"id":1,"method":"echo","params":[1]}//', ok("[1]")),
        ("n2", '/**/{"id":1,"method":"echo","params":[1]}//', error(-32700, "Parse error", "null")),
        ("n3", "{'id':1,'method':'echo','params':[1]}", error(-32700, "Bad request", "null")),
        ("n2", "{'id':1,'method':'echo','params':[1]} tail", ok("[1]")),
        ("n2", '{"id":1 "method":"echo" "params":[1 2]}', ok("[1,2]")),
        ("n2", '{"id":1e3,"method":"echo","params":[]}', error(-32700, "Parse error", "null")),
        ("n3", '{"id":1e3,"method":"echo","params":[]}', ok("[]", "1000")),
        ("n3", '{"id":1,"id":1,"method":"echo"}', error(-32700, "Bad request", "null")),
        ("n3-preview", '{"id":1,"id":1,"method":"echo","params":[]}', error(-32700, "Parse error", "null")),
        ("n3", '{"id":1,"method":"echo","params":[NaN]}', error(-32700, "Bad request", "null")),
        ("n3", '{"id":1,"method":"echo"} tail', error(-32700, "Bad request", "null")),
        ("n3", '{"id":1,"method":"echo","params":[5.0,2.5,9007199254740993]}', ok("[5,2.5,9007199254740992]")),
    ],
)
def test_each_profile_reads_json_as_its_parser_did(profile: ProfileName, text: str, body: bytes) -> None:
    assert post(profile, text) == Reply(200, body)


def test_a_duplicate_key_crashes_n2() -> None:
    assert post("n2", '{"id":1,"id":2,"method":"echo","params":[]}') == CRASH


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (b'\xef\xbb\xbf{"id":1,"method":"echo","params":[]}', "[]"),
        (b'{"id":1,"method":"echo","params":["a\xff\xc3"]}', r'["a\uFFFD\uFFFD"]'),
        ('{"id":1,"method":"echo","params":["é"]}'.encode("utf-16"), r'["\u00E9"]'),
    ],
    ids=["byte order mark", "invalid UTF-8", "UTF-16"],
)
@pytest.mark.parametrize("profile", ALL)
def test_bodies_are_decoded_as_a_stream_reader_does(profile: ProfileName, body: bytes, result: str) -> None:
    assert post(profile, body) == Reply(200, ok(result))


@pytest.mark.parametrize(("profile", "limit"), [("n3", 32), ("n3-preview", 100)])
def test_the_depth_of_the_whole_document_is_limited(profile: ProfileName, limit: int) -> None:
    # The request object and its params are two levels.
    for levels, code in ((limit - 2, None), (limit - 1, b"-32700"), (10_000, b"-32700")):
        nested = "[" * levels + "]" * levels
        body = post(profile, f'{{"id":1,"method":"echo","params":[{nested}]}}').body
        assert body == ok(f"[{nested}]") if code is None else code in body


# Access


@pytest.mark.parametrize(
    ("profile", "authorization", "status"),
    [
        ("n3", Authorization.MISSING, 401),
        ("n3", Authorization.WRONG, 200),
        ("n3-preview", Authorization.MISSING, 200),
        ("n3-preview", Authorization.WRONG, 200),
        ("n2", Authorization.MISSING, 200),
        ("n2", Authorization.WRONG, 200),
    ],
)
def test_a_call_without_good_credentials_is_denied(
    profile: ProfileName, authorization: Authorization, status: int
) -> None:
    denied = error(-600 if profile == "n3" else -400, "Access denied")
    # Access is checked before the method is looked up.
    for method in ("echo", "nope"):
        body = f'{{"id":1,"method":"{method}","params":[]}}'.encode()
        assert envelope(profile).answer_post(body, authorization) == Reply(status, denied)


@pytest.mark.parametrize(
    ("body", "reply"),
    [
        ("{", Reply(200, error(-32700, "Bad request", "null"))),
        ('{"id":1}', Reply(200, error(-32600, "Invalid request"))),
        ('{"method":"echo"}', EMPTY),
        ("[]", Reply(500, b"")),
        ('[{"id":1,"method":"echo"}]', Reply(401, b"[" + error(-600, "Access denied") + b"]")),
    ],
)
def test_only_a_request_that_gets_as_far_as_the_check_is_unauthorized(body: str, reply: Reply) -> None:
    assert envelope("n3").answer_post(body.encode(), Authorization.MISSING) == reply


@pytest.mark.parametrize(("profile", "code"), [("n3", -600), ("n3-preview", -400), ("n2", -400)])
def test_a_disabled_method_is_denied_by_its_exact_name(profile: ProfileName, code: int) -> None:
    body = '{{"id":1,"method":"{}","params":[]}}'
    assert post(profile, body.format("openwallet")) == Reply(200, error(code, "Access denied"))
    assert b"-32601" in post(profile, body.format("OpenWallet")).body
    enabled = envelope(profile, disabled_methods=())
    assert enabled.answer_post(body.format("openwallet").encode(), Authorization.GRANTED).body == ok("true")


def test_a_disabled_method_is_denied_even_where_nothing_serves_it() -> None:
    disabled = envelope("n3", disabled_methods=("nope",))
    reply = disabled.answer_post(b'{"id":1,"method":"nope"}', Authorization.GRANTED)
    assert reply.body == error(-600, "Access denied")

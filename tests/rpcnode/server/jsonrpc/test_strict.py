"""`--jsonrpc strict`, and jsonrpcserver as the referee of NEO's envelope where NEO equals JSON-RPC 2.0."""

import json
import subprocess
import sys
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import LeakedException, UnknownBlock
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.access import AccessRules, Authorization
from rpcnode.server.jsonrpc.envelope import Envelope
from rpcnode.server.jsonrpc.reply import Method, Reply
from rpcnode.server.jsonrpc.strict import StrictEnvelope
from tests.rpcnode.server.http.raw_http import request_bytes, running

CALLS: Final[list[Json]] = []


def echo(params: list[Json]) -> Json:
    """Give back the params, and note them."""
    CALLS.append(params)
    return params


def unknown_block(_: list[Json]) -> Json:
    """Raise what a method raises."""
    raise UnknownBlock


def leak(_: list[Json]) -> Json:
    """Raise an error with a code of .NET's."""
    raise LeakedException(-2147024809, "Value does not fall within the expected range.")


def bug(_: list[Json]) -> Json:
    """Fail as no method should."""
    raise ZeroDivisionError("secret")


METHODS: Final[dict[str, Method]] = {"echo": echo, "unknownblock": unknown_block, "leak": leak, "bug": bug}
ACCESS: Final = AccessRules("n3", HttpSettings())
STRICT: Final = StrictEnvelope("n3", METHODS, ACCESS)
NEO: Final = Envelope("n3", METHODS, ACCESS)


def strict(body: str, authorization: Authorization = Authorization.GRANTED) -> tuple[int, Any]:
    """Status and JSON of the strict reply."""
    reply = STRICT.answer_post(body.encode(), authorization)
    return reply.status, json.loads(reply.body) if reply.body else None


def failure(code: int, message: str, request_id: Json = None, **more: Json) -> dict[str, Json]:
    """An error response."""
    return {"jsonrpc": "2.0", "error": {"code": code, "message": message, **more}, "id": request_id}


NOTIFICATION: Final = '{"jsonrpc":"2.0","method":"echo","params":[7]}'
INVALID: Final = failure(-32600, "Invalid request", data="The request failed schema validation")


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ('{"jsonrpc":"2.0","id":1,"method":"echo","params":[1]}', {"jsonrpc": "2.0", "result": [1], "id": 1}),
        ('{"jsonrpc":"2.0","id":"a","method":"echo"}', {"jsonrpc": "2.0", "result": [], "id": "a"}),
        ('{"jsonrpc":"2.0","id":null,"method":"echo"}', {"jsonrpc": "2.0", "result": [], "id": None}),
        (
            '{"jsonrpc":"2.0","id":12345678901234567890,"method":"echo"}',
            {"jsonrpc": "2.0", "result": [], "id": 12345678901234567890},
        ),
        ('{"jsonrpc":"2.0","id":1,"method":"nope"}', failure(-32601, "Method not found", 1, data="nope")),
        ('{"jsonrpc":"2.0","id":1,"method":"unknownblock"}', failure(-101, "Unknown block", 1)),
        (
            '{"jsonrpc":"2.0","id":1,"method":"leak"}',
            failure(-2147024809, "Value does not fall within the expected range.", 1),
        ),
        ('{"jsonrpc":"2.0","id":1,"method":"bug"}', failure(-32603, "Internal server RpcError", 1)),
        ('{"jsonrpc":"2.0","id":1,"method":"openwallet"}', failure(-600, "Access denied", 1)),
        ('{"id":1,"method":"echo"}', INVALID),
        ('{"jsonrpc":"1.0","id":1,"method":"echo"}', INVALID),
        ('{"jsonrpc":"2.0","id":{},"method":"echo"}', INVALID),
        ('{"jsonrpc":"2.0","id":1,"method":5}', INVALID),
        ('{"jsonrpc":"2.0","id":1,"method":"echo","params":5}', INVALID),
        ("5", INVALID),
        ("null", INVALID),
        ("[]", INVALID),
        ("[1]", [INVALID]),
        ("[1,[],null]", [INVALID] * 3),
        (
            '[{"jsonrpc":"2.0","id":1,"method":"echo"},{"jsonrpc":"2.0","method":"echo"},{"id":2}]',
            [{"jsonrpc": "2.0", "result": [], "id": 1}, INVALID],
        ),
    ],
)
def test_a_request_is_answered_by_json_rpc_2(body: str, answer: Json) -> None:
    assert strict(body) == (200, answer)


@pytest.mark.parametrize(
    "body",
    ["", "{", "[1,]", "/**/1", "NaN", "1e999", "[" * 40 + "]" * 40, "[" * 10_000 + "]" * 10_000],
)
def test_what_is_no_json_is_a_parse_error(body: str) -> None:
    status, answer = strict(body)
    assert (status, answer["error"]["code"], answer["error"]["message"]) == (200, -32700, "Parse error")
    assert answer["id"] is None


def test_params_by_name_are_invalid() -> None:
    status, answer = strict('{"jsonrpc":"2.0","id":1,"method":"echo","params":{"a":1}}')
    assert (status, answer["error"]["code"]) == (200, -32602)


@pytest.mark.parametrize(("body", "calls"), [(NOTIFICATION, [[7]]), (f"[{NOTIFICATION},{NOTIFICATION}]", [[7], [7]])])
def test_a_notification_is_executed_and_answered_204(body: str, calls: list[Json]) -> None:
    CALLS.clear()
    assert strict(body) == (204, None)
    assert calls == CALLS


@pytest.mark.parametrize(("authorization", "status"), [(Authorization.MISSING, 401), (Authorization.WRONG, 200)])
def test_a_caller_without_credentials_learns_nothing(authorization: Authorization, status: int) -> None:
    CALLS.clear()
    for method in ("echo", "nope"):
        body = f'{{"jsonrpc":"2.0","id":1,"method":"{method}"}}'
        assert strict(body, authorization) == (status, failure(-600, "Access denied", 1))
    assert strict('{"jsonrpc":"2.0","method":"echo"}', authorization)[1] is None
    assert CALLS == []


def test_a_get_is_dispatched_too() -> None:
    query = "jsonrpc=2.0&id=1&method=echo&params=[2]"
    assert STRICT.answer_get(query, Authorization.GRANTED) == Reply(200, b'{"jsonrpc":"2.0","result":[2],"id":"1"}')
    for bad in ("", "id=1&method=echo&params=nope"):
        assert b"-32700" in STRICT.answer_get(bad, Authorization.GRANTED).body


async def test_strict_mode_is_served_over_http() -> None:
    async with running(envelope=STRICT) as node:
        good = await node.request(body=b'{"jsonrpc":"2.0","id":1,"method":"echo","params":[1]}')
        assert (good.status, good.body) == (200, b'{"jsonrpc":"2.0","result":[1],"id":1}')
        note = await node.send(request_bytes(body=b'{"jsonrpc":"2.0","method":"echo","params":[1]}'))
        assert (note.status, note.body) == (204, b"")


def test_jsonrpcserver_is_not_imported_before_strict_mode_is_chosen() -> None:
    script = (
        "import sys, rpcnode.server.http.server, rpcnode.server.jsonrpc.strict; print('jsonrpcserver' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout == b"False\n"


# The referee. NEO equals JSON-RPC 2.0 for a request with an id that is a string, a number or null, with "jsonrpc":
# "2.0", a method that is a string and params that are an array. It differs for: a missing or other `jsonrpc` (NEO does
# not look), an id of another type (NEO echoes it), a missing id (NEO drops the request unexecuted), unknown members
# (NEO ignores them), params by name (-32600, not -32602), params null (NEO: none), a method of another type (NEO takes
# it as a string), a batch with a malformed element, a top-level scalar (NEO: HTTP 500), comments (NEO skips them), a
# key given twice (NEO: parse error), ids beyond what a double holds, `data` that is empty (NEO has none then), and the
# wording of `message`.

VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
REQUESTS: Final = st.fixed_dictionaries(
    {
        "jsonrpc": st.just("2.0"),
        "id": st.none() | st.integers(-(10**14), 10**14) | st.text() | st.sampled_from([0.5, -2.25]),
        "method": st.sampled_from(["echo", "unknownblock", "leak", "nope", "Echo", "openwallet", ""]),
    },
    optional={"params": st.lists(VALUES, max_size=4)},
)


@given(REQUESTS)
def test_neo_s_envelope_and_jsonrpcserver_agree_on_every_well_formed_request(request: dict[str, Json]) -> None:
    body = json.dumps(request).encode()
    ours = json.loads(NEO.answer_post(body, Authorization.GRANTED).body)
    theirs = json.loads(STRICT.answer_post(body, Authorization.GRANTED).body)
    assert set(ours) == set(theirs)
    assert (ours["id"], ours.get("result")) == (theirs["id"], theirs.get("result"))
    assert ours.get("error", {}).get("code") == theirs.get("error", {}).get("code")
    assert ours.get("error", {}).get("data") == (theirs.get("error", {}).get("data") or None)


@given(st.lists(REQUESTS, min_size=1, max_size=5))
def test_they_agree_on_batches_of_such_requests(requests: list[dict[str, Json]]) -> None:
    body = json.dumps(requests).encode()
    ours = json.loads(NEO.answer_post(body, Authorization.GRANTED).body)
    theirs = json.loads(STRICT.answer_post(body, Authorization.GRANTED).body)
    assert [(one["id"], one.get("result"), set(one)) for one in ours] == [
        (one["id"], one.get("result"), set(one)) for one in theirs
    ]


@pytest.mark.parametrize("body", [b"{", b"", b"[1,", b'"open', b"nonsense"])
def test_they_agree_on_the_code_of_what_no_parser_reads(body: bytes) -> None:
    ours = json.loads(NEO.answer_post(body, Authorization.GRANTED).body)
    theirs = json.loads(STRICT.answer_post(body, Authorization.GRANTED).body)
    assert (ours["id"], ours["error"]["code"]) == (theirs["id"], theirs["error"]["code"]) == (None, -32700)

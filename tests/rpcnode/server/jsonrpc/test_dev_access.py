"""From where dev methods may be called: the table of Host and Origin, over a real socket and in every envelope."""

import base64
import json
from typing import Any, Final

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.server.http import connection
from rpcnode.server.jsonrpc.dev_access import DevAccess
from rpcnode.server.jsonrpc.loopback import is_loopback, same_machine
from rpcnode.server.jsonrpc.reply import Method
from tests.rpcnode.server.http.raw_http import Answer, Running, running

MINE: Final[dict[str, Json]] = {"jsonrpc": "2.0", "id": 1, "method": "dev_mine", "params": []}
PING: Final[dict[str, Json]] = {"jsonrpc": "2.0", "id": 2, "method": "ping", "params": []}
FOREIGN: Final = "https://evil.example"
DENIED: Final[dict[ProfileName, int]] = {
    "n3": -600,
    "n3-preview": -400,
    "n2": -400,
}  # Access denied, as each profile's node numbers it

ALL_ENVELOPES = pytest.mark.parametrize(
    ("profile", "strict"),
    [("n3", False), ("n3-preview", False), ("n2", False), ("n3", True)],
    ids=["n3", "n3-preview", "n2", "strict"],
)


class Mine:
    """A dev method that counts how often it ran."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, _: list[Json]) -> Json:
        self.times += 1
        return self.times


async def post(server: Running, document: Json, **headers: str) -> Answer:
    """The answer to a POST with those headers."""
    return await server.request(body=json.dumps(document).encode(), **headers)


def error_of(answer: Answer) -> Any:
    """The error object in an answer."""
    return json.loads(answer.body)["error"]


@pytest.mark.parametrize(
    ("host", "origin", "is_open"),
    [
        ("localhost", None, True),
        ("localhost:10332", None, True),
        ("LOCALHOST.:10332", None, True),
        ("node.localhost", None, True),
        ("127.0.0.1:10332", None, True),
        ("127.8.9.10", None, True),
        ("[::1]:10332", None, True),
        ("", None, False),
        ("evil.example:10332", None, False),  # DNS rebinding
        ("127.0.0.1.evil.example", None, False),
        ("localhost.evil.example", None, False),
        ("notlocalhost", None, False),
        ("0.0.0.0", None, False),
        ("192.168.1.5", None, False),
        ("[::2]", None, False),
        ("localhost", "http://localhost:3000", True),
        ("localhost", "https://LOCALHOST", True),
        ("localhost", "http://app.localhost:5173", True),
        ("localhost", "http://127.0.0.1:3000", True),
        ("localhost", "http://[::1]:3000", True),
        ("localhost", FOREIGN, False),
        ("localhost", "null", False),  # a sandboxed frame, or a file
        ("localhost", "", False),
        ("localhost", "file://", False),
        ("localhost", "chrome-extension://abcdefgh", False),
        ("localhost", "http://localhost.evil.example", False),
        ("localhost", "http://localhost@evil.example", False),
        ("localhost", "http://evil.example:80#localhost", False),
        ("localhost", "http://localhost, https://evil.example", False),
        ("localhost", "http://192.168.1.5", False),
        ("evil.example:10332", "http://evil.example:10332", False),
        ("evil.example", "http://localhost", False),
    ],
)
async def test_a_server_on_loopback_obeys_local_names_and_local_pages_alone(
    host: str, origin: str | None, is_open: bool
) -> None:
    mine = Mine()
    async with running(methods={"dev_mine": mine}) as server:
        headers = {"Host": host} | ({} if origin is None else {"Origin": origin})
        answer = await post(server, MINE, **headers)
        assert (mine.times, "error" in json.loads(answer.body)) == ((1, False) if is_open else (0, True))
        assert json.loads((await post(server, PING, **headers)).body)["result"] == "pong"


@pytest.mark.parametrize(
    ("bind_address", "host", "origin", "is_open"),
    [
        ("192.168.1.5", "192.168.1.5:10332", None, True),
        ("192.168.1.5", "192.168.1.5:10332", "http://192.168.1.5:3000", True),
        ("192.168.1.5", "localhost", None, True),
        ("node.example.com", "NODE.example.com", None, True),
        ("node.example.com", "other.example.com", None, False),
        ("0.0.0.0", "192.168.1.5", None, True),
        ("::", "[fe80::1]:10332", None, True),
        ("0.0.0.0", "rpcnode:10332", None, True),
        ("0.0.0.0", "host.docker.internal:10332", None, True),
        ("0.0.0.0", "node.default.svc.cluster.local", None, True),
        ("0.0.0.0", "evil.example", None, False),
        ("0.0.0.0", "192.168.1.5", "http://localhost:3000", True),
        ("0.0.0.0", "192.168.1.5", "http://192.168.1.5:3000", True),
        ("0.0.0.0", "192.168.1.5", "http://203.0.113.9", False),
        ("0.0.0.0", "192.168.1.5", FOREIGN, False),
        ("0.0.0.0", "evil.example", "http://evil.example", False),
        ("127.0.0.1", "rpcnode", None, False),
    ],
)
def test_a_server_for_others_is_known_by_names_that_no_stranger_s_page_can_have(
    bind_address: str, host: str, origin: str | None, is_open: bool
) -> None:
    headers = {"Host": host} | ({} if origin is None else {"Origin": origin})
    assert (DevAccess(bind_address).refusal(headers, "dev_mine", [], is_local=False) is None) is is_open


@pytest.mark.parametrize(
    ("bind_address", "host", "origin", "is_open"),
    [
        *(("127.0.0.1", "localhost:10332", None, True), ("127.0.0.1", "127.0.0.1", "http://localhost:3000", True)),
        *(("127.0.0.1", "evil.example", None, False), ("127.0.0.1", "localhost", FOREIGN, False)),
        *(("::1", "[::1]:10332", None, True), ("::1", "node.example.com", None, False)),
        *(("0.0.0.0", "node.example.com:10332", None, True), ("0.0.0.0", "", None, False)),
        *(("0.0.0.0", "node.example.com", "http://node.example.com", True), ("0.0.0.0", "node", FOREIGN, False)),
        *(("192.168.1.5", "node.example.com", None, True), ("192.168.1.5", "192.168.1.5", "null", False)),
    ],
)
def test_a_server_for_others_is_read_under_any_name_and_never_by_a_strangers_page(
    bind_address: str, host: str, origin: str | None, is_open: bool
) -> None:
    headers = {"Host": host} | ({} if origin is None else {"Origin": origin})
    assert (DevAccess(bind_address).refusal_of_reader(headers) is None) is is_open


def test_a_caller_without_a_socket_may_command() -> None:
    assert DevAccess("127.0.0.1").refusal({}, "dev_mine", [], is_local=True) is None


@ALL_ENVELOPES
async def test_a_refusal_is_access_denied_and_says_what_would_be_right(profile: ProfileName, strict: bool) -> None:
    mine = Mine()
    async with running(profile, methods={"dev_mine": mine}, strict=strict) as server:
        page = await post(server, MINE, Origin=FOREIGN)
        rebound = await post(server, MINE, Host="evil.example:10332")
        assert page.status == rebound.status == 200
        assert error_of(page) == {
            "code": DENIED[profile],
            "message": "Access denied - dev methods are closed to web pages of Origin 'https://evil.example';"
            " a page on localhost may call",
        }
        assert error_of(rebound) == {
            "code": DENIED[profile],
            "message": "Access denied - dev methods answer to a local name, not to Host 'evil.example:10332';"
            " call localhost",
        }
        assert mine.times == 0


@ALL_ENVELOPES
async def test_inside_a_batch_dev_methods_are_refused_and_the_others_answered(
    profile: ProfileName, strict: bool
) -> None:
    mine = Mine()
    async with running(profile, methods={"dev_mine": mine}, strict=strict) as server:
        answers = json.loads((await post(server, [PING, MINE, PING], Origin=FOREIGN)).body)
        assert [answer.get("result") for answer in answers] == ["pong", None, "pong"]
        assert answers[1]["error"]["code"] == DENIED[profile]
        assert mine.times == 0


@ALL_ENVELOPES
async def test_a_notification_of_a_page_commands_nothing(profile: ProfileName, strict: bool) -> None:
    mine = Mine()
    async with running(profile, methods={"dev_mine": mine}, strict=strict) as server:
        await post(server, {"jsonrpc": "2.0", "method": "dev_mine", "params": []}, Origin=FOREIGN)
        assert mine.times == 0


@ALL_ENVELOPES
@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json"])
async def test_a_request_that_needs_no_preflight_is_refused_all_the_same(
    profile: ProfileName, strict: bool, content_type: str
) -> None:
    mine = Mine()
    async with running(profile, methods={"dev_mine": mine}, strict=strict) as server:
        assert "error" in json.loads((await post(server, MINE, Origin=FOREIGN, Content_Type=content_type)).body)
        assert mine.times == 0


@ALL_ENVELOPES
async def test_a_get_commands_nothing_from_wherever_it_comes(profile: ProfileName, strict: bool) -> None:
    mine = Mine()
    async with running(profile, methods={"dev_mine": mine}, strict=strict) as server:
        params = base64.b64encode(b"[]").decode()
        answer = await server.request("GET", f"/?jsonrpc=2.0&id=1&method=dev_mine&params={params}")
        assert error_of(answer) == {
            "code": DENIED[profile],
            "message": "Access denied - dev methods are called by POST",
        }
        assert mine.times == 0


@pytest.mark.parametrize("profile", DENIED)
@pytest.mark.parametrize("method", [["dev_mine"], [["dev_mine"]]])
async def test_a_method_name_in_disguise_is_refused_too(profile: ProfileName, method: Json) -> None:
    # JObject.AsString makes "dev_mine" of ["dev_mine"]; JToken.AsString of N3 makes no method's name of it.
    mine = Mine()
    async with running(profile, methods={"dev_mine": mine}) as server:
        refused = error_of(await post(server, {**MINE, "method": method}, Origin=FOREIGN))["code"]
        assert refused == (-32601 if profile == "n3" else -400)
        escaped = json.dumps(MINE).replace("dev_mine", "\\u0064ev_mine").encode()
        assert error_of(await server.request(body=escaped, Origin=FOREIGN))["code"] == DENIED[profile]
        assert mine.times == 0


@ALL_ENVELOPES
async def test_disabled_methods_and_credentials_apply_to_dev_methods(profile: ProfileName, strict: bool) -> None:
    mine = Mine()
    table = {"dev_mine": mine}
    async with running(profile, methods=table, strict=strict, disabled_methods=("dev_mine",)) as server:
        assert error_of(await post(server, MINE))["code"] == DENIED[profile]
    async with running(profile, methods=table, strict=strict, rpc_user="neo", rpc_pass="secret") as server:
        assert error_of(await post(server, MINE))["code"] == DENIED[profile]
        assert mine.times == 0
        credentials = base64.b64encode(b"neo:secret").decode()
        assert json.loads((await post(server, MINE, Authorization=f"Basic {credentials}")).body)["result"] == 1


@ALL_ENVELOPES
async def test_where_dev_is_off_its_methods_are_not_found_whoever_asks(profile: ProfileName, strict: bool) -> None:
    async with running(profile, strict=strict) as server:
        refused = error_of(await post(server, MINE, Origin=FOREIGN))
        assert refused["code"] == -32601
        assert "dev_mine: dev methods are off" in refused["message"]
        assert "--dev turns them on" in refused["message"]


@ALL_ENVELOPES
async def test_a_dev_method_that_a_commanded_node_has_not_is_plainly_unknown(
    profile: ProfileName, strict: bool
) -> None:
    async with running(profile, strict=strict, methods={"dev_info": lambda _: None}) as server:
        refused = error_of(await post(server, MINE))
        assert refused["code"] == -32601
        assert "--dev" not in refused["message"]


@ALL_ENVELOPES
async def test_a_path_is_read_for_callers_on_the_same_machine_only(
    profile: ProfileName, strict: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Json] = []
    methods: dict[str, Method] = {"dev_reset": calls.append}
    by_path: dict[str, Json] = {**MINE, "method": "dev_reset", "params": ["chain.yaml"]}
    inline: dict[str, Json] = {**by_path, "params": [{}]}
    async with running(profile, strict=strict, methods=methods) as server:
        assert "error" not in json.loads((await post(server, by_path)).body)
        # What connects from another machine has other addresses at its two ends.
        monkeypatch.setattr(connection, "same_machine", lambda *_: same_machine(("192.0.2.7", 1), ("192.0.2.8", 2)))
        refused = error_of(await post(server, by_path))
        assert refused["code"] == DENIED[profile]
        assert "on the node's own machine" in refused["message"]
        assert "error" not in json.loads((await post(server, inline)).body)
    assert calls == [["chain.yaml"], [{}]]


@pytest.mark.parametrize(
    ("client", "own", "is_same"),
    [
        (("127.0.0.1", 1), ("127.0.0.1", 2), True),
        (("127.0.0.5", 1), ("127.0.0.1", 2), True),
        (("::1", 1, 0, 0), ("::1", 2, 0, 0), True),
        (("192.0.2.8", 1), ("192.0.2.8", 2), True),
        (("192.0.2.7", 1), ("192.0.2.8", 2), False),
        (("2001:db8::7", 1, 0, 0), ("2001:db8::8", 2, 0, 0), False),
        (None, ("127.0.0.1", 2), False),
        (("127.0.0.1", 1), None, False),
    ],
)
def test_a_client_is_on_the_same_machine_by_loopback_or_one_address(
    client: tuple[Any, ...] | None, own: tuple[Any, ...] | None, is_same: bool
) -> None:
    assert same_machine(client, own) is is_same


async def test_rpc_discover_is_open_to_any_page() -> None:
    async with running(methods={"rpc.discover": lambda _: {}}) as server:
        answer = await post(server, {**MINE, "method": "rpc.discover"}, Origin=FOREIGN, Host="evil.example")
        assert json.loads(answer.body)["result"] == {}


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("a.localhost", True), ("0.0.0.0", False), ("", False)],
)
def test_loopback_is_what_every_resolver_takes_for_this_machine(host: str, is_local: bool) -> None:
    assert is_loopback(host) is is_local

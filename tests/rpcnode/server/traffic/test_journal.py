"""The journal: what is written down of each call, and how much of it is kept."""

import json
import time
from typing import Any, Final

import pytest
from aiohttp import web

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.server.http.wire_reply import WireReply, header_block
from rpcnode.server.traffic.call_pattern import CallPattern
from rpcnode.server.traffic.faults import Drop, ErrorAnswer, HttpStatus, Truncate
from rpcnode.server.traffic.journal import MOST_BYTES, MOST_ENTRIES, Client, Entry, Journal, Note, Source, weight_of
from rpcnode.server.traffic.traffic import Traffic
from tests.rpcnode.server.http.raw_http import PING, Running, close, read_answer, request_bytes, running

CHAIN_TIME: Final = 1_592_019_750_001

ALL_ENVELOPES = pytest.mark.parametrize(
    ("profile", "strict"),
    [("n3", False), ("n3-preview", False), ("n2", False), ("n3", True)],
    ids=["n3", "n3-preview", "n2", "strict"],
)


def new_traffic() -> Traffic:
    """Without a chain; its clock stands still."""
    return Traffic(lambda: CHAIN_TIME)


async def entries(server: Running, traffic: Traffic, document: Json) -> list[Entry]:
    """What is written down of a POST of that document."""
    before = traffic.journal.last_sequence
    await server.request(body=json.dumps(document).encode())
    return traffic.journal.since(before)


def answer_of(entry: Entry) -> Any:
    """The response object in an entry."""
    assert entry.answer is not None
    return json.loads(entry.answer)


@ALL_ENVELOPES
async def test_a_call_is_written_down_with_its_answer_and_the_chain_s_time(profile: ProfileName, strict: bool) -> None:
    traffic = new_traffic()
    async with running(profile, traffic=traffic, strict=strict) as server:
        call: Json = {"jsonrpc": "2.0", "id": 7, "method": "echo", "params": ["a", {"b": None}]}
        [entry] = await entries(server, traffic, call)
        assert (entry.sequence, entry.time_ms, entry.status) == (1, CHAIN_TIME, 200)
        assert (entry.method, entry.params) == ("echo", ["a", {"b": None}])
        assert answer_of(entry) == {"jsonrpc": "2.0", "id": 7, "result": ["a", {"b": None}]}
        assert 0 < entry.seconds < 1
        assert entry.fault_ids == ()


@ALL_ENVELOPES
async def test_each_element_of_a_batch_is_written_down_notifications_and_nonsense_too(
    profile: ProfileName, strict: bool
) -> None:
    traffic = new_traffic()
    async with running(profile, traffic=traffic, strict=strict) as server:
        seen = await entries(
            server,
            traffic,
            [
                {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []},
                {"jsonrpc": "2.0", "method": "echo", "params": [1]},
                {"jsonrpc": "2.0", "id": 2, "params": []},
                {"jsonrpc": "2.0", "id": 3, "method": "nope", "params": [2]},
            ],
        )
        assert [(entry.method, entry.params) for entry in seen] == [
            ("ping", []),
            ("echo", [1]),
            (None, []),
            ("nope", [2]),
        ]
        assert answer_of(seen[0])["result"] == "pong"
        assert not seen[1].answer
        assert answer_of(seen[2])["error"]["code"] == -32600
        assert answer_of(seen[3])["error"]["code"] == -32601


@pytest.mark.parametrize(
    ("profile", "body", "status", "code"),
    [
        ("n3", b"{", 200, -32700),
        ("n3", b"null", 200, -32700),
        ("n3-preview", b"[]", 200, -32600),
        ("n3", b"[]", 500, None),
        ("n3", b"5", 500, None),
        ("n2", b"[null]", 500, None),
        ("n2", b'{"a":1,"a":1}', 500, None),
    ],
)
async def test_a_request_that_cannot_be_read_is_written_down_as_it_was_answered(
    profile: ProfileName, body: bytes, status: int, code: int | None
) -> None:
    traffic = new_traffic()
    async with running(profile, traffic=traffic) as server:
        await server.request(body=body)
        [entry] = traffic.journal.since()
        assert (entry.method, entry.params, entry.status) == (None, None, status)
        assert (answer_of(entry)["error"]["code"] if entry.answer else None) == code


@pytest.mark.parametrize("strict", [False, True])
async def test_a_call_by_get_is_written_down(strict: bool) -> None:
    traffic = new_traffic()
    async with running(traffic=traffic, strict=strict) as server:
        await server.request("GET", '/?jsonrpc=2.0&id=1&method=echo&params=["x"]')
        [entry] = traffic.journal.since()
        assert (entry.method, entry.params) == ("echo", ["x"])
        assert answer_of(entry)["result"] == ["x"]


@pytest.mark.parametrize(("profile", "name"), [("n3", '["ping"]'), ("n3-preview", "ping"), ("n2", "ping")])
async def test_a_method_in_a_list_is_written_down_as_it_was_called(profile: ProfileName, name: str) -> None:
    traffic = new_traffic()
    async with running(profile, traffic=traffic) as server:
        call: Json = {"id": 1, "method": ["ping"], "params": []}
        assert [entry.method for entry in await entries(server, traffic, [call, call])] == [name, name]
        assert [entry.method for entry in await entries(server, traffic, call)] == [name]


@ALL_ENVELOPES
async def test_dev_methods_are_not_written_down(profile: ProfileName, strict: bool) -> None:
    traffic = new_traffic()
    methods = {"dev_mine": lambda _: 1}
    async with running(profile, traffic=traffic, strict=strict, methods=methods) as server:
        mine: Json = {"jsonrpc": "2.0", "id": 1, "method": "dev_mine", "params": []}
        ping: Json = {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}
        assert await entries(server, traffic, mine) == []
        assert [entry.method for entry in await entries(server, traffic, [mine, ping, mine])] == ["ping"]


async def test_a_refused_call_is_written_down() -> None:
    traffic = new_traffic()
    async with running(traffic=traffic, rpc_user="neo", rpc_pass="secret") as server:
        await server.request(body=PING)
        [entry] = traffic.journal.since()
        assert (entry.method, entry.status, answer_of(entry)["error"]["code"]) == ("ping", 401, -600)


@ALL_ENVELOPES
async def test_faults_are_written_down_with_what_the_client_lost(profile: ProfileName, strict: bool) -> None:
    traffic = new_traffic()
    ids = [
        traffic.faults.set(CallPattern(method="ping"), effect, times=1)
        for effect in (ErrorAnswer({"code": 1, "message": "x"}), HttpStatus(503), Truncate(0))
    ]
    async with running(profile, traffic=traffic, strict=strict) as server:
        for _ in range(2):
            await server.request(body=PING)
        with pytest.raises(EOFError):
            await server.request(body=PING)
        error, status, cut = traffic.journal.since()
        assert [entry.fault_ids for entry in (error, status, cut)] == [(fault_id,) for fault_id in ids]
        assert answer_of(error)["error"] == {"code": 1, "message": "x"}
        assert (status.status, status.answer) == (503, "")
        assert answer_of(cut)["result"] == "pong"


@ALL_ENVELOPES
async def test_clients_are_written_down_by_address_and_user_agent(profile: ProfileName, strict: bool) -> None:
    traffic = new_traffic()
    query = "/?jsonrpc=2.0&id=1&method=ping&params=[]"
    async with running(profile, traffic=traffic, strict=strict) as server:
        addresses = []
        for agent, requests in (
            ("one/1", [request_bytes(User_Agent="one/1")] * 3),  # from the second on by the short way
            ("two/2", [request_bytes(User_Agent="two/2"), request_bytes("GET", query, b"", User_Agent="two/2")]),
            ("one/1", [request_bytes(body=b"[%b,%b]" % (PING, PING), User_Agent="one/1")]),
            ("", [request_bytes(), request_bytes(body=b"{")]),
            ("x" * 100, [request_bytes(User_Agent="x" * 3_000)]),
        ):
            reader, writer = await server.connect()
            port = writer.get_extra_info("sockname")[1]
            for request in requests:
                writer.write(request)
                await read_answer(reader)
                addresses += [(f"127.0.0.1:{port}", agent)] * (2 if b"[{" in request else 1)
            await close(writer)
        assert [entry.client for entry in traffic.journal.since()] == addresses


@pytest.mark.parametrize(
    ("peer", "address"),
    [(("192.0.2.7", 80), "192.0.2.7:80"), (("2001:db8::1", 80, 0, 0), "[2001:db8::1]:80"), (None, "")],
)
def test_the_address_of_a_client_is_written_as_in_a_url(peer: tuple[Any, ...] | None, address: str) -> None:
    assert Client.of(peer) == (address, "")


async def test_what_strikes_the_exchange_is_named_with_each_of_its_calls() -> None:
    traffic = new_traffic()
    drop = traffic.faults.set(CallPattern(method="echo"), Drop())
    async with running(traffic=traffic) as server:
        with pytest.raises(ConnectionResetError):
            await server.request(body=b"[%b,%b]" % (PING, PING.replace(b"ping", b"echo")))
        assert [entry.fault_ids for entry in traffic.journal.since()] == [(drop,), (drop,)]


async def test_a_rest_request_is_written_down_and_struck_by_path() -> None:
    traffic = new_traffic()
    executed = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        executed.append(request.raw_path)
        return WireReply(200, header_block([("Content-Type", "application/json")]), b'{"data":[]}')

    def rest(request: web.BaseRequest) -> Any:
        return answer(request) if request.raw_path.startswith("/v1") else None

    async with running(traffic=traffic, rest=rest) as server:
        assert (await server.request("GET", "/v1/tokens?page=1", User_Agent="app/1")).body == b'{"data":[]}'
        fault_id = traffic.faults.set(CallPattern(path="/v1/*"), HttpStatus(429), times=1)
        assert (await server.request("GET", "/v1/tokens?page=2")).status == 429
        traffic.faults.set(CallPattern(path="*?page=3"), Truncate(4), times=1)
        with pytest.raises(EOFError):
            await server.request("GET", "/v1/tokens?page=3")
        traffic.faults.set(CallPattern(path="/v1/tokens"), Drop(), times=1)
        with pytest.raises(ConnectionResetError):
            await server.request("GET", "/v1/tokens")
        assert executed == ["/v1/tokens?page=1", "/v1/tokens?page=3", "/v1/tokens"]
        first, second, *_ = traffic.journal.since()
        assert (first.verb, first.target, first.status) == ("GET", "/v1/tokens?page=1", 200)
        assert [entry.client is not None and entry.client.agent for entry in (first, second)] == ["app/1", ""]
        assert (first.answer, first.method) == (b'{"data":[]}', None)
        assert (second.target, second.status, second.fault_ids) == ("/v1/tokens?page=2", 429, (fault_id,))
        assert len(traffic.journal) == 4
        assert await server.answers()


async def test_a_rest_answer_of_aiohttp_s_own_can_be_truncated() -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(path="/v1"), Truncate(4))

    async def answer() -> web.StreamResponse:
        return web.json_response({"data": []}, headers={"X-Page": "1"})

    def rest(_: web.BaseRequest) -> Any:
        return answer()

    async with running(traffic=traffic, rest=rest) as server:
        reader, writer = await server.connect()
        writer.write(b"GET /v1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        # {"data": []} has 12 bytes.
        assert b"\r\nContent-Length: 12" in head
        assert head.lower().count(b"content-length") == 1
        assert b"X-Page: 1" in head
        assert body == b'{"da'


async def test_a_failing_rest_handler_is_written_down_as_500(caplog: pytest.LogCaptureFixture) -> None:
    traffic = new_traffic()

    async def fail() -> web.StreamResponse:
        raise ZeroDivisionError

    def rest(_: web.BaseRequest) -> Any:
        return fail()

    async with running(traffic=traffic, rest=rest) as server:
        assert (await server.request("GET", "/v1")).status == 500
        assert [entry.status for entry in traffic.journal.since()] == [500]
    assert "ZeroDivisionError" in caplog.text


def add(journal: Journal, params: Json, answer: str = "{}") -> None:
    """Notes a call of `m`."""
    source = json.dumps({"method": "m", "params": params})
    journal.add(source, json.loads, answer, time.perf_counter(), len(source) + len(answer))


def test_only_the_newest_entries_are_kept_and_numbers_go_on() -> None:
    journal = Journal(lambda: 0, most_entries=3)
    for number in range(5):
        add(journal, [number])
    assert [(entry.sequence, entry.params) for entry in journal.since()] == [(3, [2]), (4, [3]), (5, [4])]
    assert [entry.sequence for entry in journal.since(4)] == [5]
    assert journal.since(5) == journal.since(99) == []
    assert (len(journal), journal.last_sequence) == (3, 5)
    assert [journal.forgotten_since(number) for number in (0, 1, 2, 3)] == [2, 1, 0, 0]


def test_the_bytes_of_all_entries_are_bounded_and_half_of_them_are_used() -> None:
    journal = Journal(lambda: 0)
    sizes = []
    for _ in range(MOST_ENTRIES):
        add(journal, [], "y" * 10_000)
        sizes.append(journal.size)
    assert max(sizes) <= MOST_BYTES
    assert min(sizes[MOST_ENTRIES // 2 :]) >= MOST_BYTES / 2 - 11_000


def test_entries_of_all_sizes_stay_within_both_bounds() -> None:
    journal = Journal(lambda: 0, most_entries=7, most_bytes=10_000)
    for number in range(500):
        add(journal, [], "y" * (number * 37 % 1_000))
        assert journal.size <= 10_000
        assert 1 <= len(journal) <= 7
        assert journal.since()[-1].sequence == journal.last_sequence == number + 1


def test_a_huge_request_is_not_kept_and_a_huge_answer_neither() -> None:
    journal = Journal(lambda: 0)
    add(journal, ["before"])
    add(journal, ["x" * 5_000_000])
    add(journal, ["x"], "y" * 5_000_000)
    shown = [(entry.whole, entry.method, entry.params, bool(entry.answer)) for entry in journal.since()]
    assert shown == [(True, "m", ["before"], True), (False, None, None, True), (False, "m", ["x"], False)]
    assert journal.size < 2_000


def test_of_a_huge_rest_request_the_beginning_is_kept() -> None:
    journal = Journal(lambda: 0)
    journal.add("/" + "p" * 5_000_000, None, b"{}", time.perf_counter(), 5_000_003, note=Note(200, (), "GET"))
    [entry] = journal.since()
    assert entry.target == f"/{'p' * 1_999}…"
    assert (entry.verb, entry.answer, entry.whole) == ("GET", b"{}", False)


async def test_hostile_requests_stay_within_the_bounds() -> None:
    traffic = new_traffic()
    async with running(traffic=traffic, max_batch_size=0) as server:
        element = b'{"id":1,"method":"echo","params":[[],[],[],[],[],[],[],[]]}'
        await server.request(body=b"[" + b",".join([element] * 5_000) + b"]")
        await server.request(body=b'{"id":1,"method":"%b","params":[]}' % (b"m" * 1_000_000))
        await server.request(body=b'{"id":1,"method":[["x"],7],"params":[%b]}' % b",".join([b"[]"] * 200_000))
        assert traffic.journal.size <= MOST_BYTES
        assert len(traffic.journal) <= MOST_ENTRIES
        assert traffic.journal.last_sequence == 5_002
        assert await server.answers()


def test_a_text_counts_for_more_the_more_values_it_holds() -> None:
    text, lists = b'["' + b"x" * 99_998 + b'"]', b"[" + b"[]," * 33_333 + b"1]"
    assert weight_of(text) == 100_002 + 16
    assert weight_of(lists) == weight_of(lists.decode()) == len(lists) + 16 * (33_334 + 33_333)


@pytest.mark.parametrize("strict", [False, True])
async def test_of_a_text_of_many_values_less_is_kept(strict: bool) -> None:
    traffic = new_traffic()
    async with running(traffic=traffic, strict=strict) as server:
        params: Json = [[]] * 40_000  # 160,000 bytes
        [entry] = await entries(server, traffic, {"jsonrpc": "2.0", "id": 1, "method": "nope", "params": params})
    assert not entry.whole


@pytest.mark.parametrize("strict", [False, True])
async def test_what_a_batch_says_in_dev_calls_is_counted_where_its_other_calls_are(strict: bool) -> None:
    traffic = new_traffic()
    methods = {"dev_look": lambda _: 1}
    look: Json = {"jsonrpc": "2.0", "id": 1, "method": "dev_look", "params": ["x" * 1000]}
    ping: Json = {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}
    async with running(traffic=traffic, strict=strict, methods=methods) as server:
        await entries(server, traffic, [*[look] * 99, ping])
    assert traffic.journal.size > 99_000


def test_a_text_is_read_once_though_other_calls_stand_between_those_in_it() -> None:
    journal = Journal(lambda: CHAIN_TIME)
    read: list[Source] = []

    def reader(source: Source) -> Json:
        read.append(source)
        return [{"method": "a", "params": []}] * 3

    for position in range(3):
        for source in ("first", "second"):
            journal.add(source, reader, "{}", time.perf_counter(), 10, position)
    assert [entry.method for entry in journal.since()] == ["a"] * 6
    assert read == ["first", "second"]

"""Faults over a real socket: each effect, in each envelope, on one call, on a batch and on a GET."""

import asyncio
import base64
import json
import time
from typing import Any, Final

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.reply import Method
from rpcnode.server.traffic.call_pattern import CallPattern
from rpcnode.server.traffic.faults import (
    Drop,
    Effect,
    ErrorAnswer,
    Fault,
    Faults,
    HttpStatus,
    Latency,
    Truncate,
    fixed,
    log_normal,
    uniform,
)
from rpcnode.server.traffic.traffic import Traffic
from tests.rpcnode.server.http.raw_http import PING, PONG, Answer, Running, close, read_answer, request_bytes, running

ENVELOPES: Final = [("n3", False), ("n3-preview", False), ("n2", False), ("n3", True)]
IDS: Final = ["n3", "n3-preview", "n2", "strict"]
ALL_ENVELOPES = pytest.mark.parametrize(("profile", "strict"), ENVELOPES, ids=IDS)

BUSY: Final = ErrorAnswer({"code": -32000, "message": "busy", "data": {"retry": True}})
LATE: Final = Latency(fixed(80))


def new_traffic() -> Traffic:
    """Without a chain; its clock stands at 7 ms."""
    return Traffic(lambda: 7, "seed")


def call(method: str, *params: Json, request_id: Json = 1) -> dict[str, Json]:
    """A request."""
    return {"jsonrpc": "2.0", "id": request_id, "method": method, "params": list(params)}


async def post(server: Running, document: Json) -> Answer:
    """The answer to a POST of that document."""
    return await server.request(body=json.dumps(document).encode())


async def post_json(server: Running, document: Json) -> Any:
    """The JSON answered to that document."""
    return json.loads((await post(server, document)).body)


@ALL_ENVELOPES
async def test_an_error_takes_the_place_of_the_result_and_nothing_is_executed(
    profile: ProfileName, strict: bool
) -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="echo"), BUSY)
    async with running(profile, traffic=traffic, strict=strict) as server:
        assert await post_json(server, call("echo", 1)) == {"jsonrpc": "2.0", "id": 1, "error": BUSY.error}
        assert server.calls == []
        assert (await post_json(server, call("ping")))["result"] == "pong"


@ALL_ENVELOPES
async def test_an_error_strikes_one_element_of_a_batch_alone(profile: ProfileName, strict: bool) -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="echo", params=(2,)), BUSY)
    async with running(profile, traffic=traffic, strict=strict) as server:
        answers = await post_json(server, [call("echo", n, request_id=n) for n in (1, 2, 3)])
        assert [answer.get("result") for answer in answers] == [[1], None, [3]]
        assert answers[1] == {"jsonrpc": "2.0", "id": 2, "error": BUSY.error}
        assert server.calls == [[1], [3]]


@ALL_ENVELOPES
@pytest.mark.parametrize("status", [200, 404, 429, 500, 503, 599])
async def test_a_status_takes_the_place_of_the_whole_batch_and_nothing_of_it_is_executed(
    profile: ProfileName, strict: bool, status: int
) -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="echo", params=(2,)), HttpStatus(status))
    async with running(profile, traffic=traffic, strict=strict) as server:
        answer = await post(server, [call("echo", 1), call("echo", 2)])
        assert (answer.status, answer.body) == (status, b"")
        assert server.calls == []


@ALL_ENVELOPES
async def test_a_dropped_call_is_executed_and_its_connection_reset(profile: ProfileName, strict: bool) -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="echo"), Drop(), times=1)
    async with running(profile, traffic=traffic, strict=strict) as server:
        # RST, not FIN: the client's read fails instead of ending.
        with pytest.raises(ConnectionResetError):
            await post(server, [call("ping"), call("echo", 5)])
        assert server.calls == [[5]]
        assert (await post_json(server, call("ping")))["result"] == "pong"


@ALL_ENVELOPES
@pytest.mark.parametrize(("sent", "arrives"), [(None, 20), (0, 0), (7, 7), (39, 39), (1_000, 39)])
async def test_a_truncated_answer_announces_all_sends_a_part_and_ends(
    profile: ProfileName, strict: bool, sent: int | None, arrives: int
) -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="ping"), Truncate(sent), times=1)
    async with running(profile, traffic=traffic, strict=strict) as server:
        reader, writer = await server.connect()
        writer.write(request_bytes())
        head, _, part = (await asyncio.wait_for(reader.read(), 5)).partition(b"\r\n\r\n")
        await close(writer)
        # PONG has 40 bytes in each envelope; strict writes the id last.
        assert len(PONG) == 40
        assert b"Content-Length: 40" in head
        assert b"HTTP/1.1 200 OK" in head
        assert len(part) == arrives
        assert (await post_json(server, call("ping")))["result"] == "pong"


async def test_a_truncated_answer_may_be_compressed_too() -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="echo"), Truncate(10))
    async with running(traffic=traffic) as server:
        reader, writer = await server.connect()
        writer.write(request_bytes(body=json.dumps(call("echo", "x" * 1_000)).encode(), Accept_Encoding="gzip"))
        head, _, part = (await asyncio.wait_for(reader.read(), 5)).partition(b"\r\n\r\n")
        await close(writer)
        assert b"Content-Encoding: gzip" in head
        assert len(part) == 10


@ALL_ENVELOPES
async def test_a_late_answer_is_whole_and_keeps_nobody_else_waiting(profile: ProfileName, strict: bool) -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="echo"), Latency(fixed(400)))
    async with running(profile, traffic=traffic, strict=strict) as server:
        started = time.monotonic()
        late = asyncio.create_task(post_json(server, call("echo", 5)))
        assert (await post_json(server, call("ping")))["result"] == "pong"
        assert not late.done()
        assert (await late)["result"] == [5]
        assert time.monotonic() - started >= 0.4


async def test_the_latencies_of_a_batch_add_up() -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="ping"), LATE)
    async with running(traffic=traffic) as server:
        started = time.monotonic()
        assert len(await post_json(server, [call("ping"), call("echo"), call("ping")])) == 2 + 1
        assert time.monotonic() - started >= 0.16


async def test_a_call_can_be_late_and_fail() -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="ping"), LATE)
    traffic.faults.set(CallPattern(method="ping"), HttpStatus(504))
    async with running(traffic=traffic) as server:
        started = time.monotonic()
        assert (await server.request(body=PING)).status == 504
        assert time.monotonic() - started >= 0.08


@pytest.mark.parametrize("effect", [HttpStatus(503), LATE, BUSY])
async def test_the_connection_goes_on_after_a_fault_that_leaves_it(effect: Effect) -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="ping"), effect, times=1)
    async with running(traffic=traffic) as server:
        reader, writer = await server.connect()
        writer.write(request_bytes() + request_bytes())
        await read_answer(reader)
        assert (await read_answer(reader)).body == PONG
        await close(writer)


@pytest.mark.parametrize("strict", [False, True])
async def test_a_call_by_get_is_struck_as_one_by_post(strict: bool) -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="echo", params=("a",)), BUSY)
    traffic.faults.set(CallPattern(method="echo", params=("b",)), HttpStatus(502))
    async with running(traffic=traffic, strict=strict) as server:
        targets = [
            f"/?jsonrpc=2.0&id=1&method=echo&params={base64.b64encode(text).decode()}" for text in (b'["a"]', b'["b"]')
        ]
        assert json.loads((await server.request("GET", targets[0])).body)["error"] == BUSY.error
        assert (await server.request("GET", targets[1])).status == 502
        assert server.calls == []


@pytest.mark.parametrize("strict", [False, True])
async def test_no_fault_strikes_dev_methods_and_rpc_discover(strict: bool) -> None:
    traffic = new_traffic()
    for effect in (BUSY, Drop(), HttpStatus(500)):
        traffic.faults.set(CallPattern(method="*"), effect)
    methods: dict[str, Method] = {"dev_clearFaults": lambda _: traffic.faults.clear(), "rpc.discover": lambda _: {}}
    async with running(traffic=traffic, methods=methods, strict=strict) as server:
        assert (await post_json(server, call("rpc.discover")))["result"] == {}
        assert (await post_json(server, call("dev_clearFaults")))["result"] == 3
        assert (await post_json(server, call("ping")))["result"] == "pong"


async def test_calls_that_access_rules_refuse_are_not_struck() -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="*"), HttpStatus(503))
    async with running(traffic=traffic, disabled_methods=("echo",)) as server:
        assert (await post_json(server, call("echo")))["error"]["code"] == -600


async def test_a_method_that_nobody_serves_can_be_struck() -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="getnothing"), BUSY)
    async with running(traffic=traffic) as server:
        assert (await post_json(server, call("getnothing")))["error"] == BUSY.error


@pytest.mark.parametrize(
    "body", [b"{", b"5", b"null", b"[]", b"[null]", b'[5,{"id":1}]', b'{"id":1,"method":{},"params":5}'], ids=repr
)
@ALL_ENVELOPES
async def test_a_request_that_cannot_be_read_is_answered_as_without_faults(
    profile: ProfileName, strict: bool, body: bytes
) -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="*"), Drop())
    async with running(profile, strict=strict) as plain, running(profile, traffic=traffic, strict=strict) as server:
        expected, answer = await plain.request(body=body), await server.request(body=body)
        assert (answer.status, answer.body) == (expected.status, expected.body)


@pytest.mark.slow
async def test_stopping_does_not_wait_for_late_answers() -> None:
    traffic = new_traffic()
    traffic.faults.set(CallPattern(method="ping"), Latency(fixed(3_600_000)))
    async with running(traffic=traffic) as server:
        _, writer = await server.connect()
        writer.write(request_bytes())
        await asyncio.sleep(0.05)
        await asyncio.wait_for(server.server.stop(), 30)
        await close(writer)


def struck(faults: Faults, calls: int, method: str = "m") -> list[int]:
    """Which of so many calls are struck, counted from 1."""
    return [number for number in range(1, calls + 1) if faults.on_call(method, []) is not None]


@pytest.mark.parametrize(
    ("nth", "times", "expected"),
    [(1, None, [1, 2, 3, 4, 5]), (1, 2, [1, 2]), (3, 1, [3]), (3, 2, [3, 4]), (3, None, [3, 4, 5]), (6, 1, [])],
)
def test_a_fault_strikes_from_the_nth_call_on_so_often(nth: int, times: int | None, expected: list[int]) -> None:
    faults = Faults("seed")
    faults.set(CallPattern(method="m"), BUSY, nth=nth, times=times)
    faults.on_call("another", [])
    assert struck(faults, 5) == expected


def test_a_fault_that_has_struck_its_last_is_gone() -> None:
    traffic = new_traffic()
    assert not traffic.armed
    traffic.faults.set(CallPattern(method="m"), BUSY, times=1)
    assert traffic.armed
    assert struck(traffic.faults, 3) == [1]
    assert not traffic.armed
    assert traffic.faults.listed() == []


def test_of_two_effects_on_one_answer_the_second_waits_for_another_call() -> None:
    faults = Faults("seed")
    first = faults.set(CallPattern(method="m"), BUSY, times=1)
    second = faults.set(CallPattern(method="*"), Drop(), times=1)
    strikes = [faults.on_call("m", []) for _ in range(3)]
    assert [strike and strike.fault_ids for strike in strikes] == [(first,), (second,), None]


def test_clearing_one_leaves_the_others() -> None:
    faults = Faults("seed")
    first, second = (faults.set(CallPattern(method="m"), BUSY) for _ in range(2))
    assert faults.clear(first) == 1
    assert faults.clear(first) == 0
    assert [fault.id for fault in faults.listed()] == [second]
    assert faults.clear() == 1
    assert faults.listed() == []


def test_the_same_seed_strikes_the_same_calls_and_another_others() -> None:
    def of_seed(seed: str, own: str | None = None) -> list[int]:
        faults = Faults(seed)
        faults.set(CallPattern(method="m"), BUSY, probability=0.3, seed=own)
        return struck(faults, 1_000)

    assert of_seed("a") == of_seed("a") != of_seed("b")
    assert of_seed("a", "own") == of_seed("b", "own") != of_seed("a")
    # 1000 draws of 0.3: 300 expected, standard deviation 14.5; five of them to either side.
    assert 227 < len(of_seed("a")) < 373


def test_a_fault_set_again_strikes_the_same_calls_again() -> None:
    faults = Faults("a")
    runs = []
    for _ in range(2):
        fault_id = faults.set(CallPattern(method="m"), BUSY, probability=0.5, spec={"method": "m"})
        runs.append(struck(faults, 100))
        faults.clear(fault_id)
    assert runs[0] == runs[1]


@pytest.mark.parametrize(("probability", "expected"), [(0.0, []), (1.0, [1, 2, 3])])
def test_probability_0_is_never_and_1_is_always(probability: float, expected: list[int]) -> None:
    faults = Faults("a")
    faults.set(CallPattern(method="m"), BUSY, probability=probability)
    assert struck(faults, 3) == expected


def latencies(latency: Latency, count: int = 2_000) -> list[float]:
    """So many drawn latencies in ms, in order of size."""
    faults = Faults("a")
    faults.set(CallPattern(method="m"), latency)
    return sorted(strike.latency_seconds * 1000 for _ in range(count) if (strike := faults.on_call("m", [])))


def test_a_uniform_latency_lies_between_its_ends() -> None:
    drawn = latencies(Latency(uniform(10, 30)))
    assert 10 <= drawn[0] < 10.5  # of 2000 values over 20 ms, the least above 0.5 ms has odds of e^-50
    assert 29.5 < drawn[-1] <= 30


def test_a_log_normal_latency_has_its_median_and_its_tail() -> None:
    drawn = latencies(Latency(log_normal(100, 0.5)))
    assert 93 < drawn[1_000] < 107  # the median of 2000 has a standard error of 1.25 * 0.5 / sqrt(2000), 1.4 %
    assert 240 < drawn[1_954] < 330  # quantile 0.977 is e^(2 * 0.5) = 2.72 medians


def test_no_latency_is_longer_than_ten_minutes() -> None:
    assert latencies(Latency(log_normal(600_000, 10)), 100)[-1] <= 600_000


def test_a_fault_counts_what_it_has_seen_and_struck() -> None:
    faults = Faults("a")
    faults.set(CallPattern(method="m"), BUSY, nth=3, times=None)
    struck(faults, 5)
    fault: Fault = faults.listed()[0]
    assert (fault.seen, fault.struck) == (5, 3)

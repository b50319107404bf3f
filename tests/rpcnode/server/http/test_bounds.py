"""The bounds on one request: how long a batch may be, how long an answer, and that others are answered meanwhile."""

import asyncio
import json
import socket
import time
from typing import Any

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Constant, Json
from rpcnode.server.jsonrpc.access import Authorization
from rpcnode.server.jsonrpc.reply import TURN, Reply
from rpcnode.server.traffic.call_pattern import CallPattern
from rpcnode.server.traffic.faults import ErrorAnswer
from rpcnode.server.traffic.journal import MOST_BYTES
from rpcnode.server.traffic.traffic import Traffic
from tests.rpcnode.server.http.raw_http import Running, request_bytes, running

ENVELOPES = pytest.mark.parametrize(
    ("profile", "strict"),
    [("n3", False), ("n3-preview", False), ("n2", False), ("n3", True)],
    ids=["n3", "n3-preview", "n2", "strict"],
)
LONG = "x" * 1000
BATCH = "RpcServer.MaxBatchSize"
ANSWER = "RpcServer.MaxResponseBodySize"


def requests(*methods: str) -> bytes:
    """A batch of calls, ids from 0 on."""
    return json.dumps(
        [{"jsonrpc": "2.0", "id": n, "method": method, "params": []} for n, method in enumerate(methods)]
    ).encode()


async def answer_to(node: Running, body: bytes) -> Any:
    return json.loads((await node.request(body=body)).body)


@ENVELOPES
async def test_a_batch_over_the_bound_is_one_error_and_nothing_of_it_is_run(profile: ProfileName, strict: bool) -> None:
    async with running(profile, strict=strict, max_batch_size=2) as node:
        answer = await answer_to(node, requests("echo", "echo", "echo"))
        assert (answer["id"], answer["error"]["code"]) == (None, -32600)
        assert BATCH in answer["error"]["message"]
        assert node.calls == []
        assert [one["id"] for one in await answer_to(node, requests("echo", "echo"))] == [0, 1]


@ENVELOPES
async def test_notifications_and_what_is_no_request_count_in_a_batch_too(profile: ProfileName, strict: bool) -> None:
    async with running(profile, strict=strict, max_batch_size=2) as node:
        answer = await answer_to(node, b'[1, {"jsonrpc":"2.0","method":"echo","params":[]}, null]')
        assert answer["error"]["code"] == -32600
        assert node.calls == []


async def test_a_bound_of_0_is_none() -> None:
    async with running(max_batch_size=0, max_response_body_size=0, methods={"long": lambda _: LONG}) as node:
        assert len(await answer_to(node, requests(*["long"] * 1500))) == 1500


async def test_a_batch_that_is_refused_is_in_the_journal() -> None:
    traffic = Traffic(lambda: 0)
    async with running(max_batch_size=1, traffic=traffic) as node:
        await node.request(body=requests("echo", "echo"))
    [entry] = traffic.journal.since()
    assert (entry.method, BATCH in str(entry.answer)) == (None, True)


@ENVELOPES
async def test_an_answer_over_the_bound_is_an_error(profile: ProfileName, strict: bool) -> None:
    methods = {"long": lambda _: LONG}
    # The text itself, and its quotes.
    for bound, fits in ((1002, True), (1001, False)):
        async with running(profile, strict=strict, methods=methods, max_response_body_size=bound) as node:
            answer = await answer_to(node, b'{"jsonrpc":"2.0","id":"a","method":"long","params":[]}')
            assert answer["id"] == "a"
            if fits:
                assert answer["result"] == LONG
            else:
                assert answer["error"]["code"] == -32603
                assert ANSWER in answer["error"]["message"]


@ENVELOPES
async def test_in_a_batch_what_passes_the_bound_and_all_behind_it_fail_and_are_not_run(
    profile: ProfileName, strict: bool
) -> None:
    async with running(profile, strict=strict, methods={"long": lambda _: LONG}, max_response_body_size=1500) as node:
        answers = await answer_to(node, requests("echo", "long", "long", "echo", "ping"))
    assert [one["id"] for one in answers] == [0, 1, 2, 3, 4]
    assert ["result" in one for one in answers] == [True, True, False, False, False]
    assert {one["error"]["code"] for one in answers[2:]} == {-32603}
    assert all(ANSWER in one["error"]["message"] for one in answers[2:])
    assert len(node.calls) == 1


@pytest.mark.parametrize("strict", [False, True])
async def test_the_dump_of_a_chain_may_be_of_any_length(strict: bool) -> None:
    methods = {"dev_dumpState": lambda _: LONG}
    async with running(strict=strict, methods=methods, max_response_body_size=100) as node:
        answer = await answer_to(node, b'{"jsonrpc":"2.0","id":1,"method":"dev_dumpState","params":[]}')
    assert answer["result"] == LONG


@ENVELOPES
async def test_others_are_answered_between_the_elements_of_a_batch(profile: ProfileName, strict: bool) -> None:
    order: list[str] = []
    begun = asyncio.Event()

    def work(_: list[Json]) -> Json:
        begun.set()
        order.append("work")
        time.sleep(0.01)
        return None

    def look(_: list[Json]) -> Json:
        order.append("look")
        return None

    async with running(profile, strict=strict, methods={"work": work, "look": look}) as node:
        batch = asyncio.create_task(node.request(body=requests(*["work"] * 100)))
        await begun.wait()
        await node.request(body=b'{"jsonrpc":"2.0","id":1,"method":"look","params":[]}')
        assert (await batch).status == 200
    assert 1 <= order.index("look") < 99


async def test_a_constant_document_is_encoded_once() -> None:
    constant = Constant({"long": LONG, "amount": 0.5})
    async with running(methods={"document": lambda _: constant}) as node:
        answers = await answer_to(node, requests("document", "document"))
        text = constant.text
        await node.request(body=requests("document"))
    assert [one["result"] for one in answers] == [constant.value] * 2
    assert text is not None
    assert constant.text is text


async def test_a_constant_document_is_a_result_under_the_strict_envelope_too() -> None:
    constant = Constant(["a", 1])
    async with running(strict=True, methods={"document": lambda _: constant}) as node:
        assert [one["result"] for one in await answer_to(node, requests("document"))] == [["a", 1]]


async def test_what_is_too_long_takes_no_room_in_the_journal() -> None:
    traffic = Traffic(lambda: 0)
    methods = {"long": lambda _: "x" * (2 * MOST_BYTES)}
    async with running(traffic=traffic, methods=methods, max_response_body_size=MOST_BYTES) as node:
        await node.request(body=requests("long", "long"))
    assert [ANSWER in str(entry.answer) for entry in traffic.journal.since()] == [True, True]


@ENVELOPES
async def test_errors_take_their_room_in_an_answer_as_results_do(profile: ProfileName, strict: bool) -> None:
    traffic = Traffic(lambda: 0)
    traffic.faults.set(CallPattern("echo"), ErrorAnswer({"code": -5, "message": "busy", "data": LONG}))
    async with running(profile, strict=strict, traffic=traffic, max_response_body_size=1500) as node:
        answers = await answer_to(node, requests("echo", "echo", "ping"))
    assert [one["error"]["code"] for one in answers] == [-5, -32603, -32603]
    assert all(ANSWER in one["error"]["message"] for one in answers[1:])


@ENVELOPES
async def test_who_asks_while_a_batch_is_at_work_waits_for_the_element_at_work_only(
    profile: ProfileName, strict: bool
) -> None:
    order: list[str] = []
    waiting = socket.socket()

    def work(_: list[Json]) -> Json:
        order.append("work")
        time.sleep(2 * TURN)
        if len(order) == 3:
            waiting.sendall(request_bytes(body=requests("look")))
        return None

    def look(_: list[Json]) -> Json:
        order.append("look")
        return None

    async with running(profile, strict=strict, methods={"work": work, "look": look}) as node:
        waiting.connect(("127.0.0.1", node.port))
        with waiting:
            await node.request(body=requests(*["work"] * 10))
    assert order.index("look") == 3


async def test_which_calls_faults_mean_is_found_out_in_steps_too() -> None:
    traffic = Traffic(lambda: 0)
    traffic.faults.set(CallPattern("other"), ErrorAnswer({"code": -5, "message": "busy"}))
    for strict in (False, True):
        async with running(strict=strict, traffic=traffic) as node:
            steps = node.envelope.begin_post(requests("echo", "echo", "echo"), Authorization.GRANTED)
            assert not isinstance(steps, Reply)
            assert [len(node.calls) for _ in steps] == [0, 0, 0, 1, 2, 3]

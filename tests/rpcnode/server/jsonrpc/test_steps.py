"""Methods whose work takes long: it is done in steps, in both envelopes, and by turns."""

import asyncio
import json
import time
from collections.abc import Generator
from typing import Any, Final

import pytest

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import UnknownBlock
from rpcnode.primitives.json import Answer, Json, Result, Written
from rpcnode.server.jsonrpc.access import AccessRules, Authorization
from rpcnode.server.jsonrpc.envelope import Envelope
from rpcnode.server.jsonrpc.reply import Method, Reply, Steps, Turns, finished, finished_in_turns
from rpcnode.server.jsonrpc.strict import StrictEnvelope

DEPTH: Final = 1000
"""How deep what the node writes may nest."""


def counting(params: list[Json]) -> Answer:
    """Does so many pieces of work, then tells how many."""
    (pieces,) = params

    def work() -> Generator[None, None, Result]:
        for _ in range(int(pieces)):  # type: ignore[arg-type]
            yield
        return pieces

    return work()


def failing(_: list[Json]) -> Answer:
    """Fails after one piece."""

    def work() -> Generator[None, None, Result]:
        yield
        raise UnknownBlock

    return work()


METHODS: Final[dict[str, Method]] = {
    "count": counting,
    "fail": failing,
    "deep": lambda params: Written("[]", int(params[0])),  # type: ignore[arg-type]
    "written": lambda _: Written('{"a":"\\u002B"}', 1),
}
ACCESS: Final = AccessRules("n3", HttpSettings())
NEO: Final = Envelope("n3", METHODS, ACCESS)
STRICT: Final = StrictEnvelope("n3", METHODS, ACCESS)


def request(method: str, *params: Json) -> dict[str, Json]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}


def answers(envelope: Envelope | StrictEnvelope, document: Any) -> Any:
    return json.loads(envelope.answer_post(json.dumps(document).encode(), Authorization.GRANTED).body)


def test_work_ends_where_its_client_is_gone() -> None:
    taken: list[int] = []

    def work() -> Steps:
        for number in range(1000):
            taken.append(number)
            time.sleep(0.002)
            yield
        return Reply(200, b"")

    with pytest.raises(ConnectionError):
        asyncio.run(finished_in_turns(work(), Turns(), lambda: len(taken) > 5))
    assert 5 < len(taken) < 50


@pytest.mark.parametrize("envelope", [NEO, STRICT], ids=["neo", "strict"])
def test_the_answer_is_that_of_work_done_at_once(envelope: Envelope | StrictEnvelope) -> None:
    assert answers(envelope, request("count", 3))["result"] == 3
    assert answers(envelope, request("fail"))["error"]["code"] == -101
    batch = answers(envelope, [request("count", 2), request("fail"), request("written")])
    assert [answer.get("result") for answer in batch] == [2, None, {"a": "+"}]


def test_each_piece_is_a_step_of_the_reply() -> None:
    begun = NEO.begin_post(json.dumps(request("count", 3)).encode(), Authorization.GRANTED)
    assert not isinstance(begun, Reply)
    assert [next(begun), next(begun), next(begun)] == [None, None, None]
    with pytest.raises(StopIteration) as ended:
        next(begun)
    assert json.loads(ended.value.value.body)["result"] == 3


def test_what_is_written_already_goes_out_as_it_is() -> None:
    reply = NEO.answer_post(json.dumps(request("written")).encode(), Authorization.GRANTED)
    assert reply.body == b'{"jsonrpc":"2.0","id":1,"result":{"a":"\\u002B"}}'


@pytest.mark.parametrize(("depth", "status"), [(DEPTH - 1, 200), (DEPTH, 500)])
def test_the_nodes_writer_takes_a_thousand_levels_with_the_response_around(depth: int, status: int) -> None:
    body = json.dumps(request("deep", depth)).encode()
    assert NEO.answer_post(body, Authorization.GRANTED).status == status
    batched = json.dumps([request("deep", depth - 1)]).encode()
    assert NEO.answer_post(batched, Authorization.GRANTED).status == status


def endless(turns: list[str], name: str, pieces: int) -> Steps:
    for _ in range(pieces):
        if turns[-1:] != [name]:
            turns.append(name)
        yield
    return Reply(200, name.encode())


async def test_the_loop_goes_round_between_two_turns() -> None:
    rounds = 0

    async def count() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    turns, queue = [""], Turns()
    counter = asyncio.create_task(count())
    works = [finished_in_turns(endless(turns, name, 200_000), queue) for name in "ab"]
    replies = await asyncio.gather(*works)
    counter.cancel()
    assert [reply.body for reply in replies] == [b"a", b"b"]
    assert rounds >= 4 * (len(turns) - 2)
    assert turns[1:4] == ["a", "b", "a"]


async def test_work_that_is_given_up_keeps_nobody_waiting() -> None:
    queue = Turns()
    first = asyncio.create_task(finished_in_turns(endless([""], "a", 10**9), queue))
    second = asyncio.create_task(finished_in_turns(endless([""], "b", 10**9), queue))
    await asyncio.sleep(0.02)
    first.cancel()
    await asyncio.sleep(0.02)
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    assert (await finished_in_turns(endless([""], "c", 1), queue)).body == b"c"


def test_all_steps_can_be_taken_at_once() -> None:
    assert finished(endless([""], "a", 5)).body == b"a"

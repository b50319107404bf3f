"""Answers that are kept: which, for how long, and that they go out as if they were made anew."""

from collections.abc import Generator
from itertools import count
from typing import Final

import pytest

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import UnknownBlock
from rpcnode.primitives.json import Answer, Json, Result, Spliced, Written
from rpcnode.server.jsonrpc.access import AccessRules, Authorization
from rpcnode.server.jsonrpc.envelope import Envelope
from rpcnode.server.jsonrpc.kept_answers import KeptAnswers
from rpcnode.server.jsonrpc.reply import Method
from rpcnode.server.traffic.call_pattern import CallPattern
from rpcnode.server.traffic.faults import ErrorAnswer, HttpStatus
from rpcnode.server.traffic.traffic import Traffic

NAMES: Final = ("count", "echo", "fails", "deep", "once", "slow", "block", "same")


class Counting:
    """An envelope whose methods answer how often one was called, and the revision that they depend on."""

    def __init__(self, most_bytes: int = 2**20, **settings: object) -> None:
        self.revision = 0
        self.calls = 0
        self.made = 0
        self.traffic = Traffic(lambda: 0)
        methods: dict[str, Method] = {
            "count": self.count,
            "other": self.count,
            "echo": lambda params: [self.count(params), params],
            "same": lambda params: params,
            "fails": self.fails,
            "deep": lambda params: Written("[]", int(str(params[0]))),
            "once": lambda params: Written(f'"{self.count(params)}"', 1, lasts=False),
            "slow": self.slow,
            "block": lambda params: Spliced(("block",), self.make, {"tail": self.count(params)}),
        }
        kept = KeptAnswers(NAMES, lambda: self.revision, most_bytes)
        access = AccessRules("n3", HttpSettings(**settings))  # type: ignore[arg-type]
        self.envelope = Envelope("n3", methods, access, self.traffic, kept=kept)

    def count(self, _: list[Json]) -> int:
        self.calls += 1
        return self.calls

    def make(self) -> dict[str, Json]:
        self.made += 1
        return {"size": self.made}

    def fails(self, params: list[Json]) -> Json:
        self.count(params)
        raise UnknownBlock

    def slow(self, params: list[Json]) -> Answer:
        def steps() -> Generator[None, None, Result]:
            yield
            return self.count(params)

        return steps()

    def ask(self, body: str, authorization: Authorization = Authorization.GRANTED) -> tuple[int, str]:
        reply = self.envelope.answer_post(body.encode(), authorization)
        return reply.status, reply.body.decode()


def call(method: str, params: str = "[]", request_id: str = "1") -> str:
    """One request."""
    return f'{{"jsonrpc":"2.0","id":{request_id},"method":"{method}","params":{params}}}'


def result(text: str, request_id: str = "1") -> tuple[int, str]:
    """The answer with a result."""
    return 200, f'{{"jsonrpc":"2.0","id":{request_id},"result":{text}}}'


def test_an_answer_is_kept_until_the_revision_is_another() -> None:
    node = Counting()
    assert [node.ask(call("count")) for _ in range(3)] == [result("1")] * 3
    node.revision += 1
    assert [node.ask(call("count")) for _ in range(3)] == [result("2")] * 3
    node.revision -= 1
    assert node.ask(call("count")) == result("3")


def test_a_method_that_is_not_declared_so_is_called_each_time() -> None:
    node = Counting()
    assert [node.ask(call("other")) for _ in range(2)] == [result("1"), result("2")]


def test_a_result_goes_out_with_the_id_of_its_request_alone_in_a_batch_and_by_get() -> None:
    node = Counting()
    assert node.ask(call("count")) == result("1")
    assert node.ask(call("count", request_id='"x"')) == result("1", '"x"')
    batch = f"[{call('count', request_id='7')},{call('count', request_id='null')}]"
    assert node.ask(batch) == (200, f"[{result('1', '7')[1]},{result('1', 'null')[1]}]")
    reply = node.envelope.answer_get("jsonrpc=2.0&id=9&method=count&params=[]", Authorization.GRANTED)
    assert reply.body.decode() == result("1", '"9"')[1]


@pytest.mark.parametrize(
    "form",
    [
        '{"jsonrpc":"2.0","id":%s,"method":"count","params":[]}',
        '{"id":%s,"method":"count"}',
        '{"jsonrpc": "2.0", "id": %s, "method": "count", "params": []}',
        '{"jsonrpc":"2.0","method":"count","params":[],"id":%s}',
        '{"method": "count", "params": ["x"], "id": %s}',
        '{"method":"same","params":[{"method":"x","id":%s}],"id":1}',
        '{"method":"same","params":[1,"id"],"id":5} //,"id":%s}',
        '{"method":"same","params":[1,"id"] /*,"id":%s}',
        '{"id":%s,"id":2,"method":"count"}',
        '{"method":"count","params":[{"id":%s}',
        '[{"id":1,"method":"count","id":%s}]',
    ],
)
def test_whatever_id_a_request_has_it_is_answered_as_by_a_node_that_keeps_nothing(form: str) -> None:
    ids = ["1", "2", "0", "-0", "007", "1.0", "1e2", '"3"', "null", "12345", "123456789", "1234567890123456789", "[5]"]
    kept, fresh = Counting(), Counting(most_bytes=0)
    for request_id in (*ids, "5", "6", *ids):
        body = form % request_id
        fresh.calls = 0
        assert kept.ask(body) == fresh.ask(body), body
    sizes = [[row[8] for row in node.traffic.journal._rows] for node in (kept, fresh)]
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("other", ["[true]", '["1"]', "[1.5]", "[[1]]", "[1,null]", "[null]", '[{"a":1}]', "[]"])
def test_parameters_that_differ_in_anything_have_answers_of_their_own(other: str) -> None:
    node = Counting()
    assert node.ask(call("echo", "[1]")) == result("[1,[1]]")
    assert node.ask(call("echo", other)) == result(f"[2,{other}]")
    assert node.ask(call("echo", "[1]")) == result("[1,[1]]")


def test_an_error_is_made_each_time() -> None:
    node = Counting()
    assert node.ask(call("fails")) == node.ask(call("fails"))
    assert node.calls == 2


def test_a_result_that_does_not_last_is_made_each_time() -> None:
    node = Counting()
    assert [node.ask(call("once")) for _ in range(2)] == [result('"1"'), result('"2"')]


def test_what_nests_too_deep_for_a_batch_goes_out_alone_only() -> None:
    node = Counting()
    for _ in range(2):
        assert node.ask(call("deep", "[999]")) == result("[]")
        assert node.ask(f"[{call('deep', '[999]')}]") == (500, "")


def test_the_result_of_steps_is_kept_unless_something_has_changed_meanwhile() -> None:
    node = Counting()
    begun = node.envelope.begin_post(call("slow").encode(), Authorization.GRANTED)
    assert isinstance(begun, Generator)
    next(begun)
    node.revision += 1
    assert [*begun] == []
    assert [node.ask(call("slow")) for _ in range(2)] == [result("2")] * 2


def test_the_first_members_of_an_object_are_made_once_and_the_others_each_time_that_something_changed() -> None:
    node = Counting()
    assert node.ask(call("block")) == result('{"size":1,"tail":1}')
    node.revision += 1
    assert node.ask(call("block")) == result('{"size":1,"tail":2}')
    assert node.made == 1


def test_a_kept_answer_is_in_the_journal_like_any_other() -> None:
    node = Counting()
    for _ in range(3):
        node.ask(call("count"))
    entries = node.traffic.journal.since()
    assert [(entry.sequence, entry.method, entry.params, entry.answer) for entry in entries] == [
        (number, "count", [], result("1")[1]) for number in (1, 2, 3)
    ]


def test_faults_strike_what_is_kept() -> None:
    node = Counting()
    asked = node.ask(call("count"))
    pattern = CallPattern(method="count")
    node.traffic.faults.set(pattern, ErrorAnswer({"code": -1, "message": "struck"}), nth=2, times=1)
    node.traffic.faults.set(pattern, HttpStatus(503), nth=4, times=1)
    answers = [node.ask(call("count")) for _ in range(5)]
    struck = 200, '{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"struck"}}'
    assert answers == [asked, struck, asked, (503, ""), asked]


def test_who_may_not_call_is_not_told_what_is_kept() -> None:
    node = Counting(rpc_user="user", rpc_pass="password")
    assert node.ask(call("count")) == result("1")
    for authorization in (Authorization.MISSING, Authorization.WRONG):
        assert "Access denied" in node.ask(call("count"), authorization)[1]


def test_what_is_kept_is_bounded() -> None:
    node = Counting(most_bytes=100_000)
    numbers = count()
    for _ in range(300):
        node.ask(call("echo", f'["{next(numbers)}","{"x" * 1000}"]'))
    assert node.calls == 300
    assert node.ask(call("echo", f'["0","{"x" * 1000}"]'))[1].startswith('{"jsonrpc":"2.0","id":1,"result":[301,')

"""What a script leaves: results as neo-cli 3.10.2 prints them, limits, iterators, diagnostics, and work in pieces."""

import base64
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import pytest

from rpcnode.endpoint import envelope_of
from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.server.jsonrpc.access import Authorization
from rpcnode.server.jsonrpc.reply import Reply, finished
from rpcnode.vm.script_builder import ScriptBuilder
from tests import PROJECT
from tests.plugins.node_builder import error, result

CHAIN: Final = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"
NEO: Final = "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"
ENDLESS: Final = base64.b64encode(b"\x21\x22\xff").decode()  # NOP, JMP -1
GET_TIME: Final = ScriptBuilder().syscall("System.Runtime.GetTime").to_bytes()
CALL_AND_RET: Final = b"\x34\x03\x40\x40"  # CALL 3, RET, RET
CIRCLE: Final = "F8JKSs8="  # PUSH7, NEWARRAY0, DUP, DUP, APPEND


def node_with(**settings: Json) -> Node:
    chosen = tuple(PluginSetting("RpcServer", key, value, "test") for key, value in settings.items())
    return Node(NodeOptions(fixtures=(CHAIN,), dev=False, settings=chosen))


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with closing(node_with()) as running:
        yield running


@pytest.fixture
def stingy() -> Iterator[Node]:
    with closing(node_with(MaxGasInvoke=0.1)) as running:
        yield running


@pytest.fixture(scope="module")
def with_sessions() -> Iterator[Node]:
    with closing(node_with(SessionEnabled=True, MaxIteratorResultItems=2, ExpandIterators=True)) as running:
        yield running


@pytest.fixture(scope="module")
def expanding() -> Iterator[Node]:
    with closing(node_with(ExpandIterators=True, MaxIteratorResultItems=1)) as running:
        yield running


def encoded(script: bytes) -> str:
    return base64.b64encode(script).decode()


def nested(levels: int) -> str:
    return encoded(b"\x11" + b"\x11\xc0" * levels)


def body(method: str, *params: Json) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()


def post(node: Node, data: bytes) -> Reply:
    return envelope_of(node).answer_post(data, Authorization.GRANTED)


def iterator_script() -> str:
    """Leaves an iterator over NeoToken's candidates."""
    return encoded(ScriptBuilder().call(UInt160.parse(NEO), "getAllCandidates", ()).to_bytes())


def test_an_item_that_contains_itself_is_a_text_in_its_place(node: Node) -> None:
    answer = result(node, "invokescript", CIRCLE)
    assert answer["state"] == "HALT"
    assert answer["stack"] == [{"type": "Integer", "value": "7"}, "error: Circular reference."]


def test_what_is_nested_too_deep_for_the_nodes_writer_is_status_500(node: Node) -> None:
    # neo-cli 3.10.2: 498 arrays are answered, 499 are not, nor is a batch that they are in.
    assert post(node, body("invokescript", nested(498))).status == 200
    assert post(node, body("invokescript", nested(499))) == Reply(500, b"")
    batch = b"[" + body("getblockcount") + b"," + body("invokescript", nested(499)) + b"]"
    assert post(node, batch) == Reply(500, b"")


def test_members_stand_in_the_nodes_order(node: Node) -> None:
    answer = result(node, "invokescript", CIRCLE, None, True)
    assert list(answer) == [
        *("script", "state", "gasconsumed", "exception", "notifications", "diagnostics", "stack"),
    ]
    assert list(answer["diagnostics"]) == ["invokedcontracts", "traces", "storagechanges"]


def test_a_run_spends_what_the_operator_allows(stingy: Node) -> None:
    answer = result(stingy, "invokescript", ENDLESS)
    assert (answer["state"], answer["exception"], answer["stack"]) == ("FAULT", "Insufficient GAS.", [])
    assert 10_000_000 < int(answer["gasconsumed"]) < 10_001_000


def test_an_answer_that_does_not_fit_is_refused_before_it_is_made(node: Node) -> None:
    doubled = encoded(b"\xc2" + b"\x4a\x12\xc0" * 900)  # an array that holds another one twice, and so on
    assert "the answer is longer than 16777216 bytes" in str(error(node, "invokescript", doubled)["message"])


def test_long_work_is_done_in_pieces_between_which_others_are_answered(stingy: Node) -> None:
    envelope = envelope_of(stingy)
    begun = envelope.begin_post(body("invokescript", ENDLESS), Authorization.GRANTED)
    assert not isinstance(begun, Reply)
    next(begun)
    assert isinstance(envelope.begin_post(body("getblockcount"), Authorization.GRANTED), Reply)
    assert json.loads(finished(begun).body)["result"]["exception"] == "Insufficient GAS."


@pytest.mark.parametrize("is_batch", [False, True])
def test_the_answer_is_the_same_in_pieces_by_get_and_in_a_batch(stingy: Node, is_batch: bool) -> None:
    with closing(node_with(MaxGasInvoke=0.1)) as other:  # one would remember its answer
        whole = json.loads(post(other, body("invokescript", ENDLESS)).body)["result"]
    if is_batch:
        answers = json.loads(post(stingy, b"[" + body("invokescript", ENDLESS) + b"]").body)
        assert answers[0]["result"] == whole
    else:
        query = f'jsonrpc=2.0&id=1&method=invokescript&params=["{ENDLESS}"]'
        begun = envelope_of(stingy).begin_get(query, Authorization.GRANTED)
        assert not isinstance(begun, Reply)
        assert json.loads(finished(begun).body)["result"] == whole


# Iterators


def test_an_iterator_has_an_id_and_no_items_as_shipped(node: Node) -> None:
    answer = result(node, "invokescript", iterator_script())
    assert "session" not in answer
    assert list(answer["stack"][0]) == ["type", "interface", "id"]


def test_expanded_iterators_have_neo_gos_members_besides(expanding: Node) -> None:
    (item,) = result(expanding, "invokescript", iterator_script())["stack"]
    assert list(item) == ["type", "interface", "id", "iterator", "truncated"]
    assert len(item["iterator"]) <= 1


def test_sessions_are_not_expanded_but_traversed(with_sessions: Node) -> None:
    answer = result(with_sessions, "invokescript", iterator_script())
    assert list(answer)[-1] == "session"
    (item,) = answer["stack"]
    assert list(item) == ["type", "interface", "id"]
    session: Json = answer["session"]
    rows: list[Any] = []
    while more := result(with_sessions, "traverseiterator", session, item["id"], 2):
        assert len(more) <= 2
        rows += more
    assert result(with_sessions, "traverseiterator", session, item["id"], -1) == []
    assert result(with_sessions, "terminatesession", session) is True
    assert error(with_sessions, "traverseiterator", session, item["id"], 1)["code"] == -107


# Diagnostics. Source of the expected: neo-node 3.10.2, plugins/RpcServer/Diagnostics.


def diagnostics_of(node: Node, script: bytes) -> Any:
    return result(node, "invokescript", encoded(script), None, True)["diagnostics"]


def test_a_script_that_does_nothing_has_no_list_of_calls(node: Node) -> None:
    told = diagnostics_of(node, b"\x11")
    assert list(told["invokedcontracts"]) == ["hash"]
    assert told["traces"] == {"type": "root", "calls": []}
    assert told["storagechanges"] == []


def test_a_system_call_is_traced_with_its_result_and_is_no_invoked_contract(node: Node) -> None:
    told = diagnostics_of(node, GET_TIME)
    assert told["invokedcontracts"]["call"] == []
    (call,) = told["traces"]["calls"]
    assert list(call) == ["type", "name", "args", "result"]
    assert (call["type"], call["name"], call["args"]) == ("syscall", "System.Runtime.GetTime", [])
    assert call["result"]["type"] == "Integer"


def test_a_call_within_the_script_is_one_of_the_same_script(node: Node) -> None:
    told = diagnostics_of(node, CALL_AND_RET)
    own = told["invokedcontracts"]["hash"]
    assert told["invokedcontracts"]["call"] == [{"hash": own}]
    assert told["traces"]["calls"] == [{"type": "call", "position": 3, "args": [], "calls": []}]


def test_a_loaded_script_is_traced_with_arguments_and_result(node: Node) -> None:
    builder = ScriptBuilder().push([5]).push(0).push(b"\x40")  # arguments, no flags, RET
    told = diagnostics_of(node, builder.syscall("System.Runtime.LoadScript").to_bytes())
    (call,) = told["traces"]["calls"]
    assert list(call) == ["type", "hash", "args", "return", "calls"]
    assert (call["type"], call["calls"]) == ("dynamic", [])
    assert call["args"] == [{"type": "Integer", "value": "5"}]
    assert call["return"] == {"type": "Integer", "value": "5"}


def test_a_native_contract_is_traced_as_one(node: Node) -> None:
    told = result(node, "invokefunction", NEO, "symbol", [], [], True)["diagnostics"]
    assert told["traces"]["calls"] == [
        {
            "type": "invocation",
            "hash": NEO,
            "method": "symbol",
            "args": [],
            "return": {"type": "ByteString", "value": "TkVP"},
            "isNative": True,
            "calls": [],
        }
    ]


def test_an_argument_that_contains_itself_fails_the_answer(node: Node) -> None:
    circle = b"\xc2\x4a\x4a\xcf" + ScriptBuilder().push(b"log").syscall("System.Runtime.Notify").to_bytes()
    assert error(node, "invokescript", encoded(circle), None, True) == {
        "code": -2146233079,
        "message": "Circular reference.",
    }

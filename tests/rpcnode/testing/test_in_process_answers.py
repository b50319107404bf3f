"""What a node answers without a socket is, to the byte, what it answers over HTTP; faults strike both alike."""

import http.client
from collections.abc import Iterator
from http.client import IncompleteRead
from time import perf_counter

import pytest

from rpcnode.testing import Answer, HttpStatusError, LocalNode, RpcCallError, in_process, start
from tests.rpcnode.testing.shop_chain import SHOP

BODIES = [
    b'{"jsonrpc":"2.0","id":1,"method":"getblockcount","params":[]}',
    b'{"jsonrpc":"2.0","id":"x","method":"getblock","params":[2,true]}',
    b'{"jsonrpc":"2.0","id":1,"method":"getversion","params":[]}',
    b'{"jsonrpc":"2.0","id":1,"method":"getblock","params":[99]}',
    b'{"jsonrpc":"2.0","id":1,"method":"nothing","params":[]}',
    b'{"jsonrpc":"2.0","method":"getblockcount","params":[]}',
    b'[{"jsonrpc":"2.0","id":1,"method":"getblockcount","params":[]},{"id":2,"method":"getblock","params":[99]},7]',
    b'{"jsonrpc":"2.0","id":1,"method":"dev_mine","params":[]}',
    b'{"jsonrpc":"2.0","id":1,"method":"dev_mine","params":["many"]}',
    b"[]",
    b"",
    b"{",
    b"null",
    b"\xff\xfe",
]


def post(node: LocalNode, body: bytes) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=10)
    try:
        connection.request("POST", "/", body)
        response = connection.getresponse()
        return Answer(response.status, response.read())
    finally:
        connection.close()


@pytest.mark.parametrize("jsonrpc", ["neo", "strict"])
@pytest.mark.parametrize("profile", ["n3", "n2"])
def test_answers_are_those_of_http(profile: str, jsonrpc: str) -> None:
    arguments = {"fixture": {"node": {"height": 3}}, "profile": profile, "jsonrpc": jsonrpc}
    with in_process(**arguments) as here, start(**arguments) as there:  # type: ignore[arg-type]
        for body in BODIES:
            without_a_socket = here.post(body)
            assert without_a_socket == post(there, body), body
        assert here.height == there.height == 4


@pytest.fixture(params=[in_process, start], ids=["in process", "started"])
def node(request: pytest.FixtureRequest) -> Iterator[LocalNode]:
    """A node of each kind, called without a socket."""
    with request.param(SHOP) as running:
        yield running


def test_an_error_has_its_code_message_and_data(node: LocalNode) -> None:
    with pytest.raises(RpcCallError) as caught:
        node.call("getblock", 99)
    assert (caught.value.code, caught.value.message, caught.value.data) == (-101, "Unknown block", None)
    assert str(caught.value) == "-101: Unknown block"
    node.set_fault("getblock", error={"code": -7, "message": "No", "data": "at all"})
    with pytest.raises(RpcCallError) as caught:
        node.call("getblock", 1)
    assert (caught.value.code, caught.value.message, caught.value.data) == (-7, "No", "at all")
    assert str(caught.value) == "-7: No (at all)"


def test_what_an_error_says_twice_is_shown_once(node: LocalNode) -> None:
    with pytest.raises(RpcCallError) as caught:
        node.call("getblok")
    assert caught.value.data == "getblok"
    assert str(caught.value) == "-32601: Method not found - getblok"


def test_a_batch_gives_results_and_errors_in_the_order_of_its_calls(node: LocalNode) -> None:
    count, missing, tip = node.batch(("getblockcount",), ("getblock", 99), ("getblockhash", 3))
    assert (count, tip) == (4, node.call("getbestblockhash"))
    assert isinstance(missing, RpcCallError)
    assert missing.code == -101
    assert [entry.method for entry in node.journal()][:3] == ["getblockcount", "getblock", "getblockhash"]


def test_a_batch_of_nothing_is_not_sent(node: LocalNode) -> None:
    assert node.batch() == []
    assert node.journal() == []


def test_a_status_without_a_body_is_told(node: LocalNode) -> None:
    node.set_fault("getblockcount", http_status=503)
    assert node.post(BODIES[0]) == Answer(503, b"")
    with pytest.raises(HttpStatusError, match="503"):
        node.call("getblockcount")


def test_a_dropped_connection_is_reset(node: LocalNode) -> None:
    node.set_fault("getblockcount", drop=True)
    with pytest.raises(ConnectionResetError):
        node.call("getblockcount")


def test_a_truncated_answer_breaks_off(node: LocalNode) -> None:
    whole = node.post(BODIES[0]).body
    node.set_fault("getblockcount", truncate=10, times=1)
    with pytest.raises(IncompleteRead) as caught:
        node.post(BODIES[0])
    assert (caught.value.partial, caught.value.expected) == (whole[:10], len(whole) - 10)
    node.set_fault("getblockcount", truncate=True)
    with pytest.raises(IncompleteRead) as caught:
        node.post(BODIES[0])
    assert caught.value.partial == whole[: len(whole) // 2]


def test_a_late_answer_is_waited_for(node: LocalNode) -> None:
    node.set_fault("getblockcount", latency_ms=30)
    began = perf_counter()
    assert node.call("getblockcount") == 4
    assert perf_counter() - began >= 0.03


def test_one_element_of_a_batch_may_be_struck(node: LocalNode) -> None:
    node.set_fault("getblockhash", params=[2], error={"code": -5, "message": "struck"})
    first, second = node.batch(("getblockhash", 1), ("getblockhash", 2))
    assert first.startswith("0x")
    assert isinstance(second, RpcCallError)
    assert second.code == -5

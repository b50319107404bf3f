"""`-v` and `-vv`: a line for every request, and nothing in it that is a secret."""

import gzip
import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpcnode.primitives.secrecy import is_secret, is_secret_setting, without_secrets
from tests.node_process import RunningNode, running_node

WIF = "L3tgppXLgdaeqSGSFw1Go3skBiy8vQAM7YMXvTHsKQtE16PBncSU"  # of the Neo 2 documentation
NEP2 = "6PYVPVe1fQznphjbUxXP9KZJqPMVnVwCx5s5pr5axRJ8uHkMtZg97eT2kL"  # a test vector of NEP-2
TIME_AND_SIZE = r"[0-9]+\.[0-9][0-9] ms [0-9]+ bytes"


def ask(node: RunningNode, body: bytes | None, target: str = "/", **headers: str) -> bytes:
    """The body of the answer to a POST, or to a GET without a body."""
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=10)
    connection.request("GET" if body is None else "POST", target, body, headers)
    answer = connection.getresponse().read()
    connection.close()
    return answer


def request(method: str, *params: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()


@pytest.fixture(scope="module", params=["-v", "-vv"])
def node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    with running_node(
        request.param, "--set", "RpcServer.DisabledMethods=[]", folder=tmp_path_factory.mktemp("v")
    ) as it:
        yield it


def last_line(node: RunningNode) -> str:
    return node.stderr.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "target", "line"),
    [
        (request("getblockcount"), "/", "POST getblockcount 200"),
        (request("getblok"), "/", "POST getblok 200"),
        (b"{", "/", "POST ? 200"),
        (
            b"[%b,%b,%b]" % (request("getblock", 1), request("getblock", 2), request("getversion")),
            "/",
            "POST batch of 3: getblock (2), getversion 200",
        ),
        (b"[%b]" % b",".join(request(f"m{n}") for n in range(5)), "/", "POST batch of 5: m0, m1, m2, ... 200"),
        (request("x" * 300), "/", f"POST {'x' * 180}... 200"),
        (b'{"id":1,"method":"a\\u001b[31m\\n","params":[]}', "/", r"POST a\\x1b[31m\\n 200"),
        (request("getversion", "x" * 100_000), "/", "POST getversion 200"),
        (None, "/?id=1&method=getblockcount&params=[]", "GET getblockcount 200"),
        (None, "/v1/account/tokens?address=x&api_key=hunter2", r"GET /v1/account/tokens?address=x&api_key=*** [0-9]+"),
    ],
)
def test_every_request_has_a_line(node: RunningNode, body: bytes | None, target: str, line: str) -> None:
    ask(node, body, target)
    begin = re.escape(line).replace(re.escape("[0-9]+"), "[0-9]+").replace(re.escape(r"\\"), re.escape("\\"))
    assert re.match(rf"INFO rpcnode\.request: {begin} {TIME_AND_SIZE}", last_line(node)), last_line(node)


@pytest.mark.slow
def test_a_plain_start_writes_no_request_down(tmp_path: Path) -> None:
    with running_node(folder=tmp_path) as node:
        node.call("getblockcount")
        assert node.stderr == ""


@pytest.mark.slow
def test_lines_are_objects_when_asked(tmp_path: Path) -> None:
    with running_node("-vv", "--log-json", folder=tmp_path) as node:
        sent, answer = request("getblockcount"), ask(node, request("getblockcount"))
        entry = json.loads(last_line(node))
    assert {"verb": "POST", "method": "getblockcount", "status": 200, "bytes": len(answer)}.items() <= entry.items()
    assert (entry["request"], entry["answer"]) == (sent.decode(), answer.decode())
    assert (entry["level"], entry["logger"]) == ("info", "rpcnode.request")
    assert entry["milliseconds"] > 0


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """A node that shows bodies."""
    with running_node("-vv", "--set", "RpcServer.DisabledMethods=[]", folder=tmp_path_factory.mktemp("vv")) as node:
        yield node


@pytest.mark.slow
def test_bodies_are_shown_on_one_line(telling: RunningNode) -> None:
    answer = ask(telling, b'{"jsonrpc":"2.0","id":1,\n"method":"getblockcount","params":[]}')
    shown = r'<- {"jsonrpc":"2.0","id":1,\n"method":"getblockcount","params":[]} -> ' + answer.decode()
    assert last_line(telling).endswith(shown)


@pytest.mark.slow
def test_a_compressed_answer_is_shown_plain_and_counted_as_it_is_sent(telling: RunningNode) -> None:
    answer = ask(telling, request("getblock", 1, True), **{"Accept-Encoding": "gzip"})
    line = last_line(telling)
    assert f" {len(answer)} bytes " in line
    assert f"-> {gzip.decompress(answer).decode()[:200]}" in line


@pytest.mark.slow
def test_long_bodies_are_cut(telling: RunningNode) -> None:
    ask(telling, request("getversion", "x" * 500_000))
    line = last_line(telling)
    assert len(line) < 3_000
    assert f"{'x' * 900}" in line


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        request("openwallet", "w.json", "hunter2"),
        b"[%b,%b]" % (request("getversion"), request("openwallet", "w.json", "hunter2")),
        rb'{"id":1,"method":"openw\u0061llet","params":["w.json","hunter2"]}',
        rb'{"id":1,"method":"openw\u0061llet","params":["w.json","hunter2"]',
        b'{"id":1,"method":"openwallet","params":["w.json","hunter2"]',
        b'{"id":1,"params":["w.json","hunter2","' + b"x" * 70_000 + b'"],"method":"openwallet"}',
        request("importprivkey", "hunter2"),
        request("importprivkey", WIF),
        request("getversion", WIF, NEP2),
        request("getversion", {"password": "hunter2", "privateKey": "hunter2", "wif": "hunter2", "x": 1}),
        request("getversion", "x" * 7_900, {"password": "hunter2" * 1_000}),
        request("getversion", *[WIF] * 400),
        request("dev_loadState", "hunter2"),
        request("dev_info"),
        request("dev_dumpState"),
    ],
)
def test_no_password_and_no_key_is_shown(telling: RunningNode, body: bytes) -> None:
    before = len(telling.stderr)
    answer = ask(telling, body).decode()
    written = telling.stderr[before:]
    assert written.count("\n") == 1
    assert "hunter2" not in written
    assert WIF[:16] not in written
    assert NEP2[:16] not in written
    for wif in re.findall(r"\b[KL][1-9A-HJ-NP-Za-km-z]{51}\b", answer):
        assert wif not in written
    assert "chain_account" not in written


@pytest.mark.parametrize(
    "name", ["password", "RpcPass", "SslCertPassword", "wif", "private_key", "privkey", "apiKey", "seed"]
)
def test_names_of_secrets_are_known(name: str) -> None:
    assert is_secret(name)
    assert is_secret_setting(name)


@pytest.mark.parametrize("name", ["key", "path", "tokens", "address", "compass_north", "Port", "RpcUser", "publickey"])
def test_other_names_are_no_secrets(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize("name", ["Keys", "key", "access_token"])
def test_a_setting_may_be_a_key_that_opens_something(name: str) -> None:
    assert is_secret_setting(name)


def test_a_text_that_is_cut_inside_a_secret_shows_nothing_of_it() -> None:
    assert without_secrets('{"a":1,"password":"hun') == '{"a":1,"password":"***"'
    assert without_secrets('{"a":1,"password":"hun\\') == '{"a":1,"password":"***"'
    assert without_secrets('{"password":12345,"b":"c"}') == '{"password":"***","b":"c"}'

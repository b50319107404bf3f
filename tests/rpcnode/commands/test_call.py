"""`rpcnode call`, against servers that answer as they are told."""

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import pytest

from rpcnode.cli import main
from rpcnode.server.traffic.node_client import Target, target_of

Answer = Callable[[bytes], bytes]
"""A request's body to the bytes of an HTTP response."""


def response(body: bytes, status: str = "200 OK") -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (status.encode(), len(body), body)


@contextmanager
def server(*answers: Answer) -> Iterator[tuple[str, list[Any]]]:
    """The URL of a server for as many requests as there are answers, and the JSON that came."""
    came: list[Any] = []

    def serve(listener: socket.socket) -> None:
        for answer in answers:
            connection, _ = listener.accept()
            with closing(connection):
                head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                while len(body) < length:
                    body += connection.recv(65536)
                came.append(json.loads(body))
                connection.sendall(answer(body))

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        served = pool.submit(serve, listener)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", came
        served.result(timeout=5)


def test_the_result_is_pretty_printed(capsys: pytest.CaptureFixture[str]) -> None:
    body = b'{"jsonrpc":"2.0","id":1,"result":{"address":"N\xc3\xa9o","isvalid":false}}'
    with server(lambda _: response(body)) as (url, came):
        assert main(["call", "--url", url, "validateaddress", "Néo"]) == 0
    assert came == [{"jsonrpc": "2.0", "id": 1, "method": "validateaddress", "params": ["Néo"]}]
    assert capsys.readouterr() == ('{\n  "address": "Néo",\n  "isvalid": false\n}\n', "")


def test_params_are_json_or_bare_words(capsys: pytest.CaptureFixture[str]) -> None:
    with server(lambda _: response(b'{"result":null}')) as (url, came):
        assert main(["call", "--url", url, "m", "1", "true", "word", '"1"', '{"a":[]}', "0x01", ""]) == 0
    assert came[0]["params"] == [1, True, "word", "1", {"a": []}, "0x01", ""]
    assert capsys.readouterr().out == "null\n"


@pytest.mark.parametrize("status", ["200 OK", "401 Unauthorized"])
def test_an_error_of_the_node_goes_to_stderr(capsys: pytest.CaptureFixture[str], status: str) -> None:
    body = b'{"jsonrpc":"2.0","id":1,"error":{"code":-600,"message":"Access denied"}}'
    with server(lambda _: response(body, status)) as (url, _):
        assert main(["call", "--url", url, "getversion"]) == 1
    assert capsys.readouterr() == ("", '{\n  "code": -600,\n  "message": "Access denied"\n}\n')


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (response(b"<html>", "404 Not Found"), "HTTP status 404 Not Found"),
        (response(b"<html>"), "no node: its answer is not a JSON object"),
        (response(b"[]"), "no node: its answer is not a JSON object"),
        (b"", "no answer: "),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "no answer: "),
    ],
    ids=["another server", "no JSON", "no object", "closes", "no HTTP"],
)
def test_what_is_no_node_is_said_so(capsys: pytest.CaptureFixture[str], answer: bytes, message: str) -> None:
    with server(lambda _: answer) as (url, _):
        assert main(["call", "--url", url, "getversion"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"rpcnode: {url}: {message}")
    assert err.count("\n") == 1


def test_a_node_that_is_not_there_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert main(["call", "--url", f"http://127.0.0.1:{port}", "getversion"]) == 1
    assert capsys.readouterr().err == f"rpcnode: http://127.0.0.1:{port}: no answer: Connection refused\n"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("127.0.0.1:10332", "--url 127.0.0.1:10332: http://HOST:PORT is expected"),
        ("file:///etc/hostname", "--url file:///etc/hostname: http://HOST:PORT is expected"),
        ("http://127.0.0.1:port", "http://127.0.0.1:port: no answer: nonnumeric port: 'port'"),
        ("http://[::1", "http://[::1: no answer: Invalid IPv6 URL"),
        ("http://", "http://: no answer: no host given"),
    ],
)
def test_a_url_that_is_none_is_said_so(capsys: pytest.CaptureFixture[str], url: str, message: str) -> None:
    assert main(["call", "--url", url, "getversion"]) == 1
    assert capsys.readouterr().err == f"rpcnode: {message}\n"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("u:hunter2@127.0.0.1:1", "--url 127.0.0.1:1: http://HOST:PORT is expected"),
        ("ftp://u:hunter2@127.0.0.1:1", "--url 127.0.0.1:1: http://HOST:PORT is expected"),
        ("http://u:hunter2@127.0.0.1:port", "http://127.0.0.1:port: no answer: nonnumeric port: 'port'"),
        ("http://u:hunter2@[::1", "http://[::1: no answer: Invalid IPv6 URL"),
        ("http://u:hunter2@", "http://: no answer: no host given"),
        ("http://u:hunter2@127.0.0.1:1", "http://127.0.0.1:1: no answer: Connection refused"),
        ("http://u:hun/ter2@127.0.0.1:1", "--url: the user and the password have to be percent-encoded: / as %2F, "),
        ("http://u:hun#ter2@127.0.0.1:1", "--url: the user and the password have to be percent-encoded: / as %2F, "),
        ("http://u:hun?ter2@127.0.0.1:1", "--url: the user and the password have to be percent-encoded: / as %2F, "),
        ("http://u%3Av:hunter2@127.0.0.1:1", "--url http://127.0.0.1:1: no user has a colon in the name"),
    ],
)
def test_no_error_about_a_url_repeats_its_password(capsys: pytest.CaptureFixture[str], url: str, message: str) -> None:
    assert main(["call", "--url", url, "getversion"]) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"rpcnode: {message}")
    assert "hun" not in err


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        # Base64 of u:p, of u: and of "user name":"p@ss/wörd:1%", as RFC 7617 has it in UTF-8
        ("u:p", "Basic dTpw"),
        ("u", "Basic dTo="),
        ("user%20name:p%40ss%2Fw%C3%B6rd:1%25", "Basic dXNlciBuYW1lOnBAc3Mvd8O2cmQ6MSU="),
    ],
)
def test_user_and_password_of_the_url_are_sent(
    capsys: pytest.CaptureFixture[str], credentials: str, header: str
) -> None:
    with server(lambda _: response(b'{"result":7}')) as (url, _):
        target = target_of(url.replace("://", f"://{credentials}@"))
        assert target == Target(url, header)
        assert main(["call", "--url", url.replace("://", f"://{credentials}@"), "getblockcount"]) == 0
    assert capsys.readouterr().out == "7\n"


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("{asset: GAS}", "expecting property name enclosed in double quotes at line 1, column 2"),
        ('["a"', "expecting ',' delimiter at line 1, column 5"),
        ('{"a": 1,\n "b" 2}', "expecting ':' delimiter at line 2, column 6"),
        (" [1e999]", "NaN, Infinity and 1e999 are no numbers of JSON"),
        ("[" * 100_000, "nested too deep"),
    ],
)
def test_a_param_that_begins_as_json_and_is_none_is_refused_with_the_place(
    capsys: pytest.CaptureFixture[str], word: str, fault: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["call", "m", "1", word])
    assert caught.value.code == 2
    assert capsys.readouterr().err.endswith(f"error: PARAM 2 begins as JSON and is none: {fault}\n")


UNKNOWN = b'{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}'
LISTED = b'{"jsonrpc":"2.0","id":1,"result":{"openrpc":"1.3.2","methods":[{"name":"getweather"},{"name":"getblock"}]}}'


@pytest.mark.parametrize(
    ("method", "hint"),
    [
        ("getWeather", "rpcnode: did you mean getweather?\n"),
        ("getwether", "rpcnode: did you mean getweather?\n"),
        ("xyzzy", ""),
    ],
)
def test_an_unknown_method_has_the_nearest_that_the_node_lists_named(
    capsys: pytest.CaptureFixture[str], method: str, hint: str
) -> None:
    with server(lambda _: response(UNKNOWN), lambda _: response(LISTED)) as (url, came):
        assert main(["call", "--url", url, method]) == 1
    assert [request["method"] for request in came] == [method, "rpc.discover"]
    error, _, rest = capsys.readouterr().err.rpartition("}\n")
    assert (json.loads(error + "}")["code"], rest) == (-32601, hint)


def test_an_unknown_method_of_a_node_that_lists_none_is_looked_for_among_ours(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with server(lambda _: response(UNKNOWN), lambda _: response(UNKNOWN)) as (url, _):
        assert main(["call", "--url", url, "getnep17balance"]) == 1
    assert capsys.readouterr().err.endswith("}\nrpcnode: did you mean getnep17balances?\n")


def test_a_proxy_does_not_stand_between(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with server(lambda _: response(b'{"result":7}')) as (url, _):
        assert main(["call", "--url", url, "getblockcount"]) == 0
    assert capsys.readouterr().out == "7\n"


def test_without_a_method_the_method_alone_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["call"])
    assert capsys.readouterr().err.endswith("error: the following arguments are required: METHOD\n")


def test_an_empty_variable_names_no_node(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def print_url(url: str, *_: object) -> int:
        print(url)
        return 0

    monkeypatch.setenv("RPCNODE_URL", "")
    monkeypatch.setattr("rpcnode.commands.call.call", print_url)
    assert main(["call", "getblockcount"]) == 0
    assert capsys.readouterr().out == "http://127.0.0.1:10332\n"


def test_the_environment_may_name_the_node(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with server(lambda _: response(b'{"result":7}')) as (url, _):
        monkeypatch.setenv("RPCNODE_URL", url)
        assert main(["call", "getblockcount"]) == 0
    assert capsys.readouterr().out == "7\n"

"""`rpcnode call`, against servers that answer as they are told."""

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import pytest

from rpcnode.cli import main

Answer = Callable[[bytes], bytes]
"""A request's body to the bytes of an HTTP response."""


def response(body: bytes, status: str = "200 OK") -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (status.encode(), len(body), body)


@contextmanager
def server(answer: Answer) -> Iterator[tuple[str, list[Any]]]:
    """The URL of a server for one request, and the JSON that came."""
    came: list[Any] = []

    def serve(listener: socket.socket) -> None:
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

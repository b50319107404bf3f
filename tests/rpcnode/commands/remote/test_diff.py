"""`rpcnode diff`, between nodes of ours that have other chains, and with files of every kind."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rpcnode.cli import main
from rpcnode.commands.remote.diff import differences
from rpcnode.testing import LocalNode, start

CHAIN = {"network": {"magic": 5}, "blocks": [{"index": 3, "transactions": []}]}
OTHER = {"network": {"magic": 6}, "blocks": [{"index": 4, "transactions": []}]}
CALLS: list[dict[str, Any]] = [
    {"method": "getblockcount"},
    {"method": "getversion", "params": [], "volatile": ["result.protocol.network", "result.nonce"]},
    {"method": "nosuch", "params": [1]},
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory is a fresh one."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def nodes() -> Iterator[tuple[LocalNode, LocalNode]]:
    with start(CHAIN) as ours, start(OTHER) as theirs:
        yield ours, theirs


def written(calls: object, name: str = "cases.json") -> str:
    Path(name).write_text(json.dumps(calls))
    return name


def test_nodes_that_answer_alike_do_not_differ(
    nodes: tuple[LocalNode, LocalNode], capsys: pytest.CaptureFixture[str]
) -> None:
    ours, _ = nodes
    assert main(["diff", "--against", ours.url, "--url", ours.url, written(CALLS)]) == 0
    assert capsys.readouterr() == ("3 calls: 3 equal, 0 not\n", "")


def test_what_differs_is_said_with_both_values(
    nodes: tuple[LocalNode, LocalNode], capsys: pytest.CaptureFixture[str]
) -> None:
    ours, theirs = nodes
    assert main(["diff", "--against", theirs.url, "--url", ours.url, written({"calls": CALLS})]) == 1
    lines = ["1: getblockcount []", "    result: ours is 4; theirs is 5", "3 calls: 2 equal, 1 not"]
    assert capsys.readouterr().out.splitlines() == lines


def test_machines_are_told_as_json(nodes: tuple[LocalNode, LocalNode], capsys: pytest.CaptureFixture[str]) -> None:
    ours, theirs = nodes
    assert main(["diff", "--against", theirs.url, "--url", ours.url, "--json", written(CALLS)]) == 1
    difference = {"path": "result", "ours": 4, "theirs": 5}
    differing = [{"call": 1, "method": "getblockcount", "params": [], "differences": [difference]}]
    told = {"url": ours.url, "against": theirs.url, "calls": 3, "differing": differing}
    assert json.loads(capsys.readouterr().out) == told


@pytest.mark.parametrize("name", ["cases.yaml", "cases.json", "cases.json.gz", "cases.jsonl", "cases.ndjson.gz"])
def test_calls_are_read_from_every_kind_of_file(
    name: str, nodes: tuple[LocalNode, LocalNode], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "jsonl" in name or "ndjson" in name
    text = "\n\n".join(map(json.dumps, CALLS)) + "\n" if lines else json.dumps(CALLS)
    Path(name).write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    ours, theirs = nodes
    assert main(["diff", "--against", theirs.url, "--url", ours.url, name]) == 1
    assert capsys.readouterr().out.endswith("3 calls: 2 equal, 1 not\n")


def test_a_node_that_does_not_answer_is_no_drift(
    nodes: tuple[LocalNode, LocalNode], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rpcnode.commands.remote.peer._TRIES", 1)
    ours, _ = nodes
    assert main(["diff", "--against", "http://127.0.0.1:1", "--url", ours.url, written(CALLS)]) == 2
    assert capsys.readouterr().err.startswith("rpcnode: http://127.0.0.1:1: no answer: ")


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ([], "cases.json: has no calls"),
        (5, "cases.json: a list of calls is expected, or an object that has one under `calls`"),
        ([5], "call 1: 5 stands where an object with method and params belongs"),
        ([{}], "call 1: method: null stands where the name of a method belongs"),
        ([{"method": "a"}, {"method": "b", "params": {}}], "call 2: params: a mapping stands where a list belongs"),
        ([{"method": "a", "parms": []}], "call 1: parms is unknown; right are method, params, volatile"),
        ([{"method": "a", "volatile": "x"}], 'call 1: volatile: "x" stands where a list of paths belongs'),
        ([{"method": "a", "volatile": ["a[x]"]}], 'call 1: volatile: "a[x]" is no path'),
    ],
)
def test_a_file_without_calls_is_refused(calls: Any, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "--against", "http://127.0.0.1:1", written(calls)]) == 2
    assert told in capsys.readouterr().err


def test_the_line_of_json_lines_that_is_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("cases.jsonl").write_text('{"method": "a"}\n{"method"}\n')
    assert main(["diff", "--against", "http://127.0.0.1:1", "cases.jsonl"]) == 2
    assert "cases.jsonl:2: no JSON" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ours", "theirs", "volatile", "paths"),
    [
        ({"result": 1}, {"result": True}, [], ["result"]),
        ({"result": 1}, {"result": 1.0}, [], ["result"]),
        ({"result": {"a": [1, 2]}}, {"result": {"a": [1, 3, 4]}}, [], ["result.a[1]", "result.a[2]"]),
        ({"result": {"a": 1}}, {"result": {"b": 1}}, [], ["result.a", "result.b"]),
        ({"result": None}, {"error": {"code": -1}}, [], ["result", "error"]),
        ({"id": 1, "result": 1}, {"id": 2, "jsonrpc": "2.0", "result": 1}, [], []),
        ({"result": [{"t": 1}, {"t": 2}]}, {"result": [{"t": 3}, {"t": 4}]}, [("result", None, "t")], []),
        ({"result": [{"t": 1}, {"t": 2}]}, {"result": [{"t": 3}, {"t": 4}]}, [("result", 1, "t")], ["result[0].t"]),
        ({"result": {"a": 1}}, {"result": {}}, [("result", "a")], []),
    ],
)
def test_differences_are_found_by_place_and_type(ours: Any, theirs: Any, volatile: Any, paths: list[str]) -> None:
    assert [difference.path for difference in differences(ours, theirs, volatile)] == paths

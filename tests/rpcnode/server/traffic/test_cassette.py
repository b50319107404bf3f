"""Cassettes: what is kept of calls, how they are found again, and what is said of those that are not there."""

import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json
from rpcnode.server.traffic.cassette import Cassette, NoSuchCall

UPSTREAM = "http://seed.example:10332"
HASH = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
WIF = "KyXwTh1hB76RRMquSvnxZrJzQx7h9nQP2PCRL38v6VDb5ip3nf1p"  # of private key 1 and other well-known ones nobody uses
WIF_LIKE = "KRvjKF5VkFW57MnQgxACgAJagRLj2siCw4Rr93VJP2yVy1UkqCEE"
SECRETS = {"openwallet": frozenset((1,)), "importprivkey": frozenset((0,))}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


@contextmanager
def recording(path: Path) -> Iterator[Cassette]:
    cassette = Cassette(path, SECRETS, UPSTREAM)
    try:
        yield cassette
    finally:
        cassette.close()


def replayed(path: Path) -> Cassette:
    return Cassette(path, SECRETS)


def test_what_is_kept_is_answered_again(path: Path) -> None:
    with recording(path) as cassette:
        cassette.keep("getblockcount", [], {"jsonrpc": "2.0", "id": 7, "result": 5})
        cassette.keep("getblock", [9], {"id": 8, "error": {"code": -101, "message": "Unknown block"}})
    assert replayed(path).answer("getblockcount", []) == {"result": 5}
    assert replayed(path).answer("getblock", [9]) == {"error": {"code": -101, "message": "Unknown block"}}


def test_answers_that_change_come_in_their_order_as_often_as_they_did_and_the_last_one_stays(path: Path) -> None:
    with recording(path) as cassette:
        for count in (5, 5, 5, 6, 5, 7, 7):
            cassette.keep("getblockcount", [], {"result": count})
    cassette = replayed(path)
    assert [cassette.answer("getblockcount", [])["result"] for _ in range(9)] == [5, 5, 5, 6, 5, 7, 7, 7, 7]
    cassette.rewind()
    assert cassette.answer("getblockcount", []) == {"result": 5}


def test_an_answer_that_stays_the_same_is_in_the_file_once(path: Path) -> None:
    with recording(path) as cassette:
        for _ in range(100):
            cassette.keep("getblockcount", [], {"result": 5})
        assert len(path.read_text().splitlines()) == 2
        cassette.keep("getblockcount", [], {"result": 6})
    assert [json.loads(line) for line in path.read_text().splitlines()[2:]] == [
        {"method": "getblockcount", "params": [], "again": 99},
        {"method": "getblockcount", "params": [], "result": 6},
    ]


def test_answers_of_other_types_are_other_answers(path: Path) -> None:
    with recording(path) as cassette:
        for result in (1, True, 1.0):
            cassette.keep("invokescript", ["EQ=="], {"result": [result]})
    cassette = replayed(path)
    assert [str(cassette.answer("invokescript", ["EQ=="])["result"]) for _ in range(3)] == ["[1]", "[True]", "[1.0]"]


def test_calls_under_way_together_are_kept_in_the_order_in_which_they_were_asked(path: Path) -> None:
    with recording(path) as cassette:
        early, gone, late = (cassette.asked("getblockcount", []) for _ in range(3))
        other = cassette.asked("getblock", [1])
        late.answer = {"result": 7}
        cassette.end(late)
        other.answer = {"result": True}
        cassette.end(other)
        assert len(path.read_text().splitlines()) == 2  # the one that waits for nobody
        early.answer = {"result": 5}
        cassette.end(early)
        cassette.end(gone)
    cassette = replayed(path)
    assert [cassette.answer("getblockcount", [])["result"] for _ in range(3)] == [5, 7, 7]


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ([HASH], [HASH.upper().replace("0X", "0x")]),
        ([HASH], [HASH, None]),
        ([{"a": 1, "b": [HASH]}], [{"b": [HASH.upper()], "a": 1}]),
    ],
)
def test_parameters_are_normalized(kept: list[Json], asked: list[Json], path: Path) -> None:
    with recording(path) as cassette:
        cassette.keep("getcontractstate", kept, {"result": True})
    assert replayed(path).answer("getcontractstate", asked) == {"result": True}


@pytest.mark.parametrize("asked", [[True], ["1"], [1.0], [1, 2], ["ABCD"]])
def test_other_parameters_are_another_call(asked: list[Json], path: Path) -> None:
    with recording(path) as cassette:
        cassette.keep("getblock", [1], {"result": True})
        cassette.keep("getblock", ["abcd"], {"result": True})
    with pytest.raises(NoSuchCall):
        replayed(path).answer("getblock", asked)


def test_secrets_are_not_kept(path: Path) -> None:
    with recording(path) as cassette:
        cassette.keep("openwallet", ["wallet.json", "hunter2"], {"result": True})
        cassette.keep("importprivkey", [WIF], {"result": {"address": "N"}})
        cassette.keep("dumpprivkey", ["N"], {"result": WIF})
        cassette.keep("other", [{"password": "hunter2"}], {"result": f"the key is {WIF}"})
    text = path.read_text()
    assert "hunter2" not in text
    assert WIF not in text
    cassette = replayed(path)
    assert cassette.answer("openwallet", ["wallet.json", "another"]) == {"result": True}
    assert cassette.answer("dumpprivkey", ["N"]) == {"result": "***"}


def test_base64_that_looks_like_a_key_is_kept(path: Path) -> None:
    # A part of a raw block of a test chain: Base64 with the form of a WIF, whose checksum is not a WIF's.
    raw = f"AB/{WIF_LIKE}+CD=="
    with recording(path) as cassette:
        cassette.keep("getblock", [1], {"result": {"raw": [raw]}})
        cassette.keep("getblock", [2], {"error": {"code": -1, "message": f"no key: {WIF_LIKE}"}})
    cassette = replayed(path)
    assert cassette.answer("getblock", [1]) == {"result": {"raw": [raw]}}
    assert cassette.answer("getblock", [2]) == {"error": {"code": -1, "message": "no key: ***"}}


def test_recording_goes_on_in_a_file_that_is_there(path: Path) -> None:
    for count in (5, 6):
        with recording(path) as cassette:
            cassette.keep("getblockcount", [], {"result": count})
    assert len(path.read_text().splitlines()) == 3
    assert replayed(path).answer("getblockcount", []) == {"result": 5}


def test_a_line_that_was_broken_off_is_left_out(path: Path) -> None:
    with recording(path) as cassette:
        cassette.keep("getblockcount", [], {"result": 5})
        cassette.keep("getblockcount", [], {"result": 6})
    path.write_bytes(path.read_bytes()[:-4])
    with recording(path) as cassette:
        cassette.keep("getblockcount", [], {"result": 7})
    cassette = replayed(path)
    assert [cassette.answer("getblockcount", [])["result"] for _ in range(3)] == [5, 7, 7]


@pytest.mark.skipif(not hasattr(stat, "S_IMODE"), reason="no modes")
def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    with recording(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_call_is_in_the_file_at_once(path: Path) -> None:
    with recording(path) as cassette:
        cassette.keep("getblockcount", [], {"result": 5})
        lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines == [
        {"rpcnode_cassette": 1, "upstream": UPSTREAM},
        {"method": "getblockcount", "params": [], "result": 5},
    ]


@pytest.mark.parametrize(
    ("method", "params", "told"),
    [
        ("getblock", [12], "calls.jsonl has no call getblock [12]; the nearest is getblock [11]"),
        ("getblokcount", [], "calls.jsonl has no call getblokcount []; the nearest method is getblockcount"),
    ],
)
def test_a_call_that_is_missing_is_told_with_the_nearest(
    method: str, params: list[Json], told: str, path: Path
) -> None:
    with recording(path) as cassette:
        cassette.keep("getblockcount", [], {"result": 5})
        cassette.keep("getblock", ["0xffee"], {"result": 5})
        cassette.keep("getblock", [11], {"result": 5})
    with pytest.raises(NoSuchCall) as caught:
        replayed(path).answer(method, params)
    assert str(caught.value) == told


def test_an_empty_cassette_has_no_calls(path: Path) -> None:
    with recording(path):
        pass
    with pytest.raises(NoSuchCall, match="it has no calls at all"):
        replayed(path).answer("getblock", [1])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is no cassette: its first line has no rpcnode_cassette of 1"),
        ("[]\n", "is no cassette"),
        ('{"rpcnode_cassette": 2}\n', "is no cassette"),
        ('{"rpcnode_cassette": 1}\n{"method": 5}\n', "calls.jsonl:2: no call with method, params and answer"),
        ('{"rpcnode_cassette": 1}\n{"method": "a", "params": []}\n', "calls.jsonl:2: a call without an answer"),
        (
            '{"rpcnode_cassette": 1}\n{"method": "a", "params": [], "again": 2}\n',
            "calls.jsonl:2: a call without an answer",
        ),
        (
            '{"rpcnode_cassette": 1}\n{"method": "a", "params": [], "result": 1, "again": "2"}\n',
            "calls.jsonl:2: `again` is to be an integer from 1 on",
        ),
        ('{"rpcnode_cassette": 1}\n{"method":\n', "calls.jsonl:2: no call with method, params and answer"),
    ],
)
def test_what_is_no_cassette_is_refused(content: str, told: str, path: Path) -> None:
    path.write_text(content)
    with pytest.raises(NodeError) as caught:
        replayed(path)
    assert told in str(caught.value)


def test_a_file_that_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(NodeError, match="cannot be read: No such file or directory"):
        replayed(path)

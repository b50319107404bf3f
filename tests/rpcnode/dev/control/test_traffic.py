"""`dev_setFault`, `dev_clearFaults`, `dev_journal`, `dev_verify`: their parameters and answers."""

import json
import re
import time
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.dev.control.method import BadArgument, dev_methods_of
from rpcnode.dev.control.traffic import MOST_FAULTS, TrafficControl
from rpcnode.primitives.json import Json
from rpcnode.server.traffic.faults import Drop, ErrorAnswer, HttpStatus, Truncate
from rpcnode.server.traffic.journal import Note
from rpcnode.server.traffic.traffic import Traffic

BUSY: Final[dict[str, Json]] = {"code": -32000, "message": "busy"}


class Control:
    """The four methods over a traffic of their own, as a client calls them."""

    def __init__(self) -> None:
        self.traffic = Traffic(lambda: 1_000, "seed")
        self._methods = dev_methods_of([TrafficControl(self.traffic)])

    def __call__(self, method: str, *params: Json) -> Any:
        return self._methods[method](list(params))

    def saw(self, method: str, *params: Json, result: Json = None) -> None:
        """Writes down a call."""
        self.answered(method, list(params), {"jsonrpc": "2.0", "id": 1, "result": result})

    def answered(self, method: str, params: Json, answer: Json, note: Note | None = None, size: int = 100) -> None:
        """Writes down a call and its answer."""
        source = json.dumps({"method": method, "params": params})
        text = "" if answer is None else json.dumps(answer)
        self.traffic.journal.add(source, json.loads, text, time.perf_counter(), size, note=note)

    def requested(self, target: str, body: bytes = b"") -> None:
        """Writes down a REST request."""
        self.traffic.journal.add(target, None, body, time.perf_counter(), 100, note=Note(200, (), "GET"))


@pytest.fixture
def control() -> Control:
    return Control()


@pytest.mark.parametrize(
    ("given", "effect"),
    [
        ({"error": {**BUSY, "data": [1]}}, ErrorAnswer({**BUSY, "data": [1]})),
        ({"error": BUSY, "drop": None, "params": None}, ErrorAnswer(BUSY)),
        ({"http_status": 503}, HttpStatus(503)),
        ({"drop": True}, Drop()),
        ({"truncate": True}, Truncate(None)),
        ({"truncate": 10}, Truncate(10)),
    ],
)
def test_a_fault_has_the_effect_that_was_given(control: Control, given: dict[str, Json], effect: object) -> None:
    assert control("dev_setFault", {"method": "getblock", **given}) == "fault-1"
    strike = control.traffic.faults.on_call("getblock", ["0x00", True])
    assert strike is not None
    assert strike.effect == effect


@pytest.mark.parametrize(
    ("latency", "least", "most"),
    [(250, 0.25, 0.25), ({"min": 10, "max": 20}, 0.01, 0.02), ({"median": 100, "sigma": 0}, 0.0999, 0.1001)],
)
def test_a_latency_is_fixed_uniform_or_log_normal(control: Control, latency: Json, least: float, most: float) -> None:
    control("dev_setFault", {"method": "*", "latency_ms": latency})
    for _ in range(100):
        strike = control.traffic.faults.on_call("getblock", [])
        assert strike is not None
        assert strike.effect is None
        assert least <= strike.latency_seconds <= most


@pytest.mark.parametrize(
    ("turn", "struck"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"times": 2}, [1, 2]),
        ({"nth": 3}, [3]),
        ({"nth": 3, "times": 2}, [3, 4]),
        ({"probability": 0}, []),
    ],
)
def test_nth_alone_is_one_call_and_nothing_is_all(control: Control, turn: dict[str, Json], struck: list[int]) -> None:
    control("dev_setFault", {"method": "m", "error": BUSY, **turn})
    assert [n for n in range(1, 7) if control.traffic.faults.on_call("m", [])] == struck


def test_the_seed_of_a_fault_makes_it_strike_the_same_calls_again(control: Control) -> None:
    fault: Json = {"method": "m", "error": BUSY, "probability": 0.5, "seed": 42}
    runs = []
    for _ in range(2):
        fault_id = control("dev_setFault", fault)
        runs.append([control.traffic.faults.on_call("m", []) is None for _ in range(100)])
        assert control("dev_clearFaults", fault_id) == 1
    assert runs[0] == runs[1]
    assert True in runs[0]
    assert False in runs[0]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (None, "fault is missing"),
        ([], "fault: [] is no object"),
        ({}, "one of the members 'method' and 'path'"),
        ({"method": "m", "path": "/p", "drop": True}, "one of the members 'method' and 'path'"),
        ({"method": "m"}, "given are: none"),
        ({"method": "m", "drop": True, "http_status": 500}, "given are: http_status and drop"),
        ({"method": "m", "dorp": True}, "the nearest is 'drop'"),
        ({"method": "", "drop": True}, "method"),
        ({"method": 5, "drop": True}, "method"),
        ({"method": "dev_mine", "drop": True}, "cannot be struck"),
        ({"method": "dev_*", "drop": True}, "cannot be struck"),
        ({"method": "rpc.discover", "drop": True}, "cannot be struck"),
        ({"path": "v1", "drop": True}, "does not begin"),
        ({"path": "/v1", "params": [], "drop": True}, "a path has none"),
        ({"path": "/v1", "error": BUSY}, "http_status instead"),
        ({"method": "m", "params": {}, "drop": True}, "no array"),
        ({"method": "m", "error": {"code": 1}}, "'message' is missing"),
        ({"method": "m", "error": {"code": 2**31, "message": "x"}}, "error.code"),
        ({"method": "m", "error": {"code": 1.5, "message": "x"}}, "error.code"),
        ({"method": "m", "error": "busy"}, "no object"),
        ({"method": "m", "http_status": 199}, "http_status"),
        ({"method": "m", "http_status": 600}, "http_status"),
        ({"method": "m", "http_status": 204}, "without a body"),
        ({"method": "m", "http_status": True}, "http_status"),
        ({"method": "m", "latency_ms": -1}, "latency_ms"),
        ({"method": "m", "latency_ms": 600_001}, "latency_ms"),
        ({"method": "m", "latency_ms": {"min": 1}}, "neither"),
        ({"method": "m", "latency_ms": {"min": 2, "max": 1}}, "latency_ms.max"),
        ({"method": "m", "latency_ms": {"median": 0, "sigma": 1}}, "latency_ms.median"),
        ({"method": "m", "latency_ms": {"median": 1, "sigma": 11}}, "latency_ms.sigma"),
        ({"method": "m", "drop": False}, "drop"),
        ({"method": "m", "truncate": False}, "truncate"),
        ({"method": "m", "truncate": -1}, "truncate"),
        ({"method": "m", "drop": True, "nth": 0}, "nth"),
        ({"method": "m", "drop": True, "times": 0}, "times"),
        ({"method": "m", "drop": True, "probability": 1.1}, "probability"),
        ({"method": "m", "drop": True, "seed": True}, "seed"),
    ],
)
def test_a_wrong_fault_is_named_and_nothing_is_set(control: Control, fault: Json, words: str) -> None:
    with pytest.raises(BadArgument, match=re.escape(words)):
        control("dev_setFault", fault)
    assert not control.traffic.armed


def test_no_more_faults_are_set_than_a_call_can_be_compared_with(control: Control) -> None:
    for _ in range(MOST_FAULTS):
        control("dev_setFault", {"method": "m", "drop": True})
    with pytest.raises(BadArgument, match="dev_clearFaults"):
        control("dev_setFault", {"method": "m", "drop": True})
    assert control("dev_clearFaults") == MOST_FAULTS


def test_clearing_answers_how_many_were_set(control: Control) -> None:
    first, second, _ = (control("dev_setFault", {"method": "m", "drop": True, "times": 1}) for _ in range(3))
    assert control("dev_clearFaults", second) == 1
    assert control("dev_clearFaults", second) == 0
    control.traffic.faults.on_call("m", [])
    assert control("dev_clearFaults", first) == 0  # it has struck
    assert control("dev_clearFaults") == 1
    assert control("dev_clearFaults") == 0
    with pytest.raises(BadArgument, match='never was a fault "fault-4"'):
        control("dev_clearFaults", "fault-4")


def test_an_entry_of_the_journal_reads_as_the_call_was(control: Control) -> None:
    control.saw("getblock", 5, True, result={"index": 5})
    [entry] = control("dev_journal")
    assert entry.pop("duration_ms") >= 0
    assert entry == {
        "sequence": 1,
        "time_ms": 1_000,
        "method": "getblock",
        "params": [5, True],
        "result": {"index": 5},
    }


def test_an_entry_tells_errors_faults_statuses_and_what_was_not_kept(control: Control) -> None:
    control.answered("a", [], {"error": {"code": 1, "message": "x"}, "id": 1}, Note(200, ("fault-1",)))
    control.answered("b", [], None, Note(503))
    control.answered("c", [1], {"result": "x" * 1_000_000}, size=1_000_000)
    control.requested("/v1?page=1", b'{"data":\xff}')
    shown = [
        {name: value for name, value in entry.items() if name != "duration_ms"} for entry in control("dev_journal")
    ]
    assert shown == [
        {
            "sequence": 1,
            "time_ms": 1_000,
            "method": "a",
            "params": [],
            "error": {"code": 1, "message": "x"},
            "faults": ["fault-1"],
        },
        {"sequence": 2, "time_ms": 1_000, "method": "b", "params": [], "http_status": 503},
        {"sequence": 3, "time_ms": 1_000, "method": "c", "params": [1], "shortened": True},
        {
            "sequence": 4,
            "time_ms": 1_000,
            "verb": "GET",
            "path": "/v1?page=1",
            "body": '{"data":\ufffd}',
            "http_status": 200,
        },
    ]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (None, [1, 2, 3, 4]),
        ({}, [1, 2, 3, 4]),
        ({"method": "a"}, [1, 3]),
        ({"method": "*"}, [1, 2, 3]),
        ({"path": "/v1/*"}, [4]),
        ({"since": 2}, [3, 4]),
        ({"method": "a", "since": 1}, [3]),
        ({"since": 9}, []),
    ],
)
def test_the_journal_is_read_by_method_path_and_sequence(
    control: Control, selection: Json, expected: list[int]
) -> None:
    for method in ("a", "b", "a"):
        control.saw(method)
    control.requested("/v1/x")
    assert [entry["sequence"] for entry in control("dev_journal", selection)] == expected


@pytest.mark.parametrize(
    "selection", [[], {"methods": "a"}, {"method": "a", "path": "/b"}, {"since": -1}, {"since": "1"}, {"method": 5}]
)
def test_a_wrong_selection_is_named(control: Control, selection: Json) -> None:
    with pytest.raises(BadArgument):
        control("dev_journal", selection)


@pytest.mark.parametrize(
    "expectation",
    [
        {"method": "a", "times": 3},
        {"method": "a", "params": ["x"], "times": 2},
        {"method": "a", "params": [None], "times": 3},
        {"method": "a", "params": ["x", None], "times": 2},
        {"method": "a", "params": [], "times": 0},
        {"method": "a", "times": {"at_least": 1}},
        {"method": "a", "times": {"at_most": 3}},
        {"method": "a", "times": {"at_least": 2, "at_most": 3}},
        {"method": "a", "times": 1, "since": 2},
        {"method": "never", "times": 0},
        {"path": "/v1", "times": 0},
    ],
)
def test_what_was_seen_as_expected_is_ok(control: Control, expectation: Json) -> None:
    for param in ("x", "x", "y"):
        control.saw("a", param)
    assert control("dev_verify", expectation) == {"ok": True}


def test_a_difference_says_what_was_expected_seen_and_nearest(control: Control) -> None:
    control.saw("getnep17balances", "NA")
    control.saw("getnep17balances", "NB")
    control.saw("getnep17balance", "NA")
    control.saw("getversion")
    answer = control("dev_verify", {"method": "getnep17balances", "params": ["NA"], "times": 2})
    assert answer == {
        "ok": False,
        "difference": 'expected 2 calls of getnep17balances ["NA"], seen 1\n'
        '  #1 getnep17balances ["NA"]\n'
        "nearest others:\n"
        '  #2 getnep17balances ["NB"]\n'
        '  #3 getnep17balance ["NA"]',
    }


@pytest.mark.parametrize(
    ("calls", "times", "first_line"),
    [
        (2, 1, "expected 1 call of a, seen 2"),
        (1, {"at_least": 2}, "expected at least 2 calls of a, seen 1"),
        (3, {"at_most": 1}, "expected at most 1 call of a, seen 3"),
        (3, {"at_least": 1, "at_most": 2}, "expected 1 to 2 calls of a, seen 3"),
    ],
)
def test_a_difference_names_how_often(control: Control, calls: int, times: Json, first_line: str) -> None:
    for _ in range(calls):
        control.saw("a")
    assert control("dev_verify", {"method": "a", "times": times})["difference"].splitlines()[0] == first_line


def test_a_difference_without_anything_like_it_says_so(control: Control) -> None:
    control.saw("getversion")
    answer = control("dev_verify", {"path": "/v1/account/tokens", "times": 1})
    assert answer["difference"] == ("expected 1 call of path /v1/account/tokens, seen 0\nnothing like it among 1 calls")


def test_a_difference_stays_short(control: Control) -> None:
    for _ in range(100):
        control.saw("a", "x" * 10_000)
    difference = control("dev_verify", {"method": "a", "times": 1})["difference"]
    assert difference.endswith("  and 95 more")
    assert len(difference) < 1_500


def test_a_verification_over_forgotten_calls_says_how_many(control: Control) -> None:
    for _ in range(2_010):
        control.saw("a")
    assert control("dev_verify", {"method": "a", "times": 2_000}) == {"ok": True, "forgotten": 10}
    assert control("dev_verify", {"method": "a", "times": 2_000, "since": 10}) == {"ok": True}


@pytest.mark.parametrize(
    "expectation",
    [
        None,
        {"method": "a"},
        {"times": 1},
        {"method": "a", "path": "/a", "times": 1},
        {"method": "a", "times": -1},
        {"method": "a", "times": {}},
        {"method": "a", "times": {"at_least": 2, "at_most": 1}},
        {"method": "a", "times": "once"},
        {"path": "/a", "params": [], "times": 1},
    ],
)
def test_a_wrong_expectation_is_named(control: Control, expectation: Json) -> None:
    with pytest.raises(BadArgument):
        control("dev_verify", expectation)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
MEMBERS = st.sampled_from(
    [
        *("method", "path", "params", "since", "nonsense"),
        *("nth", "times", "probability", "seed"),
        *("error", "http_status", "latency_ms", "drop", "truncate"),
    ]
)
LIKELY = st.sampled_from([True, 1, 503, "getblock", "/v1", [], BUSY, {"min": 1, "max": 2}]) | ANY_JSON


@given(
    method=st.sampled_from(["dev_setFault", "dev_clearFaults", "dev_journal", "dev_verify"]),
    params=st.lists(ANY_JSON | st.dictionaries(MEMBERS, LIKELY, max_size=4), max_size=3),
)
def test_whatever_is_given_is_done_or_a_bad_argument_that_changes_nothing(method: str, params: list[Json]) -> None:
    control = Control()
    control.saw("getblock", 1)
    try:
        control(method, *params)
    except BadArgument as error:
        assert error.error_object("n2")["code"] == -32602
        assert not control.traffic.armed
    control.traffic.faults.on_call("getblock", [1])
    assert control.traffic.journal.last_sequence == 1


def test_faults_are_no_larger_together_than_can_be_shown(control: Control) -> None:
    fault: Json = {"method": "m", "error": {"code": 1, "message": "m", "data": "x" * 1024 * 1024}}
    for _ in range(3):
        control("dev_setFault", fault)
    with pytest.raises(BadArgument, match="4 MB at most; clear some with dev_clearFaults"):
        control("dev_setFault", fault)
    control("dev_clearFaults", "fault-1")
    control("dev_setFault", fault)

"""`dev_setFault`, `dev_clearFaults`, `dev_journal`, `dev_verify`: trouble on demand, and what the node has seen."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from rpcnode.dev.control import arguments as read
from rpcnode.dev.control.method import BadArgument, dev_method
from rpcnode.primitives.json import Json
from rpcnode.server.traffic.call_pattern import DEV_PREFIX, CallPattern
from rpcnode.server.traffic.faults import (
    LONGEST_LATENCY_MS,
    SPARED,
    Drop,
    Effect,
    ErrorAnswer,
    HttpStatus,
    Latency,
    Truncate,
    fixed,
    log_normal,
    uniform,
)
from rpcnode.server.traffic.journal import weight_of
from rpcnode.server.traffic.traffic import Traffic

if TYPE_CHECKING:
    from rpcnode.dev.control.traffic_report import Times

MOST_FAULTS: Final = 1_000
"""That can be set at a time: each is asked about each call."""

MOST_BYTES: Final = 4 * 1024 * 1024
"""That all of them may count for, as they were given: `dev_info` shows them."""

_MOST_CALLS: Final = 2**53 - 1
_LONGEST_NAME: Final = 2_000
_LARGEST_CODE: Final = 2**31 - 1
_NO_BODY_OF_ITS_OWN: Final = frozenset({204, 205, 304})  # their framing is another
_TARGET: Final = ("method", "path", "params")


class TrafficControl:
    """Sets and clears the faults of one node, and reads its journal."""

    def __init__(self, traffic: Traffic) -> None:
        self._faults = traffic.faults
        self._journal = traffic.journal

    @dev_method("dev_setFault")
    def set_fault(self, fault: Json) -> Json:
        """Lets calls go wrong from now on; the id of the fault.

        Which calls: `method`, or `path` for REST requests, with `*` for any text, and `params`, position by position
        with null for anything; dev methods and rpc.discover are never struck. When: from the `nth` of those calls on,
        `times` often (once where nth is given, else without end), each with `probability`. Chance comes from `seed`,
        by default the chain's: the same fault strikes the same calls again.

        How, one of: `error` {code, message, data?}; `http_status`, of the whole request with an empty body;
        `latency_ms`, a number, {min, max} or {median, sigma} of a log-normal distribution; `drop` true, the connection
        is reset; `truncate`, true or how many bytes of the answer's body are sent. What gets an error or a status is
        not executed, everything else is.
        """
        known = (*_TARGET, "nth", "times", "probability", "seed", *_EFFECTS)
        given = _present(read.members(fault, "fault", known))
        pattern = _pattern(given, "fault")
        _check_can_be_struck(pattern)
        effect = _effect(given, pattern)
        nth = read.integer(given.get("nth", 1), "nth", 1, _MOST_CALLS)
        times = None
        if "times" in given or "nth" in given:
            times = read.integer(given.get("times", 1), "times", 1, _MOST_CALLS)
        probability = read.number(given.get("probability", 1), "probability", 0, 1)
        seed = given.get("seed")
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int | str)):
            raise BadArgument(f"seed: {read.shown(seed)} is neither a text nor a whole number")
        if len(self._faults.listed()) >= MOST_FAULTS:
            raise BadArgument(f"{MOST_FAULTS} faults are set, no more can be; clear some with dev_clearFaults")
        weight = weight_of(json.dumps(given))
        if weight + sum(fault.weight for fault in self._faults.listed()) > MOST_BYTES:
            most = MOST_BYTES // 1024 // 1024
            raise BadArgument(f"the faults that are set take {most} MB at most; clear some with dev_clearFaults")
        return self._faults.set(
            pattern,
            effect,
            nth=nth,
            times=times,
            probability=probability,
            seed=None if seed is None else str(seed),
            spec=given,
            weight=weight,
        )

    @dev_method("dev_clearFaults")
    def clear_faults(self, fault_id: Json = None) -> Json:
        """Takes back one fault, or all of them; how many were still set.

        A fault that has struck its last is set no more, and no error to name.
        """
        if fault_id is None:
            return self._faults.clear()
        known = read.text(fault_id, "fault_id")
        if not self._faults.was_given(known):
            standing = ", ".join(fault.id for fault in self._faults.listed()[:20]) or "none"
            raise BadArgument(f"fault_id: there never was a fault {read.shown(known)}; those set are: {standing}")
        return self._faults.clear(known)

    @dev_method("dev_journal")
    def journal(self, selection: Json = None) -> Json:
        """The calls that the node has seen, oldest first; dev methods are left out.

        `selection` {method?, path?, since?}: those of a method or a path only, with `*` for any text, and only those
        after a sequence number. The journal holds the newest 2,000 calls and about 4 MiB; many values count for more.
        """
        from rpcnode.dev.control.traffic_report import entry_json

        given = _present(read.members({} if selection is None else selection, "selection", ("method", "path", "since")))
        pattern = _pattern(given, "selection") if "method" in given or "path" in given else None
        since = read.integer(given.get("since", 0), "since", 0, _MOST_CALLS)
        return [
            entry_json(entry)
            for entry in self._journal.since(since)
            if pattern is None
            or pattern.means_call(entry.method, entry.params)
            or (entry.target is not None and pattern.means_path(entry.target))
        ]

    @dev_method("dev_verify")
    def verify(self, expectation: Json) -> Json:
        """Whether the node has seen a call so often as it should have: {"ok": true}, or the difference in words.

        `expectation` {method or path, params?, times, since?}: which calls, as in dev_setFault and counted after that
        sequence number; `times` is a number, or {at_least?, at_most?}. Where calls have been forgotten that may have
        counted, the answer says how many.
        """
        from rpcnode.dev.control.traffic_report import difference

        given = _present(read.members(expectation, "expectation", (*_TARGET, "times", "since"), ("times",)))
        pattern = _pattern(given, "expectation")
        times = _times(given["times"])
        since = read.integer(given.get("since", 0), "since", 0, _MOST_CALLS)
        found = difference(self._journal.since(since), pattern, times)
        answer: dict[str, Json] = {"ok": True} if found is None else {"ok": False, "difference": found}
        forgotten = self._journal.forgotten_since(since)
        if forgotten:
            answer["forgotten"] = forgotten
        return answer


def _present(members: Mapping[str, Json]) -> dict[str, Json]:
    """The members that say something: null is the same as none."""
    return {name: value for name, value in members.items() if value is not None}


def _pattern(given: Mapping[str, Json], name: str) -> CallPattern:
    if ("method" in given) == ("path" in given):
        raise BadArgument(f"{name}: needs one of the members 'method' and 'path'")
    params = None
    if "params" in given:
        if "path" in given:
            raise BadArgument("params: a path has none; its query can stand in the path, after '?'")
        params = tuple(read.array(given["params"], "params"))
    if "path" in given:
        path = read.text(given["path"], "path", most=_LONGEST_NAME)
        if path[0] not in "/*":
            raise BadArgument(f"path: {read.shown(path)} does not begin with '/' or '*'")
        return CallPattern(path=path)
    return CallPattern(method=read.text(given["method"], "method", most=_LONGEST_NAME), params=params)


def _check_can_be_struck(pattern: CallPattern) -> None:
    method = pattern.method
    if method is not None and (method.startswith(DEV_PREFIX) or method == SPARED):
        raise BadArgument(
            f"method: {read.shown(method)} cannot be struck: dev methods and {SPARED} have to work for faults to end"
        )


def _effect(given: Mapping[str, Json], pattern: CallPattern) -> Effect:
    named = [name for name in _EFFECTS if name in given]
    if len(named) != 1:
        found = " and ".join(named) or "none"
        raise BadArgument(f"fault: needs one effect of {', '.join(_EFFECTS)}; given are: {found}")
    name = named[0]
    if name == "error" and pattern.path is not None:
        raise BadArgument("error: is an answer of JSON-RPC; a path takes http_status instead")
    return _EFFECTS[name](given[name])


def _error(value: Json) -> ErrorAnswer:
    given = read.members(value, "error", ("code", "message", "data"), ("code", "message"))
    error: dict[str, Json] = {
        "code": read.integer(given["code"], "error.code", -_LARGEST_CODE - 1, _LARGEST_CODE),
        "message": read.text(given["message"], "error.message", most=10_000),
    }
    if given.get("data") is not None:
        error["data"] = given["data"]
    return ErrorAnswer(error)


def _http_status(value: Json) -> HttpStatus:
    status = read.integer(value, "http_status", 200, 599)
    if status in _NO_BODY_OF_ITS_OWN:
        raise BadArgument(f"http_status: {status} is an answer without a body, and no trouble; 200 to 599 else will do")
    return HttpStatus(status)


def _latency(value: Json) -> Latency:
    if not isinstance(value, dict):
        return Latency(fixed(read.number(value, "latency_ms", 0, LONGEST_LATENCY_MS)))
    given = _present(read.members(value, "latency_ms", ("min", "max", "median", "sigma")))
    if set(given) == {"min", "max"}:
        least = read.number(given["min"], "latency_ms.min", 0, LONGEST_LATENCY_MS)
        return Latency(uniform(least, read.number(given["max"], "latency_ms.max", least, LONGEST_LATENCY_MS)))
    if set(given) == {"median", "sigma"}:
        median = read.number(given["median"], "latency_ms.median", 0.001, LONGEST_LATENCY_MS)
        return Latency(log_normal(median, read.number(given["sigma"], "latency_ms.sigma", 0, 10)))
    raise BadArgument(f"latency_ms: {read.shown(value)} is neither a number, nor {{min, max}}, nor {{median, sigma}}")


def _drop(value: Json) -> Drop:
    if value is not True:
        raise BadArgument(f"drop: {read.shown(value)} is not true; leave it out where nothing is dropped")
    return Drop()


def _truncate(value: Json) -> Truncate:
    if value is True:
        return Truncate()
    if value is False:
        raise BadArgument("truncate: false is not true or a number of bytes; leave it out where nothing is cut")
    return Truncate(read.integer(value, "truncate", 0, _LARGEST_CODE))


_EFFECTS: Final[Mapping[str, Callable[[Json], Effect]]] = {
    "error": _error,
    "http_status": _http_status,
    "latency_ms": _latency,
    "drop": _drop,
    "truncate": _truncate,
}


def _times(value: Json) -> "Times":
    from rpcnode.dev.control.traffic_report import Times

    if not isinstance(value, dict):
        exactly = read.integer(value, "times", 0, _MOST_CALLS)
        return Times(exactly, exactly)
    given = _present(read.members(value, "times", ("at_least", "at_most")))
    if not given:
        raise BadArgument("times: needs a number, or one of the members 'at_least' and 'at_most'")
    least = read.integer(given.get("at_least", 0), "times.at_least", 0, _MOST_CALLS)
    most = read.integer(given["at_most"], "times.at_most", least, _MOST_CALLS) if "at_most" in given else None
    return Times(least, most)

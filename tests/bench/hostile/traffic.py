"""Hostile requests that need something before them: faults, snapshots, a full journal; and requests oddly framed."""

from collections.abc import Iterator
from typing import Any, Final

from tests.bench.hostile.request import BATCH, Hostile, batch, call, filled, post

_LONG: Final = "x" * 900_000
_BUSY: Final = {"code": 1, "message": "busy"}
_CLEAR: Final = (call("dev_clearFaults"),)
_FAULTS: Final = 1_000
_CHUNKED: Final = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


def commanded() -> Iterator[Hostile]:
    """What a node is told first, with dev methods or by being asked."""
    long_error = _fault({"method": "getpeers", "error": {**_BUSY, "data": _LONG}})
    yield Hostile(f"{BATCH} x an error of 900 KB", post(batch("getpeers")), (long_error,), _CLEAR)
    yield Hostile("dev_info of long faults", post(call("dev_info")), [long_error] * 50, _CLEAR)
    yield Hostile(f"{BATCH} x dev_info of long faults", post(batch("dev_info")), [long_error] * 50, _CLEAR)
    faults = [_fault({"method": f"g*e*t*{n}", "error": _BUSY}) for n in range(_FAULTS)]
    yield Hostile(f"{BATCH} calls under {_FAULTS} faults", post(batch("getpeers")), faults, _CLEAR)
    nulls = [_fault({"method": "*", "params": [None] * 30_000 + [1], "error": _BUSY})] * 8
    yield Hostile(f"{BATCH} calls under faults of nulls", post(batch("getpeers")), nulls, _CLEAR)
    names = [call("dev_snapshot", f"{n:05}" + "\u00e9" * 251) for n in range(2_000)]
    yield Hostile(f"{BATCH} x dev_revert to an unknown snapshot", post(batch("dev_revert", "none")), names)
    yield Hostile(f"{BATCH} x dev_snapshots", post(batch("dev_snapshots")))
    look, count = call("dev_journal"), call("dev_verify", {"method": "getnothing", "times": 1})
    for name, piece in {"lists": b"[" * 20 + b"]" * 20 + b",", "objects": b'{"a":1},', "text": b'"x",'}.items():
        for size in (40_000, 400_000):
            head = b'{"jsonrpc":"2.0","id":1,"method":"getblock","params":['
            body = head + piece * (size // len(piece)) + b"0]}"
            yield Hostile(f"dev_journal of {size} bytes of {name}", post(look), [body] * (4_000_000 // size))
            yield Hostile(f"dev_verify of {size} bytes of {name}", post(count))
    calls = [call("ab" * 900) for _ in range(280)]
    alike = [b"[" + b",".join(calls) + b"]"] * 8
    yield Hostile("dev_verify of long names", post(call("dev_verify", {"method": "ba" * 900, "times": 1})), alike)
    wanted: list[Any] = [None] * 200_000
    verify = call("dev_verify", {"method": "*", "params": [*wanted, 1], "times": 1})
    yield Hostile("dev_verify of many nulls", post(verify), [batch("getblockcount")] * 2)


def framed() -> Iterator[Hostile]:
    """What HTTP allows, and what it does not."""
    yield Hostile("chunks of one byte", _CHUNKED + b"1\r\n \r\n" * 1_000_000 + b"0\r\n\r\n")
    yield Hostile("chunks of long extensions", _CHUNKED + (b"1;" + b"x" * 2000 + b"\r\n \r\n") * 10_000 + b"0\r\n\r\n")
    yield Hostile("chunks without end", _CHUNKED + b"fffffff\r\n" + b" " * 8_000_000)
    yield Hostile("trailers", _CHUNKED + b"0\r\n" + b"a: b\r\n" * 1_000_000 + b"\r\n")
    yield Hostile("trailers without end", _CHUNKED + b"0\r\n" + (b"a: " + b"x" * 8000 + b"\r\n") * 10_000)
    yield Hostile("empty lines", b"\r\n" * 4_000_000 + post(call("getblockcount")))
    yield Hostile("headers without end", b"GET / HTTP/1.1\r\n" + b"a:b\r\n" * 1_000_000)
    yield Hostile("pipelined counts", post(call("getblockcount")) * 20_000)
    yield Hostile("pipelined numbers", post(filled(b"", b"1.5e300,", b"")) * 10)


def _fault(fault: dict[str, Any]) -> bytes:
    return call("dev_setFault", fault)

"""Memory of a run that only asks: hostile scripts end in a fault, sane ones and those that let go do not."""

import tracemalloc
from typing import Final

import pytest

from rpcnode.execution.held_memory import MOST_HELD
from rpcnode.execution.iterators import StorageIterator
from rpcnode.execution.test_invocation import finished, pieces
from rpcnode.plugins.rpc_server.sessions import Sessions
from rpcnode.vm.engine import VmState
from tests.rpcnode.execution.runs import engine_of
from tests.rpcnode.vm.script_text import assemble

BUFFER: Final = "131070 NEWBUFFER "
MOST_ABOVE: Final = 36 * 1024 * 1024
"""Bytes that the last piece may add before it is looked at again."""

HOSTILE: Final = {
    "buffers on the stack": assemble(BUFFER) * 1500,
    "buffers in slots of frames": assemble("PUSHNULL " + BUFFER + "INITSLOT 0x0101") + b"\x34\xf6",
    "buffers in an array": assemble("NEWARRAY0 ") + assemble(f"DUP {BUFFER} APPEND ") * 1000,
    "buffers in a map": assemble("NEWMAP ") + b"".join(assemble(f"DUP {at} {BUFFER} SETITEM ") for at in range(1000)),
    "halves joined": assemble("65535 NEWBUFFER INITSSLOT 0x01 STSFLD0") + assemble("LDSFLD0 LDSFLD0 CAT ") * 1500,
    "buffers in circles": assemble(f"NEWARRAY0 DUP DUP APPEND DUP {BUFFER} APPEND ") * 1000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_run_that_holds_too_much_ends_in_words(name: str) -> None:
    run = engine_of(HOSTILE[name])
    tracemalloc.start()
    try:
        state = finished(run)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (state, str(run.fault)) == (
        VmState.FAULT,
        "The script holds more than 64 MB of memory, which one call may.",
    )
    assert peak < MOST_HELD + MOST_ABOVE


@pytest.mark.parametrize(
    "script",
    [
        assemble(BUFFER + "DROP ") * 1500,  # comes and goes
        assemble(BUFFER + "CONVERT 0x28 ") + assemble("DUP ") * 1500,  # one, held often
        assemble(BUFFER) * 300,
        assemble(f"NEWARRAY0 DUP DUP APPEND DUP {BUFFER} APPEND DROP ") * 600,  # circles that nobody holds
    ],
)
def test_a_run_that_holds_less_halts(script: bytes) -> None:
    run = engine_of(script)
    assert finished(run) is VmState.HALT, run.fault


def test_looking_at_what_is_held_changes_no_gas() -> None:
    script = assemble(BUFFER + "DROP ") * 1500
    in_pieces, at_once = engine_of(script), engine_of(script)
    for _ in pieces(in_pieces, 1000):
        pass
    at_once.execute()
    assert in_pieces.fee_consumed_datoshi == at_once.fee_consumed_datoshi


def test_work_that_costs_nothing_ends_at_last() -> None:
    run = engine_of(b"\x21" * 3)
    run.execute(1)
    run.tire(1_000_000)
    assert run.floor > 0
    assert run.tired == 1_000_000


def test_the_oldest_sessions_end_where_all_take_too_much() -> None:
    sessions = Sessions(60, lambda: 0.0, most=100)
    for name in "abc":
        sessions.add(name, {"1": StorageIterator(iter(()), 0, 0)}, 40)
    assert not sessions.end("a")
    assert sessions.end("b")
    sessions.add("d", {}, 60)
    assert len(sessions) == 2
    sessions.add("e", {}, 1000)  # one alone is kept, however large
    assert len(sessions) == 1

"""Instructions per second of the VM, beside two floors: a Python loop that only dispatches, and neo-go.

    python tests/bench/bench_vm.py [--iterations 10000] [--rounds 9] [--neo-go URL] [--profile]

There are two dispatch floors. `plain` is the loop one would write: fetch the instruction at the frame's pointer, call
its function, move the pointer by its size. `tight` is the engine's own loop over a block with everything taken out. The
functions do nothing. neo-go runs the same script through `invokescript` of a node at URL; the time of an empty script
there is taken off. Ours and the floors' is time of the processor, neo-go's is that of the clock; the median of the
rounds counts. More than 10,000 iterations cost more gas than neo-go gives an invocation.
"""

import argparse
import cProfile
import json
import pstats
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rpcnode.execution.scripts import script_of
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.opcode import Opcode as Op
from rpcnode.vm.script_builder import ScriptBuilder


def loop(iterations: int, setup: ScriptBuilder, body: ScriptBuilder) -> bytes:
    """Count local variable 0 from 0 to `iterations` and run the body each time; it may use the variables 1 and 2."""
    start = ScriptBuilder().op(Op.INITSLOT, b"\x03\x00").push(0).op(Op.STLOC0).to_bytes() + setup.to_bytes()
    head = body.op(Op.LDLOC0).op(Op.INC).op(Op.DUP).op(Op.STLOC0).push(iterations).to_bytes()
    return start + head + ScriptBuilder().op(Op.JMPLT_L, (-len(head)).to_bytes(4, "little", signed=True)).to_bytes()


def arithmetic(iterations: int) -> bytes:
    body = ScriptBuilder().op(Op.LDLOC1).op(Op.LDLOC0).op(Op.ADD).push(7).op(Op.SUB).op(Op.STLOC1)
    return loop(iterations, ScriptBuilder().push(0).op(Op.STLOC1), body)


def arrays_and_maps(iterations: int) -> bytes:
    setup = ScriptBuilder().push(8).op(Op.NEWARRAY).op(Op.STLOC1).op(Op.NEWMAP).op(Op.STLOC2)
    body = ScriptBuilder().op(Op.LDLOC1).push(3).op(Op.LDLOC0).op(Op.SETITEM)
    body.op(Op.LDLOC2).push("key").op(Op.LDLOC1).push(3).op(Op.PICKITEM).op(Op.SETITEM)
    body.op(Op.LDLOC2).push("key").op(Op.PICKITEM).op(Op.DROP)
    return loop(iterations, setup, body)


def calls(iterations: int) -> bytes:
    function = ScriptBuilder().op(Op.INITSLOT, b"\x00\x01").op(Op.LDARG0).op(Op.INC).op(Op.RET).to_bytes()
    over = ScriptBuilder().op(Op.JMP, bytes((2 + len(function),))).to_bytes() + function
    prefix = 3 + 1 + 1 + len(over)  # INITSLOT, PUSH0, STLOC0; then the body's LDLOC0
    body = ScriptBuilder().op(Op.LDLOC0)
    setup = ScriptBuilder()
    for byte in over:
        setup.op(byte)
    function_at = 3 + 1 + 1 + 2
    body.op(Op.CALL, (function_at - prefix - 1).to_bytes(1, "little", signed=True)).op(Op.DROP)
    return loop(iterations, setup, body)


def exceptions(iterations: int) -> bytes:
    body = ScriptBuilder().op(Op.TRY, b"\x05\x00").op(Op.LDLOC0).op(Op.THROW).op(Op.DROP).op(Op.ENDTRY, b"\x02")
    return loop(iterations, ScriptBuilder(), body)


SCRIPTS: dict[str, Callable[[int], bytes]] = {
    "arithmetic": arithmetic,
    "arrays and maps": arrays_and_maps,
    "calls": calls,
    "exceptions": exceptions,
}


def run(script: bytes) -> None:
    engine = Engine()
    engine.load_script(script_of(script))
    assert engine.execute() is VmState.HALT, engine.fault


def count(script: bytes) -> int:
    """The number of instructions that the script executes."""
    engine = Engine()
    engine.load_script(script_of(script))
    instructions = 0
    while engine.state is VmState.BREAK:
        engine.step()
        instructions += 1
    return instructions


def nothing(frame: object, operand: object) -> None:
    """What the dispatch floors call."""


class Position:
    """The dispatch floors' frame."""

    __slots__ = ("ip",)

    def __init__(self) -> None:
        self.ip = 0


SCRIPT_LENGTH = 16  # instructions in the floors' loops


def plain_dispatch(instructions: int) -> None:
    steps = [(nothing, None, 1)] * (SCRIPT_LENGTH - 1) + [(nothing, None, 1 - SCRIPT_LENGTH)]
    frame = Position()
    for _ in range(instructions):
        operation, operand, size = steps[frame.ip]
        operation(frame, operand)
        frame.ip += size


def tight_dispatch(instructions: int) -> None:
    steps = ((nothing, None, 0, 0),) * SCRIPT_LENGTH
    frame = Position()
    for _ in range(instructions // SCRIPT_LENGTH):
        for step in steps:
            step[0](frame, step[1])


Work: TypeAlias = tuple[Callable[[], object], Callable[[], float]]
"""What to do, and the clock that measures it, in seconds."""


def median_times(works: list[Work], rounds: int) -> list[float]:
    """The middle time of each work, in seconds; they take turns, so that a busy machine is busy for all."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for (work, clock), taken in zip(works, times, strict=True):
            start = clock()
            work()
            taken.append(clock() - start)
    return [median(taken) for taken in times]


def invoke(url: str, script: bytes) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "invokescript", "params": [b64encode(script).decode()]}
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        answer = json.load(reply)
    assert answer["result"]["state"] == "HALT", answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iterations", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--neo-go", metavar="URL")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()

    print("millions of instructions a second, and our part of each floor")
    print(f"{'script':<16} {'ours':>6} {'plain':>12} {'tight':>12} {'neo-go':>12}")
    for name, make in SCRIPTS.items():
        script = make(options.iterations)
        instructions = count(script)
        works: list[Work] = [
            (partial(run, script), time.process_time),
            (partial(plain_dispatch, instructions), time.process_time),
            (partial(tight_dispatch, instructions), time.process_time),
        ]
        if options.neo_go:
            for sent in (script, bytes((Op.RET,))):
                works.append((partial(invoke, options.neo_go, sent), time.perf_counter))
        times = median_times(works, options.rounds)
        if options.neo_go:
            times[3:] = [times[3] - times[4]]
        ours, *floors = (instructions / taken / 1e6 for taken in times)
        print(f"{name:<16} {ours:>6.2f}" + "".join(f" {rate:>6.2f} {ours / rate:>5.2f}" for rate in floors))
        if options.profile:
            profile = cProfile.Profile()
            profile.runcall(run, script)
            pstats.Stats(profile).sort_stats("tottime").print_stats(12)


if __name__ == "__main__":
    main()
